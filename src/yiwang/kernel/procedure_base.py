"""A procedure's file that says only what differs from another: ``base``, ``replace``, ``without``, ``insert``.

- ``base: open_tender_works``: everything that the file does not say itself stands in that file; a key at the top of
  the file replaces that key of the base whole.
- ``replace: {notice: {name: {...}, clock: [GC-01]}}``: fields of single steps (or branches), by the step's key; a
  field given as ``null`` is taken away.
- ``without: [committee, decline]``: steps that do not exist here.
- ``insert: [{after: notice, steps: [...]}]``: steps put in after (or ``before``) a step of the base or one put in
  earlier.

In the result each value still knows the file and the line in which it was written, so that a fault names these.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from yiwang.kernel import lawfile
from yiwang.kernel.lawfile import LawFile, Where

WORDS = ("base", "replace", "without", "insert")
"""What only a file with a base may say."""

_LISTS = ("steps", "branches")


@dataclass(slots=True)
class _Node:
    """A value with the place where it was written."""

    value: Any
    file: str
    line: int


def whole(path: Path, find: Callable[[str], Path | None]) -> LawFile:
    """The file with all that its bases say.

    Args:
        find: the file of a procedure by its id; None when there is none.

    Raises:
        LawFault: naming the file and line of what cannot be merged.
    """
    return _whole(path, find, ())


def chain(path: Path, find: Callable[[str], Path | None]) -> tuple[Path, ...]:
    """The file and its bases, nearest first; it ends where a base is not to be found."""
    found: list[Path] = []
    place: Path | None = path
    while place is not None and place not in found:
        found.append(place)
        data = lawfile.read(place).data
        base = data.get("base") if isinstance(data, dict) else None
        place = find(base) if isinstance(base, str) else None
    return tuple(found)


def _whole(path: Path, find: Callable[[str], Path | None], below: tuple[Path, ...]) -> LawFile:
    file = lawfile.read(path)
    if "extends" in file.need((), dict):
        raise file.fault(("extends",), "应写作“base”", "is written “base”")
    if "base" not in file.data:
        for word in WORDS[1:]:
            if word in file.data:
                raise file.fault((word,), "只用于有“base”的文件", "belongs to a file that has a “base”")
        return file
    name = file.need(("base",), str)
    base = find(name)
    if base is None or base in (path, *below):
        raise file.fault(("base",), f"不能以“{name}”为基础", f"“{name}” cannot be the base")
    return _merge(_whole(base, find, (path, *below)), file)


def _merge(base: LawFile, file: LawFile) -> LawFile:
    top = dict(_node(base, ()).value)
    own = {key: node for key, node in _node(file, ()).value.items() if key not in WORDS}
    _without(file, top)
    _replace(file, top)
    _insert(file, top)
    top.update(own)
    files: dict[Where, str] = {}
    lines: dict[Where, int] = {}
    data = _plain(_Node(top, file.name, 1), (), lines, files)
    return LawFile(file.name, data, lines, files)


def _node(file: LawFile, at: Where) -> _Node:
    value = file.data
    for part in at:
        value = value[part]
    if isinstance(value, dict):
        value = {key: _node(file, (*at, key)) for key in value}
    elif isinstance(value, list):
        value = [_node(file, (*at, number)) for number in range(len(value))]
    return _Node(value, *file.place(at))


def _plain(node: _Node, at: Where, lines: dict[Where, int], files: dict[Where, str]) -> Any:
    lines[at], files[at] = node.line, node.file
    if isinstance(node.value, dict):
        return {key: _plain(item, (*at, key), lines, files) for key, item in node.value.items()}
    if isinstance(node.value, list):
        return [_plain(item, (*at, number), lines, files) for number, item in enumerate(node.value)]
    return node.value


def _place_of(top: Mapping[str, _Node], key: Any) -> tuple[str, int] | None:
    """The list and the position of a step by its key."""
    for name in _LISTS:
        rows = top[name].value if name in top else []
        for number, row in enumerate(rows if isinstance(rows, list) else []):
            step = row.value.get("key") if isinstance(row.value, dict) else None
            if step is not None and step.value == key:
                return name, number
    return None


def _found(file: LawFile, at: Where, top: Mapping[str, _Node], key: Any) -> tuple[str, int]:
    place = _place_of(top, key)
    if place is None:
        raise file.fault(at, f"基础文件没有步骤“{key}”", f"the base has no step “{key}”")
    return place


def _rows(top: dict[str, _Node], name: str, rows: list[_Node]) -> None:
    top[name] = _Node(rows, top[name].file, top[name].line)


def _without(file: LawFile, top: dict[str, _Node]) -> None:
    for number in range(len(file.need(("without",), list)) if "without" in file.data else 0):
        at = ("without", number)
        name, place = _found(file, at, top, file.need(at, str))
        _rows(top, name, [row for position, row in enumerate(top[name].value) if position != place])


def _replace(file: LawFile, top: dict[str, _Node]) -> None:
    for key in file.need(("replace",), dict) if "replace" in file.data else ():
        at = ("replace", key)
        name, place = _found(file, at, top, key)
        row, fields = top[name].value[place], file.need(at, dict)
        merged = {field: node for field, node in row.value.items() if field not in fields}
        order = [*row.value, *(field for field in fields if field not in row.value)]
        given = {field: _node(file, (*at, field)) for field in fields if fields[field] is not None}
        both = {**merged, **given}
        step = _Node({field: both[field] for field in order if field in both}, row.file, row.line)
        _rows(top, name, [step if position == place else other for position, other in enumerate(top[name].value)])


def _insert(file: LawFile, top: dict[str, _Node]) -> None:
    for number in range(len(file.need(("insert",), list)) if "insert" in file.data else 0):
        at = ("insert", number)
        file.only(at, ("after", "before", "steps"))
        row = file.need(at, dict)
        if ("after" in row) == ("before" in row):
            raise file.fault(at, "写明“after”或者“before”之一", "says either “after” or “before”")
        side = "after" if "after" in row else "before"
        name, place = _found(file, (*at, side), top, file.need((*at, side), str))
        place += side == "after"
        steps = [_node(file, (*at, "steps", each)) for each in range(len(file.need((*at, "steps"), list)))]
        rows = top[name].value
        _rows(top, name, [*rows[:place], *steps, *rows[place:]])
