"""``yiwang demo``: the demo city and its clock."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import typer

from yiwang.kernel.text import Text


def register(app: typer.Typer) -> None:
    """Add the commands."""

    @app.command(help=str(Text("装入演示城市；已有时不再装入", "load the demo city; nothing happens when it is there")))
    def load() -> None:
        with _without_witnesses():
            _load()

    @app.command(help=str(Text("清空演示城市并重新装入", "empty the demo city and load it anew")))
    def reset() -> None:
        with _without_witnesses():
            from yiwang.demo import city

            city.reset()
            _load()

    @app.command(help=str(Text("列出演示账号", "list the demo accounts")))
    def accounts(as_json: bool = typer.Option(False, "--json", help=str(Text("以 JSON 输出", "print JSON")))) -> None:
        from yiwang.cli.django import setup

        setup()
        from yiwang import demo

        rows = [(each.username, each.password, each.name, each.role) for each in demo.accounts()]
        if as_json:
            keys = ("username", "password", "name", "role")
            print(json.dumps([dict(zip(keys, map(str, row), strict=True)) for row in rows], ensure_ascii=False))
            return
        for username, password, name, role in rows:
            print(f"{username:8} {password}  {name}  {role}")

    @app.command(help=str(Text("演示城市的时钟；--to 或 --days 使它前进", "the demo city's clock; --to or --days moves it on")))
    def clock(
        to: str = typer.Option("", "--to", help=str(Text("前进到，例如 2026-05-06T09:30", "move on to, e.g. 2026-05-06T09:30"))),
        days: float = typer.Option(0.0, "--days", min=0, help=str(Text("前进的天数", "days to move on"))),
        as_json: bool = typer.Option(False, "--json", help=str(Text("以 JSON 输出", "print JSON"))),
    ) -> None:
        os.environ.setdefault("DJANGO_SETTINGS_MODULE", "yiwang.site.settings")  # settings are enough: no table is asked
        from yiwang.demo import clock as clocks
        from yiwang.kernel import moment

        if to or days:
            clocks.advance(seconds=days * 86400, to=clocks.parsed(to) if to else None)
        shown = clocks.now().astimezone(moment.LOCAL).isoformat(timespec="seconds")
        print(json.dumps({"now": shown}) if as_json else shown)


@contextmanager
def _without_witnesses() -> Iterator[None]:
    """The database; what is played before the city opens waits for no witness, in this process and those it starts."""
    from yiwang.cli.django import with_database
    from yiwang.runtime.witness_policy import NO_WITNESSES, POLICY

    os.environ[POLICY] = NO_WITNESSES
    with with_database():
        yield


def _load() -> None:
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

    from yiwang.demo import city

    console = Console(highlight=False)
    columns: tuple[Any, ...] = (BarColumn(), MofNCompleteColumn(), TimeElapsedColumn(), TextColumn("{task.description}"))
    with Progress(*columns, console=console, disable=not console.is_terminal) as bar:
        task = bar.add_task(str(Text("装入演示城市", "loading the demo city")), total=len(city.scripts.ROWS) + 2)
        loaded = city.load(lambda done, total, what: bar.update(task, completed=done, description=str(what)[:40]))
    words = Text("演示城市已装入", "the demo city is loaded") if loaded else Text("演示城市已经存在", "the demo city is there already")
    console.print(f"{words}: {city.summary()['tenders']}")
    console.print(str(Text(f"演示账号的密码：{city.PASSWORD}", f"password of the demo accounts: {city.PASSWORD}")))
