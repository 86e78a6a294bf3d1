"""Where a mirror copies from: a URL prefix that serves tlog-tiles as static files, or a folder with them."""

from __future__ import annotations

from pathlib import Path
from typing import Protocol

from yiwang.kernel.text import Text
from yiwang.tlog.errors import PolicyError
from yiwang.witness.peer import Peer, PeerError

MAX_BUNDLE = 256 * (2 + 65_535)
"""Longest entry bundle in bytes (tlog-tiles, "Log entries")."""


class SourceError(Exception):
    """The log's files cannot be read now."""


class Source(Protocol):
    """Files of a log by their path below its prefix."""

    def read(self, path: str, seconds: float) -> bytes | None:
        """A file's bytes, None when it is not there; SourceError when it cannot be had within the time."""


class FolderSource:
    """A folder on this machine (or mounted)."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def read(self, path: str, seconds: float) -> bytes | None:
        """See :class:`Source`."""
        try:
            with (self._folder / path).open("rb") as file:
                data = file.read(MAX_BUNDLE + 1)
        except FileNotFoundError:
            return None
        except OSError as error:
            raise SourceError(str(error)) from error
        if len(data) > MAX_BUNDLE:
            raise SourceError(f"{path} is longer than {MAX_BUNDLE} bytes")
        return data


class UrlSource:
    """A log's URL prefix."""

    def __init__(self, url: str) -> None:
        self._peer = Peer(url)

    def read(self, path: str, seconds: float) -> bytes | None:
        """See :class:`Source`."""
        try:
            answer = self._peer.exchange("GET", path, seconds=seconds, limit=MAX_BUNDLE)
        except PeerError as error:
            raise SourceError(str(error)) from error
        if answer.status in (404, 410):
            return None
        if answer.status != 200:
            raise SourceError(f"{path}: HTTP {answer.status}")
        return answer.body


def source_for(place: str) -> Source:
    """The source for a log line's URL: ``http(s)://...``, ``file:///...`` or an absolute path.

    Raises:
        PolicyError: anything else.
    """
    if place.startswith(("http://", "https://")):
        return UrlSource(place)
    path = Path(place.removeprefix("file://"))
    if not path.is_absolute():
        form = Text("https://… 或 file:///…", "https://... or file:///...")
        raise PolicyError(
            f"镜像需要日志的网址：{place!r}", f"a mirror needs the log's URL: {place!r}", field="url", passes=form
        )
    return FolderSource(path)
