"""Reading a procedure's YAML file into a Procedure, with every fault named by file and line.

A file with a ``base`` says only what differs: see :mod:`yiwang.kernel.procedure_base`. What contradicts itself is
refused here, when the file is loaded: see :mod:`yiwang.kernel.procedure_whole`.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import date
from decimal import Decimal
from functools import lru_cache
from pathlib import Path
from typing import Any

from yiwang.kernel import formula_book, lawfile, procedure_base, procedure_whole
from yiwang.kernel.admission import AdmissionRule
from yiwang.kernel.clock_book import ClockBook
from yiwang.kernel.lawfile import LawFault, LawFile, Where
from yiwang.kernel.procedures import (
    ACTS,
    PARTS,
    ROLES,
    STAGES,
    STATES,
    AllowedFormula,
    BidBondRule,
    CommitteeRule,
    Procedure,
    ProcedureStep,
    Remedy,
    StageRule,
    index,
)
from yiwang.kernel.verdict import Reason

_TOP = ("id", "version", "base", "replace", "without", "insert", "name", "summary", "track", "method", "objects",
        "since", "until", "warn_from", "articles", "steps", "branches", "committee", "bids", "candidates", "publicity",
        "opening", "remedies", "formulas", "parts", "stage", "award", "bid_bond", "invited", "sealed",
        "admission", "priced")  # fmt: skip
_STEP = ("key", "act", "name", "actors", "states", "target", "kind", "document", "public", "events", "clock",
         "articles", "note")  # fmt: skip
_REMEDY = ("key", "name", "who", "raise_rule", "answer_rule", "suspends", "articles", "act", "answer_act", "first")
_PAST = re.compile(r"(.+)\.v([1-9][0-9]*)")


def read_procedure(path: Path, book: ClockBook, folder: Path | None = None) -> Procedure:
    """Read and check a procedure file (cached while it and its bases are unchanged).

    Args:
        folder: where bases are looked for, then among those that come with the program; None: beside the file and in the
            law's folders.

    Raises:
        LawFault: naming file and line of everything that is wrong.
    """
    places = _places(path, folder)
    return _procedure(path, places, _age(path, places), book, frozenset(formula_book.files()))


def merged(path: Path, folder: Path | None = None) -> LawFile:
    """The content of a procedure's file with all that its bases say; LawFault as :func:`read_procedure`."""
    return procedure_base.whole(path, _finder(_places(path, folder)))


def _places(path: Path, folder: Path | None) -> tuple[Path, ...]:
    """Where bases are looked for: a folder of the center's own rests on the procedures that come with the program."""
    return (folder, lawfile.law_path("procedures")) if folder else (path.parent, *lawfile.law_folders("procedures"))


def _finder(places: tuple[Path, ...]) -> Callable[[str], Path | None]:
    def find(name: str) -> Path | None:
        tries = (place / f"{name}.yaml" for place in places)
        return next((path for path in tries if re.fullmatch(r"_?[a-z][a-z0-9_]*", name) and path.is_file()), None)

    return find


def _age(path: Path, places: tuple[Path, ...]) -> tuple[int, ...]:
    return tuple(each.stat().st_mtime_ns for each in procedure_base.chain(path, _finder(places)))


@contextmanager
def _gathering(reasons: list[Reason]) -> Iterator[None]:
    try:
        yield
    except LawFault as fault:
        reasons.extend(fault.reasons)


@lru_cache(maxsize=256)
def _procedure(path: Path, places: tuple[Path, ...], age: tuple[int, ...], book: ClockBook, formulas: frozenset[str]) -> Procedure:
    return parse_procedure(procedure_base.whole(path, _finder(places)), path.name, book, formulas)


def parse_procedure(file: LawFile, name: str, book: ClockBook, formulas: Iterable[str]) -> Procedure:
    """A procedure from content that was parsed, and merged with its bases, already.

    Args:
        name: of the procedure's own file. formulas: ids of the formulas that there are.

    Raises:
        LawFault: as :func:`read_procedure`.
    """
    reasons: list[Reason] = []
    with _gathering(reasons):
        file.only((), _TOP)
    parts = _read(file, name, book, frozenset(formulas), reasons)
    if reasons:
        raise LawFault(*reasons)
    result = Procedure(**parts, by_key=index(parts["steps"]))
    reasons = list(procedure_whole.faults(file, result, book))
    if reasons:
        raise LawFault(*reasons)
    return result


