"""The standing cast and the usual lives, played once for this code; later tests get the same rows, signatures and files copied.

Engaging the cast takes half a second and playing a tender to its opening one; a copy takes some hundredths. A copy is made
only where nothing else has happened: into empty tables, or beside the cast as it was engaged, at the same moment of the
stage's clock, under the usual settings and the law as it is. Otherwise everything is done as ever.
"""

from __future__ import annotations

import copy
import copyreg
import pickle
import shutil
import zlib
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from django.conf import UserSettingsHolder, settings
from django.db import connection, transaction

from tests.kept import SOURCE, kept
from yiwang.demo.cast import Cast, engage
from yiwang.demo.play import Play, Script
from yiwang.demo.stage import Stage
from yiwang.kernel import lawfile, moment
from yiwang.modules.evidence import sequencer

STAY = {"django_migrations", "django_content_type", "auth_permission"}
"""Tables that hold rows before any test."""

NO_MATTER = {"DATA", "LOG_FOLDER", "FILES_FOLDER", "ROOT_URLCONF", "PASSWORD_HASHERS", "CERTIFICATE_AUTHORITIES"}
"""Settings that a test may change and still get a copy: a life is the same under them."""

copyreg.pickle(type(Ed25519PrivateKey.generate()), lambda key: (Ed25519PrivateKey.from_private_bytes, (key.private_bytes_raw(),)))


@dataclass(frozen=True)
class Left:
    """What was left behind: rows of each table as COPY writes them, ids from which the tables go on, and who did it."""

    rows: dict[str, bytes]
    next_ids: dict[str, int]
    what: Any


def engaged(experts_per_discipline: int = 14) -> Cast:
    """:func:`yiwang.demo.cast.engage`, or its copy."""
    if _filled():
        return engage(experts_per_discipline=experts_per_discipline)
    left = _cast(experts_per_discipline, moment.stamp(moment.now()))
    _put(left)
    cast: Cast = copy.deepcopy(left.what)
    return cast


@lru_cache(maxsize=4)
def _cast(experts_per_discipline: int, now: str) -> Left:
    def make(folder: Path) -> None:
        with transaction.atomic():
            cast = engage(experts_per_discipline=experts_per_discipline)
            (folder / "left").write_bytes(pickle.dumps(_left(cast)))
            transaction.set_rollback(True)

    folder = kept(f"cast-{experts_per_discipline}-{now.replace(':', '')}", make, Path(__file__))
    left: Left = pickle.loads((folder / "left").read_bytes())
    return left


def lived(cast: Cast, stage: Stage, script: Script, state: str) -> Play:
    """``Play(cast, stage, script).until(state)``, or its copy where script and circumstances are the usual ones."""
    if not (state and script.procedure == "" and script.formula is None and _as_ever(cast, stage)):
        return played(cast, stage, script, state)
    play, made = Play(cast, stage, script), False

    def make(folder: Path) -> None:
        nonlocal made
        made = True
        _ids_from(1_000_000 + zlib.crc32(name.encode()) % 2000 * 1_000_000)
        before = set(_beside())
        play.until(state)
        whole = (stage.at, play.number, play.custody_keys, cast.tenderers)
        (folder / "left").write_bytes(pickle.dumps(_left(whole)))
        for each in set(_beside()) - before:
            shutil.copytree(_place() / each, folder / each)

    name = f"{state}-{zlib.crc32(repr((script, stage.at, connection.in_atomic_block)).encode()):08x}"
    folder = kept(f"life-{name}", make, Path(__file__))
    return play if made else _again(play, folder)


PATCHES = {"monkeypatch", "caplog", "quorum", "django_assert_num_queries"}
"""Fixtures with which a test changes the program, or looks at how it goes about things."""


def by_copy(request: pytest.FixtureRequest) -> Callable[[Cast, Stage, Script, str], Play]:
    """:func:`lived` for a test; one with :data:`PATCHES` plays for itself."""
    known = request.node._fixtureinfo
    own = [each for defs in known.name2fixturedefs.values() for each in defs if each.func.__module__.startswith("tests.")]
    asked = {*known.argnames, *(name for each in own for name in each.argnames)}
    return played if PATCHES & asked else lived


