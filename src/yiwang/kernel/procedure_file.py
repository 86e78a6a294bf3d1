"""Reading a procedure's YAML file into a Procedure, with every fault named by file and line.

A file may say ``extends: OTHER``: every top-level key that it gives replaces that key of the other file.
"""

from __future__ import annotations

from decimal import Decimal
from functools import lru_cache
from pathlib import Path
from typing import Any

from yiwang.kernel import lawfile
from yiwang.kernel.clock_book import ClockBook
from yiwang.kernel.lawfile import LawFile, Where
from yiwang.kernel.procedures import (
    ACTS,
    PARTS,
    ROLES,
    STAGES,
    STATES,
    AllowedFormula,
    CommitteeRule,
    Procedure,
    ProcedureStep,
    Remedy,
    index,
)
from yiwang.kernel.text import Text

_TOP = ("id", "version", "extends", "name", "summary", "track", "method", "objects", "since", "articles", "steps",
        "branches", "committee", "bids", "candidates", "publicity", "opening", "remedies", "formulas", "parts")  # fmt: skip
_STEP = ("key", "act", "name", "actors", "states", "target", "kind", "document", "public", "events", "clock",
         "articles", "note")  # fmt: skip
_REMEDY = ("key", "name", "who", "raise_rule", "answer_rule", "suspends", "articles", "act", "answer_act", "first")


class _Files:
    """A file and those it extends: the nearest one that holds a key answers for it."""

    def __init__(self, path: Path) -> None:
        self.chain = [lawfile.read(path)]
        while "extends" in self.chain[-1].need((), dict):
            last = self.chain[-1]
            base = path.parent / f"{last.need(('extends',), str)}.yaml"
            if not base.is_file() or any(file.name == base.name for file in self.chain):
                raise last.fault(("extends",), f"不能扩展“{base.stem}”", f"cannot extend “{base.stem}”")
            self.chain.append(lawfile.read(base))
        for file in self.chain:
            file.only((), _TOP)

    def at(self, key: str) -> LawFile:
        """The file that gives a top-level key (the first file when none does)."""
        return next((file for file in self.chain if key in file.data), self.chain[0])

    def need(self, key: str, kind: type) -> Any:
        return self.at(key).need((key,), kind)

    def text(self, key: str) -> Text:
        return self.at(key).text((key,))

    def words(self, key: str) -> tuple[str, ...]:
        return _words(self.at(key), (key,))


def read_procedure(path: Path, book: ClockBook) -> Procedure:
    """Read and check a procedure file (cached while it and what it extends are unchanged).

    Raises:
        LawFault: naming file, line and what is wrong.
    """
    return _procedure(path, _age(path), book)


def _age(path: Path) -> int:
    return sum(item.stat().st_mtime_ns for item in path.parent.glob("*.yaml"))


@lru_cache(maxsize=64)
def _procedure(path: Path, age: int, book: ClockBook) -> Procedure:
    files = _Files(path)
    if files.need("id", str) != path.stem:
        raise files.at("id").fault(("id",), f"应与文件名“{path.stem}”一致", f"must equal the file's name “{path.stem}”")
    steps = _steps(files, "steps", book)
    bids, top = files.at("bids"), files.chain[0]
    result = Procedure(
        id=path.stem,
        version=files.need("version", int),
        name=files.text("name"),
        summary=files.text("summary"),
        track=files.at("track").one_of(("track",), ("construction", "gov_procurement")),
        method=files.need("method", str),
        objects=files.words("objects"),
        since=top.data.get("since"),
        articles=files.words("articles"),
        steps=steps,
        branches=_steps(files, "branches", book),
        committee=_committee(files.at("committee")),
        least_bids=bids.need(("bids", "least"), int),
        least_bids_rule=bids.need(("bids", "rule"), str),
        least_bids_article=bids.need(("bids", "article"), str),
        candidates_most=files.at("candidates").need(("candidates", "most"), int),
        publicity_rule=_rule(files.at("publicity"), ("publicity", "rule"), book),
        opening=files.at("opening").text(("opening", "how")),
        opening_articles=_words(files.at("opening"), ("opening", "articles")),
        remedies=_remedies(files.at("remedies"), book),
        formulas=_formulas(files.at("formulas")),
        by_key=index(steps),
        parts=_parts(files.at("parts")),
    )
    _whole(files, result)
    return result


def _parts(file: LawFile) -> tuple[str, ...]:
    """The parts that are sealed apart: two or three, in the order of opening, the price last."""
    found = _each_of(file, ("parts",), PARTS)
    if found and (len(found) < 2 or found[-1] != "price" or list(found) != [part for part in PARTS if part in found]):
        raise file.fault(("parts",), "分册应按资格、技术、报价的顺序，至少两个，报价在最后",
                         "parts stand in the order qualification, technical, price: at least two, the price last")  # fmt: skip
    return found


def _words(file: LawFile, where: Where) -> tuple[str, ...]:
    items = file.need(where, list)
    for number in range(len(items)):
        file.need((*where, number), str)
    return tuple(items)


def _some(file: LawFile, where: Where) -> tuple[str, ...]:
    return _words(file, where) if where[-1] in file.need(where[:-1], dict) else ()


def _rule(file: LawFile, where: Where, book: ClockBook) -> str:
    return file.one_of(where, book.rules)


