"""Settings of formulas that are lists, as form fields: coefficients to draw from, policy deductions, trimming, weighted groups."""

from __future__ import annotations

from decimal import Decimal, InvalidOperation
from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from yiwang.desks.buyer import deviation_field
from yiwang.desks.fields import LineField, ProseField
from yiwang.kernel.formula_book import FormulaTemplate
from yiwang.kernel.text import Text

CHOICES = "price.score.benchmark.choices"
REDUCTION = "price.score.benchmark.reduction"
DEDUCTIONS = "price.deductions"
TRIM = "price.score.benchmark.trim"
GROUPS = "groups"


class ChoicesField(LineField):
    """Coefficients, apart by blanks; cleaned to decimal texts, None when empty."""

    def clean(self, value: Any) -> list[str] | None:
        """The coefficients in their order."""
        words = str(super().clean(value) or "").replace("，", " ").replace(",", " ").replace("、", " ").split()
        for word in words:
            if _number(word) is None:
                raise ValidationError(Text(f"“{word}”不是数字，例如 0.02", f"“{word}” is no number, e.g. 0.02"))
        return words or None


class DeductionsField(ProseField):
    """One deduction a line: its name and percent; cleaned to what a formula holds, None when empty."""

    def clean(self, value: Any) -> list[dict[str, Any]] | None:
        """The deductions in their order, with codes d1, d2 ..."""
        found: list[dict[str, Any]] = []
        for line in str(super().clean(value) or "").splitlines():
            if not line.strip():
                continue
            name, _, share = line.strip().rpartition(" ")
            rate = _number(share.rstrip("%％"))
            if not name.strip() or rate is None:
                raise ValidationError(Text(f"“{line.strip()}”：应为名称、空格、百分数，例如“小微企业 10”",
                                           f"“{line.strip()}”: name, blank, percent, such as “small enterprise 10”"))  # fmt: skip
            shown = {"zh": name.strip(), "en": name.strip()}
            found.append({"code": f"d{len(found) + 1}", "name": shown, "rate": f"{rate / 100:f}"})
        return found or None


class TrimField(ProseField):
    """One rule a line: from how many quotes on, how many of the highest and of the lowest are left out of the mean; cleaned to what a
    formula holds, an empty list when none is left out.
    """

    def clean(self, value: Any) -> list[dict[str, int]]:
        """The rules in their order."""
        found = []
        for line in str(super().clean(value) or "").splitlines():
            words = line.split()
            if words and (len(words) != 3 or not all(word.isdecimal() for word in words)):
                raise ValidationError(Text(f"“{line.strip()}”：应为三个整数，例如“5 1 1”", f"“{line.strip()}”: three whole numbers, such as “5 1 1”"))
            if words:
                found.append(dict(zip(("from", "highest", "lowest"), map(int, words), strict=True)))
        return found

    def prepare_value(self, value: Any) -> Any:
        """Rules that a formula holds, as they are typed."""
        if not isinstance(value, list):
            return value
        return "\n".join(f"{row['from']} {row.get('highest', 0)} {row.get('lowest', 0)}" for row in value)


class GroupsField(ProseField):
    """One group a line: its name, its weight, and its pass mark if any; cleaned to what a formula holds with keys g1, g2 ...; None
    when empty.
    """

    def clean(self, value: Any) -> list[dict[str, Any]] | None:
        """The groups in their order."""
        lines = [line.strip() for line in str(super().clean(value) or "").splitlines() if line.strip()]
        return [self._row(line, f"g{number}") for number, line in enumerate(lines, 1)] or None

    def _row(self, line: str, key: str) -> dict[str, Any]:
        words = line.split()
        numbers = [word for word in words[1:] if _number(word) is not None]
        if len(words) < 2 or not 1 <= len(numbers) <= 2 or words[-len(numbers) :] != numbers:
            raise ValidationError(Text(f"“{line}”：应为名称、权重、及格分（选填），例如“技术组 0.8”",
                                       f"“{line}”: name, weight, pass mark (optional), such as “technical 0.8”"))  # fmt: skip
        name = " ".join(words[: -len(numbers)])
        row = {"key": key, "name": {"zh": name, "en": name}, "weight": numbers[0]}
        return {**row, "pass": numbers[1]} if len(numbers) == 2 else row

    def prepare_value(self, value: Any) -> Any:
        """Groups that a formula holds, as they are typed."""
        if not isinstance(value, list):
            return value
        return "\n".join(" ".join(filter(None, (row["name"]["zh"], row["weight"], row.get("pass", "")))) for row in value)


def columns(template: FormulaTemplate) -> tuple[str, ...]:
    """The further columns of the table of criteria that a formula has a use for."""
    scored = template.base.get("rank_by") == "score"
    grouped = any(each.path == GROUPS for each in template.settings)
    return (*(("group",) if grouped else ()), *(("kind", "drop") if scored else ()))


def _number(text: str) -> Decimal | None:
    try:
        number = Decimal(text)
    except InvalidOperation:
        return None
    return number if number.is_finite() else None


def field_of(path: str, label: Text) -> forms.Field | None:
    """The field of a setting; None when it is not one of these."""
    if path == deviation_field.PATH:
        return deviation_field.field(label)
    if path == CHOICES:
        hint = Text(
            "用空格分开，例如 0 0.01 0.02；填写后在开标现场公开抽取一个，上面的浮动系数不再使用。",
            "apart by blanks, such as 0 0.01 0.02; one of them is then drawn in public at the opening, in the place of the one above.",
        )
        return ChoicesField(label=label, required=False, help_text=hint)
    if path == TRIM:
        hint = Text(
            "每行三个整数：有效报价达到几个、去掉几个最高、去掉几个最低，例如“5 1 1”；满足几行的，按其中个数最大的一行去掉，其余求平均。留空不去掉。",
            "three whole numbers a line: from how many valid quotes on, how many highest and how many lowest are left out, such as “5 1 1”; "
            "of the lines that are met the one with the largest number counts. Empty: none is left out.",
        )
        return TrimField(label=label, required=False, rows=3, help_text=hint)
    if path == GROUPS:
        hint = Text(
            "每行一组：名称、权重（0至1）、及格分（选填），例如“技术组 0.8 30”；评分项表的“组号”填这里的行号。不分组的留空。",
            "one group a line: name, weight from 0 to 1, pass mark (optional), such as “technical 0.8 30”; in the table of criteria the "
            "group is the number of its line here. Empty: no groups.",
        )
        return GroupsField(label=label, required=False, rows=3, help_text=hint)
    if path == DEDUCTIONS:
        hint = Text(
            "每行一项：名称、空格、百分数，例如“小微企业 10”。投标人声明，评标委员会认可后只在评审时扣除。",
            "one a line: name, blank, percent, such as “small enterprise 10”. Claimed by tenderers, accepted by the committee, for evaluation only.",
        )
        return DeductionsField(label=label, required=False, rows=3, help_text=hint)
    return None


def settled(settings: dict[str, Any]) -> dict[str, Any]:
    """The settings with the coefficient left to be drawn where there is something to draw from."""
    return {**settings, REDUCTION: None} if settings.get(CHOICES) else settings
