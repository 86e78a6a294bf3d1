"""What the opening hall shows: the same to everybody, made from the database alone, so a late joiner misses nothing.

Before the opening there is nothing here that depends on bids: no sign-in, no list, no number. A sign-in list would tell
who bids (招标投标法 第22条), so there is none: a tenderer need not be there for the own bid to be opened.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from yiwang.desks.public import hall_agenda, hall_scene, tender_rows
from yiwang.kernel import moment
from yiwang.kernel.money import yuan
from yiwang.kernel.text import Text
from yiwang.modules.evidence import course, registry
from yiwang.modules.evidence.actors import PUBLIC
from yiwang.modules.openings import selectors as openings
from yiwang.modules.openings.hall import Hall
from yiwang.modules.openings.hall_law import hall_law
from yiwang.modules.remedies import selectors as remedies
from yiwang.modules.tenders.rounds import names_secret
from yiwang.seal.joint import party_name
from yiwang.ui.shapes import Tag

MOST_CHANGES = 12


@dataclass(frozen=True)
class Row:
    """One bid of the opening record."""

    number: int
    name: Text
    price: int | None
    fault: Text | None
    read: bool
    now: bool
    said: Text


@dataclass(frozen=True)
class Keeper:
    """A custodian's body and whether its key has been released."""

    body: str
    tag: Tag
    at: datetime | None


@dataclass(frozen=True)
class Facts:
    """What everything here is made from."""

    tender: Any
    opening: Any
    hall: Hall
    custodians: list[Any]
    confirmations: list[Any]
    now: datetime

    @property
    def released(self) -> list[Any]:
        """Custodians who have released their keys, in that order."""
        return sorted((each for each in self.custodians if each.identity), key=lambda each: each.released_at)

    @property
    def in_session(self) -> bool:
        """Whether the hall is open: bidding is closed and what follows the opening has not begun."""
        return possible("hall.advance", self.tender)


def possible(act: str, tender: Any) -> bool:
    """Whether the tables allow an act in the tender's state, whoever does it."""
    return course.possible(registry.row_of(act), tender)


def facts(tender: Any) -> dict[str, Any]:
    """Everything that the hall's templates need."""
    found = gathered(tender)
    here = found.hall
    rows = _rows(found)
    law = hall_law()
    answered = [each for each in remedies.objections(PUBLIC, tender) if each.answered_at and each.kind == "opening"]
    return {
        "tender": tender,
        "scene": hall_scene.scene(found),
        "paused": _paused(here) if found.in_session else None,
        "postponed": _postponed(here, found) if possible("hall.postpone", tender) else None,
        "agenda": hall_agenda.items(found),
        "keepers": [_keeper(each) for each in found.custodians],
        "keys": min(len(found.released), tender.custody_threshold),
        "rows": rows,
        "current": next((row for row in rows if row.now), None),
        "read": sum(row.read for row in rows),
        "said": [row.said for row in rows if row.read or here["read"] == 0 or not found.in_session],
        "questions": [
            {**each, "at": moment.from_stamp(each["at"]), "answered": _at(each["answered"])} for each in here["questions"]
        ],
        "objections": tender_rows.objections(answered),
        "may_ask": possible("hall.ask", tender) and not here.ended,
        "incidents": [
            {**each, "at": moment.from_stamp(each["at"]), "name": law.causes[each["cause"]].name} for each in here["incidents"]
        ],
        "lost": here.lost(),
        "pauses": [
            {**each, "since": moment.from_stamp(each["from"]), "to": _at(each["to"]), "name": law.causes[each["cause"]].name}
            for each in here["pauses"]
        ],
        "changes": hall_agenda.changes(found)[:MOST_CHANGES],
        "record_public": bool(rows),
        "undelivered": _undelivered(found),
    }


def gathered(tender: Any) -> Facts:
    """Read the rows once."""
    opening = None if names_secret(tender) else openings.opening(tender)
    confirmations = list(opening.confirmations.select_related("organisation").order_by("at")) if opening else []
    return Facts(tender, opening, openings.hall_of(tender), list(openings.custodians(tender)), confirmations, moment.now())


def _rows(found: Facts) -> list[Row]:
    if found.opening is None or found.opening.record is None:
        return []
    here = found.hall
    reading = possible("hall.answer", found.tender) and here["read"] and "objections" not in here["points"]
    return [_row(n, bid, here["read"], bool(reading)) for n, bid in enumerate(found.opening.record["bids"], 1)]


def _undelivered(found: Facts) -> list[dict[str, Any]]:
    """Bids that were committed to in time and whose files never came; they were not opened."""
    record = (found.opening and found.opening.record) or {}
    return [{"name": bid["tenderer_name"], "why": Text(bid["fault"]["zh"], bid["fault"]["en"])} for bid in record.get("undelivered", ())]


def _row(number: int, bid: dict[str, Any], read: int, reading: bool) -> Row:
    fault = Text(bid["fault"]["zh"], bid["fault"]["en"]) if bid["fault"] else None
    name = party_name(bid["tenderer_name"], [member["name"] for member in bid.get("joint", ())][1:])
    if fault is None:
        price = yuan(bid["price"]).replace(",", "")
        said = Text(f"第{number}家，{name.zh}，投标报价{price}元。", f"Bid {number}: {name.en}, {price} yuan.")
    else:
        said = Text(f"第{number}家，{name.zh}，未能打开：{fault.zh}。", f"Bid {number}: {name.en}, did not open: {fault.en}.")
    return Row(number, name, bid["price"], fault, number <= read, reading and number == read, said)


def _keeper(custodian: Any) -> Keeper:
    tag = Tag(Text("已公布", "released"), "good") if custodian.identity else Tag(Text("未公布", "not yet"), "neutral")
    return Keeper(custodian.person.organisation.name, tag, custodian.released_at)


def _paused(here: Hall) -> dict[str, Any] | None:
    paused = here.paused
    if paused is None:
        return None
    return {"since": moment.from_stamp(paused["from"]), "name": hall_law().causes[paused["cause"]].name, "reason": paused["reason"]}


def _postponed(here: Hall, found: Facts) -> dict[str, Any] | None:
    if not here["postponed"]:
        return None
    last = here["postponed"][-1]
    ground = hall_law().grounds[last["ground"]]
    return {"ground": ground.says, "article": ground.article, "reason": last["reason"], "opens": moment.from_stamp(last["opens"])}


def _at(stamp: str) -> datetime | None:
    return moment.from_stamp(stamp) if stamp else None
