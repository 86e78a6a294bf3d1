"""The opening hall: what everybody sees at each stage, the host's console, questions, and what never shows too early."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from tests.desks.conftest import FIRMS, text_of
from yiwang.desks.public import hall_show
from yiwang.kernel import moment
from yiwang.kernel.errors import BadInput, Refused
from yiwang.modules.evidence import selectors as evidence
from yiwang.modules.evidence.findings import Scope
from yiwang.modules.experts import acts as experts
from yiwang.modules.openings import acts as openings
from yiwang.modules.openings import audit, hall
from yiwang.modules.openings import hall_acts as acts
from yiwang.modules.openings import selectors as reads
from yiwang.modules.remedies import acts as remedies


@pytest.fixture(autouse=True)
def _fresh() -> Iterator[None]:
    """The stage's clock jumps; what the process keeps for two seconds of its own time would be old."""
    hall_show._kept.clear()
    yield
    hall_show._kept.clear()


def now(number: str, lang: str = "zh", **more: Any) -> str:
    hall_show._kept.clear()
    answer = Client().get(f"/tenders/{number}/hall/now/{lang}/", **more)
    assert answer.status_code == 200
    return text_of(answer)


def codes(error: Any) -> list[str]:
    return [reason.code for reason in error.value.reasons]


def do(player: Any, act: Callable[..., Any], life: Any, **values: Any) -> Any:
    return act(actor=player.actor, tender=life.number, **values)


def test_before_the_opening_bids_change_no_byte_and_everybody_gets_the_same(
    play: Any, cast: Any, desk: Any, django_assert_max_num_queries: Any
) -> None:
    life = play("tendering")
    empty = now(life.number)
    life.submit_bids()
    assert now(life.number) == empty
    assert "没有签到名单" in empty and "还在接受投标" in empty
    life.close()
    url = f"/tenders/{life.number}/hall/now/zh/?at=9"
    stranger, host = Client().get(url), desk(cast.agency).get(url)
    assert stranger.content == host.content and stranger["ETag"] == host["ETag"]
    assert "Vary" not in stranger and "Set-Cookie" not in stranger and stranger["Cache-Control"] == "public, max-age=1"
    seq = evidence.acts_of(life.tender).last().seq
    with django_assert_max_num_queries(0):
        heard = Client().get(url.replace("=9", f"={seq}"), headers={"If-None-Match": stranger["ETag"]})
    assert heard.status_code == 304
    do(cast.agency, acts.advance, life, point="price")
    assert Client().get(url.replace("=9", f"={seq + 1}")).content != stranger.content  # never older than what was heard of
    assert "Keys released" in now(life.number, "en")
    assert Client().get(f"/tenders/{life.number}/hall/now/fr/").status_code == 404
    assert Client().get("/tenders/YW2026-9999/hall/now/zh/").status_code == 404
    assert json.loads(Client().get("/hall/clock").content) == {"now": round(moment.now().timestamp() * 1000)}
    console = f"/desk/tenders/{life.number}/hall/"
    assert [desk(each).get(console).status_code for each in (cast.agency, cast.buyer, cast.center)] == [200, 200, 200]
    others = (cast.supervisor, cast.custodians[0], cast.tenderer(FIRMS[0][0]), cast.lender)
    assert [desk(each).get(console).status_code for each in others] == [404] * 4
    assert Client().get(console).status_code == 302
    assert desk(cast.supervisor).post(console, act="hall.pause").status_code == 404
    assert desk(cast.agency).post(console, act="tender.terminate").status_code == 404


def price_first_and_then_the_opening(life: Any) -> None:
    with pytest.raises(BadInput) as bad:
        do(life.host, acts.advance, life, point="reading")
    assert codes(bad) == ["hall.next"]
    do(life.host, acts.advance, life, point="price")
    with pytest.raises(Refused) as refused:
        do(life.host, acts.advance, life, point="reading")
    assert codes(refused) == ["hall.next"]


