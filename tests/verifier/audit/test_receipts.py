"""A receipt is a C2SP tlog-proof that its owner keeps; strangers get none."""

from __future__ import annotations

import json

import pytest

from yiwang.kernel.canonical import canonical
from yiwang.kernel.errors import NotVisible
from yiwang.modules.evidence.actors import PUBLIC
from yiwang.modules.evidence.commitments import commit
from yiwang.modules.evidence.models import Act
from yiwang.modules.evidence.receipts import receipt_file
from yiwang.modules.evidence.sequencer import the_log
from yiwang.tlog import proof as proofs

from .conftest import City

pytestmark = pytest.mark.django_db


def test_a_tenderer_checks_the_own_receipt_offline(city: City) -> None:
    owner = city.cast.tenderers["海天建设有限公司"]
    act = Act.objects.filter(act="bid.submit", organisation=owner.actor.organisation).order_by("-id")[0]
    found = proofs.parse(receipt_file(owner.actor, act))
    assert found.extra is not None
    said = json.loads(found.extra)
    entry = commit(bytes.fromhex(said["salt"]), canonical(said["act"]))
    signed = proofs.verify(found, entry, the_log().keys.verifiers())
    assert signed.checkpoint.size > found.index
    assert said["act"]["public"]["tenderer"] == owner.actor.organisation.uscc
    with pytest.raises(proofs.ProofError):
        proofs.verify(found, entry[:-1] + b"x", the_log().keys.verifiers())


def test_nobody_else_gets_it(city: City) -> None:
    act = Act.objects.filter(act="bid.submit").first()
    assert act is not None
    for stranger in (PUBLIC, city.cast.supervisor.actor, city.cast.agency.actor):
        with pytest.raises(NotVisible):
            receipt_file(stranger, act)
