"""Members of an organisation: an administrator adds them, gives parts, removes them; what they did stays."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

import pytest
from django.test import Client

from tests.desks.conftest import text_of
from yiwang.demo.cast import Cast, Player, made_up_uscc
from yiwang.kernel.errors import BadInput, Refused
from yiwang.modules.contracts import acts as contracts
from yiwang.modules.evidence import permits, registry
from yiwang.modules.evidence.actors import SYSTEM
from yiwang.modules.evidence.models import Act
from yiwang.modules.parties import acts, audit, members, services
from yiwang.modules.parties import selectors as parties
from yiwang.runtime.scrub import scrubbed
from yiwang.seal import signing

PASSWORD = "Binhai-2026"


@pytest.fixture(autouse=True)
def quick(settings: Any) -> None:
    """Passwords hashed fast: what is tested here is not the hash."""
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]


@dataclass(frozen=True)
class Few:
    """A buyer, an agency, and somebody of a body that the center set up."""

    buyer: Player
    agency: Player
    center: Player


@pytest.fixture
def few(stage: Any) -> Few:
    """Three people of three organisations; the whole cast would take longer."""

    def made(username: str, kind: str, duty: str = "") -> Player:
        name = f"{username}单位"
        body = acts.register_organisation(actor=SYSTEM, uscc=made_up_uscc(name), name=name, kind=kind)
        person = services.add_person(username=username, name=f"{username}先生", password=None, organisation=body, duty=duty)
        return Player(person, signing.new_signing_key(), services.actor_of(person))

    return Few(made("jia", "buyer"), made("yi", "agency"), made("zhong", "center", "center"))


def add(desk: Any, username: str = "qian", parts: tuple[str, ...] = ("handler",), name: str = "钱会计") -> Any:
    return desk.post("/account/members/", name=name, username=username, parts=list(parts))


def link_in(page: Any) -> str:
    return "/invitation/" + text_of(page).partition("/invitation/")[2].partition("<")[0].partition('"')[0]


def as_actor(username: str) -> Any:
    return services.actor_of(parties.person_named(username))


def test_a_new_member_sets_the_own_password_by_a_link_that_works_once(few: Few, desk: Any) -> None:
    page = add(desk(few.buyer))
    link = link_in(page)
    newcomer = Client()
    weak = newcomer.post(link, {"password": "abc"})
    assert weak.status_code == 422 and "密码至少 8 位" in text_of(weak) and "钱会计" in text_of(weak)
    assert newcomer.post(link, {"password": PASSWORD})["Location"] == "/keys/"
    assert str(few.buyer.actor.organisation) in text_of(newcomer.get("/desk/"))
    assert Client().get(link).status_code == 404
    assert link.split("/")[-2] not in scrubbed(f"Not Found: {link}")
    assert Client().post("/login/", {"username": "qian", "password": PASSWORD})["Location"] == "/desk/"
    act = Act.objects.get(act="member.appoint")
    assert json.loads(bytes(act.canonical))["public"]["parts"] == ["handler"]
    assert b"qian" not in bytes(act.canonical) and act.private["username"] == "qian"


def test_what_a_member_may_do_follows_from_the_parts(cast: Cast, play: Any) -> None:
    played, buyer = play("awarded"), cast.buyer.actor
    for username, parts in (("q1", ["handler"]), ("q2", ["finance"]), ("q3", ["signatory"])):
        acts.appoint_member(actor=buyer, username=username, name=username, parts=parts)
    tender = played.tender

    def refused(username: str, act: str) -> list[str]:
        from yiwang.kernel.moment import now

        found = permits.may(registry.row_of(act), as_actor(username), tender, now())
        return [each.code for each in found.reasons if each.code.startswith("member")]

    assert refused("q1", "contract.sign") == refused("q2", "contract.sign") == ["member.part"]
    assert refused("q3", "contract.sign") == []
    assert refused("q1", "contract.register") == refused("q3", "contract.register") == [] != refused("q2", "contract.register")
    with pytest.raises(Refused, match="经办人或授权签字人"):
        contracts.register(actor=as_actor("q2"), tender=played.number)


def test_parts_change_and_nobody_but_an_administrator_changes_them(few: Few, desk: Any) -> None:
    buyer = desk(few.buyer)
    add(buyer)
    assert buyer.post("/account/members/", change="qian", parts=["signatory", "finance"]).status_code == 302
    assert members.parts_of(parties.person_named("qian")) == {"signatory", "finance"}
    member = Client()
    member.force_login(parties.person_named("qian"))
    assert member.get("/account/members/").status_code == 404 and "单位成员" not in text_of(member.get("/desk/"))
    with pytest.raises(Refused, match="单位管理员"):
        acts.appoint_member(actor=as_actor("qian"), username="qian", parts=["manager"])
    with pytest.raises(BadInput, match="没有“king”"):
        acts.appoint_member(actor=few.buyer.actor, username="qian", parts=["king"])
    assert buyer.post("/account/members/", change="qian").status_code == 422


def test_a_removed_member_is_signed_out_and_the_past_stays(few: Few, desk: Any) -> None:
    buyer = desk(few.buyer)
    newcomer = Client()
    newcomer.post(link_in(add(buyer)), {"password": PASSWORD})
    person = parties.person_named("qian")
    earlier = Act.objects.get(act="member.appoint").canonical
    assert buyer.post("/account/members/", remove="qian").status_code == 302
    assert newcomer.get("/desk/").status_code == 302
    gone = parties.person_named("qian")
    assert gone.organisation is None and gone.is_active and Act.objects.get(act="member.appoint").canonical == earlier
    assert gone.pseudonym("person") == person.pseudonym("person")
    assert Client().post("/login/", {"username": "qian", "password": PASSWORD})["Location"] == "/desk/"
    assert "qian" not in text_of(buyer.get("/account/members/"))
    assert list(audit.everywhere()) == []


def test_the_last_administrator_stays(stage: Any) -> None:
    firm = acts.register_organisation(actor=services.actor_of(None), uscc=made_up_uscc("孤舟有限公司"), name="孤舟有限公司")
    only = services.actor_of(services.add_person(username="only", name="独一", password=None, organisation=firm))
    for tried in (lambda: acts.remove_member(actor=only, username="only"),
                  lambda: acts.appoint_member(actor=only, username="only", parts=["handler"])):  # fmt: skip
        with pytest.raises(BadInput, match="唯一的单位管理员"):
            tried()
    acts.appoint_member(actor=only, username="second", name="其二", parts=["manager"])
    acts.remove_member(actor=as_actor("second"), username="only")
    assert parties.person_named("only").organisation is None


def test_nobody_reaches_into_another_organisation(few: Few, desk: Any) -> None:
    other = desk(few.agency)
    add(desk(few.buyer))
    with pytest.raises(BadInput, match="没有这个成员"):
        acts.remove_member(actor=few.agency.actor, username="qian")
    taken = add(other)
    assert taken.status_code == 422 and "已被使用" in text_of(taken)
    assert other.post("/account/members/link/", username="qian").status_code == 404
    for outsider in (few.center,):
        with pytest.raises(Refused):
            acts.appoint_member(actor=outsider.actor, username="x", name="某", parts=["handler"])


def test_the_audit_finds_parts_that_no_act_gave(few: Few, desk: Any) -> None:
    add(desk(few.buyer))
    assert list(audit.everywhere()) == []
    person = parties.person_named("qian")
    person.parts = ["manager"]
    person.save()
    assert [finding.kind for finding in audit.everywhere()] == ["altered"]


def test_by_the_api(few: Few) -> None:
    client = Client()
    client.force_login(few.buyer.person)
    body = {"username": "qian", "name": "钱会计", "parts": ["finance"]}
    assert client.post("/api/v1/me/members", body, content_type="application/json").status_code == 201
    assert members.parts_of(parties.person_named("qian")) == {"finance"}
    assert client.post("/api/v1/me/members/remove", {"username": "qian"}, content_type="application/json").status_code == 201
    assert client.post("/api/v1/me/members/remove", {"username": "qian"}, content_type="application/json").status_code == 422
