"""``yiwang audit``: database and files against the log."""

from __future__ import annotations

import json
import sys

import typer

from yiwang.kernel.text import Text

_SIGNS = {"altered": "≠", "removed": "−", "added": "+", "damaged": "✗"}

HELP = Text(
    "核对数据库、文件与日志，逐一指出被改动、删除、添加的行和文件。退出码：0 一致，1 不一致",
    "check database and files against the log; names each row or file altered, removed or added; exit codes: 0, 1",
)


def register(app: typer.Typer) -> None:
    """Add the command."""

    @app.command(help=str(HELP))
    def audit(as_json: bool = typer.Option(False, "--json", help=str(Text("以 JSON 输出", "print JSON")))) -> None:
        from yiwang.cli.django import with_database

        with with_database():
            from yiwang.modules.evidence import audit as audits

            report = audits.run(_silent if as_json or not sys.stderr.isatty() else _shown)
        if as_json:
            print(json.dumps(report.json(), ensure_ascii=False))
        else:
            for found in report.findings:
                print(f"{_SIGNS[found.kind]} {found.where}: {found.text}")
            print(_verdict(report))
        raise typer.Exit(0 if report.ok else 1)


def _verdict(report: object) -> Text:
    acts, entries, count = report.acts, report.entries, len(report.findings)  # type: ignore[attr-defined]
    if not count:
        return Text(f"一致：{acts} 个行为，日志 {entries} 条", f"All agrees: {acts} acts, {entries} log entries")
    return Text(
        f"不一致：{count} 处（{acts} 个行为，日志 {entries} 条）",
        f"{count} findings ({acts} acts, {entries} log entries)",
    )


def _silent(what: str, done: int, of: int) -> None:
    pass


def _shown(what: str, done: int, of: int) -> None:
    end = "\n" if of and done >= of else ""
    print(f"\r\033[K{what} {done}/{of}", end=end, file=sys.stderr, flush=True)
