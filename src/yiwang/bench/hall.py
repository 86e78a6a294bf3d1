"""The opening hall: one event to thousands of viewers, beside a bare event stream in the same run.

The live process runs as in production (uvicorn, one process, listening to PostgreSQL); the event is the notification that
an act's own transaction sends. The bare stream (:mod:`.hall_bare`) has neither database nor tenders. Both are watched by
the same program on the same cores, in turns. The time is from just before the event is sent until its last viewer has it.
"""

from __future__ import annotations

import asyncio
import gc
import os
import resource
import signal
import socket
import subprocess
import sys
import time
from collections.abc import AsyncIterator, Coroutine
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import psycopg

from yiwang.bench.figure import Figure
from yiwang.runtime.database import database_url

VIEWERS, ROUNDS = 5000, 5
CONNECT_WITHIN, TIMES = 5.0, 2.0
"""Seconds in which all are to be connected; how many times the bare stream's time an event may take."""

_HOST, _TENDER, _PATIENCE = "127.0.0.1", "BENCH-1", 60.0
_AT_ONCE = 200
"""Connections that are being opened at the same time."""


@dataclass
class Watched:
    """What one server showed: seconds until all were connected, seconds of each event, memory of a viewer in KiB."""

    connect: float = 0.0
    events: list[float] = field(default_factory=list)
    memory: float = 0.0

    @property
    def median(self) -> float:
        """The middle one of the events' times."""
        return sorted(self.events)[len(self.events) // 2]


def run(viewers: int = VIEWERS, rounds: int = ROUNDS) -> list[Figure]:
    """Watch both servers, in turns, with so many viewers each."""
    _allow_files(viewers)
    gc.disable()  # the watching program's own looking through thousands of viewers is no one's figure
    try:
        bare, hall = asyncio.run(_both(viewers, rounds))
    finally:
        gc.enable()
    name = f"bare event stream, {viewers} viewers"
    return [
        Figure("hall.event_to_last", hall.median, "s", name, bare.median,
               f"<= {TIMES:g} times the bare stream", hall.median <= TIMES * bare.median),
        Figure("hall.event_to_last_slowest", max(hall.events), "s", name, max(bare.events)),
        Figure("hall.connect_all", hall.connect, "s", name, bare.connect, f"<= {CONNECT_WITHIN:g} s", hall.connect <= CONNECT_WITHIN),
        Figure("hall.memory_per_viewer", hall.memory, "KiB", name, bare.memory),
    ]  # fmt: skip


def _allow_files(viewers: int) -> None:
    """Let this process and its children hold a file for each viewer.

    Raises:
        RuntimeError: the machine allows fewer.
    """
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = viewers + 200
    if hard != resource.RLIM_INFINITY and hard < wanted:
        raise RuntimeError(f"this machine allows {hard} open files, {wanted} are needed (ulimit -Hn)")
    resource.setrlimit(resource.RLIMIT_NOFILE, (max(soft, wanted), hard))


async def _both(viewers: int, rounds: int) -> tuple[Watched, Watched]:
    bare, hall = Watched(), Watched()
    async with AsyncExitStack() as stack:
        bare_port, bare_pid = await stack.enter_async_context(_server("yiwang.bench.hall_bare:application", viewers))
        port, pid = await stack.enter_async_context(_server("yiwang.site.live:application", viewers))
        bare_crowd = await stack.enter_async_context(_watching(bare, bare_port, bare_pid, "/stream", viewers))
        crowd = await stack.enter_async_context(_watching(hall, port, pid, f"/live/tenders/{_TENDER}", viewers))
        link = await stack.enter_async_context(await psycopg.AsyncConnection.connect(database_url(), autocommit=True))
        for number in range(rounds + 1):  # the first one warms up
            bare_took = await bare_crowd.event(_fire(bare_port))
            took = await crowd.event(link.execute(f"NOTIFY tender_events, '{_TENDER} {number}'"))
            if number:
                bare.events.append(bare_took)
                hall.events.append(took)
    return bare, hall


async def _fire(port: int) -> None:
    reader, writer = await asyncio.open_connection(_HOST, port)
    writer.write(b"GET /fire HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
    await reader.read()
    writer.close()


@asynccontextmanager
async def _server(application: str, viewers: int) -> AsyncIterator[tuple[int, int]]:
    """A server process: (port, process id)."""
    with socket.socket() as probe:
        probe.bind((_HOST, 0))
        port = probe.getsockname()[1]
    command = [sys.executable, "-m", "uvicorn", "--host", _HOST, "--port", str(port), "--log-level", "error", "--no-access-log",
               "--timeout-graceful-shutdown", "1", application]  # fmt: skip
    environment = {**os.environ, "YIWANG_LIVE_READERS": str(viewers + 10), "YIWANG_LIVE_HEARTBEAT": "3600"}
    process = subprocess.Popen(command, env=environment, stderr=subprocess.DEVNULL)
    try:
        await _until_it_answers(port)
        yield port, process.pid
    finally:
        process.send_signal(signal.SIGKILL)
        process.wait()


async def _until_it_answers(port: int) -> None:
    end = time.monotonic() + _PATIENCE
    while True:
        try:
            _, writer = await asyncio.open_connection(_HOST, port)
        except OSError:
            if time.monotonic() > end:
                raise
            await asyncio.sleep(0.1)
        else:
            writer.close()
            return


class _Crowd:
    """All viewers of one server: how many are connected, how many have the newest event."""

    def __init__(self, viewers: int) -> None:
        self.viewers, self.connected, self.told = viewers, 0, 0
        self.all_here, self.all_told = asyncio.Event(), asyncio.Event()

    def heard(self, data: bytes) -> None:
        """What came over one stream."""
        if b"retry:" in data:
            self.connected += 1
            if self.connected == self.viewers:
                self.all_here.set()
        if b"data:" in data:
            self.told += 1
            if self.told == self.viewers:
                self.all_told.set()

    async def event(self, sends: Coroutine[Any, Any, object]) -> float:
        """Let the event be sent; seconds until the last viewer has it."""
        self.told = 0
        self.all_told.clear()
        began = time.perf_counter()
        sending = asyncio.create_task(sends)
        await asyncio.wait_for(self.all_told.wait(), _PATIENCE)
        took = time.perf_counter() - began
        await sending
        return took


class _Viewer(asyncio.Protocol):
    """One stream that is watched."""

    def __init__(self, crowd: _Crowd) -> None:
        self.crowd = crowd

    def data_received(self, data: bytes) -> None:
        """Tell the crowd."""
        self.crowd.heard(data)


@asynccontextmanager
async def _watching(found: Watched, port: int, pid: int, path: str, viewers: int) -> AsyncIterator[_Crowd]:
    """All viewers connected to a server."""
    loop, crowd, gate = asyncio.get_running_loop(), _Crowd(viewers), asyncio.Semaphore(_AT_ONCE)
    asks, before = f"GET {path} HTTP/1.1\r\nHost: x\r\n\r\n".encode(), _memory(pid)
    transports = []

    async def come() -> None:
        async with gate:
            transport, _ = await loop.create_connection(lambda: _Viewer(crowd), _HOST, port)
            transport.write(asks)
            transports.append(transport)

    began = time.perf_counter()
    await asyncio.gather(*(come() for _ in range(viewers)))
    await asyncio.wait_for(crowd.all_here.wait(), _PATIENCE)
    found.connect, found.memory = time.perf_counter() - began, (_memory(pid) - before) / viewers
    try:
        yield crowd
    finally:
        for transport in transports:
            transport.abort()


def _memory(pid: int) -> float:
    """Memory of a process in KiB."""
    line = next(line for line in Path(f"/proc/{pid}/status").read_text().splitlines() if line.startswith("VmRSS"))
    return float(line.split()[1])
