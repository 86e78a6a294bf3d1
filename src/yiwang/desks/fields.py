"""Fields of the desks' forms: money in yuan, moments in local time, numbers, choices; errors in both languages."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from decimal import Decimal, InvalidOperation
from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from yiwang.kernel import moment
from yiwang.kernel.errors import BadInput
from yiwang.kernel.money import fen_of, yuan
from yiwang.kernel.text import Text
from yiwang.ui.forms import ReasonError

Choices = Iterable[tuple[str, Text | str]]


class YuanField(forms.CharField):
    """An amount typed in yuan (``1,234,567.89``); cleaned to integer fen, None when empty."""

    def __init__(self, **options: Any) -> None:
        options.setdefault(
            "help_text",
            Text("单位：元，最多两位小数，例如 1,234,567.89", "In yuan, at most two decimals, e.g. 1,234,567.89"),
        )
        super().__init__(max_length=30, **options)
        self.widget.attrs.update({"inputmode": "decimal", "autocomplete": "off", "class": "amount"})

    def clean(self, value: Any) -> Any:
        text = super().clean(value)
        if not text:
            return None
        try:
            return fen_of(text)
        except BadInput as error:
            raise ReasonError(error.reasons[0]) from None

    def prepare_value(self, value: Any) -> Any:
        return yuan(value) if isinstance(value, int) else value


class DecimalTextField(forms.CharField):
    """A decimal number kept as text, since scores and weights enter evidence as decimal strings."""

    def __init__(self, **options: Any) -> None:
        super().__init__(max_length=20, **options)
        self.widget.attrs.update({"inputmode": "decimal", "autocomplete": "off", "class": "amount"})

    def clean(self, value: Any) -> Any:
        text = super().clean(value)
        if not text:
            return ""
        try:
            number = Decimal(text)
        except InvalidOperation:
            raise ValidationError(Text(f"“{text}”不是数字", f"“{text}” is not a number")) from None
        if not number.is_finite():
            raise ValidationError(Text("请填写一个确定的数字", "give a definite number"))
        return text


class MomentField(forms.DateTimeField):
    """A moment in local time (Asia/Shanghai); cleaned to an aware moment."""

    def __init__(self, **options: Any) -> None:
        options.setdefault("help_text", Text("北京时间", "Beijing time"))
        widget = forms.DateTimeInput(format="%Y-%m-%dT%H:%M", attrs={"type": "datetime-local"})
        wrong = Text("请填写日期和时间，例如 2026-11-23 09:30", "Give a date and a time, e.g. 2026-11-23 09:30")
        super().__init__(widget=widget, error_messages={"invalid": wrong}, **options)

    def prepare_value(self, value: Any) -> Any:
        return (
            value.astimezone(moment.LOCAL).replace(tzinfo=None)
            if isinstance(value, datetime) and value.tzinfo
            else value
        )


class WholeField(forms.IntegerField):
    """A whole number within bounds."""

    def __init__(self, *, least: int, most: int, **options: Any) -> None:
        wrong = Text(f"请填写 {least} 至 {most} 的整数", f"Give a whole number from {least} to {most}")
        messages: Any = {"invalid": wrong, "min_value": wrong, "max_value": wrong}
        super().__init__(min_value=least, max_value=most, error_messages=messages, **options)


class PickField(forms.ChoiceField):
    """One of several; ``radio`` shows them all at once."""

    def __init__(self, *, choices: Choices, radio: bool = False, **options: Any) -> None:
        messages: Any = {"invalid_choice": Text("请从列出的选项中选择", "Choose one of those listed")}
        widget: Any = forms.RadioSelect if radio else forms.Select
        super().__init__(choices=list(choices), widget=widget, error_messages=messages, **options)


class PickManyField(forms.MultipleChoiceField):
    """Several of several, as boxes to tick."""

    def __init__(self, *, choices: Choices, **options: Any) -> None:
        messages: Any = {"invalid_choice": Text("请从列出的选项中选择", "Choose from those listed"),
                         "invalid_list": Text("请从列出的选项中选择", "Choose from those listed")}  # fmt: skip
        super().__init__(choices=list(choices), widget=forms.CheckboxSelectMultiple, error_messages=messages, **options)


class LineField(forms.CharField):
    """One line of text."""

    def __init__(self, *, most: int = 200, **options: Any) -> None:
        too_long: Any = {"max_length": Text(f"最多 {most} 个字", f"At most {most} characters")}
        super().__init__(max_length=most, error_messages=too_long, **options)


class UploadField(forms.FileField):
    """A file, with its words in both languages."""

    def __init__(self, **options: Any) -> None:
        messages: Any = {"empty": Text("文件是空的", "the file is empty"), "invalid": Text("请选择一个文件", "choose a file")}
        super().__init__(error_messages=messages, **options)


class ProseField(forms.CharField):
    """Several lines of text."""

    def __init__(self, *, rows: int = 5, most: int = 20_000, **options: Any) -> None:
        too_long: Any = {"max_length": Text(f"最多 {most} 个字", f"At most {most} characters")}
        super().__init__(
            max_length=most, widget=forms.Textarea(attrs={"rows": rows}), error_messages=too_long, **options
        )
