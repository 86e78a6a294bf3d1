"""The numbers and words of law/negotiation.yaml, and what a tender's procedure knows of negotiations."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

from yiwang.kernel.lawfile import law_path, read
from yiwang.kernel.text import Text
from yiwang.modules.tenders.selectors import law_of

MANNERS = {"framework_compete": "compete", "framework_direct": "direct", "framework_turn": "turn"}
"""How the supplier of an order under a framework agreement is found, by the procedure's method."""


def book() -> dict[str, Any]:
    """The whole of law/negotiation.yaml, read again when it has changed."""
    path = law_path("negotiation.yaml")
    return _book(path, path.stat().st_mtime_ns)


@lru_cache(maxsize=2)
def _book(path: Any, changed_ns: int) -> dict[str, Any]:
    data: dict[str, Any] = read(path).need((), dict)
    return data


def named(section: str) -> dict[str, Text]:
    """The choices of a section (``changes``, ``single_source``, ``manners``) by code."""
    return {code: Text(row["zh"], row["en"]) for code, row in book()[section].items()}


def knows(tender: Any, act: str) -> bool:
    """Whether the tender's procedure has a step with this act."""
    return any(step.act == act for step in law_of(tender).steps)


def manner_of(tender: Any) -> str:
    """``compete``, ``direct`` or ``turn`` for an order under a framework agreement; empty for everything else."""
    return MANNERS.get(law_of(tender).method, "")
