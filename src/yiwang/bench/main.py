"""Bench ``main``: whole tenders, acts through the door beside raw commits, verifying a dossier, memory."""

from __future__ import annotations

import hashlib
import random
import secrets
import tempfile
import time
import zipfile
from collections.abc import Callable
from datetime import date
from pathlib import Path

from yiwang.bench.figure import Figure, Stopwatch, peak_memory
from yiwang.bench.raw import RawCommits
from yiwang.demo.cast import Cast, engage
from yiwang.demo.play import Play, Script
from yiwang.demo.stage import Stage, local
from yiwang.kernel import moment
from yiwang.modules.evidence import dossier
from yiwang.modules.evidence import selectors as evidence
from yiwang.modules.evidence.files import Stored
from yiwang.modules.tenders import acts as tenders
from yiwang.runtime.database import database_url
from yiwang.verifier import verify

SEED, TENDERS, BIDS = 20260413, 30, 8
ROUNDS, PER_ROUND = 20, 20
"""Acts and raw commits take turns: 20 of each, 20 times, so that both meet the same machine."""


def run() -> list[Figure]:
    """Play, measure, and give the figures."""
    begun = peak_memory()
    start = Stage(local(date(2025, 1, 6), 9))
    with moment.clock_at(start):
        cast = engage()
        for number in range(BIDS):
            cast.tenderer(_firm(number))
    _play(cast, random.Random(SEED), 0)  # caches and prepared tables
    doors = _doors(cast)
    watch, numbers = Stopwatch(), []
    chance = random.Random(SEED)
    for number in range(1, TENDERS + 1):
        watch.time(lambda n=number: numbers.append(_play(cast, chance, n)))  # type: ignore[misc]
    acts = evidence.acts_of(evidence_tender(numbers[0])).count() + BIDS
    return [*_tenders(watch, acts, doors[1]), *_door_figures(*doors), *_verifying(numbers[:10]), _memory(begun)]


def evidence_tender(number: str) -> object:
    """The tender of a number."""
    from yiwang.modules.evidence.actors import SYSTEM
    from yiwang.modules.tenders import selectors

    return selectors.tender(SYSTEM, number)


def _firm(number: int) -> str:
    return f"测速{number + 1}号建设工程有限公司"


def _play(cast: Cast, chance: random.Random, number: int) -> str:
    """One tender with eight bids from entry to archive; its number."""
    ceiling = chance.randrange(3_000_000, 90_000_000) * 100
    bids = [(_firm(n), ceiling * chance.randrange(7000, 10050) // 10000) for n in range(BIDS)]
    script = Script(f"测速项目{number}", ceiling=ceiling, minimum=ceiling * 72 // 100, bids=bids)
    return Play(cast, Stage(local(date(2025, 1, 7), 9)), script).until("archived").number


def _doors(cast: Cast) -> tuple[Stopwatch, float, float]:
    """Acts through the door and raw commits of the same rows, in turns: door's times, raw commits and acts per second."""
    stage = Stage(local(date(2025, 1, 7), 9))
    with moment.clock_at(stage):
        play = Play(cast, stage, Script("测速", ceiling=100_000_000))
        play.enter()
        _attach(cast, play.number)
        act = evidence.acts_of(play.tender).last()
        assert act is not None
        raw = RawCommits(database_url(), bytes(act.canonical))
        door, bare = Stopwatch(), Stopwatch()
        for _ in range(ROUNDS):
            door.time(lambda: _often(lambda: _attach(cast, play.number)))
            bare.time(lambda: _often(raw.one))
        raw.close()
    number = ROUNDS * PER_ROUND
    return door, number / bare.wall, number / door.wall


def _often(work: Callable[[], object]) -> None:
    for _ in range(PER_ROUND):
        work()


def _attach(cast: Cast, number: str) -> None:
    """An act of the usual kind: locks the tender, asks role, state and rule, adds a row and its evidence."""
    tenders.attach_document(
        actor=cast.agency.actor, tender=number, kind="attachment", title="附件", filename="附件.txt",
        content=Stored(secrets.token_hex(32), 1000, "text/plain"),
    )  # fmt: skip


def _tenders(watch: Stopwatch, acts: int, raw: float) -> list[Figure]:
    cpu = watch.cpu / TENDERS
    return [
        Figure("main.tenders_per_second", TENDERS / watch.wall, "1/s", f"raw commits of as many acts ({acts})", raw / acts),
        Figure("main.cpu_per_tender", cpu, "s", "wall seconds of raw commits of as many acts", acts / raw, "< 1 s", cpu < 1),
    ]


def _door_figures(door: Stopwatch, raw: float, acts: float) -> list[Figure]:
    cost = raw / acts
    return [
        Figure("main.acts_per_second", acts, "1/s", "raw commits of the same rows", raw),
        Figure("main.act_cost", cost, "raw commits", "one raw commit", 1, "<= 4", cost <= 4),
        Figure("main.cpu_per_act", door.cpu / (ROUNDS * PER_ROUND) * 1000, "ms", "wall time of one raw commit, ms", 1000 / raw),
    ]


def _verifying(numbers: list[str]) -> list[Figure]:
    """Verifying dossiers of eight bids, beside reading and hashing their files."""
    ours, bare = Stopwatch(), Stopwatch()
    built = 0.0
    with tempfile.TemporaryDirectory() as folder:
        for number in numbers:
            path = Path(folder) / f"{number}.zip"
            began = time.perf_counter()
            dossier.build(number, out=path)
            built += time.perf_counter() - began
            bare.time(lambda path=path: _hash_all(path))  # type: ignore[misc]
            ours.time(lambda path=path: _must_verify(path))  # type: ignore[misc]
    value, reference = ours.wall / len(numbers), bare.wall / len(numbers)
    return [
        Figure("main.verify", value, "s", "reading and hashing the dossier's files", reference, "< 0.5 s", value < 0.5),
        Figure("main.verify_cpu", ours.cpu / len(numbers), "s", "the same, CPU seconds", bare.cpu / len(numbers)),
        Figure("main.build_dossier", built / len(numbers), "s", "reading and hashing the dossier's files", reference),
    ]


def _hash_all(path: Path) -> None:
    with zipfile.ZipFile(path) as archive:
        for name in archive.namelist():
            hashlib.sha256(archive.read(name)).digest()


def _must_verify(path: Path) -> None:
    report = verify(path)
    if not report.ok:
        raise RuntimeError(f"{path.name}: " + "; ".join(str(text) for line in report.failed for text in line.details))


def _memory(begun: float) -> Figure:
    return Figure("main.peak_memory", peak_memory(), "MiB", "before the first tender", begun)
