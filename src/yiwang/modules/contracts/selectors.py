"""Reads of contracts."""

from __future__ import annotations

from typing import Any

from yiwang.modules.contracts.models import Contract


def contract(tender: Any) -> Contract | None:
    """The contract of a tender, once a side has signed."""
    return Contract.objects.filter(tender=tender).select_related("award__tenderer").first()
