"""What components take. Every place also accepts a dict with the same keys, or any object with these attributes.

``label``s and sentences are ``Text`` or ``str``; moments are aware; money is integer fen.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, Literal

from yiwang.kernel.text import Text
from yiwang.kernel.transitions import Transition
from yiwang.kernel.verdict import Reason, Verdict

Words = Text | str
StepState = Literal["done", "now", "next", "skipped"]
TagKind = Literal["neutral", "open", "wait", "good", "bad", "stopped", "final"]
Kind = Literal["text", "money", "wan", "number", "when", "day", "hash", "size", "tag"]


@dataclass(frozen=True, slots=True)
class Seal:
    """What was recorded in the log: ``index`` is the one public number; ``check_url`` says how to check it."""

    index: int | str
    act: Words
    at: datetime | None = None
    entry_hash: str = ""
    check_url: str = ""
    disclosed: bool = True


@dataclass(frozen=True, slots=True)
class Step:
    """One mark of a timeline.

    ``when`` is the moment it happened or will happen, ``until`` its last moment, ``who`` acted or must act,
    ``article`` asks for it, ``note`` adds one short sentence (``第 20 个工作日``), ``url`` leads to its page and
    ``seal`` to its evidence.
    """

    name: Words
    state: StepState
    when: datetime | date | None = None
    until: datetime | date | None = None
    who: Words = ""
    article: str = ""
    note: Words = ""
    url: str = ""
    seal: Seal | None = None


@dataclass(frozen=True, slots=True)
class Possible:
    """An act that the reader can do now: ``name`` is the verb of the button, ``url`` its page."""

    name: Words
    url: str
    until: datetime | None = None
    note: Words = ""
    article: str = ""


@dataclass(frozen=True, slots=True)
class Blocked:
    """An act that the reader cannot do now, with the kernel's reasons."""

    name: Words
    reasons: tuple[Reason, ...]


def possible(row: Transition, url: str, until: datetime | None = None) -> Possible:
    """The next-step entry of one row of a transition table."""
    return Possible(row.name, url, until, article="；".join(row.articles))


def blocked(row: Transition, verdict: Verdict) -> Blocked:
    """The why-not entry of one row whose permit said no."""
    return Blocked(row.name, verdict.reasons)


@dataclass(frozen=True, slots=True)
class Receipt:
    """A receipt card. ``facts`` are (label, value) pairs or :class:`Fact`; ``checkpoint`` is its short form."""

    title: Words
    index: int | str
    entry_hash: str
    at: datetime
    checkpoint: str = ""
    facts: Sequence[Any] = ()
    check_url: str = ""
    download_url: str = ""
    print_url: str = ""


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """The log's state in the footer of every page.

    ``url`` says whether the log still agrees with it, ``full_url`` is the same with scheme and host, for the QR code in
    print; ``witnesses`` is how many cosigned it, ``quorum`` whether they are enough.
    """

    size: int
    root_hash: str
    at: datetime
    url: str = ""
    witnesses: int = 0
    full_url: str = ""
    quorum: bool = True

    @property
    def short(self) -> str:
        """Size and the first 16 digits of the root: short enough to copy by hand."""
        return f"{self.size} · {self.root_hash[:16]}"


@dataclass(frozen=True, slots=True)
class Fact:
    """One row of a facts grid. ``kind`` says how ``value`` is shown."""

    label: Words
    value: Any
    kind: Kind = "text"
    url: str = ""
    note: Words = ""
    seal: Seal | None = None


@dataclass(frozen=True, slots=True)
class Tag:
    """A status pill: a word and a shape."""

    label: Words
    kind: TagKind = "neutral"


@dataclass(frozen=True, slots=True)
class Link:
    """A breadcrumb, tab or menu entry; ``count`` shows how many things stand behind it."""

    label: Words
    url: str = ""
    current: bool = False
    count: int | None = None


@dataclass(frozen=True, slots=True)
class Waiting:
    """One thing that waits for the reader, in the desk's left list."""

    name: Words
    url: str
    until: datetime | None = None
    what: Words = ""
    current: bool = False
    soon: bool = False
    over: bool = False


@dataclass(frozen=True, slots=True)
class Actor:
    """Who is signed in, for the header."""

    name: str
    role: Words = ""
    organisation: str = ""
    desk_url: str = ""
    sign_out_url: str = ""


@dataclass(frozen=True, slots=True)
class File:
    """One file: ``size`` in bytes, ``sha256`` in hexadecimal."""

    name: str
    url: str = ""
    size: int | None = None
    sha256: str = ""
    kind: Words = ""
    at: datetime | None = None
    note: Words = ""


@dataclass(frozen=True, slots=True)
class Person:
    """One person. ``masked`` hides the name until it becomes public."""

    name: str
    role: Words = ""
    organisation: str = ""
    masked: bool = False


@dataclass(frozen=True, slots=True)
class AgendaItem:
    """One point of a meeting's agenda."""

    name: Words
    state: StepState = "next"
    when: datetime | None = None
    who: Words = ""
    note: Words = ""


def facts_of(rows: Iterable[Any]) -> list[Any]:
    """Facts from a mix of (label, value), (label, value, kind) and Fact."""
    return [Fact(*row) if isinstance(row, (tuple, list)) else row for row in rows]


@dataclass(frozen=True, slots=True)
class Filter:
    """One filter of a table, kept in the address.

    ``choices`` are (value, label) pairs; without choices it is a search field. ``value`` is the one in force.
    """

    name: str
    label: Words
    choices: Sequence[tuple[str, Words]] = field(default=())
    value: str = ""
    hint: Words = ""
