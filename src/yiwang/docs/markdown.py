"""The little Markdown that the generated pages need."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from yiwang.kernel.text import Text

NOTE = "<!-- Made by `yiwang docs`; do not edit. -->"


def page(title: Text, *parts: str) -> str:
    """A whole page: note, title in both languages, parts with an empty line between."""
    return "\n\n".join([NOTE, f"# {both(title)}", *(part for part in parts if part)]) + "\n"


def both(text: Text) -> str:
    """Both languages on one line; one when they are equal."""
    return text.zh if text.zh == text.en or not text.en else f"{text.zh} · {text.en}"


def table(heads: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """A table; ``|`` and line ends inside cells are made harmless."""
    lines = ["| " + " | ".join(heads) + " |", "|" + "---|" * len(heads)]
    lines += ["| " + " | ".join(_cell(cell) for cell in row) + " |" for row in rows]
    return "\n".join(lines)


def bullets(items: Iterable[str]) -> str:
    """A list."""
    return "\n".join(f"- {item}" for item in items)


def _cell(text: str) -> str:
    return text.replace("|", "\\|").replace("\n", "<br>")
