"""Numbers in a dossier that would keep the computer busy for ever: ``"1e999999999"`` is a text of eleven characters."""

from __future__ import annotations

import re
from typing import Any

from yiwang.seal.shapes import ShapeError

_POWER = re.compile(r"\s*[+-]?[\d_]*\.?[\d_]*[eE][+-]?([\d_]+)\s*")
MOST = 99
"""Largest power of ten in which a number may be written."""


def tame(value: Any, path: str) -> None:
    """ShapeError when a text anywhere in the value is a number with an exponent above :data:`MOST`."""
    if isinstance(value, str):
        found = _POWER.fullmatch(value)
        if found and int(found[1].replace("_", "")[:4] or "0") > MOST:
            raise ShapeError(f"{path}: {value!r} is no number of this world")
    elif isinstance(value, dict):
        for key, item in value.items():
            tame(item, f"{path}.{key}")
    elif isinstance(value, list):
        for number, item in enumerate(value):
            tame(item, f"{path}[{number}]")
