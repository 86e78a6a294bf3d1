"""Rows read and written by plain SQL where every request or act does so: composing the same query anew costs more than it does."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import datetime
from functools import lru_cache
from typing import Any
from uuid import UUID

from django.db import connection, models

_READY = (str, int, bytes, bool, datetime, UUID, type(None))
"""Types of values that the driver takes as they are."""


@lru_cache(maxsize=64)
def columns(model: type[models.Model], alias: str = "") -> str:
    """The columns of a model's table, as they stand in a SELECT, in the order that :func:`instance` takes."""
    before = f"{alias}." if alias else ""
    return ", ".join(f'{before}"{field.column}"' for field in model._meta.concrete_fields)


def instance(model: type[models.Model], values: Sequence[Any]) -> Any:
    """The model's object from the values of :func:`columns`; the driver leaves JSON to Django."""
    names, documents = _shape(model)
    read = list(values)
    for place in documents:
        if isinstance(read[place], str):
            read[place] = json.loads(read[place])
    return model.from_db(connection.alias, names, read)


def picture(made: models.Model) -> tuple[Any, ...]:
    """The values of an object's row, to be compared with those of a later moment."""
    names, documents = _shape(type(made))
    values = [getattr(made, name) for name in names]
    for place in documents:
        values[place] = repr(values[place])
    return tuple(values)


def insert(made: models.Model) -> None:
    """Write the row of a new object, whose key the database gives."""
    model: Any = type(made)
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO {model._meta.db_table} ({places(model)[0]}) VALUES ({places(model)[1]}) RETURNING {model._meta.pk.column}",
            row(made),
        )
        made.pk = cursor.fetchone()[0]
    made._state.adding, made._state.db = False, connection.alias


@lru_cache(maxsize=64)
def places(model: type[models.Model]) -> tuple[str, str]:
    """The columns of a new row without its key, and as many places for the values that :func:`row` gives."""
    fields = [field for field in model._meta.concrete_fields if not field.primary_key]
    return ", ".join(f'"{field.column}"' for field in fields), ", ".join(["%s"] * len(fields))


def row(made: models.Model) -> list[Any]:
    """The values of an object's row without its key, as the driver takes them."""
    fields = ((field, getattr(made, field.attname)) for field in made._meta.concrete_fields if not field.primary_key)
    return [value if type(value) in _READY else field.get_db_prep_save(value, connection) for field, value in fields]


@lru_cache(maxsize=64)
def _shape(model: type[models.Model]) -> tuple[list[str], list[int]]:
    """The names of a row's values, and the places of those that are JSON."""
    fields = model._meta.concrete_fields
    return [field.attname for field in fields], [n for n, field in enumerate(fields) if isinstance(field, models.JSONField)]
