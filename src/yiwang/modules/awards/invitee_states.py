"""Transitions of drawing invitees."""

from __future__ import annotations

from yiwang.kernel.text import Text
from yiwang.kernel.transitions import Table, Transition
from yiwang.modules.awards import invitee_rules as rules
from yiwang.modules.evidence.registry import register

O87 = "政府采购货物和服务招标投标管理办法 第14条"

INVITEES = register(
    Table(
        "invitees",
        (),
        (
            Transition(
                "invitees.list",
                Text("确定备选供应商名单", "fix the list of candidates to invite"),
                "admission",
                roles=("buyer", "agency"),
                sources=("draft",),
                guards=(rules.not_listed,),
                articles=(O87,),
                tells=("center",),
            ),
            Transition(
                "invitees.commit",
                Text("提交抽取受邀供应商的承诺", "commit a share for drawing whom to invite"),
                "admission",
                roles=("buyer", "agency", "center"),
                sources=("draft",),
                guards=(rules.is_listed, rules.DRAW.not_committed),
                articles=(O87,),
                tells=("buyer", "agency", "center"),
            ),
            Transition(
                "invitees.reveal",
                Text("公开随机数，抽出受邀供应商", "reveal the share and draw whom to invite"),
                "admission",
                roles=("buyer", "agency", "center"),
                sources=("draft",),
                guards=(rules.is_listed, rules.DRAW.all_committed, rules.DRAW.not_revealed, rules.DRAW.in_turn),
                articles=(O87,),
                tells=("buyer", "agency", "center"),
            ),
            Transition(
                "invitees.forfeit",
                Text("登记交易中心逾期未公开随机数", "record that the center did not reveal its share in time"),
                "admission",
                roles=("buyer", "agency"),
                sources=("draft",),
                guards=(rules.is_listed, rules.DRAW.all_committed, rules.center_overdue),
                articles=(O87,),
                tells=("center",),
            ),
        ),
    )
)
