"""Which witnesses this center has: the operator's C2SP tlog-policy file (``settings.WITNESS_POLICY``)."""

from __future__ import annotations

import logging
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from django.conf import settings

from yiwang.kernel.text import Text
from yiwang.tlog import policy as policies
from yiwang.tlog.errors import PolicyError
from yiwang.tlog.note import VKey
from yiwang.tlog.policy import Group, Policy

_log = logging.getLogger(__name__)

_NOBODY = Policy((), {}, {"unreadable": Group(1, ())}, "unreadable")
"""Stands for a file that cannot be read: no set of witnesses satisfies it, so what must wait waits."""

_SPEAKS_OF_WITNESSES = ("witness", "group", "quorum")


@dataclass(frozen=True, slots=True)
class _File:
    policy: Policy
    text: str
    error: PolicyError | None = None


def policy() -> Policy | None:
    """The policy, read again when the file has changed; None: this center has no witnesses.

    A file that is missing or malformed is no reason to go without witnesses: a policy that nobody can satisfy stands in
    for it until it is mended (see :func:`fault`).
    """
    found = _file()
    return found.policy if found else None


def policy_text() -> str:
    """The policy's lines that speak of witnesses, as a reader of a dossier needs them; ``quorum none`` without any.

    Raises:
        PolicyError: the file cannot be read.
    """
    found = _file()
    if found is None:
        return "quorum none\n"
    if found.error is not None:
        raise found.error
    return found.text


def fault() -> Text | None:
    """What is wrong with the policy file; None when nothing is."""
    found = _file()
    return found.error.reasons[0].message if found and found.error else None


def identity(vkey: VKey) -> str:
    """What a signature line says of its key: the name and the key's short id."""
    return f"{vkey.name}+{vkey.key_id.hex()}"


def _file() -> _File | None:
    if settings.WITNESS_POLICY is None:
        return None
    path = Path(settings.WITNESS_POLICY)
    try:
        state = path.stat()
    except OSError as error:
        return _unreadable(path, error.strerror or type(error).__name__)
    return _read(path, state.st_mtime_ns, state.st_size)


@lru_cache(maxsize=8)
def _read(path: Path, _mtime: int, _size: int) -> _File:
    try:
        data = path.read_bytes()
        parsed = policies.parse(data)
    except OSError as error:
        return _unreadable(path, error.strerror or type(error).__name__)
    except PolicyError as error:
        _log.error("the witness policy %s cannot be used: %s", path, error.reasons[0].message.en)
        return _File(_NOBODY, "", error)
    lines = [line.strip(" \t") for line in data.decode().split("\n")]
    kept = [line for line in lines if line.split()[:1] and line.split()[0] in _SPEAKS_OF_WITNESSES]
    return _File(parsed, "\n".join([*kept, ""]))


@lru_cache(maxsize=8)
def _unreadable(path: Path, why: str) -> _File:
    _log.error("the witness policy %s cannot be read: %s", path, why)
    name = path.name
    error = PolicyError(
        f"见证人策略文件 {name} 无法读取：{why}", f"the witness policy {name} cannot be read: {why}", field=str(path)
    )
    return _File(_NOBODY, "", error)
