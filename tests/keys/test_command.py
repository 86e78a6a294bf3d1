"""``yiwang keys init`` and ``follow``: what needs no database."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
import typer
from typer.testing import CliRunner

from yiwang.cli import keys as command
from yiwang.kernel.canonical import canonical
from yiwang.kernel.errors import BadInput
from yiwang.tlog.errors import KeyFileError
from yiwang.tlog.keys import LogKeys
from yiwang.tlog.pkcs11 import Token
from yiwang.verifier.handover import FORMAT


def run(*words: str) -> Any:
    app = typer.Typer()
    command.register(app)
    return CliRunner().invoke(app, list(words))


@pytest.fixture(autouse=True)
def data(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("YIWANG_DATA", str(tmp_path / "var"))
    return tmp_path / "var"


def test_init_makes_keys_once_and_never_under_a_log(data: Path) -> None:
    made = json.loads(run("init", "evidence.example/{year}", "--json").stdout)
    assert made["origin"].removeprefix("evidence.example/").isdigit() and made["place"] == "file"
    assert [str(key) for key in LogKeys.load(data / "keys").vkeys()] == made["vkeys"]
    assert (data / "keys").stat().st_mode & 0o077 == 0
    assert isinstance(run("init", "evidence.example/2030").exception, KeyFileError)
    (data / "keys" / "log.keys").unlink()
    (data / "log").mkdir()
    (data / "log" / "checkpoint").write_text("there is a log")
    assert isinstance(run("init", "evidence.example/2030").exception, BadInput)


def test_init_in_a_token_keeps_the_label(data: Path, in_environment: Token) -> None:
    made = json.loads(run("init", "evidence.example/2030", "--token", "--label", "log 2030", "--json").stdout)
    assert made["place"] == "pkcs11:log 2030"
    assert LogKeys.load(data / "keys").vkeys_text().splitlines() == made["vkeys"]


def test_follow_needs_keys_that_the_file_knows(tmp_path: Path) -> None:
    file, trust = tmp_path / "handover.json", tmp_path / "vkeys"
    file.write_bytes(canonical({"format": FORMAT, "steps": []}))
    trust.write_text(LogKeys.create("evidence.example/2030").vkeys_text())
    assert isinstance(run("follow", str(file), "--trust", str(trust)).exception, BadInput)
