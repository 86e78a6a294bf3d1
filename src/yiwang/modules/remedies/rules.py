"""Rules of remedies: an open objection holds up what comes next (招标投标法实施条例 第22、44、54条)."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from yiwang.kernel import procedures
from yiwang.kernel.clock_book import ClockBook
from yiwang.kernel.clock_count import day_of, end_of
from yiwang.kernel.text import Text
from yiwang.kernel.verdict import Verdict, verdict
from yiwang.modules.evidence.actors import Actor
from yiwang.modules.evidence.registry import condition

KIND_BY_STATE = {"tendering": "document", "opened": "opening", "publicity": "result"}
"""Against what one may object, by the tender's state."""

ARTICLES = {
    "document": "招标投标法实施条例 第22条",
    "opening": "招标投标法实施条例 第44条",
    "result": "招标投标法实施条例 第54条",
}


REMEDY = {"document": "documents", "opening": "opening", "result": "result"}
"""The procedure's remedy for an objection of each kind."""


def answer_by(procedure: str, kind: str, raised: datetime) -> datetime:
    """Until when an objection must be answered, by the procedure's rule.

    A longest period is not stretched over rest days here: the answer is then due a little early, never late. What is
    to be answered in the same session is due by the end of that day.
    """
    remedy = next(each for each in procedures.load(procedure).remedies if each.key == REMEDY[kind])
    rule = ClockBook.load().rule(remedy.answer_rule)
    return raised + timedelta(days=rule.amount) if rule.unit == "natural_day" else end_of(day_of(raised))


@condition("opening.close", "draw.freeze_list", "award.decide", "award.notify")
def no_open_objection(tender: Any, actor: Actor, now: datetime) -> Verdict:
    """While an objection waits for its answer, trading stands still."""
    waiting = min(_unanswered(tender), key=lambda each: each.id, default=None)
    return verdict(
        waiting is None,
        "objection.open",
        Text("有异议尚未答复，招标活动应当暂停", "an objection is not answered yet; trading must pause"),
        article=ARTICLES[waiting.kind] if waiting else "",
        passes=Text("先答复异议", "answer the objection first"),
    )


def _unanswered(tender: Any) -> list[Any]:
    """In Python, so that a list of tenders asks once for all (``prefetch_related``)."""
    return [each for each in tender.objections.all() if each.answered_at is None]


def has_open_objection(tender: Any, actor: Actor, now: datetime) -> Verdict:
    """There is an objection to answer."""
    return verdict(
        bool(_unanswered(tender)),
        "objection.none",
        Text("没有待答复的异议", "no objection waits for an answer"),
    )
