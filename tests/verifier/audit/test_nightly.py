"""Once a night, by the machine's clock; what it finds goes into the log and to the supervisor, and stands on a page."""

from __future__ import annotations

import json
import sys
from datetime import UTC, datetime
from typing import Any

import pytest
from django.test import Client

from yiwang.kernel.text import language
from yiwang.modules.evidence import audit, audit_report, audit_results
from yiwang.modules.evidence.models import Act, Notification
from yiwang.site import nightly as nights

from .conftest import City, Superuser

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("disk")]

THREE = datetime(2026, 3, 2, 19, 30, tzinfo=UTC)
"""Half past three in the night of 3 March in Shanghai."""


def test_the_hour_is_that_of_shanghai(settings: Any) -> None:
    settings.AUDIT_HOUR = 3
    assert nights.due(THREE) == "2026-03-03"
    assert nights.due(THREE.replace(hour=20)) == ""
    settings.AUDIT_HOUR = None
    assert nights.due(THREE) == ""


def test_a_night_has_one_audit(city: City) -> None:
    audit.run(night="2026-03-03")
    assert nights._done("2026-03-03") and not nights._done("2026-03-04")


def test_the_worker_of_a_test_starts_none(city: City, settings: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """Another process would audit another database than this one."""
    monkeypatch.setattr(nights, "due", lambda now: "2026-03-03")
    job = nights.Nightly()
    assert job(THREE) == 0
    assert job.process is None


def test_what_was_found_is_an_act_and_tells_the_supervisor(
    city: City, superuser: Superuser, monkeypatch: pytest.MonkeyPatch
) -> None:
    superuser("UPDATE awards_award SET price = price - 1")
    job = nights.Nightly()
    monkeypatch.setattr(nights, "due", lambda now: "2026-03-03")
    monkeypatch.setattr(nights, "_ours", lambda: True)
    monkeypatch.setattr(nights.Nightly, "_start", _started)
    job(THREE)
    audit.run(night="2026-03-03")
    assert job.process is not None
    job.process.wait()
    assert job(THREE) == 1
    act = Act.objects.get(act="audit.report")
    said = json.loads(bytes(act.canonical))["public"]
    assert (said["findings"], act.private["findings"][0]["where"]) == (1, f"awards.Award {city.number}")
    told = Notification.objects.filter(act=act).values_list("organisation__kind", flat=True)
    assert set(told) == {"supervisor", "center"}
    assert job(THREE) == 0  # the night is done


def _started(job: nights.Nightly) -> None:
    import subprocess

    job.process = subprocess.Popen([sys.executable, "-c", ""])


def test_all_in_order_is_no_act(city: City) -> None:
    audit.run()
    assert audit_report.report(audit_results.results(1)[0]) == 0


def test_supervisor_and_center_see_it_and_nobody_else(city: City, superuser: Superuser, client: Client) -> None:
    superuser("UPDATE awards_award SET price = price - 1")
    audit.run()
    token = language.set("zh")
    for player, status in ((city.cast.supervisor, 200), (city.cast.center, 200), (city.cast.agency, 404)):
        client.force_login(player.person)
        page = client.get("/desk/audit/")
        assert page.status_code == status
        if status == 200:
            assert f"awards.Award {city.number}" in page.content.decode()
    language.reset(token)


def test_the_page_before_the_first_audit(city: City, client: Client) -> None:
    city.forget()
    client.force_login(city.cast.supervisor.person)
    assert client.get("/desk/audit/").status_code == 200
