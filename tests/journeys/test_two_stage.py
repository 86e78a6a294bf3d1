"""两阶段招标: proposals without a price first; whoever handed one in is invited to the second stage."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

from tests.journeys.rounds import audited, verified
from yiwang.demo import chain
from yiwang.demo.play import Play
from yiwang.kernel import moment
from yiwang.modules.evidence.actors import PUBLIC
from yiwang.modules.tenders import selectors as tenders
from yiwang.modules.tenders.rounds import names_secret

FIRMS = ["城东市政工程公司", "江北建设集团", "海门路桥公司", "临港工程公司"]
PRICED = "临港工程公司"


def test_both_stages_end_in_the_archive_and_verify(play: Callable[..., Play], program: Any, tmp_path: Path) -> None:
    """One puts a price into the proposal: that is not opened to anybody's advantage, it does not go on."""
    proposals = [(firm, 55_000_00 if firm == PRICED else None) for firm in FIRMS]
    first = play("opened", procedure="two_stage_first", ceiling=None, minimum=None, bids=proposals)
    host, outsider = program(first.host), program(first.cast.tenderer("旁观公司"))
    host.act(first.number, "admission.decide")
    said = outsider.get(f"/tenders/{first.number}")
    assert (said["state"], said["bids"], said["opening"], said["admission"], said["own_admission"]) == ("admitted", [], None, None, None)
    assert program(first.cast.tenderer(PRICED)).get(f"/tenders/{first.number}")["own_admission"]["passed"] is False
    admission = first.tender.admission
    assert {row["name"] for row in admission.admitted} == set(FIRMS) - {PRICED}
    assert "报价" in admission.others[0]["reason"]["zh"]
    assert names_secret(first.tender)
    assert [step.act for step in tenders.law_of(first.tender).steps if step.act.startswith("draw.")] == []

    bids = list(zip(FIRMS[:3], (80_000_00, 70_000_00, 90_000_00), strict=True))
    second = chain.following(first, "two_stage_second", ceiling=100_000_00, bids=bids).until("draft")
    second.prepare()
    host.act(second.number, "tender.invite", **{name: moment.stamp(at) for name, at in chain.dates(second).items()})
    outsider.get(f"/tenders/{second.number}", 404)
    assert host.get(f"/tenders/{second.number}")["earlier_round"] == first.number
    assert set(second.tender.invitees) == set(admission.codes)
    assert not tenders.is_visible(PUBLIC, second.number)
    second.until("archived")
    assert not names_secret(first.tender)
    first.until("archived")
    assert second.tender.award.tenderer.name == FIRMS[1]
    assert verified(first.number, tmp_path)["admission"] == "ok"
    assert verified(second.number, tmp_path)["invitation"] == "ok"
    audited(first.number)
    audited(second.number)
