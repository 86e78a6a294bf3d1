"""Passkeys in a real Chromium with a virtual authenticator: add one, sign in with it alone, as second factor, for step-up."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from tests.browser.settled import asked
from yiwang.modules.evidence.actors import Actor
from yiwang.modules.parties import account_events, factors

pytestmark = pytest.mark.django_db(transaction=True)
PASSWORD = "correct horse 9"


@pytest.fixture
def person(cast: Any) -> Any:
    """The cast's buyer, with a password."""
    cast.buyer.person.set_password(PASSWORD)
    cast.buyer.person.save()
    return cast.buyer.person


def device(page: Any) -> Any:
    """A device with a fingerprint reader for this page; ``link.send`` changes it."""
    link = page.context.new_cdp_session(page)
    link.send("WebAuthn.enable")
    options = {"protocol": "ctap2", "transport": "internal", "hasResidentKey": True, "hasUserVerification": True,
               "isUserVerified": True, "automaticPresenceSimulation": True}  # fmt: skip
    made = link.send("WebAuthn.addVirtualAuthenticator", {"options": options})
    return link, made["authenticatorId"]


def give_password(page: Any, person: Any) -> None:
    page.fill("[name=username] >> nth=0", person.username)
    page.fill("[name=password] >> nth=0", PASSWORD)
    page.click("form.form button[type=submit]")


def press(page: Any, purpose: str) -> None:
    page.click(f"form[data-purpose={purpose}] button")


def fits(page: Any, shot: Any, name: str) -> None:
    """The page on a telephone: nothing sticks out to the right. Leaves the window as it was."""
    page.set_viewport_size({"width": 360, "height": 800})
    assert asked(page, "() => document.documentElement.scrollWidth <= innerWidth"), name
    shot(page, name)
    page.set_viewport_size({"width": 1440, "height": 900})


def test_a_passkey_from_first_to_last(visitor: Callable[..., Any], person: Any, live_server: Any, faults: Any, shot: Any) -> None:
    page = visitor()
    device(page)
    home = live_server.url
    page.goto(f"{home}/login/")
    give_password(page, person)
    page.wait_for_url(f"{home}/desk/")
    page.goto(f"{home}/account/")
    press(page, "add")
    page.wait_for_selector(".recovery-codes")
    assert page.locator(".recovery-codes li").count() == factors.CODES and factors.factors_of(person).passkeys == 1
    assert faults(page) == []
    fits(page, shot, "account")
    page.goto(f"{home}/account/")
    press(page, "add")
    page.wait_for_selector("form[data-purpose=add] [role=alert]:not([hidden])")  # the same device, once more
    assert "已经登记过" in page.inner_text("form[data-purpose=add] [role=alert]")

    page.context.clear_cookies()
    page.goto(f"{home}/login/?next=/keys/")
    press(page, "sign_in")
    page.wait_for_url(f"{home}/keys/")

    page.goto(f"{home}/account/")
    page.click("form[action$='/account/factors/remove/'] button")
    page.wait_for_selector(".notice-success")
    page.context.clear_cookies()
    page.goto(f"{home}/login/")
    press(page, "sign_in")
    page.wait_for_selector(".notice-error")
    assert "没有登记过这个通行密钥" in page.inner_text(".notice-error")
    told = [(each.what, each.how) for each in account_events.events_of(Actor(person=person)).order_by("id")]
    assert told == [("sign_in", "password"), ("add_factor", "passkey"), ("new_codes", ""), ("sign_in", "passkey"), ("remove_factor", "passkey")]


def test_a_passkey_as_second_factor_and_to_confirm(
    visitor: Callable[..., Any], person: Any, live_server: Any, faults: Any, shot: Any, settings: Any
) -> None:
    page, home = visitor(lang="en"), live_server.url
    link, authenticator = device(page)
    page.goto(f"{home}/login/")
    give_password(page, person)
    page.wait_for_url(f"{home}/desk/")
    page.goto(f"{home}/account/")
    press(page, "add")
    page.wait_for_selector(".recovery-codes")

    page.context.clear_cookies()
    page.goto(f"{home}/login/")
    give_password(page, person)
    page.wait_for_url(f"{home}/login/second/**")
    assert faults(page) == []
    fits(page, shot, "second")
    link.send("WebAuthn.setUserVerified", {"authenticatorId": authenticator, "isUserVerified": False})
    press(page, "second")
    page.wait_for_selector("form[data-purpose=second] [role=alert]:not([hidden])")  # the finger was not the right one
    link.send("WebAuthn.setUserVerified", {"authenticatorId": authenticator, "isUserVerified": True})
    press(page, "second")
    page.wait_for_url(f"{home}/desk/")

    settings.STEP_UP_MINUTES = 0
    page.goto(f"{home}/account/totp/")
    assert "Confirm once more" in page.inner_text("h1") and faults(page) == []
    fits(page, shot, "confirm")
    settings.STEP_UP_MINUTES = 15
    press(page, "confirm")
    page.wait_for_url(f"{home}/account/totp/")
    fits(page, shot, "totp")
    page.goto(f"{home}/account/members/")
    assert faults(page) == []
    shot(page, "members")
    fits(page, shot, "members-phone")
