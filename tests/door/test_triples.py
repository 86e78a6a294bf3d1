"""Every (state, transition, role): allowed, or refused with the right reason, in the right order."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import product
from types import SimpleNamespace
from typing import Any

import pytest

from yiwang.kernel.moment import now
from yiwang.kernel.transitions import Transition
from yiwang.kernel.verdict import YES, Verdict
from yiwang.modules.evidence import actors, permits, registry
from yiwang.modules.evidence.actors import ROLES, Actor

STATES = tuple(registry.TABLES["tender"].states)
ROWS = tuple(registry.rows())


@dataclass(frozen=True)
class Played(Actor):
    """An actor of exactly one role."""

    role: str = ""


@pytest.fixture(autouse=True)
def one_role_each(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever acts has the one role that the test gives; how roles are told of people is tested by the journeys."""
    monkeypatch.setattr(actors, "has_role", lambda code, actor, subject: actor.role == code)


@pytest.fixture
def guards(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Names of the conditions that were asked; each says yes."""
    asked: list[str] = []

    def named(row: Transition) -> tuple[Any, ...]:
        def guard(subject: Any, actor: Actor, at: Any) -> Verdict:
            asked.append(row.act)
            return YES

        return (guard,)

    monkeypatch.setattr(registry, "guards_of", named)
    return asked


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.act)
def test_each_triple_is_allowed_or_refused_with_its_reason(row: Transition, guards: list[str]) -> None:
    for role, state in product(ROLES, STATES):
        subject = SimpleNamespace(state=state) if row.sources else None
        guards.clear()
        verdict = permits.may(row, Played(role=role), subject, now())
        codes = [reason.code for reason in verdict.reasons]
        if role not in row.roles:
            assert (codes, guards) == (["role"], []), (role, state)
            assert all(ROLES[code].name.zh in verdict.reasons[0].message.zh for code in row.roles)
        elif row.sources and state not in row.sources:
            assert (codes, guards) == (["state"], []), (role, state)
            assert registry.TABLES["tender"].states[state].name.en in verdict.reasons[0].message.en
        else:
            assert (codes, guards) == ([], [row.act]), (role, state)


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.act)
def test_a_stranger_learns_nothing_of_the_state(row: Transition) -> None:
    for role in set(ROLES) - set(row.roles):
        answers = {permits.may(row, Played(role=role), SimpleNamespace(state=state), now()) for state in STATES}
        assert len(answers) == 1, role


@pytest.mark.parametrize("row", [row for row in ROWS if registry.guards_of(row)], ids=lambda row: row.act)
def test_a_condition_that_says_no_refuses(row: Transition, monkeypatch: pytest.MonkeyPatch) -> None:
    from yiwang.kernel.text import Text
    from yiwang.kernel.verdict import no

    refuse = no("some.rule", Text("不", "no"), article="招标投标法 第1条")
    monkeypatch.setattr(registry, "guards_of", lambda row: (lambda *given: refuse, lambda *given: YES, lambda *given: refuse))
    verdict = permits.may(row, Played(role=row.roles[0]), SimpleNamespace(state=(row.sources or STATES)[0]), now())
    assert [reason.code for reason in verdict.reasons] == ["some.rule", "some.rule"]  # all that stands against it, at once


BY_NAME = ("财库〔2026〕2号", "政府采购框架协议采购方式管理暂行办法")
"""A notice without articles; an order whose article for this could not be read."""


def test_every_row_cites_the_law_and_names_what_exists() -> None:
    for row in ROWS:
        assert row.articles, row.act
        assert all("条" in article or article in BY_NAME for article in row.articles), row.act
        assert set(row.roles) <= set(ROLES)
        assert set(row.tells) <= set(ROLES)
        assert set(row.sources) <= set(STATES)
        assert not row.target or row.target in STATES or row.target in registry.TABLES[row.kind].states
        assert row.name.zh
        assert row.name.en


def test_every_role_of_a_row_can_be_told_and_everyone_to_tell_can_be_found() -> None:
    for row in ROWS:
        assert set(row.roles) <= set(actors._tests), row.act
        assert set(row.tells) <= set(actors._recipients), row.act


def test_every_state_is_reached_and_every_state_that_is_not_final_is_left() -> None:
    states = registry.TABLES["tender"].states
    reached = {row.target for row in ROWS} & set(states)
    assert reached == set(states)
    left = {source for row in ROWS if row.target in states for source in row.sources}
    assert left == {code for code, state in states.items() if not state.final}


def test_a_final_state_takes_no_act_but_those_on_a_complaint_that_is_still_open() -> None:
    finals = {code for code, state in registry.TABLES["tender"].states.items() if state.final}
    late = {row.act for row in ROWS if finals & set(row.sources)}
    assert late == {f"complaint.{act}" for act in ("return", "correct", "accept", "refuse", "resume", "decide", "withdraw")}
    assert not [row.act for row in ROWS if row.act in late and row.target in registry.TABLES["tender"].states]
