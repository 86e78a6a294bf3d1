"""An opening without meeting in which things go wrong, and a contract that somebody tries to change."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from tests.door.spoiled import spoil
from yiwang.demo.play import Play, sealed_bid


@pytest.mark.promise("S045")
def test_a_bid_that_does_not_open_and_an_objection_hold_up_nobody_else(play: Callable[..., Play], program: Any) -> None:
    played = play("draft")
    played.prepare()
    played.publish()
    played.submit_bids()
    damaged = played.submit("包裹损坏公司", 75_000_00)
    spoil(damaged.envelope_sha256)
    liar = played.cast.tenderer("另报一套公司")
    _, envelope = sealed_bid(played.tender, liar, 65_000_00)
    asks = program(liar)
    asks.act(played.number, "bid.submit", content=asks.upload(envelope), manifest_sha256="0" * 64)
    played.close()
    played.open_bids()

    public = program(None)
    rows = {row["tenderer"]["name"]: row for row in public.get(f"/tenders/{played.number}")["bids"]}
    assert len(rows) == 6
    assert {name for name, row in rows.items() if row["fault"]} == {"包裹损坏公司", "另报一套公司"}
    assert rows["包裹损坏公司"]["fault"]["zh"]
    assert rows["另报一套公司"]["price"] is None
    assert rows["另报一套公司"]["fault"]["whose"] == "tenderer"
    assert rows["江北建设集团"]["price"] == 70_000_00

    objector = program(liar)
    objector.act(played.number, "objection.raise", text="我方投标能够打开，请复核")
    played.confirm()
    seats = {"technical": 3, "economic": 2}
    held = program(played.cast.center).act(played.number, "draw.freeze_list", 409, seats=seats)
    assert held["reasons"][0]["article"] == "招标投标法实施条例 第44条"
    objection = public.get(f"/tenders/{played.number}")["objections"][0]
    program(played.host).act(played.number, "objection.answer", objection=objection["id"], text="清单与承诺不一致，维持记录")
    played.draw()
    assert played.until("awarded").tender.award.tenderer.name == "江北建设集团"


@pytest.mark.promise("S042")
def test_a_contract_at_another_price_than_the_bids_is_refused(play: Callable[..., Play], program: Any) -> None:
    played = play("awarded")
    buyer = program(played.cast.buyer)
    said = buyer.get(f"/tenders/{played.number}/acts/contract.sign/statement")
    assert said["content"]["price"] == 70_000_00
    other = {**said["content"], "price": 71_000_00}
    refused = buyer.act(played.number, "contract.sign", 422, **buyer.player.sign("contract", other))
    assert refused["reasons"][0]["code"] == "signature"
    assert program(None).get(f"/tenders/{played.number}")["contract"] is None
    buyer.sign(played.number, "contract.sign")
    winner = program(played.cast.tenderer("江北建设集团"))
    assert winner.act(played.number, "contract.sign", 422, **winner.player.sign("contract", other))
    program(played.host).act(played.number, "contract.register", 409)
    winner.sign(played.number, "contract.sign")
    program(played.host).act(played.number, "contract.register")
    assert program(None).get(f"/tenders/{played.number}")["contract"]["content"]["price"] == 70_000_00
