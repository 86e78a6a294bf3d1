"""The rules of the statutory clock as read from law/clock.yaml: what each rule says, not how it is counted.

A center may add rules, events and laws of its own in a ``clock.yaml`` of the same form in its own folder of law; it cannot
change one of those that come with the program.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from pathlib import Path

from yiwang.kernel.errors import BadInput
from yiwang.kernel.lawfile import LawFile, Where, law_path, own_files, read
from yiwang.kernel.text import Text
from yiwang.kernel.verdict import Reason

UNITS = {
    "natural_day": Text("日", "day"),
    "working_day": Text("个工作日", "workday"),
    "hour": Text("小时", "hour"),
    "minute": Text("分钟", "minute"),
    "month": Text("个月", "month"),
    "year": Text("年", "year"),
    "session": Text("当场", "the same session"),
    "period_end": Text("期间内", "the period"),
}
CAUSES = ("objection", "suspension", "examination")
"""What can stop a clock: an objection awaiting its reply, an ordered suspension, an inspection or appraisal."""

_REQUIRED = ("id", "trade", "methods", "actor", "from", "to", "bound", "amount", "unit", "direction")
_KEYS = (*_REQUIRED, "law", "article", "kind", "source", "read_in", "full_days", "rolls", "paused_by", "until", "note",
         "since", "ended", "warn_from")  # fmt: skip


@dataclass(frozen=True, slots=True)
class Law:
    """A law or rule: short key, name in both languages, number of the document."""

    key: str
    name: Text
    doc: str


@dataclass(frozen=True, slots=True)
class Rule:
    """One period of the law.

    Attributes:
        id: stable id, e.g. ``GC-01``.
        trade: ``construction``, ``gov_procurement``, ``land``, ``mining``, ``property_rights`` or ``all``.
        methods: procedures' methods that it belongs to (``open_tender`` ...), or ``all``.
        from_event, to_event: keys of the two events; ``until``: event that ends the period of a ``within`` rule.
        bound: ``min`` (at least) or ``max`` (at most); amount and unit: the length.
        direction: ``after``, ``before`` or ``within``.
        hard: True blocks the act, False only warns.
        full_days: the last day must have passed whole. rolls: a last day of rest moves to the next workday.
        paused_by: causes that stop this clock.
        source: ``verified`` or ``general_knowledge``; read_in: the text in which it was read.
        since, ended: dates between which it is law (None: open). warn_from: from this day until ``since`` it warns.
    """

    id: str
    trade: str
    methods: tuple[str, ...]
    actor: str
    from_event: str
    to_event: str
    bound: str
    amount: int
    unit: str
    direction: str
    law: Law
    article_no: str
    hard: bool
    source: str
    names: tuple[Text, Text]
    read_in: str = ""
    full_days: bool = False
    rolls: bool = True
    paused_by: tuple[str, ...] = ()
    until: str = ""
    note: str = ""
    since: date | None = None
    ended: date | None = None
    warn_from: date | None = None

    @property
    def article(self) -> str:
        """The article as the law is cited, e.g. ``招标投标法 第24条``; the document's number where none is known."""
        return self._cited.zh

    @property
    def _cited(self) -> Text:
        if self.article_no:
            shown = self.article_no.replace(", ", "、").replace("-", "至")
            return Text(f"{self.law.name.zh} 第{shown}条", f"{self.law.name.en}, article {self.article_no}")
        doc = self.law.doc
        return Text(f"{self.law.name.zh}（{doc}）", f"{self.law.name.en} ({doc})") if doc else self.law.name

    @property
    def cited(self) -> Text:
        """The article in both languages."""
        return self._cited

    @property
    def length(self) -> Text:
        """The length in words: ``20日`` / ``20 days``."""
        unit = UNITS[self.unit]
        if self.unit in ("session", "period_end"):
            return unit
        plural = "" if self.amount == 1 else "s"
        return Text(f"{self.amount}{unit.zh}", f"{self.amount} {unit.en}{plural}")

    @property
    def title(self) -> Text:
        """The rule in one sentence, made from its data."""
        first, second = self.names
        if self.unit == "session" or self.direction == "within":
            within = (
                Text("当场", "in the same session") if self.unit == "session" else Text("期间内", "within the period")
            )
            return Text(
                f"{second.zh}须在{within.zh}（自{first.zh}起）",
                f"{second.en}: {within.en} that starts with “{first.en}”",
            )
        if self.amount == 0:
            return Text(f"{second.zh}与{first.zh}为同一时间", f"{second.en}: at the same moment as “{first.en}”")
        least = self.bound == "min"
        if self.direction == "before":
            zh, en = ("至少", "at least") if least else ("至多", "at most")
            return Text(
                f"{first.zh}须在{second.zh}{zh}{self.length.zh}前",
                f"{first.en}: {en} {self.length.en} before “{second.en}”",
            )
        zh, en = ("不少于", "at least") if least else ("不超过", "at most")
        return Text(
            f"自{first.zh}至{second.zh}{zh}{self.length.zh}",
            f"from “{first.en}” to “{second.en}”: {en} {self.length.en}",
        )

    def in_force(self, day: date) -> bool:
        """Whether the rule is law on that day."""
        return (self.since is None or day >= self.since) and (self.ended is None or day <= self.ended)

    def announced(self, day: date) -> bool:
        """Whether the rule is not yet law on that day but already warns."""
        return self.warn_from is not None and self.since is not None and self.warn_from <= day < self.since

    def severity(self, day: date) -> str:
        """What the rule does on that day: ``binds`` (refuses), ``warns``, or ``none`` (not law, or no longer)."""
        if self.announced(day):
            return "warns"
        if not self.in_force(day):
            return "none"
        return "binds" if self.hard else "warns"


