"""Transitions of awards."""

from __future__ import annotations

from typing import Any

from yiwang.kernel.text import Text
from yiwang.kernel.transitions import Table, Transition
from yiwang.modules.awards import lots, rules
from yiwang.modules.awards.models import Award
from yiwang.modules.bids import selectors as bids
from yiwang.modules.evidence.actors import Actor, Told, recipients_of, role_in_tenders
from yiwang.modules.evidence.registry import register

AWARD = register(
    Table(
        "award",
        (),
        (
            Transition(
                "candidates.publicise",
                Text("公示中标候选人", "publicise the candidates"),
                "award",
                roles=("buyer", "agency"),
                sources=("evaluated",),
                target="publicity",
                articles=("招标投标法实施条例 第54条",),
                tells=("bidder", "center", "supervisor"),
            ),
            Transition(
                "award.decide",
                Text("定标", "decide the award"),
                "award",
                roles=("buyer",),
                sources=("evaluated", "publicity"),
                guards=(rules.not_decided, rules.publicity_over, lots.earlier_decided),
                articles=("招标投标法 第40条", "招标投标法实施条例 第55条", "政府采购法实施条例 第43条"),
                tells=("agency",),
                witnessed=True,
            ),
            Transition(
                "award.notify",
                Text("签发中标通知书", "send the award notice"),
                "award",
                roles=("buyer",),
                sources=("evaluated", "publicity"),
                target="awarded",
                guards=(rules.decided,),
                articles=("招标投标法 第45条", "政府采购法实施条例 第43条"),
                tells=("bidder", "agency", "center", "supervisor"),
                witnessed=True,
            ),
        ),
    )
)


@role_in_tenders("supplier")
def _won(actor: Actor) -> Any:
    if actor.organisation is None:
        return None
    return Award.objects.filter(bid__in=bids.opened_of(actor.organisation), notified_at__isnull=False)


@recipients_of("supplier")
def _supplier(tender: Any) -> list[Told]:
    """The winner; of a joint bid all members."""
    return [(pk, None) for pk in bids.parties_of([tender.award.bid])] if hasattr(tender, "award") else []
