"""Joining with an account that exists, and leaving: by invitation to a user name, one organisation at a time."""

from __future__ import annotations

import json
from typing import Any

import pytest

from tests.parties.conftest import Town
from tests.parties.test_certificates import with_key
from yiwang.kernel import moment
from yiwang.kernel.errors import BadInput, NotVisible, Refused
from yiwang.modules.evidence.models import Act
from yiwang.modules.parties import acts, audit, erasing, join_acts, members
from yiwang.modules.parties import selectors as parties
from yiwang.modules.parties.models import Invitation, SigningKey


def sound() -> None:
    assert list(audit.everywhere()) == []


def test_an_account_joins_by_invitation_and_leaves(town: Town) -> None:
    with_key(town, "sun")
    join_acts.invite(actor=town("zhao"), username="sun", parts=["handler", "signatory"])
    sound()
    joined = join_acts.join(actor=town("sun"), organisation=town.firm.uscc)
    assert town("sun").organisation == town.firm and members.parts_of(joined) == {"handler", "signatory"}
    act = Act.objects.get(act="member.join")
    assert act.subject == town.firm.chain and b"sun" not in bytes(act.canonical)
    assert json.loads(bytes(act.canonical))["public"]["parts"] == ["handler", "signatory"]
    assert not Invitation.objects.exists()
    sound()
    join_acts.leave(actor=town("sun"))
    assert town("sun").organisation is None and parties.person_named("sun").parts is None
    with pytest.raises(BadInput, match="没有邀请您"):
        join_acts.join(actor=town("sun"), organisation=town.firm.uscc)
    sound()


def test_keys_end_with_the_organisation_for_which_they_were_bound(town: Town) -> None:
    public = with_key(town, "sun")
    join_acts.invite(actor=town("zhao"), username="sun", parts=["handler"])
    join_acts.join(actor=town("sun"), organisation=town.firm.uscc)
    assert not parties.is_key_of(town.firm, public)
    with pytest.raises(BadInput, match="没有绑定"):
        acts.signature_of(town("sun"), "no-conflict", {}, public, "")
    fresh = with_key(town, "sun")
    assert parties.is_key_of(town.firm, fresh)
    acts.remove_member(actor=town("zhao"), username="sun")
    assert not SigningKey.objects.filter(revoked_at=None).exists()
    sound()


def test_an_account_acts_for_one_organisation_at_a_time(town: Town) -> None:
    join_acts.invite(actor=town("zhao"), username="qian", parts=["handler"])
    with pytest.raises(Refused, match="一个账号同一时间只代表一个单位"):
        join_acts.join(actor=town("qian"), organisation=town.firm.uscc)
    with pytest.raises(BadInput, match="唯一的单位管理员"):
        join_acts.leave(actor=town("qian"))
    acts.appoint_member(actor=town("qian"), username="qi", name="齐", parts=["manager"])
    join_acts.leave(actor=town("qian"))
    join_acts.join(actor=town("qian"), organisation=town.firm.uscc)
    assert town("qian").organisation == town.firm
    join_acts.invite(actor=town("zhao"), username="zhong", parts=["handler"])
    with pytest.raises(Refused, match="专门职责"):
        join_acts.join(actor=town("zhong"), organisation=town.firm.uscc)
    sound()


def test_only_the_invited_and_only_in_time(town: Town, stage: Any) -> None:
    join_acts.invite(actor=town("zhao"), username="sun", parts=["handler"])
    with pytest.raises(BadInput, match="没有邀请您"):
        join_acts.join(actor=town("sun"), organisation=town.other.uscc)
    with pytest.raises(Refused, match="单位管理员"):
        join_acts.invite(actor=town.member("li", "handler"), username="x", parts=["manager"])
    with pytest.raises(Refused):
        join_acts.invite(actor=town("zhong"), username="x", parts=["manager"])
    stage.wait(seconds=7 * 24 * 3600 + 1)
    with pytest.raises(BadInput, match="没有邀请您"):
        join_acts.join(actor=town("sun"), organisation=town.firm.uscc)
    assert erasing.erase_due()["invitations"] == 1
    sound()


def test_what_is_invited_may_be_declined_withdrawn_and_replaced(town: Town) -> None:
    first = join_acts.invite(actor=town("zhao"), username="sun", parts=["handler"])
    with pytest.raises(NotVisible):
        join_acts.withdraw(town("qian"), str(first.pk))
    with pytest.raises(NotVisible):
        join_acts.decline(town("qian"), str(first.pk))
    second = join_acts.invite(actor=town("zhao"), username="sun", parts=["finance"])
    assert list(join_acts.invitations_to(town("sun"), moment.now())) == [second]
    join_acts.decline(town("sun"), str(second.pk))
    third = join_acts.invite(actor=town("zhao"), username="sun", parts=["finance"])
    join_acts.withdraw(town("zhao"), str(third.pk))
    assert not Invitation.objects.exists()
    sound()


def test_inviting_tells_nothing_of_accounts_and_has_its_limits(town: Town) -> None:
    join_acts.invite(actor=town("zhao"), username="nobody-of-this-name", parts=["handler"])
    with pytest.raises(BadInput, match="已是本单位成员"):
        join_acts.invite(actor=town("zhao"), username="zhao", parts=["handler"])
    for number in range(19):
        join_acts.invite(actor=town("zhao"), username=f"n{number}", parts=["handler"])
    with pytest.raises(BadInput, match="已有 20 个"):
        join_acts.invite(actor=town("zhao"), username="one-more", parts=["handler"])
    sound()


def test_the_audit_finds_a_member_by_the_back_door(town: Town) -> None:
    person = parties.person_named("sun")
    person.organisation, person.parts = town.firm, ["manager"]
    person.save()
    assert len(list(audit.everywhere())) == 1
    Invitation.objects.create(organisation=town.firm, username="thief", parts=["manager"], invited_by=person, until=moment.now())
    assert len(list(audit.everywhere())) == 2


def test_what_was_signed_before_leaving_stays_the_organisations(town: Town, stage: Any) -> None:
    join_acts.invite(actor=town("zhao"), username="sun", parts=["handler"])
    join_acts.join(actor=town("sun"), organisation=town.firm.uscc)
    public, signed_at = with_key(town, "sun"), moment.now()
    stage.wait(minutes=5)
    join_acts.leave(actor=town("sun"))
    assert parties.is_key_of(town.firm, public, signed_at)
    assert not parties.is_key_of(town.firm, public) and not parties.is_key_of(town.firm, public, moment.now())
    join_acts.invite(actor=town("qian"), username="sun", parts=["handler"])
    join_acts.join(actor=town("sun"), organisation=town.other.uscc)
    assert not parties.is_key_of(town.other, public, signed_at) and parties.is_key_of(town.firm, public, signed_at)
