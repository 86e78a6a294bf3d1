"""Our clock against the witnesses': no closing and no opening while two contradict it, and no bid is lost meanwhile."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from tests.door.test_witnessing import enter
from tests.witness.quorum import Quorum
from yiwang.demo.cast import Cast
from yiwang.demo.play import Play
from yiwang.demo.stage import Stage
from yiwang.kernel import moment
from yiwang.kernel.errors import Refused
from yiwang.modules.bids import selectors as bids
from yiwang.modules.evidence import collecting, dossier, sequencer, witness_clock, witnessing
from yiwang.modules.evidence import selectors as evidence
from yiwang.modules.evidence.models import Witness
from yiwang.modules.openings import acts as openings
from yiwang.modules.openings import refusals
from yiwang.modules.openings.jobs import close_due
from yiwang.verifier import verify

HOUR = timedelta(hours=1)


def heard(within: float = 5.0) -> None:
    """The worker's rounds until every witness has cosigned the newest checkpoint and told its time."""
    sequencer.sequence_all()
    end = time.monotonic() + within
    while time.monotonic() < end:
        quorum = witnessing.collect_once()
        newest = witnessing.newest()
        if quorum and newest and len(newest.cosigners) == 6:
            return
        time.sleep(0.02)
    raise AssertionError("not all witnesses cosigned")


def asked_again(within: float = 5.0) -> None:
    """The worker's rounds until every witness was compared once more."""
    before = dict(Witness.objects.values_list("name", "measured"))
    collecting._collector.cache_clear()  # a worker that starts asks everybody
    end = time.monotonic() + within
    while time.monotonic() < end:
        witnessing.collect_once()
        if all(row.measured and row.measured != before[row.name] for row in Witness.objects.all()):
            return
        time.sleep(0.02)
    raise AssertionError("not all witnesses were compared again")


@contextmanager
def wrong(stage: Stage, by: timedelta) -> Iterator[None]:
    """The clock of this machine, and of the trading that runs on it, is wrong; the witnesses' and the database's are right."""
    with moment.machine_clock(lambda: datetime.now(UTC) + by), moment.clock_at(lambda: stage() + by):
        yield


def codes(refused: pytest.ExceptionInfo[Refused]) -> list[str]:
    return [reason.code for reason in refused.value.reasons]


def test_without_witnesses_nobody_can_tell_and_it_passes(play: Callable[..., Play]) -> None:
    played = play("tendering")
    found = witness_clock.compare()
    assert found.clocks == () and not found.known and not found.disputed
    assert "没有见证人的时钟" in found.words().zh and witness_clock.notice() is None
    assert witness_clock.clock_agrees(played.tender, None, moment.now())  # type: ignore[arg-type]


def test_each_cosignature_tells_how_the_clocks_differ(quorum: Quorum, play: Callable[..., Play]) -> None:
    quorum.ahead = {2: -7.5}
    play("tendering")
    heard()
    clocks = {each.name: each for each in witness_clock.compare().clocks}
    for number, true in ((0, 0.0), (1, 0.0), (2, -7.5)):
        found = clocks[quorum.name(number)]
        assert found.fresh and found.least <= true <= found.most, found
        assert found.most - found.least < 2.5
    found = witness_clock.compare()
    assert [each.name for each in found.against] == [quorum.name(2)] and not found.disputed  # one alone may be wrong itself
    assert witness_clock.notice() is None


@pytest.mark.parametrize("by", [HOUR, -HOUR, timedelta(seconds=5)])
def test_with_a_wrong_clock_nothing_closes_and_no_bid_is_lost(
    by: timedelta, quorum: Quorum, play: Callable[..., Play], stage: Stage, caplog: pytest.LogCaptureFixture
) -> None:
    played = play("tendering")
    played.submit_bids()
    heard()
    deadline = played.tender.deadline
    stage.at = deadline - by + timedelta(seconds=1) if by > timedelta() else deadline + timedelta(minutes=1)
    with wrong(stage, by):
        passed = moment.now() >= deadline
        assert passed == (by > timedelta())
        asked_again()
        standing = witness_clock.compare()
        assert standing.disputed and len(standing.against) == 3
        assert "时钟与见证人不一致" in witness_clock.notice().zh and "disagrees" in caplog.text
        played.submit("最后一刻公司", 66_000_00)  # whatever our clock says of the deadline
        firm = played.cast.tenderer("最后一刻公司")
        assert refusals.late(firm.actor, played.tender, "bid.submit", moment.now()) is None
        heard()
        if passed:
            with pytest.raises(Refused) as refused:
                openings.close(tender=played.number)
            assert codes(refused) == ["clock.disputed"] and "见证人" in str(refused.value.reasons[0].passes)
        assert close_due(moment.now()) == 0 and played.tender.state == "tendering"
    stage.at = max(stage.at, deadline)
    asked_again()
    assert not witness_clock.compare().disputed and witness_clock.notice() is None
    assert close_due(moment.now()) == 1 and played.tender.state == "closed"
    closing = json.loads(bytes(evidence.acts_of(played.tender).get(act="opening.close").canonical))["public"]
    assert {each["witness"] for each in closing["clock"]} == {quorum.name(number) for number in range(3)}
    assert all(each["least_ms"] <= 0 <= each["most_ms"] for each in closing["clock"])
    assert [bid.standing for bid in bids.own(firm.actor, played.tender)] == ["submitted"]
    assert played.tender.opening.count == len(played.script.bids) + 1
    late = refusals.late(firm.actor, played.tender, "bid.submit", moment.now())
    assert late is not None and f"tender {played.number}" in late.text
    ahead = [bid.commitment for bid in bids.own(firm.actor, played.tender) if bid.submitted_at > stage()]
    assert closing.get("dated_after", []) == ahead and len(ahead) == (by > timedelta())


