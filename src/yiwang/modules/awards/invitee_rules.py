"""Rules of drawing invitees: when there is a list, who gives shares, that nobody is invited who was not drawn."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from yiwang.kernel import invitees
from yiwang.kernel.text import Text
from yiwang.kernel.verdict import YES, Verdict, verdict
from yiwang.modules.awards.invitee_models import InviteeDraw
from yiwang.modules.evidence import drawing
from yiwang.modules.evidence.actors import Actor
from yiwang.modules.evidence.registry import condition
from yiwang.modules.tenders.selectors import law_of
from yiwang.seal import public_draw

SIDES = {"buyer": "host", "agency": "host", "center": "center"}
"""Which share a role gives."""
NAMES = {"host": Text("采购人", "the purchaser"), "center": Text("交易中心", "the center")}

ACTS = drawing.Acts("invitees.commit", "invitees.reveal", "invitees.forfeit", "NL-37")


def applies(tender: Any) -> bool:
    """Whether the procedure has its invitees drawn."""
    return any(step.act == "invitees.list" for step in law_of(tender).steps)


def draw_of(tender: Any) -> InviteeDraw | None:
    """The list and its draw, once there is one."""
    return InviteeDraw.objects.filter(tender=tender).first()


def process(draw: InviteeDraw) -> dict[str, Any]:
    """What is drawn: the order of the candidates."""
    return public_draw.process(invitees.PURPOSE, draw.tender.number, invitees.PARTIES, among=draw.codes)


def not_listed(tender: Any, actor: Actor, now: datetime) -> Verdict:
    """There is one list and one draw."""
    return verdict(draw_of(tender) is None, "invitees.listed", Text("备选名单已经确定，不再更改", "the list is fixed already"),
                   article=invitees.invitee_law().article)  # fmt: skip


def is_listed(tender: Any, actor: Actor, now: datetime) -> Verdict:
    """The list is fixed before anybody commits."""
    return verdict(draw_of(tender) is not None, "invitees.none", Text("还没有备选供应商名单", "there is no list of candidates yet"),
                   article=invitees.invitee_law().article, passes=Text("先形成名单", "make the list first"))  # fmt: skip


def center_overdue(tender: Any, actor: Actor, now: datetime) -> Verdict:
    """The center has let its time to reveal pass. A purchaser that keeps its share back cannot invite: nobody need record that."""
    return drawing.overdue(tender, _shares(tender), "host", ACTS)


@condition("tender.invite")
def drawn_before_invited(tender: Any, actor: Actor, now: datetime) -> Verdict:
    """Nobody picks whom to invite: the invitation waits for the draw."""
    draw = draw_of(tender) if applies(tender) else None
    if not applies(tender) or (draw is not None and public_draw.done(draw.drawn)):
        return YES
    return verdict(
        False, "invitees.undrawn", Text("受邀请的供应商还没有随机抽取", "the invited suppliers are not drawn yet"),
        article=invitees.invitee_law().article, passes=Text("先形成备选名单并抽取", "make the list and draw first"),
    )  # fmt: skip


def _shares(tender: Any) -> dict[str, Any]:
    draw = draw_of(tender)
    found: dict[str, Any] = draw.drawn.get("shares", {}) if draw is not None else {}
    return found


DRAW = drawing.Guards(ACTS, _shares, NAMES)
