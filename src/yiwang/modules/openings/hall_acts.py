"""Acts of the opening hall: the host's programme, pauses, postponement, incidents, questions and answers."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import Any

from yiwang.kernel import moment
from yiwang.kernel.errors import bad
from yiwang.kernel.text import Text
from yiwang.kernel.verdict import YES
from yiwang.modules.evidence import door
from yiwang.modules.evidence.actors import Actor
from yiwang.modules.openings import hall
from yiwang.modules.openings import hall_rules as rules
from yiwang.modules.openings.hall_law import hall_law
from yiwang.modules.openings.hall_states import HALL
from yiwang.modules.openings.models import Opening
from yiwang.modules.tenders import services as tenders
from yiwang.modules.venues import selectors as venues

LONGEST = 2000
"""Characters of a reason, an incident, a question or an answer."""


def advance(*, actor: Actor, tender: str, point: str, read: int = 0, minutes: int = 0, request_key: str | None = None) -> Opening:
    """The host goes on to the next point of the programme, announcing it to everybody.

    Args:
        point: the point that is called: ``price`` (the control price, before the opening), ``reading`` (the next bids of
            the record are read out), ``objections`` (opens the window to confirm or object), ``ended``.
        read: for ``reading``: up to which bid of the record it has been read out then; 0: one more.
        minutes: for ``objections``: how long the window is; 0: the usual.

    Raises:
        BadInput: not the point that comes next, more bids than there are, a window that is too short or too long.
        Refused: ended while a question or objection is open, the window runs, or the record is not confirmed.
    """
    with _at("hall.advance", actor, tender, request_key) as (passage, here):
        if point != here.following:
            raise bad("point", "这不是下一项议程", "this is not the next point", passes=Text(here.following, here.following), code="hall.next")
        passage.require(rules.may_end(passage.subject, passage.now) if point == "ended" else YES)
        more: dict[str, Any] = {}
        if point == "reading":
            more = _reading(here, read)
        elif point == "objections":
            more = _window(minutes, passage.now)
        _write(passage, {"point": point, **more})
    return _opening(passage)


def pause(*, actor: Actor, tender: str, cause: str, reason: str, request_key: str | None = None) -> Opening:
    """Pause the session; nothing is opened, read out or drawn until it is resumed.

    Args:
        cause: a class of ``law/hall.yaml``.
        reason: in words; everybody reads it.
    """
    with _at("hall.pause", actor, tender, request_key) as (passage, _):
        _write(passage, {"cause": _cause(cause), "reason": _said(reason, "reason")})
    return _opening(passage)


def resume(*, actor: Actor, tender: str, request_key: str | None = None) -> Opening:
    """Resume a paused session. A window that ran when it was paused is made longer by the pause."""
    with _at("hall.resume", actor, tender, request_key) as (passage, here):
        assert here.paused is not None  # the row's condition
        began = moment.from_stamp(here.paused["from"])
        runs = here.until is not None and began < here.until
        until = moment.stamp(here.until + (passage.now - began)) if runs and here.until else here["until"]
        _write(passage, {"paused_at": here.paused["from"], "until": until})
    return _opening(passage)


def postpone(
    *, actor: Actor, tender: str, ground: str, reason: str, opens: datetime, request_key: str | None = None
) -> Opening:
    """Put off the opening, on a ground that the law knows, to a time that is announced with it.

    Args:
        ground: a ground of ``law/hall.yaml``.
        reason: in words: which objection, which order, what happened.
        opens: the new time of the opening.

    Raises:
        BadInput: no such ground.
        Refused: the ground does not hold, the time is not ahead or beyond the bids' validity, or the center is closed then
            (a rest day without a duty roster, a day that it has announced).
    """
    with _at("hall.postpone", actor, tender, request_key) as (passage, _):
        found = hall_law().grounds.get(ground)
        if found is None:
            raise bad("ground", "不是法定的推迟理由", "this is no lawful ground to put off the opening", article="招标投标法 第34条",
                      passes=Text("；".join(each.says.zh for each in hall_law().grounds.values()),
                                  " / ".join(each.says.en for each in hall_law().grounds.values())))  # fmt: skip
        passage.require(rules.ground_holds(passage.subject, found) & rules.lawful_time(passage.subject, opens, passage.now))
        passage.require(venues.open_at(opens, field="opens"))
        _write(passage, {"ground": ground, "reason": _said(reason, "reason"), "opens": moment.stamp(opens)})
    return _opening(passage)


def incident(
    *, actor: Actor, tender: str, who: str, cause: str, minutes: int, text: str, request_key: str | None = None
) -> Opening:
    """Write an incident into the log of the session.

    Args:
        who: whom it befell or who caused it, in words.
        cause: a class of ``law/hall.yaml``.
        minutes: lost, 0 to 1440.
        text: what happened and what was done.
    """
    with _at("hall.incident", actor, tender, request_key) as (passage, _):
        if not 0 <= minutes <= 1440:
            raise bad("minutes", "耽误的分钟数应在 0 至 1440 之间", "minutes lost must be from 0 to 1440")
        public = {"who": _said(who, "who"), "cause": _cause(cause), "minutes": minutes, "text": _said(text, "text")}
        _write(passage, public)
    return _opening(passage)


def ask(*, actor: Actor, tender: str, text: str, request_key: str | None = None) -> Opening:
    """A tenderer whose bid was opened asks the host; question and name are public at once, as in a hall.

    An objection is another act (``objection.raise``): it must be answered before anything goes on.
    """
    with _at("hall.ask", actor, tender, request_key) as (passage, here):
        public = {"question": len(here["questions"]) + 1, "text": _said(text, "text"), "name": actor.organisation.name}
        _write(passage, public)
    return _opening(passage)


def answer(*, actor: Actor, tender: str, question: int, text: str, request_key: str | None = None) -> Opening:
    """The host answers a question, before everybody.

    Args:
        question: its number, from 1.
    """
    with _at("hall.answer", actor, tender, request_key) as (passage, here):
        if question not in here.unanswered:
            raise bad("question", "没有这个待答复的提问", "there is no such open question",
                      passes=Text("选择一个尚未答复的提问", "choose a question that is not answered yet"))  # fmt: skip
        _write(passage, {"question": question, "answer": _said(text, "text")})
    return _opening(passage)


@contextmanager
def _at(act: str, actor: Actor, tender: str, request_key: str | None) -> Iterator[tuple[door.Passage, hall.Hall]]:
    with door.enter(HALL.rows[act], actor, lambda: tenders.locked(tender), request_key=request_key) as passage:
        yield passage, hall.of(passage.subject)


def _write(passage: door.Passage, public: dict[str, Any]) -> None:
    """The act into the evidence, and the state that follows from it into the row."""
    opening, actor = passage.subject.opening, passage.actor
    party = actor.organisation.uscc if actor.organisation else ""
    opening.hall = hall.after(opening.hall, passage.row.act, public, party, moment.stamp(passage.now))
    opening.save(update_fields=["hall"])
    passage.record(public=public, tender=passage.subject)


def _opening(passage: door.Passage) -> Opening:
    found: Opening = passage.subject.opening
    return found


def _reading(here: hall.Hall, read: int) -> dict[str, int]:
    to = read or here["read"] + 1
    if not here["read"] < to <= here.bids:
        raise bad("read", "宣读的序号不对", "no such bid is to be read out next",
                  passes=Text(f"{here['read'] + 1} 至 {here.bids}", f"{here['read'] + 1} to {here.bids}"))  # fmt: skip
    return {"read": to}


def _window(minutes: int, now: datetime) -> dict[str, str]:
    law = hall_law()
    length = minutes or law.usual
    if not law.least <= length <= law.most:
        raise bad("minutes", f"确认和异议的时间应为 {law.least} 至 {law.most} 分钟", f"the window takes {law.least} to {law.most} minutes",
                  article=law.article)  # fmt: skip
    return {"until": moment.stamp(now + timedelta(minutes=length))}


def _cause(key: str) -> str:
    if key not in hall_law().causes:
        raise bad("cause", f"没有“{key}”这类原因", f"there is no cause “{key}”", passes=Text("选择列出的原因", "choose one of those listed"))
    return key


def _said(text: str, field: str) -> str:
    words = text.strip()
    if not words:
        raise bad(field, "请填写", "please fill in")
    if len(words) > LONGEST:
        raise bad(field, f"最多 {LONGEST} 个字", f"at most {LONGEST} characters")
    return words
