"""The formulas of law/formulas: each a ready formula, what a tender may set in it, and worked examples.

A center may add formulas of its own in the folder ``formulas`` of its own folder of law; one that comes with the program stays
what it is.
"""

from __future__ import annotations

import copy
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path
from typing import Any

from yiwang.kernel import lawfile
from yiwang.kernel.errors import BadInput, bad
from yiwang.kernel.formula_check import check_formula, require
from yiwang.kernel.formulas import BidFacts, Ranking, Sheet, evaluate
from yiwang.kernel.lawfile import LawFile, law_folders, law_path
from yiwang.kernel.text import Text
from yiwang.kernel.verdict import Reason

KINDS = ("money", "decimal", "choice", "list", "object", "criteria", "ties")


@dataclass(frozen=True, slots=True)
class Setting:
    """Something that a tender sets in a formula: ``path`` into it, its kind, its name."""

    path: str
    kind: str
    required: bool
    name: Text


@dataclass(frozen=True, slots=True)
class Example:
    """A worked example: inputs and what must come out; at once test, help text and documentation."""

    name: Text
    formula: dict[str, Any]
    bids: tuple[BidFacts, ...]
    sheets: tuple[Sheet, ...]
    expect: Mapping[str, Any]

    def run(self) -> Ranking:
        """Evaluate it."""
        return evaluate(self.formula, self.bids, self.sheets)

    def differences(self) -> list[str]:
        """Where the result differs from what the example says; empty when it agrees."""
        ranking = self.run()
        got: dict[str, Any] = {
            "winner": ranking.winner,
            "candidates": [item.bid for item in ranking.candidates()],
            "order": [item.bid for item in ranking.results if item.rank],
            "rejected": [item.bid for item in ranking.results if item.rejected],
            "ties": [list(group) for group in ranking.ties],
            "benchmark": None if ranking.benchmark is None else str(ranking.benchmark),
            "ranks": {item.bid: item.rank for item in ranking.results},
            "price_scores": {item.bid: str(item.price_score) for item in ranking.results},
            "totals": {item.bid: str(item.total) for item in ranking.results},
            "evaluated": {item.bid: str(item.evaluated) for item in ranking.results},
            "abnormal": {item.bid: len(item.abnormal) for item in ranking.results if item.abnormal},
        }
        found = []
        for key, wanted in self.expect.items():
            have = got[key]
            if isinstance(wanted, Mapping) and key != "abnormal":
                have = {name: have.get(name) for name in wanted}
            if have != wanted:
                found.append(f"{self.name.en}: {key} is {have}, not {wanted}")
        return found


@dataclass(frozen=True, slots=True)
class FormulaTemplate:
    """A formula of the law folder."""

    id: str
    version: int
    name: Text
    says: Text
    articles: tuple[str, ...]
    source: str
    base: Mapping[str, Any]
    settings: tuple[Setting, ...]
    examples: tuple[Example, ...]

    def formula(self, settings: Mapping[str, Any] | None = None) -> dict[str, Any]:
        """The formula with a tender's settings, by path, e.g. ``{"price.ceiling": 1200000000}``; money in fen.

        Raises:
            BadInput: an unknown setting, a required one that is missing, or an unsound formula.
        """
        return _with(self, settings or {})


def _with(template: FormulaTemplate, settings: Mapping[str, Any]) -> dict[str, Any]:
    known = {setting.path: setting for setting in template.settings}
    formula: dict[str, Any] = copy.deepcopy(dict(template.base))
    for path, value in settings.items():
        if path not in known:
            names = "、".join(known)
            raise bad(
                path,
                f"办法“{template.name.zh}”没有这一项",
                f"“{template.name.en}” has no setting “{path}”",
                passes=Text(names, names),
            )
        *way, last = path.split(".")
        target = formula
        for part in way:
            target = target.setdefault(part, {}) if isinstance(target.get(part, {}), dict) else {}
        target[last] = copy.deepcopy(value)
    for setting in template.settings:
        if setting.required and settings.get(setting.path) is None:
            raise bad(setting.path, f"请填写{setting.name.zh}", f"give the {setting.name.en}")
    require(formula)
    return formula


