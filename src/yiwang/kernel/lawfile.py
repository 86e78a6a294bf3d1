"""Reading the law's YAML files: fast, cached, and able to say in which line something is wrong."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import lru_cache
from importlib.resources import files
from pathlib import Path
from typing import Any

import yaml

from yiwang.kernel.errors import BadInput
from yiwang.kernel.text import Text
from yiwang.kernel.verdict import Reason

Where = tuple[str | int, ...]
"""The way to a value inside a file: keys and list positions."""

_Loader: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


class LawFault(BadInput):
    """A file of the law is wrong; each reason's ``field`` is ``file:line``."""


@dataclass(frozen=True)
class LawFile:
    """One parsed file.

    Attributes:
        name: the file's name, as shown in errors.
        data: its content as dicts, lists and scalars.
        lines: the line (from 1) at which each value stands, by its way.
        files: where one content is made of several files: the name of the file in which each value stands.
    """

    name: str
    data: Any
    lines: Mapping[Where, int] = field(default_factory=dict)
    files: Mapping[Where, str] = field(default_factory=dict)

    def place(self, where: Where) -> tuple[str, int]:
        """File and line of a value, or of the nearest value around it that exists."""
        while where and where not in self.lines:
            where = where[:-1]
        return self.files.get(where, self.name), self.lines.get(where, 1)

    def line(self, where: Where) -> int:
        """The line of a value, or of the nearest value around it that exists."""
        return self.place(where)[1]

    def reason(self, where: Where, zh: str, en: str) -> Reason:
        """A Reason that names file, line and what is wrong there."""
        name, line = self.place(where)
        path = ".".join(str(part) for part in where)
        message = Text(f"{name} 第{line}行 {path}：{zh}", f"{name}, line {line}, {path}: {en}")
        return Reason("law.file", message, field=f"{name}:{line}")

    def fault(self, where: Where, zh: str, en: str) -> LawFault:
        """The same as an error to raise."""
        return LawFault(self.reason(where, zh, en))

    def need(self, where: Where, kind: type | tuple[type, ...]) -> Any:
        """The value at ``where``; LawFault when absent or of another type."""
        value = self.data
        for depth, part in enumerate(where):
            try:
                value = value[part]
            except (KeyError, IndexError, TypeError):
                raise self.fault(where[:depth], f"缺少“{part}”", f"“{part}” is missing") from None
        if not isinstance(value, kind) or (isinstance(value, bool) and kind is int):
            raise self.fault(where, "类型不对", f"has the wrong type ({type(value).__name__})")
        return value

    def text(self, where: Where) -> Text:
        """The bilingual text at ``where``; LawFault when either language is absent."""
        self.need(where, dict)
        return Text(self.need((*where, "zh"), str), self.need((*where, "en"), str))

    def only(self, where: Where, allowed: Iterable[str]) -> None:
        """LawFault when the mapping at ``where`` has a key outside ``allowed`` (most often a slip of the pen)."""
        for key in self.need(where, dict):
            if key not in allowed:
                raise self.fault((*where, key), f"不认识“{key}”", f"“{key}” is not known here")

    def one_of(self, where: Where, allowed: Iterable[str]) -> str:
        """The text at ``where``; LawFault when it is none of ``allowed``."""
        value: str = self.need(where, str)
        choices = tuple(allowed)
        if value not in choices:
            raise self.fault(where, f"“{value}”不在 {choices} 之中", f"“{value}” is none of {', '.join(choices)}")
        return value


def parse(name: str, source: str) -> LawFile:
    """Parse YAML text; LawFault on bad syntax, a key given twice, or a value without plain form."""
    try:
        loader = _Loader(source)
        try:
            node = loader.get_single_node()
            lines: dict[Where, int] = {}
            data = None if node is None else _build(name, loader, node, (), lines)
        finally:
            loader.dispose()
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        line = mark.line + 1 if mark else 1
        problem = getattr(error, "problem", None) or str(error)
        raise LawFile(name, None, {(): line}).fault(
            (), f"不是正确的 YAML：{problem}", f"is not YAML: {problem}"
        ) from None
    return LawFile(name, data, lines)


def _build(name: str, loader: Any, node: Any, where: Where, lines: dict[Where, int]) -> Any:
    lines[where] = node.start_mark.line + 1
    if isinstance(node, yaml.MappingNode):
        result: dict[Any, Any] = {}
        for key_node, value_node in node.value:
            key = loader.construct_object(key_node)
            if key in result:
                at = LawFile(name, None, {(): key_node.start_mark.line + 1})
                raise at.fault((), f"“{key}”写了两次", f"“{key}” stands twice")
            result[key] = _build(name, loader, value_node, (*where, key), lines)
            lines[(*where, key)] = key_node.start_mark.line + 1
        return result
    if isinstance(node, yaml.SequenceNode):
        return [_build(name, loader, item, (*where, number), lines) for number, item in enumerate(node.value)]
    return loader.construct_object(node)


@lru_cache(maxsize=256)
def _parsed(path: str, changed_ns: int) -> LawFile:
    return parse(Path(path).name, Path(path).read_text(encoding="utf-8"))


def read(path: Path) -> LawFile:
    """Read a YAML file, from the cache while it is unchanged on disk."""
    try:
        changed = path.stat().st_mtime_ns
    except OSError:
        raise LawFile(path.name, None).fault((), "没有这个文件", "there is no such file") from None
    return _parsed(str(path), changed)


def law_path(*parts: str) -> Path:
    """Path of a file or folder of the law that comes with the program, e.g. ``law_path("clock.yaml")``."""
    return _root().joinpath(*parts)


def law_folders(name: str) -> list[Path]:
    """The folders of that name: the center's own first, then the one that comes with the program.

    Only what a center may add for itself is read this way: its procedures and formulas.
    """
    return [place for place in (*(own / name for own in _added), _root() / name) if place.is_dir()]


def own_files(name: str) -> list[Path]:
    """The center's own files of that name, e.g. its ``clock.yaml``; none where it added none."""
    return [place for own in _added if (place := own / name).is_file()]


def is_own(path: Path) -> bool:
    """Whether a file of the law is not one that comes with the program."""
    return not path.is_relative_to(_root())


_added: list[Path] = [Path(os.environ["YIWANG_LAW"])] if os.environ.get("YIWANG_LAW") else []


def use_folder(folder: Path | None) -> None:
    """Add the center's own folder of law, laid out like ``law/``; None: only what comes with the program.

    The environment's YIWANG_LAW does the same for every command, ``yiwang verify`` among them.
    """
    _added[:] = [] if folder is None else [folder]


@contextmanager
def using(folder: Path | None) -> Iterator[None]:
    """Run a block with another folder of the center's own law: to check files that are not in use yet."""
    before = list(_added)
    use_folder(folder)
    try:
        yield
    finally:
        _added[:] = before


@lru_cache(maxsize=1)
def _root() -> Path:
    return Path(str(files("yiwang").joinpath("law")))
