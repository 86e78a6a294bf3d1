"""Which tests carry which promises, read from the test files; and what became of them in their last run."""

from __future__ import annotations

import ast
import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

RESULTS = Path("build") / "promises.json"
"""Where a test run keeps the outcomes of marked tests, below the root of the clone."""
MAY_CARRY = ("tests/journeys/", "tests/browser/", "tests/api/test_journey.py")
"""Only journeys prove a promise, never a unit test."""


@dataclass(frozen=True, slots=True)
class Marked:
    """A test that carries the mark: its node id (without parameters) and the promises it proves."""

    node: str
    promises: tuple[str, ...]

    @property
    def may_carry(self) -> bool:
        """Whether the test is a journey."""
        return self.node.startswith(MAY_CARRY)


def root() -> Path | None:
    """The root of the clone that this program runs from; None for an installed package without tests."""
    here = Path(__file__).resolve().parents[3]
    return here if (here / "pyproject.toml").is_file() and (here / "tests").is_dir() else None


def marked(folder: Path) -> list[Marked]:
    """All marked tests below a clone's root, by node id."""
    files = [*folder.glob("tests/**/test_*.py"), *folder.glob("src/yiwang/**/tests/test_*.py")]
    found = [item for path in files for item in _in_file(path, path.relative_to(folder).as_posix())]
    return sorted(found, key=lambda item: item.node)


def outcomes(folder: Path) -> dict[str, dict[str, Any]]:
    """Outcomes of the last runs by full node id; empty when no marked test ever ran here."""
    try:
        data: dict[str, dict[str, Any]] = json.loads((folder / RESULTS).read_text(encoding="utf-8"))
    except (FileNotFoundError, json.JSONDecodeError):
        return {}
    return data


def outcome_of(node: str, known: dict[str, dict[str, Any]]) -> str:
    """``passed``, ``failed``, ``skipped`` or ``not run`` of a test over all its parameters."""
    seen = {row["outcome"] for name, row in known.items() if name == node or name.startswith(f"{node}[")}
    return next((each for each in ("failed", "skipped", "passed") if each in seen), "not run")


def _in_file(path: Path, name: str) -> Iterator[Marked]:
    text = path.read_text(encoding="utf-8")
    if "promise(" not in text:
        return
    tree = ast.parse(text)
    whole = _module_marks(tree)
    for item in tree.body:
        if isinstance(item, ast.FunctionDef) and item.name.startswith("test_"):
            ids = (*whole, *_marks(item.decorator_list))
            if ids:
                yield Marked(f"{name}::{item.name}", tuple(dict.fromkeys(ids)))
        elif isinstance(item, ast.ClassDef):
            yield from _in_class(item, f"{name}::{item.name}", whole)


def _in_class(item: ast.ClassDef, name: str, whole: tuple[str, ...]) -> Iterator[Marked]:
    outer = (*whole, *_marks(item.decorator_list))
    for method in item.body:
        if isinstance(method, ast.FunctionDef) and method.name.startswith("test_"):
            ids = (*outer, *_marks(method.decorator_list))
            if ids:
                yield Marked(f"{name}::{method.name}", tuple(dict.fromkeys(ids)))


def _module_marks(tree: ast.Module) -> tuple[str, ...]:
    for item in tree.body:
        if isinstance(item, ast.Assign) and any(isinstance(t, ast.Name) and t.id == "pytestmark" for t in item.targets):
            values = item.value.elts if isinstance(item.value, ast.List | ast.Tuple) else [item.value]
            return _marks(values)
    return ()


def _marks(nodes: list[ast.expr]) -> tuple[str, ...]:
    found: list[str] = []
    for node in nodes:
        if isinstance(node, ast.Call) and ast.unparse(node.func) == "pytest.mark.promise":
            found += [arg.value for arg in node.args if isinstance(arg, ast.Constant) and isinstance(arg.value, str)]
    return tuple(found)
