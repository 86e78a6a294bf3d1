"""``yiwang manage ...``: Django's own commands with our settings and the database running."""

from __future__ import annotations

import sys

import typer

from yiwang.kernel.text import Text

_WITHOUT_DATABASE = {"check", "collectstatic", "findstatic", "help", "diffsettings"}


def register(app: typer.Typer) -> None:
    """Add the command."""

    @app.command(
        help=str(
            Text(
                "Django 管理命令，例如 yiwang manage check --deploy",
                "commands of Django, e.g. yiwang manage check --deploy",
            )
        ),
        context_settings={"ignore_unknown_options": True, "allow_extra_args": True, "help_option_names": []},
    )
    def manage(ctx: typer.Context) -> None:
        from django.core.management import execute_from_command_line

        from yiwang.cli import django

        words = ["yiwang manage", *ctx.args]
        if not ctx.args or ctx.args[0] in _WITHOUT_DATABASE or "--help" in ctx.args:
            django.setup()
            execute_from_command_line(words)
            return
        with django.with_database(schema=False):
            execute_from_command_line(words)
        sys.stdout.flush()
