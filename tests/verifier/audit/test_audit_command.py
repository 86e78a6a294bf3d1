"""``yiwang audit`` prints what the audit finds and ends with its exit code."""

from __future__ import annotations

import json
from contextlib import nullcontext
from pathlib import Path
from typing import Any

import pytest
import typer
from typer.testing import CliRunner

from yiwang.cli import audit as command
from yiwang.cli import django as session
from yiwang.kernel.errors import YiwangError
from yiwang.kernel.text import language
from yiwang.modules.evidence import audit_rows

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


def test_a_receipt_from_other_hands(city: City, program: typer.Typer, tmp_path: Path) -> None:
    """``--against`` takes a checkpoint or a receipt; what is neither is bad input, and nothing is audited half."""
    seen = tmp_path / "seen"
    seen.write_bytes((city.log / "checkpoint").read_bytes())
    assert CliRunner().invoke(program, ["--against", str(seen), "--full"]).exit_code == 0
    seen.write_text("nonsense")
    assert isinstance(CliRunner().invoke(program, ["--against", str(seen)]).exception, YiwangError)
    assert CliRunner().invoke(program, ["--against", str(tmp_path / "missing")]).exit_code == 2


def test_says_what_it_read_and_goes_on_after_ctrl_c(city: City, program: typer.Typer, monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupted(*given: object) -> None:
        raise KeyboardInterrupt

    token = language.set("en")
    with monkeypatch.context() as patch:
        patch.setattr(audit_rows, "everywhere", interrupted)
        stopped = CliRunner().invoke(program, [])
    assert stopped.exit_code == 130
    done = CliRunner().invoke(program, [])
    language.reset(token)
    assert done.exit_code == 0
    assert "All agrees: going on with the audit that was interrupted" in done.stdout
