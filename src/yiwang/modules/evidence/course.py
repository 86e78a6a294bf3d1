"""What governs one subject within the frame of the tables.

The transition tables say in which states an act may be done at most. For a tender its procedure decides: which acts
there are, in which states each may be done, and to which state it leads. The module that knows procedures registers
itself here; a subject that nobody governs follows the tables alone.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from yiwang.kernel.text import Text
from yiwang.kernel.transitions import Transition


@dataclass(frozen=True, slots=True)
class Bound:
    """Where an act stands in a course: the states in which it may be done, and the state it leads to from each."""

    states: tuple[str, ...]
    targets: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Course:
    """The course of a subject's life.

    Attributes:
        name: of the procedure, in the law's words. article: where it stands.
        bounds: the acts of this course. named: every act that some course names; the tables alone bind the others.
    """

    name: Text
    article: str
    bounds: Mapping[str, Bound]
    named: frozenset[str]
    _sources: dict[str, tuple[str, ...]] = field(default_factory=dict, compare=False, repr=False)

    def sources(self, row: Transition) -> tuple[str, ...]:
        """The states in which an act of the tables may be done in this course; none when there is no such act here."""
        found = self._sources.get(row.act)
        if found is None:
            found = self._sources[row.act] = self._within(row)
        return found

    def _within(self, row: Transition) -> tuple[str, ...]:
        bound = self.bounds.get(row.act)
        if not row.sources or (bound is None and row.act not in self.named):
            return row.sources
        return () if bound is None else tuple(code for code in row.sources if code in bound.states)


_governors: list[Callable[[Any], Course | None]] = []


def governor(of: Callable[[Any], Course | None]) -> Callable[[Any], Course | None]:
    """Register who gives the course of subjects of a kind; it answers None for others."""
    _governors.append(of)
    return of


def course_of(subject: Any) -> Course | None:
    """The course of a subject; None when the tables alone govern it."""
    for each in _governors if subject is not None else ():
        found = each(subject)
        if found is not None:
            return found
    return None


def sources(row: Transition, subject: Any) -> tuple[str, ...]:
    """The states in which an act may be done on this subject; none when its course does not know the act."""
    found = course_of(subject)
    return row.sources if found is None else found.sources(row)


def target(row: Transition, subject: Any) -> str:
    """The state that an act leads to from the subject's present one; empty when the state stays."""
    return target_from(row, course_of(subject), getattr(subject, "state", ""))


def target_from(row: Transition, course: Course | None, state: str) -> str:
    """The same for a course and a state."""
    bound = course.bounds.get(row.act) if course is not None and row.sources else None
    return row.target if bound is None else bound.targets.get(state, "")


def possible(row: Transition, subject: Any) -> bool:
    """Whether the subject is in a state in which the act may be done, whoever does it."""
    state = getattr(subject, "state", "")
    return state in row.sources and state in sources(row, subject)  # the frame first: lists ask this of every act


def over(row: Transition, subject: Any, order: Iterable[str]) -> bool:
    """True when there is no such act in the subject's course, or the last state in which it was possible is past.

    Args:
        order: the states in the order in which they are passed.
    """
    states = list(order)
    if subject is None or subject.state not in states:
        return False
    here = states.index(subject.state)
    return all(states.index(code) < here for code in sources(row, subject))
