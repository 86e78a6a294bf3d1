"""What a database superuser does with every trigger off, the audit names. What he makes agree with the log's own keys,
only others can show: what the audit remembers, witnesses, receipts and dossiers."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from django.db import connection

from yiwang.kernel.canonical import canonical
from yiwang.modules.evidence import audit, dossier, sequencer
from yiwang.modules.evidence.audit import AuditReport
from yiwang.modules.evidence.commitments import commit
from yiwang.modules.evidence.finding import ADDED, ALTERED, BACKDATED, REMOVED
from yiwang.modules.evidence.models import Act, LogEntry, Outbox
from yiwang.modules.evidence.receipts import receipt_file
from yiwang.tlog import TileLog
from yiwang.tlog import policy as policies
from yiwang.witness.folder import create, policy_lines
from yiwang.witness.logs import read_logs
from yiwang.witness.request import format_request
from yiwang.witness.service import Witness, open_witness

from .conftest import City, Superuser
from .forging import copied, restore_backup, rewrite

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("disk")]


def named(report: AuditReport, kind: str) -> list[str]:
    """Where the findings of a kind are."""
    return [each.where for each in report.findings if each.kind == kind]


def act_of(name: str) -> Act:
    """The newest act of a name."""
    return Act.objects.filter(act=name).select_related("log_entry", "person").order_by("-pk")[0]


def test_a_score_changed_with_its_history(city: City, superuser: Superuser) -> None:
    """Row, act and entry are made to agree; the log still holds another entry, and the next act another predecessor."""
    act = act_of("evaluation.submit_sheet")
    said = json.loads(bytes(act.canonical))
    sheet = said["public"]["sheet"]
    bid = sorted(sheet["scores"])[0]
    sheet["scores"][bid] = dict.fromkeys(sheet["scores"][bid], "0")
    content = canonical(said)
    superuser("UPDATE evidence_act SET canonical = %s, entry = %s WHERE id = %s", content, commit(bytes(act.salt), content), act.pk)
    superuser(
        "UPDATE evaluations_sheet SET content = %s WHERE seat_id = (SELECT id FROM experts_seat WHERE number = %s)",
        json.dumps(sheet), said["public"]["seat"],
    )  # fmt: skip
    report = audit.run()
    where = f"evidence.Act {act.subject}#{act.seq} evaluation.submit_sheet"
    assert where in named(report, ALTERED)
    [other] = [each for each in report.findings if each.where == where and "is another" in each.text.en]
    assert f"entry {act.log_entry.index} of the log" in other.text.en
    assert any(where.startswith(f"evaluations.Sheet {city.number} {said['public']['seat']}") for where in named(report, ALTERED))
    assert f"evidence.Act {act.subject}#{act.seq + 1} " in " ".join(named(report, ALTERED))


def test_only_the_row_changed(city: City, superuser: Superuser) -> None:
    """The finding says which column, what it says now, what the act says, and which act that is."""
    superuser("UPDATE awards_award SET price = price - 100")
    [found] = audit.run().findings
    assert (found.kind, found.where, found.field) == (ALTERED, f"awards.Award {city.number}", "price")
    assert int(found.told) - int(found.now) == 100
    assert found.act == f"tender/{city.number}#{act_of('award.notify').seq} award.notify"


def test_a_bid_deleted_with_its_act_and_its_place(city: City, superuser: Superuser) -> None:
    act = act_of("bid.submit")
    index, commitment = act.log_entry.index, json.loads(bytes(act.canonical))["public"]["commitment"]
    superuser("DELETE FROM bids_bid WHERE commitment = %s", commitment)
    superuser("DELETE FROM evidence_logentry WHERE index = %s", index)
    superuser("DELETE FROM evidence_act WHERE id = %s", act.pk)
    gone = named(audit.run(), REMOVED)
    assert f"evidence.Act (log {index})" in gone


def test_a_bid_that_the_closing_lists_must_have_been_submitted(city: City, superuser: Superuser) -> None:
    opened = json.loads(bytes(act_of("opening.open").canonical))["public"]["record"]["bids"][0]
    act = Act.objects.get(act__in=("bid.submit", "bid.commit"), subject=opened["bid"])
    superuser("DELETE FROM evidence_act WHERE id = %s", act.pk)
    wanted = f"bids.Bid of tender/{city.number}, commitment {opened['commitment'][:16]}"
    assert wanted in named(audit.run(), REMOVED)


def _slipped_in(superuser: Superuser) -> str:
    """A bid with its act, said to be of before the deadline, and its own entry through the sequencer; the chain's name."""
    act = act_of("bid.submit")
    fresh, said = uuid4(), json.loads(bytes(act.canonical))
    said["subject"], said["public"]["envelope_sha256"] = f"bid/{fresh.hex}", "ab" * 32
    said["public"]["commitment"] = "cd" * 32
    content, salt = canonical(said), bytes(range(32))
    with connection.cursor() as cursor:
        cursor.execute("SELECT max(id) + 1 FROM evidence_act")
        key = cursor.fetchone()[0]
    copied(superuser, "evidence_act", f"id = {act.pk}", id=key, subject=said["subject"], request_key=None, listed=None,
           owned=None, salt=f"\\x{salt.hex()}", canonical=f"\\x{content.hex()}", entry=f"\\x{commit(salt, content).hex()}")  # fmt: skip
    copied(superuser, "bids_bid", "standing = 'opened'", id=str(fresh), act_id=key, envelope_sha256="ab" * 32,
           commitment="cd" * 32, standing="submitted", round=9)  # fmt: skip
    superuser("INSERT INTO evidence_outbox (act_id) VALUES (%s)", key)
    return str(said["subject"])


