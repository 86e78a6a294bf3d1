"""Commit and deliver by JSON, as the browser and programs do."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.bids.conftest import FIRST, GRACE, SECOND, THIRD, Floor
from tests.journeys.conftest import Program
from yiwang.modules.evidence import sequencer
from yiwang.seal.manifest import CLIENT

pytestmark = pytest.mark.django_db


def test_commit_upload_deliver_and_receipts(floor: Callable[..., Floor]) -> None:
    here = floor()
    here.submit(SECOND)
    here.submit(THIRD)
    firm, rival = (Program(here.life.cast.tenderer(name)) for name in (FIRST, SECOND))
    made = here.seal(FIRST, 79_000_00)
    body = {
        "envelope_sha256": made.sealed.sha256, "envelope_size": made.sealed.size, "manifest_sha256": made.sealed.manifest_sha256,
        "client": CLIENT,
    }  # fmt: skip
    path = f"/tenders/{here.number}/acts/bid.commit"
    receipt = firm.post(path, body, key="once")
    assert firm.post(path, body, 200, key="once")["act"] == receipt["act"]
    assert firm.post(path, {**body, "envelope_size": "12"}, 422)
    duplicate = firm.act(here.number, "bid.commit", 422, **body)
    assert duplicate["reasons"][0]["code"] == "bid.duplicate"
    sequencer.sequence_all()
    assert isinstance(firm.get(f"/receipts/{receipt['act']}")["index"], int)
    rival.get(f"/receipts/{receipt['act']}", 404)
    [own] = firm.get(f"/tenders/{here.number}")["own_bids"]
    assert (own["standing"], own["client"], own["delivery_receipt"]) == ("committed", CLIENT, None)
    assert own["deliver_until"] is not None
    here.life.close()
    here.after_deadline(minutes=GRACE - 1)
    token = firm.upload(made.content)
    stolen = rival.act(here.number, "bid.deliver", 422, content=token)
    assert stolen["reasons"], "a token of somebody else"
    delivered = firm.act(here.number, "bid.deliver", content=token)
    [own] = firm.get(f"/tenders/{here.number}")["own_bids"]
    assert (own["standing"], own["deliver_until"]) == ("submitted", None)
    assert own["delivery_receipt"] == f"/api/v1/receipts/{delivered['act']}"
    late = firm.act(here.number, "bid.commit", 409, **body)
    assert late["reasons"][0]["code"] in ("state", "deadline")
