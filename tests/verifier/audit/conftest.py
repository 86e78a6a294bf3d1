"""A tender played to its end, once for this folder; each test then does what a database superuser could do."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from django.db import connection, transaction
from django.test import override_settings

FIRMS = [
    ("海天建设有限公司", 83_400_00),
    ("宏远市政工程有限公司", 79_900_00),
    ("临江路桥有限公司", 91_250_00),
    ("东浦建工有限公司", 88_000_00),
]

Superuser = Callable[..., int]


@dataclass(frozen=True)
class City:
    """The play, its cast, and the folders of files, log and what the audit remembers."""

    play: Any
    cast: Any
    data: Path

    @property
    def files(self) -> Path:
        """Stored files."""
        return self.data / "files"

    @property
    def log(self) -> Path:
        """The log's tiles."""
        return self.data / "log"

    @property
    def memory(self) -> Path:
        """What the audit remembers."""
        return self.data / "audit"

    @property
    def number(self) -> str:
        """The tender's number."""
        return str(self.play.number)

    def forget(self) -> None:
        """As if the audit had never run, or somebody had removed what it remembers."""
        shutil.rmtree(self.memory, ignore_errors=True)


@pytest.fixture(scope="package")
def city(django_db_setup: None, django_db_blocker: Any, tmp_path_factory: pytest.TempPathFactory) -> Iterator[City]:
    """A tender from entry to archive, evaluated by score. The database is as before afterwards."""
    from yiwang.demo.cast import engage
    from yiwang.demo.play import Script
    from yiwang.demo.stage import Stage, local
    from yiwang.kernel import moment
    from yiwang.kernel.formula_book import template
    from yiwang.modules.evidence import vault

    from ..lives import eventful

    data = tmp_path_factory.mktemp("data")
    with (
        django_db_blocker.unblock(),
        override_settings(LOG_FOLDER=data / "log", FILES_FOLDER=data / "files"),
        transaction.atomic(),
    ):
        stage = Stage(local(date(2026, 3, 2), 9))
        with moment.clock_at(stage):
            cast = engage(experts_per_discipline=6)
            formula = template("comprehensive_score").examples[0].formula
            script = Script("城南污水管网改造工程", ceiling=100_000_00, budget=110_000_00, bids=FIRMS, formula=formula)
            play = eventful(cast, stage, script)
        for each in vault.everything():  # freed when the opening's transaction is committed, which here never happens
            vault.discard(each.id, each.owner)
        connection.check_constraints()
        yield City(play, cast, data)
        transaction.set_rollback(True)


@pytest.fixture
def superuser(city: City, db: None) -> Superuser:
    """Runs a statement as a database superuser would, past every trigger and foreign key."""

    def execute(statement: str, *values: object) -> int:
        with connection.cursor() as cursor:
            cursor.execute("SET LOCAL session_replication_role = replica")
            cursor.execute(statement, values or None)
            count = cursor.rowcount
            cursor.execute("SET LOCAL session_replication_role = origin")
        return count

    return execute


@pytest.fixture
def disk(city: City, tmp_path: Path) -> Iterator[None]:
    """Log, files and memory as they were, after a test that writes to the disk."""
    from yiwang.modules.evidence import sequencer

    names = [each for each in ("log", "files", "audit") if (city.data / each).exists()]
    for name in names:
        shutil.copytree(city.data / name, tmp_path / "before" / name)
    yield
    for name in ("log", "files", "audit"):
        shutil.rmtree(city.data / name, ignore_errors=True)
    for name in names:
        shutil.copytree(tmp_path / "before" / name, city.data / name)
    sequencer.forget()
