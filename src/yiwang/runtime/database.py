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
    """The entry of Django's DATABASES. Connections stay open and are tested before use: the server may restart."""
    return {
        **django_database(database_url(data)),
        "CONN_MAX_AGE": 600,
        "CONN_HEALTH_CHECKS": True,
    }


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
