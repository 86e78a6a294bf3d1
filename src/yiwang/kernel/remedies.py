"""Objections, queries and complaints as the law has them: law/remedies.yaml, by track."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path

from yiwang.kernel.clock_book import ClockBook
from yiwang.kernel.lawfile import LawFile, Where, law_path, read
from yiwang.kernel.procedures import ACTS, STATES
from yiwang.kernel.text import Text

TRACKS = ("construction", "gov_procurement")
STANDINGS = ("anybody", "interested", "bidder")
EFFECTS = ("go_on", "hold", "void")
DONE_BY = ("clarification", "supervisor", "nothing")


@dataclass(frozen=True, slots=True)
class Anchor:
    """A moment that a period may run from: a clock event, or the end of the rule ``plus`` counted from it."""

    event: str
    plus: str = ""


@dataclass(frozen=True, slots=True)
class Kind:
    """Against what one objects, by whom, in which states, what waits meanwhile; see the law file's head."""

    key: str
    name: Text
    remedy: tuple[str, ...]
    states: tuple[str, ...]
    standing: str
    holds: tuple[str, ...]
    article: str
    secret: bool = False
    anchors: tuple[Anchor, ...] = ()


@dataclass(frozen=True, slots=True)
class ComplaintLaw:
    """Periods (ids of clock rules) and articles of complaints; see the law file's head."""

    file: str
    file_from: str
    alone: bool
    accept: str
    decide: str
    decide_from: str
    articles: tuple[str, ...]
    suspend_article: str
    who: Text
    suspend: str = ""


@dataclass(frozen=True, slots=True)
class Track:
    """One of both tracks: the law's word for the first remedy, its kinds, and the complaint."""

    key: str
    word: Text
    kinds: dict[str, Kind]
    complaint: ComplaintLaw


@dataclass(frozen=True, slots=True)
class Ground:
    """A ground on which a complaint is refused, with its article by track."""

    key: str
    name: Text
    tracks: tuple[str, ...]
    articles: dict[str, str]


@dataclass(frozen=True, slots=True)
class Order:
    """What an upheld complaint leads to; ``done_by``: what must be seen before trading goes on."""

    key: str
    name: Text
    tracks: tuple[str, ...]
    states: tuple[str, ...]
    effect: str
    articles: dict[str, str]
    done_by: str = ""


@dataclass(frozen=True, slots=True)
class Route:
    """The department that is competent for a track and, where given, an industry."""

    track: str
    industry: str
    department: str
    articles: tuple[str, ...]
    source: str


@dataclass(frozen=True, slots=True)
class RemedyLaw:
    """The whole law file."""

    tracks: dict[str, Track]
    grounds: dict[str, Ground]
    orders: dict[str, Order]
    departments: dict[str, Text]
    industries: dict[str, Text]
    routes: tuple[Route, ...]
    offices: dict[str, str] = field(default_factory=dict)

    def route(self, track: str, industry: str = "") -> Route:
        """The route of a track and an industry: that of the industry before the track's general one.

        Raises:
            KeyError: the file names no department for the track.
        """
        fitting = [each for each in self.routes if each.track == track and each.industry in ("", industry)]
        if not fitting:
            raise KeyError(track)
        return next((each for each in fitting if each.industry), fitting[-1])

    def holders(self) -> tuple[str, ...]:
        """All acts that some kind of objection can hold up, each once."""
        kinds = (kind for track in self.tracks.values() for kind in track.kinds.values())
        return tuple(dict.fromkeys(act for kind in kinds for act in kind.holds))


def remedy_law(path: Path | None = None) -> RemedyLaw:
    """The law of remedies (or another file of that form), read again when it has changed. LawFault when it is wrong."""
    place = path or law_path("remedies.yaml")
    return _law(place, place.stat().st_mtime_ns)


@lru_cache(maxsize=4)
def _law(path: Path, changed_ns: int) -> RemedyLaw:
    file = read(path)
    file.only((), ("version", "tracks", "grounds", "orders", "departments", "industries", "routing", "offices"))
    tracks = {key: _track(file, key) for key in file.need(("tracks",), dict)}
    grounds = [_ground(file, n) for n in range(len(file.need(("grounds",), list)))]
    orders = [_order(file, n) for n in range(len(file.need(("orders",), list)))]
    departments = {key: file.text(("departments", key)) for key in file.need(("departments",), dict)}
    industries = {key: file.text(("industries", key)) for key in file.need(("industries",), dict)}
    routes = tuple(_route(file, n, departments, industries) for n in range(len(file.need(("routing",), list))))
    for track in TRACKS:
        if track not in tracks:
            raise file.fault(("tracks",), f"缺少“{track}”", f"“{track}” is missing")
        if not any(route.track == track and not route.industry for route in routes):
            raise file.fault(
                ("routing",), f"“{track}”没有一般主管部门", f"“{track}” has no department for all other cases"
            )
    file.only(("offices",), departments)
    offices = {key: file.need(("offices", key), str) for key in file.need(("offices",), dict)}
    return RemedyLaw(
        tracks,
        {each.key: each for each in grounds},
        {each.key: each for each in orders},
        departments,
        industries,
        routes,
        offices,
    )


