"""``yiwang bench``: measure, each figure beside its reference."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
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

        whole = every or not names
        parts = _parts(benches, list(benches.NAMES) if whole else names or [])
        found = _here(parts[0], quiet=as_json) if len(parts) == 1 else _each(parts, quiet=as_json)
        if as_json:
            print(json.dumps([each.json() for each in found], ensure_ascii=False))
        else:
            _table(found)
        if whole:
            out.parent.mkdir(parents=True, exist_ok=True)
            out.write_text(json.dumps([each.json() for each in found], ensure_ascii=False, indent=1) + "\n", encoding="utf-8")


def _parts(benches: Any, names: list[str]) -> list[str]:
    from yiwang.kernel.errors import bad

    try:
        return list(benches.parts(names))
    except KeyError as error:
        name, known = error.args[0], Text("、".join(benches.NAMES), ", ".join(benches.NAMES))
        raise bad("names", f"没有名为“{name}”的测量", f"there is no bench “{name}”", passes=known) from None


def _each(chosen: list[str], *, quiet: bool) -> list[Any]:
    """Several benches, each in a process and a data folder of its own: what one leaves behind disturbs no other."""
    from rich.console import Console

    from yiwang.bench.figure import Figure

    console, found = Console(stderr=quiet), list[Any]()
    for name in chosen:
        with console.status(str(Text(f"测量 {name}", f"measuring {name}"))):
            command = [sys.executable, "-m", "yiwang.cli", "bench", name, "--json"]
            done = subprocess.run(command, stdout=subprocess.PIPE, check=False)
        if done.returncode:
            raise typer.Exit(done.returncode)
        found += [Figure.from_json(each) for each in json.loads(done.stdout)]
    return found


def _here(name: str, *, quiet: bool) -> list[Any]:
    """One bench in this process, with an own, durable database in an own data folder that is removed afterwards."""
    from rich.console import Console

    from yiwang.cli.django import with_database
    from yiwang.runtime.database import data_folder

    folder = data_folder() / f"bench-{os.getpid()}"
    os.environ["YIWANG_DATA"] = str(folder)
    os.environ.pop("DATABASE_URL", None)
    console = Console(stderr=quiet)
    try:
        with console.status(str(Text("启动数据库", "starting the database"))) as status, with_database():
            from yiwang import bench as benches

            status.update(str(Text(f"测量 {name}", f"measuring {name}")))
            return benches.run(name)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


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
    console = Console(highlight=False)
    console.print(table)
    for line in _curves(found):
        console.print(line)


def _curves(found: list[Any]) -> Iterator[str]:
    """Figures that were taken at several sizes (``name_at_SIZE``), drawn as bars."""
    parts = [(each.name.rpartition("_at_"), each) for each in found]
    curves = [(name, int(size), each) for (name, _, size), each in parts if name and size.isdecimal()]
    for name in dict.fromkeys(name for name, _, _ in curves):
        points = [(size, each) for other, size, each in curves if other == name]
        most = max(each.value for _, each in points)
        yield f"\n{name} ({points[0][1].unit})"
        for size, each in points:
            yield f"{size:>14,}  {'█' * round(40 * each.value / most):<40}  {each.value:.4g}"
