"""A database connection that has just served a request is not asked again; one that was idle, or failed, is."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

import pytest
from django.db import OperationalError, connection
from django.http import HttpResponse

from yiwang.site import steady

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def serve(monkeypatch: pytest.MonkeyPatch) -> Callable[..., list[str]]:
    """Serves a request as Django begins one; gives the questions that reached the database."""
    monkeypatch.setitem(connection.settings_dict, "CONN_HEALTH_CHECKS", True)
    wanted: list[str] = []

    def page(request: Any) -> HttpResponse:
        with connection.cursor() as cursor:
            for sql in wanted:
                cursor.execute(sql)
        return HttpResponse("")

    made = steady.SteadyConnectionMiddleware(page)
    asked: list[str] = []
    usable = connection.is_usable
    monkeypatch.setattr(connection, "is_usable", lambda: asked.append("is it there") or usable())

    def once(*sql: str) -> list[str]:
        wanted[:], asked[:] = sql, []
        connection.ensure_connection()
        connection.health_check_enabled, connection.health_check_done = True, False  # as at the start of a request
        made(None)  # type: ignore[arg-type]
        return list(asked)

    return once


def test_only_an_idle_connection_is_asked(serve: Callable[..., list[str]], monkeypatch: pytest.MonkeyPatch) -> None:
    assert serve("SELECT 1") == ["is it there"]
    assert serve("SELECT 1") == []
    later = time.monotonic() + steady.SECONDS
    monkeypatch.setattr(steady.time, "monotonic", lambda: later)
    assert serve("SELECT 1") == ["is it there"]


def test_a_connection_that_broke_is_asked_before_the_next_request(serve: Callable[..., list[str]]) -> None:
    serve("SELECT 1")
    with pytest.raises(OperationalError):
        serve("SELECT pg_terminate_backend(pg_backend_pid())", "SELECT 1")
    assert connection.errors_occurred
    connection.close_if_unusable_or_obsolete()  # Django does so at the start of each request
    assert connection.connection is None
    serve("SELECT 1")
