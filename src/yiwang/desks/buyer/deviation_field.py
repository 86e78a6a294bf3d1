"""The standards for pricing deviations as a form field: one a line, with its unit, what a unit adds, and how many at most."""

from __future__ import annotations

from decimal import Decimal, InvalidOperation
from typing import Any

from django.core.exceptions import ValidationError

from yiwang.desks.fields import ProseField
from yiwang.kernel.errors import BadInput
from yiwang.kernel.formula_price import percent
from yiwang.kernel.money import fen_of, yuan
from yiwang.kernel.text import Text
from yiwang.ui.forms import ReasonError

PATH = "deviations"
HINT = Text(
    "每行一项：名称 单位 每单位金额（元）或报价的百分数 最多单位数，例如“迟延工期 日 4000 60”“多要求预付款 个百分点 0.03% 20”。"
    "只用于评审；超过最多单位数的属于重大偏差，应当否决。",
    "one a line: name, unit, what a unit adds (yuan, or percent of the price), how many units at most, such as “late day 4000 60” or "
    "“prepayment point 0.03% 20”. For evaluation alone; more units than that are a material deviation, to be rejected.",
)


class DeviationsField(ProseField):
    """Cleaned to what a formula holds, with keys d1, d2 ...; None when empty."""

    def clean(self, value: Any) -> list[dict[str, Any]] | None:
        """The standards in their order."""
        lines = [line.split() for line in str(super().clean(value) or "").splitlines() if line.strip()]
        return [_row(words, f"d{number}") for number, words in enumerate(lines, start=1)] or None

    def prepare_value(self, value: Any) -> Any:
        """Standards that a formula holds, as they are typed."""
        return "\n".join(map(_typed, value)) if isinstance(value, list) else value


def _row(words: list[str], key: str) -> dict[str, Any]:
    if len(words) < 4:
        line = " ".join(words)
        raise ValidationError(Text(f"“{line}”：应为名称、单位、每单位金额或百分数、最多单位数，用空格分开",
                                   f"“{line}”: name, unit, amount or percent of a unit, most units, apart by blanks"))  # fmt: skip
    *name, unit, rate, most = words
    row = {"key": key, "name": _both(" ".join(name)), "unit": _both(unit), "most": most}
    if not rate.endswith(("%", "％")):
        try:
            return {**row, "fen": fen_of(rate, field=PATH)}
        except BadInput as error:
            raise ReasonError(error.reasons[0]) from None
    try:
        share = Decimal(rate.rstrip("%％")) / 100
    except InvalidOperation:
        raise ValidationError(
            Text(f"“{rate}”不是百分数，例如 0.03%", f"“{rate}” is no percentage, e.g. 0.03%")
        ) from None
    return {**row, "of_price": f"{share:f}"}


def _both(text: str) -> dict[str, str]:
    return {"zh": text, "en": text}


def _typed(row: dict[str, Any]) -> str:
    rate = yuan(row["fen"]).replace(",", "") if "fen" in row else percent(Decimal(row["of_price"]))
    return f"{row['name']['zh']} {row['unit']['zh']} {rate} {row['most']}"


def field(label: Text) -> DeviationsField:
    """The field."""
    return DeviationsField(label=label, required=False, rows=3, help_text=HINT)
