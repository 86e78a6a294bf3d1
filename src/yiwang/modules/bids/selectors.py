"""Reads of bids. Before the opening a bid exists for its tenderer alone: not for any staff, nor in the database's rows."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.db.models import Q, QuerySet

from yiwang.kernel import moment
from yiwang.kernel.rules import limit
from yiwang.kernel.text import Text
from yiwang.kernel.verdict import Verdict, no
from yiwang.modules.bids import sealed
from yiwang.modules.bids.fold import COMMITTED
from yiwang.modules.bids.models import Bid
from yiwang.modules.bids.states import BID
from yiwang.modules.evidence import permits
from yiwang.modules.evidence.actors import Actor
from yiwang.modules.parties import selectors as parties
from yiwang.modules.tenders import selectors as tenders

SEALED_STATES = ("tendering", "closed", "terminated")
"""States of a tender in which its bids are secret, or were never opened."""


def visible_to(actor: Actor) -> QuerySet[Bid]:
    """Opened bids for everybody; replaced, withdrawn and never opened ones for their tenderer alone. No row tells of a
    bid before the opening: see :func:`own`.
    """
    public = Q(standing__in=["opened", "faulty"])
    own = Q(tenderer=actor.organisation) if actor.organisation is not None else Q(pk=None)
    return Bid.objects.filter(public | own).select_related("tenderer", "lot", "tender", "act__log_entry")


def opened_of(organisation: Any) -> QuerySet[Bid]:
    """The opened bids of an organisation, its own and those in which it is a member."""
    mine = Q(tenderer=organisation) | Q(joint__contains=[{"tenderer": organisation.uscc}])
    return Bid.objects.filter(mine, standing__in=["opened", "faulty"])


def parties_of(found: Iterable[Bid]) -> list[Any]:
    """Primary keys of the organisations that bid with these bids, each once: tenderers, and members of joint bids."""
    listed = list(found)
    members = {member["tenderer"] for bid in listed for member in bid.joint[1:]}
    others = parties.organisations().filter(uscc__in=members).values_list("pk", flat=True) if members else ()
    return list(dict.fromkeys([*(bid.tenderer_id for bid in listed), *others]))


def opened(tender: Any) -> QuerySet[Bid]:
    """The bids of a tender that were opened (or could not be), by price."""
    found = Bid.objects.filter(tender=tender, standing__in=["opened", "faulty"])
    return found.select_related("tenderer", "lot").order_by("price", "commitment")


def own(actor: Actor, tender: Any) -> list[Bid]:
    """All of the actor's own bids for a tender, the newest first; before the opening read from blind acts."""
    if actor.organisation is None:
        return []
    rows = Bid.objects.filter(tender=tender, tenderer=actor.organisation)
    kept = list(rows.select_related("act__log_entry", "delivery__log_entry", "lot").order_by("-act_id"))
    return kept or sealed.of_firm(tender, actor.organisation)[::-1]


def numbers(actor: Actor) -> set[str]:
    """Numbers of the tenders for which the actor's firm has handed in a bid, or (once opened) bid as a member."""
    if actor.organisation is None:
        return set()
    waiting = tenders.visible_to(actor).filter(state__in=SEALED_STATES).order_by().values_list("number", flat=True)
    known = Bid.objects.filter(tenderer=actor.organisation).values_list("tender__number", flat=True)
    joined = opened_of(actor.organisation).values_list("tender__number", flat=True)
    return set(known.union(joined)) | sealed.tenders_of(actor.organisation, waiting)


def undelivered(tender: Any) -> QuerySet[Bid]:
    """Bids of an opened tender whose bytes never came."""
    return Bid.objects.filter(tender=tender, standing="undelivered").select_related("tenderer", "lot").order_by("commitment")


def pending(actor: Actor, tender: Any) -> list[Bid]:
    """The actor's own bids that are committed to and whose bytes are still missing, the oldest first."""
    return [bid for bid in own(actor, tender)[::-1] if bid.standing == COMMITTED]


def may_upload(actor: Actor, tender: Any, sha256: str, size: int) -> Verdict:
    """Whether the actor may send the bytes of a sealed file now: before the deadline every tenderer who may bid; in the
    grace that the notice gave only one who committed to just this file.

    Args:
        sha256: of the whole file, hex.
        size: in bytes.
    """
    now = moment.now()
    most = limit("NL-16")["most"]
    if not 0 < size <= most:
        return no("NL-16", Text(f"密封文件应有 1 至 {most} 字节", f"a sealed file has 1 to {most} bytes"), field="size",
                  passes=Text("压缩附件后重新密封", "compress the documents and seal again"))  # fmt: skip
    before = permits.may(BID.rows["bid.commit"], actor, tender, now)
    if before or tender.deadline is None or now < tender.deadline:
        return before
    late = permits.may(BID.rows["bid.deliver"], actor, tender, now)
    if not late or any((bid.envelope_sha256, bid.envelope_size) == (sha256, size) for bid in pending(actor, tender)):
        return late
    return no("bid.not_committed", Text("您在截止前没有登记过这个密封文件的摘要", "you did not commit to this sealed file before the deadline"),
              article="招标投标法 第28条", passes=Text("与登记时完全相同的文件", "the very file that you committed to"))  # fmt: skip
