"""The log grows in a rhythm that public deadlines set and bids do not change."""

from __future__ import annotations

import random
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from tests.desks.conftest import FIRMS, cast, play, stage  # noqa: F401  (fixtures)
from yiwang.demo.play import Play
from yiwang.kernel.lawfile import LawFault, read
from yiwang.modules.bids import cover, sealed
from yiwang.modules.bids.cover import Rhythm, Stream
from yiwang.modules.evidence import audit, blind, commitments, selectors, sequencer
from yiwang.modules.evidence.models import BLIND, Act, LogEntry, Outbox
from yiwang.modules.tenders import acts as tenders

pytestmark = pytest.mark.django_db
FIRM = FIRMS[0][0]
HOUR, DAY, FAR = cover.rhythms()


@pytest.fixture
def life(play: Callable[..., Play]) -> Play:  # noqa: F811
    """A published tender; the firms are registered."""
    found = play("tendering")
    for firm, _ in FIRMS:
        found.cast.tenderer(firm)
    sequencer.sequence_all()
    return found


def before_deadline(life: Play, **span: float) -> None:
    """Go to a moment before the deadline."""
    life.stage.to(life.tender.deadline - timedelta(**span))


def size() -> int:
    """How long the log is."""
    return LogEntry.objects.count()


def test_the_next_deadline_alone_sets_the_rhythm(life: Play) -> None:
    deadline = life.tender.deadline
    assert cover.rhythm_at(deadline - timedelta(days=3)) == FAR
    assert cover.rhythm_at(deadline - timedelta(hours=20)) == DAY
    assert cover.rhythm_at(deadline - timedelta(minutes=60)) == HOUR
    assert cover.rhythm_at(deadline + timedelta(seconds=9)) == HOUR, "the last bids are not to stand alone"
    assert cover.rhythm_at(deadline + timedelta(seconds=10)) is None, "nothing takes bids any more"
    assert (HOUR.kind, DAY.kind, FAR.kind) == (cover.TICKS, cover.SCATTER, cover.SCATTER)
    assert HOUR.every <= 2, "nobody waits longer for a place in the log"


def test_ticks_bring_the_same_number_whatever_waits(life: Play) -> None:
    before_deadline(life, minutes=30)
    stream, grown = Stream(), []
    for tick, bids_now in enumerate((0, 1, 0, 3, 4, 0)):
        for _ in range(bids_now):
            life.submit(FIRM, 80_000_00)
        before = size()
        now, clock = life.stage.wait(seconds=HOUR.every), 1000.0 + tick * HOUR.every
        assert stream.round(now, clock) == HOUR.entries
        assert stream.round(now, clock + HOUR.every / 2) == 0, "between ticks nothing is placed"
        assert stream.pause(9.0, clock) == HOUR.every
        grown.append(size() - before)
    assert grown == [HOUR.entries] * 6
    assert not Outbox.objects.exists()
    assert len(blind.listed(f"bids/{life.number}")) == 8


def last_minute(life: Play, firms: list[str]) -> list[tuple[float, int, bool]]:
    """Round by round around the deadline: how many entries, and whether what is due may be done."""
    before_deadline(life, seconds=3)
    stream, found = Stream(), []
    for second in range(16):
        if second == 2:
            for firm in firms:
                life.submit(firm, 80_000_00)
        placed = stream.round(life.stage(), float(second))
        found.append((second, placed, stream.settled))
        life.stage.wait(seconds=1)
    return found


def test_bids_of_the_last_second_do_not_stand_alone_nor_move_the_closing(life: Play) -> None:
    stage_, deadline = life.stage, life.tender.deadline
    quiet = last_minute(life, [])
    stage_.at = deadline - timedelta(seconds=3)
    assert last_minute(life, [FIRM, FIRMS[1][0]]) == quiet
    assert [second for second, placed, _ in quiet if placed] == [0, 2, 4, 6, 8, 10, 12, 13]
    assert all(settled == (placed > 0) for second, placed, settled in quiet if second < 13)
    assert not Outbox.objects.exists()


def test_a_rush_takes_the_next_size_and_holds_nobody_up(life: Play) -> None:
    before_deadline(life, minutes=30)
    for _ in range(HOUR.entries + 1):
        life.submit(FIRM, 80_000_00)
    assert Stream().round(life.stage(), 0.0) == 2 * HOUR.entries
    assert all(act.log_entry for act in blind.listed(f"bids/{life.number}"))
    assert [Rhythm(None, cover.TICKS, 1, 4).size_for(n) for n in (0, 4, 5, 9, 17)] == [4, 4, 8, 16, 32]


