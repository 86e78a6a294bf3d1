"""Sessions in the database, as Django keeps them; only the reading, once in every request, is one plain query."""

from __future__ import annotations

from django.contrib.sessions.backends import db
from django.contrib.sessions.models import Session
from django.db import connection
from django.utils import timezone


class SessionStore(db.SessionStore):
    """Django's own, with its query not composed anew each time."""

    def _get_session_from_db(self) -> Session | None:
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT session_data, expire_date FROM django_session WHERE session_key = %s AND expire_date > %s",
                [self.session_key, timezone.now()],
            )
            found = cursor.fetchone()
        if found is not None:
            return Session(session_key=str(self.session_key), session_data=found[0], expire_date=found[1])
        self._session_key = None
        return None
