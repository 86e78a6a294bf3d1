"""What in a procedure contradicts itself: it only shows when all parts are seen together.

Each fault names file and line of what must change.
"""

from __future__ import annotations

from collections.abc import Iterator

from yiwang.kernel.clock_book import ClockBook
from yiwang.kernel.lawfile import LawFile, Where
from yiwang.kernel.procedures import Procedure, ProcedureStep
from yiwang.kernel.verdict import Reason

ENDS = ("archived", "failed", "terminated")
"""States in which a tender's life ends."""


def faults(file: LawFile, procedure: Procedure, book: ClockBook) -> Iterator[Reason]:
    """Everything that contradicts itself, in the order of the file's parts."""
    yield from _numbers(file, procedure)
    yield from _articles(file, procedure)
    yield from _states(file, procedure)
    yield from _clock(file, procedure, book)
    yield from _remedies(file, procedure)


def _numbers(file: LawFile, procedure: Procedure) -> Iterator[Reason]:
    if procedure.version < 1:
        yield file.reason(("version",), "从1起", "starts from 1")
    if procedure.least_bids < 1:
        yield file.reason(("bids", "least"), "至少为1", "must be at least 1")
    if procedure.candidates_most < 1:
        yield file.reason(("candidates", "most"), "至少为1", "must be at least 1")
    if not procedure.formulas:
        yield file.reason(("formulas",), "至少允许一种评标办法", "at least one formula must be allowed")
    for number, formula in enumerate(procedure.formulas):
        least, most = formula.price_least or 0, formula.price_most or 100
        if not 0 <= least <= most <= 100:
            yield file.reason(("formulas", number), "价格分权重的下限高于上限", "no price weight lies within these bounds")
    since, until, warn = procedure.since, procedure.until, procedure.warn_from
    if since and until and until < since:
        yield file.reason(("until",), "早于施行之日", "lies before the day from which it is in force")
    if warn and (since is None or warn >= since):
        yield file.reason(("warn_from",), "应早于施行之日“since”", "must lie before “since”")


def _articles(file: LawFile, procedure: Procedure) -> Iterator[Reason]:
    wanted: list[tuple[Where, tuple[str, ...]]] = [(("articles",), procedure.articles)]
    wanted += [(("opening", "articles"), procedure.opening_articles)]
    wanted += [(("remedies", number, "articles"), each.articles) for number, each in enumerate(procedure.remedies)]
    for key, steps in (("steps", procedure.steps), ("branches", procedure.branches)):
        wanted += [((key, number, "articles"), step.articles) for number, step in enumerate(steps)]
    for at, articles in wanted:
        if not any(article.strip() for article in articles):
            yield file.reason(at, "缺少法律条款", "names no article of law")
    for at, article in ((("bids", "article"), procedure.least_bids_article), (("committee", "article"), procedure.committee.article)):  # fmt: skip
        if not article.strip():
            yield file.reason(at, "缺少法律条款", "names no article of law")


def _states(file: LawFile, procedure: Procedure) -> Iterator[Reason]:
    """Each step's states are reached before it; from each state that is reached the tender goes on to an end."""
    reached, told = {"draft"}, set()
    for number, step in enumerate(procedure.steps):
        for state in step.states:
            if state not in reached and state not in told:
                told.add(state)
                yield file.reason(
                    ("steps", number, "states"),
                    f"到此步骤时不会处于“{state}”",
                    f"no earlier step leads to the state “{state}”",
                )
        reached.add(step.target)
    for number, step in enumerate(procedure.branches):
        at = ("branches", number, "states")
        # a branch of the base that cannot happen here does no harm; one written here is a mistake
        if not reached.intersection(step.states) and file.place(at)[0] == file.name:
            names = "、".join(step.states)
            yield file.reason(at, f"从不处于“{names}”", f"is never in the state “{names}”")
    leaving = {state for step in procedure.steps if step.target and step.kind == "main" for state in step.states}
    for number, step in enumerate(procedure.steps):
        if step.target and step.target not in (*ENDS, *leaving) and step.target not in told:
            yield file.reason(
                ("steps", number, "target"),
                f"没有步骤离开“{step.target}”",
                f"no step leaves the state “{step.target}”",
            )
    if "archived" not in reached:
        yield file.reason(("steps",), "没有归档的步骤", "no step leads to the state “archived”")


def _clock(file: LawFile, procedure: Procedure, book: ClockBook) -> Iterator[Reason]:
    """Each rule is of this trade and method, its events happen here, and no two rules shut each other out."""
    steps = (*procedure.steps, *procedure.branches)
    events = {event for step in steps for event in step.events}
    for at, step in _with_place(procedure):
        for place, rule_id in enumerate(step.clock):
            rule, where = book.rules[rule_id], (*at, "clock", place)
            if rule.trade not in (procedure.track, "all"):
                yield file.reason(where, f"{rule_id} 不属于本类交易", f"{rule_id} belongs to the trade “{rule.trade}”")
            elif procedure.method not in rule.methods and "all" not in rule.methods:
                yield file.reason(
                    where,
                    f"{rule_id} 不适用于“{procedure.method}”",
                    f"{rule_id} is for {', '.join(rule.methods)}, not for “{procedure.method}”",
                )
            for event in (rule.from_event, rule.to_event, rule.until):
                earlier = procedure.stage is not None and event == rule.from_event
                if event and event not in events and event not in book.outside and not earlier:
                    yield file.reason(
                        where,
                        f"{rule_id} 的事件“{event}”从不发生",
                        f"{rule_id} waits for “{event}”, which no step sets off",
                    )
            yield from _shut_out(file, where, rule_id, procedure, book)


def _with_place(procedure: Procedure) -> Iterator[tuple[Where, ProcedureStep]]:
    for key, steps in (("steps", procedure.steps), ("branches", procedure.branches)):
        for number, step in enumerate(steps):
            yield (key, number), step


def _shut_out(file: LawFile, where: Where, rule_id: str, procedure: Procedure, book: ClockBook) -> Iterator[Reason]:
    rule = book.rules[rule_id]
    for other_id in procedure.clock_rules():
        other = book.rules[other_id]
        same = (rule.from_event, rule.to_event, rule.unit, rule.direction)
        if (
            rule.bound == "min"
            and other.bound == "max"
            and same == (other.from_event, other.to_event, other.unit, other.direction)
            and rule.amount > other.amount
        ):
            yield file.reason(
                where, f"{rule_id} 与 {other_id} 不能同时遵守", f"{rule_id} and {other_id} cannot both be kept"
            )


def _remedies(file: LawFile, procedure: Procedure) -> Iterator[Reason]:
    keys = {remedy.key for remedy in procedure.remedies}
    acts = {step.act for step in procedure.steps}
    for number, remedy in enumerate(procedure.remedies):
        at = ("remedies", number)
        if remedy.first and remedy.first not in keys:
            yield file.reason((*at, "first"), f"没有“{remedy.first}”", f"there is no remedy “{remedy.first}”")
        for field, act in (("act", remedy.act), ("answer_act", remedy.answer_act)):
            if act and act not in acts:
                yield file.reason((*at, field), f"没有步骤使用“{act}”", f"no step does “{act}”")
