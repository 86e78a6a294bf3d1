"""The custodian's desk: a public key is given, the secret half released after closing, nothing earlier or wrong."""

from __future__ import annotations

import subprocess
import sys
from typing import Any

import pytest

from tests.desks.conftest import fields_of, text_of
from yiwang.demo.cast import player
from yiwang.demo.play import possession
from yiwang.modules.openings import acts as openings
from yiwang.modules.openings import selectors
from yiwang.seal import keys, recovery


def appointed(play: Any, cast: Any) -> Any:
    """A draft whose custodians are appointed and have given no key."""
    life = play()
    life.enter()
    names = [each.person.username for each in cast.custodians]
    openings.appoint_custodians(actor=life.host.actor, tender=life.number, custodians=names)
    return life


def test_key_is_given_once(play: Any, desk: Any, cast: Any) -> None:
    life = appointed(play, cast)
    at, key = desk(cast.custodians[0]), keys.new_custodian_key()
    given = possession(cast.custodians[0].actor, life.number, key)
    sent = {**given, "recipient": f" {key.recipient} ", "saved": "on"}
    assert at.act(life.number, "custody.provide_key", **sent).status_code == 302
    assert selectors.custodians(life.tender).first().recipient == key.recipient
    again = at.get(f"/desk/tenders/{life.number}/custody.provide_key/")
    assert again.status_code == 409 and "您已经提供过公钥" in text_of(again)


@pytest.mark.parametrize(
    ("sent", "words"),
    [
        ({"recipient": "age1abc", "saved": "on"}, "这不是保管人公钥"),
        ({"recipient": keys.new_custodian_key().recipient}, "请先勾选这一项"),
        ({"recipient": "", "saved": "on"}, "请填写一次性公钥"),
    ],
)
def test_faulty_key_is_named(play: Any, desk: Any, cast: Any, sent: dict[str, str], words: str) -> None:
    life = appointed(play, cast)
    page = desk(cast.custodians[0]).post(f"/desk/tenders/{life.number}/custody.provide_key/", **sent)
    assert page.status_code == 422 and words in text_of(page)
    assert selectors.custodians(life.tender).first().recipient == ""


def test_secret_key_pasted_by_mistake_is_not_shown_again(play: Any, desk: Any, cast: Any) -> None:
    life = appointed(play, cast)
    key = keys.new_custodian_key()
    page = desk(cast.custodians[0]).post(f"/desk/tenders/{life.number}/custody.provide_key/", recipient=key.identity, saved="on")
    assert page.status_code == 422 and "这是私钥" in text_of(page) and key.identity not in text_of(page)


def test_without_script_the_challenge_is_answered_on_the_command_line(play: Any, desk: Any, cast: Any, tmp_path: Any) -> None:
    life, key = appointed(play, cast), keys.new_custodian_key()
    at, url = desk(cast.custodians[0]), f"/desk/tenders/{life.number}/custody.provide_key/"
    asked = at.post(url, recipient=key.recipient, saved="on")
    assert asked.status_code == 422 and "请证明您持有私钥" in text_of(asked)
    fields = fields_of(asked)
    (tmp_path / "custody.key").write_text(key.identity)
    command = [sys.executable, "-m", "yiwang.cli", "custodian", "answer", fields["challenge"], "--key", str(tmp_path / "custody.key")]
    answer = subprocess.run(command, capture_output=True, text=True, check=True).stdout.strip()
    wrong = at.post(url, **{**fields, "saved": "on", "answer": "0" * 64})
    assert wrong.status_code == 422 and "没有证明您持有这把公钥的私钥" in text_of(wrong)
    assert at.post(url, **{**fields, "saved": "on", "answer": answer}).status_code == 302
    assert selectors.custodians(life.tender).first().recipient == key.recipient


def test_the_script_asks_for_a_challenge(play: Any, desk: Any, cast: Any) -> None:
    life, key = appointed(play, cast), keys.new_custodian_key()
    url = f"/desk/custody/challenge/{life.number}/"
    told = desk(cast.custodians[0]).post(url, recipient=key.recipient).json()
    assert keys.answer(key.identity, keys.challenge_in(told["challenge"]))
    assert desk(cast.custodians[0]).post(url, recipient="age1x").status_code == 422
    assert desk(cast.custodians[0]).get(url).status_code == 405
    assert desk(cast.lender).post(url, recipient=key.recipient).status_code == 404


def test_strangers_have_no_such_page(play: Any, desk: Any, cast: Any) -> None:
    life = appointed(play, cast)
    for each in (cast.buyer, cast.center, cast.experts[0], cast.supervisor):
        assert desk(each).get(f"/desk/tenders/{life.number}/custody.provide_key/").status_code == 404


