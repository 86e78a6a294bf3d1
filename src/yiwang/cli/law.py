"""``yiwang law``: what the statutory clock and the formulas say, without a database, so that an outsider checks us."""

from __future__ import annotations

import json
from datetime import datetime
from pathlib import Path
from typing import Any

import typer

from yiwang.cli import law_files
from yiwang.kernel.clock_book import CAUSES
from yiwang.kernel.clock_count import Pause
from yiwang.kernel.errors import bad
from yiwang.kernel.moment import LOCAL
from yiwang.kernel.text import Text, language


def register(app: typer.Typer) -> None:
    """Add the commands."""

    @app.command(help=str(Text("各步骤法定的最早与最晚时间", "the earliest and latest lawful moment of each step")))
    def clock(
        *,
        procedure: str = typer.Option("open_tender_works", "--procedure", help=str(Text("采购方式", "the procedure"))),
        event: list[str] = typer.Option([], "--event", help=str(Text("已知时间：名称=时间", "a known moment: NAME=TIME"))),
        pause: list[str] = typer.Option([], "--pause", help=str(Text("中止：原因=开始/结束", "a stopped clock: CAUSE=START/END"))),
        closed: list[str] = typer.Option([], "--closed", help=str(Text("中心自定的不办公日", "a day on which the center is closed"))),
        roster: list[str] = typer.Option([], "--roster", help=str(Text("值班表：规则=编号", "a duty roster: RULE=ID"))),
        version: int | None = typer.Option(None, "--version", help=str(Text("采购方式的版本", "version of the procedure"))),
        days: bool = typer.Option(False, "--days", help=str(Text("逐日列出计算", "list every day of the counts"))),
        as_json: bool = typer.Option(False, "--json", help=str(Text("输出 JSON", "print JSON"))),
    ) -> None:
        from yiwang.kernel.law_answers import law_clock

        answer = law_clock(
            procedure,
            dict(_event(each) for each in event),
            pauses=[_pause(each) for each in pause],
            closures=[_moment(each, "closed").astimezone(LOCAL).date() for each in closed],
            rosters=dict(_pair(each, "roster") for each in roster),
            version=version,
            days=days,
        )
        _print(answer, as_json)

    @app.command(help=str(Text("按办法给投标排序，列出算式", "rank bids by a formula, with the arithmetic")))
    def evaluate(
        file: Path = typer.Argument(help=str(Text("JSON 文件：formula、bids、sheets，或限时竞价 auction、bids",
                                                  "JSON file: formula, bids, sheets; or a timed auction: auction, bids"))),
        as_json: bool = typer.Option(False, "--json", help=str(Text("输出 JSON", "print JSON"))),
    ) -> None:
        from yiwang.kernel.law_answers import law_evaluate

        _print(law_evaluate(_read(file)), as_json)


    law_files.register(app)


def _event(text: str) -> tuple[str, datetime]:
    name, equals, when = text.partition("=")
    try:
        at = datetime.fromisoformat(when)
    except ValueError:
        at = None
    if not equals or at is None:
        passes = Text("例如 tender_doc.issue_start=2026-09-07T09:00", "such as tender_doc.issue_start=2026-09-07T09:00")
        raise bad("event", f"“{text}”不是“名称=时间”", f"“{text}” is not NAME=TIME", passes=passes)
    return name, at if at.tzinfo else at.replace(tzinfo=LOCAL)


def _moment(text: str, field: str) -> datetime:
    from yiwang.kernel.law_answers import moment_of

    return moment_of(text, field)


def _pair(text: str, field: str) -> tuple[str, str]:
    name, equals, value = text.partition("=")
    if not equals or not value:
        raise bad(field, f"“{text}”不是“规则=编号”", f"“{text}” is not RULE=ID", passes=Text("例如 GC-01=V7", "such as GC-01=V7"))
    return name, value


def _pause(text: str) -> Pause:
    cause, equals, span = text.partition("=")
    start, _, end = span.partition("/")
    if not equals or cause not in CAUSES:
        passes = Text("例如 suspension=2026-09-10/2026-09-14", "such as suspension=2026-09-10/2026-09-14")
        raise bad("pause", f"“{text}”不是“原因=开始/结束”", f"“{text}” is not CAUSE=START/END", passes=passes)
    return Pause(_moment(start, "pause"), _moment(end, "pause") if end else None, cause)


def _read(file: Path) -> Any:
    try:
        return json.loads(file.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise bad("file", f"{file} 读不出 JSON：{error}", f"{file} holds no JSON: {error}") from None


def _print(answer: dict[str, Any], as_json: bool) -> None:
    if as_json:
        print(json.dumps(answer, ensure_ascii=False, indent=2))
        return
    for line in _lines(answer):
        print(line)


def _lines(answer: dict[str, Any]) -> list[str]:
    if "steps" in answer:
        return [line for step in answer["steps"] for line in _step(step)]
    found = [_words(line) for line in answer["lines"]]
    for row in answer["results"]:
        found.append(f"{row['rank'] or '-'}  {row['bid']}  {row['price']}  {row['total'] or ''}".rstrip())
        found += [f"     {_words(line)}" for line in (*row["rejected"], *row["lines"])]
    return found


def _step(step: dict[str, Any]) -> list[str]:
    times = "  ".join(f"{key} {step[key]}" for key in ("at", "earliest", "latest") if step[key])
    found = [f"{_words(step['name'])}  {times}".rstrip(), *(f"     {article}" for article in step["articles"])]
    for count in step["count"]:
        found += [f"     {_words(line)}" for line in count["lines"]]
        found += [f"       {day['day']}  {_words(day['why'])}" for day in count.get("days", ())]
    return found + [f"     ! {_words(reason['message'])}" for key in ("refused", "warnings", "unknown") for reason in step[key]]


def _words(text: dict[str, str]) -> str:
    return text[language.get()]
