"""Canonical JSON (RFC 8785) for the values that acts are made of, and the hashes over it.

Floats are refused: money is integer fen, scores are decimal strings. Without floats, with ASCII keys and integers
below 2**53, Python's own encoder already gives the bytes that RFC 8785 asks for.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from typing import Any

_NO_FORM = "{path}: {kind} has no canonical form; use text, an integer, true, false, null, a list or an object"


def canonical(value: Any) -> bytes:
    """RFC 8785 bytes of a value of dicts, lists, text, integers, booleans and None.

    Raises:
        TypeError: a float or any other type, naming the path to it.
        ValueError: an integer beyond 2**53, a key that is not ASCII, a lone surrogate.
    """
    _check(value, "$")
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode("utf-8")


def digest(value: Any) -> str:
    """Hex SHA-256 of the canonical JSON of a value."""
    return hashlib.sha256(canonical(value)).hexdigest()


def _check(value: Any, path: str) -> None:
    if value is None or isinstance(value, str | bool):
        return
    if isinstance(value, int):
        if abs(value) >= 2**53:
            raise ValueError(f"{path}: {value} is beyond 2**53; write it as text")
    elif isinstance(value, Mapping):
        for key, item in value.items():
            if not isinstance(key, str) or not key.isascii():
                raise ValueError(f"{path}: the key {key!r} is not ASCII text")
            _check(item, f"{path}.{key}")
    elif isinstance(value, Sequence) and not isinstance(value, bytes):
        for number, item in enumerate(value):
            _check(item, f"{path}[{number}]")
    else:
        raise TypeError(_NO_FORM.format(path=path, kind=type(value).__name__))
