"""Pytest plugin: one embedded PostgreSQL for all test runs of a clone, in ``build/test`` (no fsync: nothing to keep).

It starts before the first test that uses a database. Every run, and every xdist worker, has its own database, so
several runs may go on at once. A DATABASE_URL that is set already is used instead.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
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
