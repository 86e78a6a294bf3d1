"""The beacon of a public draw: a root of our own log that nobody knew when the shares were committed."""

from __future__ import annotations

import json
from typing import Any

from yiwang.kernel.errors import Refused
from yiwang.kernel.text import Text
from yiwang.kernel.verdict import Reason
from yiwang.modules.evidence import selectors as evidence


def beacon(tender: Any, commit: str, reveal: str) -> dict[str, Any]:
    """The first checkpoint that covers the last commitment and that the witnesses' quorum cosigned: ``{"size", "root"}``.

    The first reveal states it, later ones repeat it: who knows the shares and may choose among roots chooses the result.

    Args:
        commit, reveal: names of the acts.

    Raises:
        Refused: the last commitment is not in the log yet.
    """
    acts = evidence.acts_of(tender)
    first = acts.filter(act=reveal).first()
    if first is not None:
        stated: dict[str, Any] = json.loads(bytes(first.canonical))["public"]["beacon"]
        return stated
    found = evidence.first_witnessed_after(acts.filter(act=commit).last())
    if found is None:
        raise Refused(
            Reason(
                "draw.beacon",
                Text("最后一份承诺正在写入日志，请稍候", "the last commitment is being written to the log; wait a moment"),
                passes=Text("几秒后再试", "try again in a few seconds"),
            )
        )
    return {"size": found.size, "root": found.root.hex()}
