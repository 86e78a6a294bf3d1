"""The nightly job erases what is too old: records of sign-ins, sessions, invitations."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Any

from django.contrib.sessions.models import Session
from django.utils import timezone

from tests.parties.conftest import Town
from yiwang.modules.parties import account_events, erasing, join_acts
from yiwang.modules.parties.account_events import Where
from yiwang.modules.parties.models import AccountEvent, Invitation, OpenSession
from yiwang.site import nightly


def _old(town: Town) -> None:
    zhao, now = town("zhao").person, timezone.now()
    for days in (0, 183, 185, 400):
        account_events.note(zhao, "sign_in", Where(), how="password")
        AccountEvent.objects.filter(pk=AccountEvent.objects.latest("pk").pk).update(at=now - timedelta(days=days), detail=str(days))
    for hours in (1, 13):
        OpenSession.objects.create(
            person=zhao, session_key=f"key{hours}", how="password", opened_at=now, seen_at=now - timedelta(hours=hours)
        )
    Session.objects.create(session_key="gone", session_data="", expire_date=now - timedelta(hours=1))
    Session.objects.create(session_key="here", session_data="", expire_date=now + timedelta(hours=1))
    join_acts.invite(actor=town("zhao"), username="sun", parts=["handler"])


def test_what_is_too_old_goes_and_what_must_be_kept_stays(town: Town, stage: Any, settings: Any) -> None:
    _old(town)
    AccountEvent.objects.filter(detail="").delete()
    settings.SIGN_INS_KEPT_DAYS = 10  # less than the law asks
    erasing.erase_due()
    assert sorted(AccountEvent.objects.values_list("detail", flat=True)) == ["0", "183"]
    assert list(OpenSession.objects.values_list("session_key", flat=True)) == ["key1"]
    assert list(Session.objects.filter(session_key__in=["gone", "here"]).values_list("session_key", flat=True)) == ["here"]
    assert Invitation.objects.count() == 1
    stage.wait(seconds=8 * 24 * 3600)
    assert erasing.erase_due() == {"sign_ins": 0, "open_sessions": 0, "invitations": 1}


def test_the_nightly_job_does_it_once_a_night_and_without_anybody_signing_in(town: Town, monkeypatch: Any, settings: Any) -> None:
    _old(town)
    AccountEvent.objects.filter(detail="0").update(at=timezone.now() - timedelta(days=500))
    tidy = nightly.Tidy()
    noon = timezone.now().replace(hour=4, minute=0)  # 12:00 in Shanghai
    assert tidy(noon) == 0 and OpenSession.objects.count() == 2
    night = noon.replace(hour=19)  # 03:00
    monkeypatch.setattr(nightly, "_machine", lambda: night)
    tidy(noon)
    assert (Path(settings.CERTIFICATE_AUTHORITIES) / "README.txt").exists()
    assert OpenSession.objects.count() == 1 and not AccountEvent.objects.filter(detail="0").exists()
    OpenSession.objects.update(seen_at=noon - timedelta(days=2))
    tidy(noon)
    assert OpenSession.objects.count() == 1, "once a night"
    settings.AUDIT_HOUR = None
    monkeypatch.setattr(nightly, "_machine", lambda: night + timedelta(days=1))
    tidy(noon)
    assert OpenSession.objects.count() == 0, "also where no audit runs"


