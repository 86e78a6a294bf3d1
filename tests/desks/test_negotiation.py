"""Negotiation, single source and framework agreements at the desks: every act by its page, and no page betrays a secret."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.test import Client

from tests.desks.conftest import text_of
from tests.desks.test_rounds import FIRMS, betrayed
from yiwang.demo import talks
from yiwang.demo.cast import Cast
from yiwang.demo.stage import local
from yiwang.modules.negotiations import selectors

SECRET = "只有这一家知道的谈判内容"
PASS = {"id": "pass_fail", "version": 1, "rank_by": "pass", "ties": ["reported"]}
FREE = {"category": "goods", "ceiling": None, "minimum": None}


def test_the_group_talks_changes_and_closes_by_its_pages_and_only_those_concerned_read_it(cast: Cast, play: Any, desk: Any) -> None:
    played = play("evaluating", procedure="gov_negotiation", formula=PASS, seats={"technical": 2, "economic": 1}, **FREE)
    talks.declare(played)
    number, writer = played.number, desk(played._committee()[0][1])
    first, *others = selectors.suppliers(played.tender)
    page = writer.act(number, "negotiation.talk", bid=first.chain, record=SECRET, present=["1"])
    assert page.status_code == 422 and "全体" in text_of(page) and SECRET in text_of(page)  # nothing typed is lost
    for bid in (first, *others):
        done = writer.act(number, "negotiation.talk", bid=bid.chain, record=SECRET if bid is first else "一般内容")
        assert done.status_code == 302, text_of(done)
    assert writer.act(number, "negotiation.change", kind="technical", text="接口改为国家标准", confirmed="on").status_code == 302
    assert writer.act(number, "negotiation.close", quote_hours="36").status_code == 302
    own, other = (desk(cast.tenderer(bid.tenderer.name)) for bid in (first, others[0]))
    mine, theirs = (text_of(each.get(f"/desk/tenders/{number}/")) for each in (own, other))
    assert SECRET in mine and SECRET not in theirs
    assert "接口改为国家标准" in mine and "接口改为国家标准" in theirs and "36 小时" in theirs
    assert others[0].tenderer.name not in mine  # nobody learns whom else the group talks with
    stranger = desk(cast.tenderer("旁观建设有限公司"))
    for reader in (Client(), stranger.client):
        assert betrayed(number, reader) == []
        assert not any(word in text_of(reader.get(f"/api/v1/tenders/{number}")) for word in (SECRET, "接口改为"))
    assert SECRET not in text_of(stranger.get(f"/desk/tenders/{number}/"))
    assert own.get(f"/desk/tenders/{number}/negotiation.talk/").status_code == 404
    assert first.tenderer.name in FIRMS


def test_a_single_source_is_publicised_objected_to_and_settled_by_its_pages(cast: Cast, play: Any, desk: Any) -> None:
    source, rival = cast.tenderer(FIRMS[0]), desk(cast.tenderer(FIRMS[1]))
    played = play("draft", procedure="gov_single_source", bids=[(FIRMS[0], 80_000_00)], **FREE)
    number, host = played.number, desk(played.host)
    experts = {f"{name}_{n}": f"{name}{n}" for n in (1, 2, 3) for name in ("name", "employer", "title", "opinion")}
    said = {"supplier": source.actor.organisation.uscc, "ground": "only", "reason": "接口由原厂商独家维护", **experts}
    assert Client().get(f"/tenders/{number}/").status_code == 404
    done = host.act(number, "source.publicise", **said)
    assert done.status_code == 302, text_of(done)
    played.prepare()
    shown = text_of(Client().get(f"/tenders/{number}/"))
    assert "接口由原厂商独家维护" in shown and "opinion3" in shown and FIRMS[0] in shown
    document = played.tender.documents.get().sha256
    for address in (f"/tenders/{number}/documents/{document}/", f"/api/v1/tenders/{number}/documents/{document}"):
        assert rival.get(address).status_code == 404  # the documents of a draft are nobody else's
        answer = host.get(address)
        assert answer.status_code == 200 and b"".join(answer.streaming_content)
    assert document not in text_of(rival.get(f"/desk/tenders/{number}/"))
    assert rival.act(number, "source.object", text="我公司也能提供").status_code == 302
    assert "我公司也能提供" not in text_of(Client().get(f"/tenders/{number}/"))
    assert host.act(number, "source.answer", upheld="no", text="接口协议不公开").status_code == 302
    assert "接口协议不公开" in text_of(Client().get(f"/tenders/{number}/"))
    played.stage.to(played.tender.source_publicity.ends)
    played.stage.wait(hours=1)
    talks.HANDS["tender.invite"](played)
    played.until("opened")
    played.confirm()
    assert host.act(number, "negotiation.settle", record="协商记录", negotiators="孙立、何静", agreed="76000").status_code == 302
    assert played.tender.report.content["candidates"][0]["price"] == 76_000_00


def test_a_framework_is_joined_and_an_order_goes_out_by_their_pages(cast: Cast, play: Any, desk: Any) -> None:
    played = play("tendering", procedure="gov_framework_open", formula=PASS, deadline=local(date(2026, 12, 25), 17), **FREE)
    number, host, firm = played.number, desk(played.host), desk(cast.tenderer(FIRMS[0]))
    assert firm.act(number, "framework.apply", price="1000", statement="接受全部条件").status_code == 302
    assert FIRMS[0] not in text_of(Client().get(f"/tenders/{number}/"))
    assert host.act(number, "framework.review", admitted="yes").status_code == 302
    assert FIRMS[0] in text_of(Client().get(f"/tenders/{number}/"))
    order = talks.following(played, "gov_framework_turn", bids=[(FIRMS[0], 900_00)])
    order.enter()
    shown = text_of(host.get(f"/desk/tenders/{order.number}/framework.choose/"))
    assert FIRMS[0] in shown and "1,000.00" in shown
    assert host.act(order.number, "framework.choose", quantity="3").status_code == 302
    assert order.tender.invitees == [firm.player.actor.organisation.uscc]
    order.prepare()
    assert "<li>" + FIRMS[0] + "</li>" in text_of(host.get(f"/desk/tenders/{order.number}/tender.invite/"))
    talks.HANDS["tender.invite"](order)
    assert "3,000.00" in text_of(firm.get(f"/desk/tenders/{order.number}/")).partition("不得高于")[2][:120]  # three units at its own price
    assert host.act(number, "framework.close").status_code == 302
    assert played.tender.state == "admitted"
