"""Who a session's person is: every request asks for it, so person and organisation are read in one plain query."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.backends import ModelBackend
from django.db import connection

from yiwang.modules.evidence import plain
from yiwang.modules.parties.models import Organisation, Person


class PersonBackend(ModelBackend):
    """Django's own sign-in by user name and password; only reading a session's person is done here."""

    def get_user(self, user_id: Any) -> Person | None:
        """The person with this id, with the organisation, as long as the account is active."""
        with connection.cursor() as cursor:
            cursor.execute(
                f"SELECT {plain.columns(Person, 'p')}, {plain.columns(Organisation, 'o')} FROM parties_person p"
                " LEFT JOIN parties_organisation o ON o.id = p.organisation_id WHERE p.id = %s",
                [user_id],
            )
            row = cursor.fetchone()
        if row is None:
            return None
        count = len(Person._meta.concrete_fields)
        person: Person = plain.instance(Person, row[:count])
        if person.organisation_id is not None:
            person.organisation = plain.instance(Organisation, row[count:])
        return person if self.user_can_authenticate(person) else None
