"""A small vault in a test's own folder, and looks at it."""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import Any

import pytest

from yiwang.modules.evidence import vault

OWNER, OTHER = "bids/T1/91110000A", "bids/T1/91110000B"


@pytest.fixture
def home(settings: Any, tmp_path: Path) -> Path:
    """A data folder with a small vault: four segments of 1 MiB, 16 slots."""
    settings.LOG_FOLDER, settings.FILES_FOLDER = tmp_path / "log", tmp_path / "files"
    settings.VAULT_SEGMENT_MIB, settings.VAULT_SEGMENTS, settings.VAULT_SLOTS = 1, 4, 16
    return tmp_path


@pytest.fixture
def at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """There is no database in these tests: what waits for a commit is done at once."""
    monkeypatch.setattr(vault.transaction, "on_commit", lambda do, robust: do())


def sha(content: bytes) -> str:
    """Hex SHA-256."""
    return hashlib.sha256(content).hexdigest()


def shape(home: Path) -> dict[str, tuple[int, int]]:
    """Every file of the vault that is not empty, with its size and its time of change."""
    found = {path: path.stat() for path in (home / "sealed").rglob("*") if path.is_file()}
    return {str(path.relative_to(home)): (stat.st_size, stat.st_mtime_ns) for path, stat in found.items() if stat.st_size}


def read(sha256: str) -> bytes:
    """A kept file."""
    with vault.open(sha256) as file:
        return file.read()