class ClockBook:
    """All rules and event names of the clock; ``outside``: events that no step of a procedure sets off."""

    def __init__(
        self,
        rules: dict[str, Rule],
        events: dict[str, Text],
        laws: dict[str, Law],
        version: int,
        outside: Iterable[str] = (),
    ) -> None:
        self.rules, self.events, self.laws, self.version = rules, events, laws, version
        self.outside = frozenset(outside)

    def __iter__(self) -> Iterator[Rule]:
        return iter(self.rules.values())

    @classmethod
    def load(cls, path: Path | None = None) -> ClockBook:
        """The book of law/clock.yaml with what the center adds (or of another file of that form), from the cache while
        unchanged.

        Raises:
            LawFault: naming file, line and what is wrong.
        """
        places = [path] if path else [law_path("clock.yaml"), *own_files("clock.yaml")]
        return _book(tuple(places), tuple(place.stat().st_mtime_ns for place in places))

    @classmethod
    def of_program(cls) -> ClockBook:
        """The book of law/clock.yaml alone."""
        return cls.load(law_path("clock.yaml"))

    def with_file(self, file: LawFile) -> ClockBook:
        """This book and what a file adds to it. LawFault: the file is wrong, or says again what stands here."""
        return _read(file, self)

    def rule(self, rule_id: str) -> Rule:
        """The rule of that id; BadInput when there is none."""
        try:
            return self.rules[rule_id]
        except KeyError:
            message = Text(f"没有编号为“{rule_id}”的时限规则", f"there is no clock rule “{rule_id}”")
            raise BadInput(Reason("clock.rule", message, field="rule")) from None

    def event(self, key: str) -> Text:
        """The name of an event; BadInput when it is unknown."""
        try:
            return self.events[key]
        except KeyError:
            passes = Text("law/clock.yaml 中 events 列出的名称", "a name listed under events in law/clock.yaml")
            message = Text(f"没有名为“{key}”的事件", f"there is no event “{key}”")
            raise BadInput(Reason("clock.event", message, field=key, passes=passes)) from None


@lru_cache(maxsize=8)
def _book(places: tuple[Path, ...], changed_ns: tuple[int, ...]) -> ClockBook:
    book = ClockBook({}, {}, {}, 1)
    for place in places:
        book = book.with_file(read(place))
    return book


