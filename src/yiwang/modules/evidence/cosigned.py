"""Checkpoints with the witnesses' cosignatures: the newest, the newest that a quorum saw, the first that holds an entry.

Nothing that the database says of a cosignature is believed: each line is checked against the policy's keys before it
counts, once per process.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import Any

from django.db import connection

from yiwang.modules.evidence import policies
from yiwang.modules.evidence.models import Checkpoint, Cosignature
from yiwang.tlog import note as notes
from yiwang.tlog.cosignature import verifier_for
from yiwang.tlog.errors import NoteError
from yiwang.tlog.policy import NONE, Policy

_TRIED = 20
"""How many checkpoints are looked at that by the database's word have the quorum; the first should have it."""


@dataclass(frozen=True, slots=True)
class Seen:
    """A signed checkpoint and who cosigned it.

    Attributes:
        size, root: the tree.
        note: the signed note: the log's signatures, then the cosignatures by keys of the policy.
        at: when the log signed it, by the center's clock.
        cosigners: names in the policy of the keys that cosigned, in the policy's order.
        quorum: whether they are enough; always, where no policy asks for witnesses.
    """

    size: int
    root: bytes
    note: str
    at: datetime
    cosigners: tuple[str, ...]
    quorum: bool


def newest() -> Seen | None:
    """The newest signed checkpoint, with the cosignatures that it has so far."""
    found = Checkpoint.objects.order_by("-size").first()
    return _seen(found, policies.policy()) if found else None


def latest() -> Seen | None:
    """The newest checkpoint that the quorum cosigned; without a policy, the newest signed one."""
    return next(_satisfying("", "DESC"), None)


def at_least(index: int) -> Seen | None:
    """The smallest checkpoint by the rule of :func:`latest` that holds the entry at ``index``; None: not yet."""
    return next(_satisfying("AND size > %s", "ASC", index), None)


def of_size(size: int) -> Seen | None:
    """The checkpoint of this size, with its cosignatures; None when none was signed."""
    found = Checkpoint.objects.filter(size=size).first()
    return _seen(found, policies.policy()) if found else None


def _satisfying(where: str, order: str, *values: int) -> Iterator[Seen]:
    policy = policies.policy()
    if policy is None or policy.quorum == NONE:
        condition, given = where, list[Any](values)
    else:
        names: list[Any] = []
        enough = _enough(policy, policy.quorum, names)
        keys = [policies.identity(party.vkey) for party in policy.witnesses.values()]
        condition = (
            f"{where} AND size IN (SELECT checkpoint_id FROM evidence_cosignature WHERE key = ANY(%s)"
            f" {where.replace('size', 'checkpoint_id')} GROUP BY checkpoint_id HAVING {enough}"
            f" ORDER BY checkpoint_id {order} LIMIT {_TRIED})"
        )
        given = [*values, keys, *values, *names]
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT size FROM evidence_checkpoint WHERE true {condition} ORDER BY size {order} LIMIT {_TRIED}", given
        )
        sizes = [row[0] for row in cursor.fetchall()]
    for size in sizes:
        seen = _seen(Checkpoint.objects.get(size=size), policy)
        if seen.quorum:
            yield seen


def _enough(policy: Policy, name: str, names: list[Any]) -> str:
    """The policy's quorum as a condition on the cosignatures of one checkpoint."""
    group = policy.groups.get(name)
    if group is None:
        names.append(policies.identity(policy.witnesses[name].vkey))
        return "bool_or(key = %s)"
    members = [f"({_enough(policy, member, names)})::int" for member in group.members] or ["0"]
    return f"({' + '.join(members)}) >= {group.threshold}"


def _seen(checkpoint: Checkpoint, policy: Policy | None) -> Seen:
    text = checkpoint.note
    body = text[: text.rindex("\n\n") + 1].encode()
    lines = _lines(checkpoint.size, body, policy) if policy else {}
    quorum = policy is None or policy.satisfied_by(frozenset(lines))
    return Seen(
        checkpoint.size,
        bytes(checkpoint.root),
        text + "".join(f"{line}\n" for line in lines.values()),
        checkpoint.at,
        tuple(lines),
        quorum,
    )


def _lines(size: int, body: bytes, policy: Policy) -> dict[str, str]:
    """The good cosignature lines of a checkpoint by policy name, in the policy's order."""
    kept = dict(Cosignature.objects.filter(checkpoint_id=size).values_list("key", "line"))
    found = {}
    for name, party in policy.witnesses.items():
        line = kept.get(policies.identity(party.vkey))
        if line and good(line, body, party.vkey):
            found[name] = line
    return found


@lru_cache(maxsize=4096)
def good(line: str, body: bytes, vkey: notes.VKey) -> bool:
    """Whether a signature line (without its newline) is this key's signature of a checkpoint's text."""
    try:
        signature = notes.parse_line(line)
    except NoteError:
        return False
    key = verifier_for(vkey)
    mine = (signature.name, signature.key_id) == (key.name, key.key_id)
    return mine and key.verify(body, signature.blob)
