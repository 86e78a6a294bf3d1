"""The state of the opening hall, folded from its acts: the row and the audit use the same pure function.

``Opening.hall`` holds what :func:`after` makes of the acts ``hall.*`` of a tender, one after the other, from ``{}``.
"""

from __future__ import annotations

from copy import deepcopy
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from yiwang.kernel import moment

ACTS = ("hall.advance", "hall.pause", "hall.resume", "hall.postpone", "hall.incident", "hall.ask", "hall.answer")
POINTS = ("price", "reading", "objections", "ended")
"""Points of the programme that the host calls, in their order."""

State = dict[str, Any]

_EMPTY: State = {
    "points": {}, "read": 0, "until": "", "opens": "", "pauses": [], "postponed": [], "incidents": [], "questions": [],
}  # fmt: skip


def after(state: State, act: str, public: dict[str, Any], party: str, at: str) -> State:
    """The hall's state after an act.

    Args:
        public: the act's public part.
        party: who acted, the organisation's code.
        at: the act's moment as a stamp.
    """
    found = deepcopy({**_EMPTY, **state})
    _STEPS[act](found, public, party, at)
    return found


def _advance(found: State, public: dict[str, Any], party: str, at: str) -> None:
    found["points"].setdefault(public["point"], at)
    found["read"] = public.get("read", found["read"])
    found["until"] = public.get("until", found["until"])


def _pause(found: State, public: dict[str, Any], party: str, at: str) -> None:
    found["pauses"].append({"cause": public["cause"], "reason": public["reason"], "from": at, "to": ""})


def _resume(found: State, public: dict[str, Any], party: str, at: str) -> None:
    found["pauses"][-1]["to"] = at
    found["until"] = public["until"]


def _postpone(found: State, public: dict[str, Any], party: str, at: str) -> None:
    found["postponed"].append({**public, "at": at})
    found["opens"] = public["opens"]


def _incident(found: State, public: dict[str, Any], party: str, at: str) -> None:
    found["incidents"].append({**public, "at": at})


def _ask(found: State, public: dict[str, Any], party: str, at: str) -> None:
    asked = {"text": public["text"], "name": public["name"], "party": party, "at": at, "answer": "", "answered": ""}
    found["questions"].append(asked)


def _answer(found: State, public: dict[str, Any], party: str, at: str) -> None:
    found["questions"][public["question"] - 1] |= {"answer": public["answer"], "answered": at}


_STEPS = {
    "hall.advance": _advance, "hall.pause": _pause, "hall.resume": _resume, "hall.postpone": _postpone,
    "hall.incident": _incident, "hall.ask": _ask, "hall.answer": _answer,
}  # fmt: skip


@dataclass(frozen=True)
class Hall:
    """The hall of one tender, for reading. ``bids``: how many stand in the opening record, 0 before the opening."""

    state: State
    bids: int = 0

    def __getitem__(self, name: str) -> Any:
        return self.state.get(name, _EMPTY[name])

    @property
    def paused(self) -> dict[str, Any] | None:
        """The pause that lasts; None while the session goes on."""
        pauses = self["pauses"]
        return pauses[-1] if pauses and not pauses[-1]["to"] else None

    @property
    def ended(self) -> bool:
        """Whether the host has ended the session."""
        return "ended" in self["points"]

    @property
    def until(self) -> datetime | None:
        """The end of the window for objections; None before it was opened."""
        return moment.from_stamp(self["until"]) if self["until"] else None

    @property
    def opens(self) -> datetime | None:
        """The new time of an opening that was put off."""
        return moment.from_stamp(self["opens"]) if self["opens"] else None

    @property
    def unanswered(self) -> list[int]:
        """Numbers of the questions without an answer, from 1."""
        return [n for n, each in enumerate(self["questions"], 1) if not each["answered"]]

    @property
    def following(self) -> str:
        """The next point of the programme: one of :data:`POINTS`, '' when what comes next is not the host's to call."""
        if not self.bids:
            return "" if "price" in self["points"] else "price"
        if self["read"] < self.bids:
            return "reading"
        if "objections" not in self["points"]:
            return "objections"
        return "" if self.ended else "ended"

    def lost(self) -> int:
        """Minutes lost by the incident log."""
        return sum(each["minutes"] for each in self["incidents"])


def of(tender: Any) -> Hall:
    """The hall of a tender; empty while bidding is not closed."""
    opening = getattr(tender, "opening", None)
    if opening is None:
        return Hall({})
    return Hall(opening.hall, len(opening.record["bids"]) if opening.record else 0)
