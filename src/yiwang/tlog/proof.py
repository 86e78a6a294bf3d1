"""C2SP tlog-proof v1: the offline receipt (``.tlog-proof``): index, inclusion proof, signed checkpoint."""

from __future__ import annotations

import base64
from collections.abc import Iterable
from dataclasses import dataclass

from yiwang.tlog import note as notes
from yiwang.tlog.checkpoint import SignedCheckpoint, open_checkpoint, parse_body, parse_decimal
from yiwang.tlog.errors import NoteError, ProofError
from yiwang.tlog.merkle import HASH_SIZE, leaf_hash, verify_inclusion
from yiwang.tlog.policy import Policy

HEADER = "c2sp.org/tlog-proof@v1"

MAX_HASHES = 63
"""A tree of at most 2**63-1 leaves has no longer path."""


@dataclass(frozen=True, slots=True)
class Proof:
    """A receipt: zero-based index, path from the leaf's sibling upwards, checkpoint note verbatim.

    ``extra`` is data of the application's own; nothing vouches for it.
    """

    index: int
    hashes: tuple[bytes, ...]
    checkpoint: bytes
    extra: bytes | None = None

    def format(self) -> bytes:
        """The file's bytes (specification, "Format"). ProofError when a field has no place in it."""
        lines = [HEADER]
        if self.extra is not None:
            lines.append("extra " + base64.b64encode(self.extra).decode())
        lines.append(f"index {self.index}")
        lines += [base64.b64encode(value).decode() for value in self.hashes]
        data = ("\n".join(lines) + "\n\n").encode() + self.checkpoint
        if parse(data) != self:
            raise ProofError("字段不合规", "a field does not fit into a proof file")
        return data


def parse(data: bytes) -> Proof:
    """Read a proof file, strictly, WITHOUT checking what it proves.

    Raises:
        ProofError: names the line that is wrong.
    """
    head, border, checkpoint = data.partition(b"\n\n")
    if len(data) > 2 * notes.MAX_NOTE or not border:
        raise _bad(1, "没有检查点，或文件过长", "no checkpoint, or too long")
    lines = head.decode("utf-8", "replace").split("\n")
    if lines.pop(0) != HEADER:
        raise _bad(1, f"须为 {HEADER}", f"must be {HEADER}")
    number, extra = 2, None
    try:
        if lines and lines[0].startswith("extra "):
            extra = notes.decode_base64(lines.pop(0)[6:], "extra")
            number += 1
        if not lines or not lines[0].startswith("index "):
            raise _bad(number, "须为 index <序号>", "must be index <number>")
        index = parse_decimal(lines.pop(0)[6:], "index")
        hashes = []
        for line in lines:
            number += 1
            hashes.append(_hash(line))
        number += 2
        parse_body(notes.parse(checkpoint)[0])
    except NoteError as error:
        raise _bad(number, error.reasons[0].message.zh, error.reasons[0].message.en) from error
    if len(hashes) > MAX_HASHES:
        raise _bad(number, "哈希过多", "too many hashes")
    return Proof(index, tuple(hashes), checkpoint, extra)


def verify(proof: Proof, entry: bytes, trust: Iterable[notes.Verifier] | Policy) -> SignedCheckpoint:
    """The entry stands in the log at the proof's index, under a checkpoint that we trust.

    Args:
        proof: the receipt.
        entry: the log entry's bytes (not hashed).
        trust: keys of the log, or a policy with witnesses.

    Raises:
        NoteError, PolicyError: the checkpoint is not signed as it must be.
        ProofError: the entry is not in that tree at that index.
    """
    signed = trust.open(proof.checkpoint) if isinstance(trust, Policy) else open_checkpoint(proof.checkpoint, trust)
    head = signed.checkpoint
    verify_inclusion(proof.index, head.size, leaf_hash(entry), proof.hashes, head.root)
    return signed


def _hash(line: str) -> bytes:
    value = notes.decode_base64(line, "hash")
    if len(value) != HASH_SIZE:
        raise NoteError("哈希不是 32 字节", "the hash is not 32 bytes long")
    return value


def _bad(number: int, zh: str, en: str) -> ProofError:
    return ProofError(f"第 {number} 行：{zh}", f"line {number}: {en}", field=f"line {number}")