def test_a_bid_of_a_disputed_hour_is_verified_by_the_logs_order(
    quorum: Quorum, play: Callable[..., Play], stage: Stage, settings: Any, tmp_path: Path
) -> None:
    played = play("tendering")
    played.submit_bids()
    heard()
    stage.at = played.tender.deadline - timedelta(minutes=30)
    with wrong(stage, HOUR):
        played.submit("最后一刻公司", 66_000_00)
        heard()
    stage.at = played.tender.deadline
    asked_again()
    assert close_due(moment.now()) == 1
    settings.WITNESS_POLICY = None  # what comes after need not wait here
    played.until("opened")
    sequencer.sequence_all()
    file = tmp_path / "dossier.zip"
    dossier.build(played.number, out=file)
    report = verify(file)
    closing = next(line for line in report.lines if line.id == "closing")
    assert report.ok, report.plain()
    assert "1 of them are dated after it" in closing.details[0].en


def test_the_opening_waits_too(quorum: Quorum, play: Callable[..., Play], stage: Stage) -> None:
    played = play("tendering")
    played.submit_bids()
    heard()
    stage.to(played.tender.deadline)
    assert close_due(moment.now()) == 1
    heard()
    stage.wait(minutes=1)
    host = played.host.actor
    with wrong(stage, -HOUR), pytest.raises(Refused) as refused:
        openings.open_bids(actor=host, tender=played.number)
    assert "clock.disputed" in codes(refused)
    with pytest.raises(Refused) as refused:
        openings.open_bids(actor=host, tender=played.number)
    assert not any(code.startswith("clock") for code in codes(refused))


def test_an_old_comparison_counts_for_nothing_until_it_is_made_again(
    quorum: Quorum, play: Callable[..., Play], stage: Stage
) -> None:
    played = play("tendering")
    played.submit_bids()
    heard()
    stage.to(played.tender.deadline)
    for row in Witness.objects.all():
        row.measured -= timedelta(seconds=121)
        row.save()
    with pytest.raises(Refused) as refused:
        openings.close(tender=played.number)
    assert codes(refused) == ["clock.wait"] and "几秒后" in str(refused.value.reasons[0].passes)
    firm = played.cast.tenderer("迟到公司")
    assert refusals.late(firm.actor, played.tender, "bid.submit", moment.now()) is None  # not told that it is late either
    assert "过时" in witness_clock.compare().clocks[0].words().zh
    asked_again()
    assert close_due(moment.now()) == 1


def test_witnesses_that_do_not_answer_have_no_say(quorum: Quorum, cast: Cast) -> None:
    quorum.ahead = {0: 3600, 1: 3600}
    enter(cast)
    heard()
    assert witness_clock.compare().disputed
    quorum.stop(0, 1)
    Witness.objects.filter(name__in=[quorum.name(0), quorum.name(1)]).update(state="unreachable")
    for row in Witness.objects.all():
        row.measured -= timedelta(seconds=121)
        row.save()
    asked = witness_clock.compare()
    assert not asked.disputed and asked.waiting  # the third answers, so it is compared again
    Witness.objects.update(state="unreachable")
    asked = witness_clock.compare()
    assert not asked.disputed and not asked.waiting and not asked.known and witness_clock.deadline_is_certain()


def test_the_worker_asks_for_the_time_again_and_at_once_when_the_clock_jumps() -> None:
    watch, now = witness_clock.Watch(), time.monotonic()
    assert not watch.due(now) and not watch.due(now + 1 - 1)
    assert not watch.due(now)
    with moment.machine_clock(lambda: datetime.now(UTC) + timedelta(seconds=3)):
        assert watch.due(now)
        assert not watch.due(now)
    assert watch.due(now)
    assert watch.due(now + witness_clock.EVERY + 1)
