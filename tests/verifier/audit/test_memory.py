"""The audit goes on where it was interrupted, reads what is new and a share of the rest, and forgets nothing that was wrong."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from yiwang.kernel.errors import Refused
from yiwang.modules.evidence import audit, audit_files, audit_memory, audit_range, audit_results, audit_rows
from yiwang.modules.evidence.audit_memory import MEMORY, Memory, append, lines_of, remembered

from .conftest import City, Superuser

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("disk")]


@pytest.fixture(autouse=True)
def nothing_remembered(city: City) -> None:
    """Each test begins without memory."""
    city.forget()


def test_the_first_run_reads_everything_and_the_next_little(city: City) -> None:
    first, second = audit.run(), audit.run()
    assert first.ok and second.ok
    assert (first.read, first.buckets, first.tenders) == (first.entries, 256, 1)
    assert second.buckets < 256 / 8
    assert not first.resumed and not second.resumed


def test_everything_old_is_read_again_within_so_many_nights(city: City, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(audit, "NIGHTS", 4)
    for _ in range(1 + audit.NIGHTS):
        assert audit.run().ok
    with remembered() as memory:
        [began, *_] = sorted(result.began for result in audit_results.results(50))
        assert min(memory.buckets.values()) > 0
        assert len(memory.buckets) == 256
        lines = [line["files"] for line in lines_of(memory.path) if "files" in line]
    assert all(lines.count(bucket) >= 2 for bucket in audit_files.BUCKETS), began


def test_a_run_that_was_killed_goes_on(city: City, monkeypatch: pytest.MonkeyPatch) -> None:
    """Killed after the log and some files: those are not read again."""
    real = audit_files._bucket
    seen: list[str] = []

    def killed(bucket: str, since: float) -> Any:
        seen.append(bucket)
        if len(seen) == 100:
            raise KeyboardInterrupt
        return real(bucket, since)

    monkeypatch.setattr(audit_files, "_bucket", killed)
    monkeypatch.setattr(audit_files, "STEP", -1.0)
    with pytest.raises(KeyboardInterrupt):
        audit.run(full=True)
    monkeypatch.setattr(audit_files, "_bucket", real)
    report = audit.run()
    assert report.ok and report.resumed and report.full
    assert (report.read, report.buckets) == (0, 256 - 99)
    assert not audit.run().resumed


def test_a_torn_line_spoils_nothing(city: City) -> None:
    assert audit.run().ok
    path = city.memory / MEMORY
    with path.open("ab") as file:
        file.write(b'{"block":0,"entr')
    append(path, b'{"files":"00","at":5}\n')
    assert Memory(path).path.read_bytes().endswith(b'"entr\n{"files":"00","at":5}\n')
    assert audit.run().ok


def test_two_at_a_time_are_refused(city: City) -> None:
    with remembered(), pytest.raises(Refused) as refused:
        audit.run()
    assert refused.value.reasons[0].code == "audit.running"


def test_what_is_wrong_is_found_again_until_it_is_mended(city: City, superuser: Superuser) -> None:
    assert audit.run().ok
    superuser("UPDATE tenders_tender SET budget = budget + 1")
    first, second = audit.run(), audit.run()
    assert [each.where for each in first.findings] == [each.where for each in second.findings] == [f"tenders.Tender {city.number}"]
    good = audit_results.results()[-1].began
    assert {first.findings[0].since, second.findings[0].since} == {good}  # the last time that it was right, not that it was read
    superuser("UPDATE tenders_tender SET budget = budget - 1")
    assert audit.run().ok


def test_a_row_slipped_in_is_found_in_the_next_run(city: City, superuser: Superuser, monkeypatch: pytest.MonkeyPatch) -> None:
    """No new act, and no turn of this tender: its print betrays it."""
    assert audit.run().ok
    monkeypatch.setattr(audit, "NIGHTS", 10**9)
    with remembered() as memory:
        now, _ = audit_rows.prints()
        assert audit_rows.due(memory, now, began=0, full=False, share=0) == []
    superuser("UPDATE openings_confirmation SET role = 'buyer' WHERE id = (SELECT max(id) FROM openings_confirmation)")
    with remembered() as memory:
        now, _ = audit_rows.prints()
        assert audit_rows.due(memory, now, began=0, full=False, share=0) == [city.number]
    [found] = audit.run().findings
    assert (found.field, found.where.split()[0]) == ("role", "openings.Confirmation")


def test_a_row_that_leads_to_no_tender(city: City, superuser: Superuser) -> None:
    superuser("UPDATE tenders_document SET tender_id = 999999")
    wheres = [each.where for each in audit.run().findings]
    assert any(where.startswith("tenders.Document row ") for where in wheres)


def test_results_are_kept(city: City) -> None:
    audit.run(night="2026-03-02")
    [result] = audit_results.results()
    assert (result.night, result.ok, result.count, result.findings) == ("2026-03-02", True, 0, ())
    (city.memory / audit_results.RESULTS).write_text('nonsense\n{"began": 5}\n')
    assert audit_results.results() == []


def test_memory_is_json_lines(city: City) -> None:
    assert audit.run().ok
    lines = [json.loads(line) for line in Path(city.memory / MEMORY).read_text().splitlines()]
    assert lines[0].keys() == {"begin", "at"}
    assert lines[-2]["size"] == audit.run().entries
    assert audit_memory.stamp(None) == ""


def test_which_stretches_of_the_log_are_due(city: City, tmp_path: Path) -> None:
    """What is new from its bundle on, and the stretch that was read longest ago."""
    block = audit_range.BLOCK
    memory = Memory(tmp_path / "memory", blocks={0: (block, 9.0), 1: (block, 5.0), 2: (1000, 7.0)})
    due = audit._Run(memory, None, lambda what, done, of: None, False, False)._blocks(2 * block + 2000)
    assert due == [(block, 2 * block), (2 * block + 768, 2 * block + 2000)]
    memory.blocks[2] = 1000, 3.0
    due = audit._Run(memory, None, lambda what, done, of: None, False, False)._blocks(2 * block + 2000)
    assert due == [(2 * block, 2 * block + 2000)]
    due = audit._Run(memory, None, lambda what, done, of: None, True, False)._blocks(2 * block + 2000)
    assert due == [(0, block), (block, 2 * block), (2 * block, 2 * block + 2000)]
