"""The buyer's and agency's screens: what is refused, what stays typed, what a double press does, who sees nothing."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile

from tests.desks.conftest import FIRMS, fields_of, text_of
from yiwang.demo.cast import Cast
from yiwang.kernel import moment
from yiwang.modules.remedies import acts as remedies
from yiwang.modules.tenders import acts as tenders

ENTRY = "/desk/tenders/enter/?procedure=open_tender_works&formula=comprehensive_score"


def test_an_unlawful_deadline_is_refused_on_its_field_and_nothing_typed_is_lost(
    cast: Cast, play: Any, desk: Any
) -> None:
    life = play()
    life.enter()
    life.prepare()
    agency, url = desk(cast.agency), f"/desk/tenders/{life.number}/tender.publish/"
    fields = {**fields_of(agency.get(url)), "deadline": "2026-03-10T09:30"}
    page = agency.post(url, **fields)
    assert page.status_code == 422
    shown = text_of(page)
    assert "招标投标法 第24条" in shown and "2026-03-10T09:30" in shown and "最早2026-03-" in shown
    assert life.tender.state == "draft"


def test_the_notice_is_shown_before_it_goes_out_and_a_double_press_publishes_once(
    cast: Cast, play: Any, desk: Any
) -> None:
    life = play()
    life.enter()
    life.prepare()
    agency, url = desk(cast.agency), f"/desk/tenders/{life.number}/tender.publish/"
    preview = agency.post(url, **fields_of(agency.get(url)))
    assert preview.status_code == 200 and "招标公告" in text_of(preview) and life.tender.state == "draft"
    fields = {**fields_of(preview), "confirmed": "1"}
    first, second = agency.post(url, **fields), agency.post(url, **fields)
    assert first.status_code == second.status_code == 302
    assert first["Location"] == second["Location"]
    assert life.tender.acts.filter(act="tender.publish").count() == 1


def test_going_back_from_the_preview_keeps_the_dates(cast: Cast, play: Any, desk: Any) -> None:
    life = play()
    life.enter()
    life.prepare()
    agency, url = desk(cast.agency), f"/desk/tenders/{life.number}/tender.publish/"
    fields = {**fields_of(agency.get(url)), "deadline": "2026-05-11T10:00"}
    page = agency.post(url, **{**fields_of(agency.post(url, **fields)), "edit": "1"})
    assert page.status_code == 200 and 'value="2026-05-11T10:00"' in text_of(page)


def test_strangers_find_no_such_page(cast: Cast, play: Any, desk: Any) -> None:
    life = play()
    life.enter()
    for player in (cast.supervisor, cast.tenderer("海天建设有限公司"), cast.experts[0], cast.lender):
        assert desk(player).get(f"/desk/tenders/{life.number}/").status_code == 404
        assert desk(player).get(f"/desk/tenders/{life.number}/tender.publish/").status_code == 404
    life.until("tendering")
    for player in (cast.tenderer("海天建设有限公司"), cast.center, cast.supervisor):
        assert desk(player).get(f"/desk/tenders/{life.number}/tender.terminate/").status_code == 404
    assert desk(cast.tenderer("海天建设有限公司")).get("/desk/tenders/enter/").status_code == 404


def test_an_act_out_of_its_state_says_why(cast: Cast, play: Any, desk: Any) -> None:
    life = play("tendering")
    page = desk(cast.agency).get(f"/desk/tenders/{life.number}/candidates.publicise/")
    assert page.status_code == 409 and "评标完成" in text_of(page)


def test_a_file_of_the_wrong_kind_is_refused_and_the_title_stays(cast: Cast, play: Any, desk: Any) -> None:
    life = play()
    life.enter()
    upload = SimpleUploadedFile("招标文件.pdf", b"MZ\x90\x00" + bytes(range(256)) * 4)
    page = desk(cast.agency).act(life.number, "tender.attach_document", title="第一册", file=upload)
    shown = text_of(page)
    assert page.status_code == 422 and "不是可以接受的类型" in shown and "第一册" in shown
    assert not life.tender.documents.exists()


def test_a_document_is_handed_out_to_those_who_see_the_tender(cast: Cast, play: Any, desk: Any) -> None:
    life = play("tendering")
    document = life.tender.documents.first()
    url = f"/desk/tenders/{life.number}/documents/{document.sha256}/"
    page = desk(cast.buyer).get(url)
    assert page.status_code == 200 and "招标文件" in b"".join(page.streaming_content).decode()
    assert desk(cast.buyer).get(url.replace(document.sha256, "0" * 64)).status_code == 404


def test_criteria_that_do_not_add_up_are_told_when_typed(cast: Cast, stage: Any, desk: Any) -> None:
    buyer = desk(cast.buyer)
    typed = {"title": "科技馆布展工程", "budget": "3,000,000", "criteria-zh": ["施工方案", "业绩"], "criteria-en": ["plan", "record"],
             "criteria-most": ["20", "10"], "criteria-pass": ["12", ""]}  # fmt: skip
    fields = {**fields_of(buyer.get(ENTRY)), **typed}
    page = buyer.post(ENTRY, **fields)
    assert page.status_code == 422 and "科技馆布展工程" in text_of(page) and "施工方案" in text_of(page)
    page = buyer.post(ENTRY, **{**fields, "criteria-most": ["25", "15"]})
    assert page.status_code == 302, text_of(page)
    shown = text_of(buyer.get("/desk/tenders/"))
    assert "科技馆布展工程" in shown and "3,000,000.00" in shown


def test_an_amount_that_is_none_is_named_with_what_passes(cast: Cast, stage: Any, desk: Any) -> None:
    buyer = desk(cast.buyer)
    page = buyer.post(ENTRY, **{**fields_of(buyer.get(ENTRY)), "title": "绿道", "budget": "一百万", "ceiling": "0"})
    shown = text_of(page)
    assert page.status_code == 422 and "“一百万”不是数字" in shown and "金额必须大于零" in shown and "绿道" in shown


def test_an_agency_names_its_principal(cast: Cast, stage: Any, desk: Any) -> None:
    agency = desk(cast.agency)
    fields = {**fields_of(agency.get(ENTRY)), "title": "文化馆改造", "budget": "500000"}
    assert "招标人（委托人）" in text_of(agency.post(ENTRY, **{**fields, "counterpart": ""}))
    assert agency.post(ENTRY, **{**fields, "counterpart": cast.buyer.actor.organisation.uscc}).status_code == 302


def test_a_late_clarification_moves_the_deadline_as_the_law_asks(cast: Cast, play: Any, desk: Any, stage: Any) -> None:
    life = play("tendering")
    asker = cast.tenderer("海天建设有限公司")
    tenders.ask(actor=asker.actor, tender=life.number, question="清单第 12 项的数量是多少？")
    stage.to(life.tender.deadline - timedelta(days=6))
    agency, url = desk(cast.agency), f"/desk/tenders/{life.number}/clarification.answer/"
    assert asker.actor.organisation.name not in text_of(agency.get(url))
    fields = {**fields_of(agency.get(url)), "answer": "340 米。"}
    assert fields["new_deadline"] > life.tender.deadline.astimezone(moment.LOCAL).strftime("%Y-%m-%dT%H:%M")
    kept = agency.post(url, **{**fields, "new_deadline": ""})
    assert kept.status_code == 422 and "实施条例 第21条" in text_of(kept) and "340 米。" in text_of(kept)
    assert agency.post(url, **fields).status_code == 302
    assert life.tender.clarifications.get().answer == "340 米。"


def test_an_objection_is_answered_and_the_award_then_goes_on(cast: Cast, play: Any, desk: Any, stage: Any) -> None:
    life = play("publicity")
    remedies.raise_objection(actor=cast.tenderer(FIRMS[2][0]).actor, tender=life.number, text="资质存疑，请核实")
    stage.to(moment.from_stamp(life.tender.events["candidate_publicity.end"]))
    buyer = desk(cast.buyer)
    page = buyer.get(f"/desk/tenders/{life.number}/award.decide/")
    assert page.status_code == 409 and "先答复异议" in text_of(page)
    assert desk(cast.agency).act(life.number, "objection.answer", text="资质在有效期内", upheld="no").status_code == 302
    second = life.tender.publicity.candidates[1]["bid"]
    refused = buyer.act(life.number, "award.decide", bid=second)
    assert refused.status_code == 422 and "实施条例 第55条" in text_of(refused)
    assert buyer.act(life.number, "award.decide").status_code == 302


def test_a_signature_by_another_key_is_refused(cast: Cast, play: Any, desk: Any) -> None:
    life = play("opened")
    agency, url = desk(cast.agency), f"/desk/tenders/{life.number}/opening.confirm/"
    content = {"tender": life.number, "record_sha256": life.tender.opening.record_sha256}
    page = agency.post(url, **{**fields_of(agency.get(url)), **cast.buyer.sign("opening-record", content)})
    assert page.status_code == 422 and "没有绑定到您的账号" in text_of(page)
    assert not life.tender.opening.confirmations.exists()


def test_a_tender_ends_only_after_its_notice_was_seen(cast: Cast, play: Any, desk: Any) -> None:
    life = play("tendering")
    buyer = desk(cast.buyer)
    assert buyer.act(life.number, "tender.terminate", reason="规划调整").status_code == 302
    assert life.tender.state == "terminated"
    assert "规划调整" not in text_of(buyer.get("/desk/"))
