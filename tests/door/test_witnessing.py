"""The center and its witnesses: what waits for them, what goes on, what is kept, what they are believed."""

from __future__ import annotations

import shutil
import socket
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from django.db import connection

from tests.witness.quorum import Quorum
from yiwang.demo.cast import Cast
from yiwang.demo.play import Play
from yiwang.demo.stage import Stage
from yiwang.kernel import moment
from yiwang.kernel.errors import Refused
from yiwang.modules.evidence import collecting, registry, sequencer, waiting, witnessing
from yiwang.modules.evidence import selectors as evidence
from yiwang.modules.evidence.models import Checkpoint, Cosignature, LogEntry
from yiwang.modules.openings import acts as openings
from yiwang.modules.openings.jobs import close_due
from yiwang.modules.tenders import acts as tenders
from yiwang.site.rounds import Worker
from yiwang.tlog import policy as policies
from yiwang.tlog import proof as proofs
from yiwang.tlog.checkpoint import Checkpoint as Head
from yiwang.tlog.checkpoint import sign_checkpoint, unverified
from yiwang.witness.memory import Report


def collected(within: float = 5.0) -> bool:
    """The worker's rounds until all that answer have been heard."""
    end = time.monotonic() + within
    while not (found := witnessing.collect_once()) and time.monotonic() < end:
        time.sleep(0.02)
    return found


def enter(cast: Cast, title: str = "道路照明工程") -> Any:
    entered = tenders.enter(actor=cast.buyer.actor, title=title, category="works", budget=9_000_000_00,
                            counterpart=cast.agency.actor.organisation.uscc)  # fmt: skip
    sequencer.sequence_all()
    return entered


def state_of(three: Quorum, number: int) -> witnessing.WitnessState:
    return next(each for each in witnessing.states() if each.name == three.name(number))


def test_the_acts_that_wait_are_those_that_the_tables_call_witnessed() -> None:
    assert {row.act for row in registry.rows() if row.witnessed} == set(waiting.WAITS)


def test_without_a_policy_nobody_waits_and_the_newest_checkpoint_is_the_one_that_counts(cast: Cast) -> None:
    enter(cast)
    newest = Checkpoint.objects.latest("size")
    assert witnessing.policy() is None and witnessing.policy_text() == "quorum none\n"
    assert not witnessing.waits("opening.close") and witnessing.notice() is None and witnessing.states() == []
    assert witnessing.collect_once()
    seen = witnessing.latest()
    assert (seen.size, seen.note, seen.cosigners, seen.quorum) == (newest.size, newest.note, (), True)


def test_what_the_witnesses_sign_is_kept_published_and_satisfies_the_policy(quorum: Quorum, cast: Cast) -> None:
    enter(cast)
    assert witnessing.latest() is None
    assert collected()
    seen = witnessing.latest()
    published = sequencer.the_log().tiles.checkpoint()
    assert seen.quorum and published.decode() == seen.note == witnessing.newest().note
    trusted = "".join(f"log {vkey}\n" for vkey in sequencer.the_log().keys.vkeys()) + witnessing.policy_text()
    signed = policies.parse(trusted.encode()).open(published)
    assert (signed.checkpoint.size, signed.checkpoint.root) == (seen.size, seen.root)
    time.sleep(0.1)
    witnessing.collect_once()  # the third, that the quorum did not wait for
    assert Cosignature.objects.filter(checkpoint=seen.size).count() == 6
    assert len(witnessing.latest().cosigners) == 6
    assert sequencer.the_log().tiles.checkpoint().decode() == witnessing.latest().note


