"""框架协议: a closed one with a fifth dropped, orders in all three manners, an open one that suppliers join one by one."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

from tests.journeys.rounds import audited, verified
from yiwang.demo import talks
from yiwang.demo.play import Play
from yiwang.demo.stage import local
from yiwang.kernel.errors import BadInput, Refused
from yiwang.modules.evidence.actors import PUBLIC
from yiwang.modules.evidence.findings import Scope
from yiwang.modules.negotiations import audit, framework_acts, selectors

FIRMS = ["城东市政工程公司", "江北建设集团", "临港工程公司"]
PRICE_FIRST = {"id": "framework_price_first", "version": 1, "rank_by": "price", "price": {"stacking": "multiplicative"},
               "ties": ["reported"], "keep": {"drop": "0.2", "least_dropped": 1}}  # fmt: skip
GOODS = {"category": "goods", "ceiling": 100_000_00, "minimum": None}


def ordered(framework: Play, procedure: str, firms: list[str], winner: str, tmp_path: Path) -> Play:
    played = talks.following(framework, procedure, ceiling=100_000_00, bids=[(firm, 50_000_00 + place) for place, firm in enumerate(firms)])
    played.until("archived")
    assert played.tender.award.tenderer.name == winner
    lines = verified(played.number, tmp_path)
    assert (lines["framework"], lines["settled"]) == ("ok", "ok")
    audited(played.number)
    assert list(audit.findings(Scope(frozenset({played.number})))) == []
    return played


def test_a_closed_framework_drops_a_fifth_and_orders_go_out_in_three_manners(play: Callable[..., Play], tmp_path: Path) -> None:
    framework = play("admitted", procedure="gov_framework_closed", formula=PRICE_FIRST, **GOODS,
                     bids=list(zip(FIRMS, (80_000_00, 70_000_00, 75_000_00), strict=True)))  # fmt: skip
    assert [row["name"] for row in framework.tender.admission.admitted] == [FIRMS[1], FIRMS[2]]
    assert [row["name"] for row in framework.tender.admission.others] == [FIRMS[0]]

    assert [row["price"] for row in framework.tender.admission.admitted] == [70_000_00, 75_000_00]

    ordered(framework, "gov_framework_call", [FIRMS[2], FIRMS[1]], FIRMS[2], tmp_path)
    dear = [(FIRMS[1], 70_000_01), (FIRMS[2], 74_000_00)]  # the lower quote lies above its own price, though below the ceiling
    order = talks.following(framework, "gov_framework_call", ceiling=100_000_00, bids=dear).until("awarded")
    assert order.tender.award.tenderer.name == FIRMS[2]
    rejected = [row["rejected"] for row in order.tender.report.content["ranking"]["results"] if row["rank"] is None]
    assert "70,000.00" in rejected[0][0]["zh"]
    assert verified(order.number, tmp_path)["settled"] == "ok"
    direct = talks.following(framework, "gov_framework_direct", ceiling=100_000_00, bids=[(FIRMS[1], 60_000_00)]).until("draft")
    dropped = framework.cast.tenderer(FIRMS[0]).actor.organisation.uscc
    with pytest.raises(Refused, match=r"不是入围供应商|is not admitted"):
        framework_acts.choose(actor=direct.host.actor, tender=direct.number, supplier=dropped, reason="便宜")
    first = ordered(framework, "gov_framework_turn", [FIRMS[1]], FIRMS[1], tmp_path)
    second = talks.following(framework, "gov_framework_turn", ceiling=100_000_00, bids=[(FIRMS[2], 60_000_00)]).until("draft")
    with pytest.raises(Refused, match=r"挑选|picks"):
        framework_acts.choose(actor=second.host.actor, tender=second.number, supplier=dropped, reason="挑选")
    talks.choose(second)
    assert [first.tender.framework_choice.turn, second.tender.framework_choice.turn] == [1, 2]
    assert second.tender.invitees == [framework.cast.tenderer(FIRMS[2]).actor.organisation.uscc]
    lines = verified(framework.number, tmp_path)
    assert (lines["admission"], lines["ranking"]) == ("ok", "ok")


def test_an_open_framework_takes_suppliers_one_by_one(play: Callable[..., Play], tmp_path: Path) -> None:
    passing = {"id": "pass_fail", "version": 1, "rank_by": "pass", "ties": ["reported"]}
    framework = play("tendering", procedure="gov_framework_open", formula=passing, deadline=local(date(2026, 12, 25), 17), **GOODS)
    number, host = framework.number, framework.host.actor
    one, two = (framework.cast.tenderer(firm).actor for firm in FIRMS[:2])
    with pytest.raises(BadInput, match=r"上限|ceiling"):
        framework_acts.apply(actor=one, tender=number, price=100_000_01, statement="接受全部条件")
    first = framework_acts.apply(actor=one, tender=number, price=90_000_00, statement="接受全部条件")
    second = framework_acts.apply(actor=two, tender=number, price=95_000_00, statement="接受全部条件")
    with pytest.raises(Refused, match=r"已经申请|applied"):
        framework_acts.apply(actor=one, tender=number, price=80_000_00, statement="再次申请")
    framework_acts.review(actor=host, tender=number, application=first.pk, admitted=True)
    with pytest.raises(BadInput, match=r"理由|reason"):
        framework_acts.review(actor=host, tender=number, application=second.pk, admitted=False)
    assert [row.supplier.name for row in selectors.applications(PUBLIC, framework.tender)] == [FIRMS[0]]
    with pytest.raises(Refused, match=r"没有审核|not reviewed"):
        framework_acts.close(actor=host, tender=number)
    framework_acts.review(actor=host, tender=number, application=second.pk, admitted=False, reason="没有服务网点")
    dear = talks.following(framework, "gov_framework_direct", ceiling=100_000_00, bids=[(FIRMS[0], 90_000_01)]).until("opened")
    with pytest.raises(BadInput, match=r"没有符合要求的报价|no quote meets"):
        talks.settle(dear)
    ordered(framework, "gov_framework_direct", [FIRMS[0]], FIRMS[0], tmp_path)
    framework.until("archived")
    assert verified(number, tmp_path)["framework"] == "ok"
    audited(number)
    assert list(audit.findings(Scope(frozenset({number})))) == []
