"""What commands that use the database begin with."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from typing import NoReturn

from yiwang.kernel.text import Text
from yiwang.runtime import preflight
from yiwang.runtime.database import data_folder, database_url, external, running
from yiwang.runtime.notready import not_ready
from yiwang.runtime.postgres import Held


def setup() -> None:
    """Load Django with our settings; again is harmless."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "yiwang.site.settings")
    import django

    django.setup()


@contextmanager
def with_database(*, schema: bool = True) -> Iterator[Held | None]:
    """The database for the length of a command: started when it is the embedded one, Django set up, tables current.

    The embedded database's tables are brought up to date by itself; those of DATABASE_URL only by ``yiwang migrate``.

    Arguments:
        schema: False leaves the tables alone (``migrate``, ``db``).

    Raises:
        NotReady: no database, a full disk, tables newer or older than this program.
    """
    if external():
        preflight.check_database(database_url())
    else:
        preflight.check_folder(data_folder())
    with running() as held:
        setup()
        try:
            if schema:
                _bring_up_to_date()
            yield held
        finally:
            from django.db import connections

            connections.close_all()


def migrate(*, verbosity: int = 0) -> int:
    """Apply what is to be applied; the number of changes. Several processes may call it: one works, others wait."""
    from django.core.management import call_command
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_lock(hashtext('yiwang.migrate'))")
    try:
        pending = preflight.check_schema()
        if pending:
            call_command("migrate", interactive=False, verbosity=verbosity)
        return pending
    finally:
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_unlock(hashtext('yiwang.migrate'))")


def _bring_up_to_date() -> None:
    pending = preflight.check_schema()
    if not pending:
        return
    if external():
        refuse_older(pending)
    migrate()


def refuse_older(pending: int) -> NoReturn:
    """Say that the tables of a database that others run are older than this program."""
    raise not_ready(
        "schema_older",
        f"数据库还缺 {pending} 项变更",
        f"the database lacks {pending} changes of its tables",
        passes=Text("执行 yiwang migrate", "run: yiwang migrate"),
    )
