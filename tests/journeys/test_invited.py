"""邀请招标: three at least, nobody else sees the tender before its bids are opened; then as in open tendering."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.journeys.rounds import audited, in_browser, verified
from yiwang.demo import chain
from yiwang.demo.play import Play
from yiwang.kernel.errors import BadInput, NotVisible, Refused
from yiwang.modules.awards import invitee_acts, invitee_selectors
from yiwang.modules.evidence.actors import PUBLIC
from yiwang.modules.tenders import rules
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


def test_government_invitees_are_drawn_from_a_pool_by_lot(play: Callable[..., Play], tmp_path: Path) -> None:
    goods = {"procedure": "gov_invited_tender", "category": "goods", "formula": GOV, "minimum": None}
    typed = play("", **goods, more={"invitees": ["91990100000000000X"]})
    with pytest.raises(BadInput) as refused:
        typed.until("draft")
    assert "invitees.drawn" in codes(refused)
    played = play("draft", **goods, bids=list(zip(FIRMS, (80_000_00, 70_000_00, 90_000_00), strict=True)))
    host, number = played.host.actor, played.number
    six = [played.cast.tenderer(firm).actor.organisation.uscc for firm in chain.MORE_FIRMS]
    with pytest.raises(BadInput) as refused:
        invitee_acts.make_list(actor=host, tender=number, way="pool", candidates=six[:5], watchers=["甲建国"])
    assert codes(refused) == ["invitees.candidates", "invitees.watchers", "invitees.ground"]
    with pytest.raises(BadInput) as refused:
        invitee_acts.make_list(actor=host, tender=number, way="prequalification", watchers=["甲建国", "甲晓梅"])
    assert codes(refused) == ["invitees.earlier"]
    played.prepare()
    with pytest.raises(Refused) as undrawn:
        chain.invite(played)
    assert "invitees.undrawn" in [reason.code for reason in undrawn.value.reasons]
    played.until("tendering")
    draw = invitee_selectors.shown(host, played.tender)
    assert sorted(draw.codes) == sorted(six) and draw.chosen == draw.drawn["order"][:3] == played.tender.invitees
    assert invitee_selectors.shown(PUBLIC, played.tender) is None
    with pytest.raises(Refused):  # one list, one draw
        invitee_acts.make_list(actor=host, tender=number, way="pool", candidates=six, watchers=["甲建国", "甲晓梅"], ground="重来")
    assert not tenders.is_visible(PUBLIC, number)
    played.until("archived")
    assert invitee_selectors.shown(PUBLIC, played.tender) is not None
    assert verified(number, tmp_path)["invitation"] == "ok"
    in_browser(tmp_path, number)
    audited(number)


def test_government_invitees_are_drawn_among_whom_a_prequalification_admitted(play: Callable[..., Play], tmp_path: Path) -> None:
    passing = {"id": "pass_fail", "version": 1, "rank_by": "pass", "ties": ["reported"]}
    applied = [(firm, None) for firm in chain.MORE_FIRMS[:4]]
    assert [rule.id for rule in rules.rules_between("gov_prequalification", rules.BID_PREPARATION)] == ["ZC-06"]
    first = play("admitted", procedure="gov_prequalification", category="goods", ceiling=None, minimum=None, formula=passing, bids=applied)
    offers = [(firm, 70_000_00 + place) for place, (firm, _) in enumerate(applied)]
    second = chain.following(first, "gov_invited_tender", ceiling=100_000_00, formula=GOV, bids=offers).until("archived")
    draw = invitee_selectors.shown(PUBLIC, second.tender)
    assert draw.codes == first.tender.admission.codes and len(draw.chosen) == 3
    assert verified(second.number, tmp_path)["invitation"] == "ok"
    first.until("archived")
    assert verified(first.number, tmp_path)["admission"] == "ok"
    for played in (first, second):
        audited(played.number)


def test_services_by_invitation_go_to_the_archive(play: Callable[..., Play], tmp_path: Path) -> None:
    played = play("archived", procedure="gov_invited_tender_services", category="services", formula=GOV, minimum=None,
                  bids=list(zip(FIRMS, (80_000_00, 70_000_00, 90_000_00), strict=True)))  # fmt: skip
    assert played.tender.award.tenderer.uscc in played.tender.invitees  # whom the lot gave
    assert verified(played.number, tmp_path)["invitation"] == "ok"
    audited(played.number)


def codes(error: Any) -> list[str]:
    """The codes of a refusal."""
    return [reason.code for reason in error.value.reasons]


GOV = {"id": "gov_lowest_price", "version": 1, "rank_by": "price", "ties": ["reported"]}


def test_two_invitees_are_refused_when_typed(play: Callable[..., Play]) -> None:
    made = play("", procedure="invited_tender")
    made.script.more["invitees"] = [made.cast.tenderer(firm).actor.organisation.uscc for firm in FIRMS[:2]]
    with pytest.raises(BadInput) as refused:
        made.until("draft")
    assert [reason.field for reason in refused.value.reasons] == ["invitees"]