def test_a_bid_slipped_in_afterwards_as_of_before_the_deadline(city: City, superuser: Superuser) -> None:
    """The act is right in itself and has its entry in the log, signed: its place there is what betrays it."""
    chain = _slipped_in(superuser)
    assert sequencer.sequence_all() == 1
    report = audit.run(real_time=True)
    late = [each for each in report.findings if each.kind == BACKDATED and each.where == f"evidence.Act {chain}#0 bid.submit"]
    assert {each.field for each in late} == {"index", "at"}
    closing = act_of("opening.close")
    assert any(each.act == f"tender/{city.number}#{closing.seq} opening.close" for each in late)


def test_an_act_older_than_the_one_before_it(city: City, superuser: Superuser) -> None:
    """Row, content and entry agree; the chain runs back in time."""
    act = act_of("award.notify")
    said = json.loads(bytes(act.canonical))
    said["at"] = "2026-03-01T00:00:00Z"
    content = canonical(said)
    superuser("UPDATE evidence_act SET at = %s, canonical = %s, entry = %s WHERE id = %s", said["at"], content,
              commit(bytes(act.salt), content), act.pk)  # fmt: skip
    assert f"evidence.Act {act.subject}#{act.seq} award.notify" in named(audit.run(), BACKDATED)


def test_a_blind_row_altered(city: City, superuser: Superuser) -> None:
    """A bid's act before the opening: nobody can read it, nobody can change it unseen."""
    from yiwang.kernel.moment import now
    from yiwang.modules.evidence import blind

    row = blind.cover(now())
    row.save()
    Outbox.objects.create(act=row)
    where = f"evidence.Act {row.subject}#0 blind"
    assert audit.run().ok
    superuser("UPDATE evidence_act SET role = 'x' WHERE id = %s", row.pk)
    assert named(audit.run(), ALTERED) == [where]
    superuser("UPDATE evidence_act SET role = '', canonical = set_byte(canonical, 40, 1) WHERE id = %s", row.pk)
    assert named(audit.run(), ALTERED) == [where]


def test_a_bid_slipped_in_without_an_entry(city: City, superuser: Superuser) -> None:
    chain = _slipped_in(superuser)
    Outbox.objects.all().delete()
    assert f"evidence.Act {chain}#0 bid.submit" in named(audit.run(), ADDED)


def test_a_document_swapped(city: City, superuser: Superuser) -> None:
    """File, name and row: whoever changes all of them leaves the act, which names the file that was."""
    import hashlib

    said = json.loads(bytes(act_of("tender.attach_document").canonical))["public"]["document"]
    old, fresh = said["sha256"], b"other conditions"
    new = hashlib.sha256(fresh).hexdigest()
    (city.files / new[:2]).mkdir(exist_ok=True)
    (city.files / new[:2] / new).write_bytes(fresh)
    (city.files / old[:2] / old).unlink()
    superuser("UPDATE tenders_document SET sha256 = %s, size = %s WHERE sha256 = %s", new, len(fresh), old)
    report = audit.run()
    assert f"files/{old[:2]}/{old}" in named(report, REMOVED)
    assert f"tenders.Document {city.number} {old}" in named(report, REMOVED)
    assert f"tenders.Document {city.number} {new}" in named(report, ADDED)


def test_a_documents_content_changed_under_its_name(city: City) -> None:
    sha256 = json.loads(bytes(act_of("tender.attach_document").canonical))["public"]["document"]["sha256"]
    assert audit.run().ok
    (city.files / sha256[:2] / sha256).write_bytes(b"other conditions")
    assert named(audit.run(), ALTERED) == [f"files/{sha256[:2]}/{sha256}"]


