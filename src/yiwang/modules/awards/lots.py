"""The lots of a project at the award: their order, and who is passed over because it has won its most."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from yiwang.kernel import lots
from yiwang.kernel.text import Text
from yiwang.kernel.verdict import YES, Verdict, no
from yiwang.modules.awards.models import Award
from yiwang.modules.evidence.actors import Actor

ENDED = ("failed", "terminated")


def earlier_decided(tender: Any, actor: Actor, now: datetime) -> Verdict:
    """Where one tenderer may win so many lots only, the lots are decided in the order of their numbers."""
    if most_of(tender) is None:
        return YES
    waiting = next((each for each in _earlier(tender) if each.state not in ENDED and not hasattr(each, "award")), None)
    if waiting is None:
        return YES
    return no(
        "lots.order",
        Text(f"各标段按编号顺序定标，标段 {waiting.number} 还没有定标", f"lots are decided in order; {waiting.number} is not decided yet"),
        article=lots.ARTICLE,
        passes=Text(f"先办理 {waiting.number} 的定标", f"decide {waiting.number} first"),
    )


def most_of(tender: Any) -> int | None:
    """The most lots of its project that one tenderer may win; None when nothing bounds it."""
    project = getattr(tender, "project", None)
    return project.lots_most if project is not None else None


def won_before(tender: Any) -> list[dict[str, Any]]:
    """Who won the lots decided before this one, in their order, with the entry of each decision in the log."""
    return [_won(award) for award in _awards(_earlier(tender))]


def passed_over(tender: Any, candidates: list[dict[str, Any]], won: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The candidates that have won as many lots as one may."""
    most = most_of(tender)
    return lots.passed_over(candidates, won, most) if most is not None else []


def _earlier(tender: Any) -> list[Any]:
    here = lots.place(tender.number)[1]
    found = tender.project.tenders.select_related("award")
    return sorted((each for each in found if lots.place(each.number)[1] < here), key=lambda each: lots.place(each.number)[1])


def _awards(tenders: list[Any]) -> list[Award]:
    return [each.award for each in tenders if hasattr(each, "award") and each.state not in ENDED]


def _won(award: Award) -> dict[str, Any]:
    decided = award.tender.acts.filter(act="award.decide").get()
    joint = {"joint": award.joint} if award.joint else {}
    return {"lot": award.tender.number, "tenderer": award.tenderer.uscc, **joint, "entry": bytes(decided.entry).hex()}
