"""The bare event stream that the hall is measured beside: a list of queues and one event, nothing else.

``GET /stream`` is a stream; ``GET /fire`` puts one event into every queue.
"""

from __future__ import annotations

import asyncio
from typing import Any

_queues: list[asyncio.Queue[bytes]] = []


async def application(scope: dict[str, Any], receive: Any, send: Any) -> None:
    """The ASGI application."""
    if scope["type"] != "http":
        return
    stream = scope["path"] == "/stream"
    kind = b"text/event-stream" if stream else b"text/plain"
    await send({"type": "http.response.start", "status": 200, "headers": [(b"content-type", kind)]})
    if not stream:
        for each in _queues:
            each.put_nowait(b"event: tender\ndata: 1\n\n")
        await send({"type": "http.response.body", "body": b"ok"})
        return
    queue: asyncio.Queue[bytes] = asyncio.Queue()
    _queues.append(queue)
    await send({"type": "http.response.body", "body": b"retry: 3000\n\n", "more_body": True})
    while True:
        await send({"type": "http.response.body", "body": await queue.get(), "more_body": True})
