"""Remedies from end to end: objection, complaint, suspension, decision in construction; query and complaint in government
procurement; what each lets wait; and every dossier verifies."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from tests.journeys.conftest import BIDS
from yiwang.demo.play import Play
from yiwang.kernel import moment
from yiwang.kernel.errors import BadInput, Refused
from yiwang.modules.evidence import audit, dossier, files, permits, sequencer
from yiwang.modules.evidence.actors import PUBLIC, Actor
from yiwang.modules.openings import acts as openings
from yiwang.modules.remedies import acts, complaint_acts, selectors
from yiwang.modules.remedies.models import Complaint, Objection
from yiwang.modules.tenders import acts as tenders
from yiwang.verifier.run import verify

OBJECTOR, OTHER = BIDS[0][0], "不相干的公司"


@pytest.fixture(autouse=True)
def site(routes: None, settings: Any) -> None:
    """The pages too, not the API alone."""
    settings.ROOT_URLCONF = "yiwang.site.urls"


def report(play: Play, folder: Path, actor: Actor = PUBLIC) -> dict[str, str]:
    """Status by check of the tender's dossier; the audit finds nothing."""
    sequencer.sequence_all()
    path = folder / f"{play.number}.zip"
    dossier.build(play.number, actor, out=path)
    found = verify(path)
    assert found.ok, [(line.id, str(detail)) for line in found.lines if line.status == "failed" for detail in line.details]
    assert [each.json() for each in audit.run(full=True).findings] == []
    return {line.id: line.status for line in found.lines}


def codes(wrong: Any) -> list[str]:
    return [reason.code for reason in wrong.value.reasons]


def decision() -> files.Stored:
    return files.store([f"投诉处理决定书 {moment.now()}".encode()], types=files.TYPES)


def file(play: Play, who: Actor, objection: Objection | None, **more: Any) -> Complaint:
    return complaint_acts.file(
        actor=who, tender=play.number, text="附证据三份", request="责令改正", objection=objection.pk if objection else None, **more
    )


def decide(play: Play, item: Complaint, outcome: str, order: str = "") -> Complaint:
    supervisor = play.cast.supervisor.actor
    return complaint_acts.decide(
        actor=supervisor, tender=play.number, complaint=item.pk, outcome=outcome, order=order, number=f"滨招诉〔2026〕{item.pk}号",
        reasons="经查，事实清楚。", content=decision(), filename="处理决定书.txt",
    )  # fmt: skip


def test_documents_objected_to_complained_of_suspended_and_changed(
    play: Callable[..., Play], stage: Any, program: Any, tmp_path: Path
) -> None:
    played = play("tendering")
    number, host, supervisor = played.number, played.host.actor, played.cast.supervisor.actor
    objector, before = played.cast.tenderer(OBJECTOR), played.tender.deadline
    item = acts.raise_objection(actor=objector.actor, tender=number, text="业绩要求过高")
    with pytest.raises(Refused) as early:
        file(played, objector.actor, item)
    assert codes(early) == ["complaint.first"] and early.value.reasons[0].after == item.answer_by
    stage.wait(days=1)
    acts.answer(actor=host, tender=number, objection=item.pk, text="维持")
    with pytest.raises(BadInput):
        file(played, played.cast.tenderer(OTHER).actor, item)  # somebody else's objection
    stage.wait(days=1)
    complaint = file(played, objector.actor, item, industry="water")
    assert complaint.department == "water"
    # before the opening the department alone learns who complains
    assert [each["by"] for each in program(played.cast.supervisor).get(f"/tenders/{number}")["complaints"]] != [None]
    assert program(played.host).get(f"/tenders/{number}")["complaints"] == []
    assert program(None).get(f"/tenders/{number}")["complaints"] == []

    complaint_acts.send_back(actor=supervisor, tender=number, complaint=complaint.pk, missing="缺少证据原件")
    with pytest.raises(Refused):
        complaint_acts.accept(actor=supervisor, tender=number, complaint=complaint.pk)
    stage.wait(days=1)
    complaint_acts.correct(actor=objector.actor, tender=number, complaint=complaint.pk, text="补交原件")
    complaint_acts.accept(actor=supervisor, tender=number, complaint=complaint.pk)
    complaint_acts.suspend(actor=supervisor, tender=number, complaint=complaint.pk, number="暂停〔2026〕1号", reason="核查招标文件")
    another_complaint_holds_it_too(played, stage)
    stage.to(before + timedelta(hours=2))  # the deadline passes while everything stands still
    with pytest.raises(Refused) as still:
        play_close(played)
    assert "suspended" in codes(still)

    assert [each.act for each in next_steps(played, supervisor)] == ["complaint.resume", "complaint.decide"]
    decide(played, complaint, "upheld", "change_documents")
    with pytest.raises(Refused) as undone:
        complaint_acts.resume(actor=supervisor, tender=number, complaint=complaint.pk, reason="已改正")
    assert codes(undone) == ["complaint.order"]
    tenders.clarify(
        actor=host, tender=number, answer="取消业绩要求", new_deadline=stage() + timedelta(days=22), affects_bids=True
    )
    stage.wait(days=1)
    complaint_acts.resume(actor=supervisor, tender=number, complaint=complaint.pk, reason="招标文件已修改")
    assert played.tender.deadline > moment.now() and played.tender.still_until is None
    page = Client().get(f"/tenders/{number}/").content.decode()
    assert "责令修改招标（采购）文件" in page and "招标文件已修改" not in complaint.text and objector.actor.organisation.name not in page
    taken = Client().get(f"/tenders/{number}/decisions/{Complaint.objects.get(pk=complaint.pk).document}/")
    assert "投诉处理决定书" in b"".join(taken.streaming_content).decode()

    played.until("publicity")
    a_withdrawn_objection_holds_nothing(played, stage, objector.actor)
    played.until("archived")
    found = report(played, tmp_path)
    assert (found["remedies"], found["stillness"], found["course"]) == ("ok", "ok", "ok")
    report(played, tmp_path, supervisor)


