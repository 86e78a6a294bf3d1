"""The promise table: 110 rows, marks only where they may stand, outcomes kept as they come."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

from yiwang.cli.promises import gathered
from yiwang.promises import plugin, tests_of
from yiwang.promises.table import promises

ROOT = Path(__file__).resolve().parents[2]
WORKBENCH = ROOT.parent / "shared" / "domain" / "00-what-the-center-promised.md"


def test_there_are_110_rows_in_both_languages() -> None:
    rows = promises()
    assert [row.id for row in rows] == [f"S{number:03d}" for number in range(1, 111)]
    assert all(row.quote and row.must.zh and row.must.en and row.part.zh for row in rows)


def test_only_journeys_carry_promises_and_only_such_as_exist() -> None:
    known = {row.id for row in promises()}
    found = tests_of.marked(ROOT)
    assert found
    for item in found:
        assert item.may_carry, f"{item.node}: a unit test proves no promise"
        assert set(item.promises) <= known, item.node


def test_marks_are_found_on_functions_classes_and_modules(tmp_path: Path) -> None:
    folder = tmp_path / "tests" / "journeys"
    folder.mkdir(parents=True)
    (folder / "test_some.py").write_text(
        'import pytest\npytestmark = pytest.mark.promise("S001")\n'
        '@pytest.mark.promise("S002", "S001")\ndef test_a(): pass\n'
        '@pytest.mark.promise("S003")\nclass TestB:\n    def test_c(self): pass\n    def helper(self): pass\n'
    )
    assert [(item.node, item.promises) for item in tests_of.marked(tmp_path)] == [
        ("tests/journeys/test_some.py::TestB::test_c", ("S001", "S003")),
        ("tests/journeys/test_some.py::test_a", ("S001", "S002")),
    ]


def test_outcomes_of_runs_add_up_and_a_failed_parameter_fails_the_test(tmp_path: Path) -> None:
    plugin.keep(tmp_path, "t.py::test_a[x]", ["S001"], "passed", 1.0)
    plugin.keep(tmp_path, "t.py::test_a[y]", ["S001"], "failed", 1.0)
    plugin.keep(tmp_path, "t.py::test_b", ["S001"], "passed", 1.0)
    known = tests_of.outcomes(tmp_path)
    assert tests_of.outcome_of("t.py::test_a", known) == "failed"
    assert tests_of.outcome_of("t.py::test_b", known) == "passed"
    assert tests_of.outcome_of("t.py::test_c", known) == "not run"


def test_the_plugin_keeps_what_a_run_comes_to(tmp_path: Path) -> None:
    (tmp_path / "pytest.ini").write_text("[pytest]\nmarkers = promise: rows\n")
    (tmp_path / "test_two.py").write_text(
        'import pytest\n@pytest.mark.promise("S001")\ndef test_good(): pass\n'
        '@pytest.mark.promise("S001", "S002")\ndef test_bad(): assert False\ndef test_other(): pass\n'
    )
    command = [sys.executable, "-m", "pytest", "-q", "-p", "yiwang.promises.plugin", "-p", "no:django", "."]
    assert subprocess.run(command, cwd=tmp_path, capture_output=True, check=False).returncode == 1
    known = json.loads((tmp_path / "build" / "promises.json").read_text())
    assert {name: row["outcome"] for name, row in known.items()} == {
        "test_two.py::test_good": "passed", "test_two.py::test_bad": "failed",
    }  # fmt: skip
    assert known["test_two.py::test_bad"]["promises"] == ["S001", "S002"]


def test_the_command_prints_every_row_with_its_tests() -> None:
    command = [sys.executable, "-m", "yiwang.cli", "promises", "--json"]
    rows = json.loads(subprocess.run(command, capture_output=True, text=True, check=False, cwd=ROOT).stdout)
    assert [row["id"] for row in rows] == [row["id"] for row in gathered(ROOT)]
    tested = next(row for row in rows if row["id"] == "S034")
    assert tested["tests"]


def test_the_rows_are_those_of_the_report() -> None:
    import pytest

    if not WORKBENCH.is_file():
        pytest.skip("the report's page is not on this machine (../shared/domain)")
    lines = [line.split("|") for line in WORKBENCH.read_text(encoding="utf-8").splitlines() if line.startswith("| S")]
    told = {cells[1].strip(): (cells[2].strip(), cells[3].strip()) for cells in lines}
    assert {row.id: (row.quote, row.kind) for row in promises()} == told