def test_key_is_released_after_closing_only_and_only_the_right_one(play: Any, desk: Any, cast: Any, stage: Any) -> None:
    life = play("tendering")
    custodian = cast.custodians[0]
    at, url = desk(custodian), f"/desk/tenders/{life.number}/opening.release_key/"
    early = at.post(url, identity=life.custody_keys[custodian.person.username].identity)
    assert early.status_code == 409 and selectors.custodians(life.tender).first().identity == ""
    life.submit_bids()
    life.close()
    wrong = at.post(url, identity=keys.new_custodian_key().identity)
    assert wrong.status_code == 422 and "这不是您为本项目提供的密钥" in text_of(wrong)
    identity = life.custody_keys[custodian.person.username].identity
    text = f"# 一网 保管人密钥\n# {life.number}\n{identity}\n"
    assert at.act(life.number, "opening.release_key", identity=text).status_code == 302
    assert selectors.custodians(life.tender).first().identity == identity


def test_list_shows_own_custodies_alone(play: Any, desk: Any, cast: Any) -> None:
    life = appointed(play, cast)
    assert life.number in text_of(desk(cast.custodians[0]).get("/desk/custody/"))
    assert life.number not in text_of(desk(cast.lender).get("/desk/custody/"))


def test_recovery_sheet_is_typed_back(play: Any, desk: Any, cast: Any) -> None:
    life = play("closed")
    custodian = cast.custodians[0]
    at, url = desk(custodian), f"/desk/tenders/{life.number}/opening.release_key/"
    groups = list(recovery.groups(life.custody_keys[custodian.person.username].identity))
    bad = [*groups[:6], "QQQQQ" if groups[6] != "QQQQQ" else "PPPPP", *groups[7:]]
    wrong = at.post(url, identity=" ".join(bad))
    assert wrong.status_code == 422 and "第 7 组抄错了" in text_of(wrong)
    assert at.act(life.number, "opening.release_key", identity="\n".join(groups).lower()).status_code == 302
    assert selectors.custodians(life.tender).first().released_at


def test_a_custodian_declares_that_it_cannot_be_done(play: Any, desk: Any, cast: Any) -> None:
    life = play("closed")
    custodian = cast.custodians[0]
    assert desk(custodian).act(life.number, "custody.refuse", reason="U 盘损坏").status_code == 302
    host = text_of(desk(life.host).get(f"/desk/tenders/{life.number}/"))
    assert "声明不能公布" in host and "U 盘损坏" in host
    assert "U 盘损坏" not in text_of(desk(cast.lender).get(f"/desk/tenders/{life.number}/"))


def test_a_deputy_sees_when_and_for_whom(play: Any, desk: Any, cast: Any, stage: Any) -> None:
    life = play()
    life.enter()
    names = [each.person.username for each in cast.custodians]
    deputy = player("ersatz", "替补甲", organisation=cast.custodians[0].actor.organisation, duty="custodian")
    page = text_of(desk(life.host).get(f"/desk/tenders/{life.number}/custody.appoint/"))
    assert "替补甲" in page
    done = desk(life.host).act(life.number, "custody.appoint", custodians=names, deputies=["ersatz"], threshold="3")
    assert done.status_code == 302
    at, url = desk(deputy), f"/desk/tenders/{life.number}/custody.provide_key/"
    early = at.get(url)
    assert early.status_code == 409 and "您是替补：先由保管人本人办理" in text_of(early)
    stage.wait(hours=25)
    page = at.get(url)
    assert page.status_code == 200 and "您作为替补" in text_of(page)
    assert "迟迟未提供" in text_of(desk(life.host).get(f"/desk/tenders/{life.number}/"))
    key = keys.new_custodian_key()
    assert at.act(life.number, "custody.provide_key", saved="on", **possession(deputy.actor, life.number, key)).status_code == 302
    listed = text_of(at.get("/desk/custody/"))
    assert life.number in listed and "的替补" in listed


def test_one_who_gave_no_key_is_replaced(play: Any, desk: Any, cast: Any) -> None:
    life = appointed(play, cast)
    player("ersatz", "候补乙", organisation=cast.custodians[0].actor.organisation, duty="custodian")
    assert desk(life.host).act(life.number, "custody.replace", position="2", custodian="ersatz").status_code == 302
    assert selectors.custodians(life.tender)[2].person.username == "ersatz"


def test_wrong_deputies_are_named(play: Any, desk: Any, cast: Any) -> None:
    life = play()
    life.enter()
    names = [each.person.username for each in cast.custodians]
    page = desk(life.host).post(f"/desk/tenders/{life.number}/custody.appoint/", custodians=names[:4], deputies=[names[4]], threshold="3",
                                keys_by="2026-03-05T09:00")  # fmt: skip
    assert page.status_code == 422 and "没有同一单位的保管人可以替补" in text_of(page)
