"""A table of rows as one form field, that works without script: empty rows are left out. Used for lots and required documents."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from yiwang.kernel.errors import BadInput
from yiwang.kernel.money import fen_of
from yiwang.kernel.text import Text


@dataclass(frozen=True, slots=True)
class Cell:
    """One column: its key, its heading, whether it must be filled in, whether it is an amount, or what may be chosen."""

    key: str
    title: Text
    required: bool = False
    money: bool = False
    choices: tuple[tuple[str, Text], ...] = ()


class RowsWidget(forms.Widget):
    """Rows of inputs, the first of them open, the others folded away."""

    template_name = "desks/widgets/rows.html"
    use_fieldset = True

    def __init__(self, cells: tuple[Cell, ...], shown: int, most: int) -> None:
        super().__init__()
        self.cells, self.shown, self.most = cells, shown, most

    def id_for_label(self, id_: str) -> str:
        return f"{id_}-0-{self.cells[0].key}"

    def value_from_datadict(self, data: Any, files: Any, name: str) -> list[dict[str, str]]:
        columns = [data.getlist(f"{name}-{cell.key}") if hasattr(data, "getlist") else [] for cell in self.cells]
        count = min(self.most, max((len(column) for column in columns), default=0))
        padded = [[*column, *[""] * (count - len(column))][:count] for column in columns]
        keys = [cell.key for cell in self.cells]
        return [dict(zip(keys, (text.strip() for text in row), strict=True)) for row in zip(*padded, strict=True)]

    def value_omitted_from_data(self, data: Any, files: Any, name: str) -> bool:
        return f"{name}-{self.cells[0].key}" not in data

    def get_context(self, name: str, value: Any, attrs: Any) -> dict[str, Any]:
        context = super().get_context(name, value, attrs)
        rows = [[(cell, str(row.get(cell.key, ""))) for cell in self.cells] for row in value or []]
        rows += [[(cell, "") for cell in self.cells] for _ in range(self.most - len(rows))]
        numbered = list(enumerate(rows, 1))
        shown = max(self.shown, sum(any(text for _, text in row) for row in rows) + 1)
        return {**context, "cells": self.cells, "parts": [numbered[:shown], numbered[shown:]]}


class RowsField(forms.Field):
    """Cleaned to the filled rows as dicts; amounts become integer fen, empty ones None."""

    def __init__(self, cells: tuple[Cell, ...], *, shown: int = 3, most: int = 20, **options: Any) -> None:
        self.cells = cells
        super().__init__(widget=RowsWidget(cells, shown, most), **options)

    def clean(self, value: Any) -> list[dict[str, Any]]:
        found, faults = [], []
        for number, row in enumerate(value or [], 1):
            typed = {cell.key: row[cell.key] for cell in self.cells if not cell.choices}
            if not any(typed.values()):
                continue
            try:
                found.append({cell.key: _cleaned(cell, row[cell.key], number) for cell in self.cells})
            except ValidationError as fault:
                faults.append(fault)
        if faults:
            raise ValidationError(faults)
        return found


def _cleaned(cell: Cell, text: str, number: int) -> Any:
    if not text and cell.required:
        zh, en = f"第 {number} 行：请填写{cell.title.zh}", f"row {number}: give the {cell.title.en.lower()}"
        raise ValidationError(Text(zh, en))
    if not cell.money:
        return text
    if not text:
        return None
    try:
        return fen_of(text)
    except BadInput as error:
        said = error.reasons[0].message
        raise ValidationError(Text(f"第 {number} 行{cell.title.zh}：{said.zh}", f"row {number}, {cell.title.en.lower()}: {said.en}")) from None
