"""From keys of a log that somebody trusts to the keys that it has now: each step named by an entry that the old keys signed.

A handover file is canonical JSON ``{"format": "yiwang-handover/v1", "steps": [...]}``. A step holds the act ``log.rotate``
or ``log.succeed`` (``act``, ``salt``), its ``index`` in the log, its inclusion ``proof``, and a ``checkpoint`` over it
that the old keys signed. The act names the new keys.
"""

from __future__ import annotations

from typing import Any

from yiwang.kernel.canonical import canonical
from yiwang.kernel.errors import YiwangError, bad
from yiwang.kernel.text import Text
from yiwang.seal.shapes import ShapeError, check_hex, fields, from_base64, read_canonical
from yiwang.tlog import note as notes
from yiwang.tlog.checkpoint import open_checkpoint
from yiwang.tlog.cosignature import verifier_for
from yiwang.tlog.merkle import leaf_hash, verify_inclusion
from yiwang.verifier.checks.log import commit

FORMAT = "yiwang-handover/v1"
CHAIN = "log"
_STEP: dict[str, type | tuple[type, ...]] = {"act": dict, "salt": str, "index": int, "proof": list, "checkpoint": str}


def follow(data: bytes, trusted: list[notes.VKey]) -> list[notes.VKey]:
    """The keys of the log now, for somebody who trusts ``trusted``: keys that it has, or once had.

    Args:
        data: the handover file.
        trusted: both keys (Ed25519, ML-DSA-44) of one period.

    Raises:
        BadInput: the file is malformed, knows nothing of these keys, or a step does not prove what it says.
    """
    try:
        file = fields(read_canonical(data), "handover", {"format": str, "steps": list})
        steps = [fields(step, f"steps[{number}]", _STEP) for number, step in enumerate(file["steps"])]
        if file["format"] != FORMAT:
            raise ShapeError(f"format is not {FORMAT}")
        now, known = set(map(str, trusted)), False
        for number, step in enumerate(steps):
            before, after = _names(step["act"])
            if set(before) == now:
                _check(step, f"steps[{number}]", before)
                now, known = set(after), True
            known = known or set(after) == now
    except (ShapeError, KeyError, TypeError, ValueError) as error:
        raise bad("handover", f"交接文件有误：{error}", f"the handover file is wrong: {error}") from None
    if not known:
        passes = Text("日志现在或从前的两把公钥", "both verifier keys that the log has or had")
        raise bad("trust", "交接文件不认识这些公钥", "the handover file does not know these keys", passes=passes)
    return [notes.parse_vkey(line) for line in (after if set(after) == now else sorted(now))]


def _names(act: dict[str, Any]) -> tuple[list[str], list[str]]:
    """The keys before and after a step."""
    if act["subject"] != CHAIN or act["act"] not in ("log.rotate", "log.succeed"):
        raise ShapeError("act is none of the log's own")
    public = act["public"]
    if act["act"] == "log.rotate":
        return public["previous"]["vkeys"], public["vkeys"]
    return public["vkeys"], public["next"]["vkeys"]


def _check(step: dict[str, Any], path: str, before: list[str]) -> None:
    """The act is in the log that the old keys, each of them, signed for."""
    verifiers = [verifier_for(notes.parse_vkey(line)) for line in before]
    try:
        opened = open_checkpoint(step["checkpoint"].encode(), verifiers)
        if not all(opened.note.signed_by(key) for key in verifiers):
            raise ShapeError(f"{path}.checkpoint is not signed by all of the old keys")
        salt = bytes.fromhex(check_hex(step["salt"], f"{path}.salt"))
        proof = [from_base64(value, f"{path}.proof", size=32) for value in step["proof"]]
        head, leaf = opened.checkpoint, leaf_hash(commit(salt, canonical(step["act"])))
        verify_inclusion(step["index"], head.size, leaf, proof, head.root)
    except YiwangError as error:
        raise ShapeError(f"{path}: {error}") from None
