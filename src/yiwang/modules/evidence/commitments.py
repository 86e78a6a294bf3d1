"""From an act to what the log holds of it: canonical JSON, salted commitments, the chain of a subject's acts."""

from __future__ import annotations

import hashlib
import secrets
from typing import Any

from cryptography.hazmat.primitives import hashes

from yiwang.kernel.canonical import canonical


def commit(salt: bytes, content: bytes) -> bytes:
    """The log entry of an act: ``SHA-256(salt || content) || SM3(salt || content)``, 64 bytes.

    All entries look alike, so the public log betrays nothing of an act before its salt is disclosed.
    """
    sm3 = hashes.Hash(hashes.SM3())
    sm3.update(salt + content)
    return hashlib.sha256(salt + content).digest() + sm3.finalize()


def private_digest(salt: str, private: dict[str, Any]) -> str:
    """Salted digest of an act's private part; '' when there is none."""
    if not private:
        return ""
    return hashlib.sha256(bytes.fromhex(salt) + canonical(private)).hexdigest()


def pseudonym(person_salt: str, person_id: str, subject: str) -> str:
    """What the log says instead of a person: a salted hash that differs from subject to subject.

    Erasing the person's salt unlinks it for good (Personal Information Protection Law, art 47).
    """
    return hashlib.sha256(bytes.fromhex(person_salt) + f"{person_id}|{subject}".encode()).hexdigest()[:32]


def new_salt() -> bytes:
    """32 random bytes."""
    return secrets.token_bytes(32)
