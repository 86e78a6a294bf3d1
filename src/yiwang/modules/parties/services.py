"""Writes of parties without legal effect: people of an organisation."""

from __future__ import annotations

from yiwang.kernel.errors import bad
from yiwang.kernel.text import Text
from yiwang.modules.evidence.actors import Actor
from yiwang.modules.parties.models import Organisation, Person


def add_person(
    *, username: str, name: str, password: str | None, organisation: Organisation | None = None, duty: str = ""
) -> Person:
    """Give somebody an account.

    Raises:
        BadInput: the user name is taken or empty.
    """
    username = username.strip()
    if not username:
        raise bad("username", "请填写用户名", "the user name is missing")
    if Person.objects.filter(username=username).exists():
        passes = Text("另选一个用户名", "another user name")
        raise bad("username", f"用户名“{username}”已被使用", f"the user name “{username}” is taken", passes=passes)
    return Person.objects.create_user(username, password, name=name, organisation=organisation, duty=duty)


def actor_of(person: Person | None) -> Actor:
    """The actor that a signed-in person is: for the own organisation, with the own duty."""
    if person is None or not person.is_authenticated:
        return Actor()
    return Actor(person=person, organisation=person.organisation)
