"""The burst at the deadline: two thousand tenderers finish in the last minute, over forty tenders.

A running center (two web processes, worker with cover stream, three witnesses), and the tenderers, all on this machine's
cores. Every tenderer comes at her own moment of the last minute, commits to the envelope that she has sealed, uploads it
and hands it in; who meets a fault tries again. The worker closes each tender by itself. Then the acknowledgements that
the tenderers hold are compared with the closing entries, the log and what each tenderer's own page lists.
"""

from __future__ import annotations

import http.client
import json
import queue
import random
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import partial
from typing import Any

from yiwang.bench.figure import Figure
from yiwang.bench.raw import RawCommits
from yiwang.bench.tenderers import HOST, PATIENCE, NotTaken, Tenderer, commit, deliver, publish, tenderers, tenders
from yiwang.bench.web import center, rows, until_it_answers
from yiwang.demo.cast import Cast, engage
from yiwang.demo.play import Play
from yiwang.modules.bids import selectors as bid_reads
from yiwang.modules.evidence import selectors as evidence
from yiwang.runtime.database import database_url

TENDERERS, TENDERS, SECONDS = 2000, 40, 60.0
SEED, LINES, GRACE = 20270131, 64, 30
"""Seed of the moments; connections for each of the two steps; minutes of grace for the bytes."""

PUBLISHING = 0.5
"""Seconds that the notice of one tender may take."""

_CLOSES = 120.0
_Turn = tuple[float, Tenderer]
"""When a tenderer comes, POSIX seconds, and who. In a queue None says that nobody comes any more."""


@dataclass
class Burst:
    """What the tenderers met: delays in seconds from the moment each came, and what went wrong; POSIX seconds of its begin,
    of the last acknowledged commitment, of its end.
    """

    commits: list[float] = field(default_factory=list)
    delivers: list[float] = field(default_factory=list)
    refused: list[NotTaken] = field(default_factory=list)
    faults: list[str] = field(default_factory=list)
    began: float = 0.0
    committed: float = 0.0
    ended: float = 0.0


def run(count: int = TENDERERS, lots: int = TENDERS, seconds: float = SECONDS) -> list[Figure]:
    """Prepare, let the burst come, wait for the closing entries, compare."""
    cast = engage()
    plays = tenders(cast, lots, grace=GRACE)
    everybody = tenderers(cast, plays, count)
    raw = _raw_commit(plays[0])
    with center() as (port, *_):
        until_it_answers(port)
        deadline = datetime.fromtimestamp(round(time.time() + lots * PUBLISHING + seconds), UTC)
        publish(plays, deadline)
        time.sleep(max(0.0, deadline.timestamp() - seconds - time.time()))
        burst = come(port, everybody, deadline.timestamp() - time.time())
        closed = _closing_entries(plays)
    _compare(cast, plays, everybody, closed)
    return _figures(burst, everybody, raw, seconds)


def come(port: int, everybody: list[Tenderer], seconds: float) -> Burst:
    """Everybody comes at a moment of her own within the next seconds; bytes go over other lines than commitments."""
    chance, found = random.Random(SEED), Burst(began=time.time())
    due = sorted((found.began + chance.uniform(0, seconds - 1), number) for number in range(len(everybody)))
    waiting, committed = queue.SimpleQueue[_Turn | None](), queue.SimpleQueue[_Turn | None]()
    for at, number in due:
        waiting.put((at, everybody[number]))

    def commits(turn: _Turn, link: http.client.HTTPConnection) -> None:
        time.sleep(max(0.0, turn[0] - time.time()))
        if _through(partial(commit, link, turn[1]), found):
            found.commits.append(time.time() - turn[0])
            found.committed = time.time()
            committed.put(turn)

    def delivers(turn: _Turn, link: http.client.HTTPConnection) -> None:
        if _through(partial(deliver, link, turn[1]), found):
            found.delivers.append(time.time() - turn[0])

    first = _lines(port, LINES, waiting, commits)
    second = _lines(port, LINES, committed, delivers)
    for threads, turns in ((first, waiting), (second, committed)):
        for _ in threads:
            turns.put(None)
        for thread in threads:
            thread.join()
    found.ended = time.time()
    return found


def _lines(
    port: int, count: int, turns: queue.SimpleQueue[_Turn | None], work: Callable[[_Turn, http.client.HTTPConnection], None]
) -> list[threading.Thread]:
    """So many connections, each of which takes one turn after the other."""

    def line() -> None:
        link = http.client.HTTPConnection(HOST, port, timeout=PATIENCE)
        while (turn := turns.get()) is not None:
            work(turn, link)
        link.close()

    threads = [threading.Thread(target=line) for _ in range(count)]
    for thread in threads:
        thread.start()
    return threads


