"""Live events of public tender pages: a small ASGI application without Django.

``GET /live/tenders/<number>`` is a stream of server-sent events: one ``tender`` event per public act, its data the
act's sequence number. Nothing else leaves: the page then fetches what it may see. One LISTEN connection per process
serves all readers. ``GET /live/health`` answers 200 while that connection lives, 503 when not.
"""

from __future__ import annotations

import asyncio
import contextlib
import gc
import logging
import os
import random
import re
from collections import defaultdict
from collections.abc import Awaitable, Callable
from typing import Any
from urllib.parse import unquote

import psycopg

from yiwang.runtime.database import database_url

CHANNEL = "tender_events"
"""Payload: ``<tender number> <sequence number>``."""
HEARTBEAT = float(os.environ.get("YIWANG_LIVE_HEARTBEAT", "15"))
"""Seconds between two comments that keep a silent stream open."""
MOST_READERS = int(os.environ.get("YIWANG_LIVE_READERS", "5000"))
"""Readers of one process; one more is told to come back (503)."""
_AGAIN = (1000, 4000)
"""Milliseconds after which a reader whose stream broke comes back."""
_PATH = re.compile(r"/live/tenders/([^/\s]{1,64})")

Receive = Callable[[], Awaitable[dict[str, Any]]]
Send = Callable[[dict[str, Any]], Awaitable[None]]
_log = logging.getLogger(__name__)


class Reader:
    """One open stream: what it has not been told yet, and the one future on which it sleeps.

    An event says only that something changed, so a reader who is behind is told the newest and nothing twice.
    """

    __slots__ = ("gone", "news", "wake")

    def __init__(self) -> None:
        self.news = b""
        self.gone = False
        self.wake: asyncio.Future[None] | None = None

    def tell(self, news: bytes, *, instead: bool = True) -> None:
        """Give news; ``instead=False`` only when none wait."""
        if instead or not self.news:
            self.news = news
        self.rouse()

    def rouse(self) -> None:
        """Let the stream look."""
        if self.wake is not None and not self.wake.done():
            self.wake.set_result(None)

    async def next(self) -> bytes:
        """The newest news, once there are some; empty when the reader has gone."""
        while not self.news and not self.gone:
            self.wake = asyncio.get_running_loop().create_future()
            await self.wake
        news, self.news = self.news, b""
        return b"" if self.gone else news


class Hub:
    """Hands each notification to the readers of its tender. One timer beats for all of them."""

    def __init__(self) -> None:
        self.readers: dict[str, set[Reader]] = defaultdict(set)
        self.count = 0
        self.connected = False

    async def listen(self) -> None:
        """Listen for ever; connect again when the database goes away and tell readers to look for what they missed."""
        wait = 0.5
        while True:
            try:
                async with await psycopg.AsyncConnection.connect(database_url(), autocommit=True) as link:
                    await link.execute(f"LISTEN {CHANNEL}")
                    self.connected, wait = True, 0.5
                    self._all(event("missed"))
                    async for notice in link.notifies():
                        number, _, sequence = notice.payload.rpartition(" ")
                        self.hand(number, sequence)
            except psycopg.Error as error:
                _log.warning("the database is away (%s); trying again in %g s", type(error).__name__, wait)
            finally:
                self.connected = False
            await asyncio.sleep(wait)
            wait = min(wait * 2, 10.0)

    async def beat(self) -> None:
        """For ever: a comment on every stream, so that what lies between keeps it open."""
        while True:
            await asyncio.sleep(HEARTBEAT)
            self._all(b": still here\n\n", instead=False)

    def hand(self, number: str, data: str) -> None:
        """Give an event to the readers of one tender; it is encoded once for all of them."""
        news = event(data)
        for reader in self.readers.get(number, ()):
            reader.tell(news)

    def _all(self, news: bytes, *, instead: bool = True) -> None:
        for readers in list(self.readers.values()):
            for reader in readers:
                reader.tell(news, instead=instead)

    @contextlib.contextmanager
    def reading(self, number: str) -> Any:
        """A reader for the length of its stream."""
        reader = Reader()
        self.readers[number].add(reader)
        self.count += 1
        try:
            yield reader
        finally:
            self.count -= 1
            self.readers[number].discard(reader)
            if not self.readers[number]:
                del self.readers[number]


def event(data: str) -> bytes:
    """A server-sent event ``tender``."""
    return f"event: tender\ndata: {data}\n\n".encode()


hub = Hub()


async def application(scope: dict[str, Any], receive: Receive, send: Send) -> None:
    """The ASGI application."""
    if scope["type"] == "lifespan":
        await _lifespan(receive, send)
    elif scope["type"] == "http":
        await _http(scope, receive, send)


async def _lifespan(receive: Receive, send: Send) -> None:
    tasks: list[asyncio.Task[None]] = []
    while True:
        message = await receive()
        if message["type"] == "lifespan.startup":
            gc.freeze()  # thousands of open streams live long: looking through them all again and again costs seconds
            gc.set_threshold(50_000, 20, 100)
            tasks = [asyncio.create_task(hub.listen()), asyncio.create_task(hub.beat())]
            await send({"type": "lifespan.startup.complete"})
        else:
            for task in tasks:
                task.cancel()
                with contextlib.suppress(asyncio.CancelledError):
                    await task
            await send({"type": "lifespan.shutdown.complete"})
            return


async def _http(scope: dict[str, Any], receive: Receive, send: Send) -> None:
    path = scope["path"]
    match = _PATH.fullmatch(path)
    if scope["method"] not in ("GET", "HEAD"):
        await _answer(send, 405, "method not allowed", [(b"allow", b"GET, HEAD")])
    elif path == "/live/health":
        await _answer(send, 200 if hub.connected else 503, "ok" if hub.connected else "database away")
    elif match is None:
        await _answer(send, 404, "not found")
    elif hub.count >= MOST_READERS:
        await _answer(send, 503, "too many readers", [(b"retry-after", b"30")])
    else:
        await _stream(unquote(match.group(1)), receive, send)


async def _stream(number: str, receive: Receive, send: Send) -> None:
    await send({"type": "http.response.start", "status": 200, "headers": _STREAM})
    with hub.reading(number) as reader:
        leaving = asyncio.create_task(_gone(receive, reader))
        try:
            again = random.randint(*_AGAIN)  # readers of a process that ended do not come back all at once
            await _write(send, f"retry: {again}\n\n".encode())
            while news := await reader.next():
                await _write(send, news)
        finally:
            leaving.cancel()


async def _gone(receive: Receive, reader: Reader) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass
    reader.gone = True
    reader.rouse()


async def _write(send: Send, body: bytes) -> None:
    await send({"type": "http.response.body", "body": body, "more_body": True})


_COMMON = [
    (b"access-control-allow-origin", b"*"),  # public events only, never with a cookie
    (b"x-content-type-options", b"nosniff"),
    (b"content-security-policy", b"default-src 'none'; frame-ancestors 'none'"),
]
_STREAM = [
    (b"content-type", b"text/event-stream; charset=utf-8"),
    (b"cache-control", b"no-store"),
    (b"x-accel-buffering", b"no"),
    *_COMMON,
]


async def _answer(send: Send, status: int, text: str, headers: list[tuple[bytes, bytes]] | None = None) -> None:
    body = text.encode()
    basic = [(b"content-type", b"text/plain; charset=utf-8"), (b"content-length", str(len(body)).encode()), *_COMMON]
    await send({"type": "http.response.start", "status": status, "headers": [*basic, *(headers or [])]})
    await send({"type": "http.response.body", "body": body})
