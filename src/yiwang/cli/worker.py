"""``yiwang worker``: the sequencer of the log and the acts whose time has come."""

from __future__ import annotations

import typer

from yiwang.kernel.text import Text


def register(app: typer.Typer) -> None:
    """Add the command."""

    @app.command(
        help=str(
            Text("启动后台进程；同时只有一个在工作，其余待命", "run the worker; one works at a time, others stand by")
        )
    )
    def worker(
        once: bool = typer.Option(False, "--once", help=str(Text("做一遍就结束", "do one round and end"))),
    ) -> None:
        from yiwang.cli.django import with_database

        with with_database():
            from yiwang.site.rounds import Worker

            Worker().run(once=once)
