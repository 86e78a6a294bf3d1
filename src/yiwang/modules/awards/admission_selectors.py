"""Reads of chains of rounds: the admission, the rounds before and after, and what of them is still secret."""

from __future__ import annotations

from typing import Any

from yiwang.kernel.admission import lists
from yiwang.modules.awards.admission_models import Admission
from yiwang.modules.awards.admission_rules import invites_the_admitted
from yiwang.modules.evidence.actors import Actor, has_role
from yiwang.modules.parties import selectors as parties
from yiwang.modules.tenders import selectors as tenders
from yiwang.modules.tenders.rounds import names_secret


def admission(actor: Actor, tender: Any) -> Admission | None:
    """The admission as far as the actor may read it: host, center and supervisor at once, everybody once it is no secret.

    Who took part in the round reads the own line on the own page; see :func:`own_outcome`.
    """
    found = Admission.objects.filter(tender=tender).first()
    if found is None or not names_secret(tender):
        return found
    host = has_role("buyer", actor, tender) or has_role("agency", actor, tender)
    return found if host or actor.duty in ("center", "supervisor", "admin") else None


def own_outcome(actor: Actor, tender: Any) -> dict[str, Any] | None:
    """What the round came to for the acting firm: its own row with ``passed``; None when it took no part."""
    found = Admission.objects.filter(tender=tender).first()
    if found is None or actor.organisation is None:
        return None
    mine = actor.organisation.uscc
    for passed, rows in ((True, found.admitted), (False, found.others)):
        for row in rows:
            if mine in (row["tenderer"], *(each["tenderer"] for each in row.get("joint", ()))):
                return {**row, "passed": passed}
    return None


def due(actor: Actor, tender: Any) -> tuple[list[dict[str, Any]], list[dict[str, Any]]] | None:
    """The lists that a decision would come to now, for the host; None while they cannot be told."""
    host = has_role("buyer", actor, tender) or has_role("agency", actor, tender)
    opening = getattr(tender, "opening", None)
    if not host or opening is None or opening.record is None:
        return None
    report = getattr(tender, "report", None)
    if report is not None and report.signed_at is None:
        return None
    return lists(report.content if report else None, opening.record)


def to_invite(actor: Actor, tender: Any) -> list[Any]:
    """The organisations that an invitation would go to now, for the host."""
    if not (has_role("buyer", actor, tender) or has_role("agency", actor, tender)):
        return []
    earlier = Admission.objects.filter(tender=tender.stage_of_id).first() if invites_the_admitted(tender) else None
    return list(parties.organisations().filter(uscc__in=earlier.codes if earlier else tender.invitees).order_by("uscc"))


def living(tender: Any, procedure: str) -> bool:
    """Whether a later round of that procedure is under way or done."""
    found: bool = tender.stages.filter(procedure=procedure).exclude(state__in=("terminated", "failed")).exists()
    return found


def chain(actor: Actor, tender: Any) -> tuple[Any | None, list[Any]]:
    """The earlier round, and the later ones, as far as the actor may see them."""
    seen = tenders.visible_to(actor)
    earlier = seen.filter(pk=tender.stage_of_id).first() if tender.stage_of_id else None
    return earlier, list(seen.filter(stage_of=tender).order_by("id")) if tender.stages.exists() else []
