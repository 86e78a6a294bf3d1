"""The audit outside a test's transaction, as the command runs it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from django.db import connection

from yiwang.bench import audit_speed
from yiwang.modules.evidence import audit, audit_range
from yiwang.modules.evidence.finding import ALTERED


@pytest.fixture(autouse=True)
def folders(settings: Any, tmp_path: Path) -> None:
    """Log and files of this test's own."""
    settings.LOG_FOLDER, settings.FILES_FOLDER = tmp_path / "log", tmp_path / "files"


@pytest.mark.django_db(transaction=True)
def test_it_reads_one_snapshot_and_writes_nothing() -> None:
    """An empty city agrees; had the audit written anything, the database would have refused its transaction."""
    report = audit.run()
    assert report.ok and (report.acts, report.entries) == (0, 0)


@pytest.mark.django_db(transaction=True)
def test_several_processes_find_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    """They read the snapshot that the audit reads, and name the one row in two thousand that is wrong."""
    monkeypatch.setattr(audit_range, "BLOCK", 512)
    audit_speed.fill(2000)
    assert audit.run(processes=2).ok
    with connection.cursor() as cursor:
        cursor.execute("SET session_replication_role = replica")
        cursor.execute("UPDATE evidence_act SET canonical = set_byte(canonical, 200, 65) WHERE id = 1234")
        cursor.execute("SET session_replication_role = origin")
    found = {(each.kind, each.where) for each in audit.run(full=True, processes=2).findings}
    assert found == {(ALTERED, "evidence.Act bench/000233#2 bench.act")}
