"""Resetting lost factors: two people, a day to object, and nobody who gets in by it alone."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from tests.parties.conftest import Town
from tests.parties.test_certificates import sound
from yiwang.kernel import moment
from yiwang.kernel.errors import BadInput, Refused
from yiwang.modules.evidence import selectors as evidence
from yiwang.modules.evidence.models import Act
from yiwang.modules.parties import account_events, acts, factors, invitations, join_acts, reset_acts, services
from yiwang.modules.parties import selectors as parties
from yiwang.modules.parties.models import FactorReset

HOUR = 3600
CHECKED = "当面核对身份证原件与授权书"


def agreed(town: Town) -> FactorReset:
    asked = reset_acts.ask(actor=town("zhao"), username="wu", reason="手机遗失")
    return reset_acts.agree(actor=town("li"), reset=str(asked.pk))


def test_two_administrators_and_a_day_later(three: Town, stage: Any) -> None:
    browser = Client()
    browser.force_login(three("wu").person)
    from yiwang.modules.parties import open_sessions
    from yiwang.modules.parties.account_events import Where

    session = browser.session
    open_sessions.opened(session, three("wu").person, "password", Where())
    session.save()
    reset = agreed(three)
    assert reset.due_at == moment.now() + reset_acts.accounts_law().wait and three("wu").person.reset_due == reset.due_at
    sound()
    stage.wait(seconds=24 * HOUR - 1)
    assert reset_acts.carry_out_due(moment.now()) == 0 and browser.get("/account/").status_code == 200
    with pytest.raises(Refused, match="反对期未满"):
        reset_acts.carry_out(reset)
    stage.wait(seconds=2)
    assert reset_acts.carry_out_due(moment.now()) == 1 and reset_acts.carry_out_due(moment.now()) == 0
    person = parties.person_named("wu")
    assert not factors.factors_of(person).any and factors.factors_of(person).codes == 0 and not person.has_usable_password()
    assert person.reset_due is None and browser.get("/account/").status_code == 302
    assert [each.what for each in account_events.events_of(three("wu"))] == ["reset_done", "reset_agreed", "reset_asked"]
    assert {each.act.act for each in evidence.notifications(three("wu"))} >= {"reset.ask", "reset.agree", "reset.carry_out"}
    found, token = invitations.invite(three("zhao"), "wu")
    assert found == person and invitations.invited(person.pk, token) == person
    assert "手机遗失".encode() not in b"".join(bytes(each.canonical) for each in Act.objects.filter(act__startswith="reset."))
    sound()


def test_nobody_does_it_alone(three: Town) -> None:
    asked = reset_acts.ask(actor=three("zhao"), username="wu", reason="手机遗失")
    with pytest.raises(Refused, match="申请人不能自己同意"):
        reset_acts.agree(actor=three("zhao"), reset=str(asked.pk))
    with pytest.raises(Refused, match="单位管理员"):
        reset_acts.agree(actor=three("wu"), reset=str(asked.pk))
    with pytest.raises(Refused, match="单位管理员"):
        reset_acts.agree(actor=three("qian"), reset=str(asked.pk))
    assert asked.due_at is None and reset_acts.carry_out_due(moment.now()) == 0
    reset_acts.agree(actor=three("li"), reset=str(asked.pk))
    with pytest.raises(BadInput, match="没有这项"):
        reset_acts.agree(actor=three("zhou"), reset=str(asked.pk))
    with pytest.raises(BadInput, match="已有一项"):
        reset_acts.ask(actor=three("zhou"), username="wu", reason="再来")


def test_not_for_oneself_nor_for_strangers(three: Town) -> None:
    with pytest.raises(Refused, match="不能为自己"):
        reset_acts.ask(actor=three("zhao"), username="zhao", reason="忘了密码")
    with pytest.raises(BadInput, match="没有这个成员"):
        reset_acts.ask(actor=three("qian"), username="wu", reason="想进去")
    with pytest.raises(Refused, match="单位管理员"):
        reset_acts.ask(actor=three("wu"), username="zhao", reason="想进去")
    asked = reset_acts.ask(actor=three("zhao"), username="li", reason="手机遗失")
    with pytest.raises(Refused, match="不能为自己"):
        reset_acts.agree(actor=three("li"), reset=str(asked.pk))
    for wrong in ("", "not a number", "00000000-0000-0000-0000-000000000000"):
        with pytest.raises(BadInput, match="没有这项"):
            reset_acts.agree(actor=three("li"), reset=wrong)


@pytest.mark.parametrize("who", ["wu", "zhou", "li"])
def test_the_person_and_every_administrator_can_stop_it(three: Town, stage: Any, who: str) -> None:
    reset = agreed(three)
    for stranger in ("qian", "sun", "zhong"):
        with pytest.raises(BadInput, match="没有这项"):
            reset_acts.object_to(actor=three(stranger), reset=str(reset.pk))
    reset_acts.object_to(actor=three(who), reset=str(reset.pk))
    stage.wait(seconds=48 * HOUR)
    assert reset_acts.carry_out_due(moment.now()) == 0
    with pytest.raises(Refused, match="没有待执行"):
        reset_acts.carry_out(reset)
    assert factors.factors_of(three("wu").person).totp and three("wu").person.reset_due is None
    sound()
    again = reset_acts.ask(actor=three("zhao"), username="wu", reason="手机遗失")
    assert again.pk != reset.pk


def test_who_is_no_administrator_any_more_resets_nobody(three: Town, stage: Any) -> None:
    agreed(three)
    acts.remove_member(actor=three("zhou"), username="zhao")
    stage.wait(seconds=25 * HOUR)
    assert reset_acts.carry_out_due(moment.now()) == 0 and factors.factors_of(three("wu").person).totp


def test_who_has_left_is_left_alone(three: Town, stage: Any) -> None:
    agreed(three)
    join_acts.leave(actor=three("wu"))
    stage.wait(seconds=25 * HOUR)
    assert reset_acts.carry_out_due(moment.now()) == 0 and factors.factors_of(three("wu").person).totp
    assert three("wu").person.reset_due is None
    sound()
    join_acts.invite(actor=three("zhao"), username="wu", parts=["handler"])
    join_acts.join(actor=three("wu"), organisation=three.firm.uscc)
    assert reset_acts.carry_out_due(moment.now()) == 0 and factors.factors_of(three("wu").person).totp
    sound()


def test_the_center_stands_in_where_administrators_are_missing(town: Town, stage: Any) -> None:
    with pytest.raises(Refused, match="如何核对身份"):
        reset_acts.ask(actor=town("zhong"), username="zhao", reason="手机遗失", check="看过了")
    asked = reset_acts.ask(actor=town("zhong"), username="zhao", reason="手机遗失", check=CHECKED)
    with pytest.raises(Refused, match="申请人不能自己同意"):
        reset_acts.agree(actor=town("zhong"), reset=str(asked.pk), check=CHECKED)
    with pytest.raises(Refused, match="如何核对身份"):
        reset_acts.agree(actor=town("zheng"), reset=str(asked.pk))
    reset_acts.agree(actor=town("zheng"), reset=str(asked.pk), check=CHECKED)
    stage.wait(seconds=25 * HOUR)
    assert reset_acts.carry_out_due(moment.now()) == 1 and not parties.person_named("zhao").has_usable_password()
    assert Act.objects.get(act="reset.ask").private["check"] == CHECKED
    with pytest.raises(BadInput, match="没有这个成员"):
        reset_acts.ask(actor=town("zhong"), username="zheng", reason="想进去", check=CHECKED)
    sound()


def test_experts_and_people_without_organisation_are_helped_by_two_of_the_center(town: Town, stage: Any) -> None:
    services.add_person(username="expert", name="专家", password="correct horse 9", duty="evaluator")
    for username in ("expert", "sun"):
        asked = reset_acts.ask(actor=town("zhong"), username=username, reason="手机遗失", check=CHECKED)
        assert reset_acts.own(town(username)) == asked
        reset_acts.agree(actor=town("zheng"), reset=str(asked.pk), check=CHECKED)
    reset_acts.object_to(actor=town("sun"), reset=str(reset_acts.own(town("sun")).pk))
    stage.wait(hours=25)
    assert reset_acts.carry_out_due(moment.now()) == 1
    assert not parties.person_named("expert").has_usable_password() and parties.person_named("sun").has_usable_password()
    sound()


@pytest.mark.parametrize("duty", ["supervisor", "custodian", "lender", "admin", "center"])
def test_the_center_does_not_touch_those_who_watch_it(town: Town, duty: str) -> None:
    services.add_person(username="geng", name="庚", password=None, duty=duty)
    with pytest.raises(BadInput, match="没有这个成员"):
        reset_acts.ask(actor=town("zhong"), username="geng", reason="想进去", check=CHECKED)


def test_the_center_keeps_out_where_administrators_can_do_it(three: Town) -> None:
    with pytest.raises(Refused, match="自行办理"):
        reset_acts.ask(actor=three("zhong"), username="wu", reason="手机遗失", check=CHECKED)
    asked = reset_acts.ask(actor=three("zhao"), username="wu", reason="手机遗失")
    with pytest.raises(Refused, match="自行办理"):
        reset_acts.agree(actor=three("zhong"), reset=str(asked.pk), check=CHECKED)


def test_one_administrator_and_the_center(town: Town) -> None:
    town.member("wu", "handler")
    asked = reset_acts.ask(actor=town("zhao"), username="wu", reason="手机遗失")
    assert reset_acts.agree(actor=town("zhong"), reset=str(asked.pk), check=CHECKED).due_at is not None
    assert [each.pk for each in reset_acts.resets_for(town("zhong"))] == [asked.pk]
    assert list(reset_acts.resets_for(town("qian"))) == list(reset_acts.resets_for(town("sun"))) == []


def test_the_audit_finds_a_waiting_period_cut_short(three: Town) -> None:
    reset = agreed(three)
    FactorReset.objects.filter(pk=reset.pk).update(due_at=moment.now())
    from yiwang.modules.parties import audit

    assert list(audit.everywhere()) != []
