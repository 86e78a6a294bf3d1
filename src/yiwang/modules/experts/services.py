"""Writes of experts without legal effect: the pool."""

from __future__ import annotations

from typing import Any

from yiwang.modules.experts.models import Expert


def add_expert(*, person: Any, code: str, disciplines: list[str], employer: str = "", region: str = "") -> Expert:
    """Add somebody to the pool of evaluators."""
    return Expert.objects.create(person=person, code=code, disciplines=disciplines, employer=employer, region=region)
