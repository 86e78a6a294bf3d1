"""Two worlds that differ in one thing only, and everything that everybody can fetch in each of them."""

from __future__ import annotations

import difflib
import re
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from django.db import connection, transaction
from django.test import Client

from tests.desks.conftest import cast  # noqa: F401  (a fixture)
from tests.site.people import beside
from tests.site.watched import addresses, alike, answer, comparable
from yiwang.demo.cast import enterprise, player
from yiwang.desks import falls_due, work
from yiwang.modules.evidence import sequencer
from yiwang.modules.reports import standing

OWN_FEED = re.compile(rb"/desk/calendar/[^\"<]+")
"""The secret address of a reader's own calendar, as the page of what falls due today tells it."""

OTHER = "旁观建设有限公司"


@pytest.fixture
def watchers(cast: Any) -> dict[str, Client]:  # noqa: F811
    """Everybody but the bidders: the public, host, center, supervisor, custodian, administrator, a rival who does not bid."""
    people = {
        "buyer": cast.buyer, "agency": cast.agency, "center": cast.center, "supervisor": cast.supervisor,
        "custodian": cast.custodians[0],
        "admin": player("guan", "管理员", organisation=cast.center.person.organisation, duty="admin"),
        "other tenderer": enterprise(OTHER),
    }  # fmt: skip
    made = {"public": Client()}
    for name, each in people.items():
        made[name] = Client()
        made[name].force_login(each.person)
    return beside(made)


@contextmanager
def imagined(settings: Any, folder: Path) -> Iterator[None]:
    """What happens within never happened: neither in the database nor in the log's files."""
    kept, counted = settings.LOG_FOLDER, sequences()
    shutil.copytree(Path(kept).parent, folder)
    settings.LOG_FOLDER = folder / Path(kept).name
    sequencer.forget()
    with transaction.atomic():
        yield
        transaction.set_rollback(True)
    settings.LOG_FOLDER = kept
    sequencer.forget()
    with connection.cursor() as cursor:  # a rollback does not turn back what was counted
        for name, (value, called) in counted.items():
            cursor.execute("SELECT setval(%s, %s, %s)", [name, value, called])


def sequences() -> dict[str, tuple[int, bool]]:
    """What the database counts rows with: last value, and whether it was given out."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT quote_ident(schemaname) || '.' || quote_ident(sequencename) FROM pg_sequences")
        found = {}
        for (name,) in cursor.fetchall():
            cursor.execute(f"SELECT last_value, is_called FROM {name}")
            found[name] = cursor.fetchone()
    return found


Views = dict[tuple[str, str], tuple[int, str, bytes]]
"""Reader and address to status, media type and body."""


def seen(watchers: dict[str, Client], tender: Any) -> Views:
    """Everything that everybody can fetch about a tender and around it."""
    from yiwang.modules.evidence.models import LogEntry

    work.forget()  # another world may have got the same numbers
    falls_due.forget()
    standing.forget()
    size = LogEntry.objects.count()
    urls = list(addresses(tender.number, tender.documents.first().sha256, range(size - 6, size + 1)))
    found = {}
    for who, client in watchers.items():
        for url in urls:
            found[who, url] = answer(client, url)
            own = OWN_FEED.search(found[who, url][2]) if url == "/desk/today/" else None
            if own:
                found[who, "the own calendar feed"] = answer(client, own[0].decode())
    assert {who for who, url in found if url == "the own calendar feed"} == {who for who in watchers if who != "public"}
    return found


def differences(one: Views, other: Views) -> list[str]:
    """The first differing line of each answer that differs."""
    found = []
    for key, before in one.items():
        after = other[key]
        if before[:2] != after[:2] or not alike(before[2], after[2]):
            lines = difflib.unified_diff(comparable(before[2]).splitlines(), comparable(after[2]).splitlines(), lineterm="", n=0)
            changed = [line[:300] for line in lines if line[:1] in "+-" and line[:3] not in ("+++", "---")]
            found.append(f"{key[0]} {key[1]} {before[0]}/{after[0]}: {changed[:4]}")
    return found
