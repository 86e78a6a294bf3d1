"""The buyer's side of a tender's whole life, through the pages, with the center beside it."""

from __future__ import annotations

import secrets
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile

from tests.desks.conftest import fields_of, text_of
from yiwang.demo.cast import Cast
from yiwang.demo.play import Play, Script, possession
from yiwang.kernel import moment
from yiwang.modules.evidence import sequencer
from yiwang.modules.openings import acts as openings
from yiwang.seal import draw as lottery
from yiwang.seal import keys

ENTRY = "/desk/tenders/enter/?procedure=open_tender_works&formula=lowest_price_within_bounds"


def test_a_whole_life_through_the_pages(cast: Cast, stage: Any, desk: Any) -> None:
    buyer, center, supervisor = desk(cast.buyer), desk(cast.center), desk(cast.supervisor)
    page = buyer.get(ENTRY)
    fields = {
        **fields_of(page),
        "title": "滨江路人行天桥工程",
        "budget": "1,100,000.00",
        "ceiling": "1000000",
        "minimum": "600000",
    }
    page = buyer.post(ENTRY, **fields)
    assert page.status_code == 302, text_of(page)
    life = Play(cast, stage, Script("滨江路人行天桥工程", by_agency=False))
    life.number = number = "YW2026-0001"
    assert life.tender.budget == 110_000_000
    assert life.tender.formula["price"] == {"ceiling": 100_000_000, "minimum": 60_000_000}

    upload = SimpleUploadedFile("招标文件.txt", "招标文件正文".encode())
    assert buyer.act(number, "tender.attach_document", file=upload).status_code == 302
    assert buyer.act(number, "custody.appoint").status_code == 302
    for each in cast.custodians:
        life.custody_keys[each.person.username] = keys.new_custodian_key()
        key = life.custody_keys[each.person.username]
        openings.provide_key(actor=each.actor, tender=number, **possession(each.actor, number, key))
    assert buyer.act(number, "tender.publish").status_code == 302
    assert life.tender.state == "tendering"

    life.script.bids = [
        ("海天建设有限公司", 834_000_00),
        ("宏远市政工程有限公司", 799_000_00),
        ("临江路桥有限公司", 912_500_00),
    ]
    life.submit_bids()
    life.close()
    for each in cast.custodians[:3]:
        openings.release_key(actor=each.actor, tender=number, identity=life.custody_keys[each.person.username].identity)
    assert buyer.act(number, "opening.open").status_code == 302
    shown = text_of(buyer.get(f"/desk/tenders/{number}/"))
    assert "宏远市政工程有限公司" in shown and "799,000.00" in shown

    assert buyer.act(number, "opening.confirm").status_code == 302
    assert center.act(number, "opening.confirm").status_code == 302
    assert center.act(number, "draw.freeze_list").status_code == 302
    sides = [(each, secrets.token_bytes(32)) for each in (center, buyer, supervisor)]
    for each, share in sides:
        assert each.act(number, "draw.commit", commitment=lottery.commitment(share)).status_code == 302
    for each, share in sides:
        assert each.act(number, "draw.reveal", share=share.hex()).status_code == 302
    assert center.act(number, "draw.seat").status_code == 302
    assert life.tender.state == "evaluating"

    life.score()
    life.report()
    sequencer.sequence_all()
    assert buyer.act(number, "candidates.publicise").status_code == 302
    stage.to(moment.from_stamp(life.tender.events["candidate_publicity.end"]))
    assert buyer.act(number, "award.decide").status_code == 302
    assert buyer.act(number, "award.notify").status_code == 302
    assert life.tender.award.tenderer.name == "宏远市政工程有限公司"
    assert buyer.act(number, "contract.sign").status_code == 302
    assert desk(cast.tenderer("宏远市政工程有限公司")).act(number, "contract.sign").status_code == 302
    assert buyer.act(number, "contract.register").status_code == 302
    assert center.act(number, "tender.archive").status_code == 302
    assert life.tender.state == "archived"
    assert "799,000.00" in text_of(buyer.get(f"/desk/tenders/{number}/"))
