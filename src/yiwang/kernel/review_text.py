"""Sentences of a text with their places, numbers and dates in Chinese prose."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal

from yiwang.kernel.moment import LOCAL

LONGEST = 600
"""Characters of one sentence; a longer run without a full stop is cut, so that patterns stay fast."""

_END = re.compile(r"[。；！？!?;]|\n")
_DIGITS = {char: value for value, char in enumerate("零一二三四五六七八九")} | {"两": 2, "〇": 0}
_UNITS = {"十": 10, "百": 100, "千": 1000, "万": 10_000, "亿": 100_000_000}
_DATE = re.compile(r"(20[0-9]{2})[年./-]([0-9]{1,2})[月./-]([0-9]{1,2})日?(?:[^0-9，。；]{0,6}([0-9]{1,2})[时点:：]([0-9]{1,2})?)?")


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence: its words, the line (from 1) and the offsets in the text at which it stands."""

    words: str
    line: int
    start: int
    end: int

    @property
    def bare(self) -> str:
        """Without blanks, full-width digits made plain: what patterns are matched against."""
        return re.sub(r"\s+", "", self.words).translate(_WIDE)


_WIDE = {0xFF10 + n: 0x30 + n for n in range(10)} | {ord("（"): "(", ord("）"): ")"}


def sentences(text: str) -> Iterator[Sentence]:
    """The sentences of a text in order; blank ones are left out."""
    start, line = 0, 1
    for end in [*(match.end() for match in _END.finditer(text)), len(text)]:
        piece = text[start:end]
        for cut in range(0, len(piece), LONGEST):
            words = piece[cut : cut + LONGEST]
            lead = len(words) - len(words.lstrip())
            if words.strip():
                at = start + cut + lead
                yield Sentence(words.strip(), line + piece[: cut + lead].count("\n"), at, at + len(words.strip()))
        line += piece.count("\n")
        start = end


def joined(lines: list[str]) -> str:
    """Lines of a page, as a printer broke them, made paragraphs again: a line without a full stop goes on in the next one."""
    out: list[str] = []
    for line in lines:
        words = line.strip()
        if out and words and len(out[-1]) >= 15 and not re.search(r"[。；：！？:;.]$", out[-1]) and not _begins(words):
            out[-1] += words
        elif words:
            out.append(words)
    return "\n".join(out)


def _begins(line: str) -> bool:
    """True when a line looks like the beginning of a numbered paragraph."""
    return bool(re.match(r"(?:第[一二三四五六七八九十百0-9]+[章节条]|[(（]?[一二三四五六七八九十0-9]+[)）、.．])", line))


def number(words: str) -> Decimal | None:
    """A number as written, Arabic or Chinese, with 万 and 亿; None when it is none."""
    factor = Decimal(1)
    while words and words[-1] in "万亿":
        factor *= _UNITS[words[-1]]
        words = words[:-1]
    if re.fullmatch(r"[0-9]+(?:\.[0-9]+)?", words):
        return Decimal(words) * factor
    total, digit = 0, 0
    for char in words:
        if char in _DIGITS:
            digit = _DIGITS[char]
        elif char in "十百千":
            total += (digit or 1) * _UNITS[char]
            digit = 0
        else:
            return None
    return Decimal(total + digit) * factor if words else None


def dates(words: str) -> list[datetime]:
    """The dates in a sentence, aware (Asia/Shanghai); without a time of day, the end of that day."""
    found = []
    for match in _DATE.finditer(words):
        year, month, day, hour, minute = (int(part) if part else None for part in match.groups())
        try:
            on = date(year or 0, month or 0, day or 0)
            at = time(hour, minute or 0) if hour is not None and hour < 24 else None
        except ValueError:
            continue
        found.append(datetime.combine(on, at, tzinfo=LOCAL) if at else datetime.combine(on + timedelta(days=1), time(0), tzinfo=LOCAL))
    return found
