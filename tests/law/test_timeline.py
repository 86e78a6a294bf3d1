"""A procedure's coming steps: bounds, projection, violations, years without arrangement."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.law.times import local, moments
from yiwang.kernel.clock import Calendar, Pause, Step, day_of, propose_deadline, timeline
from yiwang.kernel.errors import BadInput
from yiwang.kernel.procedures import ids

CALENDAR = Calendar.load()


def steps(procedure: str = "open_tender_works", **more) -> dict[str, Step]:
    events = {name: local(value) for name, value in more.pop("events", {}).items()}
    return {step.key: step for step in timeline(procedure, events, more.pop("calendar", CALENDAR), **more)}


def test_from_the_notice_alone_the_whole_life_is_projected() -> None:
    found = steps(events={"tender_doc.issue_start": "2026-09-07T09:00"})
    assert day_of(found["close"].earliest) == date(2026, 9, 28)
    assert day_of(found["publicity_end"].earliest) == date(2026, 10, 8)  # 09-28 + 3 days, rolled over the holiday
    assert found["award"].earliest == found["publicity_end"].earliest
    assert found["contract"].latest is None
    assert found["close"].status == "coming"


def test_latest_moments_follow_what_has_happened() -> None:
    found = steps(events={"award_notice.sent": "2026-09-01T10:00", "evaluation_report.received": "2026-08-20T10:00"})
    assert day_of(found["contract"].latest) == date(2026, 10, 8)
    assert day_of(found["publicity"].latest) == date(2026, 8, 24)  # 08-23 is a Sunday
    assert [line.zh for due in found["contract"].dues for line in due.arithmetic if "顺延" in line.zh]
    assert "招标投标法 第46条" in found["contract"].articles


def test_known_moments_are_judged() -> None:
    found = steps(events={"tender_doc.issue_start": "2026-09-07T09:00", "bid.deadline": "2026-09-25T09:30"})
    assert [reason.code for reason in found["close"].verdict.reasons] == ["GC-01"]
    late = steps(events={"tender_clarification.issue": "2026-05-08", "bid.deadline": "2026-05-20T09:30"})
    assert [reason.code for reason in late["close"].verdict.reasons] == ["GC-06"]
    assert day_of(late["close"].earliest) == date(2026, 5, 25)


def test_objections_are_bounded_by_deadline_and_publicity() -> None:
    found = steps(events={"bid.deadline": "2026-05-20T09:30", "candidate_publicity.start": "2026-06-01T09:00"})
    assert day_of(found["document_objection"].latest) == date(2026, 5, 10)
    assert day_of(found["result_objection"].latest) == date(2026, 6, 4)
    assert found["opening"].earliest == found["opening"].latest == local("2026-05-20T09:30")
    ended = steps(
        events={"candidate_publicity.start": "2026-06-01T09:00", "candidate_publicity.end": "2026-06-04T23:59:59"}
    )
    assert ended["result_objection"].latest == local("2026-06-04T23:59:59")


def test_a_step_may_be_known_by_its_key_and_be_planned() -> None:
    found = steps(
        events={"opening_confirm": "2026-05-20T11:00", "bid.deadline": "2026-05-20T09:30"},
        now=local("2026-05-20T10:00"),
    )
    assert (found["close"].status, found["opening_confirm"].status) == ("done", "planned")


def test_a_year_without_arrangement_leaves_one_step_unknown() -> None:
    found = steps(events={"tender_doc.issue_start": "2026-12-15T09:00"})
    assert found["close"].status == "unknown"
    assert "2027" in found["close"].reasons[0].message.zh
    assert found["issue_end"].earliest is not None


def test_a_stopped_clock_leaves_its_step_unknown() -> None:
    stop = Pause(local("2026-09-03"), None, "objection")
    found = steps(events={"award_notice.sent": "2026-09-01"}, pauses=[stop])
    assert found["contract"].status == "unknown"
    over = Pause(local("2026-09-03T10:00"), local("2026-09-05T10:00"), "objection")
    moved = steps(events={"award_notice.sent": "2026-09-01"}, pauses=[over])
    assert moved["contract"].dues[0].skipped == 2


def test_government_procurement_publishes_the_result_instead_of_candidates() -> None:
    found = steps(
        "gov_open_tender_goods", events={"evaluation_report.delivered": "2026-09-01", "award_notice.sent": "2026-09-30"}
    )
    assert "publicity" not in found
    assert day_of(found["award"].latest) == date(2026, 9, 8)
    assert day_of(found["result_end"].earliest) == date(2026, 10, 8)
    signed = steps("gov_open_tender_goods", events={"contract.signed": "2026-09-28"})
    assert day_of(signed["contract_notice"].latest) == date(2026, 9, 30)
    assert day_of(signed["contract_filing"].latest) == date(2026, 10, 13)


def test_an_unknown_event_is_bad_input() -> None:
    with pytest.raises(BadInput):
        steps(events={"tender.party": "2026-01-05"})


@given(
    st.sampled_from(ids()),
    moments("2019-01-01", "2026-06-01"),
    st.integers(0, 300),
)
def test_bounds_are_monotone_in_the_notice(procedure, start, hours) -> None:
    first = timeline(procedure, {"tender_doc.issue_start": start}, CALENDAR)
    later = timeline(procedure, {"tender_doc.issue_start": start + timedelta(hours=hours)}, CALENDAR)
    for one, two in zip(first, later, strict=True):
        if one.earliest and two.earliest:
            assert one.earliest <= two.earliest
        if one.latest and two.latest:
            assert one.latest <= two.latest


@given(moments("2019-01-01", "2026-06-01"))
def test_a_life_lived_at_the_earliest_moments_breaks_no_rule(start) -> None:
    events = {"tender_doc.issue_start": start}
    for step in timeline("open_tender_works", events, CALENDAR):
        if step.step.kind == "main" and step.step.events and not step.at:
            now = {item.key: item for item in timeline("open_tender_works", events, CALENDAR)}[step.key]
            if now.at is None and now.earliest:
                moment = propose_deadline(start, "open_tender_works", CALENDAR) if step.key == "close" else now.earliest
                events.update(dict.fromkeys(step.step.events, moment))
    assert all(step.verdict.ok for step in timeline("open_tender_works", events, CALENDAR))
