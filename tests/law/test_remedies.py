"""The law of objections, queries and complaints: routing, holds, faults of the file; and how it is verified."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from yiwang.kernel import lawfile, procedures
from yiwang.kernel.calendar import Calendar
from yiwang.kernel.clock_book import ClockBook
from yiwang.kernel.clock_count import count
from yiwang.kernel.lawfile import LawFault
from yiwang.kernel.moment import stamp
from yiwang.kernel.remedies import remedy_law
from yiwang.verifier.checks import remedies as checks

AT = datetime(2026, 3, 9, 2, tzinfo=UTC)


@pytest.mark.parametrize(
    ("track", "industry", "department"),
    [
        ("gov_procurement", "", "finance"),
        ("gov_procurement", "water", "finance"),
        ("construction", "water", "water"),
        ("construction", "building", "housing"),
        ("construction", "", "development"),
        ("construction", "other", "development"),
    ],
)
def test_a_complaint_finds_its_department(track: str, industry: str, department: str) -> None:
    assert remedy_law().route(track, industry).department == department


def test_every_procedure_with_a_remedy_knows_its_kind_and_its_periods() -> None:
    law, book = remedy_law(), ClockBook.load()
    for procedure in procedures.all_procedures():
        kinds = law.tracks[procedure.track].kinds.values()
        for remedy in procedure.remedies:
            if remedy.act == "objection.raise":
                assert any(remedy.key in kind.remedy for kind in kinds), (procedure.id, remedy.key)
                assert book.rule(remedy.answer_rule).bound == "max"
            elif remedy.key == "complaint":
                complaint = law.tracks[procedure.track].complaint
                assert (remedy.raise_rule, remedy.answer_rule) == (complaint.file, complaint.decide), procedure.id


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ("standing: bidder", "standing: everyone", "standing"),
        ("effect: void", "effect: vanish", "effect"),
        ("holds: [opening.close]", "holds: [opening.shut]", "opening.shut"),
        ("  done_by: supervisor\n", "", "done_by"),
        ("accept: GC-17", "accept: GC-99", "GC-99"),
        ("- {track: construction, department: development", "- {track: construction, industry: other, department: development", "construction"),
    ],
)
def test_a_wrong_file_is_refused_by_line(old: str, new: str, says: str, tmp_path: Path) -> None:
    text = lawfile.law_path("remedies.yaml").read_text(encoding="utf-8")
    assert old in text
    place = tmp_path / "remedies.yaml"
    place.write_text(text.replace(old, new, 1), encoding="utf-8")
    with pytest.raises(LawFault) as wrong:
        remedy_law(place)
    (reason,) = wrong.value.reasons
    assert "remedies.yaml" in reason.field and says in reason.message.en


# the verifier: a dossier of acts made up here; only what these checks read


class Acts:
    """A dossier with just these acts of a tender under a procedure."""

    book = ClockBook.load()

    def __init__(self, procedure: str, *acts: tuple[str, datetime, dict[str, Any]]) -> None:
        self.law, self.chain, self.facts = procedures.load(procedure), "tender/X", {"number": "X"}
        self.acts = [
            SimpleNamespace(name=name, at=at, public=json.loads(json.dumps(public)), seq=n, subject=self.chain, __str__=name)
            for n, (name, at, public) in enumerate(acts)
        ]

    def all(self, name: str) -> list[Any]:
        return [act for act in self.acts if act.name == name]

    def last(self, name: str) -> Any:
        return next(iter(reversed(self.all(name))), None)


def answer(raised: datetime, answered: datetime, due: datetime, late: list[str], kind: str = "result") -> tuple[str, datetime, dict[str, Any]]:
    public = {"objection": 1, "kind": kind, "answer": "维持", "upheld": False, "raised_at": stamp(raised), "answer_by": stamp(due), "late": late}
    return "objection.answer", answered, public


def query_due() -> datetime:
    return count(ClockBook.load().rule("ZC-29"), AT, Calendar.load()).moment


@pytest.mark.parametrize(
    ("procedure", "act", "status"),
    [
        ("open_tender_works", answer(AT, AT + timedelta(days=2), AT + timedelta(days=3), []), "ok"),
        ("open_tender_works", answer(AT, AT + timedelta(days=4), AT + timedelta(days=3), ["GC-15"]), "ok"),
        ("open_tender_works", answer(AT, AT + timedelta(days=4), AT + timedelta(days=3), []), "failed"),  # late, and silent
        ("open_tender_works", answer(AT, AT + timedelta(days=4), AT + timedelta(days=5), []), "failed"),  # another due date
        ("open_tender_works", answer(AT, AT + timedelta(days=1), AT + timedelta(days=3), ["GC-15"]), "failed"),
        ("gov_open_tender_goods", answer(AT, AT + timedelta(days=8), query_due(), []), "ok"),
        ("gov_open_tender_goods", answer(AT, AT + timedelta(days=12), query_due(), ["ZC-29"]), "ok"),
        ("gov_open_tender_goods", answer(AT, AT + timedelta(days=1), query_due(), [], "opening"), "failed"),  # no such kind
    ],
)
def test_the_due_date_of_an_answer_is_counted_again(procedure: str, act: Any, status: str) -> None:
    assert checks.remedies(Acts(procedure, act)).status == status  # type: ignore[arg-type]


SUSPEND: dict[str, Any] = {"complaint": 7, "kind": "result", "number": "1", "reason": "核查", "until": None}
RESUME: dict[str, Any] = {"complaint": 7, "since": stamp(AT), "reason": "已改正"}


@pytest.mark.parametrize(
    ("procedure", "acts", "status"),
    [
        ("open_tender_works", [("complaint.suspend", 0, SUSPEND), ("complaint.resume", 5, RESUME), ("award.decide", 6, {})], "ok"),
        ("open_tender_works", [("complaint.suspend", 0, SUSPEND), ("award.decide", 2, {}), ("complaint.resume", 5, RESUME)], "failed"),
        ("open_tender_works", [("complaint.suspend", 0, SUSPEND), ("clarification.answer", 2, {})], "ok"),
        ("open_tender_works", [("complaint.resume", 5, RESUME)], "failed"),
        ("open_tender_works", [("complaint.suspend", 1, SUSPEND), ("complaint.resume", 5, RESUME)], "failed"),  # another beginning
        ("open_tender_works", [("complaint.suspend", 0, SUSPEND), ("complaint.suspend", 1, SUSPEND)], "failed"),
        ("gov_open_tender_goods", [("complaint.suspend", 0, SUSPEND)], "failed"),  # without end: 30 days at the longest
        ("gov_open_tender_goods", [("complaint.suspend", 0, {**SUSPEND, "until": stamp(AT + timedelta(days=9))}), ("award.decide", 10, {})], "ok"),
        ("gov_open_tender_goods", [("complaint.suspend", 0, {**SUSPEND, "until": stamp(AT + timedelta(days=45))})], "failed"),
        ("open_tender_works", [("tender.suspend", 0, {"kind": "order"}), ("opening.open", 1, {})], "failed"),
        ("open_tender_works", [("complaint.suspend", 0, SUSPEND), ("complaint.withdraw", 1, {"complaint": 7, "held": False})], "failed"),
    ],
)
def test_nothing_goes_on_while_it_stands_still(procedure: str, acts: list[Any], status: str) -> None:
    made = Acts(procedure, *((name, AT + timedelta(days=days), public) for name, days, public in acts))
    assert checks.stillness(made).status == status  # type: ignore[arg-type]


def test_pauses_are_the_suspensions_and_the_objections_that_hold_something_up() -> None:
    made = Acts(
        "open_tender_works",
        answer(AT, AT + timedelta(days=2), AT + timedelta(days=3), []),
        ("complaint.suspend", AT + timedelta(days=3), SUSPEND),
        ("complaint.resume", AT + timedelta(days=5), {**RESUME, "since": stamp(AT + timedelta(days=3))}),
    )
    found = sorted(checks.pauses(made), key=lambda each: each.start)  # type: ignore[arg-type]
    assert [(each.cause, each.start, each.end) for each in found] == [
        ("objection", AT, AT + timedelta(days=2)), ("suspension", AT + timedelta(days=3), AT + timedelta(days=5)),
    ]  # fmt: skip
