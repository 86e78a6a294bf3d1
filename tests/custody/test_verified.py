"""The verifier redoes proofs of possession and knows deputies; what is forged is named."""

from __future__ import annotations

import base64
import copy
import json
import os
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from tests.custody.conftest import give
from tests.custody.test_deputies import publish
from yiwang.modules.evidence import dossier as dossiers
from yiwang.modules.evidence import sequencer
from yiwang.modules.openings import acts as openings
from yiwang.seal import keys
from yiwang.verifier import archive as archives
from yiwang.verifier import verify
from yiwang.verifier.checks.custody import custody
from yiwang.verifier.dossier import Act
from yiwang.verifier.report import OK


def opened_by_deputies(life: Any, cast: Any, deputies: Any, stage: Any) -> None:
    """The first custodian declares that it cannot be done, the second is late: their deputies give and release."""
    first, second, third, *others = cast.custodians
    stand_in = deputies[first.person.username]
    openings.refuse(actor=first.actor, tender=life.number, reason="因公外出")
    held = give(life, stand_in)
    made = [give(life, each) for each in (second, third, *others)]
    publish(life, cast)
    openings.release_key(actor=stand_in.actor, tender=life.number, identity=held.identity)
    openings.release_key(actor=third.actor, tender=life.number, identity=made[1].identity)
    stage.wait(minutes=20)
    openings.release_key(actor=deputies[second.person.username].actor, tender=life.number, identity=made[0].identity)
    openings.open_bids(actor=life.host.actor, tender=life.number)
    sequencer.sequence_all()


@pytest.fixture
def dossier(appointed: Any, cast: Any, deputies: Any, stage: Any, tmp_path: Path) -> Any:
    """The acts of custody of an opened tender, as the dossier of it discloses them."""
    opened_by_deputies(appointed, cast, deputies, stage)
    path = tmp_path / "dossier.zip"
    dossiers.build(appointed.number, out=path)
    report = verify(path)
    assert list(report.failed) == []
    assert "custody" in {line.id for line in report.lines}
    acts = [Act(n, "", "", copy.deepcopy(row)) for n, row in enumerate(_contents(path))]
    return SimpleNamespace(acts=acts)


def _contents(path: Path) -> list[dict[str, Any]]:
    with archives.read(path) as archive:
        return [row["act"] for row in json.loads(archive.read("acts.json")) if "act" in row]


def faults(acts: list[Act]) -> str:
    """What the check of custody says of these acts."""
    fake = SimpleNamespace(
        all=lambda name: [act for act in acts if act.name == name],
        last=lambda name: next((act for act in reversed(acts) if act.name == name), None),
        facts={"custody_threshold": 3},
        notice=next((act for act in acts if act.name == "tender.publish"), None),
    )
    found = custody(fake)  # type: ignore[arg-type]
    return "" if found.status == OK else "\n".join(text.zh for text in found.details)


def test_forgeries_are_named(dossier: Any) -> None:
    assert faults(dossier.acts) == ""

    def changed(name: str, which: int, **public: Any) -> str:
        acts = copy.deepcopy(dossier.acts)
        act = [each for each in acts if each.name == name][which]
        act.content["public"] |= public
        return faults(acts)

    key = keys.new_custodian_key()
    first = next(act for act in dossier.acts if act.name == "custody.provide_key").public
    forged = base64.b64encode(keys.challenge(first["recipient"], os.urandom(32))).decode()
    assert "持有证明不成立" in changed("custody.provide_key", 0, nonce="00" * 32)
    assert "持有证明不成立" in changed("custody.provide_key", 0, challenge=forged)
    assert "持有证明不成立" in changed("custody.provide_key", 0, challenge="no base64")
    assert "公布的密钥不是当初公钥的另一半" in changed("opening.release_key", 0, identity=key.identity)
    assert "替补没有依据" in changed("custody.provide_key", 0, rule="CU-03/holder")
    assert "替补没有依据" in changed("opening.release_key", 2, rule="CU-03/refused")
    assert "不是该位置的替补" in changed("opening.release_key", 2, **{"for": "somebody else"})
    acts = copy.deepcopy(dossier.acts)
    for act in acts:
        act.content["public"].pop("nonce", None)
    assert "没有持有证明" in faults(acts)
    acts = copy.deepcopy(dossier.acts)
    for act in acts:
        act.content["public"].pop("for", None)
    assert "不是该位置的保管人" in faults(acts)
    acts = [act for act in copy.deepcopy(dossier.acts) if act.name != "custody.refuse"]
    assert "替补没有依据" in faults(acts)