def template(formula_id: str) -> FormulaTemplate:
    """The formula of that id; BadInput when there is none."""
    known = files()
    if formula_id not in known:
        names = ", ".join(sorted(known))
        message = Text(f"没有名为“{formula_id}”的评标办法", f"there is no formula “{formula_id}”")
        raise BadInput(Reason("formula.id", message, field="formula.id", passes=Text(names, names)))
    return read_template(known[formula_id])


def files() -> dict[str, Path]:
    """The file of each formula, by id: those that come with the program, then the center's own of other names."""
    found: dict[str, Path] = {}
    for place in reversed(law_folders("formulas")):
        for path in sorted(place.glob("*.yaml")):
            found.setdefault(path.stem, path)
    return found


def all_templates() -> tuple[FormulaTemplate, ...]:
    """All formulas, by id."""
    return tuple(read_template(path) for _, path in sorted(files().items()))


def read_template(path: Path) -> FormulaTemplate:
    """Read and check a formula file. LawFault names file, line and what is wrong, a failing example too."""
    return _template(path, path.stat().st_mtime_ns)


def parse_template(file: LawFile, formula_id: str) -> FormulaTemplate:
    """A formula from a file that was parsed already. LawFault as :func:`read_template`."""
    base = file.need(("formula",), dict)
    if not (file.need(("id",), str) == formula_id == base.get("id")):
        raise file.fault(("id",), "编号、文件名和 formula.id 须一致", "id, file name and formula.id must be the same")
    return _checked(file, base)


@lru_cache(maxsize=64)
def _template(path: Path, changed_ns: int) -> FormulaTemplate:
    file = lawfile.read(path)
    if path in lawfile.own_files(f"formulas/{path.name}") and law_path("formulas", path.name).is_file():
        raise file.fault(("id",), f"“{path.stem}”是软件自带的办法，请换一个名称", f"“{path.stem}” comes with the program; take another name")
    return parse_template(file, path.stem)


def _checked(file: LawFile, base: dict[str, Any]) -> FormulaTemplate:
    file.only((), ("id", "version", "name", "says", "articles", "source", "formula", "settings", "examples"))
    verdict = check_formula(base)
    if not verdict:
        raise file.fault(("formula",), verdict.reasons[0].message.zh, verdict.reasons[0].message.en)
    bare = FormulaTemplate(
        base["id"],
        file.need(("version",), int),
        file.text(("name",)),
        file.text(("says",)),
        tuple(file.need(("articles",), list)),
        file.one_of(("source",), ("verified", "general_knowledge")),
        base,
        tuple(_setting(file, number) for number in range(len(file.need(("settings",), list)))),
        (),
    )
    examples = tuple(_example(file, number, bare) for number in range(len(file.need(("examples",), list))))
    return replace(bare, examples=examples)


def _setting(file: LawFile, number: int) -> Setting:
    at = ("settings", number)
    return Setting(
        file.need((*at, "path"), str),
        file.one_of((*at, "kind"), KINDS),
        file.need((*at, "required"), bool),
        file.text(at),
    )


def _example(file: LawFile, number: int, bare: FormulaTemplate) -> Example:
    at = ("examples", number)
    file.only(at, ("name", "settings", "bids", "scores", "same_scores", "expect"))
    row = file.need(at, dict)
    try:
        bids = tuple(BidFacts.from_json(item, f"bids[{n}]") for n, item in enumerate(file.need((*at, "bids"), list)))
        scores = row.get("scores", {})
        if "same_scores" in row:
            scores = {"E1": {bid.bid: row["same_scores"] for bid in bids}}
        sheets = tuple(Sheet.from_json({"evaluator": name, "scores": value}) for name, value in scores.items())
        example = Example(
            file.text((*at, "name")), bare.formula(row.get("settings")), bids, sheets, file.need((*at, "expect"), dict)
        )
        wrong = example.differences()
    except BadInput as error:
        raise file.fault(at, error.reasons[0].message.zh, error.reasons[0].message.en) from None
    if wrong:
        raise file.fault((*at, "expect"), wrong[0], wrong[0])
    return example
