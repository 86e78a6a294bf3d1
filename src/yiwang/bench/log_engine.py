"""The log engine by itself (tlog, no database): durable indexes, batches, cost by size, storage, proofs, verification.

pymerkle (GPL, SQLite) is measured beside it where it is installed; it is no dependency of ours and nothing imports it
but this bench. Method: docs/benchmarks.md.
"""

from __future__ import annotations

import os
import random
import secrets
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from importlib import import_module
from importlib.util import find_spec
from itertools import pairwise
from pathlib import Path
from typing import Any

from yiwang.bench import raw
from yiwang.bench.figure import Figure, Stopwatch
from yiwang.tlog.checkpoint import Checkpoint, sign_checkpoint
from yiwang.tlog.group import GroupCommit
from yiwang.tlog.keys import LogKeys
from yiwang.tlog.merkle import leaf_hash, verify_inclusion
from yiwang.tlog.tiles import TileLog

LEAF, BATCH, WRITERS = 64, 1000, 32
"""Bytes of an entry (a salted commitment); entries of a batch; threads that wait each for its own index."""

SEED, PROOFS = 20260413, 5_000
SIZES = (1_000, 10_000, 100_000, 1_000_000, 10_000_000)
FLAT, STORAGE, AUDIT, BATCHED, DURABLE = 1.5, 100, 20.0, 20_000, 2_000
"""What to reach for: cost at the largest size in terms of the smallest; bytes a leaf; seconds for a million entries;
leaves a second in batches; durable indexes a second."""


def run() -> list[Figure]:
    """All figures, in a folder beside the log of this installation (the same disk), removed afterwards."""
    from django.conf import settings

    home = Path(settings.LOG_FOLDER).parent
    home.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=home) as folder:
        return figures(Path(folder))


def figures(folder: Path, sizes: tuple[int, ...] = SIZES, seconds: float = 3.0) -> list[Figure]:
    """All figures.

    Args:
        folder: on the disk that is measured.
        sizes: at which the cost of a leaf is measured, ascending, whole batches; the log grows to the last of them.
        seconds: how long each of the writers' figures is measured.
    """
    log = TileLog(folder / "grown")
    return [
        *durable(folder, seconds),
        *grow(log, folder, sizes),
        storage(log),
        proofs(log),
        proof_checks(log),
        verification(log),
        *pymerkle_peer(folder, seconds),
    ]


# Writers who wait


def durable(folder: Path, seconds: float) -> Iterator[Figure]:
    """32 writers and one, each waiting for the durable index of its entry; then with a signed checkpoint per group."""
    yield _writers(folder, "durable_indexes_per_second", WRITERS, seconds)
    yield _writers(folder, "receipts_per_second", WRITERS, seconds, signed=True)
    yield _writers(folder, "single_indexes_per_second", 1, seconds)


def _writers(folder: Path, name: str, writers: int, seconds: float, *, signed: bool = False) -> Figure:
    log = TileLog(folder / name)
    settle = _publisher(log, LogKeys.create("bench.example/log")) if signed else lambda: None
    rate = _rate(seconds, [GroupCommit(log, settle=settle).append] * writers)
    commits = _rate(seconds / 3, [_commit(folder) for _ in range(writers)])
    what = f"{writers} threads, each with a synced write of its own" if writers > 1 else "one synced write each"
    goal = (f">= {DURABLE} 1/s", rate >= DURABLE) if writers > 1 else ("", None)
    return Figure(f"log_engine.{name}", rate, "1/s", what, commits, *goal)


def _publisher(log: TileLog, keys: LogKeys) -> Callable[[], None]:
    """Sign the log's state with both keys and publish it."""
    return lambda: log.publish(sign_checkpoint(Checkpoint(keys.name, log.size, log.root()), keys))


def _commit(folder: Path) -> Callable[[bytes], None]:
    write = raw.synced_write(folder, secrets.token_bytes(LEAF))
    return lambda _entry: write()


def _rate(seconds: float, acts: list[Callable[[bytes], object]]) -> float:
    """Calls a second over all threads: one thread for each act, which calls it over and over with a new entry."""
    counts, stop = [0] * len(acts), threading.Event()

    def work(number: int) -> None:
        while not stop.is_set():
            acts[number](secrets.token_bytes(LEAF))
            counts[number] += 1

    threads = [threading.Thread(target=work, args=(number,)) for number in range(len(acts))]
    begun = time.perf_counter()
    for thread in threads:
        thread.start()
    stop.wait(seconds)
    stop.set()
    for thread in threads:
        thread.join()
    return sum(counts) / (time.perf_counter() - begun)


# Batches, and the cost of a leaf by the size of the log


