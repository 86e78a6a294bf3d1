"""The custodian's desk: a public key is given, the secret half released after closing, nothing earlier or wrong."""

from __future__ import annotations

from typing import Any

import pytest

from tests.desks.conftest import text_of
from yiwang.modules.openings import acts as openings
from yiwang.modules.openings import selectors
from yiwang.seal import keys


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
    assert at.act(life.number, "custody.provide_key", recipient=f" {key.recipient} ", saved="on").status_code == 302
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
