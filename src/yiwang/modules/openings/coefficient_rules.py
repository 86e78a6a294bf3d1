"""Rules of what is drawn in the opening hall: the float coefficient (随机浮动系数) and the lots that part equal bids."""

from __future__ import annotations

import re
from datetime import datetime
from typing import Any

from yiwang.kernel import formulas
from yiwang.kernel.errors import Refused, bad
from yiwang.kernel.text import Text
from yiwang.kernel.verdict import YES, Reason, Verdict, verdict
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


def stand_in(drawn: dict[str, Any], party: str, role: str, share: str) -> str:
    """What stands in the place of a side's share: nothing that anybody chose; where none but the center's would remain, a share
    of the supervisor's own.

    Raises:
        Refused: then somebody else records it. BadInput: then the share is missing or malformed; otherwise one is given.
    """
    if not drawing.alone(drawn["shares"], party):
        if share:
            raise bad("share", "这里不用填写随机数", "no share is given here", passes=Text("留空", "leave it empty"))
        return public_draw.FORFEITED
    if role != "supervisor":
        said = Text(
            "只剩交易中心的随机数，须由监督部门登记，并代为提供随机数",
            "only the center's share would remain: the supervisor records it and gives a share instead",
        )
        raise Refused(Reason("draw.one_honest", said, field="share", passes=Text("监督部门办理", "the supervisor does it")))
    if not re.fullmatch(r"[0-9a-f]{64}", share) or share == public_draw.FORFEITED:
        raise bad("share", "随机数应为 64 位十六进制", "a share is 64 hex digits", passes=Text("本页生成的随机数", "the one that this page makes"))
    return share


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


def shares_of(tender: Any) -> dict[str, Any]:
    """What each side has committed and revealed."""
    found: dict[str, Any] = tender.opening.drawn.get("shares", {}) if hasattr(tender, "opening") else {}
    return found


DRAW = drawing.Guards(drawing.HALL, shares_of, NAMES)
