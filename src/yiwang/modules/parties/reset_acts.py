"""Resetting somebody's lost factors: two people agree, the person has a day to object, then the system does it.

Two administrators of the person's organisation, other than the person; where there are not two, people of the center stand in,
each recording how the person's identity was checked. Nobody can do it alone, nobody at once, and the person can stop it with
whatever is left: a device that is still signed in, or the password. Afterwards the account has no password, no factors and no
session; an administrator hands over a link to set a new password.
"""

from __future__ import annotations

import logging
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import F, QuerySet

from yiwang.kernel import moment
from yiwang.kernel.errors import NotVisible, YiwangError, bad
from yiwang.kernel.text import Text
from yiwang.kernel.verdict import Verdict, no, verdict
from yiwang.modules.evidence import door
from yiwang.modules.evidence.actors import SYSTEM, Actor
from yiwang.modules.parties import account_events, members, open_sessions, services, states
from yiwang.modules.parties.account_events import Where
from yiwang.modules.parties.accounts_law import accounts_law
from yiwang.modules.parties.models import (
    CertificateFactor,
    FactorReset,
    Organisation,
    Passkey,
    Person,
    RecoveryCode,
    Totp,
)

ROWS = states.ORGANISATION.rows
CENTER_HELPS = ("", "evaluator")
"""Duties of people whom the center may help. Supervisors and custodians watch the center: it does not touch their accounts."""
LEAST_CHECK = 10
"""Characters with which the center says at least how it checked who the person is."""
_log = logging.getLogger(__name__)


def ask(*, actor: Actor, username: str, reason: str, check: str = "", request_key: str | None = None) -> FactorReset:
    """Ask to reset the lost factors of a member (网络安全法 第21条). Nothing happens until a second person agrees.

    Args:
        username: of the member; of any organisation's, for the center.
        reason: what was lost, and how that is known.
        check: for the center: how the person's identity was checked.

    Raises:
        BadInput: no such member, yourself, no reason, or one is under way.
        Refused: not an administrator; or the center, where two administrators can do it themselves.
    """
    if not reason.strip() or len(reason) > 500:
        raise bad("reason", "请填写原因（500 字以内）", "give the reason, in at most 500 characters",
                  passes=Text("例如：手机遗失", "e.g. phone lost"))  # fmt: skip
    person = _person_for(actor, username.strip())
    body = (person and person.organisation) or actor.organisation
    with door.enter(ROWS["reset.ask"], actor, lambda: _locked(body), request_key=request_key) as passage:
        if person is None:
            raise bad("username", "没有这个成员", "there is no such member", passes=Text("成员的用户名", "a member's user name"))
        passage.require(_may(actor, person, check))
        if FactorReset.objects.filter(person=person, organisation=passage.subject, objected_at=None, done_at=None).exists():
            raise bad("username", "已有一项重设在办理", "a reset of this person is under way", code="reset.open")
        made = FactorReset(person=person, organisation=passage.subject, reason=reason.strip(), asked_by=actor.person, asked_at=passage.now)
        passage.record(
            public={"reset": str(made.pk), "member": person.pseudonym(passage.subject.chain)},
            private={"person": str(person.pk), "name": person.name, "reason": made.reason, "check": check.strip(), "by": str(actor.person.pk)},
        )
        passage.then(lambda act: made.save())
    account_events.note(person, "reset_asked", Where())
    return made


