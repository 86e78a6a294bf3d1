"""References: what the machine, PostgreSQL and the disk do by themselves, without any of our code."""

from __future__ import annotations

import hashlib
import os
import secrets
import tempfile
from collections.abc import Callable
from pathlib import Path

import psycopg

_TABLES = """
CREATE SCHEMA IF NOT EXISTS bench;
DROP TABLE IF EXISTS bench.act, bench.outbox, bench.subject;
CREATE TABLE bench.act (LIKE evidence_act INCLUDING ALL);
CREATE TABLE bench.outbox (id bigserial PRIMARY KEY, act_id bigint UNIQUE NOT NULL);
CREATE TABLE bench.subject (id bigint PRIMARY KEY, facts jsonb NOT NULL, state text NOT NULL);
INSERT INTO bench.subject VALUES (1, '{}', 'draft');
"""
_ACT = (
    "INSERT INTO bench.act (act, subject, seq, role, at, salt, canonical, private, private_salt, entry)"
    " VALUES ('bench.act', %s, %s, 'system', now(), %s, %s, '{}', '', %s) RETURNING id"
)


class RawCommits:
    """Commits the rows of an act with plain SQL: the act, its place in the outbox, an update of its subject."""

    def __init__(self, address: str, content: bytes) -> None:
        self.link = psycopg.connect(address)
        self.link.execute(_TABLES)
        self.link.commit()
        self.content, self.number = content, 0

    def one(self) -> None:
        """One transaction."""
        self.number += 1
        values = [f"bench/{self.number % 7}", self.number, secrets.token_bytes(32), self.content, secrets.token_bytes(64)]
        row = self.link.execute(_ACT, values).fetchone()
        assert row is not None
        self.link.execute("INSERT INTO bench.outbox (act_id) VALUES (%s)", [row[0]])
        self.link.execute("UPDATE bench.subject SET state = %s WHERE id = 1", [str(self.number)])
        self.link.commit()

    def close(self) -> None:
        """Drop the tables and close the connection."""
        self.link.execute("DROP SCHEMA bench CASCADE")
        self.link.commit()
        self.link.close()


def synced_write(folder: Path, data: bytes) -> Callable[[], None]:
    """A function that appends data to a file in the folder and waits until the disk has it."""
    handle, name = tempfile.mkstemp(dir=folder)
    os.unlink(name)  # noqa: PTH108  (the open file goes on without a name)

    def write() -> None:
        os.write(handle, data)
        os.fdatasync(handle)

    return write


def tree_hash(leaves: list[bytes]) -> bytes:
    """The bare hashing of a Merkle tree: every leaf and every node once, nothing kept."""
    row = [hashlib.sha256(b"\0" + leaf).digest() for leaf in leaves]
    while len(row) > 1:
        pairs = [hashlib.sha256(b"\1" + a + b).digest() for a, b in zip(row[::2], row[1::2], strict=False)]
        row = pairs + row[len(pairs) * 2 :]
    return row[0]


def tree_levels(leaves: list[bytes]) -> list[list[bytes]]:
    """All levels of a tree whose size is a power of two, kept in memory."""
    levels = [[hashlib.sha256(b"\0" + leaf).digest() for leaf in leaves]]
    while len(levels[-1]) > 1:
        row = levels[-1]
        levels.append([hashlib.sha256(b"\1" + a + b).digest() for a, b in zip(row[::2], row[1::2], strict=True)])
    return levels


def memory_proof(levels: list[list[bytes]], index: int) -> list[bytes]:
    """An inclusion proof by looking up siblings in memory: the least that a proof can cost."""
    proof = []
    for row in levels[:-1]:
        proof.append(row[index ^ 1])
        index >>= 1
    return proof
