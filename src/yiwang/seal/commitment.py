"""Commitments to sealed bids: what the log holds at submission, and the one hash over all bids of a lot at closing."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable

from yiwang.kernel.canonical import canonical
from yiwang.seal.shapes import check_hex


def bid_commitment(salt: bytes, lot: str, tenderer: str, envelope_sha256: str, manifest_sha256: str) -> str:
    """Hex commitment to one sealed bid: SHA-256 of ``"bid/v1\\n"`` and the canonical JSON of its five parts.

    Args:
        salt: 32 random bytes, kept with the receipt and disclosed at the opening.
        lot: the lot's id.
        tenderer: the tenderer's unified social credit code.
        envelope_sha256: hex hash of the sealed file.
        manifest_sha256: hex hash of the manifest inside, as the sealing client reports it.

    Raises:
        ValueError: the salt has not 32 bytes, or a hash is not lower-case hex.
    """
    if len(salt) != 32:
        raise ValueError("a salt has 32 bytes")
    parts = {
        "salt": salt.hex(),
        "lot": lot,
        "tenderer": tenderer,
        "envelope": check_hex(envelope_sha256, "envelope_sha256"),
        "manifest": check_hex(manifest_sha256, "manifest_sha256"),
    }
    return hashlib.sha256(b"bid/v1\n" + canonical(parts)).hexdigest()


def commitments_root(commitments: Iterable[str]) -> str:
    """Hex hash over all accepted commitments of a lot, for the closing entry; their order does not matter.

    ``SHA-256("bids/v1\\n" || u64 count || commitments in ascending order, 32 bytes each)``.

    Raises:
        ValueError: a commitment is not lower-case hex of 32 bytes, or stands twice.
    """
    return set_root(b"bids/v1\n", commitments)


def set_root(domain: bytes, hashes: Iterable[str]) -> str:
    """Hex hash over a set of SHA-256 values under a domain; errors as :func:`commitments_root`."""
    ordered = sorted(check_hex(value, "hash") for value in hashes)
    if len(set(ordered)) != len(ordered):
        raise ValueError("a hash stands twice")
    body = b"".join(bytes.fromhex(value) for value in ordered)
    return hashlib.sha256(domain + len(ordered).to_bytes(8, "big") + body).hexdigest()
