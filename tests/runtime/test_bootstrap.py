"""Packages of the distribution that tests use: installed by root, otherwise said; a failure stops nothing."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from yiwang.runtime import bootstrap

MISSING = (
    bootstrap.Tool(("first", "second"), lambda: False, "一号测试", "tests of one kind"),
    bootstrap.Tool(("present",), lambda: True, "二号测试", "tests of another"),
    bootstrap.Tool(("third",), lambda: False, "三号测试", "tests of a third"),
)


@pytest.fixture
def apt(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An apt-get that writes down what it is told; it fails for ``third``."""
    program = tmp_path / "apt-get"
    program.write_text(f'#!/bin/sh\necho "$@" >> {tmp_path}/said\ncase "$*" in *third*) exit 100;; esac\n')
    program.chmod(0o755)
    monkeypatch.setitem(bootstrap._ENVIRONMENT, "PATH", f"{tmp_path}:{os.environ['PATH']}")
    monkeypatch.setenv("PATH", f"{tmp_path}:{os.environ['PATH']}")
    monkeypatch.setenv("YIWANG_LANG", "en")
    monkeypatch.setattr(bootstrap, "TOOLS", MISSING)
    return tmp_path / "said"


def test_root_installs_what_is_missing_and_a_failure_is_told(
    apt: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(os, "geteuid", lambda: 0)
    bootstrap.distribution()
    install = "-qq install -y --no-install-recommends"
    assert apt.read_text().splitlines() == ["-qq update", f"{install} first second", f"{install} third"]
    said = capsys.readouterr().out
    assert "tests of a third will be skipped" in said and "tests of one kind" not in said


def test_others_are_told_what_is_missing(apt: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setattr(os, "geteuid", lambda: 1000)
    bootstrap.distribution()
    assert not apt.exists()
    said = capsys.readouterr().out.splitlines()
    assert said == ["· no first second: tests of one kind will be skipped and say so",
                    "· no third: tests of a third will be skipped and say so"]  # fmt: skip


def test_the_packages_that_tests_ask_for_are_those_that_are_installed() -> None:
    names = {name for tool in bootstrap.TOOLS for name in tool.packages}
    assert {"chromium", "golang-go", "golang-golang-x-mod-dev", "softhsm2"} <= names
