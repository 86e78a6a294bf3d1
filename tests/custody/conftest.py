"""Custodians with deputies, on the stage of the desks' tests."""

from __future__ import annotations

from typing import Any

import pytest

from tests.desks.conftest import cast, desk, play, stage  # noqa: F401  (fixtures)
from yiwang.demo.cast import Player, player
from yiwang.demo.play import possession
from yiwang.modules.evidence import sequencer
from yiwang.modules.openings import acts as openings
from yiwang.seal import keys


def deputy_of(custodian: Player, name: str = "替补") -> Player:
    """Another custodian of the same body."""
    return player(f"deputy-{custodian.person.username}", name, organisation=custodian.actor.organisation, duty="custodian")


@pytest.fixture
def deputies(cast: Any) -> dict[str, Player]:  # noqa: F811
    """A deputy for each custodian, by the custodian's user name."""
    return {each.person.username: deputy_of(each) for each in cast.custodians}


@pytest.fixture
def appointed(play: Any, cast: Any, deputies: dict[str, Player]) -> Any:  # noqa: F811
    """A draft whose custodians, each with a deputy, are appointed and have given no key."""
    life = play()
    life.enter()
    names = [each.person.username for each in cast.custodians]
    openings.appoint_custodians(
        actor=life.host.actor, tender=life.number, custodians=names, deputies={name: deputies[name].person.username for name in names}
    )
    sequencer.sequence_all()
    return life


def give(life: Any, who: Player, key: keys.CustodianKey | None = None) -> keys.CustodianKey:
    """Somebody makes a key on the own machine and gives it with proof of possession."""
    made = key or keys.new_custodian_key()
    openings.provide_key(actor=who.actor, tender=life.number, **possession(who.actor, life.number, made))
    return made
