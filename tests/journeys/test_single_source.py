"""单一来源: publicity with the experts' opinions, objections, one sealed quote, the negotiated price; the dossier verifies."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest

from tests.journeys.rounds import audited, verified
from yiwang.demo import talks
from yiwang.demo.play import Play
from yiwang.kernel.errors import Refused
from yiwang.modules.awards import admission_acts
from yiwang.modules.evidence.actors import PUBLIC
from yiwang.modules.evidence.disclosure import disclose
from yiwang.modules.evidence.findings import Scope
from yiwang.modules.evidence.sequencer import sequence_all
from yiwang.modules.negotiations import acts, audit, selectors, source_acts
from yiwang.modules.negotiations.source_rules import PERIOD
from yiwang.modules.tenders import rules
from yiwang.modules.tenders import selectors as tenders
from yiwang.modules.tenders.selectors import law_of

SOURCE = {"procedure": "gov_single_source", "category": "goods", "minimum": None, "bids": [(talks.SUPPLIER, 80_000_00)]}
OTHER = "城东市政工程公司"


def publicised(played: Play, **said: object) -> None:
    given = {"supplier": played.cast.tenderer(talks.SUPPLIER).actor.organisation.uscc, "ground": "only", "reason": "原厂独家",
             "opinions": [{"name": name, **talks.OPINION} for name in ("周文", "吴敏", "郑刚")],
             "ends": rules.earliest(law_of(played.tender), PERIOD, played.stage())}  # fmt: skip
    source_acts.publicise(actor=played.host.actor, tender=played.number, **(given | said))  # type: ignore[arg-type]


def test_a_single_source_is_publicised_negotiated_and_archived(play: Callable[..., Play], tmp_path: Path) -> None:
    played = play("draft", **SOURCE)
    with pytest.raises(Refused, match=r"至少应有 3 份|at least 3"):
        publicised(played, opinions=[{"name": "周文", **talks.OPINION}])
    with pytest.raises(Refused) as short:
        publicised(played, ends=played.stage() + timedelta(days=4))
    assert short.value.reasons[0].code == "ZC-15"
    publicised(played)
    sequence_all()
    assert tenders.tender(PUBLIC, played.number)  # a draft, and yet its publicity is for everybody
    assert [each.act.act for each in disclose(played.number).shown] == ["source.publicise"]

    other = played.cast.tenderer(OTHER).actor
    made = source_acts.object_to(actor=other, tender=played.number, text="我公司也能提供同类接口")
    played.prepare()
    played.stage.to(played.tender.source_publicity.ends + timedelta(hours=1))
    with pytest.raises(Refused, match=r"尚未答复|not answered"):
        talks.HANDS["tender.invite"](played)
    assert not list(selectors.source_objections(PUBLIC, played.tender))
    source_acts.answer(actor=played.host.actor, tender=played.number, objection=made.pk, text="接口协议不公开，异议不成立")
    assert selectors.source_objections(PUBLIC, played.tender).get().answer
    talks.HANDS["tender.invite"](played)
    with pytest.raises(Refused):
        played.submit(OTHER, 60_000_00)
    played.until("opened")
    played.confirm()
    bad = {"record": "协商", "negotiators": ["孙立"]}
    with pytest.raises(Refused, match=r"不高于|not above"):
        acts.settle(actor=played.host.actor, tender=played.number, agreed=80_000_01, **bad)
    assert not [each for each in disclose(played.number).shown if each.act.act == "opening.open"]
    talks.settle(played)
    played.until("archived")
    assert played.tender.award.price == 76_000_00
    assert played.tender.contract.content["price"] == 76_000_00
    lines = verified(played.number, tmp_path)
    assert (lines["settled"], lines["source"]) == ("ok", "ok")
    audited(played.number)
    assert list(audit.findings(Scope(frozenset({played.number})))) == []


def test_an_objection_that_is_upheld_ends_it(play: Callable[..., Play]) -> None:
    played = play("draft", **SOURCE)
    publicised(played)
    made = source_acts.object_to(actor=played.cast.tenderer(OTHER).actor, tender=played.number, text="我公司也能提供")
    source_acts.answer(actor=played.host.actor, tender=played.number, objection=made.pk, text="确有其他来源", upheld=True)
    played.prepare()
    played.stage.to(played.tender.source_publicity.ends + timedelta(hours=1))
    with pytest.raises(Refused, match=r"其他采购方式|another procedure"):
        admission_acts.invite(actor=played.host.actor, tender=played.number, issue_end=played.stage(), deadline=played.stage() + timedelta(days=2))
