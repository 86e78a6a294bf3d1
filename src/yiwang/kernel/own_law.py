"""A center's own procedure as documents that travel with a tender: the procedure whole, the clock rules and formulas of its own.

The documents are laid out like a folder of law: ``procedures/<id>.yaml`` with all that its bases say, ``clock.yaml`` with the
center's own rules that it names, ``formulas/<id>.yaml``. Whoever has them needs no other file to read the procedure as it was.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from pathlib import Path, PurePosixPath
from typing import Any

import yaml

from yiwang.kernel import formula_book, lawfile, procedure_base, procedure_file, procedure_versions
from yiwang.kernel.clock_book import ClockBook
from yiwang.kernel.lawfile import LawFault, LawFile
from yiwang.kernel.procedures import Procedure

CLOCK = "clock.yaml"
NAME = re.compile(r"clock\.yaml|(procedures|formulas)/[a-z][a-z0-9_]*\.yaml")
"""What a document of a procedure may be called."""

Documents = dict[str, bytes]


def documents(procedure_id: str, version: int) -> Documents:
    """The documents of a procedure of the center's own, by name; none for one that comes with the program.

    Raises:
        BadInput, LawFault: as :func:`procedure_versions.load`.
    """
    place = procedure_versions.place(procedure_id, version)
    law = procedure_versions.load(procedure_id, version)
    book, program = ClockBook.load(), ClockBook.of_program()
    rules = [name for name in law.clock_rules() if name not in program.rules]
    formulas = {each.id: formula_book.files()[each.id] for each in law.formulas}
    own = {name: path for name, path in formulas.items() if lawfile.is_own(path)}
    if not (rules or own or any(lawfile.is_own(path) for path in _chain(place))):
        return {}
    found = {f"procedures/{law.id}.yaml": _text(_whole(place, law))}
    if rules:
        found[CLOCK] = _text(_clock(rules, book, program))
    return found | {f"formulas/{name}.yaml": path.read_bytes() for name, path in own.items()}


def read(found: Mapping[str, bytes], procedure_id: str) -> tuple[Procedure, ClockBook]:
    """The procedure that documents hold, and the clock with their rules.

    Raises:
        LawFault: a document is missing or wrong, by line.
    """
    parsed = {name: _parsed(name, data) for name, data in found.items()}
    book = ClockBook.of_program()
    if CLOCK in parsed:
        book = book.with_file(parsed[CLOCK])
    formulas = {path.stem for path in lawfile.law_path("formulas").glob("*.yaml")}
    for name, file in parsed.items():
        if name.startswith("formulas/"):
            formulas.add(formula_book.parse_template(file, PurePosixPath(name).stem).id)
    whole = f"procedures/{procedure_id}.yaml"
    if whole not in parsed:
        raise LawFile(whole, None).fault((), "没有这个文件", "there is no such file")
    return procedure_file.parse_procedure(parsed[whole], whole, book, formulas), book


def _parsed(name: str, data: bytes) -> LawFile:
    try:
        return lawfile.parse(name, data.decode())
    except UnicodeDecodeError:
        raise LawFile(name, None).fault((), "不是 UTF-8 文本", "is not UTF-8 text") from None


def _chain(place: Path) -> Iterable[Path]:
    def find(name: str) -> Path | None:
        tries = (folder / f"{name}.yaml" for folder in (place.parent, *lawfile.law_folders("procedures")))
        return next((path for path in tries if path.is_file()), None)

    return procedure_base.chain(place, find)


def _whole(place: Path, law: Procedure) -> dict[str, Any]:
    """The content with all that the bases say, less the branches of a base that cannot happen here."""
    data: dict[str, Any] = dict(procedure_file.merged(place).data)
    states = {branch.key: list(branch.states) for branch in law.branches}
    data["branches"] = [{**row, "states": states[row["key"]]} for row in data["branches"] if row["key"] in states]
    return data


def _clock(rules: Iterable[str], book: ClockBook, program: ClockBook) -> dict[str, Any]:
    """The center's own rules of these ids as they were written, with the laws and events that only it knows."""
    found: dict[str, Any] = {"version": 1, "laws": {}, "events": {}, "rules": []}
    for path in lawfile.own_files(CLOCK):
        data = lawfile.read(path).data
        for row in data["rules"]:
            if row["id"] not in rules:
                continue
            found["rules"].append(row)
            if row["law"] not in program.laws:
                found["laws"][row["law"]] = data["laws"][row["law"]]
            for event in (row["from"], row["to"], row.get("until")):
                if event and event not in program.events:
                    found["events"][event] = data["events"][event]
    outside = sorted(set(found["events"]) & book.outside)
    return found | ({"outside": outside} if outside else {})


def _text(content: dict[str, Any]) -> bytes:
    plain = yaml.safe_dump(content, allow_unicode=True, sort_keys=False, width=120, default_flow_style=None)
    return str(plain).encode()


__all__ = ["CLOCK", "NAME", "LawFault", "documents", "read"]
