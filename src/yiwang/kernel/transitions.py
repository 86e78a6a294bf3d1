"""Transition tables: which act, by whom, in which state, under which conditions, leading where.

One row of a table is the permission matrix, the "your next step" box, the "why not" answer, the API index and an
edge of the state diagram. Tables live in each module's ``states.py``; this page only gives their shape.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from yiwang.kernel.text import Text
from yiwang.kernel.verdict import Verdict

Guard = Callable[..., Verdict]
"""``guard(subject, actor, now) -> Verdict``: a condition that can be told before the act's form is filled in."""


@dataclass(frozen=True, slots=True)
class State:
    """One state of a legal object: ``code``, its name, and what it means in a sentence."""

    code: str
    name: Text
    meaning: Text
    final: bool = False


@dataclass(frozen=True, slots=True)
class Role:
    """Who may act: ``code``, its name in the law's words."""

    code: str
    name: Text


@dataclass(frozen=True, slots=True)
class Transition:
    """One row of a transition table.

    Attributes:
        act: the act's name, ``noun.verb``, e.g. ``tender.publish``.
        name: the verb on the button, e.g. 发布招标公告.
        kind: what the act changes: ``tender``, ``bid``, ``organisation`` ...
        roles: codes of the roles that may do it.
        sources: codes of the states in which it may be done; empty: the act creates the object.
        target: the state that it leads to; empty: the state stays.
        guards: conditions, all of which must hold.
        articles: the law that asks for or allows the act.
        tells: codes of the roles that must be told once the act is done.
        by_time: True when the system itself does the act once its time has come.
        offered: True when a person starts the act from a page (False: it follows from another act).
        witnessed: True when the act waits for a witness quorum (closing, opening, draw, award).
    """

    act: str
    name: Text
    kind: str
    roles: tuple[str, ...]
    sources: tuple[str, ...]
    target: str = ""
    guards: tuple[Guard, ...] = ()
    articles: tuple[str, ...] = ()
    tells: tuple[str, ...] = ()
    by_time: bool = False
    offered: bool = True
    witnessed: bool = False


class Table:
    """The transitions of one kind of object, looked up by act."""

    def __init__(self, kind: str, states: tuple[State, ...], rows: tuple[Transition, ...]) -> None:
        self.kind = kind
        self.states: dict[str, State] = {state.code: state for state in states}
        self.rows: dict[str, Transition] = {}
        for row in rows:
            if row.act in self.rows:
                raise ValueError(f"{row.act} stands twice in the table of {kind}")
            self.rows[row.act] = row

    def __iter__(self) -> Any:
        return iter(self.rows.values())