def played(cast: Cast, stage: Stage, script: Script, state: str) -> Play:
    """What :func:`lived` gives a copy of."""
    return Play(cast, stage, script).until(state)


def _again(play: Play, folder: Path) -> Play:
    """A copy of the life in a folder."""
    left: Left = pickle.loads((folder / "left").read_bytes())
    for each in folder.iterdir():
        if each.is_dir():
            shutil.copytree(each, _place() / each.name)
    _put(left)
    sequencer.forget()
    play.stage.at, play.number, play.custody_keys, play.cast.tenderers = left.what
    return play


def _as_ever(cast: Cast, stage: Stage) -> bool:
    """Nothing has happened but that this cast was engaged, and nobody changed what decides a life."""
    holder, changed = settings._wrapped, set()
    while isinstance(holder, UserSettingsHolder):
        changed |= {name for name in vars(holder) if name.isupper()}
        holder = holder.default_settings
    if changed - NO_MATTER or settings.PRODUCTION or lawfile.law_path() != SOURCE / "law" or cast.tenderers or _beside():
        return False
    left = _cast(len(cast.experts) // 2, moment.stamp(stage.at))
    return _filled() == set(left.rows) and all(_same(_rows_of(table), rows) for table, rows in left.rows.items())


def _same(rows: bytes, others: bytes) -> bool:
    """Equal but for the order, which depends on where the table had room."""
    return rows == others or sorted(rows.split(b"\n")) == sorted(others.split(b"\n"))


def _place() -> Path:
    return Path(settings.LOG_FOLDER).parent


def _beside() -> list[str]:
    """Folders of log, files, keys and sealed bids that are there."""
    return sorted(each.name for each in _place().iterdir() if each.is_dir()) if _place().is_dir() else []


def _filled() -> set[str]:
    """Tables that hold rows."""
    names = sorted(set(_tables()) - STAY)
    with connection.cursor() as cursor:
        cursor.execute(" UNION ALL ".join(f"SELECT '{name}' WHERE EXISTS (SELECT FROM \"{name}\")" for name in names))
        return {name for (name,) in cursor.fetchall()}


@lru_cache(maxsize=1)
def _tables() -> tuple[str, ...]:
    return tuple(connection.introspection.django_table_names(only_existing=True, include_views=False))


@lru_cache(maxsize=1)
def _sequences() -> dict[str, str]:
    """The sequence that numbers each table's rows."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT t.relname, s.relname FROM pg_class s JOIN pg_depend d ON d.objid = s.oid AND d.deptype IN ('a', 'i')"
                       " JOIN pg_class t ON t.oid = d.refobjid WHERE s.relkind = 'S'")  # fmt: skip
        return {table: name for table, name in cursor.fetchall() if table in _tables()}


def _ids_from(least: int) -> None:
    """Let every table number its rows from here, if it is not further already: no two kept lives share an id."""
    _go_on(dict.fromkeys(_sequences(), least))


def _go_on(next_ids: dict[str, int]) -> None:
    parts = [f"setval('\"{name}\"', greatest({next_ids[table]}, (SELECT last_value FROM \"{name}\")))"
             for table, name in _sequences().items() if table in next_ids]  # fmt: skip
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {', '.join(parts)}")


def _left(what: Any) -> Left:
    rows = {table: _rows_of(table) for table in sorted(_filled())}
    numbered = {table: name for table, name in _sequences().items() if table in rows}
    with connection.cursor() as cursor:
        parts = [f'(SELECT last_value FROM "{name}")' for name in numbered.values()]
        cursor.execute(f"SELECT {', '.join(parts)}")
        return Left(rows, dict(zip(numbered, cursor.fetchone(), strict=True)), what)


def _put(left: Left) -> None:
    """These rows in place of all that are there, as a backup restores them: without triggers, which know no restoring."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = replica")
        for table in _filled():
            cursor.execute(f'DELETE FROM "{table}"')
        for table, rows in left.rows.items():
            with cursor.copy(f'COPY "{table}" FROM STDIN') as into:
                into.write(rows)
        cursor.execute("SET LOCAL session_replication_role = origin")
    _go_on(left.next_ids)


def _rows_of(table: str) -> bytes:
    with connection.cursor() as cursor, cursor.copy(f'COPY "{table}" TO STDOUT') as out:
        return b"".join(bytes(part) for part in out)
