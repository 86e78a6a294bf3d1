"""A tender that failed for want of bids: the consequence with its articles, and holding it again from a form filled in."""

from __future__ import annotations

import json
import re
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.urls import reverse

from tests.desks.conftest import fields_of, text_of
from yiwang.kernel import failures, procedures
from yiwang.kernel.errors import BadInput
from yiwang.modules.evidence import dossier, sequencer
from yiwang.modules.evidence import selectors as evidence
from yiwang.modules.evidence.findings import Scope
from yiwang.modules.openings import acts as openings
from yiwang.modules.openings.failures import failure_of
from yiwang.modules.tenders import acts as tenders
from yiwang.modules.tenders import audit
from yiwang.modules.tenders import selectors as reads
from yiwang.verifier import verify

TWO = [("海天建设有限公司", 83_400_00), ("宏远市政工程有限公司", 79_900_00)]


def failed(play: Any, **script: Any) -> Any:
    life = play("failed", bids=TWO, **script)
    assert life.tender.state == "failed"
    return life


def retender_url(page: str) -> str:
    found = re.search(r'"([^"]+retender=[^"]+)"', page)
    assert found, page
    return found[1].replace("&amp;", "&")


def test_the_consequence_is_told_and_the_tender_is_held_again(play: Any, desk: Any, cast: Any, client: Any) -> None:
    life = failed(play)
    host = desk(cast.agency)
    page = text_of(host.get(f"/desk/tenders/{life.number}/"))
    assert "只有 2 份" in page and "招标投标法 第28条" in page and "工程建设项目施工招标投标办法 第38条" in page
    for other in (cast.center, cast.supervisor):
        seen = text_of(desk(other).get(f"/desk/tenders/{life.number}/"))
        assert "招标投标法实施条例 第44条" in seen and "retender=" not in seen
    public = client.get(f"/tenders/{life.number}/").content.decode()
    assert "应当重新招标" in public and "招标投标法 第28条" in public

    url = retender_url(page)
    form = host.get(url)
    values = fields_of(form)
    assert values["title"] == life.tender.title and "如果今天发布公告" in text_of(form)
    values["title"] = "城南污水管网改造工程（二期，重新招标）"
    assert host.post(url, **values).status_code == 302
    sequencer.sequence_all()

    new = reads.retenders(cast.agency.actor, life.tender).get()
    old = life.tender
    assert (new.retender_of_id, new.budget, new.procedure, new.formula["id"]) == (old.pk, old.budget, old.procedure, old.formula["id"])
    assert (new.lots.get().ceiling, new.lots.get().minimum) == (old.lots.get().ceiling, old.lots.get().minimum)
    assert "最早的投标截止时间" in text_of(form)
    entry = evidence.acts_of(new).first()
    assert json.loads(bytes(entry.canonical))["public"]["retender_of"] == life.number
    assert [each.sha256 for each in reads.documents(new)] == [each.sha256 for each in reads.documents(life.tender)]
    again = text_of(host.get(f"/desk/tenders/{life.number}/"))
    assert new.number in again and "retender=" not in again  # once is enough
    assert new.number not in client.get(f"/tenders/{life.number}/").content.decode()  # a draft is not public
    assert life.number in text_of(host.get(f"/desk/tenders/{new.number}/"))
    assert list(audit.findings(Scope())) == []  # rows and acts say the same of the link
    type(new).objects.filter(pk=new.pk).update(retender_of=None)
    assert len(list(audit.findings(Scope()))) == 1


def test_a_second_failure_has_a_consequence_of_its_own(
    play: Any, desk: Any, cast: Any, stage: Any, client: Any, tmp_path: Path
) -> None:
    life = failed(play)
    new = tenders.enter(actor=cast.agency.actor, title="重新招标", category="works", budget=110_000_00,
                        counterpart=cast.buyer.actor.organisation.uscc, retender_of=life.number)  # fmt: skip
    with pytest.raises(BadInput) as refused:
        tenders.enter(actor=cast.agency.actor, title="又一个", category="works", budget=110_000_00,
                      counterpart=cast.buyer.actor.organisation.uscc, retender_of=life.number)  # fmt: skip
    assert refused.value.reasons[0].field == "retender_of" and new.number in str(refused.value)
    second = play("")
    second.number = new.number
    second.prepare()
    second.publish()
    stage.to(second.tender.deadline + timedelta(seconds=1))
    sequencer.sequence_all()
    openings.close(tender=new.number)
    sequencer.sequence_all()
    found = failure_of(second.tender)
    assert found is not None and found.again and found.bids == 0
    page = text_of(desk(cast.buyer).get(f"/desk/tenders/{new.number}/"))
    assert "可以不再进行招标" in page and "retender=" in page and "再次失败" in page
    public = client.get(f"/tenders/{life.number}/").content.decode()
    assert new.number in public  # published by now
    dossier.build(new.number, out=tmp_path / "dossier.zip")
    report = verify(tmp_path / "dossier.zip")
    assert report.ok, report.plain()
    assert life.number in client.get(f"/tenders/{new.number}/").content.decode()


def test_only_the_own_failed_tender_can_be_held_again(play: Any, desk: Any, cast: Any) -> None:
    living = play("tendering", bids=[])
    common = {"actor": cast.agency.actor, "title": "x", "category": "works", "budget": 1_00,
              "counterpart": cast.buyer.actor.organisation.uscc}  # fmt: skip
    for number in (living.number, "YW2026-9999"):
        with pytest.raises(BadInput) as refused:
            tenders.enter(**common, retender_of=number)
        assert refused.value.reasons[0].field == "retender_of"
    words = f"?procedure={living.tender.procedure}&formula={living.tender.formula['id']}&retender={living.number}"
    assert desk(cast.agency).get(reverse("desk:tender_enter") + words).status_code == 404


def test_the_law_says_something_of_every_failure() -> None:
    tracks = {each.track for each in procedures.all_procedures() if each.method == "open_tender"}
    for track in tracks:
        for cause in failures.CAUSES:
            for again in (False, True):
                found = failures.consequence(track, cause, again=again)
                assert found.article and found.says.zh and found.says.en and found.options
    with pytest.raises(KeyError):
        failures.consequence("auction", "too_few_bids", again=False)
