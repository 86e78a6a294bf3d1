"""A table of evaluation criteria as one form field: name in both languages, most points, pass mark, row by row; where the formula
has them the group of each, whether it is objective, and whether the highest and lowest evaluator drop out.
"""

from __future__ import annotations

from decimal import Decimal, InvalidOperation
from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from yiwang.kernel.text import Text

ROWS, FIRST = 12, 4
"""Rows in all, and how many of them stand open at first."""
PARTS = ("zh", "en", "most", "pass")
MORE = ("group", "kind", "drop")
"""Columns that only some formulas have."""
KINDS = (("", Text("主观", "judged")), ("objective", Text("客观", "objective")))
DROPS = (("", Text("全部", "all")), ("1", Text("去一高一低", "less 1 high, 1 low")))


class CriteriaWidget(forms.Widget):
    """Rows of inputs; empty rows are left out."""

    template_name = "desks/widgets/criteria.html"
    use_fieldset = True

    def __init__(self, more: tuple[str, ...] = ()) -> None:
        super().__init__()
        self.more = more

    def id_for_label(self, id_: str) -> str:
        return f"{id_}-0-zh"

    def value_from_datadict(self, data: Any, files: Any, name: str) -> list[dict[str, str]]:
        parts = (*PARTS, *self.more)
        columns = [data.getlist(f"{name}-{part}") if hasattr(data, "getlist") else [] for part in parts]
        count = max((len(column) for column in columns), default=0)
        padded = [[*column, *[""] * (count - len(column))] for column in columns]
        return [dict(zip(parts, (cell.strip() for cell in row), strict=True)) for row in zip(*padded, strict=True)]

    def value_omitted_from_data(self, data: Any, files: Any, name: str) -> bool:
        return f"{name}-zh" not in data

    def get_context(self, name: str, value: Any, attrs: Any) -> dict[str, Any]:
        context = super().get_context(name, value, attrs)
        empty = dict.fromkeys((*PARTS, *MORE), "")
        rows = [empty | dict(row) for row in value or []]
        rows += [dict(empty) for _ in range(ROWS - len(rows))]
        numbered = list(enumerate(rows))
        shown = max(FIRST, sum(any(row[part] for part in PARTS) for row in rows) + 1)
        context["parts"] = [numbered[:shown], numbered[shown:]]
        return context | {"more": dict.fromkeys(self.more, True), "kinds": KINDS, "drops": DROPS}


class CriteriaField(forms.Field):
    """Cleaned to criteria as a formula holds them: ``{key, name, most}`` and ``pass``, ``group``, ``objective``, ``drop`` where given.

    ``group`` is the number of a line of the field of groups (``g1``, ``g2`` ... as keys).
    """

    def __init__(self, *, more: tuple[str, ...] = (), **options: Any) -> None:
        super().__init__(widget=CriteriaWidget(more), **options)

    def prepare_value(self, value: Any) -> Any:
        return [_typed(row) for row in value or []]

    def clean(self, value: Any) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = []
        faults = []
        for number, row in enumerate(value or [], 1):
            if any(row[part] for part in PARTS):
                fault = _fault(number, row)
                if fault:
                    faults.append(ValidationError(fault))
                found.append(_criterion(len(found) + 1, row))
        if faults:
            raise ValidationError(faults)
        return found


def _typed(row: dict[str, Any]) -> dict[str, Any]:
    """A criterion as a formula holds it (or as it was typed) as the table's cells."""
    if not isinstance(row.get("name"), dict):
        return dict(row)
    return {
        "zh": row["name"]["zh"], "en": row["name"]["en"], "most": row.get("most", ""), "pass": row.get("pass", ""),
        "group": str(row.get("group", "")).removeprefix("g"), "kind": "objective" if row.get("objective") else "",
        "drop": "1" if row.get("drop") else "",
    }  # fmt: skip


def _fault(number: int, row: dict[str, str]) -> Text | None:
    if not row["zh"]:
        return Text(f"第 {number} 行：请填写评分项名称", f"row {number}: give the criterion's name")
    for part, zh, en in (("most", "满分", "full mark"), ("pass", "及格分", "pass mark")):
        text = row[part]
        if not text and part == "pass":
            continue
        try:
            good = Decimal(text) > 0
        except InvalidOperation:
            good = False
        if not good:
            return Text(f"第 {number} 行：{zh}应为大于零的数字", f"row {number}: the {en} must be a number above zero")
    if row.get("group") and not row["group"].isdecimal():
        return Text(f"第 {number} 行：组号应为评分组的行号，例如 1", f"row {number}: the group is the number of its line, such as 1")
    return None


def _criterion(number: int, row: dict[str, str]) -> dict[str, Any]:
    name = {"zh": row["zh"], "en": row["en"] or row["zh"]}
    made: dict[str, Any] = {"key": f"c{number}", "name": name, "most": row["most"]}
    made |= {"pass": row["pass"]} if row["pass"] else {}
    made |= {"group": f"g{int(row['group'])}"} if row.get("group", "").isdecimal() else {}
    made |= {"objective": True} if row.get("kind") == "objective" else {}
    return made | ({"drop": {"highest": 1, "lowest": 1}} if row.get("drop") == "1" else {})
