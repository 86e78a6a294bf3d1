"""Accounts: second factors, step-up before important acts, sessions listed and ended, the record of sign-ins."""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pyotp
import pytest
from django.test import Client
from django.utils import timezone

from tests.desks.conftest import fields_of, text_of
from tests.site.html import CJK
from tests.site.html import Page as Html
from yiwang.demo.cast import Cast
from yiwang.modules.evidence.actors import Actor
from yiwang.modules.parties import account_events, attempts, factors, services, totp

PASSWORD = "correct horse 9"
FIREFOX = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"


@pytest.fixture(autouse=True)
def quick(settings: Any) -> None:
    """Passwords hashed fast: what is tested here is not the hash."""
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]


@pytest.fixture
def person(stage: Any) -> Any:
    """Somebody with a password."""
    return services.add_person(username="ren", name="壬路人", password=PASSWORD)


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Callable[[float], None]:
    """``clock(60)``: the machine's clock a minute later."""
    ahead, began, real = [0.0], time.time(), time.time
    # A code is good for 30 s: begin with at least 20 of them left, lest it changes between two steps of a test.
    ahead[0] = 30 - began % 30 if began % 30 > 10 else 0.0
    monkeypatch.setattr(time, "time", lambda: real() + ahead[0])

    def later(seconds: float) -> None:
        ahead[0] += seconds

    return later


def sign_in(client: Client, username: str = "ren", password: str = PASSWORD, **more: Any) -> Any:
    return client.post("/login/", {"username": username, "password": password}, **more)


def browser(**more: Any) -> Client:
    made = Client(**more)
    assert sign_in(made)["Location"] == "/desk/"
    return made


def events(person: Any) -> list[tuple[str, str, bool]]:
    return [(each.what, each.how, each.ok) for each in account_events.events_of(Actor(person=person)).order_by("id")]


def with_totp(client: Client) -> str:
    """Switch one-time codes on; the secret."""
    page = client.get("/account/totp/")
    secret = "".join(text_of(page).partition('class="totp-secret">')[2].partition("<")[0].split())
    shown = client.post("/account/totp/", {"code": pyotp.TOTP(secret).at(int(time.time()))})
    assert shown.status_code == 200 and text_of(shown).count("<li><code>") == factors.CODES
    return secret


def codes_of(page: Any) -> list[str]:
    return [part.partition("<")[0] for part in text_of(page).split("<li><code>")[1:]]


# --- sessions and records ---------------------------------------------------------------------------------------------


def test_signs_ins_are_listed_with_device_and_coarse_place(person: Any) -> None:
    client = Client()
    sign_in(client, password="wrong", REMOTE_ADDR="203.0.113.77")
    sign_in(client, REMOTE_ADDR="203.0.113.77", HTTP_USER_AGENT=FIREFOX)
    sign_in(client, username="nobody", password="my password by mistake")
    shown = text_of(client.get("/account/"))
    assert "Firefox · Linux" in shown and "203.0.113.0/24" in shown and "203.0.113.77" not in shown
    assert "被拒绝" in shown and "当前设备" in shown and "nobody" not in shown
    assert events(person) == [("sign_in", "password", False), ("sign_in", "password", True)]


def test_one_session_is_ended_by_the_other(person: Any) -> None:
    phone, desk = browser(), browser()
    page = text_of(desk.get("/account/"))
    other = page.partition('name="which" value="')[2].partition('"')[0]
    assert other.isdecimal()
    assert desk.post("/account/sessions/end/", {"which": other}).status_code == 302
    assert phone.get("/desk/").status_code == 302 and desk.get("/desk/").status_code == 200
    assert desk.post("/account/sessions/end/", {"which": other}).status_code == 404


def test_nobody_ends_the_session_of_another(person: Any) -> None:
    services.add_person(username="gui", name="癸某", password=PASSWORD)
    mine, other = browser(), Client()
    sign_in(other, "gui")
    number = other.session["open_session"]
    assert mine.post("/account/sessions/end/", {"which": number}).status_code == 404
    assert other.get("/desk/").status_code == 200


def test_signing_out_everywhere(person: Any) -> None:
    first, second = browser(), browser()
    assert first.post("/account/sessions/end/", {"which": "all"})["Location"] == "/login/"
    assert first.get("/desk/").status_code == second.get("/desk/").status_code == 302
    assert events(person)[-1][0] == "end_all"


def test_old_records_are_erased(person: Any) -> None:
    browser()
    account_events.events_of(Actor(person=person)).update(at=timezone.now() - timedelta(days=account_events.kept_days() + 1))
    browser()
    assert events(person) == [("sign_in", "password", True)]


@pytest.mark.parametrize(("address", "kept"), [("198.51.100.200", "198.51.100.0/24"), ("2001:db8:1:2::7", "2001:db8:1::/48"),
                                               ("127.0.0.1", "127.0.0.1"), ("unknown", "")])  # fmt: skip
def test_addresses_are_kept_coarsely(address: str, kept: str) -> None:
    assert account_events.coarse(address) == kept


# --- one-time codes ---------------------------------------------------------------------------------------------------


