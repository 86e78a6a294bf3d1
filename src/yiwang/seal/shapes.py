"""Strict reading of canonical JSON: exactly the named keys, exactly the named types, exactly the canonical bytes."""

from __future__ import annotations

import base64
import binascii
import json
import re
from collections.abc import Mapping
from typing import Any

from yiwang.kernel.canonical import canonical

_HEX64 = re.compile(r"[0-9a-f]{64}")


class ShapeError(ValueError):
    """A value has not the shape that the format asks for; the message names the path."""


def read_canonical(data: bytes) -> Any:
    """Parse JSON that must be canonical byte for byte (so it has no doubled keys, no floats, one form only).

    Raises:
        ShapeError: not JSON, or not in canonical form.
    """
    try:
        value = json.loads(data.decode("utf-8"))
        same = canonical(value) == data
    except (ValueError, TypeError, RecursionError) as error:
        raise ShapeError(f"not canonical JSON ({error})") from None
    if not same:
        raise ShapeError("not canonical JSON (RFC 8785)")
    return value


def fields(value: Any, path: str, types: Mapping[str, type | tuple[type, ...]]) -> dict[str, Any]:
    """``value`` as an object with exactly the keys of ``types``, each of its type. ShapeError names key and path."""
    if not isinstance(value, dict):
        raise ShapeError(f"{path} is not an object")
    unknown, missing = sorted(value.keys() - types.keys()), sorted(types.keys() - value.keys())
    if unknown:
        raise ShapeError(f"{path} has the unknown key {unknown[0]!r}")
    if missing:
        raise ShapeError(f"{path} lacks the key {missing[0]!r}")
    for key, kind in types.items():
        allowed = kind if isinstance(kind, tuple) else (kind,)
        # bool is an int in Python, but true is not a number in JSON
        if not isinstance(value[key], allowed) or (isinstance(value[key], bool) and bool not in allowed):
            raise ShapeError(f"{path}.{key} has the wrong type")
    return value


def check_hex(text: str, path: str) -> str:
    """``text`` when it is a SHA-256 in 64 lower-case hex digits; ShapeError otherwise."""
    if not _HEX64.fullmatch(text):
        raise ShapeError(f"{path} is not a SHA-256 in lower-case hex")
    return text


def to_base64(data: bytes) -> str:
    """Standard base64 with padding, without line breaks."""
    return base64.b64encode(data).decode("ascii")


def from_base64(text: str, path: str, *, size: int | None = None) -> bytes:
    """Bytes of strict base64 (one form only), of ``size`` bytes when given; ShapeError otherwise."""
    try:
        data = base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        raise ShapeError(f"{path} is not base64") from None
    if to_base64(data) != text:
        raise ShapeError(f"{path} is not base64 in its one standard form")
    if size is not None and len(data) != size:
        raise ShapeError(f"{path} has {len(data)} bytes, not {size}")
    return data
