"""No bidder against thirty: before the opening nobody but the bidders can tell one from the other."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core import mail
from django.db import connection
from django.test import Client

from tests.desks.conftest import cast, play, stage  # noqa: F401  (fixtures)
from tests.site.worlds import differences, imagined, seen, sequences, watchers  # noqa: F401
from yiwang.modules.bids import acts as bids
from yiwang.modules.bids.cover import Stream, rhythms

pytestmark = pytest.mark.django_db

FIRMS = [f"滨海第{number}建设有限公司" for number in range(1, 31)]
TICKS = 20
"""Of the cover stream, in the last hour before the deadline."""

Doing = Callable[[], object]


@pytest.fixture
def looked(play: Callable[..., Any], cast: Any, settings: Any, tmp_path: Path) -> Any:  # noqa: F811
    """A tender that takes bids; thirty firms are registered, nobody has bid yet."""
    settings.CERTIFICATE_AUTHORITIES = tmp_path / "authorities"  # a city loaded beside this test makes one in the common folder
    for firm in FIRMS:
        cast.tenderer(firm)
    return play("tendering", bids=[(firm, 80_000_00) for firm in FIRMS], upload_grace_minutes=5)


def bidding(looked: Any, firms: list[str]) -> list[Doing]:
    """What these firms do, one after the other: all bid, half of them by a commitment first; three bid again, two withdraw
    their bid; of two replacements that are committed to last, one comes in the grace (:func:`closing`), one never.
    """
    made: dict[str, bytes] = {}

    def submits(firm: str, price: int) -> Doing:
        return lambda: looked.submit(firm, price)

    def withdraws(firm: str) -> Doing:
        return lambda: bids.withdraw(actor=looked.cast.tenderer(firm).actor, tender=looked.number)

    def commits(firm: str, price: int) -> Doing:
        return lambda: made.update({firm: looked.commit(firm, price)})

    def delivers(firm: str) -> Doing:
        return lambda: looked.deliver(firm, made[firm])

    few = firms if len(firms) > 3 else []
    first = [
        each for n, firm in enumerate(firms)
        for each in ([commits(firm, 81_000_00), delivers(firm)] if n % 2 else [submits(firm, 81_000_00)])
    ]  # fmt: skip
    again = [submits(firm, 80_500_00) for firm in few[:3]]
    looked.on_its_way = [delivers(firm) for firm in few[5:6]]
    last = [commits(firm, 80_200_00) for firm in few[5:7]]
    return [*first, *again, *(withdraws(firm) for firm in few[3:5]), *last]


def last_hour(looked: Any, doing: list[Doing]) -> None:
    """The last hour before the deadline, tick by tick, with the cover stream."""
    looked.stage.at = looked.tender.deadline - timedelta(minutes=30)
    stream, every = Stream(), rhythms()[0].every
    for tick in range(TICKS):
        for do in doing[3 * tick : 3 * tick + 3]:
            do()
        stream.round(looked.stage.wait(seconds=every), tick * every)
    assert len(doing) <= 3 * TICKS


def closing(looked: Any) -> None:
    """The deadline passes, the system closes bidding, enough custodians release their keys; the bids could be opened."""
    looked.close()
    stream = Stream()
    stream.round(looked.stage.wait(seconds=30), 0.0)
    for do in looked.on_its_way:
        do()
    stream.round(looked.stage.wait(seconds=rhythms()[0].every), rhythms()[0].every)
    looked.stage.to(looked.tender.bytes_until)
    looked.release_keys(looked.cast.custodians[: looked.tender.custody_threshold])
    Stream().round(looked.stage(), 0.0)


RANDOM = ("salt", "canonical", "entry", "private_salt", "request_key", "listed", "owned", "root", "note")
"""Columns that hold something random, or sealed, or hashed or signed over such: their lengths must agree."""


def in_database() -> dict[str, list[str]]:
    """What a reader of the database sees, table by table, row by row, and how far each sequence has counted."""
    found: dict[str, list[str]] = {"sequences": [f"{name} {value}" for name, value in sorted(sequences().items())]}
    with connection.cursor() as cursor:
        cursor.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public' ORDER BY tablename")
        for (table,) in cursor.fetchall():
            cursor.execute(f'SELECT row_to_json(t)::text FROM "{table}" t')
            found[table] = sorted(map(_masked, (row for (row,) in cursor.fetchall())))
    return found


def _masked(row: str) -> str:
    values = json.loads(row)
    for name in RANDOM:
        if values.get(name) is not None:
            values[name] = len(values[name])
    if str(values.get("subject", "")).startswith("blind/"):
        values["subject"] = len(values["subject"])
    return json.dumps(values, ensure_ascii=False, sort_keys=True)


def log_files(settings: Any) -> dict[str, int]:
    """The log's files with their sizes."""
    folder = Path(settings.LOG_FOLDER)
    return {str(path.relative_to(folder)): path.stat().st_size for path in folder.rglob("*") if path.is_file()}


def vault_files(settings: Any) -> dict[str, int]:
    """The files of sealed bids with their sizes; their times of change, which must be the same, tell nothing either."""
    found = {path: path.stat() for path in (Path(settings.LOG_FOLDER).parent / "sealed").rglob("*") if path.is_file()}
    assert len({stat.st_mtime_ns for stat in found.values() if stat.st_size}) == 1
    return {path.name: stat.st_size for path, stat in found.items()}


def stored(settings: Any) -> set[str]:
    """Names of the files in the store."""
    return {path.name for path in Path(settings.FILES_FOLDER).rglob("*") if path.is_file()}


def disk(settings: Any) -> tuple[Any, ...]:
    """What a look at the server's disk shows."""
    return log_files(settings), vault_files(settings), stored(settings)


def test_no_bidder_and_thirty_look_the_same_to_everybody_in_the_database_and_on_the_disk(
    looked: Any, watchers: dict[str, Client], settings: Any, tmp_path: Path, caplog: Any  # noqa: F811
) -> None:
    worlds, closed, kept = [], [], stored(settings)
    few = {name: watchers[name] for name in ("public", "buyer")}
    for number, firms in enumerate(([], FIRMS, FIRMS[:3])):
        with imagined(settings, tmp_path / f"imagined-{number}"):
            caplog.clear()
            last_hour(looked, bidding(looked, firms))
            if len(firms) != 3:
                told = [record.getMessage() for record in caplog.records if record.levelname != "DEBUG"]
                worlds.append((in_database(), disk(settings), told, list(mail.outbox), seen(watchers, looked.tender)))
            if firms:
                closing(looked)
                closed.append((in_database(), disk(settings), seen(few, looked.tender)))
    assert len(worlds[0][-1]) > 600
    (rows, *around, pages), (other_rows, *other_around, other_pages) = worlds
    assert {table for table in rows if rows[table] != other_rows[table]} == set()
    assert sum(map(len, rows.values())) > 200
    assert around == other_around
    found = differences(pages, other_pages)
    assert found == [], "\n".join(found)
    # Thirty or three, when bidding is closed: the pages still do not tell; of the database, closing entry and row do.
    (many, many_disk, many_pages), (three, three_disk, three_pages) = closed
    found = differences(many_pages, three_pages)
    assert found == [], "\n".join(found)
    assert many_disk == three_disk and stored(settings) == kept
    looked_at = {"django_session"}  # everybody has looked around among the thirty before, and some pages keep a secret
    assert {table for table in many if many[table] != three[table]} - looked_at == {"evidence_act", "openings_opening"}
    assert len(many["evidence_act"]) == len(three["evidence_act"])
