"""Live events of public tender pages: a small ASGI application without Django.

``GET /live/tenders/<number>`` is a stream of server-sent events: one ``tender`` event per public act, its data the
act's sequence number. Nothing else leaves: the page then fetches what it may see. One LISTEN connection per process
serves all readers. ``GET /live/health`` answers 200 while that connection lives, 503 when not.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
import os
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
_QUEUE = 32
_PATH = re.compile(r"/live/tenders/([^/\s]{1,64})")

Receive = Callable[[], Awaitable[dict[str, Any]]]
Send = Callable[[dict[str, Any]], Awaitable[None]]
_log = logging.getLogger(__name__)


class Hub:
    """Hands each notification to the readers of its tender."""

    def __init__(self) -> None:
        self.readers: dict[str, set[asyncio.Queue[str]]] = defaultdict(set)
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
                    self._all("missed")
                    async for notice in link.notifies():
                        number, _, sequence = notice.payload.rpartition(" ")
                        self.hand(number, sequence)
            except psycopg.Error as error:
                _log.warning("the database is away (%s); trying again in %g s", type(error).__name__, wait)
            finally:
                self.connected = False
            await asyncio.sleep(wait)
            wait = min(wait * 2, 10.0)

    def hand(self, number: str, data: str) -> None:
        """Give an event to the readers of one tender; one who does not read is left out (the next event catches up)."""
        for queue in self.readers.get(number, ()):
            with contextlib.suppress(asyncio.QueueFull):
                queue.put_nowait(data)

    def _all(self, data: str) -> None:
        for number in list(self.readers):
            self.hand(number, data)

    @contextlib.contextmanager
    def reading(self, number: str) -> Any:
        """A reader's queue for the length of its stream."""
        queue: asyncio.Queue[str] = asyncio.Queue(_QUEUE)
        self.readers[number].add(queue)
        self.count += 1
        try:
            yield queue
        finally:
            self.count -= 1
            self.readers[number].discard(queue)
            if not self.readers[number]:
                del self.readers[number]


hub = Hub()


async def application(scope: dict[str, Any], receive: Receive, send: Send) -> None:
    """The ASGI application."""
    if scope["type"] == "lifespan":
        await _lifespan(receive, send)
    elif scope["type"] == "http":
        await _http(scope, receive, send)


async def _lifespan(receive: Receive, send: Send) -> None:
    task: asyncio.Task[None] | None = None
    while True:
        message = await receive()
        if message["type"] == "lifespan.startup":
            task = asyncio.create_task(hub.listen())
            await send({"type": "lifespan.startup.complete"})
        else:
            if task is not None:
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
    headers = [(b"content-type", b"text/event-stream; charset=utf-8"), (b"cache-control", b"no-store"),
               (b"x-accel-buffering", b"no"), *_COMMON]  # fmt: skip
    await send({"type": "http.response.start", "status": 200, "headers": headers})
    gone = asyncio.create_task(_gone(receive))
    try:
        with hub.reading(number) as queue:
            await _write(send, "retry: 3000\n\n")
            while not gone.done():
                fresh = asyncio.create_task(queue.get())
                await asyncio.wait({fresh, gone}, timeout=HEARTBEAT, return_when=asyncio.FIRST_COMPLETED)
                if fresh.done():
                    await _write(send, f"event: tender\ndata: {fresh.result()}\n\n")
                else:
                    fresh.cancel()
                    if not gone.done():
                        await _write(send, ": still here\n\n")
    finally:
        gone.cancel()


async def _gone(receive: Receive) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass


async def _write(send: Send, text: str) -> None:
    await send({"type": "http.response.body", "body": text.encode(), "more_body": True})


_COMMON = [
    (b"access-control-allow-origin", b"*"),  # public events only, never with a cookie
    (b"x-content-type-options", b"nosniff"),
    (b"content-security-policy", b"default-src 'none'; frame-ancestors 'none'"),
]


async def _answer(send: Send, status: int, text: str, headers: list[tuple[bytes, bytes]] | None = None) -> None:
    body = text.encode()
    basic = [(b"content-type", b"text/plain; charset=utf-8"), (b"content-length", str(len(body)).encode()), *_COMMON]
    await send({"type": "http.response.start", "status": status, "headers": [*basic, *(headers or [])]})
    await send({"type": "http.response.body", "body": body})
