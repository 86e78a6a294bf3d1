"""A tender is reviewed before publication: what must change, what may be justified, what the public sees; who may bid."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from yiwang.demo.play import Play, Script
from yiwang.kernel import review_book
from yiwang.kernel.errors import BadInput, Refused
from yiwang.modules.awards import acts as awards
from yiwang.modules.bids import acts as bids
from yiwang.modules.bids import uploads
from yiwang.modules.evidence import dossier, files, sequencer
from yiwang.modules.evidence.models import Act
from yiwang.modules.parties import ban_acts
from yiwang.modules.reviews import acts, selectors
from yiwang.modules.tenders import drafts
from yiwang.seal import envelope
from yiwang.seal.manifest import Context, Custodians
from yiwang.seal.payload import SealFile
from yiwang.verifier import verify

BAD = "招标文件\n一、投标人须在本市设有分公司。\n二、投标保证金为人民币20万元，须在截标前到账。\n三、近五年具有不少于六个同类项目业绩。\n".encode()
GOOD = "招标文件\n一、投标人依法登记即可。\n二、本项目不收取投标保证金。\n三、近五年具有不少于六个同类项目业绩。\n".encode()


@pytest.fixture(autouse=True)
def site(routes: None, settings: Any) -> None:
    """The pages too, not the API alone."""
    settings.ROOT_URLCONF = "yiwang.site.urls"


def browser(player: Any) -> Client:
    client = Client()
    client.force_login(player.person)
    return client


def draft(cast: Any, stage: Any, document: bytes) -> Play:
    """A tender with its document and keys, not published."""
    played = Play(cast, stage, Script(title="城南道路工程", ceiling=100_000_00, budget=110_000_00, document=document))
    played.enter()
    played.prepare()
    return played


@pytest.mark.promise("S071", "S095", "S109")
def test_a_tender_is_changed_or_justified_before_it_is_published(cast: Any, stage: Any, tmp_path: Path) -> None:
    played = draft(cast, stage, BAD)
    host, number = played.host.actor, played.number
    with pytest.raises(Refused) as refused:
        played.publish()
    reasons = {reason.code: reason for reason in refused.value.reasons}
    assert set(reasons) == {"RT-02", "BB-01", "RT-11"}
    assert all(reason.article for reason in reasons.values())
    assert "投标保证金为人民币20万元" in reasons["BB-01"].message.zh
    page = browser(played.host).get(f"/desk/tenders/{number}/review/").content.decode()
    assert "投标人须在本市设有分公司" in page and "第2行" in page and "公平竞争审查规则 第6条" in page
    assert browser(cast.tenderer("甲建设有限公司")).get(f"/desk/tenders/{number}/review/").status_code == 404

    found = {each.rule: each.key for each in selectors.findings(played.tender, stage())}
    with pytest.raises(BadInput, match="只能修改"):
        acts.justify(actor=host, tender=number, finding=found["RT-02"], reason="需要")
    (old,) = played.tender.documents.all()
    drafts.drop_document(actor=host, tender=number, sha256=old.sha256)
    content = files.store([GOOD], types=files.TYPES)
    from yiwang.modules.tenders import acts as tenders

    tenders.attach_document(actor=host, tender=number, kind="tender_document", title="招标文件", filename="改.txt", content=content)
    answers = {each.key: {"holds": False} for each in review_book.book().form.questions}
    with pytest.raises(BadInput) as contradicted:
        acts.record(actor=host, tender=number, answers=answers)
    assert [reason.field for reason in contradicted.value.reasons] == ["record"]
    posted = {"finding": found["RT-11"], "reason": "管线复杂，须有多项同类经验", "request_key": "k1"}
    assert browser(played.host).post(f"/desk/tenders/{number}/review.justify/", posted).status_code == 302
    answers["record"] = {"holds": True, "reason": "见第三条的理由"}
    form = acts.record(actor=host, tender=number, answers=answers)
    assert selectors.is_current(played.tender, form)
    drafts.revise(actor=host, tender=number, qualification="依法登记的法人或者其他组织")
    assert not selectors.is_current(played.tender, form)
    played.publish()
    public = Client().get(f"/tenders/{number}/").content.decode()
    assert "管线复杂，须有多项同类经验" in public and "公平竞争审查表" in public
    sequencer.sequence_all()
    disclosed = Act.objects.filter(subject=f"tender/{number}").values_list("act", flat=True)
    assert {"review.justify", "review.record", "draft.drop_document", "draft.revise"} <= set(disclosed)
    assert not [each for module in ("reviews", "tenders") for each in audited(module)]
    dossier.build(number, out=tmp_path / "dossier.zip")
    checked = next(each for each in verify(tmp_path / "dossier.zip").lines if each.id == "review")
    assert checked.status == "ok" and "1 条" in checked.details[0].zh, checked


def audited(module: str) -> list[Any]:
    from importlib import import_module

    from yiwang.modules.evidence.findings import Scope

    return list(import_module(f"yiwang.modules.{module}.audit").findings(Scope()))


@pytest.mark.promise("S071")
def test_no_bond_is_asked_in_a_government_project(cast: Any, stage: Any) -> None:
    from yiwang.modules.tenders import acts as tenders

    given = {"actor": cast.buyer.actor, "title": "道路", "category": "works", "budget": 100_000_00, "bid_bond": 1_000_00}
    with pytest.raises(BadInput) as refused:
        tenders.enter(**given, funding="government")
    (reason,) = refused.value.reasons
    assert (reason.code, reason.field) == ("BP-01", "bid_bond") and reason.article
    assert tenders.enter(**given, funding="state").bid_bond == 1_000_00


def sealed(played: Play, firm: str, price: int, answers: dict[str, str]) -> None:
    """A bid with answers in it."""
    player, tender = played.cast.tenderer(firm), played.tender
    out = BytesIO()
    uscc = player.actor.organisation.uscc
    done = envelope.seal(
        envelope.Bid(Context(tender.number, "1"), uscc, price, answers),
        [SealFile("投标函.txt", "text/plain", firm.encode())],
        Custodians(tuple(tender.custody), tender.custody_threshold), player.key, out,
    )  # fmt: skip
    stored = uploads.keep([out.getvalue()], player.actor, tender.number)
    bids.submit(actor=player.actor, tender=tender.number, content=stored, manifest_sha256=done.manifest_sha256)


def test_bans_and_reservation_at_submission_and_at_the_award(play: Callable[..., Any], cast: Any, stage: Any, program: Any) -> None:
    firms = ("甲建设有限公司", "乙建设有限公司", "丙建设有限公司", "丁建设有限公司")
    played = play("tendering")
    codes = {firm: cast.tenderer(firm).actor.organisation.uscc for firm in firms}
    supervisor = cast.supervisor
    with pytest.raises(BadInput) as short:
        ban_acts.ban(actor=supervisor.actor, uscc=codes[firms[0]], decision="滨住建罚〔2026〕1号", ground="collusion",
                     until=stage() + timedelta(days=30), reason="串通投标")  # fmt: skip
    assert (short.value.reasons[0].code, short.value.reasons[0].article) == ("ban.period", "招标投标法 第53条")
    posted = {"uscc": codes[firms[0]], "decision": "滨住建罚〔2026〕1号", "ground": "collusion", "reason": "串通投标",
              "until": (stage() + timedelta(days=400)).strftime("%Y-%m-%dT%H:%M"), "request_key": "b1"}  # fmt: skip
    assert browser(supervisor).post("/desk/bans/", posted).status_code == 302
    assert browser(cast.center).get("/desk/bans/").status_code == 404
    acts_before = Act.objects.count()
    with pytest.raises(Refused) as banned:
        sealed(played, firms[0], 80_000_00, {})
    assert banned.value.reasons[0].code == "ban" and "1号" in banned.value.reasons[0].message.zh
    assert Act.objects.count() == acts_before  # nobody else ever learns that it tried
    for firm in firms[1:]:
        sealed(played, firm, 70_000_00, {})
    played.script.bids = [(firms[1], 70_000_00)]  # who confirms the record
    played.close()
    for step in (played.open_bids, played.confirm, played.draw, played.score, played.report, played.publicise):
        step()
    first = played.tender.publicity.candidates[0]
    ban_acts.ban(actor=supervisor.actor, uscc=first["tenderer"], decision="滨住建罚〔2026〕2号", ground="fraud",
                 until=stage() + timedelta(days=500), reason="弄虚作假")  # fmt: skip
    with pytest.raises(Refused) as at_award:
        played.award()
    assert at_award.value.reasons[0].article == "招标投标法 第54条"
    listed = program(None).get("/bans")
    assert {each["decision"] for each in listed} == {"滨住建罚〔2026〕1号", "滨住建罚〔2026〕2号"}
    ban_acts.lift_ban(actor=supervisor.actor, decision="滨住建罚〔2026〕2号", lift_decision="滨住建复〔2026〕9号", reason="复议撤销")
    assert "2号" not in Client().get("/bans/").content.decode()
    played.award()
    from yiwang.modules.parties import ban_audit

    assert not list(ban_audit.everywhere())


def test_a_reserved_tender_is_for_small_firms_that_declare_it(cast: Any, stage: Any) -> None:
    small = ("小甲市政有限公司", "小乙市政有限公司", "小丙市政有限公司")
    for firm in small:
        cast.tenderer(firm, small=True)
    played = Play(cast, stage, Script(title="绿化养护", ceiling=100_000_00, budget=110_000_00, more={"reserved_for": "small"}))
    played.until("tendering")
    assert played.tender.reserved_for == "small"
    with pytest.raises(Refused) as large:
        sealed(played, "大甲建设有限公司", 80_000_00, {"small_declaration": "yes"})
    assert large.value.reasons[0].code == "small.only" and "中小企业" in large.value.reasons[0].article
    for place, firm in enumerate(small):
        sealed(played, firm, 70_000_00 + place * 100_00, {} if place == 0 else {"small_declaration": "yes"})
    played.close()
    for step in (played.open_bids, played.confirm, played.draw, played.score, played.report, played.publicise):
        step()
    with pytest.raises(Refused) as undeclared:
        played.award()
    assert undeclared.value.reasons[0].code == "small.undeclared"
    second = played.tender.publicity.candidates[1]
    decided = awards.decide(actor=cast.buyer.actor, tender=played.number, bid=second["bid"], reason="第一名没有中小企业声明函")
    assert decided.tenderer.name == small[1]
