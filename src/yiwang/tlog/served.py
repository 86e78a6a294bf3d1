"""What a stored log serves at an address of C2SP tlog-tiles v0.1.0, for the size of a published checkpoint."""

from __future__ import annotations

import re
from pathlib import Path

from yiwang.kernel.errors import YiwangError
from yiwang.tlog import layout
from yiwang.tlog.reader import TileReader

_PATH = re.compile(r"tile/(entries|0|[1-9]|[1-5][0-9]|6[0-3])/((?:x[0-9]{3}/){0,6}[0-9]{3})(?:\.p/([1-9][0-9]{0,2}))?")


def tile(folder: Path, path: str, size: int) -> bytes | None:
    """A tile or entry bundle of the log in a folder, read from its files.

    Args:
        folder: the log's folder, as :class:`.TileLog` keeps it.
        path: ``tile/<L>/<N>[.p/<W>]`` or ``tile/entries/<N>[.p/<W>]`` in the one form that the specification knows.
        size: of the published checkpoint; what lies beyond it does not exist yet.

    Returns:
        The bytes, which never change. None: not such an address, nothing at it in a tree of this size, or a file that
        is missing or damaged. A partial tile that was dropped is cut from the full one.
    """
    match = _PATH.fullmatch(path)
    if match is None:
        return None
    level, groups, part = match.groups()
    index = int(groups.replace("x", "").replace("/", ""))
    width = int(part) if part else layout.WIDTH
    reader = TileReader(folder, size)
    number = 0 if level == "entries" else int(level)
    if path != layout.tile_path(level, index, width) or width > reader.width(number, index):
        return None
    try:
        if level == "entries":
            return b"".join(map(layout.frame, reader.read_bundle(index, width)))
        return b"".join(reader.read_tile(number, index, width))
    except YiwangError:
        return None
