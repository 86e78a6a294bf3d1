"""The demo city: loaded whole, once; waiting at every stage; its people can act."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path

import pytest
from django.contrib.auth import authenticate

from tests.site.city import copied
from yiwang import demo
from yiwang.demo import city, clock, figures, scripts
from yiwang.kernel.errors import Refused
from yiwang.modules.evidence.actors import SYSTEM
from yiwang.modules.experts import selectors as experts
from yiwang.modules.openings import acts as openings
from yiwang.modules.openings import selectors as opening_reads
from yiwang.modules.parties import selectors as parties
from yiwang.modules.parties import services as people
from yiwang.modules.tenders import selectors as tenders
from yiwang.seal import keys

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def _no_mark(db) -> None:
    """The city's mark lies in a schema of its own, which a flush between tests does not reach."""
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("DROP SCHEMA IF EXISTS demo CASCADE")


def test_the_whole_city(django_db_setup, django_db_blocker) -> None:
    """One load, many questions: loading takes its time, so it is the one that the tests of the site look at, too."""
    with django_db_blocker.unblock(), copied() as folder:
        loading = json.loads((folder / "loaded.json").read_text())
        assert loading["cpu"] < 60
        total = loading["told"][0][1]
        assert loading["told"] == [[n + 1, total] for n in range(total)]
        _questions()


def _questions() -> None:
    _waits_at_every_stage()
    _evaluator_may_score()
    _custodian_completes_the_opening()
    _everybody_signs_in()
    assert clock.now() >= scripts.OPENS
    assert not demo.load_if_empty()
    assert city.state() == "loaded"
    assert demo.custody_key_file("ji", "../../etc/passwd") is None


def _waits_at_every_stage() -> None:
    states = Counter(tenders.visible_to(SYSTEM).values_list("state", flat=True))
    for state in ("draft", "tendering", "closed", "opened", "evaluating", "evaluated", "publicity", "awarded", "contracted",
                  "failed", "terminated"):  # fmt: skip
        assert states[state] >= 2, state
    assert states["archived"] >= 12 and states["admitted"] >= 2
    assert tenders.visible_to(SYSTEM).filter(objections__answered_at=None, objections__isnull=False).count() == 2


def _evaluator_may_score() -> None:
    wu = people.actor_of(parties.person_named("wu"))
    for tender in tenders.visible_to(SYSTEM).filter(state="evaluating"):
        seat = experts.own_seat(wu, tender)
        assert seat is not None
        assert not hasattr(seat, "sheet")


def _custodian_completes_the_opening() -> None:
    """A newcomer who plays 己 downloads the key file, releases the key, and the bids open."""
    ji = people.actor_of(parties.person_named("ji"))
    waiting = [tender for tender in tenders.visible_to(SYSTEM).filter(state="closed")
               if opening_reads.custodians(tender).exclude(identity="").count() == tender.custody_threshold - 1]  # fmt: skip
    number = waiting[0].number
    text = demo.custody_key_file("ji", number)
    assert text is not None
    with city.moment.clock_at(clock.now):
        openings.release_key(actor=ji, tender=number, identity=keys.identity_in(text))
        host = people.actor_of(parties.person_named("yi" if waiting[0].agency else "jia"))
        openings.open_bids(actor=host, tender=number)
    assert tenders.tender(SYSTEM, number).state == "opened"


def _everybody_signs_in() -> None:
    for account in demo.accounts():
        person = authenticate(username=account.username, password=account.password)
        assert person is not None, account.username
        assert account.name.zh and account.role.en


def test_a_load_that_was_killed_is_done_anew(data: Path, _no_mark, monkeypatch) -> None:
    rows = scripts.ordered()[:2]
    monkeypatch.setattr(scripts, "ordered", lambda: rows)
    real, done = city.play_row, []

    def die(cast: object, row: scripts.Row) -> None:
        if done:
            raise KeyboardInterrupt
        done.append(row)
        real(cast, row)  # type: ignore[arg-type]

    monkeypatch.setattr(city, "play_row", die)
    with pytest.raises(KeyboardInterrupt):
        city.load()
    assert city.state() == "loading"
    monkeypatch.setattr(city, "play_row", real)
    assert demo.load_if_empty()
    assert tenders.visible_to(SYSTEM).count() == 2
    assert parties.organisations().filter(name=scripts.BING).count() == 1
    city.reset()
    assert (city.state(), parties.organisations().count()) == ("absent", 0)
    assert not clock.path().exists()


def test_other_peoples_data_are_left_alone(data: Path, _no_mark) -> None:
    from yiwang.demo.cast import organisation

    organisation("某单位", "enterprise")
    assert not demo.load_if_empty()
    for attempt in (city.load, city.reset):
        with pytest.raises(Refused):
            attempt()
    assert parties.organisations().count() == 1


def test_figures_name_their_origin_and_every_row_has_its_own() -> None:
    text = (Path(figures.__file__).parent / "figures.yaml").read_text(encoding="utf-8")
    assert "missing_bids@eec0b13" in text
    assert "MIT" in text
    found = figures.read()
    assert len(found) >= 24
    assert {row.figure for row in scripts.ROWS} <= found.keys()


def test_keys_are_for_their_owner_alone(data: Path) -> None:
    ring = city.ring()
    ring.new_signing_key("jia")
    ring.new_custody_key("YW2026-0001", "ji")
    modes = {path.name: oct(path.stat().st_mode & 0o777) for path in ring.folder.rglob("*") if path.is_file()}
    assert modes == {"jia.pem": "0o600", "ji.txt": "0o600"}
    assert ring.new_custody_key("YW2026-0001", "ji") == ring.new_custody_key("YW2026-0001", "ji")


def test_no_key_file_outside_the_demo(data: Path, settings) -> None:
    city.ring().new_custody_key("YW2026-0001", "ji")
    assert demo.custody_key_file("ji", "YW2026-0001")
    settings.PRODUCTION = True
    assert demo.custody_key_file("ji", "YW2026-0001") is None
