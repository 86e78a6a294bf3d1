"""询价: one unchangeable quote each, a group of three, the lowest that meets the needs; to the archive, and the dossier verifies."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.journeys.rounds import audited, verified
from yiwang.demo.play import Play
from yiwang.kernel.errors import Refused

FIRMS = ["城东市政工程公司", "江北建设集团", "临港工程公司"]


def test_the_lowest_quote_wins_after_three_working_days(play: Callable[..., Play], tmp_path: Path) -> None:
    inquiry = {"procedure": "gov_inquiry", "category": "goods", "minimum": None, "seats": {"technical": 2, "economic": 1}}
    played = play("draft", **inquiry, bids=list(zip(FIRMS, (80_000_00, 72_000_00, 70_000_00), strict=True)))
    played.prepare()
    played.script.deadline = played.stage.at.replace(hour=1) + (played.stage.at - played.stage.at.replace(hour=0, minute=0))
    with pytest.raises(Refused) as early:
        played.publish()
    assert early.value.reasons[0].code == "ZC-10"
    assert early.value.reasons[0].after is not None
    played.script.deadline = None
    played.until("opened")
    with pytest.raises(Refused):
        played.submit(FIRMS[0], 60_000_00)  # a quote is given once
    played.until("archived")
    assert played.tender.award.tenderer.name == FIRMS[2]
    assert played.tender.contract.content["price"] == 70_000_00
    assert verified(played.number, tmp_path)["ranking"] == "ok"
    audited(played.number)
