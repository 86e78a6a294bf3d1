"""Bilingual text: every sentence that a user may read exists in Chinese and in English, side by side."""

from __future__ import annotations

from contextvars import ContextVar
from dataclasses import dataclass
from typing import Literal

Language = Literal["zh", "en"]

language: ContextVar[Language] = ContextVar("language", default="zh")
"""The reader's language in the running request or command."""


@dataclass(frozen=True, slots=True)
class Text:
    """A sentence in both languages; ``str()`` gives the one the reader chose."""

    zh: str
    en: str

    def __str__(self) -> str:
        return self.en if language.get() == "en" else self.zh

    def format(self, **values: object) -> Text:
        """Fill ``{name}`` places; a value that is itself a Text is filled per language."""
        zh = {k: v.zh if isinstance(v, Text) else v for k, v in values.items()}
        en = {k: v.en if isinstance(v, Text) else v for k, v in values.items()}
        return Text(self.zh.format(**zh), self.en.format(**en))


def text_of(data: dict[str, str]) -> Text:
    """Read a Text from data of the form ``{zh: ..., en: ...}``; KeyError names what is missing."""
    return Text(data["zh"], data["en"])
