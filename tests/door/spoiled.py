"""Damage done to the vault by hand, as a bad disk would do it."""

from __future__ import annotations

from yiwang.modules.evidence import vault, vault_space
from yiwang.modules.evidence.vault_index import Record, locked
from yiwang.modules.evidence.vault_pool import BLOCK


def record(sha256: str) -> tuple[int, Record]:
    """Slot and record of a kept file."""
    where = vault_space.space()
    with locked(where.index, where.key) as index:
        return next((slot, each) for slot, each in index if each.sha256 == sha256)


def spoil(sha256: str) -> None:
    """Change one bit in the middle of a kept file."""
    found, size = record(sha256)[1], vault_space.space().pool().segment_size
    begins = 0
    for first, count in found.extents:
        if begins <= found.size // 2 < begins + count * BLOCK:
            segment, at = divmod(first * BLOCK + found.size // 2 - begins, size)
            with (vault.folder() / "segments" / f"{segment:04d}").open("r+b") as file:
                file.seek(at)
                byte = file.read(1)
                file.seek(at)
                file.write(bytes([byte[0] ^ 1]))
        begins += count * BLOCK
