"""What the entry form asks beside what every entry asks, as the chosen procedure needs it."""

from __future__ import annotations

import re
from typing import Any

from django import forms

from yiwang.desks.fields import PickField, ProseField, WholeField, YuanField
from yiwang.desks.rows_field import Cell, RowsField
from yiwang.kernel.procedures import PARTS, Procedure
from yiwang.kernel.rules import limit
from yiwang.kernel.text import Text
from yiwang.modules.evidence.actors import Actor
from yiwang.modules.tenders import selectors
from yiwang.modules.tenders.entry_rules import BOND_LIMIT, RESERVED

PART_NAMES = {
    "": Text("不限", "any"),
    "qualification": Text("资格部分", "qualification"),
    "technical": Text("技术部分", "technical part"),
    "price": Text("报价部分", "price part"),
}
LOT = (
    Cell("title", Text("标段名称", "Title of the lot"), required=True),
    Cell("budget", Text("预算（元）", "Budget (yuan)"), required=True, money=True),
    Cell("ceiling", Text("最高限价（元）", "Ceiling (yuan)"), money=True),
    Cell("minimum", Text("最低限价（元）", "Minimum (yuan)"), money=True),
)

GROUPS = (
    (Text("参加人", "Who takes part"), ("stage_of", "invitees", "reserved_for")),
    (Text("保证金与应交文件", "Bid bond and required documents"), ("bid_bond", "required_documents")),
    (Text("标段", "Lots"), ("lots", "lots_most")),
)
"""Headings of the added fields."""


def added(law: Procedure, actor: Actor, *, again: bool) -> dict[str, forms.Field]:
    """The fields that the procedure needs.

    Args:
        again: a failed tender is held again, which has no lots of its own.
    """
    found: dict[str, forms.Field] = {}
    drawn = _drawn(law)
    if law.stage is not None:
        found["stage_of"] = _earlier(law, actor, optional=drawn)
    elif law.invited and not drawn:
        found["invitees"] = _invitees(law)
    if law.track == "gov_procurement":
        found["reserved_for"] = PickField(label=Text("面向", "For"), choices=tuple(RESERVED.items()), required=False, radio=True, initial="")
    found["bid_bond"] = _bond(law)
    found["required_documents"] = _documents(law)
    if (law.stage is None or drawn) and not again:
        found |= _lots()
    return found


def _drawn(law: Procedure) -> bool:
    """Whether the procedure has its invitees drawn, after the entry; then a prequalification before it is one way of several."""
    return any(step.act == "invitees.list" for step in law.steps)


def always_after(law: Procedure) -> tuple[str, ...]:
    """The procedures of one of which a tender under this one always continues a round."""
    return law.stage.of if law.stage is not None and not _drawn(law) else ()


def arguments(data: dict[str, Any]) -> dict[str, Any]:
    """The cleaned fields as keyword arguments of the act."""
    given: dict[str, Any] = {name: data[name] for name in ("stage_of", "reserved_for") if data.get(name)}
    if data.get("invitees"):
        given["invitees"] = [code for code in re.split(r"[\s,，;；、]+", data["invitees"]) if code]
    if data.get("bid_bond"):
        given["bid_bond"] = data["bid_bond"]
    rows = data.get("required_documents") or []
    if rows:
        given["required_documents"] = [_document(number, row) for number, row in enumerate(rows, 1)]
    if data.get("lots"):
        given |= {"lots": data["lots"], "lots_most": data.get("lots_most")}
    elif data.get("lots_most") is not None:
        given["lots_most"] = data["lots_most"]
    return given


def _document(number: int, row: dict[str, str]) -> dict[str, str]:
    return {"code": f"d{number}", "zh": row["zh"], "en": row["en"] or row["zh"], "part": row["part"]}


def _earlier(law: Procedure, actor: Actor, *, optional: bool) -> forms.Field:
    rows = selectors.continuable(actor, law)
    choices = [(each.number, f"{each.number} {each.title}") for each in rows]
    none = Text("没有可以接续的前一阶段", "there is no earlier round to continue")
    if optional:
        without = Text("没有资格预审：备选名单来自供应商库或者书面推荐", "none: the list of candidates comes from a pool or a written recommendation")
        return PickField(
            label=Text("资格预审", "Prequalification"),
            choices=[("", without), *choices],
            required=False,
            help_text=Text("受邀请的供应商在登记以后从备选名单中随机抽取。", "Whom to invite is drawn from the list of candidates after the entry."),
        )
    return PickField(
        label=Text("前一阶段", "Earlier round"),
        choices=choices or [("", none)],
        help_text=Text("只有前一阶段确定的参加人可以参加本阶段。", "Only whom the earlier round admits may take part in this one."),
    )


def _invitees(law: Procedure) -> forms.Field:
    return ProseField(
        label=Text("被邀请单位的统一社会信用代码", "Credit codes of those invited"),
        rows=4,
        most=4000,
        help_text=Text(
            "每行一个。开标前名单保密（招标投标法第22条）。" + ("至少三个（第17条）。" if law.method == "invited_tender" else ""),
            "One a line. The list is secret until the opening (招标投标法 第22条)."
            + (" At least three (第17条)." if law.method == "invited_tender" else ""),
        ),
    )


def _bond(law: Procedure) -> forms.Field:
    row = limit(BOND_LIMIT[law.track])
    return YuanField(
        label=Text("投标保证金", "Bid bond"),
        required=False,
        help_text=Text(
            f"不收的留空；不得超过预算的 {row['percent_most']}%（{row['article']}）。",
            f"Empty: none. At most {row['percent_most']} % of the budget ({row['article']}).",
        ),
    )


def _documents(law: Procedure) -> forms.Field:
    parts = tuple((part, PART_NAMES[part]) for part in ("", *(law.parts or PARTS)))
    cells = (
        Cell("zh", Text("文件名称", "Document"), required=True),
        Cell("en", Text("英文名（选填）", "English name (optional)")),
        Cell("part", Text("所在部分", "Part of the bid"), choices=parts),
    )
    return RowsField(
        cells,
        label=Text("投标必须包含的文件", "Documents that a bid must hold"),
        required=False,
        help_text=Text("递交前逐项核对，缺的会在密封之前提示。", "Checked one by one before a bid is sealed; what is missing is told then."),
    )


def _lots() -> dict[str, forms.Field]:
    return {
        "lots": RowsField(
            LOT,
            label=Text("分标段的，逐个填写", "If there are lots, one a row"),
            required=False,
            help_text=Text(
                "不分标段的留空。每个标段有自己的编号、密钥、开标和合同；限价以各标段的为准。",
                "Empty: no lots. Each lot has a number, keys, an opening and a contract of its own; its own bounds hold.",
            ),
        ),
        "lots_most": WholeField(
            label=Text("一个投标人最多中标几个标段", "Most lots one tenderer may win"),
            help_text=Text("留空不限。定标按标段编号顺序，已中满的由下一名递补。",
                           "Empty: no limit. Lots are awarded in order; who has won its most is passed over."),
            least=1, most=99, required=False,
        ),
    }  # fmt: skip
