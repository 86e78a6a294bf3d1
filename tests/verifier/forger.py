"""A forger who holds the log's key: changes acts and makes the whole log anew, with right entries, proofs and signatures."""

from __future__ import annotations

import hashlib
import json
import secrets
from collections.abc import Callable
from pathlib import Path
from typing import Any

from yiwang.kernel.canonical import canonical
from yiwang.seal.shapes import to_base64
from yiwang.tlog import Checkpoint, LogKeys, TileLog, sign_checkpoint
from yiwang.verifier import archive as archives
from yiwang.verifier.checks.log import commit
from yiwang.verifier.trust import policy_text

Rows = list[dict[str, Any]]


def public_of(rows: Rows, name: str) -> dict[str, Any]:
    """The public part of the first act of a name."""
    found: dict[str, Any] = next(row["act"]["public"] for row in rows if "act" in row and row["act"]["act"] == name)
    return found


def remade(path: Path, folder: Path, change: Callable[[Rows], None]) -> Path:
    """The dossier with its acts changed and everything that vouches for them computed again."""
    with archives.read(path) as archive:
        files = {name: archive.read(name) for name in archive.entries}
    rows = json.loads(files["acts.json"])
    change(rows)
    rows = _with_entries(sorted(rows, key=lambda row: row["index"]))
    size = max(json.loads(files["manifest.json"])["size"], rows[-1]["index"] + 1)
    keys, log = LogKeys.create("yiwang.example/log"), TileLog(folder / "log")
    placed = {row["index"]: bytes.fromhex(row["entry"]) for row in rows}
    log.append([placed.get(index) or secrets.token_bytes(64) for index in range(size)])
    proofs = {str(index): [to_base64(value) for value in log.inclusion_proof(index)] for index in placed}
    files |= {
        "acts.json": canonical(rows),
        "proofs.json": canonical({"inclusion": proofs, "consistency": {}}),
        "checkpoint": sign_checkpoint(Checkpoint(keys.name, size, log.root()), keys),
        "log.vkeys": keys.vkeys_text().encode(),
        "policy": policy_text(keys.vkeys_text()).encode(),
    }
    facts = {
        name: {"size": len(data), "sha256": hashlib.sha256(data).hexdigest()}
        for name, data in files.items()
        if name != "manifest.json"
    }
    files["manifest.json"] = canonical({**json.loads(files["manifest.json"]), "size": size, "files": facts})
    forged = folder / "forged.zip"
    with forged.open("wb") as out:
        archives.write(out, files)
    return forged


def _with_entries(rows: Rows) -> Rows:
    """New entries; where a later act names an earlier one's entry, the new one takes its place."""
    renamed: dict[str, str] = {}
    done = []
    for row in rows:
        if "act" in row:
            text = json.dumps(row["act"])
            for old, new in renamed.items():
                text = text.replace(old, new)
            act = json.loads(text)
            entry = commit(bytes.fromhex(row["salt"]), canonical(act)).hex()
            renamed[row["entry"]] = entry
            done.append({**row, "act": act, "entry": entry})
        else:
            done.append(row)
    return done
