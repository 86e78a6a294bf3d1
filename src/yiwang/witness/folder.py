"""A witness's folder: made once, held by one process, looked at by anyone who may read it."""

from __future__ import annotations

import fcntl
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from yiwang.kernel.errors import Refused
from yiwang.kernel.moment import stamp
from yiwang.kernel.text import Text
from yiwang.kernel.verdict import Reason
from yiwang.tlog import files
from yiwang.witness.keys import FILE as KEYS
from yiwang.witness.keys import WitnessKeys
from yiwang.witness.logs import origin_hash
from yiwang.witness.state import State

MIRROR = "mirror"
_LOCK = ".serving"


def create(folder: Path, name: str, *, mirror: bool = False) -> WitnessKeys:
    """Make the folder with new keys and an empty state.

    Args:
        folder: a new or empty folder.
        name: the witness's name, a URL without its scheme by custom.
        mirror: its cosignatures shall also say that it holds a full copy of the log.

    Raises:
        NoteError: an unfit name.
        KeyFileError, Refused: there is a witness in this folder already; nothing is overwritten.
    """
    keys = WitnessKeys.create(name)
    folder.mkdir(parents=True, exist_ok=True)
    if (folder / KEYS).exists():
        keys.save(folder)  # says that it stays as it is
    State.create(folder, mirror=mirror).close()
    keys.save(folder)
    files.sync_directory(folder.parent)
    return keys


@contextmanager
def held(folder: Path) -> Iterator[None]:
    """Be the only process that serves from this folder; Refused when another one does."""
    with (folder / _LOCK).open("ab") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            text = Text(f"另一个进程正在使用 {folder}", f"another process serves from {folder}")
            raise Refused(Reason("witness.held", text, field=str(folder))) from None
        yield


def policy_lines(keys: WitnessKeys, label: str, url: str = "") -> str:
    """What the log's operator puts into the tlog-policy file: both keys, and a group that any of them satisfies."""
    kinds = zip(("ed25519", "mldsa44"), keys.vkeys(), strict=True)
    lines = [f"witness {label}-{kind} {vkey} {url}".rstrip() for kind, vkey in kinds]
    return "\n".join([*lines, f"group {label} any {label}-ed25519 {label}-mldsa44", ""])


def status(folder: Path) -> dict[str, Any]:
    """Name, keys, mode, per log the size, root and time of the last cosignature, and the refused checkpoints.

    Raises:
        KeyFileError, Refused: no witness in this folder.
    """
    from datetime import UTC, datetime

    keys, state = WitnessKeys.load(folder), State(folder)
    try:
        heads, suspects = state.heads(), state.suspects()
        return {
            "name": keys.name,
            "vkeys": [str(vkey) for vkey in keys.vkeys()],
            "mirror": state.mirror,
            "logs": [
                {
                    "origin": head.origin,
                    "size": head.size,
                    "root": head.root.hex(),
                    "cosigned_size": head.cosigned_size if head.cosigned else None,
                    "cosigned_at": stamp(datetime.fromtimestamp(head.at, UTC)) if head.cosigned else None,
                    "monitoring": f"{origin_hash(head.origin)}/checkpoint",
                }
                for head in heads
            ],
            "refused": [
                {
                    "origin": found.origin,
                    "kind": found.kind,
                    "size": found.size,
                    "root": found.root.hex(),
                    "at": stamp(datetime.fromtimestamp(found.at, UTC)),
                    "note": found.note.decode("utf-8", "replace"),
                }
                for found in suspects
            ],
        }
    finally:
        state.close()
