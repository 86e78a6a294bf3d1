"""The tenderer's desk: sealed bids are handed in, replaced and withdrawn; what is wrong with them is named."""

from __future__ import annotations

import io
import json
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from tests.desks.conftest import fields_of, text_of
from yiwang.demo.play import sealed_bid
from yiwang.modules.bids import selectors as bids
from yiwang.modules.tenders import selectors as tenders
from yiwang.seal import envelope, keys
from yiwang.seal.manifest import Context, Custodians

FIRM = "海天建设有限公司"


def url_of(life: Any, act: str) -> str:
    return f"/desk/tenders/{life.number}/{act}/"


def upload(life: Any, firm: Any, price: int = 80_000_00) -> dict[str, Any]:
    """What the page sends for a sealed bid."""
    sealed, content = sealed_bid(life.tender, firm, price)
    return {"file": SimpleUploadedFile("bid.sealed", content), "manifest_sha256": sealed.manifest_sha256, "lot": "1"}


def stored(settings: Any) -> int:
    """How many files the store holds."""
    return sum(1 for path in Path(settings.FILES_FOLDER).rglob("*") if path.is_file())


def test_bid_is_handed_in_replaced_and_withdrawn(play: Any, desk: Any, cast: Any) -> None:
    life = play("tendering", bids=[])
    firm = cast.tenderer(FIRM)
    at = desk(firm)
    assert at.act(life.number, "bid.submit", **upload(life, firm)).status_code == 302
    assert at.act(life.number, "bid.submit", **upload(life, firm, 79_000_00)).status_code == 302
    assert sorted(bid.standing for bid in bids.own(firm.actor, life.tender)) == ["replaced", "submitted"]
    page = text_of(at.get(url_of(life, "bid.submit")))
    newest = bids.own(firm.actor, life.tender)[0]
    assert newest.commitment[:8] in page and f"/evidence/{newest.act.log_entry.index}/" in page
    assert at.act(life.number, "bid.withdraw").status_code == 302
    assert all(bid.standing != "submitted" for bid in bids.own(firm.actor, life.tender))
    assert at.get(url_of(life, "bid.withdraw")).status_code == 409


def test_manifest_hash_may_come_from_the_sealing_receipt(play: Any, desk: Any, cast: Any) -> None:
    life = play("tendering", bids=[])
    firm = cast.tenderer(FIRM)
    sent = upload(life, firm)
    receipt = json.dumps({"v": 1, "manifest_sha256": sent.pop("manifest_sha256")}).encode()
    sent["receipt"] = SimpleUploadedFile("bid.sealed.json", receipt)
    assert desk(firm).act(life.number, "bid.submit", **sent).status_code == 302


def test_same_request_twice_is_one_bid(play: Any, desk: Any, cast: Any) -> None:
    life = play("tendering", bids=[])
    firm = cast.tenderer(FIRM)
    at, url = desk(firm), url_of(life, "bid.submit")
    sent = {**fields_of(at.get(url)), **upload(life, firm)}
    first = at.post(url, **sent)
    sent["file"].seek(0)
    second = at.post(url, **sent)
    assert first.status_code == second.status_code == 302 and first["Location"] == second["Location"]
    assert len(bids.own(firm.actor, life.tender)) == 1


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"manifest_sha256": "abc"}, "清单哈希应为 64 位十六进制"),
        ({"file": SimpleUploadedFile("x.sealed", b"PK no envelope")}, "这不是加密的投标文件"),
        ({"manifest_sha256": "", "receipt": SimpleUploadedFile("r.json", b"{}")}, "这不是密封回执"),
    ],
)
def test_faulty_upload_names_what_is_wrong_and_keeps_nothing(
    play: Any, desk: Any, cast: Any, settings: Any, change: dict[str, Any], words: str
) -> None:
    life = play("tendering", bids=[])
    firm, before = cast.tenderer(FIRM), stored(settings)
    page = desk(firm).post(url_of(life, "bid.submit"), **{**upload(life, firm), **change})
    assert page.status_code == 422 and words in text_of(page)
    assert stored(settings) == before and bids.own(firm.actor, life.tender) == []


