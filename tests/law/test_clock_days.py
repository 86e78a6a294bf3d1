"""The reason of each day of a count, and the command line's answers."""

import json
from datetime import datetime, timedelta
from pathlib import Path

import pytest
import typer
from hypothesis import given, settings
from hypothesis import strategies as st
from typer.testing import CliRunner

from yiwang.cli import law
from yiwang.kernel.calendar import Calendar
from yiwang.kernel.clock import ClockBook, Pause, count
from yiwang.kernel.clock_days import days_of
from yiwang.kernel.moment import LOCAL

RULES = [rule for rule in ClockBook.load() if rule.unit in ("natural_day", "working_day")]


@settings(max_examples=60, deadline=None)
@given(
    rule=st.sampled_from(RULES),
    start=st.integers(0, 1500).map(lambda days: datetime(2021, 3, 1, 9, tzinfo=LOCAL) + timedelta(days=days)),
    stopped=st.integers(0, 9),
)
def test_the_days_listed_are_the_days_counted(rule, start, stopped) -> None:
    calendar = Calendar.load()
    pauses = [Pause(start + timedelta(days=1), start + timedelta(days=1 + stopped), "suspension")] if stopped else []
    due = count(rule, start, calendar, pauses=pauses)
    days = days_of(due, calendar, pauses)
    numbers = [each.number for each in days if each.number]
    assert numbers == list(range(1, rule.amount + 1))
    assert days[0].number is None
    assert days[-1].day == due.day
    assert len({each.day for each in days}) == len(days)
    assert sum("中止" in each.why.zh for each in days) == due.skipped


def run(*words: str) -> tuple[int, str]:
    app = typer.Typer()
    law.register(app)
    result = CliRunner().invoke(app, list(words))
    return result.exit_code, result.output


def test_law_clock_tells_each_day_pauses_and_rosters() -> None:
    words = ["clock", "--procedure", "open_tender_works", "--event", "tender_doc.issue_start=2026-09-07T09:00", "--json"]
    code, output = run(*words, "--days")
    close = next(step for step in json.loads(output)["steps"] if step["key"] == "close")
    assert code == 0
    assert close["earliest"] == "2026-09-27T16:00:00Z"  # 28 September, 00:00 in Shanghai
    assert close["count"][0]["rule"] == "GC-01"
    assert [day["day"] for day in close["count"][0]["days"]][-2:] == ["2026-09-27", "2026-09-28"]
    kept = json.loads(run(*words, "--roster", "GC-01=V7")[1])
    assert next(step for step in kept["steps"] if step["key"] == "close")["earliest"] == "2026-09-26T16:00:00Z"
    stopped = json.loads(run(*words, "--pause", "suspension=2026-09-10/2026-09-13")[1])
    assert next(step for step in stopped["steps"] if step["key"] == "close")["earliest"] == "2026-09-29T16:00:00Z"


def test_law_check_says_by_line_what_is_wrong(tmp_path: Path) -> None:
    file = tmp_path / "mine.yaml"
    file.write_text("id: mine\nversion: 1\nbase: open_tender_works\nwithout: [lunch]\n", encoding="utf-8")
    code, output = run("check", str(file), "--json")
    assert code == 1
    assert json.loads(output)["faults"][0]["place"] == "mine.yaml:4"
    file.write_text("id: mine\nversion: 1\nbase: open_tender_works\n", encoding="utf-8")
    assert run("check", str(file))[0] == 0


@pytest.mark.parametrize("words", [["--pause", "holiday=2026-09-10"], ["--roster", "GC-01"], ["--event", "x"], ["--version", "99"]])
def test_what_is_typed_wrong_is_refused(words: list[str]) -> None:
    code, _ = run("clock", "--event", "tender_doc.issue_start=2026-09-07", *words)
    assert code != 0
