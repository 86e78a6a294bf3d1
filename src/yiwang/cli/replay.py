"""``yiwang replay FILE``: real auctions through the whole procedure, our winner beside the recorded one."""

from __future__ import annotations

import json
import os
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

import typer

from yiwang.kernel.text import Text

if TYPE_CHECKING:
    from rich.console import Console


HELP = Text(
    "用真实拍卖数据重演完整流程，逐个与记录的中标人比较",
    "replay real auctions through the whole procedure, each compared with the recorded winner",
)


def register(app: typer.Typer) -> None:
    """Add the command."""

    table = typer.Argument(..., help=str(Text("CSV 或 CSV.gz 文件，一行一个报价", "CSV or CSV.gz, a bid per line")))
    columns = typer.Option(
        None,
        help=str(Text("列对照文件（YAML），默认为土浦市数据的对照", "mapping of columns (YAML); by default the Tsuchiura data's")),
    )
    most = typer.Option(None, min=1, help=str(Text("只重演前若干个", "only the first so many")))
    processes = typer.Option(1, min=1, max=64, help=str(Text("同时进行的进程数", "processes at work at once")))
    folder = typer.Option(
        None,
        help=str(Text("结果文件夹，默认在数据文件夹的 replay/out", "folder of results; by default replay/out in the data folder")),
    )
    going_on = typer.Option(False, "--resume", help=str(Text("继续上次中断的重演", "go on with an interrupted run")))
    json_ = typer.Option(
        "", "--json", metavar="FILE",
        help=str(Text("把汇总写入文件（- 为标准输出）", "write the summary to a file (- is the standard output)")),
    )  # fmt: skip

    @app.command(help=str(HELP))
    def replay(
        file: Path = table,
        *,
        mapping: Path | None = columns,
        limit: int | None = most,
        jobs: int = processes,
        out: Path | None = folder,
        resume: bool = going_on,
        as_json: str = json_,
    ) -> None:
        own = _own_folder()
        Command(file, mapping, limit, jobs, out or own / "out", resume, as_json).run()


@dataclass
class Command:
    """One call of ``yiwang replay``."""

    file: Path
    mapping: Path | None
    limit: int | None
    jobs: int
    out: Path
    resume: bool
    as_json: str

    @cached_property
    def console(self) -> Console:
        """Where people read; the standard error when the summary goes to the standard output."""
        from rich.console import Console

        return Console(highlight=False, stderr=self.as_json == "-", soft_wrap=True)

    def run(self) -> None:
        """Play all, print each, write the summary. Exit code 1 when a disagreement is unexplained or a dossier fails."""
        from yiwang.cli.codes import FAILED
        from yiwang.cli.django import setup, with_database

        setup()
        from yiwang.demo.replay import run as runs
        from yiwang.demo.stage import refuse_in_production

        refuse_in_production()
        begun = runs.begin(self.file, self.out, mapping_file=self.mapping, limit=self.limit, resume=self.resume)
        with with_database():
            self._play(begun)
        summary = begun.summary()
        self._tell(summary)
        if not runs.sound(summary):
            raise typer.Exit(FAILED)

    def _play(self, begun: Any) -> None:
        from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

        columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
        with Progress(*columns, console=self.console, disable=not self.console.is_terminal) as bar:
            task = bar.add_task(str(Text("重演", "replaying")), total=len(begun.auctions), completed=len(begun.done))
            try:
                for row in begun.play(jobs=self.jobs):
                    bar.console.print(line_of(row), markup=False)
                    bar.advance(task)
            except KeyboardInterrupt:
                bar.console.print(str(Text("已中断；加 --resume 继续", "interrupted; go on with --resume")))
                raise

    def _tell(self, summary: dict[str, Any]) -> None:
        from yiwang.demo.replay.judge import CLASSES

        text = json.dumps(summary, ensure_ascii=False, indent=1)
        (self.out / "summary.json").write_text(text, encoding="utf-8")
        if self.as_json == "-":
            print(text)
        elif self.as_json:
            Path(self.as_json).write_text(text, encoding="utf-8")
        for name, count in summary["classes"].items():
            self.console.print(f"{count:6} {CLASSES[name]}", markup=False)
        done = summary["dossiers"]
        self.console.print(
            str(Text(
                f"{summary['played']} 次拍卖，{summary['seconds']} 秒；案卷 {done['built']} 份，核验通过 {done['verified']} 份",
                f"{summary['played']} auctions in {summary['seconds']} s; {done['built']} dossiers, {done['verified']} verified",
            ))
        )  # fmt: skip


def line_of(row: dict[str, Any]) -> str:
    """One auction in a line: number, winners, verdict and why, dossier."""
    from yiwang.demo.replay.judge import CLASSES
    from yiwang.kernel.text import text_of

    ours = _firm(row.get("ours"))
    recorded = ", ".join(_firm(each) for each in row.get("recorded", [])) or "-"
    said, why = CLASSES[row["class"]], text_of(row["why"])
    parts = [row["auction"], row["tender"] or "-", str(Text(f"{row['bids']} 家", f"{row['bids']} bids"))]
    if row["tender"]:
        parts += [str(Text("结果 ", "ours ")) + ours, str(Text("记录 ", "record ")) + recorded]
    parts.append(f"{said}" + (f": {why}" if str(why) else ""))
    if row.get("dossier"):
        parts.append(str(Text("案卷 ", "dossier ")) + ("✓" if row["dossier"]["ok"] else "✗"))
    return " | ".join(parts)


def _firm(who: dict[str, Any] | None) -> str:
    from yiwang.kernel.money import yuan

    return f"{who['name']} {yuan(who['price'])}" if who else "-"


def _own_folder() -> Path:
    """The replay's own data folder and database, so that nobody else's data is touched."""
    from yiwang.runtime.database import data_folder

    folder = data_folder() / "replay"
    os.environ["YIWANG_DATA"] = str(folder)
    os.environ.pop("DATABASE_URL", None)
    return folder
