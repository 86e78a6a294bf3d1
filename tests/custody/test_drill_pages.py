"""The pages of a drill: the center schedules, custodians give and release, everybody concerned reads how it went."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from tests.desks.conftest import fields_of, text_of
from yiwang.kernel import moment
from yiwang.modules.evidence import sequencer
from yiwang.modules.openings import drill_acts
from yiwang.modules.openings.drill_jobs import report_drills
from yiwang.seal import keys, recovery

LIST = "/desk/custody/drills/"


def test_a_drill_on_the_pages(cast: Any, stage: Any, desk: Any) -> None:
    center, first, second = desk(cast.center), cast.custodians[0], cast.custodians[1]
    form = center.get(f"{LIST}schedule/")
    local = (stage() + timedelta(hours=1)).astimezone(moment.LOCAL).strftime("%Y-%m-%dT%H:%M")
    wrong = center.post(f"{LIST}schedule/", **{**fields_of(form), "opens": "2026-01-01T09:00", "threshold": "2"})
    assert wrong.status_code == 422 and "至少提前 30 分钟" in text_of(wrong)
    sent = {**fields_of(form), "opens": local, "threshold": "2", "note": "用恢复单"}
    assert center.post(f"{LIST}schedule/", **sent).status_code == 302
    assert center.post(f"{LIST}schedule/", **sent).status_code == 302  # pressed twice: one drill
    assert "第 2 次" not in text_of(center.get(LIST))
    at = desk(first)
    assert "提供演练公钥" in text_of(at.get("/desk/")) and "提供演练公钥" in text_of(at.get("/desk/custody/"))
    key = keys.new_custodian_key()
    url = f"{LIST}1/"
    challenge = at.post(f"{url}challenge/", recipient=key.recipient).json()["challenge"]
    answer = keys.answer(key.identity, keys.challenge_in(challenge)).hex()
    given = {**fields_of(at.get(url)), "recipient": key.recipient, "saved": "on", "challenge": challenge, "answer": answer}
    assert at.post(url, **given).status_code == 302
    assert "演练还没有开始" in text_of(at.get(url)) and "提供演练公钥" not in text_of(at.get("/desk/"))
    stage.wait(hours=1, minutes=4)
    assert "公布演练密钥" in text_of(at.get("/desk/"))
    groups = list(recovery.groups(key.identity))
    typed = at.post(url, **{**fields_of(at.get(url)), "identity": " ".join([*groups[:14], "QQQQQ"])})
    assert typed.status_code == 422 and "第 15 组抄错了" in text_of(typed)
    assert at.post(url, **{**fields_of(at.get(url)), "identity": " ".join(groups)}).status_code == 302
    assert "您已完成这次演练" in text_of(at.get(url))
    assert "没有完成" in text_of(desk(second).get(url))
    stage.wait(hours=1)
    report_drills(stage())
    sequencer.sequence_all()
    for who in (cast.center, cast.supervisor, first):
        page = text_of(desk(who).get(url))
        assert "5 位中 1 位按时公布；需要 2 位" in page and "4 分钟" in page and "真的开标将打不开" in page
    told = text_of(center.get("/desk/notifications/"))
    assert "演练总结" in told and LIST in told


def test_who_sees_drills(cast: Any, stage: Any, desk: Any) -> None:
    names = [each.person.username for each in cast.custodians[:3]]
    drill_acts.schedule(actor=cast.center.actor, custodians=names, opens=stage() + timedelta(hours=1))
    for who, status in ((cast.center, 200), (cast.supervisor, 200), (cast.custodians[0], 200), (cast.custodians[4], 404), (cast.buyer, 404),
                        (cast.lender, 404)):  # fmt: skip
        assert desk(who).get(f"{LIST}1/").status_code == status
    assert desk(cast.custodians[4]).get(LIST).status_code == 200
    assert desk(cast.buyer).get(LIST).status_code == 404
    assert desk(cast.custodians[0]).get(f"{LIST}schedule/").status_code == 404
    key = keys.new_custodian_key()
    assert desk(cast.center).post(f"{LIST}1/challenge/", recipient=key.recipient).status_code == 409
    assert desk(cast.custodians[4]).post(f"{LIST}1/challenge/", recipient=key.recipient).status_code == 404


def test_the_center_is_reminded_after_a_month(cast: Any, stage: Any, desk: Any, play: Any) -> None:
    play("tendering")
    assert "没有演练" not in text_of(desk(cast.center).get("/desk/"))
    stage.wait(days=33)
    page = text_of(desk(cast.center).get("/desk/"))
    assert "天没有演练，请安排" in page
    assert "天没有演练" in text_of(desk(cast.center).get(LIST))
    assert "没有演练，请安排" not in text_of(desk(cast.custodians[0]).get("/desk/"))
