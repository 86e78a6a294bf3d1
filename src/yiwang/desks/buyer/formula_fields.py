"""Settings of formulas that are lists, as form fields: coefficients to draw from, policy deductions."""

from __future__ import annotations

from decimal import Decimal, InvalidOperation
from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from yiwang.desks.fields import LineField, ProseField
from yiwang.kernel.text import Text

CHOICES = "price.score.benchmark.choices"
REDUCTION = "price.score.benchmark.reduction"
DEDUCTIONS = "price.deductions"


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


def _number(text: str) -> Decimal | None:
    try:
        number = Decimal(text)
    except InvalidOperation:
        return None
    return number if number.is_finite() else None


def field_of(path: str, label: Text) -> forms.Field | None:
    """The field of a setting; None when it is not one of these."""
    if path == CHOICES:
        hint = Text(
            "用空格分开，例如 0 0.01 0.02；填写后在开标现场公开抽取一个，上面的浮动系数不再使用。",
            "apart by blanks, such as 0 0.01 0.02; one of them is then drawn in public at the opening, in the place of the one above.",
        )
        return ChoicesField(label=label, required=False, help_text=hint)
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
