"""The body of ``add-checkpoint`` (C2SP tlog-witness): old size, consistency proof, blank line, checkpoint."""

from __future__ import annotations

import base64
from collections.abc import Sequence
from dataclasses import dataclass

from yiwang.kernel.text import Text
from yiwang.tlog import note as notes
from yiwang.tlog.checkpoint import Checkpoint, parse_body, parse_decimal
from yiwang.tlog.errors import NoteError
from yiwang.tlog.merkle import EMPTY_ROOT, HASH_SIZE

MAX_PROOF = 63
"""Most proof lines (specification); a tree of at most 2**63-1 leaves needs no more."""

MAX_BODY = 400_000
"""Longest body in bytes: 63 proof lines, and a checkpoint with the 100 signatures that a note may have."""


@dataclass(frozen=True, slots=True)
class AddCheckpoint:
    """A submission, read but not judged. ``text`` is the checkpoint's note text, ``note`` the whole note.

    ``empty_root`` is False for a checkpoint of size 0 with another root than that of the empty tree: it has the form
    of a checkpoint, and the specification has an answer of its own (422) for it.
    """

    old: int
    proof: tuple[bytes, ...]
    note: bytes
    text: bytes
    checkpoint: Checkpoint
    empty_root: bool = True


def format_request(old: int, proof: Sequence[bytes], note: bytes) -> bytes:
    """The body that submits ``note`` with a proof from ``old``."""
    lines = [f"old {old}", *(base64.b64encode(value).decode() for value in proof)]
    return ("\n".join(lines) + "\n\n").encode() + note


def parse_request(body: bytes) -> AddCheckpoint:
    """Read a body, strictly; no signature and no proof is checked.

    Raises:
        NoteError: names the line that is wrong.
    """
    if len(body) > MAX_BODY:
        raise _bad("body", "过长", "too long")
    head, border, note = body.partition(b"\n\n")
    if not border:
        raise _bad("body", "没有空行", "has no empty line")
    try:
        first, *lines = head.decode("ascii").split("\n")
    except UnicodeDecodeError:
        raise _bad("old", "有非 ASCII 字符", "not ASCII") from None
    if not first.startswith("old "):
        raise _bad("old", "首行须为 old <大小>", "the first line must be: old <size>")
    old = parse_decimal(first[4:], "old")
    if len(lines) > MAX_PROOF:
        raise _bad("proof", f"证明超过 {MAX_PROOF} 行", f"more than {MAX_PROOF} proof lines")
    proof = tuple(_hash(line) for line in lines)
    text, _signatures = notes.parse(note)
    checkpoint, empty_root = _checkpoint(text)
    return AddCheckpoint(old, proof, note, text, checkpoint, empty_root)


def _checkpoint(text: bytes) -> tuple[Checkpoint, bool]:
    """The checkpoint, and whether its root can be; :func:`parse_body` refuses a wrong root of the empty tree."""
    lines = text.split(b"\n")
    if len(lines) > 3 and lines[1] == b"0":
        root = notes.decode_base64(lines[2].decode("utf-8"), "root")
        if len(root) == HASH_SIZE and root != EMPTY_ROOT:
            lines[2] = base64.b64encode(EMPTY_ROOT)
            return parse_body(b"\n".join(lines)), False
    return parse_body(text), True


def _hash(line: str) -> bytes:
    value = notes.decode_base64(line, "proof")
    if len(value) != HASH_SIZE:
        raise _bad("proof", "哈希不是 32 字节", "a hash is not 32 bytes long")
    return value


def _bad(field: str, zh: str, en: str) -> NoteError:
    form = Text("old <大小>、证明各行、空行、检查点", "old <size>, proof lines, empty line, checkpoint")
    return NoteError(f"{field}：{zh}", f"{field}: {en}", field=field, passes=form)
