"""The demo city for tests: loaded once for all test runs of the same code, then copied for whoever wants to look at it.

The loaded city is a template database beside a folder with its log, files and keys. Copying it takes a second, loading
it half a minute. Its clock stands still at the moment at which the city opens. The file ``loaded.json`` in the folder says how
the loading went: ``told``, each (done, total) of its progress, and ``cpu``, its seconds.
"""

from __future__ import annotations

import fcntl
import hashlib
import json
import os
import shutil
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psycopg
from django.conf import settings
from django.db import connections
from psycopg import sql

import yiwang

SOURCE = Path(yiwang.__file__).parent
MAKES_A_CITY = ("kernel", "tlog", "seal", "law", "modules", "demo")
"""Folders whose files decide what a loaded city holds."""
ROOT = Path(__file__).parents[2] / "build" / "test-city"


def _digest() -> str:
    """Of everything that a city is made from; another digest is another city."""
    found = hashlib.sha256(settings.LOG_ORIGIN.encode())
    for folder in MAKES_A_CITY:
        for path in sorted((SOURCE / folder).rglob("*")):
            if path.suffix in (".py", ".yaml", ".json") and "tests" not in path.parts:
                found.update(str(path.relative_to(SOURCE)).encode() + b"\0" + path.read_bytes())
    return found.hexdigest()[:16]


@contextmanager
def copied() -> Iterator[Path]:
    """A city of one's own for the length of a block: Django's default connection, settings and clock are in it.

    Gives the folder of its log, files and keys. The test database must be set up and unblocked.
    """
    name, template, digest = f"test_yiwang_{os.getpid()}_city", "", _digest()
    with _locked():
        template = _template(digest)
        _database(sql.SQL("DROP DATABASE IF EXISTS {}").format(sql.Identifier(name)))
        _database(sql.SQL("CREATE DATABASE {} TEMPLATE {}").format(sql.Identifier(name), sql.Identifier(template)))
        folder = ROOT / f"copy-{os.getpid()}"
        for left in ROOT.glob("copy-*"):  # of test runs that were killed, and an earlier one of this process
            if left == folder or not Path(f"/proc/{left.name.partition('-')[2]}").exists():
                shutil.rmtree(left, ignore_errors=True)
        shutil.copytree(ROOT / digest, folder)
    try:
        with _living_in(name, folder):
            yield folder
    finally:
        _database(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name)))
        shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def _locked() -> Iterator[None]:
    """One process at a time makes or copies the template."""
    ROOT.mkdir(parents=True, exist_ok=True)
    with (ROOT / "lock").open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


def _template(digest: str) -> str:
    """The name of the loaded city's database; loads it the first time, and drops those of earlier code."""
    name, folder = f"yiwang_city_{digest}", ROOT / digest
    if (folder / "loaded.json").exists() and _exists(name):
        return name
    for each in ROOT.iterdir():
        if each.is_dir() and not each.name.startswith("copy-"):
            _database(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(f"yiwang_city_{each.name}")))
            shutil.rmtree(each)
    folder.mkdir()
    _database(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name)))
    _database(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))
    with _living_in(name, folder):
        loading = _load()
    (folder / "loaded.json").write_text(json.dumps(loading))
    return name


def _load() -> dict[str, Any]:
    from django.core.management import call_command

    from yiwang import demo

    call_command("migrate", interactive=False, verbosity=0)
    told: list[tuple[int, int]] = []
    began = time.process_time()
    assert demo.load_if_empty(lambda done, total, what: told.append((done, total))), "the template database was not empty"
    return {"told": told, "cpu": time.process_time() - began}


@contextmanager
def _living_in(name: str, folder: Path) -> Iterator[None]:
    """Django uses this database and this folder, at the moment when the city opens."""
    from yiwang.demo.scripts import OPENS
    from yiwang.demo.stage import Stage
    from yiwang.kernel import moment
    from yiwang.modules.evidence import sequencer

    database = connections["default"]
    before: Any = (database.settings_dict["NAME"], settings.DATA, settings.LOG_FOLDER, settings.FILES_FOLDER, moment._default[0])
    database.close()
    database.settings_dict["NAME"] = name
    settings.DATA, settings.LOG_FOLDER, settings.FILES_FOLDER = folder, folder / "log", folder / "files"
    sequencer.forget()
    moment.set_default_clock(Stage(OPENS))
    try:
        yield
    finally:
        database.close()
        database.settings_dict["NAME"], settings.DATA, settings.LOG_FOLDER, settings.FILES_FOLDER = before[:4]
        moment.set_default_clock(before[4])
        sequencer.forget()


def _exists(name: str) -> bool:
    with _maintenance() as link:
        return link.execute("SELECT 1 FROM pg_database WHERE datname = %s", [name]).fetchone() is not None


def _database(statement: sql.Composable) -> None:
    with _maintenance() as link:
        link.execute(statement)


def _maintenance() -> psycopg.Connection[Any]:
    given = connections["default"].get_connection_params()
    kept = {key: value for key, value in given.items() if key in ("host", "port", "user", "password")}
    return psycopg.connect(dbname="postgres", autocommit=True, **kept)