def agree(*, actor: Actor, reset: str, check: str = "", request_key: str | None = None) -> FactorReset:
    """Agree, as the second person, to a reset that another one asked for: from now on the member may object for a day.

    Args:
        reset: its number.
        check: for the center: how the person's identity was checked.

    Raises:
        BadInput: no such reset that waits for a second person.
        Refused: the one who asked, the member concerned, or somebody who may not.
    """
    found = _open(reset)
    body = found.organisation if found else actor.organisation
    with door.enter(ROWS["reset.agree"], actor, lambda: _locked(body), request_key=request_key) as passage:
        found = FactorReset.objects.select_for_update().filter(pk=found.pk).first() if found else None
        if found is None or not found.open or found.agreed_by_id:
            raise _none()
        passage.require(_may(actor, found.person, check))
        passage.require(verdict(actor.person != found.asked_by, "reset.two", Text("申请人不能自己同意", "who asked cannot agree as well"),
                                passes=Text("请另一位管理员同意", "another administrator must agree")))  # fmt: skip
        found.agreed_by, found.due_at = actor.person, passage.now + accounts_law().wait
        found.person.reset_due = found.due_at
        passage.record(public={"reset": str(found.pk), "due": moment.stamp(found.due_at)},
                       private={"check": check.strip(), "by": str(actor.person.pk)})  # fmt: skip
        passage.then(lambda act: found.save())
        passage.then(lambda act: found.person.save(update_fields=["reset_due"]))
    account_events.note(found.person, "reset_agreed", Where())
    return found


def object_to(*, actor: Actor, reset: str, request_key: str | None = None) -> FactorReset:
    """Object to a reset: it is off. For the person concerned and for any administrator of the organisation.

    Args:
        reset: its number.

    Raises:
        BadInput: no such reset that is open, or not yours to object to.
    """
    found = _open(reset)
    body = found.organisation if found else actor.organisation
    with door.enter(ROWS["reset.object"], actor, lambda: _locked(body), request_key=request_key) as passage:
        found = FactorReset.objects.select_for_update().select_related("person").filter(pk=found.pk).first() if found else None
        if found is None or not found.open or not _concerned(actor, found):
            raise _none()
        found.objected_by, found.objected_at, found.person.reset_due = actor.person, passage.now, None
        passage.record(public={"reset": str(found.pk)}, private={"by": str(actor.person.pk)})
        passage.then(lambda act: found.save())
        passage.then(lambda act: found.person.save(update_fields=["reset_due"]))
    account_events.note(found.person, "reset_objected", Where())
    return found


def carry_out(reset: FactorReset) -> FactorReset:
    """Do what was agreed, once the time to object is over: no password, no factor, no session is left.

    Raises:
        Refused: it is not yet time, somebody objected, the person has left, or one of the two may no longer agree.
    """
    with door.enter(ROWS["reset.carry_out"], SYSTEM, lambda: _locked(reset.organisation)) as passage:
        found = FactorReset.objects.select_for_update().get(pk=reset.pk)
        passage.require(_ripe(found, passage.now))
        found.done_at, person = passage.now, found.person
        passage.record(public={"reset": str(found.pk), "member": person.pseudonym(found.organisation.chain)})
        passage.then(lambda act: found.save())
        passage.then(lambda act: _void(person))
    open_sessions.end_all(person)
    account_events.note(person, "reset_done", Where())
    return found


def carry_out_due(now: datetime) -> int:
    """Carry out every reset whose time to object is over; how many. The worker asks every second or so."""
    due = FactorReset.objects.filter(due_at__lte=now, objected_at=None, done_at=None, person__reset_due=F("due_at"))
    done = 0
    for each in due.select_related("person__organisation", "organisation", "asked_by", "agreed_by"):
        if not _ripe(each, now):
            continue
        try:
            carry_out(each)
            done += 1
        except YiwangError:
            _log.exception("the reset %s could not be carried out", each.pk)
    return done


def _ripe(reset: FactorReset, now: datetime) -> Verdict:
    """Whether a reset may be carried out: also those who agreed must still be who they were."""
    if not reset.open or reset.due_at is None or reset.person.reset_due != reset.due_at:  # who has left has no notice any more
        return no("reset.none", Text("没有待执行的重设", "there is nothing to carry out"))
    if now < reset.due_at:
        return no("reset.wait", Text("反对期未满", "the time to object is not over"), after=reset.due_at)
    able = all(_still(each, reset.organisation) for each in (reset.asked_by, reset.agreed_by))
    return verdict(able, "reset.two", Text("申请人或同意人已无此权限", "one of the two may no longer agree"))