def _each_of(file: LawFile, where: Where, allowed: Any) -> tuple[str, ...]:
    return tuple(file.one_of((*where, number), allowed) for number in range(len(_some(file, where))))


def _steps(files: _Files, key: str, book: ClockBook) -> tuple[ProcedureStep, ...]:
    file = files.at(key)
    steps = tuple(_step(file, (key, number), book) for number in range(len(file.need((key,), list))))
    seen: set[str] = set()
    for number, step in enumerate(steps):
        if step.key in seen:
            raise file.fault((key, number, "key"), f"步骤“{step.key}”重复", f"the step “{step.key}” stands twice")
        seen.add(step.key)
    return steps


def _step(file: LawFile, at: Where, book: ClockBook) -> ProcedureStep:
    file.only(at, _STEP)
    row = file.need(at, dict)
    document = (*at, "document")
    step = ProcedureStep(
        key=file.need((*at, "key"), str),
        act=file.one_of((*at, "act"), ACTS) if "act" in row else "",
        name=file.text((*at, "name")),
        actors=_each_of(file, (*at, "actors"), ROLES),
        states=_each_of(file, (*at, "states"), STATES),
        target=file.one_of((*at, "target"), STATES) if "target" in row else "",
        kind=file.one_of((*at, "kind"), ("main", "optional", "side")) if "kind" in row else "main",
        document=file.need((*document, "code"), str) if "document" in row else "",
        document_name=file.text(document) if "document" in row else None,
        public=file.one_of((*at, "public"), STAGES),
        events=_each_of(file, (*at, "events"), book.events),
        clock=_each_of(file, (*at, "clock"), book.rules),
        articles=_some(file, (*at, "articles")),
        note=file.text((*at, "note")) if "note" in row else None,
    )
    for required in ("actors", "states"):
        if not getattr(step, required):
            raise file.fault(at, f"步骤“{step.key}”缺少“{required}”", f"the step “{step.key}” lacks “{required}”")
    for number, rule_id in enumerate(step.clock):
        rule = book.rules[rule_id]
        if rule.to_event not in step.events and rule.from_event not in step.events:
            raise file.fault(
                (*at, "clock", number),
                f"规则 {rule_id} 的事件不在本步骤",
                f"{rule_id} bounds “{rule.to_event}”, which this step does not set off",
            )
    return step


def _committee(file: LawFile) -> CommitteeRule:
    at = ("committee",)
    row = file.need(at, dict)
    share = file.need((*at, "experts"), list)
    rule = CommitteeRule(
        least=file.need((*at, "least"), int),
        experts=(share[0], share[1]),
        article=file.need((*at, "article"), str),
        rule=file.need((*at, "rule"), str),
        buyer_may_chair=row.get("buyer_may_chair", True),
        larger_least=row.get("larger_least", 0),
        larger_when=file.text((*at, "larger_when")) if "larger_when" in row else None,
    )
    if rule.least % 2 == 0:
        raise file.fault((*at, "least"), "人数须为单数", "must be odd")
    return rule


def _remedies(file: LawFile, book: ClockBook) -> tuple[Remedy, ...]:
    found = []
    for number in range(len(file.need(("remedies",), list))):
        at = ("remedies", number)
        file.only(at, _REMEDY)
        row = file.need(at, dict)
        found.append(
            Remedy(
                key=file.need((*at, "key"), str),
                name=file.text((*at, "name")),
                who=file.text((*at, "who")),
                raise_rule=_rule(file, (*at, "raise_rule"), book),
                answer_rule=_rule(file, (*at, "answer_rule"), book),
                suspends=file.need((*at, "suspends"), bool),
                articles=_words(file, (*at, "articles")),
                act=file.one_of((*at, "act"), ACTS) if "act" in row else "",
                answer_act=file.one_of((*at, "answer_act"), ACTS) if "answer_act" in row else "",
                first=row.get("first", ""),
            )
        )
    return tuple(found)


def _formulas(file: LawFile) -> tuple[AllowedFormula, ...]:
    known = {path.stem for path in lawfile.law_path("formulas").glob("*.yaml")}
    found = []
    for number, row in enumerate(file.need(("formulas",), list)):
        at = ("formulas", number)
        file.only(at, ("id", "price_least", "price_most", "article"))
        bounds = [Decimal(str(row[key])) if key in row else None for key in ("price_least", "price_most")]
        found.append(AllowedFormula(file.one_of((*at, "id"), known), bounds[0], bounds[1], row.get("article", "")))
    return tuple(found)


def _whole(files: _Files, procedure: Procedure) -> None:
    """What only shows when all parts are seen together."""
    reached = {"draft"}
    for number, step in enumerate(procedure.steps):
        for state in step.states:
            if state not in reached:
                raise files.at("steps").fault(
                    ("steps", number, "states"),
                    f"到此步骤时不会处于“{state}”",
                    f"no earlier step leads to the state “{state}”",
                )
        reached.add(step.target)
    if not procedure.formulas:
        raise files.at("formulas").fault(("formulas",), "至少允许一种评标办法", "at least one formula must be allowed")
    keys = {remedy.key for remedy in procedure.remedies}
    for number, remedy in enumerate(procedure.remedies):
        if remedy.first and remedy.first not in keys:
            raise files.at("remedies").fault(
                ("remedies", number, "first"), f"没有“{remedy.first}”", f"there is no remedy “{remedy.first}”"
            )
