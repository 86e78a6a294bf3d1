"""Confirm the opening record with a signature: host, observer, tenderers."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest

from yiwang.desks import tender_parts
from yiwang.desks.screens import Screen, Statement, register
from yiwang.kernel.errors import NotVisible
from yiwang.kernel.text import Text
from yiwang.modules.evidence.actors import Actor
from yiwang.modules.openings import acts
from yiwang.modules.openings import selectors as openings


def statement(actor: Actor, tender: Any, data: dict[str, Any]) -> Statement:
    """What is signed: the hash of the record."""
    found = openings.opening(tender)
    if found is None:
        raise NotVisible
    return "opening-record", acts.confirmation_statement(found)


def perform(actor: Actor, number: str, data: dict[str, Any], extra: dict[str, Any]) -> Any:
    """Confirm."""
    return acts.confirm(actor=actor, tender=number, **extra)


def context(request: HttpRequest, tender: Any) -> dict[str, Any]:
    """The record's bids."""
    return {"table": tender_parts.bids_table(tender)}


register(
    Screen(
        "opening.confirm",
        perform,
        statement=statement,
        preview="desks/table_alone.html",
        context=context,
        intro=Text(
            "请核对开标一览，无误后签名确认。对开标有异议的，应当场提出。",
            "Check the list of bids, then confirm it with your signature. Objections to the opening are raised on the spot.",
        ),
    )
)