def _through(step: Callable[[], None], found: Burst) -> bool:
    """Whether a step was acknowledged; after a fault it is tried again, after a refusal not."""
    for _ in range(3):
        try:
            step()
        except NotTaken as error:
            if error.status < 500:
                found.refused.append(error)
                return False
            found.faults.append(str(error))
        except (OSError, http.client.HTTPException) as error:
            found.faults.append(repr(error))
        else:
            return True
    return False


def _closing_entries(plays: list[Play]) -> dict[str, Any]:
    """The closing act of each tender, once the worker has written all of them and they have their place in the log."""
    numbers, end = [play.number for play in plays], time.monotonic() + _CLOSES
    while True:
        found = dict(rows(
            "SELECT t.number, a.id FROM evidence_act a JOIN tenders_tender t ON t.id = a.tender_id JOIN evidence_logentry e"
            " ON e.act_id = a.id WHERE a.act IN ('opening.close', 'tender.fail') AND t.number = ANY(%s)", [numbers]))  # fmt: skip
        if len(found) == len(numbers):
            return found
        if time.monotonic() > end:
            raise RuntimeError(f"{len(numbers) - len(found)} tenders were not closed within {_CLOSES:g} s")
        time.sleep(0.5)


def _compare(cast: Cast, plays: list[Play], everybody: list[Tenderer], closed: dict[str, Any]) -> None:
    """Every acknowledged bid is under its closing root and before the closing entry; none is there that its tenderer does
    not see.
    """
    acts = [who.committed["act"] for who in everybody if who.committed] + list(closed.values())
    actors = {player.actor.organisation.uscc: player.actor for player in cast.tenderers.values()}
    places = dict(rows("SELECT act_id, index FROM evidence_logentry WHERE act_id = ANY(%s)", [acts]))
    for play in plays:
        own = [who for who in everybody if who.tender == play.number]
        under = set(_public(closed[play.number])["commitments"])
        acknowledged = {who.commitment for who in own if who.committed}
        if lost := acknowledged - under:
            raise RuntimeError(f"{play.number}: {len(lost)} acknowledged bids are not under the closing root")
        late = [who for who in own if who.committed and places[who.committed["act"]] >= places[closed[play.number]]]
        if late:
            raise RuntimeError(f"{play.number}: {len(late)} acknowledged bids stand behind the closing entry")
        seen = {bid.commitment for who in own for bid in bid_reads.own(actors[who.uscc], play.tender)}
        if unseen := under - seen:
            raise RuntimeError(f"{play.number}: {len(unseen)} bids count that no tenderer sees")


def _public(act: int) -> dict[str, Any]:
    """The public part of an act."""
    [(content,)] = rows("SELECT canonical FROM evidence_act WHERE id = %s", [act])
    found: dict[str, Any] = json.loads(bytes(content))["public"]
    return found


def _raw_commit(play: Play) -> float:
    """Wall seconds of one raw commit of an act's rows."""
    act = evidence.acts_of(play.tender).last()
    assert act is not None
    raw, count = RawCommits(database_url(), bytes(act.canonical)), 300
    began = time.perf_counter()
    for _ in range(count):
        raw.one()
    spent = (time.perf_counter() - began) / count
    raw.close()
    return spent


def _figures(burst: Burst, everybody: list[Tenderer], raw: float, seconds: float) -> list[Figure]:
    committed, delivered = sorted(burst.commits), sorted(burst.delivers)
    done, count = sum(bool(who.delivered) for who in everybody), len(everybody)
    one, many = "one raw commit of an act's rows, s", "raw commits of an act's rows, one after the other"
    rate = len(committed) / (burst.committed - burst.began) if committed else 0.0
    return [
        Figure("burst.acknowledged", len(committed), "commitments", "tenderers", count, "all, present and in time", len(committed) == count),
        Figure("burst.delivered", done, "bids", "tenderers", count, "all", done == count),
        Figure("burst.commits_per_second", rate, "1/s", many, 1 / raw),
        Figure("burst.finished_after", burst.ended - burst.began, "s", "the last minute, s", seconds),
        *(
            Figure(f"burst.{name}_p{percent}", _percentile(delays, percent), "s", one, raw)
            for name, delays in (("commit", committed), ("delivered", delivered)) if delays
            for percent in (50, 99)
        ),
        Figure("burst.faults", len(burst.faults), "tried again", "tenderers", count),
        Figure("burst.refused", len(burst.refused), "refused", "tenderers", count),
    ]  # fmt: skip


def _percentile(ordered: list[float], percent: int) -> float:
    return ordered[min(len(ordered) - 1, len(ordered) * percent // 100)]
