"""``yiwang law``: what the statutory clock and the formulas say, without a database, so that an outsider checks us."""

from __future__ import annotations

import json
from datetime import datetime
from pathlib import Path
from typing import Any

import typer

from yiwang.kernel.errors import bad
from yiwang.kernel.moment import LOCAL
from yiwang.kernel.text import Text, language


def register(app: typer.Typer) -> None:
    """Add the commands."""

    @app.command(help=str(Text("各步骤法定的最早与最晚时间", "the earliest and latest lawful moment of each step")))
    def clock(
        procedure: str = typer.Option("open_tender_works", "--procedure", help=str(Text("采购方式", "the procedure"))),
        event: list[str] = typer.Option([], "--event", help=str(Text("已知时间：名称=时间", "a known moment: NAME=TIME"))),
        as_json: bool = typer.Option(False, "--json", help=str(Text("输出 JSON", "print JSON"))),
    ) -> None:
        from yiwang.kernel.law_answers import law_clock

        _print(law_clock(procedure, dict(_event(each) for each in event)), as_json)

    @app.command(help=str(Text("按办法给投标排序，列出算式", "rank bids by a formula, with the arithmetic")))
    def evaluate(
        file: Path = typer.Argument(help=str(Text("JSON 文件：formula、bids、sheets", "JSON file: formula, bids, sheets"))),
        as_json: bool = typer.Option(False, "--json", help=str(Text("输出 JSON", "print JSON"))),
    ) -> None:
        from yiwang.kernel.law_answers import law_evaluate

        _print(law_evaluate(_read(file)), as_json)


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
    return found + [f"     {_words(line)}" for count in step["count"] for line in count["lines"]]


def _words(text: dict[str, str]) -> str:
    return text[language.get()]
