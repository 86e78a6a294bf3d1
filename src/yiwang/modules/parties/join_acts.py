"""Joining an organisation with an account that exists, and leaving it. An account acts for one organisation at a time.

An invitation is to a user name and shows on that person's own page: there is no link that could fall into wrong hands. Whether
a user name exists the inviting side does not learn. A key is bound for the organisation that its holder acted for, so keys end
when the organisation changes: new ones are bound.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db.models import QuerySet

from yiwang.kernel import moment
from yiwang.kernel.errors import NotVisible, bad
from yiwang.kernel.text import Text
from yiwang.modules.evidence import door
from yiwang.modules.evidence.actors import Actor
from yiwang.modules.parties import factors, members, states
from yiwang.modules.parties.accounts_law import accounts_law
from yiwang.modules.parties.models import CertificateFactor, Invitation, Organisation, Person, SigningKey

ROWS = states.ORGANISATION.rows


def invite(*, actor: Actor, username: str, parts: list[str], request_key: str | None = None) -> Invitation:
    """Invite somebody who has an account to act for the own organisation (民法典 第165条). An earlier invitation is replaced.

    Args:
        username: of the invited person's account.
        parts: codes: manager, handler, signatory, finance.

    Raises:
        BadInput: an unknown part, no part, a member already, or too many invitations stand.
        Refused: the actor is no administrator of an organisation that registers itself.
    """
    chosen, name = members.checked(parts), username.strip()
    if not name or len(name) > 100:
        raise bad("username", "请填写用户名", "the user name is missing")
    with door.enter(ROWS["member.invite"], actor, lambda: _locked(actor.organisation), request_key=request_key) as passage:
        body, law = passage.subject, accounts_law()
        if Person.objects.filter(username=name, organisation=body).exists():
            raise bad("username", "对方已是本单位成员", "the person is a member already",
                      passes=Text("在成员列表中调整分工", "change the parts in the list"))  # fmt: skip
        Invitation.objects.filter(organisation=body, username=name).delete()
        if Invitation.objects.filter(organisation=body, until__gt=passage.now).count() >= law.most:
            raise bad("username", f"待接受的邀请已有 {law.most} 个", f"{law.most} invitations stand already", code="invitation.most",
                      passes=Text("先撤回一些", "withdraw some first"))  # fmt: skip
        made = Invitation(organisation=body, username=name, parts=chosen, invited_by=actor.person, until=passage.now + law.invitation)
        passage.record(public={"parts": chosen, "until": moment.stamp(made.until)}, private={"invitation": str(made.pk), "username": name})
        passage.then(lambda act: _keep(made, act))
    return made


def join(*, actor: Actor, organisation: str, request_key: str | None = None) -> Person:
    """Accept an invitation: act for the organisation that sent it, with the parts that it names (民法典 第165条).

    Args:
        organisation: its unified social credit code.

    Raises:
        BadInput: no invitation of this organisation stands.
        Refused: the actor is a member of an organisation already, or has a standing duty.
    """
    with door.enter(ROWS["member.join"], actor, lambda: _by_code(organisation), request_key=request_key) as passage:
        body = passage.subject
        found = invitations_to(actor, passage.now).filter(organisation=body).first() if body else None
        if found is None:
            raise bad("organisation", "这个单位没有邀请您，或邀请已失效", "no invitation of this organisation stands", code="invitation.none",
                      passes=Text("请单位管理员再邀请一次", "ask its administrator to invite you again"))  # fmt: skip
        person = Person.objects.select_for_update().get(pk=actor.person.pk)
        person.organisation, person.parts = body, found.parts
        passage.record(
            public={"member": person.pseudonym(body.chain), "parts": found.parts},
            private={**_who(person), "invited_by": str(found.invited_by_id), "keys": keys_that_end(person)},
        )
        passage.then(lambda act: moved(person, passage.now))
        passage.then(lambda act: found.delete())
    return person


def leave(*, actor: Actor, request_key: str | None = None) -> Person:
    """Leave the own organisation (民法典 第173条). The account stays and acts for nobody; what was done stays as it is.

    Raises:
        BadInput: the actor is its last administrator.
        Refused: the actor is no member.
    """
    with door.enter(ROWS["member.leave"], actor, lambda: _locked(actor.organisation), request_key=request_key) as passage:
        person = Person.objects.select_for_update().get(pk=actor.person.pk)
        if members.MANAGER in members.parts_of(person):
            members.check_not_last(person)
        passage.record(
            public={"member": person.pseudonym(passage.subject.chain)}, private={**_who(person), "keys": keys_that_end(person)}
        )
        person.organisation, person.parts = None, None
        passage.then(lambda act: moved(person, passage.now))
    return person


def keys_that_end(person: Person) -> list[str]:
    """The signing keys that end when the person's organisation changes, by public key."""
    return sorted(SigningKey.objects.filter(person=person, revoked_at=None).order_by().values_list("public", flat=True))


def moved(person: Person, now: datetime) -> None:
    """Save a person whose organisation has changed. What goes with the old one: keys, its certificate as second factor."""
    SigningKey.objects.filter(person=person, revoked_at=None).update(revoked_at=now)
    if CertificateFactor.objects.filter(person=person).delete()[0]:
        factors.forget_codes_without_factor(person)
    person.reset_due = None
    person.save(update_fields=["organisation", "parts", "reset_due"])


def decline(actor: Actor, pk: str) -> None:
    """The invited person does not want to join. NotVisible when there is no such invitation."""
    if not invitations_to(actor, moment.now()).filter(pk=pk).delete()[0]:
        raise NotVisible


def withdraw(actor: Actor, pk: str) -> None:
    """An administrator takes an invitation back. NotVisible when there is no such invitation."""
    if not invitations_of(actor).filter(pk=pk).delete()[0]:
        raise NotVisible


def invitations_to(actor: Actor, now: datetime) -> QuerySet[Invitation]:
    """Invitations to the actor that stand."""
    if not actor.known:
        return Invitation.objects.none()
    return Invitation.objects.filter(username=actor.person.username, until__gt=now).select_related("organisation", "invited_by")


def invitations_of(actor: Actor) -> QuerySet[Invitation]:
    """Invitations that the actor's organisation sent, for its administrators."""
    if not members.manages(actor):
        return Invitation.objects.none()
    return Invitation.objects.filter(organisation=actor.organisation)


def _who(person: Person) -> dict[str, Any]:
    return {"person": str(person.pk), "username": person.username, "name": person.name}


def _locked(organisation: Organisation | None) -> Organisation | None:
    return Organisation.objects.select_for_update().filter(pk=organisation.pk).first() if organisation else None


def _by_code(uscc: str) -> Organisation | None:
    return Organisation.objects.select_for_update().filter(uscc=uscc.strip().upper()).first()


def _keep(made: Invitation, act: Any) -> None:
    made.act = act
    made.save()

