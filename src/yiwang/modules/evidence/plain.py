"""Rows read by plain SQL where every request or act asks for them: composing the same query anew costs more than it does."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

from django.db import connection, models


def columns(model: type[models.Model], alias: str = "") -> str:
    """The columns of a model's table, as they stand in a SELECT, in the order that :func:`instance` takes."""
    before = f"{alias}." if alias else ""
    return ", ".join(f'{before}"{field.column}"' for field in model._meta.concrete_fields)


def instance(model: type[models.Model], values: Sequence[Any]) -> Any:
    """The model's object from the values of :func:`columns`; the driver leaves JSON to Django."""
    fields = model._meta.concrete_fields
    read = [_value(field, value) for field, value in zip(fields, values, strict=True)]
    return model.from_db(connection.alias, [field.attname for field in fields], read)


def _value(field: Any, value: Any) -> Any:
    return json.loads(value) if isinstance(field, models.JSONField) and isinstance(value, str) else value
