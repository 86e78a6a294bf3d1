"""``yiwang promises``: each promise, the tests that prove it, and whether they pass."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import typer

from yiwang.kernel.text import Text
from yiwang.promises import tests_of
from yiwang.promises.table import promises as all_promises

_WORDS = {
    "passed": Text("通过", "passes"),
    "failed": Text("不通过", "fails"),
    "skipped": Text("跳过", "skipped"),
    "not run": Text("尚未运行", "not run"),
    "none": Text("没有验收测试", "no test yet"),
}
_SIGNS = {"passed": "✓", "failed": "✗", "skipped": "-", "not run": "?", "none": "·"}


def register(app: typer.Typer) -> None:
    """Add the command."""

    @app.command(help=str(Text("逐条列出承诺、证明它的测试和结果", "each promise, the tests that prove it, whether they pass")))
    def promises(
        as_json: bool = typer.Option(False, "--json", help=str(Text("以 JSON 输出", "print JSON"))),
        run: bool = typer.Option(False, "--run", help=str(Text("先运行这些测试", "run those tests first"))),
        proven: bool = typer.Option(False, "--proven", help=str(Text("只列有测试的", "only rows that have tests"))),
    ) -> None:
        root = tests_of.root()
        if run and root is not None:
            _run(root, quiet=as_json)
        rows = [row for row in gathered(root) if row["tests"] or not proven]
        if as_json:
            print(json.dumps(rows, ensure_ascii=False, indent=1))
        else:
            _print(rows)
        if any(row["state"] == "failed" for row in rows):
            raise typer.Exit(1)


def gathered(root: Path | None) -> list[dict[str, Any]]:
    """The table as JSON: each row with its tests and their last outcomes."""
    marked = tests_of.marked(root) if root else []
    known = tests_of.outcomes(root) if root else {}
    rows = []
    for promise in all_promises():
        tests = [
            {"test": item.node, "outcome": tests_of.outcome_of(item.node, known)}
            for item in marked
            if promise.id in item.promises
        ]
        rows.append({
            "id": promise.id,
            "kind": promise.kind,
            "quote": promise.quote,
            "must": {"zh": promise.must.zh, "en": promise.must.en},
            "still": {"zh": promise.still.zh, "en": promise.still.en} if promise.still else None,
            "state": _state([test["outcome"] for test in tests]),
            "tests": tests,
        })  # fmt: skip
    return rows


def _state(outcomes: list[str]) -> str:
    if not outcomes:
        return "none"
    return next((each for each in ("failed", "not run", "skipped") if each in outcomes), "passed")


def _run(root: Path, *, quiet: bool) -> None:
    nodes = [item.node for item in tests_of.marked(root)]
    if nodes:
        command = [sys.executable, "-m", "pytest", "-q", "-p", "yiwang.promises.plugin", *nodes]
        subprocess.run(command, cwd=root, check=False, stdout=sys.stderr if quiet else None)


def _print(rows: list[dict[str, Any]]) -> None:
    for row in rows:
        must = Text(row["must"]["zh"], row["must"]["en"])
        print(f"{_SIGNS[row['state']]} {row['id']} “{row['quote']}” {must}: {_WORDS[row['state']]}")
        if row["still"]:
            lacks = Text(f"尚缺：{row['still']['zh']}", f"still to come: {row['still']['en']}")
            print(f"    … {lacks}")
        for test in row["tests"]:
            print(f"    {_SIGNS[test['outcome']]} {test['test']}")
    have = sum(1 for row in rows if row["tests"])
    good = sum(1 for row in rows if row["state"] == "passed" and not row["still"])
    zh = f"共 {len(rows)} 条：{have} 条有测试，{good} 条完整证明并通过"
    print(Text(zh, f"{len(rows)} rows: {have} have tests, {good} are proven whole and pass"))
