"""The front of the desks: what waits, what one was told, receipts, the tender's page for each reader."""

from __future__ import annotations

from typing import Any

import pytest

from tests.desks.conftest import FIRMS, text_of
from yiwang.demo.cast import Cast
from yiwang.modules.evidence import selectors as evidence
from yiwang.modules.evidence import sequencer
from yiwang.modules.tenders import acts as tenders


def test_what_waits_stands_first_with_its_deadline(cast: Cast, play: Any, desk: Any) -> None:
    life = play("awarded")
    shown = text_of(desk(cast.buyer).get("/desk/"))
    assert "有 1 个项目等您办理" in shown and "签署合同" in shown and life.tender.title in shown
    assert "没有等您办理的事" in text_of(desk(cast.supervisor).get("/desk/"))


def test_an_open_question_waits_for_the_host_alone_and_without_its_author(cast: Cast, play: Any, desk: Any) -> None:
    life = play("tendering")
    assert "没有等您办理的事" in text_of(desk(cast.agency).get("/desk/"))
    asker = cast.tenderer(FIRMS[0][0])
    tenders.ask(actor=asker.actor, tender=life.number, question="现场踏勘是否统一组织？")
    shown = text_of(desk(cast.agency).get(f"/desk/tenders/{life.number}/"))
    assert "现场踏勘是否统一组织？" in shown and FIRMS[0][0] not in shown
    for other in (cast.center, cast.supervisor, cast.tenderer(FIRMS[1][0])):
        assert "现场踏勘" not in text_of(desk(other).get(f"/desk/tenders/{life.number}/"))


def test_nothing_tells_how_many_bid_before_closing(cast: Cast, play: Any, desk: Any) -> None:
    life = play("tendering")
    readers = (cast.agency, cast.buyer, cast.center, cast.supervisor, cast.custodians[0])
    before = [_page(desk(each), life.number) for each in readers]
    for firm, price in FIRMS:
        life.submit(firm, price)
    assert [_page(desk(each), life.number) for each in readers] == before


def _page(who: Any, number: str) -> str:
    shown = text_of(who.get(f"/desk/tenders/{number}/"))
    return shown[: shown.index("<footer")].split("</header>")[1]


def test_the_committee_is_nameless_until_the_award(cast: Cast, play: Any, desk: Any) -> None:
    life = play("evaluating")
    name = life._committee()[0][1].person.name
    for reader in (cast.buyer, cast.center, cast.supervisor):
        shown = text_of(desk(reader).get(f"/desk/tenders/{life.number}/"))
        assert "评委1" in shown and name not in shown
    assert "评委1" not in text_of(desk(cast.tenderer(FIRMS[0][0])).get(f"/desk/tenders/{life.number}/"))
    life.until("awarded")
    assert name in text_of(desk(cast.tenderer(FIRMS[0][0])).get(f"/desk/tenders/{life.number}/"))


def test_a_receipt_waits_for_its_index_and_is_nobody_elses(cast: Cast, play: Any, desk: Any) -> None:
    life = play("tendering")
    tenders.clarify(actor=cast.agency.actor, tender=life.number, answer="见附件", affects_bids=False)
    act = evidence.latest_of(cast.agency.actor, "clarification.answer")
    assert act is not None
    url = f"/desk/receipts/{act.pk}/"
    waiting = text_of(desk(cast.agency).get(url))
    assert "正在写入公开日志" in waiting and "look-again.js" in waiting
    sequencer.sequence_all()
    placed = text_of(desk(cast.agency).get(url))
    assert bytes(act.entry).hex() in placed and "look-again.js" not in placed and "qr" in placed
    assert desk(cast.center).get(url).status_code == 404


def test_notifications_are_marked_as_read(cast: Cast, play: Any, desk: Any) -> None:
    play("tendering")
    center = desk(cast.center)
    assert "未读" in text_of(center.get("/desk/notifications/"))
    assert center.post("/desk/notifications/").status_code == 302
    assert "未读" not in text_of(center.get("/desk/notifications/"))


def test_filters_of_the_list_stand_in_the_address(cast: Cast, play: Any, desk: Any) -> None:
    play("tendering")
    play("", title="另一个项目").enter()
    buyer = desk(cast.buyer)
    drafts = text_of(buyer.get("/desk/tenders/", state="draft")).split("<main")[1]
    assert "另一个项目" in drafts and "城南污水管网" not in drafts
    found = text_of(buyer.get("/desk/tenders/", q="污水")).split("<main")[1]
    assert "城南污水管网" in found and "另一个项目" not in found


@pytest.mark.parametrize(
    "state", ["draft", "closed", "opened", "evaluated", "publicity", "contracted", "archived", "terminated"]
)
def test_the_page_stands_at_every_stage(cast: Cast, play: Any, desk: Any, state: str) -> None:
    life = play("tendering" if state == "terminated" else "" if state == "draft" else state)
    if state == "draft":
        life.enter()
    if state == "terminated":
        tenders.terminate(actor=cast.buyer.actor, tender=life.number, reason="规划调整")
    for reader in (cast.buyer, cast.center):
        for lang in ("zh", "en"):
            page = desk(reader).get(f"/desk/tenders/{life.number}/", lang=lang)
            assert page.status_code == 200 and "timeline" in text_of(page)


def test_lists_ask_the_database_no_more_for_more_tenders(
    cast: Cast, play: Any, desk: Any, django_assert_max_num_queries: Any
) -> None:
    for n in range(3):
        play("", title=f"项目{n}").enter()
    with django_assert_max_num_queries(45):
        desk(cast.center).get("/desk/center/")
