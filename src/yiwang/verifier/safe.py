"""Text out of a dossier is hostile input: what could command a terminal, or reorder what a reader sees, is made visible."""

from __future__ import annotations

import unicodedata

_UNSEEN = {"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"}
"""Unicode categories that are not seen, or that change how their neighbours are: controls, formats, surrogates, unassigned."""


def visible(text: str) -> str:
    """The text with every unseen character written as ``\\u{hex}``; line breaks, too."""
    if text.isascii() and text.isprintable():
        return text
    return "".join(f"\\u{{{ord(c):x}}}" if unicodedata.category(c) in _UNSEEN else c for c in text)
