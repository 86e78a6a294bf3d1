"""The command line: fast help, exit codes, languages, one sentence for each error."""

from __future__ import annotations

import json
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.runtime.conftest import Yiwang, small
from yiwang.cli import chosen_language
from yiwang.cli.codes import ENVIRONMENT, FAILED, USAGE, code_of
from yiwang.cli.lazy import COMMANDS, existing
from yiwang.kernel.errors import NotVisible, Refused, bad
from yiwang.kernel.text import Text
from yiwang.kernel.verdict import Reason
from yiwang.runtime.notready import not_ready


def test_help_lists_exactly_the_commands_that_exist_and_is_fast(yiwang: Yiwang) -> None:
    took = []
    for _ in range(3):
        began = time.process_time(), time.monotonic()
        answer = yiwang("--help")
        took.append(time.monotonic() - began[1])
    assert answer.returncode == 0
    listed = [line.split()[0] for line in answer.stdout.partition("Commands:")[2].splitlines() if line.startswith("  ")]
    assert [name for name in COMMANDS if name in listed] == existing()
    assert min(took) < 1.0, took  # 0.22 s on an idle machine; the rest is for loaded ones


def test_help_loads_neither_django_nor_rich(folder: Path) -> None:
    loaded = _modules_of(folder, "--help")
    assert not {"django", "psycopg", "rich", "granian"} & loaded


@pytest.mark.skipif("verify" not in existing(), reason="the command verify is not part of this installation")
def test_verify_never_loads_django(folder: Path) -> None:
    loaded = _modules_of(folder, "verify", str(folder / "absent.zip"))
    assert not {"django", "psycopg"} & loaded


def test_words_that_are_no_command(yiwang: Yiwang) -> None:
    assert yiwang("nosuch").returncode == USAGE
    assert yiwang("db", "--nosuch").returncode == USAGE
    assert yiwang("--lang", "fr", "db").returncode == USAGE


def test_version(yiwang: Yiwang) -> None:
    answer = yiwang("--version")
    assert (answer.returncode, answer.stdout.split()[0]) == (0, "yiwang")


def test_db_tells_what_a_machine_may_read(folder: Path, yiwang: Yiwang) -> None:
    answer = yiwang("db", "--json")
    assert answer.returncode == 0, answer.stderr
    facts = json.loads(answer.stdout)
    assert (facts["kind"], facts["database"], facts["durable"], facts["checksums"]) == (
        "embedded",
        "yiwang",
        True,
        True,
    )
    assert facts["changes"] > 0


@pytest.mark.parametrize(
    ("words", "environment", "language"),
    [
        ([], {"LANG": "zh_CN.UTF-8"}, "zh"),
        ([], {"LANG": "en_US.UTF-8"}, "en"),
        ([], {"LANG": "zh_CN.UTF-8", "LC_ALL": "en_GB.UTF-8"}, "en"),
        ([], {"LANG": "en_US.UTF-8", "YIWANG_LANG": "zh"}, "zh"),
        ([], {}, "en"),
        (["--lang", "zh", "db"], {}, "zh"),
        (["--lang=en", "db"], {"LANG": "zh_CN.UTF-8"}, "en"),
    ],
)
def test_language(words: list[str], environment: dict[str, str], language: str) -> None:
    assert chosen_language(words, environment) == language


def test_error_speaks_the_chosen_language(yiwang: Yiwang) -> None:
    assert "DATABASE_URL 有误" in yiwang("--lang", "zh", "db", DATABASE_URL="x").stderr
    assert "DATABASE_URL is wrong" in yiwang("--lang", "en", "db", DATABASE_URL="x").stderr


def test_exit_codes_of_errors() -> None:
    assert code_of(bad("price", "坏", "bad")) == USAGE
    assert code_of(NotVisible()) == USAGE
    assert code_of(Refused(Reason("state", Text("不可", "no")))) == FAILED
    assert code_of(not_ready("disk_full", "满", "full")) == ENVIRONMENT


def _modules_of(folder: Path, *words: str) -> set[str]:
    """Top-level packages that a run of ``yiwang`` loads."""
    done = subprocess.run([sys.executable, "-X", "importtime", "-m", "yiwang.cli", *words], check=False,
                          env=small(folder / "var"), capture_output=True, text=True)  # fmt: skip
    lines = [line for line in done.stderr.splitlines() if line.startswith("import time:")]
    assert len(lines) > 50
    return {line.rpartition("|")[2].strip().partition(".")[0] for line in lines}
