"""Reads of negotiations: what the group, the buyer's side, each supplier and the public may see."""

from __future__ import annotations

from typing import Any

from django.db.models import Q, QuerySet

from yiwang.kernel import framework
from yiwang.modules.evidence.actors import Actor, has_role
from yiwang.modules.negotiations import framework_rules, rules
from yiwang.modules.negotiations.models import (
    Application,
    Change,
    Choice,
    SourceObjection,
    SourcePublicity,
    Talk,
    TalksEnd,
)
from yiwang.modules.tenders.selectors import law_of

ACTS = ("negotiation.close", "source.publicise", "framework.choose", "framework.apply")
"""A procedure that has one of these steps has something to read here."""


def concerns(tender: Any) -> bool:
    """Whether the tender's procedure negotiates, has a single source, or belongs to a framework agreement."""
    return any(step.act in ACTS for step in law_of(tender).steps)


RESULT_KNOWN = ("archived",)
"""States of the response round from which changes and the end of the talks are public: its dossier is then disclosed."""


def _inside(actor: Actor, tender: Any) -> bool:
    """The group, the buyer's side and the supervisor."""
    return actor.duty == "supervisor" or any(has_role(code, actor, tender) for code in ("evaluator", "buyer", "agency"))


def talks(actor: Actor, tender: Any) -> QuerySet[Talk]:
    """Records of talks: all for the group, the buyer's side and the supervisor, the own ones for a supplier."""
    found = Talk.objects.filter(tender=tender).select_related("bid__tenderer")
    if _inside(actor, tender):
        return found
    return found.filter(bid__tenderer=actor.organisation) if actor.organisation is not None else found.none()


def changes(actor: Actor, tender: Any) -> QuerySet[Change]:
    """Changes of the requirements, for all who take part; for everybody once the result is known."""
    found = Change.objects.filter(tender=tender)
    return found if _takes_part(actor, tender) else found.none()


def talks_end(actor: Actor, tender: Any) -> TalksEnd | None:
    """The end of the talks, for all who take part; for everybody once the result is known."""
    return TalksEnd.objects.filter(tender=tender).first() if _takes_part(actor, tender) else None


def _takes_part(actor: Actor, tender: Any) -> bool:
    return tender.state in RESULT_KNOWN or _inside(actor, tender) or has_role("bidder", actor, tender)


def suppliers(tender: Any) -> list[Any]:
    """The responses whose suppliers negotiate."""
    return rules.suppliers(tender)


def all_talked_to(tender: Any) -> bool:
    """Whether the group has talked with every supplier."""
    return not rules.not_talked_to(tender)


def source_publicity(tender: Any) -> SourcePublicity | None:
    """The publicity of a single source; public at once."""
    return SourcePublicity.objects.filter(tender=tender).select_related("supplier").first()


def source_objections(actor: Actor, tender: Any) -> QuerySet[SourceObjection]:
    """Objections to a single source: all for the buyer's side and the supervisor, the own one for who objected, answered
    ones for everybody.
    """
    found = SourceObjection.objects.filter(tender=tender).select_related("by")
    if _inside(actor, tender):
        return found
    own = Q(by=actor.organisation) if actor.organisation is not None else Q(pk=None)
    return found.filter(own | Q(answered_at__isnull=False))


def choice(actor: Actor, tender: Any) -> Choice | None:
    """Whom an order goes to: for the buyer's side at once, for everybody from the opening."""
    found = Choice.objects.filter(tender=tender).first()
    return found if found is not None and (_inside(actor, tender) or tender.state not in SECRET) else None


def own_most(actor: Actor, tender: Any) -> int | None:
    """The most that the actor's own firm may quote for an order, fen; None for everybody whom it does not go to."""
    return framework.ceiling(actor.organisation.uscc, framework_rules.order_of(tender)) if actor.organisation is not None else None


SECRET = ("draft", "tendering", "closed", "terminated", "failed")
"""States of an order in which it is not public whom it went to."""


def applications(actor: Actor, tender: Any) -> QuerySet[Application]:
    """Applications to an open framework: all for the buyer's side, own and admitted ones for everybody else."""
    found = Application.objects.filter(tender=tender).select_related("supplier")
    if _inside(actor, tender) or actor.duty == "center":
        return found
    own = Q(supplier=actor.organisation) if actor.organisation is not None else Q(pk=None)
    return found.filter(own | Q(admitted=True))


def admitted(framework: Any) -> list[str]:
    """Credit codes of who may get orders under a framework agreement, in their order."""
    return framework_rules.admitted(framework)