def another_complaint_holds_it_too(played: Play, stage: Any) -> None:
    """Somebody complains of what is no matter of an objection; the tender stands still until neither complaint holds it."""
    number, supervisor, other = played.number, played.cast.supervisor.actor, played.cast.tenderer(OTHER).actor
    stage.wait(hours=1)
    with pytest.raises(Refused) as wrong:
        file(played, other, None, known=stage() - timedelta(days=14))
    assert set(codes(wrong)) == {"GC-16", "remedy.standing"}
    complaint = file(played, other, None, known=stage() - timedelta(days=2), interest="拟任货物制造商")
    complaint_acts.accept(actor=supervisor, tender=number, complaint=complaint.pk)
    complaint_acts.suspend(actor=supervisor, tender=number, complaint=complaint.pk, number="2", reason="核查", until=stage() + timedelta(days=60))
    stage.wait(hours=1)
    complaint_acts.withdraw(actor=other, tender=number, complaint=complaint.pk)
    assert played.tender.still_until is not None


def a_withdrawn_objection_holds_nothing(played: Play, stage: Any, objector: Actor) -> None:
    number = played.number
    stage.wait(hours=5)
    second = acts.raise_objection(actor=objector, tender=number, text="对结果有异议")
    stage.to(moment.from_stamp(played.tender.events["candidate_publicity.end"]) + timedelta(hours=1))
    with pytest.raises(Refused) as open_one:
        played.award()
    assert codes(open_one) == ["objection.open"]
    acts.withdraw_objection(actor=objector, tender=number, objection=second.pk)


def play_close(play: Play) -> None:
    openings.close(tender=play.number)


def next_steps(play: Play, actor: Actor) -> list[Any]:
    """What the actor can do now of complaints."""
    found = permits.steps(actor, play.tender, moment.now(), kinds=("complaint",))
    return [each.row for each in found if each.verdict]


def test_an_upheld_complaint_voids_the_award_and_it_may_be_held_again(play: Callable[..., Play], stage: Any, tmp_path: Path) -> None:
    played = play("publicity")
    number, objector = played.number, played.cast.tenderer(OBJECTOR).actor
    with pytest.raises(Refused) as stranger:
        acts.raise_objection(actor=played.cast.tenderer(OTHER).actor, tender=number, text="不公")
    assert codes(stranger) == ["remedy.standing"] and stranger.value.reasons[0].field == "interest"
    item = acts.raise_objection(actor=objector, tender=number, text="第一名业绩造假")
    stage.wait(days=4)  # past the three days
    acts.answer(actor=played.host.actor, tender=number, objection=item.pk, text="属实待查", upheld=False)
    complaint = file(played, objector, item)
    complaint_acts.accept(actor=played.cast.supervisor.actor, tender=number, complaint=complaint.pk)
    stage.wait(days=2)
    for order in ("change_documents", ""):
        with pytest.raises((BadInput, Refused)):
            decide(played, complaint, "upheld", order)
    decide(played, complaint, "upheld", "void")
    assert played.tender.state == "failed"
    found = report(played, tmp_path)
    assert (found["remedies"], found["failure"]) == ("ok", "ok")
    page = Client().get(f"/tenders/{number}/").content.decode()
    assert "中标（成交）无效" in page and "逾期答复" in page
    again = tenders.enter(
        actor=played.cast.buyer.actor, title="重新招标", category="works", budget=1_000_00, ceiling=900_00, minimum=500_00, retender_of=number
    )
    assert again.retender_of.number == number