def audit_agrees_until_the_row_is_touched(life: Any) -> None:
    assert list(audit.findings(Scope(frozenset({life.number})))) == []
    opening = reads.opening(life.tender)
    opening.hall["read"] = 1  # what no act says
    opening.save()
    [found] = audit.findings(Scope(frozenset({life.number})))
    assert found.where.startswith("openings.Opening") and found.field == "hall"


def test_the_session_from_closing_to_its_end(play: Any, cast: Any, desk: Any, stage: Any) -> None:
    life = play("closed")
    bidder, outsider = cast.tenderer(FIRMS[0][0]), cast.tenderer("没有投标的公司")
    shown, asking = now(life.number), f"/desk/tenders/{life.number}/hall.ask/"
    assert "已公布的保管人密钥" in shown and FIRMS[0][0] not in shown and "开标一览表" not in shown
    assert {desk(each).get(asking).status_code for each in (bidder, outsider)} == {404}  # the same, lest it tell who bids
    price_first_and_then_the_opening(life)
    life.release_keys(cast.custodians[:2])
    shown = now(life.number)
    assert '<span class="big-of">/ 3</span>' in shown and "已有 2 位，须 3 位" in shown
    assert all(key.identity not in shown for key in life.custody_keys.values())
    life.release_keys(cast.custodians[2:3])
    openings.open_bids(actor=cast.center.actor, tender=life.number)
    shown = now(life.number)
    assert "全部投标已经打开" in shown and all(name in shown for name, _ in FIRMS)

    console, url = desk(cast.agency), f"/desk/tenders/{life.number}/hall/"
    read = {"act": "hall.advance", "point": "reading"}
    assert console.post(url, **read, read="1", request_key="a").status_code == 302
    assert console.post(url, **read, read="1", request_key="b").status_code == 422
    assert console.post(url, **read, read="4").status_code == 422
    first = reads.opening(life.tender).record["bids"][0]["tenderer_name"]
    shown = now(life.number)
    assert f'<span class="hall-who">{first}</span>' in shown and shown.count("data-say") == 1
    console.post(url, **read, read="3")

    assert desk(outsider).get(asking).status_code == 404
    assert desk(bidder).act(life.number, "hall.ask", text="第二家的工期是否宣读？").status_code == 302
    assert "等待主持人答复" in now(life.number) and "第二家的工期是否宣读？" in text_of(console.get(url))
    assert console.post(url, act="hall.advance", point="objections", minutes="2").status_code == 422
    console.post(url, act="hall.advance", point="objections", minutes="15")
    assert "确认记录，或者当场提出异议" in now(life.number)
    refused_end = console.post(url, act="hall.advance", point="ended")
    assert refused_end.status_code == 422
    assert all(words in text_of(refused_end) for words in ("时间还没有到", "还有提问没有答复", "还没有都确认"))
    life.confirm()  # takes a quarter of an hour
    assert console.post(url, act="hall.answer", question="1", text="工期 180 天，已宣读。").status_code == 302
    assert "工期 180 天，已宣读。" in now(life.number)
    with pytest.raises(Refused):
        do(cast.agency, acts.answer, life, question=1, text="再答一次")
    with pytest.raises(Refused) as refused:
        remedies.raise_objection(actor=bidder.actor, tender=life.number, text="开标程序有误")
    assert codes(refused) == ["hall.window_over"]
    assert console.post(url, act="hall.advance", point="ended").status_code == 302
    shown = now(life.number)
    assert "开标会已经结束" in shown and "已签：" in shown and "agenda-next" not in shown
    assert [act.role for act in evidence.acts_of(life.tender) if act.act.startswith("hall.")] == ["agency"] * 3 + ["bidder"] + ["agency"] * 3
    audit_agrees_until_the_row_is_touched(life)


