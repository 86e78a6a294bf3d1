"""Government procurement by open tender, goods and services: from entry to archive by the steps of its own procedure."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest

from tests.journeys.rounds import audited, verified
from yiwang.demo.play import Play
from yiwang.kernel import moment
from yiwang.kernel.errors import Refused
from yiwang.modules.awards import acts as awards
from yiwang.modules.evidence import permits, registry
from yiwang.modules.tenders import acts as tenders


@pytest.mark.parametrize("category", ["goods", "services"])
def test_a_government_purchase_goes_from_entry_to_archive(category: str, play: Callable[..., Play], tmp_path: Path) -> None:
    played = play("evaluated", category=category, procedure=f"gov_open_tender_{category}", title="教学设备采购")
    tender, buyer, now = played.tender, played.cast.buyer.actor, moment.now()
    offered = {step.row.act: step.verdict for step in permits.steps(buyer, tender, now)}
    assert "candidates.publicise" not in offered  # no publicity of candidates here: no button, and refused with the reason
    with pytest.raises(Refused) as refusal:
        awards.publicise(actor=buyer, tender=played.number, ends=now + timedelta(days=5))
    assert [reason.code for reason in refusal.value.reasons] == ["procedure.act"] and refusal.value.reasons[0].article
    assert offered["award.decide"] and offered["tender.terminate"]
    played.until("awarded")
    tender = played.tender
    assert tender.award.rank == 1 and "result_notice.published" in tender.events
    assert not permits.may(registry.row_of("tender.terminate"), buyer, tender, moment.now())
    played.until("archived")
    done = {act.act for act in played.tender.acts.all()}
    assert "candidates.publicise" not in done and {"award.decide", "award.notify", "contract.register", "tender.archive"} <= done
    verified(played.number, tmp_path)
    audited(played.number)


def test_a_failed_purchase_is_held_again_under_its_procedure(play: Callable[..., Play], tmp_path: Path) -> None:
    given = {"category": "services", "procedure": "gov_open_tender_services", "title": "物业服务"}
    failed = play("archived", bids=[("城东市政工程公司", 80_000_00), ("江北建设集团", 70_000_00)], **given)
    assert failed.tender.state == "failed"
    again = play("tendering", more={"retender_of": failed.number}, **given)
    assert again.tender.retender_of.number == failed.number
    suspended = registry.row_of("tender.suspend")
    assert permits.may(suspended, again.cast.supervisor.actor, again.tender, moment.now())
    tenders.terminate(actor=again.cast.buyer.actor, tender=again.number, reason="采购任务取消")
    for each in (failed, again):
        verified(each.number, tmp_path)
        audited(each.number)