def grow(log: TileLog, folder: Path, sizes: tuple[int, ...]) -> Iterator[Figure]:
    """Batches of a thousand up to the last size, beside hashing and one synced write; CPU time of a leaf at each size.

    The cost at a size is that of the last tenth of the growth to it, so that few slow batches do not decide.
    """
    ours, hashing, disk = Stopwatch(), Stopwatch(), Stopwatch()
    leaves = [secrets.token_bytes(LEAF) for _ in range(BATCH)]
    write = raw.synced_write(folder, b"".join(leaves))
    costs, rounds = {}, 0
    for old, size in pairwise((0, *sizes)):
        tenth = max(BATCH, (size - old) // 10)
        _fill(log, size - tenth, ours)
        before = ours.cpu
        _fill(log, size, ours)
        costs[size] = (ours.cpu - before) / tenth
        for _ in range(10):
            hashing.time(lambda: raw.tree_hash(leaves))
            disk.time(write)
            rounds += BATCH
    rate, floor = log.size / ours.wall, rounds / (hashing.wall + disk.wall)
    yield Figure("log_engine.leaves_per_second", rate, "1/s", "SHA-256 of the tree and one synced write per batch", floor,
                 f">= {BATCHED} 1/s", rate >= BATCHED)  # fmt: skip
    yield Figure("log_engine.leaves_per_cpu_second", log.size / ours.cpu, "1/s", "SHA-256 of the tree alone", rounds / hashing.cpu)
    yield from _curve(costs)


def _fill(log: TileLog, size: int, watch: Stopwatch) -> None:
    while log.size < size:
        batch = [secrets.token_bytes(LEAF) for _ in range(min(BATCH, size - log.size))]
        watch.time(lambda b=batch: log.append(b))  # type: ignore[misc]


def _curve(costs: dict[int, float]) -> Iterator[Figure]:
    first = next(iter(costs.values()))
    for size, cost in costs.items():
        goal = (f"<= {FLAT} times that at the smallest size", cost <= FLAT * first)
        yield Figure(f"log_engine.cpu_per_leaf_at_{size}", cost * 1e6, "us", "at the smallest size", first * 1e6, *goal)


# What is stored, proved, verified


def storage(log: TileLog) -> Figure:
    """Bytes on the disk (whole blocks) a leaf, beyond the leaf itself."""
    blocks = sum(os.lstat(path).st_blocks for path in log.directory.rglob("*"))
    beyond = blocks * 512 / log.size - LEAF
    return Figure("log_engine.storage_per_leaf", beyond, "B", "its leaf hash", 32, f"< {STORAGE} B", beyond < STORAGE)


def proofs(log: TileLog) -> Figure:
    """Inclusion proofs of random entries out of the tiles, beside looking up siblings in memory."""
    chance = random.Random(SEED)
    reader = TileLog(log.directory)
    wanted = [chance.randrange(log.size) for _ in range(PROOFS)]
    levels = raw.tree_levels([secrets.token_bytes(LEAF) for _ in range(1 << 14)])
    ours, memory = Stopwatch(), Stopwatch()
    ours.time(lambda: [reader.inclusion_proof(index) for index in wanted])
    memory.time(lambda: [raw.memory_proof(levels, index % (1 << 14)) for index in wanted])
    return Figure("log_engine.proofs_per_second", PROOFS / ours.wall, "1/s", "siblings looked up in memory", PROOFS / memory.wall)


def proof_checks(log: TileLog) -> Figure:
    """Inclusion proofs verified, beside as many SHA-256 of two hashes as they have steps."""
    chance = random.Random(SEED)
    wanted = [chance.randrange(log.size) for _ in range(200)]
    made = [(index, leaf_hash(log.entry(index)), log.inclusion_proof(index)) for index in wanted]
    root, ours, hashing = log.root(), Stopwatch(), Stopwatch()
    row = [secrets.token_bytes(LEAF) for _ in range(1 + len(made[0][2]) // 2)]  # a tree has two hashes a leaf

    def verify_all() -> None:
        for index, leaf, proof in made:
            verify_inclusion(index, log.size, leaf, proof, root)

    for _ in range(10):
        ours.time(verify_all)
        hashing.time(lambda: [raw.tree_hash(row) for _ in made])
    count = 10 * len(made)
    return Figure("log_engine.proof_checks_per_second", count / ours.wall, "1/s", "the bare hashing", count / hashing.wall)


def verification(log: TileLog) -> Figure:
    """Seconds to read the whole log from the disk and hash every entry and tile again, beside the bare hashing."""
    ours, hashing = Stopwatch(), Stopwatch()
    ours.time(TileLog(log.directory).check)
    leaves = [secrets.token_bytes(LEAF) for _ in range(min(log.size, 100_000))]
    hashing.time(lambda: raw.tree_hash(leaves))
    limit = AUDIT * log.size / 1e6
    return Figure("log_engine.full_verification", ours.wall, "s", "SHA-256 of such a tree", hashing.wall * log.size / len(leaves),
                  f"<= {limit:g} s", ours.wall <= limit)  # fmt: skip


# The peer


def pymerkle_peer(folder: Path, seconds: float) -> list[Figure]:
    """Our figures with pymerkle's as references: one durable entry at a time, and proofs. Empty when not installed."""
    if find_spec("pymerkle") is None:
        return []
    theirs: Any = import_module("pymerkle").SqliteTree(str(folder / "pymerkle.db"))
    log = TileLog(folder / "beside_pymerkle")
    made = _rate(seconds, [theirs.append_entry])
    ours = _rate(seconds, [lambda entry: log.append([entry])])
    while log.size < theirs.get_size():
        log.append([secrets.token_bytes(LEAF)])
    size = theirs.get_size()
    chance = random.Random(SEED)
    their_proofs = _rate(seconds, [lambda _: theirs.prove_inclusion(chance.randint(1, size))])
    our_proofs = _rate(seconds, [lambda _: log.inclusion_proof(chance.randrange(size))])
    return [
        Figure("log_engine.single_beside_pymerkle", ours, "1/s", "pymerkle, SQLite: one durable entry at a time", made),
        Figure("log_engine.proofs_beside_pymerkle", our_proofs, "1/s", f"pymerkle, SQLite, {size} entries", their_proofs),
    ]
