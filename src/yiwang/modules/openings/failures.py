"""Failed tenders: why, and what the law asks for now."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from yiwang.kernel import failures
from yiwang.kernel.failures import Consequence
from yiwang.modules.evidence import selectors as evidence
from yiwang.modules.tenders.selectors import law_of


@dataclass(frozen=True, slots=True)
class Failure:
    """Why and when a tender failed, and the legal consequence.

    Attributes:
        cause: one of :data:`yiwang.kernel.failures.CAUSES`.
        bids: how many bids counted at the deadline; None when it failed later.
        again: the tender was a retender already.
    """

    cause: str
    at: datetime
    bids: int | None
    again: bool
    consequence: Consequence


def failure_of(tender: Any) -> Failure | None:
    """The failure of a tender; None for a tender that did not fail."""
    if tender.state != "failed":
        return None
    act = evidence.acts_of(tender).filter(act="tender.fail").last()
    if act is None:
        return None
    public = json.loads(bytes(act.canonical))["public"]
    again = tender.retender_of_id is not None
    track = law_of(tender).track
    law = failures.consequence(track, public["reason"], again=again)
    return Failure(public["reason"], act.at, public.get("tenderers", public.get("count")), again, law)