def _read(file: LawFile, name: str, book: ClockBook, formulas: frozenset[str], reasons: list[Reason]) -> dict[str, Any]:
    """All fields of a Procedure; what is wrong goes to ``reasons``, each fault for itself."""
    readers: dict[str, Callable[[], Any]] = {
        "id": lambda: _id(file, name),
        "version": lambda: file.need(("version",), int),
        "name": lambda: file.text(("name",)),
        "summary": lambda: file.text(("summary",)),
        "track": lambda: file.one_of(("track",), ("construction", "gov_procurement")),
        "method": lambda: file.need(("method",), str),
        "objects": lambda: _words(file, ("objects",)),
        "since": lambda: _day(file, "since"),
        "until": lambda: _day(file, "until"),
        "warn_from": lambda: _day(file, "warn_from"),
        "articles": lambda: _words(file, ("articles",)),
        "committee": lambda: _committee(file),
        "least_bids": lambda: file.need(("bids", "least"), int),
        "least_bids_rule": lambda: file.need(("bids", "rule"), str),
        "least_bids_article": lambda: file.need(("bids", "article"), str),
        "candidates_most": lambda: file.need(("candidates", "most"), int),
        "publicity_rule": lambda: _rule(file, ("publicity", "rule"), book) if "publicity" in file.data else "",
        "opening": lambda: file.text(("opening", "how")),
        "opening_articles": lambda: _words(file, ("opening", "articles")),
        "formulas": lambda: _formulas(file, formulas),
        "parts": lambda: _parts(file),
        "stage": lambda: _stage(file),
        "award": lambda: _choice(file, "award", ("ranked", "separate")),
        "bid_bond": lambda: _bid_bond(file),
        "invited": lambda: bool(_given(file, "invited", bool, False)),
        "sealed": lambda: bool(_given(file, "sealed", bool, True)),
        "admission": lambda: _admission(file),
        "priced": lambda: bool(_given(file, "priced", bool, True)),
    }
    found: dict[str, Any] = {
        "steps": _steps(file, "steps", book, reasons),
        "branches": _steps(file, "branches", book, reasons),
        "remedies": _remedies(file, book, reasons),
    }
    for key, reader in readers.items():
        with _gathering(reasons):
            found[key] = reader()
    if file.place(("branches",))[0] != name:
        found["branches"] = _reached(found["branches"], found["steps"])
    return found


def _reached(branches: tuple[ProcedureStep, ...], steps: tuple[ProcedureStep, ...]) -> tuple[ProcedureStep, ...]:
    """Branches taken over from a base, as far as this procedure comes into their states: what may happen in a state that
    it never reaches does not happen here."""
    there = {"draft", *(step.target for step in steps)}
    clipped = (replace(branch, states=tuple(state for state in branch.states if state in there)) for branch in branches)
    return tuple(branch for branch in clipped if branch.states)


def _id(file: LawFile, name: str) -> str:
    """The id; it and, of an older version, the number stand in the file's name too."""
    stem = Path(name).stem
    past = _PAST.fullmatch(stem)
    stem = past[1] if past else stem
    if file.need(("id",), str) != stem:
        raise file.fault(("id",), f"应与文件名“{stem}”一致", f"must equal the file's name “{stem}”")
    if past and file.need(("version",), int) != int(past[2]):
        raise file.fault(("version",), f"应为{past[2]}，与文件名一致", f"must be {past[2]}, as the file's name says")
    return stem


def _given(file: LawFile, key: str, kind: type, otherwise: Any) -> Any:
    return file.need((key,), kind) if key in file.data else otherwise


def _day(file: LawFile, key: str) -> date | None:
    found: date | None = _given(file, key, date, None)
    return found


def _choice(file: LawFile, key: str, allowed: tuple[str, ...]) -> str:
    """One of a few words; the first when the key is absent."""
    return file.one_of((key,), allowed) if key in file.data else allowed[0]


def _admission(file: LawFile) -> AdmissionRule | None:
    if "admission" not in file.data:
        return None
    at = ("admission",)
    file.only(at, ("least", "rule", "article", "secret"))
    return AdmissionRule(
        file.need((*at, "least"), int), file.need((*at, "rule"), str), file.need((*at, "article"), str),
        bool(file.need(at, dict).get("secret", False)),
    )  # fmt: skip