def test_a_password_alone_no_longer_signs_in(person: Any, clock: Callable[[float], None]) -> None:
    secret = with_totp(browser())
    client = Client()
    assert sign_in(client)["Location"].startswith("/login/second/")
    assert client.get("/desk/").status_code == 302 and "动态验证码" in text_of(client.get("/login/second/"))
    used = client.post("/login/second/", {"code": pyotp.TOTP(secret).at(int(time.time()))})
    assert used.status_code == 422 and "已经用过" in text_of(used)
    clock(30)
    assert client.post("/login/second/", {"code": pyotp.TOTP(secret).at(int(time.time()))})["Location"] == "/desk/"
    assert client.get("/desk/").status_code == 200
    assert events(person)[-2:] == [("sign_in", "totp", False), ("sign_in", "totp", True)]


def test_the_second_step_is_only_for_a_while(person: Any, clock: Callable[[float], None]) -> None:
    secret = with_totp(browser())
    client = Client()
    sign_in(client)
    clock(601)
    assert client.post("/login/second/", {"code": pyotp.TOTP(secret).at(int(time.time()))})["Location"] == "/login/"


def test_a_recovery_code_works_once_and_in_any_spelling(person: Any) -> None:
    with_totp(browser())
    code = factors.new_recovery_codes(person)[3]
    for _ in range(2):
        client = Client()
        sign_in(client)
        answer = client.post("/login/second/", {"code": code.lower().replace("-", " ")})
    assert answer.status_code == 422
    assert ("sign_in", "recovery", True) in events(person) and factors.factors_of(person).codes == factors.CODES - 1


def test_guessing_codes_is_braked_from_whatever_address(person: Any) -> None:
    secret = with_totp(browser())
    for number in range(attempts.FREE + 1):
        client = Client(REMOTE_ADDR=f"203.0.113.{number}")
        sign_in(client)
        page = client.post("/login/second/", {"code": "000000"})
    assert "尝试次数过多" in text_of(page)
    page = client.post("/login/second/", {"code": pyotp.TOTP(secret).at(int(time.time()) + 30)})
    assert page.status_code == 422 and "尝试次数过多" in text_of(page)


def test_the_secret_is_not_readable_in_the_database(person: Any, settings: Any) -> None:
    secret = with_totp(browser())
    row = totp.Totp.objects.get(person=person)
    assert secret.encode() not in bytes(row.secret)
    settings.SECRET_KEY = "another installation's key"
    assert not totp.accepts(person, pyotp.TOTP(secret).at(int(time.time()) + 30))


def test_a_wrong_first_code_switches_nothing_on(person: Any) -> None:
    client = browser()
    client.get("/account/totp/")
    page = client.post("/account/totp/", {"code": "12"})
    assert page.status_code == 422 and "不是验证器此刻显示的" in text_of(page) and not factors.factors_of(person).any


def test_switched_off_the_password_is_enough_again(person: Any) -> None:
    client = browser()
    with_totp(client)
    assert client.post("/account/factors/remove/", {"which": "totp"}).status_code == 302
    assert factors.factors_of(person) == factors.Factors(False, 0, 0)
    browser()


def test_new_recovery_codes_void_the_old(person: Any) -> None:
    client = browser()
    secret = with_totp(client)
    old = factors.new_recovery_codes(person)
    new = codes_of(client.post("/account/recovery-codes/"))
    assert len(set(new)) == factors.CODES and not set(new) & set(old) and secret
    with pytest.raises(Exception, match="验证码不对"):
        factors.check_code(person, old[0])
    assert factors.check_code(person, new[0]) == "recovery"


# --- step-up ----------------------------------------------------------------------------------------------------------


def test_an_important_act_asks_again_and_keeps_what_was_typed(cast: Cast, play: Any, clock: Callable[[float], None]) -> None:
    buyer = cast.buyer.person
    buyer.set_password(PASSWORD)
    buyer.save()
    client = Client()
    client.force_login(buyer)
    url = f"/desk/tenders/{play('awarded').number}/contract.sign/"
    form = fields_of(client.get(url))
    clock(15 * 60)
    asked = client.get(url)
    assert asked.status_code == 302 and asked["Location"].startswith("/account/confirm/?next=")
    assert "签署即订立合同" in text_of(client.get(asked["Location"]))
    asking = client.post(url, {**form, "public": "x", "signature": "y"})
    assert "<li class=\"hint\">距上次确认已超过 15 分钟" in text_of(asking)  # what a script that sent it tells
    kept = fields_of(asking)
    assert asking.status_code == 403 and {**form, "public": "x", "signature": "y"}.items() <= kept.items()
    wrong = client.post(url, {**kept, "password": "no"})
    assert wrong.status_code == 422 and "密码不对" in text_of(wrong) and fields_of(wrong)["signature"] == "y"
    done = client.post(url, {**kept, "password": PASSWORD})
    assert done.status_code == 422 and "签名密钥没有绑定" in text_of(done)  # it reached the act, which refuses this signature
    assert client.get(url).status_code == 200
    assert events(buyer)[-2:] == [("confirm", "password", False), ("confirm", "password", True)]


