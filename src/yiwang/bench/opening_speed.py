"""An opening of thirty large bids, three custodians of five, through the door and end to end.

Timed is :func:`yiwang.modules.openings.acts.open_bids` alone: every envelope is read from the vault and decrypted, every
document checked and made durable in the store, every envelope moved from the vault to the store, the record written.
"""

from __future__ import annotations

import hashlib
import os
import secrets
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from django.conf import settings

from yiwang.bench.figure import Figure, peak_memory
from yiwang.demo.cast import Player, engage
from yiwang.demo.play import Play, Script
from yiwang.demo.stage import Stage
from yiwang.kernel import moment
from yiwang.modules.bids import acts as bids
from yiwang.modules.bids import selectors as bid_reads
from yiwang.modules.bids import uploads
from yiwang.modules.evidence import files, sequencer
from yiwang.modules.openings import acts as openings
from yiwang.seal import envelope
from yiwang.seal.manifest import Context, Custodians
from yiwang.seal.payload import SealFile

BIDS, SIZE = 30, 50 * 1024 * 1024
WITHIN = 60.0
"""Seconds within which all are to be open."""

_PIECE = 1024 * 1024


def run(count: int = BIDS, size: int = SIZE) -> list[Figure]:
    """Thirty firms seal and hand in; three custodians release; the host opens."""
    cast = engage()
    firms = [f"测速投标{number}建设有限公司" for number in range(count)]
    script = Script("测速开标项目", ceiling=100_000_000, bids=[(firm, 80_000_000) for firm in firms])
    play = Play(cast, Stage(moment.now()), script).until("tendering")
    with moment.clock_at(play.stage):
        for number, firm in enumerate(firms):
            _hand_in(play, cast.tenderer(firm), 80_000_000 + number, size)
        play.close()
        play.release_keys(cast.custodians[:3])
        sequencer.sequence_all()
        before, began = peak_memory(), time.perf_counter()
        opening = openings.open_bids(actor=play.host.actor, tender=play.number)
        took = time.perf_counter() - began
        memory = peak_memory()
    prices = {row["price"] for row in (opening.record or {})["bids"] if row["fault"] is None}
    if len(prices) != count:
        raise RuntimeError(f"{len(prices)} of {count} bids opened")
    documents = [row["sha256"] for bid in bid_reads.opened(play.tender) for row in (bid.manifest or {})["documents"]]
    reference = _copied(documents)
    what = f"{count} documents of {size // _PIECE} MiB hashed and copied, each synced"
    return [
        Figure("opening_speed.seconds", took, "s", what, reference, f"< {WITHIN:g} s", took < WITHIN),
        Figure("opening_speed.rate", count * size / _PIECE / took, "MiB/s", what, count * size / _PIECE / reference),
        Figure("opening_speed.memory", memory, "MiB", "the process before the opening", before),
    ]


def _hand_in(play: Play, player: Player, price: int, size: int) -> None:
    """A firm seals a document of random bytes and submits it."""
    tender = play.tender
    uscc = player.actor.organisation.uscc
    document = SealFile("标书.pdf", "application/pdf", secrets.token_bytes(size))
    with tempfile.TemporaryFile(dir=settings.DATA) as file:
        sealed = envelope.seal(
            envelope.Bid(Context(tender.number, "1"), uscc, price), [document],
            Custodians(tuple(tender.custody), tender.custody_threshold), player.key, file,
        )  # fmt: skip
        file.seek(0)
        content = uploads.keep(iter(lambda: file.read(_PIECE), b""), player.actor, tender.number)
    bids.submit(actor=player.actor, tender=tender.number, content=content, manifest_sha256=sealed.manifest_sha256)


def _copied(documents: list[str]) -> float:
    """Seconds to read, hash and copy the documents, each copy synced."""
    began = time.perf_counter()
    for sha256 in documents:
        hasher = hashlib.sha256()
        with tempfile.TemporaryFile(dir=settings.DATA) as out:
            for piece in _pieces(files.path_of(sha256)):
                hasher.update(piece)
                out.write(piece)
            out.flush()
            os.fsync(out.fileno())
        if hasher.hexdigest() != sha256:
            raise RuntimeError(f"{sha256} is damaged in the store")
    return time.perf_counter() - began


def _pieces(path: Path) -> Iterator[bytes]:
    with path.open("rb") as file:
        while piece := file.read(_PIECE):
            yield piece
