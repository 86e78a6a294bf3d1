"""Transitions of the award committee's vote (评定分离). None moves the tender's state: the buyer's decision does."""

from __future__ import annotations

from typing import Any

from yiwang.kernel.text import Text
from yiwang.kernel.transitions import Table, Transition
from yiwang.modules.evaluations import separate_rules as rules
from yiwang.modules.evaluations.models import AwardMember
from yiwang.modules.evidence.actors import Actor, Told, recipients_of, role_in_tenders
from yiwang.modules.evidence.registry import register

SOURCES = ("evaluated", "publicity")
_ARTICLES = ("招标投标法 第40条",)
_SIDES = ("buyer", "agency", "center", "supervisor")

SEPARATE = register(
    Table(
        "award_vote",
        (),
        (
            Transition(
                "award.seat",
                Text("组建定标委员会", "seat the award committee"),
                "award_vote",
                roles=("buyer",),
                sources=SOURCES,
                guards=(rules.is_separate, rules.not_seated),
                articles=_ARTICLES,
                tells=("award_member", "supervisor"),
            ),
            Transition(
                "award.vote",
                Text("定标票决", "vote on the award"),
                "award_vote",
                roles=("award_member",),
                sources=SOURCES,
                guards=(rules.is_separate, rules.publicity_over, rules.may_vote),
                articles=_ARTICLES,
            ),
            Transition(
                "award.commit_lots",
                Text("提交定标抽签的承诺", "commit a share for the draw of lots"),
                "award_vote",
                roles=_SIDES,
                sources=SOURCES,
                guards=(rules.is_separate, rules.lots_due, rules.DRAW.not_committed),
                articles=_ARTICLES,
            ),
            Transition(
                "award.reveal_lots",
                Text("公开定标抽签随机数", "reveal the share for the draw of lots"),
                "award_vote",
                roles=_SIDES,
                sources=SOURCES,
                guards=(rules.is_separate, rules.lots_due, rules.DRAW.all_committed, rules.DRAW.not_revealed, rules.DRAW.in_turn),
                articles=_ARTICLES,
                tells=("award_member",),
            ),
            Transition(
                "award.forfeit_lots",
                Text("登记逾期未公开定标抽签随机数", "record that a share of the draw of lots was not revealed in time"),
                "award_vote",
                roles=_SIDES,
                sources=SOURCES,
                guards=(rules.is_separate, rules.lots_due, rules.DRAW.all_committed, rules.DRAW.overdue),
                articles=("招标投标法 第5条",),
                tells=("award_member", "buyer", "agency", "center", "supervisor"),
            ),
        ),
    )
)


@role_in_tenders("award_member", "vote__tender")
def _members(actor: Actor) -> Any:
    return AwardMember.objects.filter(person=actor.person) if actor.person is not None else None


@recipients_of("award_member")
def _to_tell(tender: Any) -> list[Told]:
    return [(None, pk) for pk in AwardMember.objects.filter(vote__tender=tender).values_list("person", flat=True)]
