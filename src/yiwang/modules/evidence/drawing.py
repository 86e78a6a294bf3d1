"""What every draw in public shares: sides that commit and reveal, and the beacon, a root of our own log that nobody knew when
the shares were committed.

``drawn`` is what a draw keeps: ``{"process", "shares": {party: {"commitment", "share"?}}, ...}``.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from typing import Any

from yiwang.kernel.errors import Refused, bad
from yiwang.kernel.text import Text
from yiwang.kernel.verdict import Reason, Verdict, verdict
from yiwang.modules.evidence import selectors as evidence
from yiwang.modules.evidence.actors import Actor
from yiwang.seal import draw, public_draw


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
    stated: dict[str, Any] | None = json.loads(bytes(first.canonical))["public"].get("beacon") if first else None
    if stated is not None:
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


def committed(drawn: Mapping[str, Any], commitment: str) -> str:
    """The commitment, when it is one (64 hex digits) and no other side's; BadInput otherwise."""
    if not re.fullmatch(r"[0-9a-f]{64}", commitment):
        raise bad("commitment", "承诺应为 64 位十六进制", "a commitment is 64 hex digits")
    if commitment in {each["commitment"] for each in drawn.get("shares", {}).values()}:
        raise bad("commitment", "承诺与另一方相同", "the commitment equals another side's")
    return commitment


def opened(commitment: str, share: str) -> str:
    """The share, when it is what was committed to; BadInput otherwise."""
    try:
        good = draw.commitment(bytes.fromhex(share)) == commitment and share == share.lower()
    except ValueError:
        good = False
    if not good:
        raise bad("share", "随机数与承诺不符", "the share does not match the commitment",
                  passes=Text("提交承诺时保存的随机数", "the share that was kept when committing"))  # fmt: skip
    return share


def revealed(drawn: Mapping[str, Any], party: str, share: str, root: dict[str, Any]) -> dict[str, Any]:
    """What evidence says when a side reveals its share; with the last one the result, which follows from shares and beacon.

    Args:
        root: of :func:`beacon`.
    """
    said = {"party": party, "share": opened(drawn["shares"][party]["commitment"], share), "beacon": root}
    shares = {name: each.get("share", "") for name, each in drawn["shares"].items()} | {party: share}
    return said | public_draw.result(drawn["process"], shares, root["root"]) if all(shares.values()) else said


def party_of(tender: Any, actor: Actor) -> str:
    """The side that an actor stands for: ``host`` or the name of his duty (``center``, ``supervisor``)."""
    if actor.organisation is not None and actor.organisation.id in (tender.buyer_id, tender.agency_id):
        return "host"
    return actor.duty


def not_committed(shares: Mapping[str, Any], party: str) -> Verdict:
    """The side has not committed yet."""
    return verdict(party not in shares, "draw.committed", Text("您这一方已经提交承诺", "your side has committed already"))


def all_committed(shares: Mapping[str, Any], names: Mapping[str, Text]) -> Verdict:
    """All sides have committed."""
    missing = [name for party, name in names.items() if party not in shares]
    return verdict(
        not missing,
        "draw.shares",
        Text(f"等待{'、'.join(t.zh for t in missing)}提交承诺", f"waiting for the commitment of {', '.join(t.en for t in missing)}"),
    )


def not_revealed(shares: Mapping[str, Any], party: str) -> Verdict:
    """The side has committed and not revealed."""
    share = shares.get(party, {})
    return verdict(
        bool(share) and not share.get("share"), "draw.revealed", Text("您这一方没有待公开的随机数", "your side has no share to reveal")
    )