def _read(file: LawFile, base: ClockBook) -> ClockBook:
    file.only((), ("version", "laws", "events", "outside", "rules"))
    laws = {**base.laws, **{
        key: Law(key, file.text(("laws", key)), file.need(("laws", key, "doc"), str)) for key in _new(file, "laws", base.laws)
    }}  # fmt: skip
    events = {**base.events, **{key: file.text(("events", key)) for key in _new(file, "events", base.events)}}
    rules = dict(base.rules)
    for number in range(len(file.need(("rules",), list))):
        rule = _rule(file, ("rules", number), laws, events)
        if rule.id in rules:
            raise file.fault(("rules", number), f"编号 {rule.id} 重复", f"the id {rule.id} stands twice")
        rules[rule.id] = rule
    names = file.data.get("outside") or ()
    outside = [file.one_of(("outside", number), events) for number in range(len(names))]
    version = base.version if base.rules else file.need(("version",), int)
    return ClockBook(rules, events, laws, version, {*base.outside, *outside})


def _new(file: LawFile, part: str, known: Iterable[str]) -> list[str]:
    """The keys of a part of the file, none of which is known already; of an addition the part may be absent."""
    if known and part not in file.need((), dict):
        return []
    keys: list[str] = list(file.need((part,), dict))
    for key in keys:
        if key in known:
            raise file.fault((part, key), f"“{key}”软件自带的法规中已有，不能改写", f"“{key}” comes with the program and cannot be changed")
    return keys


def _rule(file: LawFile, at: Where, laws: dict[str, Law], events: dict[str, Text]) -> Rule:
    file.only(at, _KEYS)
    for key in ("from", "to", *(["until"] if "until" in file.need(at, dict) else [])):
        file.one_of((*at, key), events)
    row = file.need(at, dict)
    rule = Rule(
        id=file.need((*at, "id"), str),
        trade=file.need((*at, "trade"), str),
        methods=tuple(file.need((*at, "methods"), list)),
        actor=file.need((*at, "actor"), str),
        from_event=row["from"],
        to_event=row["to"],
        bound=file.one_of((*at, "bound"), ("min", "max")),
        amount=file.need((*at, "amount"), int),
        unit=file.one_of((*at, "unit"), UNITS),
        direction=file.one_of((*at, "direction"), ("after", "before", "within")),
        law=laws[file.one_of((*at, "law"), laws)],
        article_no=file.need((*at, "article"), str),
        hard=file.one_of((*at, "kind"), ("hard", "soft")) == "hard",
        source=file.one_of((*at, "source"), ("verified", "general_knowledge")),
        names=(events[row["from"]], events[row["to"]]),
        read_in=row.get("read_in", ""),
        full_days=row.get("full_days", False),
        rolls=row.get("rolls", True),
        paused_by=tuple(row.get("paused_by", ())),
        until=row.get("until", ""),
        note=row.get("note", ""),
        since=_day(file, at, "since"),
        ended=_day(file, at, "ended"),
        warn_from=_day(file, at, "warn_from"),
    )
    _consistent(file, at, rule)
    return rule


def _day(file: LawFile, at: Where, key: str) -> date | None:
    found: date | None = file.need((*at, key), date) if key in file.need(at, dict) else None
    return found


def _consistent(file: LawFile, at: Where, rule: Rule) -> None:
    if rule.amount < 0:
        raise file.fault((*at, "amount"), "不得为负", "must not be negative")
    if (rule.unit in ("period_end", "session")) != bool(rule.until):
        raise file.fault(
            at, "“until”与单位不符", "“until” belongs to the units session and period_end, and only to them"
        )
    if rule.direction == "before" and rule.unit not in ("natural_day", "working_day", "hour"):
        raise file.fault((*at, "unit"), "倒推只用日、工作日、小时", "counting back knows days, workdays and hours only")
    if not rule.article_no and not rule.law.doc and rule.hard:
        raise file.fault((*at, "article"), "缺少条款或文号", "a hard rule needs an article or a document number")
    if rule.since and rule.ended and rule.ended < rule.since:
        raise file.fault((*at, "ended"), "早于施行之日", "lies before the day from which it is law")
    if rule.warn_from and (rule.since is None or rule.warn_from >= rule.since):
        raise file.fault((*at, "warn_from"), "应早于施行之日“since”", "must lie before “since”")
    for cause in rule.paused_by:
        if cause not in CAUSES:
            raise file.fault((*at, "paused_by"), f"不认识“{cause}”", f"“{cause}” is none of {', '.join(CAUSES)}")
