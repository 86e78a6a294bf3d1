"""One way to show a value of a given kind, shared by facts grids and tables."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from django.template.loader import render_to_string

from yiwang.ui import formats


def pick(thing: Any, name: str) -> Any:
    """``thing[name]`` of a mapping or ``thing.name`` of an object; None when absent."""
    return thing.get(name) if isinstance(thing, Mapping) else getattr(thing, name, None)


def tag_html(tag: Any) -> str:
    """A status pill from a Tag or a dict with ``label`` and ``kind``."""
    return render_to_string("ui/parts/tag.html", tag_context(pick(tag, "label"), pick(tag, "kind") or "neutral"))


TAG_ICONS = {
    "neutral": "ring",
    "open": "dot",
    "wait": "clock",
    "good": "check",
    "bad": "cross",
    "stopped": "bar",
    "final": "seal",
}


def tag_context(label: Any, kind: str) -> dict[str, Any]:
    """The context of ``ui/parts/tag.html``; KeyError for an unknown kind."""
    return {"label": label, "kind": kind, "icon": TAG_ICONS[kind]}


def _text(value: Any) -> Any:
    return formats.NOTHING if value is None or value == "" else value


KINDS: dict[str, Callable[[Any], Any]] = {
    "text": _text,
    "money": formats.money_html,
    "wan": formats.wan_html,
    "number": lambda value: formats.NOTHING if value is None else f"{value:,}" if isinstance(value, int) else value,
    "when": formats.when_html,
    "day": formats.day_html,
    "hash": formats.hash_html,
    "size": formats.size_text,
    "tag": lambda value: tag_html(value) if value else formats.NOTHING,
}


def show(value: Any, kind: str = "text") -> Any:
    """The value as a page shows it; KeyError for an unknown kind."""
    return KINDS[kind](value)