def test_pause_postponement_and_incidents_hold_up_what_they_must(play: Any, cast: Any, desk: Any, stage: Any) -> None:
    life = play("closed")
    console, url, opens = desk(cast.agency), f"/desk/tenders/{life.number}/hall/", stage() + timedelta(hours=3)
    with pytest.raises(BadInput) as bad:
        do(cast.agency, acts.postpone, life, ground="convenience", reason="主持人有事", opens=opens)
    assert bad.value.reasons[0].article == "招标投标法 第34条"
    with pytest.raises(Refused) as refused:
        do(cast.agency, acts.postpone, life, ground="objection", reason="有异议", opens=opens)
    assert codes(refused) == ["hall.ground"]
    with pytest.raises(Refused) as refused:
        do(cast.agency, acts.postpone, life, ground="keys", reason="两位保管人未到", opens=opens + timedelta(days=400))
    assert codes(refused) == ["hall.time"]
    saturday = opens + timedelta(days=5 - opens.astimezone(moment.LOCAL).weekday())
    with pytest.raises(Refused) as refused:
        do(cast.agency, acts.postpone, life, ground="keys", reason="两位保管人未到", opens=saturday)
    assert codes(refused) == ["calendar.roster"] and refused.value.reasons[0].field == "opens"  # no roster for that rest day
    local = opens.astimezone(moment.LOCAL).strftime("%Y-%m-%dT%H:%M")
    assert console.post(url, act="hall.postpone", ground="keys", reason="两位保管人未到", opens=local).status_code == 302
    assert "开标推迟到" in now(life.number) and "两位保管人未到" in now(life.number)
    life.release_keys(cast.custodians[:3])
    with pytest.raises(Refused) as refused:
        openings.open_bids(actor=cast.agency.actor, tender=life.number)
    assert codes(refused) == ["hall.postponed"] and refused.value.reasons[0].after == reads.hall_of(life.tender).opens
    stage.wait(hours=4)

    do(cast.center, acts.pause, life, cause="network", reason="大厅断网")
    shown = now(life.number)
    assert "开标会暂停：网络中断" in shown and "大厅断网" in shown
    with pytest.raises(Refused) as refused:
        do(cast.agency, openings.open_bids, life)
    assert codes(refused) == ["hall.paused"]
    incident = {"act": "hall.incident", "who": "第二位保管人", "minutes": "12", "text": "密钥文件放错，换备份"}
    wrong = console.post(url, **incident, cause="weather")
    assert wrong.status_code == 422 and "换备份" in text_of(wrong)  # nothing typed is lost
    assert console.post(url, **incident, cause="custodian").status_code == 302
    shown = now(life.number)
    assert "第二位保管人" in shown and "保管人缺席或密钥不符" in shown and "共耽误 12 分钟" in shown
    do(cast.agency, acts.resume, life)
    openings.open_bids(actor=cast.agency.actor, tender=life.number)

    do(cast.agency, acts.advance, life, point="reading", read=3)
    do(cast.agency, acts.advance, life, point="objections", minutes=15)
    until = reads.hall_of(life.tender).until
    stage.wait(minutes=5)
    do(cast.agency, acts.pause, life, cause="power", reason="停电")
    stage.wait(minutes=30)
    do(cast.agency, acts.resume, life)
    assert reads.hall_of(life.tender).until == until + timedelta(minutes=30)
    with pytest.raises(Refused) as refused:
        experts.freeze_list(actor=cast.center.actor, tender=life.number, seats=life.script.seats)
    assert "hall.window" in codes(refused)
    assert list(audit.findings(Scope(frozenset({life.number})))) == []


def test_too_few_bids_show_the_legal_consequence_and_no_number(play: Any) -> None:
    life = play("failed", bids=FIRMS[:1])
    for lang, words in (("zh", "依法不得开标"), ("en", "there is no opening")):
        shown = now(life.number, lang)
        assert words in shown and "招标投标法 第28条" in shown and FIRMS[0][0] not in shown


def test_the_state_is_folded_from_acts_alone() -> None:
    state: hall.State = {}
    for act, public in (
        ("hall.pause", {"cause": "power", "reason": "x"}), ("hall.resume", {"paused_at": "", "until": ""}),
        ("hall.ask", {"question": 1, "text": "?", "name": "甲"}), ("hall.answer", {"question": 1, "answer": "!"}),
    ):  # fmt: skip
        before = json.dumps(state)
        state, kept = hall.after(state, act, public, "P", "2026-03-02T01:00:00Z"), state
        assert json.dumps(kept) == before
    assert hall.Hall(state).paused is None and hall.Hall(state).unanswered == []