def test_confirming_leads_back(person: Any, clock: Callable[[float], None]) -> None:
    client = browser()
    clock(15 * 60)
    where = client.get("/keys/")["Location"]
    page = client.get(where)
    assert client.post(where, {**fields_of(page), "password": PASSWORD})["Location"] == "/keys/"
    assert client.get("/keys/").status_code == 200
    assert client.post("/account/confirm/?next=https://elsewhere.example/", {"confirming": "1", "password": PASSWORD})["Location"] == "/desk/"


def test_with_a_second_factor_it_is_that_which_is_asked(person: Any, clock: Callable[[float], None]) -> None:
    client = browser()
    secret = with_totp(client)
    clock(15 * 60)
    page = client.get("/keys/", follow=True)
    assert "动态验证码" in text_of(page) and 'name="password"' not in text_of(page)
    where = page.redirect_chain[-1][0]
    assert client.post(where, {**fields_of(page), "password": PASSWORD}).status_code == 422
    answer = client.post(where, {**fields_of(page), "code": pyotp.TOTP(secret).at(int(time.time()))})
    assert answer["Location"] == "/keys/" and client.get("/keys/").status_code == 200


@pytest.mark.parametrize("url", ["/account/totp/", "/account/passkeys/", "/account/factors/remove/", "/account/recovery-codes/",
                                 "/account/sessions/end/", "/keys/"])  # fmt: skip
def test_changes_of_the_account_need_a_fresh_confirmation(person: Any, clock: Callable[[float], None], url: str) -> None:
    client = browser()
    clock(15 * 60)
    assert client.post(url, {"which": "all"}).status_code == 403
    assert client.post("/account/passkeys/options/", {"purpose": "add"}).status_code == 404
    assert client.get("/desk/").status_code == 200


def test_a_new_password_signs_the_other_devices_out(person: Any) -> None:
    old, client = browser(), browser()
    assert "密码至少 8 位" in text_of(client.post("/account/password/", {"password": "short"}))
    assert client.post("/account/password/", {"password": "another horse 7"}).status_code == 302
    assert "当前设备" in text_of(client.get("/account/")) and old.get("/desk/").status_code == 302
    assert sign_in(Client()).status_code == 422 and sign_in(Client(), password="another horse 7").status_code == 302
    assert events(person)[2][0] == "change_password"
    client.post("/account/sessions/end/", {"which": "all"})
    assert client.get("/desk/").status_code == 302


def test_the_pages_are_complete_in_english(cast: Cast, clock: Callable[[float], None]) -> None:
    client, wrong = Client(headers={"Accept-Language": "en"}), []
    client.force_login(cast.buyer.person)
    factors.new_recovery_codes(cast.buyer.person)
    pages = [client.get(f"/account/{each}") for each in ("", "totp/", "password/", "members/")]
    pages += [client.post("/account/members/", {"change": "jia"}), client.post("/account/totp/", {"code": "1"})]
    pages.append(client.post("/account/members/", {"name": "Qian", "username": "qian", "parts": ["handler"]}))
    pages.append(Client(headers={"Accept-Language": "en"}).get("/invitation/" + text_of(pages[-1]).partition("/invitation/")[2].partition("<")[0]))
    clock(15 * 60)
    pages.append(client.get("/keys/", follow=True))
    names = (cast.buyer.person.name, str(cast.buyer.actor.organisation))
    for page in pages:
        html = Html(text_of(page))
        said = [word for word in html.words if CJK.search(word) and not any(name in word for name in names)]
        wrong += [*html.faults, *said] if page.status_code in (200, 422) else [str(page.status_code)]
    assert wrong == []


# --- the API ----------------------------------------------------------------------------------------------------------


def basic(client: Client, username: str = "ren", password: str = PASSWORD) -> Any:
    import base64

    coded = base64.b64encode(f"{username}:{password}".encode()).decode()
    return client.get("/api/v1/me", headers={"Authorization": f"Basic {coded}"})


def test_basic_is_refused_with_a_second_factor_and_says_what_to_do(person: Any) -> None:
    assert basic(Client()).status_code == 200
    with_totp(browser())
    answer = basic(Client())
    assert answer.status_code == 401
    reason = answer.json()["reasons"][0]
    assert reason["code"] == "second_factor" and "专用账号" in reason["passes"]["zh"]
    assert events(person)[-1] == ("sign_in", "api", False)
    assert basic(Client(), password="wrong").json()["reasons"][0]["code"] != "second_factor"


def test_an_act_by_the_api_needs_a_fresh_session_too(person: Any, clock: Callable[[float], None]) -> None:
    client = browser()
    clock(15 * 60)
    answer = client.post("/api/v1/me/keys", {"public": "x", "proof": "y"}, content_type="application/json")
    assert answer.status_code == 403 and answer.json()["reasons"][0]["code"] == "step_up"


def test_the_second_step_does_not_exist_without_the_first(person: Any) -> None:
    assert Client().get("/login/second/")["Location"] == "/login/"
    assert browser().get("/login/second/")["Location"] == "/desk/"
    assert Client().post("/account/passkeys/options/", {"purpose": "second"}).status_code == 404
