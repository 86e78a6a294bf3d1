"""The programs that seal bids are on the log: name, version and SHA-256, whenever they have changed.

Whoever seals can compare what runs in the own browser, or on the own machine, with what everybody else was given; a
program made for one victim alone would not be on the log.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from yiwang.kernel.canonical import digest
from yiwang.kernel.text import Text
from yiwang.kernel.transitions import Table, Transition
from yiwang.modules.evidence import door
from yiwang.modules.evidence.actors import SYSTEM
from yiwang.modules.evidence.models import Act
from yiwang.modules.evidence.registry import register

ACT, CHAIN = "client.publish", "client"

CLIENT = register(
    Table(
        "client",
        (),
        (
            Transition(
                ACT,
                Text("公布密封程序的指纹", "publish the sealing programs' hashes"),
                "client",
                roles=("system",),
                sources=(),
                articles=("电子招标投标办法 第26条",),
                by_time=True,
                offered=False,
            ),
        ),
    )
)


@dataclass(frozen=True, slots=True)
class Program:
    """A program that seals, opens or signs: its file's name, its SHA-256 in hex."""

    name: str
    sha256: str


@dataclass(frozen=True, slots=True)
class Published:
    """What one act published: the version, the programs, when, and where it stands in the log (None: not yet)."""

    version: str
    programs: tuple[Program, ...]
    at: datetime
    index: int | None


@dataclass
class _Programs:
    """Stands for the programs as the act's subject; it has no row of its own."""

    chain: str = CHAIN

    def save(self) -> None:
        """Nothing to save."""


def publish(version: str, programs: dict[str, str]) -> bool:
    """Put the programs on the log if they are others than those published last; whether it did.

    Args:
        programs: file name -> SHA-256 in hex.
    """
    public: dict[str, Any] = {"version": version, "programs": programs}
    last = _acts().last()
    if not programs or (last is not None and json.loads(bytes(last.canonical))["public"] == public):
        return False
    key = digest({"after": last.pk if last else 0, **public})
    with door.enter(CLIENT.rows[ACT], SYSTEM, lambda: None, request_key=f"client-{key[:48]}") as passage:
        passage.subject = _Programs()
        passage.record(public=public)
    return True


def published() -> list[Published]:
    """Every publication, the newest first."""
    found = []
    for act in _acts().select_related("log_entry"):
        public = json.loads(bytes(act.canonical))["public"]
        programs = tuple(Program(name, public["programs"][name]) for name in sorted(public["programs"]))
        entry = getattr(act, "log_entry", None)
        found.append(Published(public["version"], programs, act.at, entry.index if entry else None))
    return found[::-1]


def _acts() -> Any:
    return Act.objects.filter(subject=CHAIN, act=ACT).order_by("seq")
