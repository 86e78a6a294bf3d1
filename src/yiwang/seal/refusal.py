"""The text of a signed refusal: what a tenderer gets who came after the deadline, to keep and to show.

It is the text of a C2SP signed note, in lines of a name and a value. Its first line has spaces, so it can never be taken
for a checkpoint, which the same key signs: a checkpoint's first line is the log's name.
"""

from __future__ import annotations

import base64
import binascii
import re
from dataclasses import dataclass
from datetime import datetime

from yiwang.kernel.errors import BadInput, bad
from yiwang.kernel.moment import from_stamp, stamp

HEADER = "yiwang refusal v1"
NAMES = ("reason", "act", "tender", "lot", "tenderer", "envelope", "received", "deadline", "closing", "checkpoint", "key")
LATE = "late"
_NONE = "-"
_WORD = re.compile(r"[^\s\x00-\x1f\x7f]{1,300}")
_FORMS = {
    "reason": re.compile(LATE),
    "act": re.compile(r"[a-z_]+\.[a-z_]+"),
    "envelope": re.compile(r"-|[0-9a-f]{64}"),
    "closing": re.compile(r"-|0|[1-9][0-9]{0,15}"),
}


@dataclass(frozen=True, slots=True)
class Head:
    """A checkpoint: the log's name, its size, its root."""

    origin: str
    size: int
    root: bytes


@dataclass(frozen=True, slots=True)
class Refusal:
    """Who came too late with what.

    Attributes:
        act: what was tried: ``bid.submit``, ``bid.commit``.
        tender, lot: for what; ``lot`` is "" when none was named.
        tenderer: credit code of who came.
        envelope: SHA-256 of the sealed file in hex; "" when none was given.
        received, deadline: by the center's clock, whole seconds.
        closing: log index of the entry that closed bidding; None: not closed yet.
        seen: the newest checkpoint that enough witnesses cosigned; None: there is none.
        key: the verifier key that signs this, so that the file can be read alone.
    """

    act: str
    tender: str
    lot: str
    tenderer: str
    envelope: str
    received: datetime
    deadline: datetime
    closing: int | None
    seen: Head | None
    key: str

    def text(self) -> bytes:
        """The note's text."""
        seen = f"{self.seen.origin} {self.seen.size} {base64.b64encode(self.seen.root).decode()}" if self.seen else _NONE
        values = (
            LATE, self.act, self.tender, self.lot or _NONE, self.tenderer, self.envelope or _NONE, stamp(self.received),
            stamp(self.deadline), _NONE if self.closing is None else str(self.closing), seen, self.key,
        )  # fmt: skip
        return "".join(f"{line}\n" for line in (HEADER, *map(" ".join, zip(NAMES, values, strict=True)))).encode()

    @property
    def late(self) -> bool:
        """Whether the two moments in it say what it is for."""
        return self.received >= self.deadline


def is_refusal(note: bytes) -> bool:
    """Whether bytes begin like a signed refusal."""
    return note.startswith(HEADER.encode() + b"\n")


def parse(text: bytes) -> Refusal:
    """Read the text of a refusal (without signatures); what is read gives the very same text again.

    Raises:
        BadInput: it has not the form of :meth:`Refusal.text`; names the line.
    """
    try:
        header, *lines = text.decode().split("\n")
    except UnicodeDecodeError:
        raise _wrong("text") from None
    if header != HEADER or len(lines) != len(NAMES) + 1 or lines[-1]:
        raise _wrong("text")
    given = {}
    for name, line in zip(NAMES, lines, strict=False):
        found, space, value = line.partition(" ")
        if found != name or not space or not _FORMS.get(name, re.compile(".+")).fullmatch(value):
            raise _wrong(name)
        given[name] = value
    for name in ("tender", "lot", "tenderer", "key"):
        if not _WORD.fullmatch(given[name]):
            raise _wrong(name)
    return _refusal(given)


def _refusal(given: dict[str, str]) -> Refusal:
    return Refusal(
        given["act"], given["tender"], _some(given["lot"]), given["tenderer"], _some(given["envelope"]),
        _moment(given["received"], "received"), _moment(given["deadline"], "deadline"),
        int(given["closing"]) if _some(given["closing"]) else None, _head(given["checkpoint"]), given["key"],
    )  # fmt: skip


def _some(value: str) -> str:
    return "" if value == _NONE else value


def _moment(value: str, name: str) -> datetime:
    try:
        found = from_stamp(value)
    except ValueError:
        raise _wrong(name) from None
    if stamp(found) != value:
        raise _wrong(name)
    return found


def _head(value: str) -> Head | None:
    if value == _NONE:
        return None
    parts = value.split(" ")
    try:
        origin, size, root = parts
        head = Head(origin, int(size), base64.b64decode(root, validate=True))
    except (ValueError, binascii.Error):
        raise _wrong("checkpoint") from None
    same = f"{head.origin} {head.size} {base64.b64encode(head.root).decode()}" == value
    if not same or head.size < 0 or len(head.root) != 32 or not origin:
        raise _wrong("checkpoint")
    return head


def _wrong(name: str) -> BadInput:
    return bad(name, f"拒收回执的“{name}”不合格式", f"“{name}” of the refusal is malformed", code="refusal.form")
