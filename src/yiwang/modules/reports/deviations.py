"""Where tenders left the course of their procedure: steps missing, out of order or late (row S110)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from yiwang.kernel import clock, moment
from yiwang.kernel.procedures import ACTS
from yiwang.kernel.text import Text
from yiwang.modules.reports import tenders_seen
from yiwang.modules.tenders.selectors import law_of

DONE = ("contracted", "archived")
"""States in which a tender's course can be judged."""
ELSEWHERE = ("bid.submit", "bid.commit", "bid.deliver", "clarification.ask", "objection.raise")
"""Acts that stand on chains of their own: not looked for in the tender's."""
KINDS = {
    "missing": Text("缺少步骤", "a step is missing"),
    "order": Text("顺序颠倒", "out of order"),
    "late": Text("超过期限", "late"),
}


@dataclass(frozen=True, slots=True)
class Deviation:
    """One deviation: its kind, the step by name, what was found, the article."""

    tender: Any
    kind: str
    step: Text
    found: Text
    article: str


def judged() -> list[Any]:
    """The tenders whose course is judged."""
    return [tender for tender in tenders_seen.published() if tender.state in DONE]


def deviations() -> list[Deviation]:
    """All deviations, tender by tender."""
    done = tenders_seen.acts(*ACTS)
    return [each for tender in judged() for each in _of(tender, done[tender.number])]


def _of(tender: Any, acts: list[Any]) -> Iterator[Deviation]:
    first = {each.name: number for number, each in reversed(list(enumerate(acts)))}
    before, before_name = -1, Text("", "")
    for step in law_of(tender).steps:
        if not step.act or step.kind != "main" or step.act in ELSEWHERE or (step.act == "tender.archive" and tender.state != "archived"):
            continue
        article = "；".join(step.articles)
        if step.act not in first:
            yield Deviation(tender, "missing", step.name, Text("没有这一步的行为记录", "no act of this step is on record"), article)
        elif first[step.act] < before:
            yield Deviation(
                tender, "order", step.name,
                Text(f"早于“{before_name.zh}”", f"before “{before_name.en}”"), article,
            )  # fmt: skip
        else:
            before, before_name = first[step.act], step.name
    yield from _late(tender)


def _late(tender: Any) -> Iterator[Deviation]:
    law, book = law_of(tender), clock.ClockBook.load()
    events = {name: moment.from_stamp(text) for name, text in tender.events.items() if name in book.events or name in law.by_key}
    for step in clock.timeline(law, events, clock.Calendar.load(), now=moment.now()):
        for reason in (*step.verdict.reasons, *step.warnings.reasons) if step.at is not None else ():
            yield Deviation(tender, "late", step.step.name, reason.message, reason.article)
