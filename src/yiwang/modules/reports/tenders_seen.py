"""The tenders that figures are counted from: what everybody may see of them by now, read in a few queries for all."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import datetime
from typing import Any

from yiwang.kernel import moment
from yiwang.modules.evidence.actors import PUBLIC
from yiwang.modules.evidence.findings import Said, said_of
from yiwang.modules.tenders import rounds
from yiwang.modules.tenders import selectors as tenders

_read: ContextVar[dict[tuple[str, ...], Any] | None] = ContextVar("read", default=None)
"""What was read while all figures are counted together."""


@contextmanager
def once() -> Iterator[None]:
    """Within the block tenders and acts are read once, whoever asks."""
    token = _read.set({})
    try:
        yield
    finally:
        _read.reset(token)


def _kept(key: tuple[str, ...], read: Callable[[], Any]) -> Any:
    kept = _read.get()
    if kept is None:
        return read()
    if key not in kept:
        kept[key] = read()
    return kept[key]


def published() -> list[Any]:
    """All published tenders, the oldest first, with what the figures need."""
    found: list[Any] = _kept(("published",), _published)
    return found


def _published() -> list[Any]:
    found = tenders.visible_to(PUBLIC).select_related("opening", "award__tenderer", "contract", "draw").prefetch_related("lots", "suspensions")
    return list(found.order_by("id"))


def acts(*names: str) -> dict[str, list[Said]]:
    """Acts of these names on the chains of published tenders, by the tender's number."""
    read: dict[str, list[Said]] = _kept(("acts", *sorted(names)), lambda: _acts(names))
    return read


def _acts(names: tuple[str, ...]) -> dict[str, list[Said]]:
    found: dict[str, list[Said]] = defaultdict(list)
    for each in said_of([tender.chain for tender in published()], *names):
        found[each.tender].append(each)
    return found


def bids(tender: Any) -> int | None:
    """How many bids were opened; None before the opening and in rounds that keep it secret, when nobody may know."""
    opening = getattr(tender, "opening", None)
    if opening is None or opening.opened_at is None or rounds.names_secret(tender):
        return None
    count: int = opening.count
    return count


def at(tender: Any, event: str) -> datetime | None:
    """A moment that the tender has noted."""
    stamp = tender.events.get(event)
    return moment.from_stamp(stamp) if stamp else None


def base(tender: Any) -> int:
    """The base of a bond, fen: the ceilings of its lots, else the budget."""
    ceilings = [lot.ceiling for lot in tender.lots.all()]
    return sum(ceilings) if ceilings and all(ceilings) else int(tender.budget)
