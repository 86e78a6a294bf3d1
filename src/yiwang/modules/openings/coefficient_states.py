"""Transitions of the draw in the opening hall."""

from __future__ import annotations

from yiwang.kernel.text import Text
from yiwang.kernel.transitions import Table, Transition
from yiwang.modules.evidence.registry import register
from yiwang.modules.openings import coefficient_rules as rules

COEFFICIENT = register(
    Table(
        "coefficient",
        (),
        (
            Transition(
                "coefficient.commit",
                Text("提交浮动系数抽取的承诺", "commit a share for drawing the coefficient"),
                "coefficient",
                roles=("buyer", "agency", "center"),
                sources=("opened",),
                guards=(rules.is_wanted, rules.DRAW.not_committed),
                articles=("评标委员会和评标方法暂行规定 第35条",),
                tells=("buyer", "agency", "center"),
            ),
            Transition(
                "coefficient.reveal",
                Text("公开随机数，抽出浮动系数", "reveal the share and draw the coefficient"),
                "coefficient",
                roles=("buyer", "agency", "center"),
                sources=("opened",),
                guards=(rules.is_wanted, rules.DRAW.all_committed, rules.DRAW.not_revealed, rules.DRAW.in_turn),
                articles=("评标委员会和评标方法暂行规定 第35条",),
                tells=("bidder", "supervisor"),
            ),
            Transition(
                "coefficient.forfeit",
                Text("登记逾期未公开随机数", "record that a share was not revealed in time"),
                "coefficient",
                roles=("buyer", "agency", "center", "supervisor"),
                sources=("opened",),
                guards=(rules.is_wanted, rules.DRAW.all_committed, rules.DRAW.overdue),
                articles=("招标投标法 第5条",),
                tells=("bidder", "buyer", "agency", "center", "supervisor"),
            ),
        ),
    )
)
