"""Bench ``evidence``: leaves into the log, in batches and one by one, and proofs out of it."""

from __future__ import annotations

import random
import secrets
from pathlib import Path

from django.conf import settings
from django.db import connection

from yiwang.bench import raw
from yiwang.bench.figure import Figure, Stopwatch
from yiwang.modules.evidence import sequencer

SEED, BATCH, BATCHES, SINGLES, PROOFS = 20260413, sequencer.BATCH, 20, 200, 20_000
_FILL = """
WITH made AS (
  INSERT INTO evidence_act (act, subject, seq, role, at, salt, canonical, private, private_salt, entry)
  SELECT 'bench.leaf', %(chain)s, n, 'system', now(), '\\x00', '\\x00', '{}', '', %(entry)s FROM generate_series(1, %(count)s) n
  RETURNING id)
INSERT INTO evidence_outbox (act_id) SELECT id FROM made ORDER BY id
"""


def run() -> list[Figure]:
    """Fill the outbox, integrate, prove."""
    Path(settings.LOG_FOLDER).parent.mkdir(parents=True, exist_ok=True)
    _fill(1)
    sequencer.sequence_all()
    return [*_batches(), _singles(), _proofs()]


def _fill(count: int) -> None:
    """Acts that wait for their place: blind entries as the door writes them, of no tender."""
    with connection.cursor() as cursor:
        cursor.execute(_FILL, {"chain": f"bench/{secrets.token_hex(8)}", "entry": secrets.token_bytes(64), "count": count})


def _batches() -> list[Figure]:
    """Batches of a thousand, beside hashing such a tree in memory and one synced write of its entries."""
    ours, hashing, disk = Stopwatch(), Stopwatch(), Stopwatch()
    leaves = [secrets.token_bytes(64) for _ in range(BATCH)]
    write = raw.synced_write(Path(settings.LOG_FOLDER).parent, b"".join(leaves))
    for _ in range(BATCHES):
        _fill(BATCH)
        ours.time(sequencer.sequence_once)
        hashing.time(lambda: raw.tree_hash(leaves))
        disk.time(write)
    total = BATCH * BATCHES
    return [
        Figure("evidence.leaves_per_second", total / ours.wall, "1/s", "SHA-256 of the tree and one synced write per batch",
               total / (hashing.wall + disk.wall)),
        Figure("evidence.leaves_per_cpu_second", total / ours.cpu, "1/s", "SHA-256 of the tree alone", total / hashing.cpu),
    ]  # fmt: skip


def _singles() -> Figure:
    """One act at a time, each with a checkpoint of its own, beside one synced write each."""
    ours, disk = Stopwatch(), Stopwatch()
    write = raw.synced_write(Path(settings.LOG_FOLDER).parent, secrets.token_bytes(64))
    for _ in range(SINGLES):
        _fill(1)
        ours.time(sequencer.sequence_once)
        disk.time(write)
    return Figure("evidence.single_leaves_per_second", SINGLES / ours.wall, "1/s", "one synced write of 64 bytes", SINGLES / disk.wall)


def _proofs() -> Figure:
    """Inclusion proofs out of the tiles, beside looking up siblings in a tree that is held in memory."""
    tiles = sequencer.the_log().tiles
    tiles.reload()
    chance = random.Random(SEED)
    wanted = [chance.randrange(tiles.size) for _ in range(PROOFS)]
    levels = raw.tree_levels([secrets.token_bytes(64) for _ in range(1 << 14)])
    ours, memory = Stopwatch(), Stopwatch()
    ours.time(lambda: [tiles.inclusion_proof(index) for index in wanted])
    memory.time(lambda: [raw.memory_proof(levels, index % (1 << 14)) for index in wanted])
    return Figure("evidence.proofs_per_second", PROOFS / ours.wall, "1/s", "siblings looked up in memory", PROOFS / memory.wall)
