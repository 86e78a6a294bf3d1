"""``yiwang bench``: measure, each figure beside its reference."""

from __future__ import annotations

import json
import os
import shutil
from pathlib import Path
from typing import Any

import typer

from yiwang.kernel.text import Text

HELP = Text(
    "性能测量，每项附同时测得的参照值；不写名称则全部测量",
    "measure, each figure beside a reference of the same run; without names everything",
)


def register(app: typer.Typer) -> None:
    """Add the command."""

    which = typer.Argument(None, metavar="[NAME]...", help=str(Text("测量名称", "names of benches")))
    all_ = typer.Option(False, "--all", help=str(Text("全部", "all of them")))
    json_ = typer.Option(False, "--json", help=str(Text("以 JSON 输出", "print JSON")))
    file = typer.Option(
        Path("bench/results.json"), help=str(Text("全部测量时写入的文件", "file written when all are measured"))
    )

    @app.command(help=str(HELP))
    def bench(
        names: list[str] | None = which, every: bool = all_, as_json: bool = json_, out: Path = file
    ) -> None:
        from yiwang import bench as benches

        chosen = list(benches.NAMES) if every or not names else names
        _refuse_unknown(chosen, benches.NAMES)
        folder = _own_folder()
        try:
            found = _measured(chosen, quiet=as_json)
        finally:
            shutil.rmtree(folder, ignore_errors=True)
        if as_json:
            print(json.dumps([each.json() for each in found], ensure_ascii=False))
        else:
            _table(found)
        if chosen == list(benches.NAMES):
            out.parent.mkdir(parents=True, exist_ok=True)
            out.write_text(json.dumps([each.json() for each in found], ensure_ascii=False, indent=1) + "\n", encoding="utf-8")


def _refuse_unknown(chosen: list[str], known: tuple[str, ...]) -> None:
    from yiwang.kernel.errors import bad

    for name in chosen:
        if name not in known:
            raise bad("names", f"没有名为“{name}”的测量", f"there is no bench “{name}”", passes=Text("、".join(known), ", ".join(known)))


def _measured(chosen: list[str], *, quiet: bool) -> list[Any]:
    from rich.console import Console

    from yiwang.cli.django import with_database

    console = Console(stderr=quiet)
    found = []
    with console.status(str(Text("启动数据库", "starting the database"))) as status, with_database():
        from yiwang import bench as benches

        for name in chosen:
            status.update(str(Text(f"测量 {name}", f"measuring {name}")))
            found += benches.run(name)
    return found


def _own_folder() -> Path:
    """An own data folder with an own, durable database, removed afterwards."""
    from yiwang.runtime.database import data_folder

    folder = data_folder() / f"bench-{os.getpid()}"
    os.environ["YIWANG_DATA"] = str(folder)
    os.environ.pop("DATABASE_URL", None)
    return folder


def _table(found: list[Any]) -> None:
    from rich.console import Console
    from rich.table import Table

    table = Table(box=None, pad_edge=False)
    for heading in (Text("项目", "figure"), Text("数值", "value"), Text("参照", "reference"), Text("参照值", "its value"),
                    Text("比值", "ratio"), Text("目标", "reach for")):  # fmt: skip
        table.add_column(str(heading), overflow="fold")
    for each in found:
        mark = "" if each.met is None else (" ✓" if each.met else " ✗")
        table.add_row(each.name, f"{each.value:.4g} {each.unit}", each.reference, f"{each.reference_value:.4g}",
                      f"{each.ratio:.3g}", f"{each.reach}{mark}")  # fmt: skip
    Console(highlight=False).print(table)
