"""A drill from schedule to report: who did it in time, how quickly, who missed it; reminders; the monthly rule."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any

import pytest

from yiwang.kernel import moment
from yiwang.kernel.errors import BadInput, Refused
from yiwang.modules.evidence import selectors as evidence
from yiwang.modules.evidence.models import Act
from yiwang.modules.openings import acts as openings
from yiwang.modules.openings import audit, drill_acts, selectors
from yiwang.modules.openings.drill_jobs import report_drills
from yiwang.seal import keys, recovery


def scheduled(cast: Any, people: int = 5) -> Any:
    """A drill in two hours."""
    names = [each.person.username for each in cast.custodians[:people]]
    return drill_acts.schedule(actor=cast.center.actor, custodians=names, opens=moment.now() + timedelta(hours=2), note="月度演练")


def give(drill: Any, who: Any) -> keys.CustodianKey:
    key = keys.new_custodian_key()
    asked = drill_acts.possession_challenge(actor=who.actor, drill=drill.number, recipient=key.recipient)
    answer = keys.answer(key.identity, keys.challenge_in(asked)).hex()
    drill_acts.provide_key(actor=who.actor, drill=drill.number, recipient=key.recipient, challenge=asked, answer=answer)
    return key


def test_a_drill_from_schedule_to_report(cast: Any, stage: Any) -> None:
    drill = scheduled(cast)
    first, second, third, fourth, fifth = cast.custodians
    assert [each.drill.number for each in selectors.drill_waits(first.actor, stage())] == [1]
    assert evidence.notifications(first.actor).filter(act__act="drill.schedule").count() == 1
    made = {each.person.username: give(drill, each) for each in (first, second, third, fourth)}
    assert selectors.drill_waits(first.actor, stage()) == []
    with pytest.raises(Refused) as early:
        drill_acts.release_key(actor=first.actor, drill=1, identity=made[first.person.username].identity)
    assert early.value.reasons[0].code == "drill.too_early"
    stage.wait(hours=2)
    assert [each.drill.number for each in selectors.drill_waits(first.actor, stage())] == [1]
    with pytest.raises(Refused) as late:
        give(drill, fifth)
    assert late.value.reasons[0].code == "drill.too_late"
    stage.wait(minutes=3)
    drill_acts.release_key(actor=first.actor, drill=1, identity=made[first.person.username].identity)
    with pytest.raises(BadInput) as wrong:
        drill_acts.release_key(actor=second.actor, drill=1, identity=made[first.person.username].identity)
    assert wrong.value.reasons[0].code == "custody.wrong_key"
    stage.wait(minutes=9)
    for each in (second, third):
        typed = " ".join(recovery.groups(made[each.person.username].identity)).lower()
        drill_acts.release_key(actor=each.actor, drill=1, identity=typed)
    assert report_drills(stage()) == 0
    stage.wait(minutes=49)
    assert report_drills(stage()) == 1 and report_drills(stage()) == 0
    report = selectors.drill(cast.center.actor, 1).report
    assert [(row["gave_key"], row["minutes"], row["in_time"]) for row in report["custodians"]] == [
        (True, 3, True), (True, 12, True), (True, 12, True), (True, None, False), (False, None, False)]  # fmt: skip
    assert (report["named"], report["in_time"], report["enough"]) == (5, 3, True)
    with pytest.raises(Refused):
        drill_acts.release_key(actor=fourth.actor, drill=1, identity=made[fourth.person.username].identity)
    chain = Act.objects.filter(subject="drill/1").order_by("seq")
    assert [each.act for each in chain] == ["drill.schedule", *["drill.provide_key"] * 4, *["drill.release_key"] * 3, "drill.report"]
    assert {each.tender_id for each in chain} == {None}
    assert json.loads(bytes(chain.last().canonical))["public"] == report
    assert list(audit.everywhere()) == []
    assert evidence.notifications(cast.center.actor).filter(act__act="drill.report").exists()


def test_a_drill_ends_early_when_all_have_released(cast: Any, stage: Any) -> None:
    drill = scheduled(cast, 3)
    made = [give(drill, each) for each in cast.custodians[:3]]
    stage.wait(hours=2)
    for each, key in zip(cast.custodians, made, strict=False):
        drill_acts.release_key(actor=each.actor, drill=1, identity=key.identity)
    assert report_drills(stage()) == 1
    assert scheduled(cast).number == 2


def test_a_changed_row_is_found(cast: Any, stage: Any) -> None:
    from yiwang.modules.openings.models import DrillKey

    give(scheduled(cast), cast.custodians[0])
    DrillKey.objects.filter(position=0).update(released_at=stage())
    assert [found.kind for found in audit.everywhere()] == ["altered"]


def test_only_the_center_schedules_and_only_the_named_take_part(cast: Any, stage: Any) -> None:
    names = [each.person.username for each in cast.custodians]
    at = moment.now() + timedelta(hours=2)
    with pytest.raises(Refused):
        drill_acts.schedule(actor=cast.buyer.actor, custodians=names, opens=at)
    for given in ({"custodians": names, "opens": moment.now() + timedelta(minutes=5)}, {"custodians": names[:2], "opens": at},
                  {"custodians": ["jia", *names], "opens": at}, {"custodians": names, "opens": at, "note": "长" * 201}):  # fmt: skip
        with pytest.raises(BadInput):
            drill_acts.schedule(actor=cast.center.actor, **given)
    drill = scheduled(cast, 4)
    with pytest.raises(Refused) as caught:
        give(drill, cast.custodians[4])
    assert caught.value.reasons[0].code == "role"
    assert not selectors.drills(cast.custodians[4].actor) and selectors.drills(cast.supervisor.actor)


def test_a_drill_key_is_never_a_tenders_key(cast: Any, stage: Any, play: Any) -> None:
    from yiwang.demo.play import possession

    key = give(scheduled(cast), cast.custodians[0])
    life = play()
    life.enter()
    openings.appoint_custodians(actor=life.host.actor, tender=life.number, custodians=[each.person.username for each in cast.custodians])
    with pytest.raises(BadInput) as caught:
        openings.provide_key(actor=cast.custodians[0].actor, tender=life.number, **possession(cast.custodians[0].actor, life.number, key))
    assert caught.value.reasons[0].code == "custody.used"


def test_a_drill_is_due_a_month_after_the_last(cast: Any, stage: Any, play: Any) -> None:
    assert selectors.drill_overdue(stage()) is None  # nobody keeps a key yet
    play("tendering")
    stage.wait(days=32)
    assert selectors.drill_overdue(stage()) > timedelta(days=31)
    scheduled(cast)
    assert selectors.drill_overdue(stage()) is None
    stage.wait(days=1)
    report_drills(stage())
    stage.wait(days=30)
    assert selectors.drill_overdue(stage()) is None
    stage.wait(days=2)
    assert selectors.drill_overdue(stage()) > timedelta(days=31)
