"""The verifier as an outsider has it: a package of its own, without Django, database and command line of the center."""

from __future__ import annotations

import importlib.util
import json
import os
import subprocess
import sys
import time
import zipfile
from pathlib import Path

import pytest

from yiwang.tlog import LogKeys
from yiwang.verifier.command import main
from yiwang.verifier.trust import policy_text

from .conftest import Played

pytestmark = pytest.mark.django_db
ROOT = Path(__file__).resolve().parents[2]
FORBIDDEN = (
    "django",
    "psycopg",
    "typer",
    "rich",
    "yiwang.modules",
    "yiwang.site",
    "yiwang.runtime",
    "yiwang.cli",
    "yiwang.ui",
)
BLOCKER = f"""
import sys
class Blocker:
    def find_spec(self, name, path=None, target=None):
        if any(name == each or name.startswith(each + ".") for each in {FORBIDDEN!r}):
            raise ImportError(name + " is not installed")
sys.meta_path.insert(0, Blocker())
from yiwang.verifier.command import main
sys.exit(main(sys.argv[1:]))
"""


def run(words: list[str], path: Path | None = None) -> subprocess.CompletedProcess[str]:
    """The verifier in a process of its own in which all that outsiders do not have is blocked."""
    environment = {**os.environ, "PYTHONPATH": str(path or ROOT / "src"), "YIWANG_LANG": "en"}
    return subprocess.run(
        [sys.executable, "-c", BLOCKER, *words], capture_output=True, text=True, env=environment, check=False
    )


def test_without_django_and_database(played: Played) -> None:
    done = run([str(played.at("archived"))])
    assert done.returncode == 0, done.stdout + done.stderr
    assert "Verified" in done.stdout and "What remains a matter of trust" in done.stdout


def test_exit_codes_and_json(played: Played, tmp_path: Path) -> None:
    broken = tmp_path / "broken.zip"
    broken.write_bytes(played.at("archived").read_bytes() + b"!")
    assert run([str(broken)]).returncode == 1
    assert run([str(tmp_path / "absent.zip")]).returncode == 2
    done = run(["--json", str(played.at("archived")), str(broken)])
    value = json.loads(done.stdout)
    assert done.returncode == 1 and value["ok"] is False
    assert [item["ok"] for item in value["dossiers"]] == [True, False]
    assert {"id", "status", "title", "recomputed", "details"} == set(value["dossiers"][0]["checks"][0])


def test_own_policy(played: Played, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with zipfile.ZipFile(played.at("archived")) as archive:
        own = archive.read("policy").decode()
    (tmp_path / "own").write_text(own)
    (tmp_path / "other").write_text(policy_text(LogKeys.create("yiwang.example/log").vkeys_text()))
    (tmp_path / "broken").write_text("log nonsense\n")
    path = str(played.at("archived"))
    assert main([path, "--policy", str(tmp_path / "own"), "--lang", "en"]) == 0
    assert "taken from this dossier" not in capsys.readouterr().out
    assert main([path, "--policy", str(tmp_path / "other"), "--lang", "en"]) == 1
    assert "[policy]" in capsys.readouterr().out
    assert main([path, "--policy", str(tmp_path / "broken")]) == 2
    assert main([path, "--policy", str(tmp_path / "absent")]) == 2


def test_the_command_line_of_the_center(played: Played, tmp_path: Path) -> None:
    words = [sys.executable, "-m", "yiwang.cli", "--lang", "en", "verify"]
    done = subprocess.run([*words, "--json", str(played.at("archived"))], capture_output=True, text=True, check=False)
    assert done.returncode == 0 and json.loads(done.stdout)["ok"] is True, done.stderr
    (tmp_path / "bad.zip").write_bytes(played.at("archived").read_bytes()[:-1])
    done = subprocess.run(
        [*words, str(tmp_path / "bad.zip"), str(played.at("opened"))], capture_output=True, text=True, check=False
    )
    assert done.returncode == 1 and "NOT verified" in done.stdout and "Verified" in done.stdout
    assert subprocess.run([*words, str(tmp_path / "none.zip")], capture_output=True, check=False).returncode == 2


@pytest.mark.skipif(importlib.util.find_spec("hatchling") is None, reason="hatchling is not installed here")
def test_the_separate_package(played: Played, tmp_path: Path) -> None:
    """Built from the same sources, unpacked alone, it verifies; it holds nothing of the center's own program."""
    started = time.monotonic()
    build = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(tmp_path)]
    subprocess.run(build, cwd=ROOT / "packaging" / "verify", check=True, capture_output=True)
    wheel = next(tmp_path.glob("yiwang_verify-*.whl"))
    with zipfile.ZipFile(wheel) as archive:
        tops = {"/".join(name.split("/")[:2]) for name in archive.namelist() if name.startswith("yiwang/")}
        archive.extractall(tmp_path / "alone")
    assert tops == {
        "yiwang/__init__.py",
        "yiwang/kernel",
        "yiwang/law",
        "yiwang/seal",
        "yiwang/tlog",
        "yiwang/verifier",
    }
    page = tmp_path / "report.html"
    done = run([str(played.folder / "witnessed.zip"), "--html", str(page)], path=tmp_path / "alone")
    assert done.returncode == 0, done.stdout + done.stderr
    assert "Verified" in page.read_text("utf-8") and "max-width" in page.read_text("utf-8")
    assert time.monotonic() - started < 60
