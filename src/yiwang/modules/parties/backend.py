"""Who a session's person is: read with the organisation in one query, since every request asks for both."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.backends import ModelBackend

from yiwang.modules.parties.models import Person


class PersonBackend(ModelBackend):
    """Django's own sign-in by user name and password; only reading a session's person is done in one query."""

    def get_user(self, user_id: Any) -> Person | None:
        """The person with this id, as long as the account is active."""
        found = Person.objects.select_related("organisation").filter(pk=user_id).first()
        return found if found is not None and self.user_can_authenticate(found) else None
