"""Rules of what is drawn in the opening hall: the float coefficient (随机浮动系数) and the lots that part equal bids."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from yiwang.kernel import formulas
from yiwang.kernel.text import Text
from yiwang.kernel.verdict import YES, Verdict, verdict
from yiwang.modules.bids import selectors as bids
from yiwang.modules.evidence import drawing
from yiwang.modules.evidence.actors import Actor
from yiwang.modules.evidence.registry import condition
from yiwang.seal import public_draw

PARTIES = {"buyer": "host", "agency": "host", "center": "center"}
"""Which share a role gives."""
NAMES = {"host": Text("招标人", "the buyer"), "center": Text("交易中心", "the center")}


def wanted(tender: Any) -> bool:
    """Whether the documents ask for a draw in the hall."""
    choices, lots = formulas.to_draw(tender.formula)
    return bool(choices) or lots


def process(tender: Any) -> dict[str, Any]:
    """What is drawn for a tender: a coefficient of the published ones, lots among all bids that opened."""
    choices, lots = formulas.to_draw(tender.formula)
    among = [bid.chain for bid in bids.opened(tender) if bid.standing == "opened"] if lots else []
    return public_draw.process("coefficient", tender.number, list(NAMES), choices=choices, among=among)


def is_wanted(tender: Any, actor: Actor, now: datetime) -> Verdict:
    """The documents ask for a draw."""
    return verdict(
        wanted(tender),
        "coefficient.none",
        Text("评标办法没有要抽取的系数或者签号", "the formula asks for no drawn coefficient and no lots"),
    )


def not_committed(tender: Any, actor: Actor, now: datetime) -> Verdict:
    """The actor's side has not committed yet."""
    return drawing.not_committed(_shares(tender), drawing.party_of(tender, actor))


def all_committed(tender: Any, actor: Actor, now: datetime) -> Verdict:
    """Both sides have committed."""
    return drawing.all_committed(_shares(tender), NAMES)


def not_revealed(tender: Any, actor: Actor, now: datetime) -> Verdict:
    """The actor's side has committed and not revealed."""
    return drawing.not_revealed(_shares(tender), drawing.party_of(tender, actor))


@condition("draw.seat", "draw.carry")
def drawn_before_the_evaluation(tender: Any, actor: Actor, now: datetime) -> Verdict:
    """What the documents say is drawn in public is drawn before the committee sits."""
    opening = getattr(tender, "opening", None)
    if opening is None or not wanted(tender):
        return YES
    return verdict(
        public_draw.done(opening.drawn),
        "coefficient.missing",
        Text("浮动系数（签号）还没有公开抽取", "the float coefficient (or the lots) is not drawn in public yet"),
        passes=Text("招标方和交易中心先提交承诺，再公开随机数", "host and center commit and reveal first"),
    )


def _shares(tender: Any) -> dict[str, Any]:
    found: dict[str, Any] = tender.opening.drawn.get("shares", {}) if hasattr(tender, "opening") else {}
    return found