def _stage(file: LawFile) -> StageRule | None:
    if "stage" not in file.data:
        return None
    file.only(("stage",), ("of", "admits", "committee", "deadline"))
    row = file.need(("stage",), dict)
    choices = {
        "admits": ("admitted", "took_part", "invited"),
        "committee": ("new", "same"),
        "deadline": ("own", "same"),
    }
    chosen = {key: file.one_of(("stage", key), words) if key in row else words[0] for key, words in choices.items()}
    return StageRule(_words(file, ("stage", "of")), **chosen)


def _bid_bond(file: LawFile) -> BidBondRule | None:
    if file.data.get("bid_bond") is None:
        return None
    at = ("bid_bond",)
    file.only(at, ("percent_most", "fen_most", "rule", "article"))
    row = file.need(at, dict)
    percent = _decimal(file, (*at, "percent_most"))
    if not 0 < percent <= 100:
        raise file.fault((*at, "percent_most"), "应在0至100之间", "must lie between 0 and 100")
    fen = file.need((*at, "fen_most"), int) if "fen_most" in row else 0
    return BidBondRule(percent, fen, file.need((*at, "rule"), str), file.need((*at, "article"), str))


def _decimal(file: LawFile, at: Where) -> Decimal:
    text = file.need(at, str)
    if not re.fullmatch(r"[0-9]+(\.[0-9]+)?", text):
        raise file.fault(at, f"“{text}”不是数", f"“{text}” is not a number")
    return Decimal(text)


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


def _steps(file: LawFile, key: str, book: ClockBook, reasons: list[Reason]) -> tuple[ProcedureStep, ...]:
    steps: list[ProcedureStep] = []
    seen: set[str] = set()
    with _gathering(reasons):
        file.need((key,), list)
    for number in range(len(file.data.get(key) or ()) if isinstance(file.data.get(key), list) else 0):
        with _gathering(reasons):
            step = _step(file, (key, number), book)
            if step.key in seen:
                raise file.fault((key, number, "key"), f"步骤“{step.key}”重复", f"the step “{step.key}” stands twice")
            seen.add(step.key)
            steps.append(step)
    return tuple(steps)


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
    """Who evaluates; ``least: 0`` where no committee sits."""
    at = ("committee",)
    file.only(at, ("least", "experts", "article", "rule", "buyer_may_chair", "larger_least", "larger_when"))
    row = file.need(at, dict)
    share = file.need((*at, "experts"), list)
    if len(share) != 2 or not all(isinstance(each, int) for each in share) or not 0 <= share[0] <= share[1] >= 1:
        raise file.fault((*at, "experts"), "应为两个整数，例如 [2, 3]", "must be two whole numbers, such as [2, 3]")
    rule = CommitteeRule(
        least=file.need((*at, "least"), int),
        experts=(share[0], share[1]),
        article=file.need((*at, "article"), str),
        rule=file.need((*at, "rule"), str),
        buyer_may_chair=row.get("buyer_may_chair", True),
        larger_least=file.need((*at, "larger_least"), int) if "larger_least" in row else 0,
        larger_when=file.text((*at, "larger_when")) if "larger_when" in row else None,
    )
    for key, number in (("least", rule.least), ("larger_least", rule.larger_least)):
        if number and (number < 1 or number % 2 == 0):
            raise file.fault((*at, key), "人数须为单数", "must be odd")
    return rule


def _remedies(file: LawFile, book: ClockBook, reasons: list[Reason]) -> tuple[Remedy, ...]:
    found = []
    with _gathering(reasons):
        for number in range(len(file.need(("remedies",), list))):
            with _gathering(reasons):
                found.append(_remedy(file, ("remedies", number), book))
    return tuple(found)


def _remedy(file: LawFile, at: Where, book: ClockBook) -> Remedy:
    file.only(at, _REMEDY)
    row = file.need(at, dict)
    return Remedy(
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


def _formulas(file: LawFile, known: frozenset[str]) -> tuple[AllowedFormula, ...]:
    found = []
    for number, row in enumerate(file.need(("formulas",), list)):
        at = ("formulas", number)
        file.only(at, ("id", "price_least", "price_most", "article"))
        bounds = [_decimal(file, (*at, key)) if key in row else None for key in ("price_least", "price_most")]
        found.append(AllowedFormula(file.one_of((*at, "id"), known), bounds[0], bounds[1], row.get("article", "")))
    return tuple(found)