def test_envelope_for_another_tender_or_other_keys_is_refused(play: Any, desk: Any, cast: Any, settings: Any) -> None:
    life, other = play("tendering", bids=[]), play("tendering", bids=[])
    firm, before = cast.tenderer(FIRM), stored(settings)
    page = desk(firm).post(url_of(life, "bid.submit"), **upload(other, firm))
    assert page.status_code == 422 and f"项目应为 {life.number}" in text_of(page)
    strangers = Custodians(tuple(keys.new_custodian_key().recipient for _ in range(5)), 3)
    out = io.BytesIO()
    bid = envelope.Bid(Context(life.number, "1"), firm.actor.organisation.uscc, 1)
    sealed = envelope.seal(bid, [], strangers, firm.key, out)
    sent = {"file": SimpleUploadedFile("b", out.getvalue()), "manifest_sha256": sealed.manifest_sha256, "lot": "1"}
    page = desk(firm).post(url_of(life, "bid.submit"), **sent)
    assert page.status_code == 422 and "加密给了其他密钥保管人" in text_of(page)
    assert stored(settings) == before


def test_late_bid_is_refused_and_not_kept(play: Any, desk: Any, cast: Any, stage: Any, settings: Any) -> None:
    life = play("tendering", bids=[])
    firm, sent, before = cast.tenderer(FIRM), upload(life, cast.tenderer(FIRM)), stored(settings)
    stage.to(life.tender.deadline)
    page = desk(firm).post(url_of(life, "bid.submit"), **sent)
    assert page.status_code == 409 and "投标截止时间已过" in text_of(page)
    assert stored(settings) == before and bids.own(firm.actor, life.tender) == []


def test_price_and_documents_have_no_field_that_a_form_could_send(play: Any, desk: Any, cast: Any) -> None:
    life = play("tendering", bids=[])
    page = text_of(desk(cast.tenderer(FIRM)).get(url_of(life, "bid.submit")))
    panel = page[page.index("data-seal-bid") : page.index("by-file")]
    assert 'data-part="price"' in panel and 'data-part="files"' in panel
    assert [part for part in panel.split() if part.startswith("name=")] == ['name="csrfmiddlewaretoken"', 'name="request_key"']


def test_nobody_but_a_tenderer_sees_the_page_or_the_bids(play: Any, desk: Any, cast: Any) -> None:
    life = play("tendering", bids=[])
    life.submit(FIRM, 80_000_00)
    [mine] = bids.own(cast.tenderer(FIRM).actor, life.tender)
    for each in (cast.buyer, cast.agency, cast.center, cast.supervisor, cast.custodians[0], cast.experts[0]):
        assert desk(each).get(url_of(life, "bid.submit")).status_code == 404
    rival = text_of(desk(cast.tenderer("宏远市政工程有限公司")).get(url_of(life, "bid.submit")))
    assert mine.commitment[:8] not in rival and mine.envelope_sha256[:8] not in rival


def test_question_is_asked_without_a_name(play: Any, desk: Any, cast: Any) -> None:
    life = play("tendering", bids=[])
    firm, rival = cast.tenderer(FIRM), cast.tenderer("宏远市政工程有限公司")
    assert desk(firm).act(life.number, "clarification.ask", question="第 3 章第 12 页的工期是否含春节？").status_code == 302
    assert "工期是否含春节" in text_of(desk(firm).get(url_of(life, "clarification.ask")))
    assert "工期是否含春节" not in text_of(desk(rival).get(url_of(life, "clarification.ask")))
    assert tenders.clarifications(life.host.actor, life.tender).count() == 1
    assert desk(firm).post(url_of(life, "clarification.ask"), question=" ").status_code == 422


def test_objection_to_the_documents_has_its_last_moment(play: Any, desk: Any, cast: Any, stage: Any) -> None:
    life = play("tendering", bids=[])
    firm = cast.tenderer(FIRM)
    page = text_of(desk(firm).get(url_of(life, "objection.raise")))
    assert "对招标文件的异议" in page and "实施条例 第22条" in page and "最迟提出时间" in page
    assert desk(firm).act(life.number, "objection.raise", text="资格条件第 2 条排斥外地企业。").status_code == 302
    from datetime import timedelta

    stage.to(life.tender.deadline - timedelta(days=5))
    late = desk(firm).post(url_of(life, "objection.raise"), text="再提一条")
    assert late.status_code == 422 and "第22条" in text_of(late) and "再提一条" in text_of(late)