def grow(life: Play, stop: float, arrivals: list[float]) -> list[tuple[float, int]]:
    """When the log grew and by how much, with bids that arrive at some moments; the same chance each time."""
    stream, now, grown = Stream(random.Random(7)), 0.0, []
    arrivals = [*arrivals, stop]
    while now < stop:
        before = size()
        stream.round(life.stage(), now)
        if size() > before:
            grown.append((now, size() - before))
        now = min(now + stream.pause(stop, now) + 1e-9, arrivals[0])
        if now == arrivals[0] < stop:
            life.submit(FIRM, 80_000_00)
            arrivals.pop(0)
    return grown


def test_scattered_covers_make_room_for_bids_which_come_at_once(life: Play) -> None:
    quiet = grow(life, 900.0, [])
    arrivals = [100.0, 101.0, 350.0]
    busy = grow(life, 900.0, arrivals)
    assert set(arrivals) <= {when for when, _ in busy}, "a bid has its place within a round"
    assert sum(n for _, n in busy) == sum(n for _, n in quiet) > 8, "and in the end there are as many as without it"
    assert {n for _, n in busy} == {n for _, n in quiet} == {1}


def test_an_open_act_goes_on_beside_the_rhythm(life: Play) -> None:
    before_deadline(life, minutes=30)
    tenders.ask(actor=life.cast.tenderer(FIRM).actor, tender=life.number, question="图纸第三页的标高以哪一处为准？")
    assert Stream().round(life.stage(), 0.0) == HOUR.entries + 1


def test_without_open_bidding_there_are_no_covers(stage: Any, cast: Any) -> None:  # noqa: F811
    before = Act.objects.count()
    placed = Stream().round(stage(), 0.0)
    assert (Act.objects.count(), placed) == (before, before)


def test_covers_are_disclosed_once_all_that_they_covered_is_open(play: Callable[..., Play]) -> None:  # noqa: F811
    first = play("tendering")
    for firm, price in FIRMS:
        first.submit(firm, price)
    Stream().round(first.stage(), 0.0)
    second = play("tendering", title="城北污水管网改造工程")
    second.submit(FIRM, 80_000_00)
    before_deadline(first, minutes=10)
    assert Stream().round(first.stage(), 0.0) >= HOUR.entries
    assert cover.disclose(first.stage()) == 0, "both tenders are waiting for their opening"
    first.close()
    first.open_bids()
    Stream().round(first.stage(), 0.0)
    assert cover.disclose(first.stage()) == 1, "the second tender was not published yet when the first cover was made"
    [shown] = covers()
    web, index = Client(), shown.log_entry.index
    assert web.get("/api/v1/log/covers").json() == [
        {"index": index, "entry": bytes(shown.entry).hex(), "salt": bytes(shown.salt).hex(), "canonical": bytes(shown.canonical).decode()}
    ]
    assert web.get("/api/v1/log/covers", {"start": index + 1}).json() == []
    assert "掩护条目" in web.get(f"/evidence/{index}/").content.decode()
    still = Act.objects.filter(act=BLIND, log_entry__isnull=False).first()
    assert still is not None and "掩护条目" not in web.get(f"/evidence/{still.log_entry.index}/").content.decode()
    tenders.terminate(actor=second.cast.buyer.actor, tender=second.number, reason="项目取消，另行通知。")
    Stream().round(second.stage(), 0.0)
    second.stage.wait(minutes=1)
    assert cover.disclose(second.stage()) == HOUR.entries - 1
    assert not Act.objects.filter(act=BLIND).exists(), "every entry of the log can be accounted for"
    for act in covers():
        assert commitments.commit(bytes(act.salt), bytes(act.canonical)) == bytes(act.entry)
    assert [bid.standing for bid in sealed.of_tender(second.tender)] == ["submitted"]
    assert audit.run(full=True).ok


def covers() -> list[Act]:
    """All disclosed covers."""
    return selectors.covers(0, 1000)


@pytest.mark.parametrize(
    "rows",
    [
        "[{rhythm: scatter, every: 60, entries: 1, within: 5}]",
        "[{rhythm: never, every: 60, entries: 1}]",
        "[{rhythm: ticks, every: 0, entries: 1}]",
        "[{rhythm: ticks, every: 1, entries: 0}]",
        "[{rhythm: ticks, every: 1, entries: 1}, {rhythm: ticks, every: 1, entries: 1}]",
        "[{rhythm: ticks, every: 1, entries: 1, often: yes}]",
    ],
)
def test_a_faulty_file_names_its_line(tmp_path: Any, monkeypatch: pytest.MonkeyPatch, rows: str) -> None:
    path = tmp_path / "cover.yaml"
    path.write_text(f"rhythms: {rows}\n")
    monkeypatch.setattr(cover, "law_path", lambda name: path)
    with pytest.raises(LawFault, match=r"cover\.yaml"):
        cover.rhythms()
    assert read(path).data