def _words(file: LawFile, at: Where, allowed: object = None) -> tuple[str, ...]:
    many = range(len(file.need(at, list)))
    if allowed is None:
        return tuple(file.need((*at, n), str) for n in many)
    return tuple(file.one_of((*at, n), allowed) for n in many)  # type: ignore[arg-type]


def _track(file: LawFile, key: str) -> Track:
    at: Where = ("tracks", key)
    if key not in TRACKS:
        raise file.fault(at, "没有这种法律轨道", "there is no such track")
    file.only(at, ("word", "kinds", "complaint"))
    kinds = {name: _kind(file, (*at, "kinds", name), name) for name in file.need((*at, "kinds"), dict)}
    return Track(key, file.text((*at, "word")), kinds, _complaint(file, (*at, "complaint")))


def _kind(file: LawFile, at: Where, key: str) -> Kind:
    file.only(at, ("name", "remedy", "states", "standing", "secret", "holds", "from", "article"))
    row = file.need(at, dict)
    return Kind(
        key=key,
        name=file.text((*at, "name")),
        remedy=_words(file, (*at, "remedy")),
        states=_words(file, (*at, "states"), STATES),
        standing=file.one_of((*at, "standing"), STANDINGS),
        holds=_words(file, (*at, "holds"), ACTS),
        article=file.need((*at, "article"), str),
        secret=row.get("secret", False),
        anchors=tuple(_anchor(file, (*at, "from", n)) for n in range(len(row.get("from", ())))),
    )


def _anchor(file: LawFile, at: Where) -> Anchor:
    file.only(at, ("event", "plus"))
    book = ClockBook.load()
    plus = file.one_of((*at, "plus"), book.rules) if "plus" in file.need(at, dict) else ""
    return Anchor(file.one_of((*at, "event"), book.events), plus)


def _complaint(file: LawFile, at: Where) -> ComplaintLaw:
    rules = ClockBook.load().rules
    file.only(
        at,
        (
            "file",
            "file_from",
            "alone",
            "accept",
            "decide",
            "decide_from",
            "suspend",
            "articles",
            "suspend_article",
            "who",
        ),
    )
    return ComplaintLaw(
        file=file.one_of((*at, "file"), rules),
        file_from=file.one_of((*at, "file_from"), ("answer", "period_end")),
        alone=file.need((*at, "alone"), bool),
        accept=file.one_of((*at, "accept"), rules),
        decide=file.one_of((*at, "decide"), rules),
        decide_from=file.one_of((*at, "decide_from"), ("filed", "accepted")),
        articles=_words(file, (*at, "articles")),
        suspend_article=file.need((*at, "suspend_article"), str),
        who=file.text((*at, "who")),
        suspend=file.one_of((*at, "suspend"), rules) if "suspend" in file.need(at, dict) else "",
    )


def _ground(file: LawFile, number: int) -> Ground:
    at: Where = ("grounds", number)
    file.only(at, ("key", "name", "tracks", "article"))
    tracks = _words(file, (*at, "tracks"), TRACKS)
    return Ground(file.need((*at, "key"), str), file.text((*at, "name")), tracks, _articles(file, at, tracks))


def _order(file: LawFile, number: int) -> Order:
    at: Where = ("orders", number)
    file.only(at, ("key", "name", "tracks", "states", "effect", "done_by", "article"))
    tracks = _words(file, (*at, "tracks"), TRACKS)
    effect = file.one_of((*at, "effect"), EFFECTS)
    if (effect == "hold") != ("done_by" in file.need(at, dict)):
        raise file.fault(at, "“done_by”只用于 hold，且必须有", "“done_by” belongs to hold, and must be there then")
    return Order(
        file.need((*at, "key"), str), file.text((*at, "name")), tracks, _words(file, (*at, "states"), STATES), effect,
        _articles(file, at, tracks), file.one_of((*at, "done_by"), DONE_BY) if effect == "hold" else "",
    )  # fmt: skip


def _articles(file: LawFile, at: Where, tracks: tuple[str, ...]) -> dict[str, str]:
    return {track: file.need((*at, "article", track), str) for track in tracks}


def _route(file: LawFile, number: int, departments: dict[str, Text], industries: dict[str, Text]) -> Route:
    at: Where = ("routing", number)
    file.only(at, ("track", "industry", "department", "articles", "source"))
    return Route(
        file.one_of((*at, "track"), TRACKS),
        file.one_of((*at, "industry"), industries) if "industry" in file.need(at, dict) else "",
        file.one_of((*at, "department"), departments),
        _words(file, (*at, "articles")),
        file.one_of((*at, "source"), ("verified", "general_knowledge")),
    )
