"""``yiwang migrate``: make or update the tables."""

from __future__ import annotations

import json

import typer

from yiwang.kernel.text import Text


def register(app: typer.Typer) -> None:
    """Add the command."""

    @app.command(
        help=str(
            Text(
                "建立或更新数据库表；数据库比程序新时拒绝",
                "make or update the tables; refuses a database newer than the program",
            )
        )
    )
    def migrate(
        as_json: bool = typer.Option(False, "--json", help=str(Text("以 JSON 输出", "print JSON"))),
        check: bool = typer.Option(
            False, "--check", help=str(Text("只检查，有待更新时退出码为 1", "only look; exit code 1 when changes wait"))
        ),
    ) -> None:
        from yiwang.cli import django
        from yiwang.runtime import preflight

        with django.with_database(schema=False):
            count = preflight.check_schema() if check else django.migrate(verbosity=0 if as_json else 1)
        if as_json:
            print(json.dumps({"ok": not (check and count), "changes": count}))
        elif check:
            print(Text(f"待更新 {count} 项", f"{count} changes wait"))
        else:
            print(
                Text(f"完成：更新 {count} 项", f"done: {count} changes")
                if count
                else Text("已是最新", "already up to date")
            )
        if check and count:
            raise typer.Exit(1)
