"""Each procedure within the frame of the tables: what it says can be done, and nothing else."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from yiwang.kernel.procedures import Procedure, all_procedures, ids
from yiwang.modules.evidence import course, permits, registry
from yiwang.modules.evidence.actors import SYSTEM
from yiwang.modules.tenders.models import Tender
from yiwang.modules.tenders.selectors import course_of

NOW = datetime(2026, 3, 2, tzinfo=UTC)
OVER = ("awarded", "contracted", "archived", "failed", "terminated", "admitted")


def reached(law: Procedure) -> set[str]:
    """Every state that a tender of this procedure can come to."""
    return {"draft", *(step.target for step in (*law.steps, *law.branches) if step.target)}


def tender_in(law: Procedure, state: str) -> Any:
    """A tender that is in no database."""
    return Tender(number="YW2026-0001", procedure=law.id, procedure_version=law.version, state=state)


@pytest.mark.parametrize("law", all_procedures(), ids=ids())
class TestEach:
    def test_the_tables_are_wide_enough_for_every_step(self, law: Procedure) -> None:
        for step in (*law.steps, *law.branches):
            if not step.act:
                continue
            row = registry.row_of(step.act)
            if not row.sources:
                continue  # the act creates the tender
            assert set(step.states) <= set(row.sources), (step.key, step.states, row.sources)
            for state in step.states:
                here = tender_in(law, state)
                assert course.possible(row, here)
                others = {each.target for each in (*law.steps, *law.branches) if each.act == step.act and state in each.states}
                assert course.target(row, here) in others

    def test_what_it_does_not_name_is_refused_with_the_reason_and_offered_to_nobody(self, law: Procedure) -> None:
        found = course_of(tender_in(law, "draft"))
        assert found is not None
        for row in registry.rows():
            if row.act in found.bounds or row.act not in found.named or not row.sources:
                continue
            here = tender_in(law, row.sources[0])
            assert not course.possible(row, here)
            refusal = permits._wrong_state(row, here)
            assert refusal is not None and refusal.reasons[0].code == "procedure.act" and law.name.zh in refusal.reasons[0].message.zh
            assert refusal.reasons[0].article and course.over(row, here, registry.TABLES["tender"].states)

    def test_it_can_be_ended_from_every_state_before_the_award(self, law: Procedure) -> None:
        row = registry.row_of("tender.terminate")
        for state in reached(law) - set(OVER):
            here = tender_in(law, state)
            assert course.possible(row, here), state
            assert course.target(row, here) == "terminated"

    def test_it_can_be_suspended_while_it_lives(self, law: Procedure) -> None:
        row = registry.row_of("tender.suspend")
        for state in reached(law) - {"draft", "contracted", "archived", "failed", "terminated"}:
            assert course.possible(row, tender_in(law, state)), state


def test_what_no_course_governs_follows_the_tables() -> None:
    row = registry.row_of("tender.publish")
    assert course.course_of(None) is None and course.course_of(SYSTEM) is None
    assert course.sources(row, None) == ("draft",) and course.target(row, None) == "tendering"
