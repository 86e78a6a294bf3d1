"""Acts through the web: a running center with three witnesses, questions asked at a steady rate, until each is witnessed.

Everything runs for real on this machine and on the same cores: web and worker processes, three witnesses, the asking
program. The delay of an act is from the moment at which its request was due (not when a late program sent it) to that
at which a checkpoint over it had its quorum; from then on its receipt can be had.
"""

from __future__ import annotations

import http.client
import json
import random
import secrets
import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any
from urllib.parse import quote

from django.conf import settings
from django.db import connection
from django.test import Client

from yiwang.bench.asking import Line, cpu_below, cpu_of_groups, head_of, own_cpu
from yiwang.bench.figure import Figure
from yiwang.bench.raw import RawCommits
from yiwang.demo.cast import Cast, engage
from yiwang.demo.play import Play, Script
from yiwang.demo.stage import Stage
from yiwang.kernel import moment
from yiwang.modules.evidence import selectors as evidence
from yiwang.modules.evidence import sequencer, witnessing
from yiwang.runtime import processes, witnesses
from yiwang.runtime.database import database_url
from yiwang.runtime.witness_policy import POLICY
from yiwang.tlog import policy as policies

SEED, RATE, SECONDS, WARM = 20260413, 200, 15.0, 3.0
EASY, EASY_SECONDS = 60.0, 10.0
"""Acts a second, and for how long, while it is counted which process uses how much CPU for them."""
SHARE = 0.7
"""When less than :data:`RATE` is sustained, delays are measured at this share of what is."""

TENDERS, ASKERS = 40, 64
"""Tenders that are asked about (acts on one tender wait for each other), and connections that ask."""

P95 = 1.5
"""Seconds within which 95 of 100 acts are to be witnessed."""

_HOST = "127.0.0.1"
_PATIENCE, _STARTING = 30.0, 120.0


@dataclass(slots=True)
class Asked:
    """One request: when it was due, when its answer was there, which act it did (0: refused)."""

    due: float
    answered: float
    act: int


def run() -> list[Figure]:
    """Play the tenders up to the time of questions, start the center, ask, look when each act was witnessed."""
    cast = engage()
    numbers = [_tendering(cast, n) for n in range(TENDERS)]
    sequencer.sequence_all()
    asker = cast.tenderer("测速一号建设工程有限公司")
    raw = _raw_commit(numbers[0])
    with center() as (port, policy, spent):
        until_it_answers(port)
        cookies = [_cookies(asker) for _ in range(ASKERS)]
        _ask(port, cookies, numbers, WARM, RATE / 10)
        before = spent()
        easy = _ask(port, cookies, numbers, EASY_SECONDS, EASY)
        costs = _costs(before, spent(), sum(bool(each.act) for each in easy))
        asked = _ask(port, cookies, numbers, SECONDS, RATE)
        rate = _sustained(asked)
        pace = float(RATE)
        if rate < RATE * 0.99:
            pace = rate * SHARE
            asked = _ask(port, cookies, numbers, SECONDS, pace)
        delays = sorted(_delays([each for each in asked if each.act], policy))
    return [*_figures(asked, delays, raw, rate=rate, pace=pace), *costs]


def _costs(before: dict[str, float], after: dict[str, float], acts: int) -> list[Figure]:
    """What an act costs each of the processes; the whole of it says how many acts two cores can do."""
    each = {name: (after[name] - before[name]) / acts * 1000 for name in before}
    whole = sum(each.values())
    given = 2 * 1000 / RATE
    named = {"all": whole, **each}
    return [
        Figure(f"web.cpu_per_act_{name}", value, "ms", f"of two cores at {RATE} acts a second, ms; counted at {EASY:g}", given,
               f"<= {given:g} ms" if name == "all" else "", value <= given if name == "all" else None)
        for name, value in named.items()
    ]  # fmt: skip


def _sustained(asked: list[Asked]) -> float:
    """Acts done a second, from when the first was due to when the last was answered."""
    lasted = max(each.answered for each in asked) - min(each.due for each in asked)
    return sum(bool(each.act) for each in asked) / lasted


def _figures(asked: list[Asked], delays: list[float], raw: float, *, rate: float, pace: float) -> list[Figure]:
    p95 = _percentile(delays, 95)
    answers = sorted(each.answered - each.due for each in asked)
    one = f"one raw commit of the same rows, s; at {pace:.0f} acts a second"
    return [
        Figure("web.acts_per_second", rate, "1/s", "raw commits of the same rows, one after the other", 1 / raw,
               f">= {RATE} 1/s", rate >= RATE * 0.99),
        Figure("web.witnessed_p95", p95, "s", one, raw, f"<= {P95:g} s at {RATE} 1/s", p95 <= P95 and pace == RATE),
        Figure("web.witnessed_p50", _percentile(delays, 50), "s", one, raw),
        Figure("web.answered_p95", _percentile(answers, 95), "s", one, raw),
    ]  # fmt: skip


