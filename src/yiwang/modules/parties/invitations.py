"""The link by which a new member sets the own password: usable once, for three days, without a table of its own.

It is signed over the password that the account has, so that setting one makes it void.
"""

from __future__ import annotations

from uuid import UUID

from django.contrib.auth.tokens import default_token_generator

from yiwang.kernel.errors import NotVisible
from yiwang.modules.evidence.actors import Actor
from yiwang.modules.parties import members, reset_acts
from yiwang.modules.parties.models import Person


def invite(actor: Actor, username: str) -> tuple[Person, str]:
    """A member of the actor's organisation who has no password yet, and the token of a link to set it.

    Raises:
        NotVisible: the actor is no administrator, or there is no such member without a password.
    """
    person = members.members_of(actor).filter(username=username).first()
    if person is None or person.has_usable_password():
        raise NotVisible
    return person, default_token_generator.make_token(person)


def invite_after_reset(actor: Actor, reset: str) -> tuple[Person, str]:
    """For the center: who lost the password by a reset that somebody of the center agreed to, and the token of a link.

    Raises:
        NotVisible: another duty, no such reset, or the person has a password again.
    """
    found = reset_acts.resets_for(actor).filter(pk=reset).first() if actor.duty == "center" and reset_acts.is_number(reset) else None
    helped = found is not None and "center" in (found.asked_by.duty, found.agreed_by.duty if found.agreed_by else "")
    if found is None or not helped or not found.done_at or found.person.has_usable_password():
        raise NotVisible
    return found.person, default_token_generator.make_token(found.person)


def invited(pk: UUID, token: str) -> Person:
    """Who was invited by a link. NotVisible when it was used, is too old or was made up."""
    person = Person.objects.select_related("organisation").filter(pk=pk, is_active=True).first()
    if person is None or person.has_usable_password() or not default_token_generator.check_token(person, token):
        raise NotVisible
    return person


def accept(person: Person, password: str) -> None:
    """Set the password; the link is void from now on."""
    person.set_password(password)
    person.save(update_fields=["password"])
