"""Which database this process uses: DATABASE_URL when set, else the embedded one of the data folder."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from yiwang.runtime.place import place_of
from yiwang.runtime.postgres import Held, holding, url_of
from yiwang.runtime.url import django_database

PREPARED_AFTER = 3
"""How often a connection asks a question before it has the server prepare it."""


def data_folder() -> Path:
    """yiwang's data folder: ``YIWANG_DATA``, else ``var`` in the current folder."""
    return Path(os.environ.get("YIWANG_DATA") or "var").absolute()


def external() -> bool:
    """True when DATABASE_URL names a database that others run."""
    return bool(os.environ.get("DATABASE_URL"))


def database_url(data: Path | None = None) -> str:
    """The address of the database; it need not run yet."""
    return os.environ.get("DATABASE_URL") or url_of(place_of(data or data_folder()))


def django_settings(data: Path) -> dict[str, Any]:
    """The entry of Django's DATABASES. Connections stay open and are tested before use: the server may restart.

    Values go beside the question, not in it, and a question that a connection has asked a few times is prepared: the server
    reads and plans it once, which halves its work for an act.
    """
    _send_whole()
    entry = django_database(database_url(data))
    return {
        **entry,
        "OPTIONS": {"server_side_binding": True, "prepare_threshold": PREPARED_AFTER, **entry["OPTIONS"]},
        "CONN_MAX_AGE": 600,
        "CONN_HEALTH_CHECKS": True,
    }


def _send_whole() -> None:
    """Send integers as text: the driver's binary form cuts off, without a word, what does not fit the column; so the server refuses it."""
    import psycopg
    from psycopg.types.numeric import Int2, Int2Dumper, Int4, Int4Dumper, Int8, Int8Dumper

    for kind, dumper in ((Int2, Int2Dumper), (Int4, Int4Dumper), (Int8, Int8Dumper)):
        psycopg.adapters.register_dumper(kind, dumper)


@contextmanager
def running(data: Path | None = None) -> Iterator[Held | None]:
    """The embedded database for the length of a block; nothing to do (None) when DATABASE_URL is set.

    Raises:
        NotReady: it cannot be started; says why and what to do.
    """
    if external():
        yield None
        return
    with holding(data or data_folder()) as held:
        yield held
