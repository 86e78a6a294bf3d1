"""Accounts: sign in, the brake on guessing, registering an organisation, binding a key."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from tests.desks.conftest import fields_of, text_of
from yiwang.demo.cast import Cast, made_up_uscc
from yiwang.modules.parties import selectors as parties
from yiwang.modules.parties import services
from yiwang.seal import signing

PASSWORD = "correct horse 9"


@pytest.fixture
def person(stage: Any) -> Any:
    """Somebody with a password."""
    return services.add_person(username="ren", name="壬路人", password=PASSWORD)


def sign_in(client: Client, password: str, **more: str) -> Any:
    return client.post("/login/", {"username": "ren", "password": password, **more})


def test_anonymous_are_led_to_the_sign_in_page_and_back(person: Any, client: Client) -> None:
    page = client.get("/desk/tenders/?state=draft")
    assert page.status_code == 302 and page["Location"] == "/login/?next=%2Fdesk%2Ftenders%2F%3Fstate%3Ddraft"
    assert sign_in(client, PASSWORD, next="/desk/tenders/?state=draft")["Location"] == "/desk/tenders/?state=draft"


def test_no_way_out_to_another_site(person: Any, client: Client) -> None:
    assert sign_in(client, PASSWORD, next="https://elsewhere.example/")["Location"] == "/desk/"


def test_a_wrong_password_keeps_the_name_and_is_braked(person: Any, client: Client) -> None:
    for _ in range(5):
        page = sign_in(client, "wrong")
        assert page.status_code == 422 and "用户名或密码不对" in text_of(page) and 'value="ren"' in text_of(page)
    page = sign_in(client, PASSWORD)
    assert page.status_code == 422 and "尝试次数过多" in text_of(page)
    assert client.get("/desk/").status_code == 302


def test_signing_out_is_a_post(person: Any, client: Client) -> None:
    client.force_login(person)
    assert client.get("/logout/").status_code == 405
    assert client.post("/logout/").status_code == 302
    assert client.get("/desk/").status_code == 302


def registration(client: Client, **changes: str) -> Any:
    fields = {**fields_of(client.get("/register/")), "uscc": made_up_uscc("东海建工有限公司"), "name": "东海建工有限公司",
              "person_name": "李明", "username": "liming", "password": "Donghai-2026"}  # fmt: skip
    return client.post("/register/", {**fields, **changes})


def test_an_organisation_registers_itself_and_is_signed_in(stage: Any, client: Client) -> None:
    page = registration(client)
    assert page.status_code == 302, text_of(page)
    made = parties.organisation(made_up_uscc("东海建工有限公司"))
    assert (made.name, made.kind) == ("东海建工有限公司", "enterprise")
    assert "东海建工有限公司" in text_of(client.get("/desk/"))


def test_a_wrong_check_digit_names_the_right_one(stage: Any, client: Client) -> None:
    right = made_up_uscc("东海建工有限公司")
    wrong = right[:-1] + ("1" if right[-1] != "1" else "2")
    page = registration(client, uscc=wrong)
    shown = text_of(page)
    assert page.status_code == 422 and f"校验位是 {right[-1]}" in shown and "GB 32100-2015" in shown and "李明" in shown
    assert not parties.organisations().exists()


def test_a_taken_user_name_leaves_no_organisation_behind(person: Any, client: Client) -> None:
    page = registration(client, username="ren")
    assert page.status_code == 422 and "已被使用" in text_of(page)
    assert not parties.organisations().exists()
    assert registration(client).status_code == 302


def test_a_weak_password_is_told_in_plain_words(stage: Any, client: Client) -> None:
    assert "密码至少 8 位" in text_of(registration(client, password="abc"))


def test_a_key_made_on_the_device_is_bound_with_its_proof(cast: Cast, desk: Any) -> None:
    buyer = desk(cast.buyer)
    key = signing.new_signing_key()
    public = signing.public_text(key)
    proof = signing.sign_statement(key, "bind-key", {"public": public})
    refused = buyer.post("/keys/", public=public, proof=proof[:-8] + "AAAAAAA=")
    assert refused.status_code == 422 and "持有证明无效" in text_of(refused)
    assert buyer.post("/keys/", public=public, proof=proof, device="办公室电脑").status_code == 302
    shown = text_of(buyer.get("/keys/"))
    assert public in shown and "办公室电脑" in shown and f'data-person="{cast.buyer.person.pk}"' in shown
    assert buyer.post("/keys/", public=public, proof=proof).status_code == 422
