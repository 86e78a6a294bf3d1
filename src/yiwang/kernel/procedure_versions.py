"""Which file holds a procedure, and which version of it: the newest, an older one, the one in force on a day.

The newest version of a procedure stands in ``law/procedures/<id>.yaml``; every earlier one, whole and never changed, in
``law/procedures/past/<id>.v<N>.yaml``. A running tender keeps the version under which it began.
"""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path

from yiwang.kernel import lawfile
from yiwang.kernel.clock_book import ClockBook
from yiwang.kernel.errors import BadInput
from yiwang.kernel.procedure_file import read_procedure
from yiwang.kernel.procedures import Procedure
from yiwang.kernel.text import Text
from yiwang.kernel.verdict import YES, Reason, Verdict, no

_PAST = re.compile(r"(?P<id>[a-z][a-z0-9_]*)\.v(?P<version>[1-9][0-9]*)\.yaml")


def files(folder: Path | None = None) -> dict[str, Path]:
    """The file of the newest version of each procedure, by id; files whose name starts with ``_`` are only bases."""
    places = [folder] if folder else lawfile.law_folders("procedures")
    found: dict[str, Path] = {}
    for place in places:
        for path in place.glob("*.yaml"):
            if not path.name.startswith("_"):
                found.setdefault(path.stem, path)
    return found


def _past(procedure_id: str, folder: Path | None) -> dict[int, Path]:
    found: dict[int, Path] = {}
    for place in [folder] if folder else lawfile.law_folders("procedures"):
        for path in (place / "past").glob(f"{procedure_id}.v*.yaml"):
            named = _PAST.fullmatch(path.name)
            if named and named["id"] == procedure_id:
                found.setdefault(int(named["version"]), path)
    return found


def load(procedure_id: str, version: int | None = None, *, folder: Path | None = None) -> Procedure:
    """A procedure by its id: the newest version, or the one asked for.

    Args:
        folder: read only this folder; None: the law's own and the one that the center adds.

    Raises:
        BadInput: there is no such procedure, or no such version of it. LawFault: its file is wrong.
    """
    return read_procedure(place(procedure_id, version, folder=folder), ClockBook.load(), folder)


def place(procedure_id: str, version: int | None = None, *, folder: Path | None = None) -> Path:
    """The file of a procedure's newest version, or of the one asked for; raises as :func:`load`."""
    file = _file(procedure_id, folder)
    newest = read_procedure(file, ClockBook.load(), folder)
    if version is None or version == newest.version:
        return file
    past = _past(procedure_id, folder)
    if version in past:
        return past[version]
    known = ", ".join(str(each) for each in sorted((*past, newest.version)))
    message = Text(f"“{procedure_id}”没有第{version}版", f"“{procedure_id}” has no version {version}")
    raise BadInput(Reason("procedure.version", message, field="version", passes=Text(known, known)))


def _file(procedure_id: str, folder: Path | None) -> Path:
    for place in [folder] if folder else lawfile.law_folders("procedures"):
        path = place / f"{procedure_id}.yaml"
        if re.fullmatch(r"[a-z][a-z0-9_]*", procedure_id) and path.is_file():
            return path
    names = ", ".join(sorted(files(folder)))
    message = Text(f"没有名为“{procedure_id}”的采购方式", f"there is no procedure “{procedure_id}”")
    raise BadInput(Reason("procedure.id", message, field="procedure", passes=Text(names, names)))


def versions(procedure_id: str, *, folder: Path | None = None) -> tuple[int, ...]:
    """All versions of a procedure, oldest first."""
    return tuple(sorted({*_past(procedure_id, folder), load(procedure_id, folder=folder).version}))


def on(procedure_id: str, day: date, *, folder: Path | None = None) -> Procedure:
    """The version under which a tender begins on that day: the newest in force, else the newest of all."""
    newest = load(procedure_id, folder=folder)
    if in_force(newest, day):
        return newest
    for version in reversed(versions(procedure_id, folder=folder)):
        found = load(procedure_id, version, folder=folder)
        if in_force(found, day):
            return found
    return newest


def in_force(procedure: Procedure, day: date) -> Verdict:
    """Whether a tender may begin under this version on that day."""
    name, since, until = procedure.name, procedure.since, procedure.until
    if since is not None and day < since:
        message = Text(f"{name.zh}自{since}起施行", f"{name.en} is in force from {since}")
        return no("procedure.since", message, article="；".join(procedure.articles), field="procedure",
                  passes=Text(f"{since}或以后", f"{since} or later"))  # fmt: skip
    if until is not None and day > until:
        message = Text(f"{name.zh}自{until}之后不再适用", f"{name.en} is not used after {until}")
        return no("procedure.until", message, article="；".join(procedure.articles), field="procedure",
                  passes=Text("选择现行的采购方式", "choose a procedure in force"))  # fmt: skip
    return YES


def coming(procedure_id: str, day: date, *, folder: Path | None = None) -> Verdict:
    """A warning when another version, announced by its ``warn_from``, will apply soon; YES when none will."""
    newest = load(procedure_id, folder=folder)
    if newest.since is None or day >= newest.since or day < (newest.warn_from or newest.since):
        return YES
    message = Text(
        f"{newest.name.zh}自{newest.since}起改用第{newest.version}版；此前进场的项目仍按原版本办理",
        f"from {newest.since} version {newest.version} of {newest.name.en} applies; tenders entered before keep theirs",
    )
    return no("procedure.coming", message, article="；".join(newest.articles), field="procedure")
