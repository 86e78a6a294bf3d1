"""The contract: ``Anchor.sol``, and ``Anchor.json`` that ``compile.mjs`` made of it (ABI and bytecode)."""

from __future__ import annotations

import hashlib
import json
from functools import cache
from pathlib import Path
from typing import Any

FOLDER = Path(__file__).parent


@cache
def artefact() -> dict[str, Any]:
    """``abi``, ``bytecode``, ``compiler``, and the hash of the source that they were made from."""
    found: dict[str, Any] = json.loads((FOLDER / "Anchor.json").read_text(encoding="utf-8"))
    return found


def origin_hash(origin: str) -> bytes:
    """How the contract names a log: SHA-256 of its origin."""
    return hashlib.sha256(origin.encode()).digest()
