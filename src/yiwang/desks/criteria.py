"""A table of evaluation criteria as one form field: name in both languages, most points, pass mark, row by row."""

from __future__ import annotations

from decimal import Decimal, InvalidOperation
from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from yiwang.kernel.text import Text

ROWS, FIRST = 12, 4
"""Rows in all, and how many of them stand open at first."""
PARTS = ("zh", "en", "most", "pass")


class CriteriaWidget(forms.Widget):
    """Rows of inputs; empty rows are left out."""

    template_name = "desks/widgets/criteria.html"
    use_fieldset = True

    def id_for_label(self, id_: str) -> str:
        return f"{id_}-0-zh"

    def value_from_datadict(self, data: Any, files: Any, name: str) -> list[dict[str, str]]:
        columns = [data.getlist(f"{name}-{part}") if hasattr(data, "getlist") else [] for part in PARTS]
        count = max((len(column) for column in columns), default=0)
        padded = [[*column, *[""] * (count - len(column))] for column in columns]
        return [dict(zip(PARTS, (cell.strip() for cell in row), strict=True)) for row in zip(*padded, strict=True)]

    def value_omitted_from_data(self, data: Any, files: Any, name: str) -> bool:
        return f"{name}-zh" not in data

    def get_context(self, name: str, value: Any, attrs: Any) -> dict[str, Any]:
        context = super().get_context(name, value, attrs)
        rows = [dict.fromkeys(PARTS, "") | dict(row) for row in value or []]
        rows += [dict.fromkeys(PARTS, "") for _ in range(ROWS - len(rows))]
        numbered = list(enumerate(rows))
        shown = max(FIRST, sum(any(row.values()) for row in rows) + 1)
        context["parts"] = [numbered[:shown], numbered[shown:]]
        return context


class CriteriaField(forms.Field):
    """Cleaned to criteria as a formula holds them: ``{key, name, most}`` and ``pass`` where given."""

    widget = CriteriaWidget

    def prepare_value(self, value: Any) -> Any:
        rows = []
        for row in value or []:
            name = row.get("name")
            shown = {"zh": name["zh"], "en": name["en"]} if isinstance(name, dict) else {}
            rows.append({**row, **shown})
        return rows

    def clean(self, value: Any) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = []
        faults = []
        for number, row in enumerate(value or [], 1):
            if any(row.values()):
                fault = _fault(number, row)
                if fault:
                    faults.append(ValidationError(fault))
                found.append(_criterion(len(found) + 1, row))
        if faults:
            raise ValidationError(faults)
        return found


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
    return None


def _criterion(number: int, row: dict[str, str]) -> dict[str, Any]:
    name = {"zh": row["zh"], "en": row["en"] or row["zh"]}
    made: dict[str, Any] = {"key": f"c{number}", "name": name, "most": row["most"]}
    return {**made, "pass": row["pass"]} if row["pass"] else made
