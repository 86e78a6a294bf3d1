"""Reads of tenders. Every query that leaves this module starts from :func:`visible_to`."""

from __future__ import annotations

from contextlib import suppress
from datetime import datetime
from functools import lru_cache
from time import monotonic
from typing import Any

from django.db import connection
from django.db.models import Q, QuerySet

from yiwang.kernel import procedures
from yiwang.kernel.errors import NotVisible
from yiwang.kernel.lawfile import LawFault
from yiwang.modules.evidence.actors import PUBLIC, Actor
from yiwang.modules.evidence.course import Bound, Course, governor
from yiwang.modules.tenders.models import Clarification, Document, Project, Suspension, Tender

SINGLE_SOURCE = "single_source_publicity.start"
"""The clock event from which a draft is public: that there shall be a single source (政府采购法实施条例 第38条)."""


def visible_to(actor: Actor) -> QuerySet[Tender]:
    """Published tenders for everybody; drafts for their buyer, agency, custodians and the center's staff.

    A tender by invitation is for them, the supervisor and those invited alone, until its bids are opened (招标投标法 第22条).
    """
    if actor.duty in ("center", "admin") or actor.system:
        return Tender.objects.select_related("buyer", "agency")
    return _visible_to_all().all() if actor == PUBLIC else _visible(actor)


@lru_cache(maxsize=1)
def _visible_to_all() -> QuerySet[Tender]:
    """Composed once: public pages ask for it many times."""
    return _visible(PUBLIC)


def _visible(actor: Actor) -> QuerySet[Tender]:
    found = Tender.objects.select_related("buyer", "agency")
    unopened = Q(opening__isnull=True) | Q(opening__opened_at__isnull=True)
    own = ~Q(state="draft") & (Q(invitees=[]) | ~unopened)
    if actor.duty == "supervisor":
        own = ~Q(state="draft")
    if actor.organisation is not None:
        own |= Q(buyer=actor.organisation) | Q(agency=actor.organisation)
        own |= ~Q(state="draft") & Q(invitees__contains=[actor.organisation.uscc])
    own |= Q(state="draft", events__has_key=SINGLE_SOURCE)
    if actor.person is not None:
        own |= Q(pk__in=actor.person.custodies.values("tender"))
        own |= Q(pk__in=actor.person.deputised_custodies.values("tender"))
    return found.filter(own).exclude(Q(state="terminated") & Q(deadline=None) & ~Q(buyer=actor.organisation))


def tender(actor: Actor, number: str) -> Tender:
    """The tender with a number, if the actor may see it.

    Raises:
        NotVisible: it does not exist, or its existence is not for this actor.
    """
    found = _for_everybody().filter(number=number).first() or visible_to(actor).filter(number=number).first()
    if found is None:
        raise NotVisible
    return found


def _for_everybody() -> QuerySet[Tender]:
    """Tenders that :func:`visible_to` shows to whoever asks, by a query that is a tenth of its."""
    return Tender.objects.select_related("buyer", "agency").filter(invitees=[]).exclude(state__in=("draft", "terminated"))