def _still(person: Person | None, organisation: Organisation) -> bool:
    if person is None or not person.is_active:
        return False
    actor = services.actor_of(person)
    return actor.duty == "center" or (members.manages(actor) and actor.organisation == organisation)


def _void(person: Person) -> None:
    for kind in (Totp, Passkey, RecoveryCode, CertificateFactor):
        kind.objects.filter(person=person).delete()
    person.set_unusable_password()
    person.reset_due = None
    person.save(update_fields=["password", "reset_due"])


def _may(actor: Actor, person: Person, check: str) -> Verdict:
    if actor.person == person:
        return no("reset.self", Text("不能为自己办理", "not for yourself"), passes=Text("请另外两位管理员办理", "two other administrators"))
    if actor.duty != "center":
        return Verdict()
    if not _stands_in(person):
        return no("reset.center", Text("该单位另有两位管理员，应由其自行办理", "the organisation has two other administrators who can do it"))
    passes = Text(f"核对了什么证件、如何核对（至少 {LEAST_CHECK} 个字）", f"which document, and how (at least {LEAST_CHECK} characters)")
    message = Text("请写明如何核对身份", "say how the identity was checked")
    return verdict(LEAST_CHECK <= len(check.strip()) <= 500, "reset.check", message, field="check", passes=passes)


def _person_for(actor: Actor, username: str) -> Person | None:
    """A member, for an administrator; for the center anybody but those whom it must not touch: authorities, custodians, itself."""
    found = Person.objects.select_related("organisation").filter(username=username, is_active=True)
    if actor.duty == "center":
        return found.filter(duty__in=CENTER_HELPS).first()
    return found.filter(organisation=actor.organisation, duty="").first() if actor.organisation else None


def is_number(reset: str) -> bool:
    """Whether this has the form of a reset's number."""
    try:
        UUID(reset)
    except ValueError:
        return False
    return True


def _open(reset: str) -> FactorReset | None:
    found = FactorReset.objects.select_related("person", "organisation").filter(objected_at=None, done_at=None)
    return found.filter(pk=reset).first() if is_number(reset) else None


def _none() -> Any:
    return bad("reset", "没有这项待办的重设", "there is no such reset for you to act on", code="reset.none")


def _concerned(actor: Actor, reset: FactorReset) -> bool:
    return actor.person == reset.person or (members.manages(actor) and actor.organisation == reset.organisation)


def _locked(organisation: Organisation | None) -> Organisation | None:
    """In whose evidence the reset stands: the person's organisation; the center's for somebody who has none."""
    return Organisation.objects.select_for_update().filter(pk=organisation.pk).first() if organisation is not None else None


def resets_for(actor: Actor) -> QuerySet[FactorReset]:
    """Resets that the actor may see: the organisation's for its administrators, all for the center."""
    found = FactorReset.objects.select_related("person", "organisation", "asked_by", "agreed_by", "objected_by")
    if actor.duty == "center":
        return found
    return found.filter(organisation=actor.organisation) if members.manages(actor) else found.none()


def waiting_for(actor: Actor) -> list[FactorReset]:
    """Resets to which the actor could agree as the second person."""
    found = resets_for(actor).filter(objected_at=None, done_at=None, agreed_by=None)
    return [each for each in found.exclude(asked_by=actor.person).exclude(person=actor.person) if actor.duty != "center" or _stands_in(each.person)]


def _stands_in(person: Person) -> bool:
    """Whether the center stands in, since the organisation lacks administrators other than the person."""
    return members.managers_besides(person).count() < accounts_law().people


def coming(person: Person) -> FactorReset | None:
    """The reset of a person that is under way, whether agreed to or not."""
    return FactorReset.objects.filter(person=person, objected_at=None, done_at=None).first()


def own(actor: Actor) -> FactorReset:
    """The reset of the actor that is under way; NotVisible when there is none."""
    found = coming(actor.person) if actor.known else None
    if found is None:
        raise NotVisible
    return found