class Outsider:
    """A witness of another office, in this process: its own key, its own durable state."""

    def __init__(self, folder: Path) -> None:
        log = sequencer.the_log()
        self.keys = create(folder, "witness.example")
        self.witness: Witness = open_witness(folder, read_logs("".join(f"log {vkey}\n" for vkey in log.keys.vkeys()).encode()))
        self.size = 0

    def ask(self, old: int | None = None) -> int:
        """Submit the published checkpoint; the answer's status."""
        log = sequencer.the_log()
        old = self.size if old is None else old
        proof = log.tiles.consistency_proof(old) if 0 < old < log.tiles.size else []
        note = log.tiles.checkpoint()
        assert note is not None
        answer = self.witness.add_checkpoint(format_request(old, proof, note))
        if answer.status == 200:
            self.size = log.tiles.size
        return answer.status


def _rewritten(city: City, superuser: Superuser) -> None:
    """The answer to an objection becomes another one, in the row, the act, the log, and under the log's signature."""
    rewrite(city, superuser, "objection.answer", lambda public: public.update(answer="异议成立"))
    superuser("UPDATE remedies_objection SET answer = '异议成立'")


def test_the_log_itself_rewritten_and_signed_again(city: City, superuser: Superuser, tmp_path: Path) -> None:
    """Everything inside agrees, so a first audit finds nothing. Everybody who saw the log before finds it at once."""
    outsider = Outsider(tmp_path / "witness")
    assert outsider.ask() == 200
    supplier = act_of("contract.register")
    held = tmp_path / "held.tlog-proof"
    held.write_bytes(receipt_file(_actor(supplier), supplier))
    checkpoint = tmp_path / "seen.checkpoint"
    checkpoint.write_bytes(sequencer.the_log().tiles.checkpoint() or b"")
    assert audit.run(against=[held, checkpoint]).ok
    size = sequencer.the_log().tiles.size
    _rewritten(city, superuser)

    report = audit.run()  # it remembers the log that it saw
    assert named(report, ALTERED) == ["log"]
    assert report.findings[0].field == f"root at {size}"
    assert report.findings[0].since

    city.forget()
    assert audit.run().ok  # from inside alone there is nothing to be seen
    for path in (held, checkpoint):
        assert named(audit.run(against=[path]), ALTERED) == ["log"]
    assert outsider.ask() == 422  # the same size with another root: never cosigned


def test_a_rewritten_past_does_not_get_past_verify(city: City, superuser: Superuser, tmp_path: Path) -> None:
    """A dossier made after the forgery has no cosignature of the witness whom the verifier trusts."""
    from yiwang.verifier import verify

    outsider = Outsider(tmp_path / "witness")
    assert outsider.ask() == 200
    log = sequencer.the_log()
    lines = [f"log {vkey}" for vkey in log.keys.vkeys()]
    policy = policies.parse("\n".join([*lines, policy_lines(outsider.keys, "outsider"), "quorum outsider", ""]).encode())
    _rewritten(city, superuser)
    dossier.build(city.number, out=tmp_path / "dossier.zip")
    assert verify(tmp_path / "dossier.zip").ok  # by its own word
    assert not verify(tmp_path / "dossier.zip", policy).ok


def test_an_older_backup_restored(city: City, superuser: Superuser, tmp_path: Path) -> None:
    """Complete in itself; but the audit, and a witness, remember a longer log."""
    outsider = Outsider(tmp_path / "witness")
    assert outsider.ask() == 200
    assert audit.run().ok
    size = LogEntry.objects.count()
    archived = act_of("tender.archive").log_entry.index
    restore_backup(city, superuser, archived)
    [found] = audit.run().findings
    assert (found.kind, found.where, found.now, found.told) == (REMOVED, "log", str(archived), str(size))
    assert outsider.ask(archived) == 409
    city.forget()
    assert audit.run().ok


def test_what_the_log_holds_of_an_old_receipt(city: City, superuser: Superuser, tmp_path: Path) -> None:
    """An honest log begins with whatever was seen of it: a copy of the tiles checks that without our program."""
    size, root = sequencer.the_log().tiles.size, sequencer.the_log().tiles.root()
    _rewritten(city, superuser)
    assert TileLog(city.log).root(size) != root


def _actor(act: Act) -> Any:
    from yiwang.modules.parties.services import actor_of

    assert act.person is not None
    return actor_of(act.person)