def is_visible(actor: Actor, number: str) -> bool:
    """Whether the actor may see the tender with a number, at the price of one plain query for one that is published."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT 1 FROM tenders_tender WHERE number = %s AND state NOT IN ('draft', 'terminated') AND invitees = '[]'", [number]
        )
        return cursor.fetchone() is not None or visible_to(actor).filter(number=number).exists()


def retenders(actor: Actor, tender: Tender) -> QuerySet[Tender]:
    """The tenders that hold a failed one again, as far as the actor may see them; in the order of their entry."""
    return visible_to(actor).filter(retender_of=tender).order_by("id")


def held_before(actor: Actor, tender: Tender) -> Tender | None:
    """The failed tender that this one holds again; None for any other."""
    if tender.retender_of_id is None:
        return None
    return visible_to(actor).filter(pk=tender.retender_of_id).first()


def open_suspensions(tender: Tender, now: datetime) -> list[Suspension]:
    """The suspensions by which the tender stands still at a moment."""
    return [each for each in tender.suspensions.all() if each.until is None or each.until > now]


def project(actor: Actor, number: str) -> Project:
    """The project with a number, if the actor may see one of its lots.

    Raises:
        NotVisible: it does not exist, or none of its lots is for this actor.
    """
    found = Project.objects.select_related("buyer", "agency").filter(number=number).first()
    if found is None or not visible_to(actor).filter(project=found).exists():
        raise NotVisible
    return found


def lots_of(actor: Actor, project: Project) -> QuerySet[Tender]:
    """The lots of a project as far as the actor may see them, in the order of their numbers."""
    return visible_to(actor).filter(project=project).order_by("id")


def documents(tender: Tender, actor: Actor | None = None) -> QuerySet[Document]:
    """The tender's documents, in the order in which they were attached.

    Args:
        actor: who reads them: those of a draft are for its buyer, agency, custodians and the center's staff alone, even
            when a single source was publicised. None: no reader, but an act or page of theirs.
    """
    found = tender.documents.all()
    return found.none() if actor is not None and tender.state == "draft" and not _prepares(actor, tender) else found


def _prepares(actor: Actor, tender: Tender) -> bool:
    """Whether the actor sees the draft for another reason than the publicity of a single source."""
    if actor.duty in ("center", "admin") or actor.system:
        return True
    own = actor.organisation is not None and actor.organisation.id in (tender.buyer_id, tender.agency_id)
    person = actor.person
    return own or (
        person is not None
        and (person.custodies.filter(tender=tender).exists() or person.deputised_custodies.filter(tender=tender).exists())
    )


def clarifications(actor: Actor, tender: Tender) -> QuerySet[Clarification]:
    """Published clarifications; the asker also sees the own open questions, the host all open ones."""
    shown = Q(answered_at__isnull=False)
    if actor.organisation is not None:
        if actor.organisation.id in (tender.buyer_id, tender.agency_id):
            shown = Q()
        else:
            shown |= Q(asked_by=actor.organisation)
    return tender.clarifications.filter(shown)


def suspensions(kind: str) -> QuerySet[Suspension]:
    """All suspensions of a kind, with their tenders."""
    return Suspension.objects.filter(kind=kind).select_related("tender")


def law_of(tender: Tender) -> procedures.Procedure:
    """The procedure of a tender, in the version under which the tender began and which it keeps.

    Pages ask this hundreds of times; the files are looked at again once a second.
    """
    return _law(tender.procedure, tender.procedure_version, int(monotonic()))


@lru_cache(maxsize=256)
def _law(procedure: str, version: int, second: int) -> procedures.Procedure:
    return procedures.load(procedure, version)


@governor
def course_of(subject: Any) -> Course | None:
    """The course that a tender's procedure gives it."""
    if not isinstance(subject, Tender):
        return None
    return course_under(subject.procedure, subject.procedure_version)


def course_under(procedure: str, version: int) -> Course:
    """The course of tenders under a version of a procedure."""
    return _course(procedure, version, int(monotonic()))


@lru_cache(maxsize=256)
def _course(procedure: str, version: int, second: int) -> Course:
    law = _law(procedure, version, second)
    steps: dict[str, list[procedures.ProcedureStep]] = {}
    for step in (*law.steps, *law.branches):
        steps.setdefault(step.act, []).append(step)
    bounds = {act: _bound(found) for act, found in steps.items() if act}
    return Course(law.name, law.articles[0] if law.articles else "", bounds, _named(second // NAMED_SECONDS) | bounds.keys())


def _bound(steps: list[procedures.ProcedureStep]) -> Bound:
    states = tuple(dict.fromkeys(state for step in steps for state in step.states))
    return Bound(states, {state: step.target for step in steps if step.target for state in step.states})


NAMED_SECONDS = 60


@lru_cache(maxsize=2)
def _named(minute: int) -> frozenset[str]:
    """Acts that some procedure names: where a tender's own does not name one of them, it has none such.

    A file that cannot be read is refused where its procedure is used; it does not hold up the tenders of others.
    """
    found: set[str] = set()
    for name in procedures.ids():
        with suppress(LawFault):
            law = procedures.load(name)
            found |= {step.act for step in (*law.steps, *law.branches) if step.act}
    return frozenset(found)


def entry_procedures() -> list[procedures.Procedure]:
    """Every procedure that a tender can be entered under: those of the tendering law first, open tendering before others."""
    found = procedures.all_procedures()
    return sorted(found, key=lambda law: (law.track != "construction", law.method != "open_tender", law.stage is not None, law.id))


def continuable(actor: Actor, law: procedures.Procedure) -> list[Tender]:
    """The actor's own tenders that a later round under this procedure may continue, the newest first."""
    if law.stage is None or actor.organisation is None:
        return []
    own = Q(buyer=actor.organisation) | Q(agency=actor.organisation)
    found = visible_to(actor).filter(own, procedure__in=law.stage.of).exclude(state__in=("failed", "terminated"))
    return [each for each in found.order_by("-id")[:200] if continued_by(each, law) is None]


def continued_by(earlier: Tender, law: procedures.Procedure) -> Tender | None:
    """The later round that continues an earlier one already; None while none does, or where there may be many (call-offs)."""
    if law.method.startswith("framework"):
        return None
    return earlier.stages.filter(procedure=law.id).exclude(state__in=("terminated", "failed")).first()


def open_procedures() -> list[procedures.Procedure]:
    """The procedures that tenders can be entered under: open tendering with a publicity of candidates."""
    found = procedures.all_procedures()
    return [each for each in found if each.track == "construction" and each.method == "open_tender"]


def procedure_for(category: str) -> str:
    """The open tender procedure for works, goods or services."""
    fitting = (each.id for each in open_procedures() if category in each.objects)
    return next(fitting, open_procedures()[0].id)