def test_a_checkpoint_is_sent_once_and_not_again(quorum: Quorum, cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    enter(cast)
    assert collected()
    time.sleep(0.1)
    assert witnessing.collect_once()
    monkeypatch.setattr(collecting, "collect", lambda *_, **__: pytest.fail("asked again"))
    for _ in range(3):
        assert witnessing.collect_once()


def test_one_away_and_all_goes_on_two_away_and_what_decides_waits(
    quorum: Quorum, cast: Cast, play: Callable[..., Play]
) -> None:
    played = play("tendering")
    played.submit_bids()
    sequencer.sequence_all()
    quorum.stop(0)
    assert collected()
    assert witnessing.notice() is None and state_of(quorum, 1).state == "cosigned"

    quorum.stop(1)
    late = enter(cast, "另一个项目")  # other acts go on
    assert not witnessing.collect_once()
    assert late.number and "联系不上" in witnessing.notice().zh
    assert {state_of(quorum, number).state for number in (0, 1)} == {"unreachable"}
    played.submit("最后一刻公司", 66_000_00)
    sequencer.sequence_all()
    with pytest.raises(Refused) as refused:
        played.close()
    assert refused.value.reasons[0].code == "witness.wait"
    assert refused.value.reasons[0].passes
    assert close_due(moment.now()) == 0 and played.tender.state == "tendering"

    quorum.start(1)
    assert collected()
    assert witnessing.notice() is None
    assert close_due(moment.now()) == 1 and played.tender.state == "closed"


def test_witnesses_that_hang_cost_a_round_its_time_and_no_more(quorum: Quorum, cast: Cast) -> None:
    enter(cast)
    quorum.stop(0)
    with silent(quorum.ports[0]):
        began = time.monotonic()
        assert witnessing.collect_once(timeout=1.0) and time.monotonic() - began < 0.9  # the others are enough
        quorum.stop(1)
        with silent(quorum.ports[1]):
            enter(cast, "第二个")
            began = time.monotonic()
            assert not witnessing.collect_once(timeout=0.3) and time.monotonic() - began < 0.8
            time.sleep(0.1)
            witnessing.collect_once(timeout=0.3)
            assert state_of(quorum, 1).state == "unreachable" and witnessing.notice()
    quorum.start(0)
    assert collected() and witnessing.notice() is None


def test_while_the_witnesses_are_away_the_worker_goes_on_and_asks_them_ever_more_rarely(
    quorum: Quorum, cast: Cast, caplog: pytest.LogCaptureFixture
) -> None:
    worker = Worker()
    quorum.stop()
    later = 0.0
    for number in range(3):
        tenders.enter(actor=cast.buyer.actor, title=f"第{number}个", category="works", budget=9_000_000_00,
                      counterpart=cast.agency.actor.organisation.uscc)  # fmt: skip
        began = time.monotonic()
        assert worker.round() >= 1
        if not later:  # asked in the first round only: then not before a second is over, here an hour
            assert worker._failed == 1 and began + 0.5 < worker._ask_again <= time.monotonic() + 1.0
            later = worker._ask_again = time.monotonic() + 3600
    assert Checkpoint.objects.latest("size").size == LogEntry.objects.count()
    assert (worker._failed, worker._ask_again) == (1, later)
    worker._ask_again, began = 0.0, time.monotonic()
    worker.round()
    assert worker._failed == 2 and began + 1.5 < worker._ask_again <= time.monotonic() + 2.0
    quorum.start(0), quorum.start(1)
    worker._ask_again = 0.0
    worker.round()
    assert worker._failed == 0 and witnessing.latest().size == Checkpoint.objects.latest("size").size
    assert "the witness is back" in caplog.text


def test_a_round_that_was_overtaken_by_a_later_one_is_no_accusation(quorum: Quorum, cast: Cast) -> None:
    enter(cast)
    assert collected()
    seen, policy = witnessing.newest(), witnessing.policy()
    enter(cast, "第二个")
    assert collected()
    late = {name: Report(name, party.url, "ahead", witnessing.newest().size) for name, party in policy.witnesses.items()}
    collecting._note(policy, seen, late)
    assert witnessing.alarms() == [] and witnessing.notice() is None


def test_every_waiting_act_waits_for_the_acts_before_it(quorum: Quorum, play: Callable[..., Play], stage: Stage) -> None:
    played = play("tendering")
    played.submit_bids()
    sequencer.sequence_all()
    assert collected()
    played.close()
    with pytest.raises(Refused) as refused:
        played.release_keys(played.cast.custodians[:1])
    assert [reason.code for reason in refused.value.reasons] == ["witness.wait"]
    sequencer.sequence_all()
    with pytest.raises(Refused):  # in the log is not enough
        played.release_keys(played.cast.custodians[:1])
    assert collected()
    played.release_keys(played.cast.custodians[:1])


def test_closing_waits_for_bids_of_other_tenders_too_so_that_its_moment_tells_nothing(
    quorum: Quorum, play: Callable[..., Play], stage: Stage
) -> None:
    empty = play("draft")
    empty.prepare()
    empty.publish()
    other = play("draft", title="另一项目")
    other.prepare()
    other.publish()
    sequencer.sequence_all()
    assert collected()
    other.submit("别处投标公司", 70_000_00)
    stage.to(empty.tender.deadline)
    with pytest.raises(Refused, match="见证人签名"):
        openings.close(tender=empty.number)
    sequencer.sequence_all()
    assert collected()
    assert openings.close(tender=empty.number) is None  # too few bids: failed, not waiting


def test_the_receipt_holds_the_smallest_witnessed_checkpoint(quorum: Quorum, cast: Cast) -> None:
    from yiwang.modules.evidence.receipts import receipt_file

    quorum.stop(1, 2)
    act = evidence.acts_of(enter(cast)).get()
    assert not witnessing.collect_once()
    early = proofs.parse(receipt_file(cast.buyer.actor, act))
    assert unverified(early.checkpoint).size == witnessing.newest().size
    assert evidence.receipt(act).missing
    quorum.start(1)
    enter(cast, "第二个")
    assert collected()
    first = witnessing.latest().size
    enter(cast, "第三个")
    assert collected()
    assert witnessing.latest().size > first
    held = proofs.parse(receipt_file(cast.buyer.actor, act))
    assert unverified(held.checkpoint).size == first == witnessing.at_least(early.index).size
    assert evidence.receipt(act).missing is None
    trusted = "".join(f"log {vkey}\n" for vkey in sequencer.the_log().keys.vkeys()) + witnessing.policy_text()
    proofs.verify(held, bytes(act.entry), policies.parse(trusted.encode()))


def test_after_a_restart_it_goes_on_from_the_database(quorum: Quorum, cast: Cast) -> None:
    enter(cast)
    assert collected()
    before = witnessing.latest()
    log = sequencer.the_log()
    log.tiles.publish(Checkpoint.objects.get(size=before.size).note.encode())  # died before it published
    restart()
    assert witnessing.collect_once()
    assert sequencer.the_log().tiles.checkpoint().decode() == witnessing.newest().note
    assert witnessing.newest().quorum
    enter(cast, "第二个")
    restart()  # nothing is remembered of the witnesses' sizes
    assert collected() and witnessing.latest().size > before.size


def test_a_log_that_was_rewritten_and_signed_again_is_refused_and_everybody_is_told(
    quorum: Quorum, cast: Cast, caplog: pytest.LogCaptureFixture
) -> None:
    enter(cast)
    assert collected()
    rewrite_and_sign_again()
    restart()
    assert not witnessing.collect_once()
    assert witnessing.latest() is None and "警报" in witnessing.notice().zh
    assert {each.state for each in witnessing.states()} >= {"forked"}
    assert "witness alarm" in caplog.text
    alarms = witnessing.alarms()
    assert alarms and alarms[0].size == Checkpoint.objects.latest("size").size


def test_cosignatures_of_another_tree_in_the_database_count_for_nothing(quorum: Quorum, cast: Cast) -> None:
    enter(cast)
    assert collected()
    kept = list(Cosignature.objects.values())
    rewrite_and_sign_again()
    for row in kept:
        Cosignature.objects.create(**row)
    assert witnessing.latest() is None and witnessing.newest().cosigners == ()


def test_a_restored_backup_is_shown_by_the_witnesses(quorum: Quorum, cast: Cast) -> None:
    enter(cast)
    assert collected()
    enter(cast, "此后发生的")
    assert collected()
    time.sleep(0.1)
    witnessing.collect_once()
    with connection.cursor() as cursor:  # yesterday's state of database and log
        cursor.execute("SET session_replication_role = replica")
        size = Checkpoint.objects.order_by("size").first().size
        for table, column, bound in (("cosignature", "checkpoint_id", size), ("checkpoint", "size", size)):
            cursor.execute(f"DELETE FROM evidence_{table} WHERE {column} > %s", [bound])
        cursor.execute("DELETE FROM evidence_witness")
        cursor.execute("SET session_replication_role = origin")
    rebuild(size)
    restart()
    witnessing.collect_once()  # the restored checkpoint has its cosignatures: it is the witnesses who have seen more
    time.sleep(0.1)
    witnessing.collect_once()
    assert {each.state for each in witnessing.states()} == {"ahead"} and "警报" in witnessing.notice().zh
    assert {each.lag for each in witnessing.states()} == {-1}
    sign(size + 1, b"another history")
    assert not witnessing.collect_once()
    assert {each.state for each in witnessing.states()} >= {"forked"} and witnessing.notice()


@pytest.mark.parametrize("content", ["quorum nobody\n", None])
def test_a_policy_that_cannot_be_read_lets_nothing_pass_that_must_wait(
    content: str | None, quorum: Quorum, cast: Cast, play: Callable[..., Play]
) -> None:
    played = play("tendering")
    played.submit_bids()
    sequencer.sequence_all()
    assert collected()
    quorum.policy.unlink() if content is None else quorum.policy.write_text(content)
    assert witnessing.latest() is None and witnessing.notice() and witnessing.waits("opening.close")
    assert not witnessing.collect_once()
    with pytest.raises(Refused):
        played.close()


@contextmanager
def silent(port: int) -> Iterator[None]:
    """Somebody who accepts connections and never says a word."""
    with socket.create_server(("127.0.0.1", port), backlog=64):
        yield


def rewrite_and_sign_again() -> None:
    """What an operator with the database, the files and the log's key can do: another entry at the same place."""
    size = Checkpoint.objects.latest("size").size
    with connection.cursor() as cursor:
        cursor.execute("SET session_replication_role = replica")
        cursor.execute("TRUNCATE evidence_cosignature, evidence_checkpoint")
        cursor.execute("SET session_replication_role = origin")
    rebuild(size - 1)
    sign(size, b"forged")


def rebuild(size: int) -> None:
    """The log's files anew, with its first entries only."""
    log = sequencer.the_log()
    entries = list(log.tiles.entries(0, size))
    shutil.rmtree(log.tiles.directory)
    sequencer.forget()
    if entries:
        sequencer.the_log().tiles.append(entries)


def sign(size: int, entry: bytes) -> None:
    """Add an entry and sign, as the sequencer does."""
    log = sequencer.the_log()
    log.tiles.append([entry], at=size - 1)
    note = sign_checkpoint(Head(log.origin, size, log.tiles.root()), log.keys)
    Checkpoint.objects.create(size=size, root=log.tiles.root(), note=note.decode(), at=moment.now())
    log.tiles.publish(note)


def restart() -> None:
    """Forget all that a process remembers."""
    sequencer.forget()
    collecting._collector.cache_clear()
