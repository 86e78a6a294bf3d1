"""Everything that the server has, and two of the three keys that are needed: no bid opens. With the third, all do."""

from __future__ import annotations

import itertools
import json
import re
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path
from typing import Any

import pyrage
import pytest
from django.apps import apps
from django.db import connection

from tests.journeys.conftest import cast, folders, play, stage  # noqa: F401  (fixtures)
from yiwang.modules.bids import sealed
from yiwang.modules.evidence import sequencer, vault
from yiwang.seal.causes import SealError
from yiwang.seal.envelope import read_header
from yiwang.seal.opening import open_envelope

SECRET = re.compile(rb"AGE-SECRET-KEY-1[0-9A-Z]{58}")


def database() -> Iterator[bytes]:
    """Every row of every table, as a superuser dumps it."""
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            cursor.execute(f"SELECT t::text FROM {connection.ops.quote_name(table)} t")
            yield from (row[0].encode() for row in cursor.fetchall())


def columns() -> Iterator[bytes]:
    """The binary columns of the evidence as bytes: in the text of a row they stand in hex."""
    for act in apps.get_model("evidence", "Act").objects.all():
        yield bytes(act.canonical)
        yield json.dumps(act.private).encode()


def disk(folder: Path) -> Iterator[bytes]:
    """Every file of the server's data: log, keys, blinding key, vault, documents."""
    yield from (path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file())


def opens(content: bytes, identities: list[str]) -> bytes | None:
    """What any of these keys makes of an age file."""
    for identity in identities:
        try:
            return pyrage.decrypt(content, [pyrage.x25519.Identity.from_str(identity)])
        except pyrage.DecryptError:
            continue
    return None


def tried(content: bytes, identities: list[str]) -> int:
    """Try every key on every layer of every entry of the keybox, and on the bid itself; how many one-time keys came out."""
    header = read_header(BytesIO(content))
    found = 0
    for box in header.keybox.values():
        inside: bytes | None = box
        while inside is not None and inside.startswith(b"age-encryption.org/"):
            inside = opens(inside, identities)
        found += inside is not None
    assert (opens(content[header.payload_at :], identities) is not None) <= bool(found)
    return found


def test_the_server_and_two_custodians_open_nothing_and_three_open_all(play: Any, tmp_path: Path, settings: Any) -> None:  # noqa: F811
    life = play("closed")
    sequencer.sequence_all()
    assert life.tender.custody_threshold == 3
    bids = sealed.of_tender(life.tender)
    assert len(bids) == len(life.script.bids)
    envelopes = []
    for bid in bids:
        with vault.open(bid.envelope_sha256) as file:
            envelopes.append(file.read())
    everything = [*database(), *columns(), *disk(tmp_path)]
    stolen = sorted({match.decode() for piece in everything for match in SECRET.findall(piece)})
    assert stolen == []  # no custodian's key was ever here

    by_place = {}
    for custodian in life.tender.custodians.select_related("person"):
        by_place[custodian.position] = life.custody_keys[custodian.person.username].identity
    for two in itertools.combinations(by_place, 2):
        keys = [by_place[place] for place in two]
        assert [tried(content, [*stolen, *keys]) for content in envelopes] == [0] * len(envelopes)
        with pytest.raises(SealError):
            open_envelope(BytesIO(envelopes[0]), {place: by_place[place] for place in two})
    prices = [str(price).encode() for _, price in life.script.bids]
    assert not any(b'"price":' + price in piece for piece in everything for price in prices)

    three = [0, 2, 4]
    opened = [open_envelope(BytesIO(content), {place: by_place[place] for place in three}) for content in envelopes]
    assert sorted(each.manifest.price or 0 for each in opened) == sorted(price for _, price in life.script.bids)
    assert all(tried(content, [by_place[place] for place in three]) == 1 for content in envelopes)
