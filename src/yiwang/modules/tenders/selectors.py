"""Reads of tenders. Every query that leaves this module starts from :func:`visible_to`."""

from __future__ import annotations

from django.db import connection
from django.db.models import Q, QuerySet

from yiwang.kernel import procedures
from yiwang.kernel.errors import NotVisible
from yiwang.modules.evidence.actors import Actor
from yiwang.modules.tenders.models import Clarification, Document, Tender


def visible_to(actor: Actor) -> QuerySet[Tender]:
    """Published tenders for everybody; drafts for their buyer, agency, custodians and the center's staff."""
    found = Tender.objects.select_related("buyer", "agency")
    if actor.duty in ("center", "admin") or actor.system:
        return found
    own = ~Q(state="draft")
    if actor.organisation is not None:
        own |= Q(buyer=actor.organisation) | Q(agency=actor.organisation)
    if actor.person is not None:
        own |= Q(pk__in=actor.person.custodies.values("tender"))
        own |= Q(pk__in=actor.person.deputised_custodies.values("tender"))
    return found.filter(own).exclude(Q(state="terminated") & Q(deadline=None) & ~Q(buyer=actor.organisation))


def tender(actor: Actor, number: str) -> Tender:
    """The tender with a number, if the actor may see it.

    Raises:
        NotVisible: it does not exist, or its existence is not for this actor.
    """
    found = visible_to(actor).filter(number=number).first()
    if found is None:
        raise NotVisible
    return found


def is_visible(actor: Actor, number: str) -> bool:
    """Whether the actor may see the tender with a number, at the price of one plain query for one that is published."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1 FROM tenders_tender WHERE number = %s AND state NOT IN ('draft', 'terminated')", [number])
        return cursor.fetchone() is not None or visible_to(actor).filter(number=number).exists()


def retenders(actor: Actor, tender: Tender) -> QuerySet[Tender]:
    """The tenders that hold a failed one again, as far as the actor may see them; in the order of their entry."""
    return visible_to(actor).filter(retender_of=tender).order_by("id")


def held_before(actor: Actor, tender: Tender) -> Tender | None:
    """The failed tender that this one holds again; None for any other."""
    if tender.retender_of_id is None:
        return None
    return visible_to(actor).filter(pk=tender.retender_of_id).first()


def documents(tender: Tender) -> QuerySet[Document]:
    """The tender's documents, in the order in which they were attached."""
    return tender.documents.all()


def clarifications(actor: Actor, tender: Tender) -> QuerySet[Clarification]:
    """Published clarifications; the asker also sees the own open questions, the host all open ones."""
    shown = Q(answered_at__isnull=False)
    if actor.organisation is not None:
        if actor.organisation.id in (tender.buyer_id, tender.agency_id):
            shown = Q()
        else:
            shown |= Q(asked_by=actor.organisation)
    return tender.clarifications.filter(shown)


def open_procedures() -> list[procedures.Procedure]:
    """The procedures that tenders can be entered under: open tendering with a publicity of candidates."""
    found = procedures.all_procedures()
    return [each for each in found if each.track == "construction" and each.method == "open_tender"]


def procedure_for(category: str) -> str:
    """The open tender procedure for works, goods or services."""
    fitting = (each.id for each in open_procedures() if category in each.objects)
    return next(fitting, open_procedures()[0].id)