def _percentile(ordered: list[float], percent: int) -> float:
    return ordered[min(len(ordered) - 1, len(ordered) * percent // 100)]


def _tendering(cast: Cast, number: int) -> str:
    """A tender whose notice is out and that takes questions now."""
    start = Stage(moment.now() - timedelta(days=3))
    return Play(cast, start, Script(f"测速项目{number}", ceiling=100_000_000)).until("tendering").number


def _raw_commit(number: str) -> float:
    """Wall seconds of one raw commit of an act's rows."""
    from yiwang.modules.evidence.actors import SYSTEM
    from yiwang.modules.tenders import selectors as tenders

    act = evidence.acts_of(tenders.tender(SYSTEM, number)).last()
    assert act is not None
    raw, count = RawCommits(database_url(), bytes(act.canonical)), 300
    began = time.perf_counter()
    for _ in range(count):
        raw.one()
    spent = (time.perf_counter() - began) / count
    raw.close()
    return spent


Spent = Callable[[], dict[str, float]]
"""CPU seconds so far by kind of process."""


@contextmanager
def center() -> Iterator[tuple[int, policies.Policy, Spent]]:
    """Web, worker and three witnesses on free ports: the web's port, the witnesses' policy, and who used the CPU."""
    port = _free_port()
    path, beside = witnesses.for_demonstration(Path(settings.DATA), sequencer.the_log().keys.vkeys(), port + 1)
    children = [*beside, processes.web(_HOST, port), processes.worker()]
    for child in children:
        child.environment[POLICY] = str(path)
    group = processes.Group(children, lambda _: None)
    settings.WITNESS_POLICY = path
    try:
        for child in children:
            child.start()
        yield port, policies.parse(path.read_bytes()), lambda: _spent(beside, *children[-2:])
    finally:
        group.stop()


def _spent(beside: list[processes.Child], web: processes.Child, worker: processes.Child) -> dict[str, float]:
    kinds = {"web": [web], "worker": [worker], "witnesses": beside}
    found = {name: cpu_of_groups(one.process.pid for one in each if one.process) for name, each in kinds.items()}
    with connection.cursor() as cursor:
        cursor.execute("SELECT split_part(pg_read_file('postmaster.pid'), E'\\n', 1)::int")
        found["postgresql"] = cpu_below(cursor.fetchone()[0])
    return {**found, "asking": own_cpu()}


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind((_HOST, 0))
        return int(probe.getsockname()[1])


def until_it_answers(port: int) -> None:
    """Wait for the web processes; RuntimeError when they do not come."""
    end = time.monotonic() + _STARTING
    while True:
        try:
            link = http.client.HTTPConnection(_HOST, port, timeout=_PATIENCE)
            link.request("GET", "/log/checkpoint")
            if link.getresponse().status == http.client.OK:
                return
        except OSError:
            pass
        if time.monotonic() > end:
            raise RuntimeError("the center did not start")
        time.sleep(0.1)


def _cookies(player: object) -> dict[str, str]:
    """Headers of a session of its own, with its token against forged requests."""
    client = Client()
    client.force_login(player.person)  # type: ignore[attr-defined]
    token = secrets.token_hex(16)
    session = client.cookies[settings.SESSION_COOKIE_NAME].value
    return {
        "Cookie": f"{settings.SESSION_COOKIE_NAME}={session}; {settings.CSRF_COOKIE_NAME}={token}",
        "X-CSRFToken": token,
        "Content-Type": "application/json",
    }


def _ask(port: int, cookies: list[dict[str, str]], numbers: list[str], seconds: float, pace: float) -> list[Asked]:
    """Ask ``pace`` questions a second for so long, each at its own time or as soon after it as a connection is free."""
    asked: list[Asked] = []
    begin = time.time() + 0.2
    total = int(pace * seconds)

    def work(which: int) -> None:
        chance, link = random.Random(SEED + which), Line(port)
        heads = {number: head_of(f"/api/v1/tenders/{quote(number)}/acts/clarification.ask", port, cookies[which]) for number in numbers}
        for turn in range(which, total, len(cookies)):
            due = begin + turn / pace
            time.sleep(max(0.0, due - time.time()))
            asked.append(_one(link, heads[chance.choice(numbers)], due, turn))
        link.close()

    threads = [threading.Thread(target=work, args=(which,)) for which in range(len(cookies))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return asked


def _one(link: Line, head: bytes, due: float, turn: int) -> Asked:
    status, said = link.ask(head, json.dumps({"question": f"测速问题 {turn}"}).encode())
    done = status in (http.client.OK, http.client.CREATED)
    return Asked(due, time.time(), json.loads(said)["act"] if done else 0)


def _delays(asked: list[Asked], policy: policies.Policy) -> list[float]:
    """Seconds from each request's time to the quorum of the first checkpoint over its act."""
    places = _places({each.act for each in asked})
    times = _quorum_times(policy)
    sizes = sorted(times)
    found = []
    for each in asked:
        size = next(size for size in sizes if size > places[each.act])
        found.append(times[size] - each.due)
    return found


def _places(acts: set[int]) -> dict[int, int]:
    """The log index of each act, once the last of them is under a checkpoint that has its quorum."""
    end = time.monotonic() + _PATIENCE
    while True:
        known = dict(rows("SELECT act_id, index FROM evidence_logentry WHERE act_id = ANY(%s)", [list(acts)]))
        if len(known) == len(acts) and witnessing.at_least(max(known.values())) is not None:
            return known
        if time.monotonic() > end:
            raise RuntimeError(f"{len(acts) - len(known)} acts had no witnessed place in the log after {_PATIENCE:g} s")
        time.sleep(0.2)


def _quorum_times(policy: policies.Policy) -> dict[int, float]:
    """When each checkpoint had enough cosignatures, by this machine's clock."""
    found: dict[int, float] = {}
    have: dict[int, set[str]] = {}
    for size, witness, kept in rows("SELECT checkpoint_id, witness, kept FROM evidence_cosignature ORDER BY kept", []):
        have.setdefault(size, set()).add(witness)
        if size not in found and policy.satisfied_by(frozenset(have[size])):
            found[size] = kept.timestamp()
    return found


def rows(sql: str, values: list[Any]) -> list[tuple[Any, ...]]:
    """What a query finds."""
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        return list(cursor.fetchall())
