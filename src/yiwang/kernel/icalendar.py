"""iCalendar (RFC 5545) as a calendar program reads it: one VCALENDAR of VEVENTs, folded lines, CRLF."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

PRODUCT = "-//yiwang//statutory clock//ZH"
FOLD = 75
"""Octets of a line before it is folded (RFC 5545, section 3.1)."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One event.

    Attributes:
        uid: the same for the same thing in every feed, so that a changed date moves the event and makes no second one.
        at: a moment (aware), or a whole day.
        summary, description: plain text. url: where it stands on the site.
        minutes: length of an event at a moment; 0: a mere moment.
    """

    uid: str
    at: datetime | date
    summary: str
    description: str = ""
    url: str = ""
    minutes: int = 0


def calendar(name: str, entries: Iterable[Entry], now: datetime) -> bytes:
    """A whole calendar in UTF-8.

    Args:
        name: shown by calendar programs. now: the moment at which it was made.
    """
    lines = ["BEGIN:VCALENDAR", "VERSION:2.0", f"PRODID:{PRODUCT}", "CALSCALE:GREGORIAN", "METHOD:PUBLISH",
             f"X-WR-CALNAME:{_text(name)}", "REFRESH-INTERVAL;VALUE=DURATION:PT1H"]  # fmt: skip
    for entry in entries:
        lines += _event(entry, now)
    lines.append("END:VCALENDAR")
    return b"".join(_folded(line) for line in lines)


def _event(entry: Entry, now: datetime) -> list[str]:
    lines = ["BEGIN:VEVENT", f"UID:{_text(entry.uid)}", f"DTSTAMP:{_moment(now)}", *_when(entry), f"SUMMARY:{_text(entry.summary)}"]
    if entry.description:
        lines.append(f"DESCRIPTION:{_text(entry.description)}")
    if entry.url:
        lines.append(f"URL:{_line(entry.url)}")
    return [*lines, "TRANSP:TRANSPARENT", "END:VEVENT"]


def _when(entry: Entry) -> list[str]:
    if isinstance(entry.at, datetime):
        end = entry.at + timedelta(minutes=entry.minutes)
        return [f"DTSTART:{_moment(entry.at)}", *([f"DTEND:{_moment(end)}"] if entry.minutes else [])]
    return [f"DTSTART;VALUE=DATE:{entry.at:%Y%m%d}", f"DTEND;VALUE=DATE:{entry.at + timedelta(days=1):%Y%m%d}"]


def _moment(moment: datetime) -> str:
    return f"{moment.astimezone(UTC):%Y%m%dT%H%M%SZ}"


def _text(text: str) -> str:
    escaped = text.replace("\\", "\\\\").replace(";", "\\;").replace(",", "\\,")
    return "\\n".join(_line(part) for part in escaped.splitlines())


def _line(text: str) -> str:
    """Without control characters: none may break out of its line."""
    return "".join(char for char in text if char >= " " and char != "\x7f")


def _folded(line: str) -> bytes:
    """Lines of at most 75 octets, never cut inside a character; the following ones begin with a space."""
    parts: list[bytes] = []
    part = b""
    for char in line:
        octets = char.encode("utf-8")
        if len(part) + len(octets) > FOLD - (1 if parts else 0):
            parts.append(part)
            part = b""
        part += octets
    return b"\r\n ".join([*parts, part]) + b"\r\n"
