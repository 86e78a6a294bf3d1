"""邀请招标: three at least, nobody else sees the tender before its bids are opened; then as in open tendering."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.journeys.rounds import audited, verified
from yiwang.demo import chain  # noqa: F401  (teaches the player the acts)
from yiwang.demo.play import Play
from yiwang.kernel.errors import BadInput, NotVisible, Refused
from yiwang.modules.evidence.actors import PUBLIC
from yiwang.modules.tenders import selectors as tenders

FIRMS = ["城东市政工程公司", "江北建设集团", "海门路桥公司"]
OUTSIDER = "临港工程公司"


def invited(play: Callable[..., Play], until: str, procedure: str = "invited_tender", **more: Any) -> Play:
    """Played with three invitees who all bid."""
    made = play("", procedure=procedure, bids=list(zip(FIRMS, (80_000_00, 70_000_00, 90_000_00), strict=True)), **more)
    made.script.more["invitees"] = [made.cast.tenderer(firm).actor.organisation.uscc for firm in FIRMS]
    return made.until(until)


def test_only_the_invited_see_and_bid_and_the_dossier_verifies(play: Callable[..., Play], tmp_path: Path) -> None:
    played = invited(play, "tendering")
    outsider = played.cast.tenderer(OUTSIDER).actor
    for actor in (PUBLIC, outsider):
        assert not tenders.is_visible(actor, played.number)
        with pytest.raises(NotVisible):
            tenders.tender(actor, played.number)
    with pytest.raises(Refused) as refused:
        played.submit(OUTSIDER, 65_000_00)
    assert "招标投标法 第17条" in {reason.article for reason in refused.value.reasons}
    played.until("opened")
    assert tenders.is_visible(PUBLIC, played.number)
    played.until("archived")
    assert played.tender.award.tenderer.name == FIRMS[1]
    assert verified(played.number, tmp_path)["invitation"] == "ok"
    audited(played.number)


def test_government_procurement_invites_by_its_own_law(play: Callable[..., Play], tmp_path: Path) -> None:
    played = invited(play, "archived", "gov_invited_tender", category="goods", formula=GOV, minimum=None)
    assert played.tender.state == "archived"
    assert verified(played.number, tmp_path)["invitation"] == "ok"


GOV = {"id": "gov_lowest_price", "version": 1, "rank_by": "price", "ties": ["reported"]}


def test_two_invitees_are_refused_when_typed(play: Callable[..., Play]) -> None:
    made = play("", procedure="invited_tender")
    made.script.more["invitees"] = [made.cast.tenderer(firm).actor.organisation.uscc for firm in FIRMS[:2]]
    with pytest.raises(BadInput) as refused:
        made.until("draft")
    assert [reason.field for reason in refused.value.reasons] == ["invitees"]
