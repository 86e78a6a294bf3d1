"""What passes the door leaves evidence, all or nothing; and nobody changes it afterwards."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection, connections, transaction
from django.db.utils import DatabaseError

from yiwang.demo.cast import Cast
from yiwang.demo.play import Play
from yiwang.demo.stage import Stage
from yiwang.kernel import moment
from yiwang.kernel.canonical import canonical
from yiwang.kernel.errors import Refused
from yiwang.kernel.text import Text
from yiwang.kernel.verdict import no
from yiwang.modules.evidence import commitments, door, selectors, sequencer
from yiwang.modules.evidence.door import AlreadyReceived
from yiwang.modules.evidence.models import Act, LogEntry, Notification, Outbox
from yiwang.modules.tenders import acts, services
from yiwang.modules.tenders.states import TENDER


def enter(cast: Cast, **more: Any) -> Any:
    """A tender just entered by the buyer."""
    return acts.enter(actor=cast.buyer.actor, title="道路照明工程", category="works", budget=9_000_000_00, **more)


def test_every_act_of_a_whole_life_can_be_recomputed(play: Callable[..., Play]) -> None:
    play("archived")
    sequencer.sequence_all()
    chains: dict[str, list[Act]] = {}
    for act in Act.objects.order_by("subject", "seq"):
        content = json.loads(bytes(act.canonical))
        assert canonical(content) == bytes(act.canonical)
        assert commitments.commit(bytes(act.salt), bytes(act.canonical)) == bytes(act.entry)
        assert (content["act"], content["subject"], content["seq"]) == (act.act, act.subject, act.seq)
        assert content["at"] == moment.stamp(act.at)
        assert content["private_digest"] == commitments.private_digest(act.private_salt, act.private)
        chains.setdefault(act.subject, []).append(act)
    for chain in chains.values():
        assert [act.seq for act in chain] == list(range(len(chain)))
        contents = [json.loads(bytes(act.canonical)) for act in chain]
        assert [content["prev"] for content in contents] == ["", *(bytes(act.entry).hex() for act in chain[:-1])]
    indexes = list(LogEntry.objects.order_by("index").values_list("index", flat=True))
    assert indexes == list(range(Act.objects.count()))
    assert not Outbox.objects.exists()
    assert len({bytes(act.salt) for act in Act.objects.all()}) == Act.objects.count()


def test_an_act_and_its_place_in_the_outbox_come_together_and_tell_whom_the_table_names(cast: Cast) -> None:
    before = Act.objects.count()
    tender = enter(cast)
    act = Act.objects.get(tender=tender)
    assert Act.objects.count() == before + 1
    assert Outbox.objects.filter(act=act).exists()
    told = Notification.objects.filter(act=act)
    assert [note.organisation_id for note in told] == [cast.center.actor.organisation.pk]


@pytest.mark.parametrize("kind", ["refused", "fault"])
def test_when_anything_fails_nothing_has_happened(kind: str, cast: Cast) -> None:
    tender = enter(cast)
    before = (Act.objects.count(), Outbox.objects.count(), Notification.objects.count())
    with pytest.raises(Refused if kind == "refused" else ZeroDivisionError):
        row = TENDER.rows["tender.terminate"]
        with door.enter(row, cast.buyer.actor, lambda: services.locked(tender.number)) as passage:
            passage.subject.title = "改过的名称"
            passage.subject.save()
            passage.record(public={"reason": "试"})
            if kind == "refused":
                passage.require(no("rule", Text("不", "no")))
            _ = 1 // 0
    assert (Act.objects.count(), Outbox.objects.count(), Notification.objects.count()) == before
    tender.refresh_from_db()
    assert (tender.title, tender.state) == ("道路照明工程", "draft")


def test_the_same_request_is_done_once(cast: Cast) -> None:
    enter(cast, request_key="k1")
    first = Act.objects.get(request_key="k1")
    with pytest.raises(AlreadyReceived) as repeated:
        enter(cast, request_key="k1")
    assert repeated.value.act == first
    assert Act.objects.filter(act="tender.enter").count() == 1


@pytest.mark.parametrize("table", ["evidence_act", "evidence_logentry", "evidence_checkpoint"])
def test_the_database_refuses_to_change_or_delete_evidence(table: str, cast: Cast) -> None:
    enter(cast)
    sequencer.sequence_all()
    column = {"evidence_act": "role = 'x'", "evidence_logentry": "index = index + 1000", "evidence_checkpoint": "note = 'x'"}[table]
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT count(*) FROM {table}")
        count = cursor.fetchone()[0]
        assert count
    for statement in (f"UPDATE {table} SET {column}", f"DELETE FROM {table}"):
        with pytest.raises(DatabaseError, match="append_only"), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement)
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT count(*) FROM {table}")
        assert cursor.fetchone()[0] == count


def race(runners: list[Callable[[], Any]], stage: Stage) -> list[Any]:
    """Run all at the same moment, each with a database connection of its own; results or errors in order."""
    found: list[Any] = [None] * len(runners)
    start = threading.Barrier(len(runners))

    def run(number: int) -> None:
        try:
            with moment.clock_at(stage):
                start.wait(10)
                found[number] = runners[number]()
        except Exception as error:
            found[number] = error
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run, args=(number,)) for number in range(len(runners))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    return found


def test_of_two_that_race_for_one_act_one_wins(cast: Cast, stage: Stage) -> None:
    number = enter(cast, counterpart=cast.agency.actor.organisation.uscc).number
    end = lambda: acts.terminate(actor=cast.buyer.actor, tender=number, reason="资金取消")  # noqa: E731
    found = race([end, end], stage)
    assert sorted(isinstance(each, Refused) for each in found) == [False, True]
    refused = next(each for each in found if isinstance(each, Refused))
    assert refused.reasons[0].code == "state"
    assert Act.objects.filter(act="tender.terminate").count() == 1


def test_of_two_equal_requests_at_once_one_is_done(cast: Cast, stage: Stage) -> None:
    once = lambda: enter(cast, request_key="same")  # noqa: E731
    found = race([once, once, once], stage)
    assert sum(isinstance(each, AlreadyReceived) for each in found) == 2, found
    assert Act.objects.filter(request_key="same").count() == 1


def test_numbers_are_given_without_gap_or_double_under_load(cast: Cast, stage: Stage) -> None:
    found = race([lambda: enter(cast)] * 4, stage)
    assert sorted(tender.number for tender in found) == [f"YW2026-{number:04d}" for number in range(1, 5)]


def test_a_chain_has_its_acts_in_order_whoever_races(cast: Cast, stage: Stage) -> None:
    number = enter(cast, counterpart=cast.agency.actor.organisation.uscc).number

    def attach(text: str) -> Callable[[], Any]:
        from yiwang.modules.evidence import files

        stored = files.store([text.encode()])
        facts = {"tender": number, "kind": "attachment", "title": text, "filename": f"{text}.txt", "content": stored}
        return lambda: acts.attach_document(actor=cast.agency.actor, **facts)

    found = race([attach(f"附件{n}") for n in range(4)], stage)
    assert not [each for each in found if isinstance(each, Exception)]
    tender = found[0].tender
    assert [act.seq for act in selectors.acts_of(tender)] == [0, 1, 2, 3, 4]
