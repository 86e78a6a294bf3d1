"""What a database superuser or somebody with access to the disk does, the audit names."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from yiwang.modules.evidence import audit, sequencer

from .conftest import City

pytestmark = pytest.mark.django_db


def found() -> list[tuple[str, str]]:
    """What the audit finds, as (kind, where)."""
    return [(each.kind, each.where) for each in audit.run().findings]


@contextmanager
def altered(path: Path) -> Iterator[None]:
    """One bit of a file flipped for the length of a block."""
    before = path.read_bytes()
    changed = bytearray(before)
    changed[len(changed) // 2] ^= 1
    path.write_bytes(changed)
    try:
        yield
    finally:
        path.write_bytes(before)
        sequencer._log_at.cache_clear()


def test_honest_data_agrees(city: City) -> None:
    seen: list[str] = []
    report = audit.run(lambda what, done, of: seen.append(what))
    assert report.ok, [each.json() for each in report.findings]
    assert report.acts == report.entries > 80
    assert {"log", "acts", "files", "rows", "modules"} == set(seen)


def test_a_changed_score(city: City, superuser: Any) -> None:
    superuser("UPDATE evaluations_sheet SET content = jsonb_set(content, '{evaluator}', '\"9\"') "
              "WHERE id = (SELECT min(id) FROM evaluations_sheet)")  # fmt: skip
    assert [kind for kind, where in found() if where.startswith("evaluations.Sheet")] == ["altered"]


def test_a_changed_score_with_its_act(city: City, superuser: Any) -> None:
    """Row and act altered alike: the act no longer gives its entry in the log."""
    superuser("UPDATE evaluations_sheet SET content = jsonb_set(content, '{evaluator}', '\"9\"') "
              "WHERE id = (SELECT min(id) FROM evaluations_sheet)")  # fmt: skip
    superuser("UPDATE evidence_act SET canonical = replace(encode(canonical, 'escape'), '\"technical\":\"30.2\"', "
              "'\"technical\":\"39.9\"')::bytea WHERE act = 'evaluation.submit_sheet'")  # fmt: skip
    places = [where for _, where in found()]
    assert any(where.startswith("evidence.Act tender/") and "evaluation.submit_sheet" in where for where in places)


def test_a_changed_bid_price(city: City, superuser: Any) -> None:
    superuser("UPDATE bids_bid SET price = price - 100 WHERE price = %s", 83_400_00)
    [(kind, where)] = found()
    assert kind == "altered" and where.startswith("bids.Bid bid/")


def test_a_deleted_bid(city: City, superuser: Any) -> None:
    superuser("DELETE FROM bids_bid WHERE price = %s", 91_250_00)
    assert any(kind == "removed" and where.startswith("bids.Bid bid/") for kind, where in found())


def test_a_bid_slipped_in(city: City, superuser: Any) -> None:
    superuser("INSERT INTO bids_bid (id, tender_id, lot_id, tenderer_id, round, standing, envelope_sha256, envelope_size, "
              "manifest_sha256, client, joint, commit_salt, commitment, submitted_at) "
              "SELECT gen_random_uuid(), tender_id, lot_id, tenderer_id, 2, "
              "'submitted', repeat('a', 64), 1, manifest_sha256, client, joint, commit_salt, repeat('b', 64), submitted_at "
              "FROM bids_bid LIMIT 1")  # fmt: skip
    [(kind, where)] = found()
    assert kind == "added" and where.startswith("bids.Bid bid/")


def test_an_act_deleted(city: City, superuser: Any) -> None:
    superuser("DELETE FROM evidence_act WHERE act = 'opening.confirm'")
    findings = found()
    assert sum(kind == "removed" and where.startswith("evidence.Act (log ") for kind, where in findings) == 3
    assert any(where.startswith("evidence.LogEntry") for _, where in findings)
    assert any(kind == "added" and where.startswith("openings.Confirmation") for kind, where in findings)


def test_an_act_deleted_with_its_place(city: City, superuser: Any) -> None:
    superuser("DELETE FROM evidence_logentry WHERE act_id IN (SELECT id FROM evidence_act WHERE act = 'award.decide')")
    superuser("DELETE FROM evidence_act WHERE act = 'award.decide'")
    assert any(kind == "removed" and where.startswith("evidence.Act (log ") for kind, where in found())


def test_an_act_slipped_in(city: City, superuser: Any) -> None:
    superuser("INSERT INTO evidence_act (act, subject, seq, tender_id, role, at, salt, canonical, private, private_salt, entry) "
              "SELECT act, 'bid/' || repeat('0', 32), 0, NULL, role, at, salt, canonical, private, private_salt, entry "
              "FROM evidence_act WHERE act = 'bid.submit' LIMIT 1")  # fmt: skip
    assert ("added", f"evidence.Act bid/{'0' * 32}#0 bid.submit") in found()


def test_an_act_slipped_in_with_a_place(city: City, superuser: Any) -> None:
    superuser("INSERT INTO evidence_act (act, subject, seq, tender_id, role, at, salt, canonical, private, private_salt, entry) "
              "SELECT act, 'bid/' || repeat('0', 32), 0, NULL, role, at, salt, canonical, private, private_salt, entry "
              "FROM evidence_act WHERE act = 'bid.submit' LIMIT 1")  # fmt: skip
    superuser(
        "INSERT INTO evidence_logentry (index, act_id) SELECT (SELECT max(index) + 1 FROM evidence_logentry), max(id) FROM evidence_act"
    )
    findings = audit.run().findings
    assert any(each.kind == "added" and "and none of it" in each.text.en for each in findings)


def test_an_act_backdated(city: City, superuser: Any) -> None:
    superuser("UPDATE evidence_act SET at = at - interval '1 day' WHERE act = 'bid.submit'")
    assert {where.split("#")[-1] for _, where in found() if where.startswith("evidence.Act")} == {"0 bid.submit"}


def test_a_private_part_changed(city: City, superuser: Any) -> None:
    superuser(
        "UPDATE evidence_act SET private = jsonb_set(private, '{excluded}', '[1]') WHERE act = 'draw.freeze_list'"
    )
    assert any("draw.freeze_list" in where for _, where in found())


TAMPERINGS = [
    ("UPDATE tenders_tender SET state = 'publicity'", "tenders.Tender", "state"),
    ("UPDATE tenders_tender SET budget = budget + 1", "tenders.Tender", "budget"),
    ("UPDATE tenders_lot SET ceiling = ceiling + 1", "tenders.Tender", "lots"),
    ("UPDATE tenders_tender SET deadline = deadline + interval '1 hour'", "tenders.Tender", "deadline"),
    ("UPDATE tenders_tender SET events = events || '{\"opening.start\": \"2026-03-01T00:00:00Z\"}'", "tenders.Tender", "events"),
    ("UPDATE tenders_document SET attached_at = attached_at - interval '1 day'", "tenders.Document", "attached_at"),
    ("UPDATE tenders_clarification SET answer = 'DN900。'", "tenders.Clarification", "answer"),
    ("UPDATE tenders_clarification SET asked_by_id = NULL", "tenders.Clarification question", "asked_by"),
    ("UPDATE remedies_objection SET upheld = true", "remedies.Objection", "upheld"),
    ("UPDATE parties_organisation SET name = name || '甲' WHERE kind = 'buyer'", "parties.Organisation", "name"),
    ("UPDATE parties_organisation SET phone = '1' WHERE kind = 'agency'", "parties.Organisation", "phone"),
    ("DELETE FROM parties_signingkey WHERE id = (SELECT max(id) FROM parties_signingkey)", "parties.SigningKey", ""),
    ("UPDATE bids_bid SET manifest = '{}' WHERE price = 8340000", "bids.Bid", "manifest"),
    ("UPDATE bids_bid SET standing = 'opened' WHERE standing = 'withdrawn'", "bids.Bid", "standing"),
    ("UPDATE bids_bid SET submitted_at = submitted_at - interval '1 day'", "bids.Bid", "submitted_at"),
    ("UPDATE openings_custodian SET identity = ''", "openings.Custodian", "identity"),
    ("UPDATE openings_opening SET count = 2", "openings.Opening", "count"),
    ("DELETE FROM openings_confirmation", "openings.Confirmation", ""),
    ("UPDATE experts_draw SET seed = repeat('0', 64)", "experts.Draw", "seed"),
    ("UPDATE experts_draw SET \"order\" = '[]'", "experts.Draw", "order"),
    ("UPDATE experts_seat SET leaf = 99 WHERE number = 1", "experts.Seat", "leaf"),
    ("UPDATE experts_seat SET left_because = '' WHERE left_at IS NOT NULL", "experts.Seat", "left_because"),
    ("UPDATE evaluations_declaration SET at = at - interval '1 day'", "evaluations.Declaration", "at"),
    ("UPDATE evaluations_report SET content = jsonb_set(content, '{candidates}', '[]')", "evaluations.Report", "report"),
    ("DELETE FROM evaluations_reportsignature", "evaluations.ReportSignature", ""),
    ("UPDATE awards_award SET price = price - 1", "awards.Award", "price"),
    ("UPDATE awards_publicity SET ends = ends - interval '1 day'", "awards.Publicity", "ends"),
    ("UPDATE contracts_contract SET content = jsonb_set(content, '{price}', '1')", "contracts.Contract", "content"),
    ("UPDATE contracts_contract SET signed_at = NULL", "contracts.Contract", "signed_at"),
    ("UPDATE evidence_checkpoint SET root = decode(repeat('00', 32), 'hex') WHERE size = (SELECT max(size) FROM "
     "evidence_checkpoint)", "evidence.Checkpoint", "root"),
    ("UPDATE evidence_checkpoint SET note = replace(note, 'yiwang', 'yiwank') WHERE size = (SELECT min(size) FROM "
     "evidence_checkpoint)", "evidence.Checkpoint", "note"),
    ("UPDATE evidence_notification SET created = created - interval '1 day'", "evidence.Notification", ""),
]  # fmt: skip


def test_any_row_that_counts(city: City, superuser: Any) -> None:
    """All of it at once: each finding names its own table and column."""
    for statement, _, _ in TAMPERINGS:
        assert superuser(statement) > 0, statement
    findings = audit.run(full=True).findings
    for statement, table, field in TAMPERINGS:
        assert any(each.where.startswith(f"{table} ") and each.field == field for each in findings), statement


def test_a_file_altered_and_removed(city: City) -> None:
    path = sorted(city.files.glob("??/*"))[0]
    with altered(path):
        assert ("altered", f"files/{path.parent.name}/{path.name}") in found()
    envelope = next(each for each in city.files.glob("??/*") if each.read_bytes().startswith(b"yiwang"))
    content = envelope.read_bytes()
    envelope.unlink()
    try:
        assert ("removed", f"files/{envelope.parent.name}/{envelope.name}") in found()
    finally:
        envelope.write_bytes(content)


def test_the_log_altered(city: City) -> None:
    for path in sorted(each for each in city.log.rglob("*") if each.is_file() and "tile" in each.parts):
        with altered(path):
            sequencer._log_at.cache_clear()
            assert any(where.startswith("log") for _, where in found()), path


def test_the_published_checkpoint_altered(city: City) -> None:
    with altered(city.log / "checkpoint"):
        sequencer._log_at.cache_clear()
        assert any(where.startswith("log") for _, where in found())
