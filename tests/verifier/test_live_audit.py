"""The audit outside a test's transaction, as the command runs it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from yiwang.modules.evidence import audit


@pytest.mark.django_db(transaction=True)
def test_it_reads_one_snapshot_and_writes_nothing(settings: Any, tmp_path: Path) -> None:
    """An empty city agrees; had the audit written anything, the database would have refused its transaction."""
    settings.LOG_FOLDER, settings.FILES_FOLDER = tmp_path / "log", tmp_path / "files"
    report = audit.run()
    assert report.ok and (report.acts, report.entries) == (0, 0)
