"""A whole life whose deciding acts wait for three witnesses, of which one dies and comes back on the way."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from itertools import pairwise
from typing import Any

import pytest

from tests.witness.quorum import Quorum
from yiwang.demo.play import Play
from yiwang.kernel.errors import Refused
from yiwang.modules.awards import acts as awards
from yiwang.modules.evidence import selectors as evidence
from yiwang.modules.evidence import sequencer, waiting, witnessing
from yiwang.modules.experts import acts as experts
from yiwang.modules.openings import acts as openings
from yiwang.tlog import policy as policies


class Waiting:
    """Somebody who does an act again until the witnesses have seen what came before, as a person or the worker does."""

    def __init__(self) -> None:
        self.refused: list[str] = []
        self.beyond: dict[str, bool] = {}

    def patient(self, name: str, act: Callable[..., Any]) -> Callable[..., Any]:
        def done(**given: Any) -> Any:
            for _ in range(20):
                try:
                    return act(**given)
                except Refused as refusal:
                    if {reason.code for reason in refusal.reasons} != {"witness.wait"}:
                        raise
                    self.refused.append(name)
                    sequencer.sequence_all()
                    witnessing.collect_once()
                    time.sleep(0.02)
            raise AssertionError(f"{name} waits for ever")

        return done


@contextmanager
def patience(monkeypatch: pytest.MonkeyPatch) -> Iterator[Waiting]:
    waits = Waiting()
    for module in (openings, experts, awards):
        for name in ("close", "release_key", "open_bids", "freeze_list", "commit", "reveal", "seat", "decide", "notify"):
            if hasattr(module, name):
                monkeypatch.setattr(module, name, waits.patient(f"{module.__name__.split('.')[2]}.{name}", getattr(module, name)))
    yield waits


@pytest.mark.promise("S037", "S089", "S091")
def test_what_decides_a_tender_rests_on_what_witnesses_have_seen(
    quorum: Quorum, play: Callable[..., Play], program: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    with patience(monkeypatch) as waits:
        played = play("closed")
        quorum.stop(2)
        played.until("opened")
        quorum.start(2)
        played.until("awarded")
    assert {"openings.close", "openings.release_key", "openings.open_bids", "experts.reveal", "awards.decide"} <= set(waits.refused)

    sequencer.sequence_all()
    assert witnessing.collect_once()
    trusted = "".join(f"log {vkey}\n" for vkey in sequencer.the_log().keys.vkeys()) + witnessing.policy_text()
    acts = list(evidence.acts_of(played.tender))
    for before, act in pairwise(acts):
        if act.act in waiting.WAITS:
            seen = witnessing.at_least(before.log_entry.index)
            assert seen.size <= act.log_entry.index, act
            assert policies.parse(trusted.encode()).open(seen.note.encode()).checkpoint.root == seen.root
    reveals = [json.loads(bytes(act.canonical))["public"] for act in acts if act.act == "draw.reveal"]
    seat = next(json.loads(bytes(act.canonical))["public"] for act in acts if act.act == "draw.seat")
    assert [each["beacon"] for each in reveals] == [seat["beacon"]] * len(reveals)
    assert seat["beacon"]["root"] == witnessing.of_size(seat["beacon"]["size"]).root.hex()
    assert witnessing.of_size(seat["beacon"]["size"]).quorum
    receipt = program(played.cast.buyer).get(f"/receipts/{acts[-1].pk}")
    assert receipt["witnessed"] == witnessing.at_least(acts[-1].log_entry.index).note


@pytest.mark.promise("S089")
def test_an_act_that_waits_says_so_and_what_would_pass(quorum: Quorum, play: Callable[..., Play], program: Any) -> None:
    assert witnessing.policy() is not None
    played = play("draft")
    played.prepare()
    played.publish()
    played.submit_bids()
    sequencer.sequence_all()
    quorum.stop(0, 1)
    witnessing.collect_once()
    with pytest.raises(Refused) as refused:
        played.close()
    assert "见证恢复" in str(refused.value.reasons[0].passes)
    quorum.start(0)
    while not witnessing.collect_once():
        time.sleep(0.02)
    played.close()
    custodian = program(played.cast.custodians[0])
    key = played.custody_keys[played.cast.custodians[0].person.username].identity
    told = custodian.act(played.number, "opening.release_key", 409, identity=key)
    assert told["reasons"][0]["code"] == "witness.wait" and "稍后再试" in json.dumps(told, ensure_ascii=False)
    steps = custodian.get(f"/tenders/{played.number}/steps")
    step = next(each for each in steps if each["act"] == "opening.release_key")
    assert not step["allowed"]