def test_a_query_is_answered_late_and_the_complaint_dismissed(play: Callable[..., Play], stage: Any, tmp_path: Path) -> None:
    played = play("awarded", procedure="gov_open_tender_goods", category="goods", formula={"id": "gov_lowest_price", "rank_by": "price"},
                  minimum=None, by_agency=True)  # fmt: skip
    number, asker, supervisor = played.number, played.cast.tenderer(OBJECTOR).actor, played.cast.supervisor.actor
    with pytest.raises(Refused) as stranger:
        acts.raise_objection(actor=played.cast.tenderer(OTHER).actor, tender=number, text="不公", kind="result")
    assert codes(stranger) == ["remedy.standing"]
    with pytest.raises(Refused) as first:
        file(played, asker, None)
    assert codes(first) == ["complaint.first"]
    query = acts.raise_objection(actor=asker, tender=number, text="中标产品不符合参数", kind="result")
    with pytest.raises(Refused) as held:
        played.contract()
    assert codes(held) == ["objection.open"]
    stage.to(query.answer_by + timedelta(days=2))
    complaint = file(played, asker, query)
    acts.answer(actor=played.host.actor, tender=number, objection=query.pk, text="符合")
    complaint_acts.accept(actor=supervisor, tender=number, complaint=complaint.pk)
    with pytest.raises(Refused) as long:
        complaint_acts.suspend(actor=supervisor, tender=number, complaint=complaint.pk, number="1", reason="核查",
                               until=stage() + timedelta(days=60))  # fmt: skip
    assert codes(long) == ["ZC-36"]
    complaint_acts.suspend(actor=supervisor, tender=number, complaint=complaint.pk, number="1", reason="核查")
    with pytest.raises(Refused) as still:
        played.contract()
    assert "suspended" in codes(still)
    stage.wait(days=3)
    decide(played, complaint, "dismissed")
    played.until("archived")
    found = report(played, tmp_path)
    assert (found["remedies"], found["stillness"]) == ("ok", "ok")
    page = Client().get(f"/tenders/{number}/").content.decode()
    assert "逾期答复" in page and "驳回" in page
    assert list(selectors.all_living()) == []


def test_everybody_finds_the_way(play: Callable[..., Play], stage: Any) -> None:
    played = play("tendering")
    tender, browser = played.number, Client()
    page = browser.get("/remedies/", {"track": "construction", "industry": "water"}).content.decode()
    assert "水利部门" in page and "招标投标法实施条例 第60条" in page
    objector = Client()
    objector.force_login(played.cast.tenderer(OBJECTOR).person)
    desk = f"/desk/tenders/{tender}"
    assert objector.get(f"{desk}/objection.withdraw/").status_code == 404  # who has none learns of no such page
    done = objector.post(f"{desk}/objection.raise/", {"text": "参数有倾向性"})
    assert done.status_code == 302, done.content.decode()
    assert objector.get(f"{desk}/objection.withdraw/").status_code == 200
    stage.wait(days=4)  # unanswered
    item = Objection.objects.get()
    done = objector.post(f"{desk}/complaint.file/", {"objection": item.pk, "text": "未按时答复", "request": "责令答复", "industry": ""})
    assert done.status_code == 302, done.content.decode()
    complaint = Complaint.objects.get()
    assert objector.post(f"{desk}/complaint.file/", {"objection": item.pk, "text": "再次", "request": "再次"}).status_code == 422
    officer = Client()
    officer.force_login(played.cast.supervisor.person)
    assert "未办结的投诉" in officer.get("/desk/supervision/").content.decode()
    for act, data in (
        ("complaint.accept", {}),
        ("complaint.suspend", {"number": "1", "reason": "核查", "until": ""}),
        ("complaint.decide", {"order": "", "number": "2", "reasons": "不成立", "file": upload("决定")}),
    ):
        assert officer.get(f"{desk}/{act}/").status_code == 200, act
        done = officer.post(f"{desk}/{act}/", {"complaint": complaint.pk, **data})
        assert done.status_code == 302, (act, done.content.decode())
    for who in (objector, officer):
        assert "驳回" in who.get(f"{desk}/").content.decode()
    host = Client()
    host.force_login(played.host.person)
    assert "已逾期" in host.get(f"{desk}/objection.answer/").content.decode()


def upload(text: str) -> Any:
    return SimpleUploadedFile("决定书.txt", text.encode())


def test_a_complaint_is_decided_though_the_tender_has_ended(play: Callable[..., Play], stage: Any, program: Any, tmp_path: Path) -> None:
    played = play("tendering")
    number, supervisor = played.number, played.cast.supervisor
    complaint = file(played, played.cast.tenderer(OTHER).actor, None, known=stage() - timedelta(hours=1), interest="潜在投标人")
    complaint_acts.accept(actor=supervisor.actor, tender=number, complaint=complaint.pk)
    complaint_acts.suspend(actor=supervisor.actor, tender=number, complaint=complaint.pk, number="暂停1", reason="核查")
    tenders.terminate(actor=played.cast.buyer.actor, tender=number, reason="项目取消")
    assert played.tender.state == "terminated"
    assert [each.pk for each in selectors.all_living()] == [complaint.pk]  # it stays on the department's list
    assert [each.act for each in next_steps(played, supervisor.actor)] == ["complaint.resume", "complaint.decide"]
    with pytest.raises(Refused) as dead:
        decide(played, complaint, "upheld", "change_documents")
    assert codes(dead) == ["complaint.order"] and "after_end" in dead.value.reasons[0].passes.en
    decide(played, complaint, "upheld", "after_end")
    assert (played.tender.state, played.tender.still_until) == ("terminated", None)
    assert not selectors.all_living().exists()
    found = report(played, tmp_path)
    assert (found["remedies"], found["stillness"], found["order"]) == ("ok", "ok", "ok")
