"""The parsers of the log in one table, for corpus and fuzzing: what they read, may raise, and write again."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from yiwang.kernel.errors import YiwangError
from yiwang.tlog import layout, note, policy, proof
from yiwang.tlog.checkpoint import open_checkpoint, parse_body
from yiwang.tlog.cosignature import verifier_for
from yiwang.tlog.errors import LogDamaged, NoteError, PolicyError, ProofError
from yiwang.tlog.reader import TileReader


def cases(name: str) -> list[dict[str, Any]]:
    """The kept inputs of one parser, each with its bytes as ``data``."""
    found = json.loads((Path(__file__).parent / "corpus" / f"{name}.json").read_text())
    for case in found:
        case["data"] = bytes.fromhex(case["hex"]) if "hex" in case else case["text"].encode()
    return list(found)


LOG_KEY = str(cases("vkey")[0]["text"])
"""The log that signed the notes and proofs of the corpus."""


@dataclass(frozen=True)
class Parser:
    """``read`` gives something or raises one of ``errors``; what was read, ``write`` makes into the same bytes again."""

    read: Callable[[bytes], Any]
    errors: tuple[type[YiwangError], ...]
    write: Callable[[Any], bytes] | None = None


def _open(data: bytes) -> tuple[bytes, tuple[note.Signature, ...]]:
    open_checkpoint(data, [verifier_for(LOG_KEY)])
    return note.parse(data)


def _prove(data: bytes) -> proof.Proof:
    read = proof.parse(data)
    proof.verify(read, b"entry 3", [verifier_for(LOG_KEY)])
    return read


def _vkey(data: bytes) -> note.VKey:
    verifier_for(data.decode("utf-8", "surrogateescape"))
    return note.parse_vkey(data.decode("utf-8", "surrogateescape"))


def _stored(name: str, read: Callable[[TileReader], list[bytes]]) -> Callable[[bytes], list[bytes]]:
    """Put the bytes where a log of two entries has them, and read them from there."""

    def stored(data: bytes) -> list[bytes]:
        with TemporaryDirectory() as folder:
            path = Path(folder) / name
            path.parent.mkdir(parents=True)
            path.write_bytes(data)
            return read(TileReader(Path(folder), 2))

    return stored


def _lines(signatures: tuple[note.Signature, ...]) -> bytes:
    return "".join(signature.line() for signature in signatures).encode()


PARSERS = {
    "note": Parser(_open, (NoteError,), lambda read: read[0] + b"\n" + _lines(read[1])),
    "checkpoint": Parser(parse_body, (NoteError,), lambda read: read.body()),
    "vkey": Parser(_vkey, (NoteError,), lambda read: str(read).encode()),
    "proof": Parser(_prove, (ProofError, NoteError), lambda read: read.format()),
    "policy": Parser(policy.parse, (PolicyError,)),
    "tile": Parser(_stored("tile/0/000.p/2", lambda log: log.read_tile(0, 0, 2)), (LogDamaged,), b"".join),
    "bundle": Parser(
        _stored("tile/entries/000.p/2", lambda log: log.read_bundle(0, 2)),
        (LogDamaged,),
        lambda entries: b"".join(map(layout.frame, entries)),
    ),
}
