"""The commands ``replay``, ``demo`` and ``bench``: bad words and files end with one sentence and exit code 2."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest


def yiwang(folder: Path, *words: str, **environment: str) -> subprocess.CompletedProcess[str]:
    env = {**os.environ, "YIWANG_DATA": str(folder), "YIWANG_LANG": "en", "PYTHONUTF8": "1", **environment}
    command = [sys.executable, "-m", "yiwang.cli", *words]
    return subprocess.run(command, check=False, capture_output=True, text=True, env=env, timeout=120)


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (("replay", "nothing.csv"), "there is no file nothing.csv"),
        (("replay", __file__), "columns are missing"),
        (("replay", __file__, "--resume"), "columns are missing"),
        (("replay", __file__, "--mapping", "nothing.yaml"), "there is no mapping file"),
        (("bench", "nothing"), "there is no bench"),
        (("demo", "clock", "--to", "tomorrow"), "is not a time"),
    ],
)
def test_bad_input_is_one_sentence(tmp_path: Path, words: tuple[str, ...], says: str) -> None:
    done = yiwang(tmp_path, *words)
    assert done.returncode == 2, done.stderr
    assert says in done.stderr
    assert "Traceback" not in done.stderr
    assert not (tmp_path / "replay" / "out").exists()


def test_accounts_are_listed_without_a_database(tmp_path: Path) -> None:
    done = yiwang(tmp_path, "demo", "accounts", "--json")
    assert done.returncode == 0, done.stderr
    names = [each["username"] for each in json.loads(done.stdout)]
    assert names == ["jia", "yi", "bing", "ding", "wu", "ji", "center", "geng", "xin", "ren"]


def test_the_clock_moves_on_and_never_back(tmp_path: Path) -> None:
    assert yiwang(tmp_path, "demo", "clock", "--to", "2099-05-06T09:30").stdout.startswith("2099-05-06T09:30")
    assert yiwang(tmp_path, "demo", "clock", "--to", "2099-05-01").returncode == 2
    moved = yiwang(tmp_path, "demo", "clock", "--days", "1", "--json")
    assert json.loads(moved.stdout)["now"].startswith("2099-05-07T09:3")
