"""Pytest plugin: one embedded PostgreSQL for all test runs of a clone, in ``build/test`` (no fsync: nothing to keep).

It starts before the first test that uses a database. Every run, and every xdist worker, has its own database, so
several runs may go on at once: a copy of one that was migrated once for the present migrations. A DATABASE_URL that is
set already is used instead.

Compiled Python files are kept in ``build/pycache``, whatever the environment says: tests start hundreds of processes, each
of which would otherwise compile all that it imports.
"""

from __future__ import annotations

import fcntl
import hashlib
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from yiwang.runtime.place import place_of
from yiwang.runtime.postgres import Held, hold, url_of

_DATA = "YIWANG_DATA"
_OWN = "YIWANG_TEST_DATA"
_FIXTURES = {"db", "transactional_db", "django_db_setup", "django_db_reset_sequences", "live_server"}
_held: list[Held] = []


@pytest.hookimpl(wrapper=True)
def pytest_load_initial_conftests(early_config: pytest.Config) -> Iterator[None]:
    """Name the database before Django reads its settings. Workers of xdist inherit the names."""
    _keep_compiled(Path(early_config.rootpath) / "build" / "pycache")
    for name, value in (("YIWANG_VAULT_SEGMENT_MIB", "1"), ("YIWANG_VAULT_SLOTS", "64")):  # a small vault for each test
        os.environ.setdefault(name, value)
    if not os.environ.get("DATABASE_URL"):
        data = Path(early_config.rootpath) / "build" / "test"
        os.environ[_DATA] = os.environ[_OWN] = str(data)
        os.environ["DATABASE_URL"] = url_of(place_of(data), f"yiwang_{os.getpid()}")
    return (yield)


@pytest.hookimpl(wrapper=True)
def pytest_runtestloop(session: pytest.Session) -> Iterator[None]:
    """Hold the server while tests that need it run."""
    if os.environ.get(_OWN) and not session.config.option.collectonly and any(map(_uses_database, session.items)):
        _held.append(hold(Path(os.environ[_OWN]), database="postgres", durable=False))
        _drop_left_overs(_held[0].url)
        _drop_by_force()
        _copy_migrated()
        _empty_quickly()
    try:
        return (yield)
    finally:
        while _held:
            _held.pop().release()


def _uses_database(item: pytest.Item) -> bool:
    names = set(getattr(item, "fixturenames", ()))
    klass = getattr(item, "cls", None)
    return bool(
        names & _FIXTURES
        or item.get_closest_marker("django_db")
        or any(base.__module__ == "django.test.testcases" for base in getattr(klass, "__mro__", ()))
    )


def _drop_by_force() -> None:
    """Let Django drop its test database while a thread of a live server still holds a connection to it."""
    from django.db.backends.postgresql.creation import DatabaseCreation

    def drop(creation: Any, name: str, verbosity: int) -> None:
        with creation._nodb_cursor() as cursor:
            cursor.execute(f"DROP DATABASE {creation.connection.ops.quote_name(name)} WITH (FORCE)")

    creation: Any = DatabaseCreation
    creation._destroy_test_db = drop


def _keep_compiled(folder: Path) -> None:
    sys.dont_write_bytecode = False
    sys.pycache_prefix = sys.pycache_prefix or str(folder)
    os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
    os.environ.setdefault("PYTHONPYCACHEPREFIX", sys.pycache_prefix)


def _copy_migrated() -> None:
    """Let Django make its test database as a copy of one that has been migrated: the first run for these migrations does it."""
    from django.db.backends.postgresql.creation import DatabaseCreation

    def create(creation: Any, *_: Any, **__: Any) -> str:
        name, quote = creation._get_test_db_name(), creation.connection.ops.quote_name
        with _locked():
            template = _migrated(creation)
            with creation._nodb_cursor() as cursor:
                cursor.execute(f"DROP DATABASE IF EXISTS {quote(name)} WITH (FORCE)")
                cursor.execute(f"CREATE DATABASE {quote(name)} TEMPLATE {quote(template)}")
        _use(creation, name)
        return str(name)

    creation: Any = DatabaseCreation
    creation.create_test_db = create


_STAY = {"django_content_type", "auth_permission"}
"""What migrating writes and no test changes."""


def _empty_quickly() -> None:
    """After a test that committed, delete the rows of the tables that hold any. Django truncates all tables, each with the
    files of its indexes, and writes content types and permissions again: half a second for every such test.
    """
    from django.db import connection
    from django.test import TransactionTestCase

    def empty(case: Any) -> None:
        quote = connection.ops.quote_name
        names = sorted(set(connection.introspection.django_table_names(only_existing=True, include_views=False)) - _STAY)
        with connection.cursor() as cursor:
            cursor.execute(" UNION ALL ".join(f"SELECT '{name}' WHERE EXISTS (SELECT FROM {quote(name)})" for name in names))
            filled = [name for (name,) in cursor.fetchall()]
            cursor.execute("SET session_replication_role = replica")  # append-only tables refuse it, and the order would matter
            for name in filled:
                cursor.execute(f"DELETE FROM {quote(name)}")
            cursor.execute("SET session_replication_role = origin")

    klass: Any = TransactionTestCase
    klass._fixture_teardown = empty


def _migrated(creation: Any) -> str:
    """The database with the present migrations; those of other migrations are dropped."""
    from django.core.management import call_command

    name, quote = f"yiwang_migrated_{_digest()}", creation.connection.ops.quote_name
    with creation._nodb_cursor() as cursor:
        cursor.execute("SELECT datname FROM pg_database WHERE datname ~ '^yiwang_migrat(ed|ing)_'")
        known = {row[0] for row in cursor.fetchall()}
        if name in known:
            return name
        for other in known:
            cursor.execute(f"DROP DATABASE IF EXISTS {quote(other)} WITH (FORCE)")
        half = name.replace("migrated", "migrating")
        cursor.execute(f"CREATE DATABASE {quote(half)}")
    _use(creation, half)
    call_command("migrate", interactive=False, verbosity=0)
    creation.connection.close()
    with creation._nodb_cursor() as cursor:
        cursor.execute(f"ALTER DATABASE {quote(half)} RENAME TO {quote(name)}")
    return name


def _use(creation: Any, name: str) -> None:
    from django.conf import settings

    creation.connection.close()
    settings.DATABASES[creation.connection.alias]["NAME"] = creation.connection.settings_dict["NAME"] = name


def _digest() -> str:
    """Of all that decides what a migrated database holds: modules, settings, packages."""
    import yiwang

    source = Path(yiwang.__file__).parent
    files = [*(source / "modules").rglob("*.py"), source / "site" / "settings.py", *source.parents[1].glob("requirements*.txt")]
    found = hashlib.sha256()
    for path in sorted(files):
        if "tests" not in path.parts:
            found.update(str(path.relative_to(source.parents[1])).encode() + b"\0" + path.read_bytes())
    return found.hexdigest()[:16]


@contextmanager
def _locked() -> Iterator[None]:
    """One process at a time makes or copies the migrated database."""
    with (Path(os.environ[_OWN]) / "migrated.lock").open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


def _drop_left_overs(url: str) -> None:
    """Drop databases of test runs that were killed: their names carry the process id of the run."""
    import psycopg
    from psycopg import sql

    with psycopg.connect(url, autocommit=True) as connection:
        rows = connection.execute(r"SELECT datname FROM pg_database WHERE datname ~ '^test_yiwang_\d+'").fetchall()
        for (name,) in rows:
            if not Path(f"/proc/{name.split('_')[2]}").exists():
                statement = sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)")
                connection.execute(statement.format(sql.Identifier(name)))
