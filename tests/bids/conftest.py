"""Bids that are committed to first: tenders with and without a grace, firms that seal, commit and deliver."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import pytest

from tests.desks.conftest import FIRMS, cast, play, stage  # noqa: F401  (fixtures)
from yiwang.demo.play import Play, sealed_bid
from yiwang.modules.bids import acts as bids
from yiwang.modules.bids import sealed, uploads
from yiwang.modules.evidence import files, sequencer
from yiwang.seal import manifest
from yiwang.seal.envelope import Sealed

GRACE = 10
FIRST, SECOND, THIRD = (firm for firm, _ in FIRMS)


@dataclass(frozen=True)
class Made:
    """A sealed file that a firm holds on its own machine."""

    sealed: Sealed
    content: bytes


class Floor:
    """A tender that takes bids, and what its firms do."""

    def __init__(self, life: Play) -> None:
        self.life, self.number = life, life.number

    def actor(self, firm: str) -> Any:
        """Who acts for a firm."""
        return self.life.cast.tenderer(firm).actor

    def seal(self, firm: str, price: int = 80_000_00) -> Made:
        """A firm seals a bid on its own machine."""
        return Made(*sealed_bid(self.life.tender, self.life.cast.tenderer(firm), price))

    def commit(self, firm: str, made: Made, **changes: Any) -> Any:
        """A firm commits to a sealed file."""
        given = {
            "envelope_sha256": made.sealed.sha256, "envelope_size": made.sealed.size,
            "manifest_sha256": made.sealed.manifest_sha256, "client": manifest.CLIENT,
        }  # fmt: skip
        return bids.commit(actor=self.actor(firm), tender=self.number, **{**given, **changes})

    def deliver(self, firm: str, made: Made, **options: Any) -> Any:
        """A firm's sealed file has come whole."""
        return bids.deliver(actor=self.actor(firm), tender=self.number, content=self.store(firm, made.content), **options)

    def store(self, firm: str, content: bytes) -> files.Stored:
        """A firm uploads a file."""
        return uploads.keep([content], self.actor(firm), self.number)

    def submit(self, firm: str, price: int = 81_000_00) -> Any:
        """Both at once."""
        return self.life.submit(firm, price)

    def withdraw(self, firm: str) -> Any:
        """A firm withdraws."""
        return bids.withdraw(actor=self.actor(firm), tender=self.number)

    def after_deadline(self, **span: float) -> None:
        """Go to a moment after the deadline."""
        self.life.stage.to(self.life.tender.deadline + timedelta(**span))

    def standings(self) -> list[str]:
        """The standings of all bids, in the order in which they were begun."""
        return [bid.standing for bid in sealed.of_tender(self.life.tender)]

    def open(self) -> dict[str, Any]:
        """The grace is over; keys, opening; gives the record."""
        self.after_deadline(minutes=GRACE, seconds=1)
        self.life.open_bids()
        sequencer.sequence_all()
        record: dict[str, Any] = self.life.tender.opening.record
        return record


@pytest.fixture
def floor(play: Callable[..., Play]) -> Callable[..., Floor]:  # noqa: F811
    """``floor()``: a published tender with a grace of ten minutes; ``floor(grace=0)``: without."""

    def made(grace: int = GRACE) -> Floor:
        return Floor(play("tendering", upload_grace_minutes=grace))

    return made
