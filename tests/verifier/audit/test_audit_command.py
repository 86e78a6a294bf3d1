"""``yiwang audit`` prints what the audit finds and ends with its exit code."""

from __future__ import annotations

import json
from contextlib import nullcontext
from typing import Any

import pytest
import typer
from typer.testing import CliRunner

from yiwang.cli import audit as command
from yiwang.cli import django as session
from yiwang.kernel.text import language

from .conftest import City

pytestmark = pytest.mark.django_db


@pytest.fixture
def program(monkeypatch: pytest.MonkeyPatch) -> typer.Typer:
    """The command, in the tests' own database."""
    monkeypatch.setattr(session, "with_database", nullcontext)
    app = typer.Typer()
    command.register(app)
    return app


def test_all_agrees(city: City, program: typer.Typer) -> None:
    done = CliRunner().invoke(program, ["--json"])
    value = json.loads(done.stdout)
    assert done.exit_code == 0 and value["ok"] is True and value["findings"] == []


def test_names_what_was_changed(city: City, program: typer.Typer, superuser: Any) -> None:
    superuser("UPDATE awards_award SET price = price - 1")
    token = language.set("en")
    done = CliRunner().invoke(program, [])
    language.reset(token)
    assert done.exit_code == 1
    assert "awards.Award" in done.stdout and "the act says" in done.stdout
    value = json.loads(CliRunner().invoke(program, ["--json"]).stdout)
    assert value["ok"] is False and value["findings"][0]["kind"] == "altered"
