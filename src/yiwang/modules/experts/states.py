"""Transitions of the draw."""

from __future__ import annotations

from typing import Any

from yiwang.kernel.text import Text
from yiwang.kernel.transitions import Table, Transition
from yiwang.modules.evidence.actors import Actor, Told, recipients_of, role_in_tenders
from yiwang.modules.evidence.registry import register
from yiwang.modules.experts import rules

_ARTICLES = ("招标投标法 第37条", "招标投标法实施条例 第46条")

DRAW = register(
    Table(
        "draw",
        (),
        (
            Transition(
                "draw.freeze_list",
                Text("锁定专家名单", "freeze the list of eligible experts"),
                "draw",
                roles=("center",),
                sources=("opened",),
                guards=(rules.draw_not_frozen,),
                articles=_ARTICLES,
                tells=("buyer", "agency", "supervisor"),
                witnessed=True,
            ),
            Transition(
                "draw.commit",
                Text("提交抽取随机数的承诺", "commit a share of the draw's seed"),
                "draw",
                roles=("buyer", "agency", "center", "supervisor"),
                sources=("opened",),
                guards=(rules.draw_frozen, rules.DRAW.not_committed),
                articles=_ARTICLES,
                witnessed=True,
            ),
            Transition(
                "draw.reveal",
                Text("公开抽取随机数", "reveal the share"),
                "draw",
                roles=("buyer", "agency", "center", "supervisor"),
                sources=("opened",),
                guards=(rules.DRAW.all_committed, rules.DRAW.not_revealed, rules.DRAW.in_turn),
                articles=_ARTICLES,
                witnessed=True,
            ),
            Transition(
                "draw.forfeit",
                Text("登记逾期未公开抽取随机数", "record that a share of the seed was not revealed in time"),
                "draw",
                roles=("buyer", "agency", "center", "supervisor"),
                sources=("opened",),
                guards=(rules.DRAW.all_committed, rules.DRAW.overdue),
                articles=("招标投标法 第5条", "招标投标法 第37条"),
                tells=("buyer", "agency", "center", "supervisor"),
            ),
            Transition(
                "draw.seat",
                Text("抽取评标委员会", "draw the committee"),
                "draw",
                roles=("center",),
                sources=("opened",),
                target="evaluating",
                guards=(rules.all_revealed,),
                articles=_ARTICLES,
                tells=("evaluator", "buyer", "agency"),
                witnessed=True,
            ),
            Transition(
                "draw.carry",
                Text("沿用前一轮评标委员会", "let the earlier round's committee sit again"),
                "draw",
                roles=("center",),
                sources=("opened",),
                target="evaluating",
                guards=(rules.draw_not_frozen, rules.earlier_committee),
                articles=("招标投标法 第37条",),
                tells=("evaluator", "buyer", "agency"),
            ),
            Transition(
                "draw.decline",
                Text("回避或不能参加", "step aside"),
                "draw",
                roles=("evaluator",),
                sources=("evaluating",),
                articles=("招标投标法实施条例 第48条",),
                tells=("evaluator", "center"),
            ),
        ),
    )
)


@role_in_tenders("evaluator", "draw__tender")
def _seats(actor: Actor) -> Any:
    from yiwang.modules.experts import selectors  # models load after tables

    return selectors.seats_of(actor).filter(left_at=None)


@recipients_of("evaluator")
def _evaluators(tender: Any) -> list[Told]:
    if not hasattr(tender, "draw"):
        return []
    return [(None, person) for person in tender.draw.seats.filter(left_at=None).values_list("expert__person_id", flat=True)]
