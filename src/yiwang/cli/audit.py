"""``yiwang audit``: database and files against the log."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import typer

from yiwang.cli import codes
from yiwang.kernel.text import Text

if TYPE_CHECKING:
    from yiwang.modules.evidence.audit import AuditReport
    from yiwang.modules.evidence.finding import Progress

_SIGNS = {"altered": "≠", "removed": "−", "added": "+", "backdated": "↶", "damaged": "✗"}

HELP = Text(
    "核对数据库、文件与日志，逐一指出被改动、删除、混入、倒签的行和文件。只读新的内容和一部分旧的内容；中断后再次运行会接着做。"
    "退出码：0 一致，1 不一致，2 参数有误，3 环境未就绪，130 被中断",
    "check database and files against the log; names each row or file altered, removed, added or backdated. Reads what "
    "is new and a share of the rest; a run that was interrupted goes on when run again. Exit codes: 0 all agrees, "
    "1 findings, 2 wrong use, 3 the machine is not ready, 130 interrupted",
)
_FULL = Text("全部重新读一遍，不依赖以前核对过的内容", "read everything anew, whatever was read before")
_AGAINST = Text(
    "别处保存的检查点或回执（.tlog-proof），日志必须以它为开头；可重复",
    "a checkpoint or receipt (.tlog-proof) from other hands, which the log must begin with; may be repeated",
)
_WHAT = {
    "log": Text("日志与检查点", "log and checkpoints"),
    "acts": Text("日志条目与行为", "entries and acts"),
    "files": Text("文件", "files"),
    "rows": Text("各项目的行", "rows of tenders"),
    "modules": Text("其他的行", "other rows"),
}


def register(app: typer.Typer) -> None:
    """Add the command."""

    @app.command(help=str(HELP))
    def audit(
        full: bool = typer.Option(False, "--full", help=str(_FULL)),
        against: list[Path] = typer.Option([], "--against", exists=True, dir_okay=False, help=str(_AGAINST)),
        as_json: bool = typer.Option(False, "--json", help=str(Text("以 JSON 输出", "print JSON"))),
        night: str = typer.Option("", "--night", hidden=True),
    ) -> None:
        from yiwang.cli.django import with_database

        with with_database():
            from yiwang.modules.evidence import audit as audits

            try:
                with _shown(quiet=as_json) as progress:
                    report = audits.run(progress, full=full, against=against, night=night)
            except KeyboardInterrupt:
                print(Text("已中断；再次运行会接着做", "interrupted; run again to go on"), file=sys.stderr)
                raise typer.Exit(130) from None
        _tell(report, as_json=as_json)
        raise typer.Exit(codes.OK if report.ok else codes.FAILED)


def _tell(report: AuditReport, *, as_json: bool) -> None:
    if as_json:
        print(json.dumps(report.json(), ensure_ascii=False))
        return
    for found in report.findings:
        print(f"{_SIGNS[found.kind]} {found.where}: {found.text}{_more(found.act, found.since)}")
    print(_verdict(report))


def _more(act: str, since: str) -> str:
    parts = []
    if act:
        parts.append(str(Text(f"行为：{act}", f"act: {act}")))
    if since:
        parts.append(str(Text(f"{since} 核对时还是好的", f"in order when audited at {since}")))
    return f"  [{'; '.join(parts)}]" if parts else ""


def _verdict(report: AuditReport) -> Text:
    read = Text(
        f"{report.acts} 个行为，日志 {report.entries} 条，本次读了 {report.read} 条、比对了 {report.tenders} 个项目，{report.seconds:.1f} 秒",
        f"{report.acts} acts, {report.entries} log entries; read {report.read} of them and compared {report.tenders} tenders "
        f"in {report.seconds:.1f} s",
    )
    if report.resumed:
        read = Text(f"接着上次中断的核对；{read.zh}", f"going on with the audit that was interrupted; {read.en}")
    count = len(report.findings)
    return Text(f"不一致：{count} 处（{read.zh}）", f"{count} findings ({read.en})") if count else Text(f"一致：{read.zh}", f"All agrees: {read.en}")


@contextmanager
def _shown(*, quiet: bool) -> Iterator[Progress]:
    """A progress bar for each part on a terminal; nothing else, so that output can be kept."""
    if quiet or not sys.stderr.isatty():
        yield lambda what, done, of: None
        return
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, TextColumn, TimeRemainingColumn
    from rich.progress import Progress as Bars

    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Bars(*columns, console=Console(stderr=True), transient=True) as bars:
        tasks = {}

        def show(what: str, done: int, of: int) -> None:
            if what not in tasks:
                tasks[what] = bars.add_task(str(_WHAT.get(what, what)), total=of or None)
            bars.update(tasks[what], completed=done, total=of or None)

        yield show
