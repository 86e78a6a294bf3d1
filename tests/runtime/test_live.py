"""Live events: one notification reaches the readers of its tender and nobody else."""

from __future__ import annotations

import http.client
import signal
import subprocess
import sys
from collections.abc import Iterator

import pytest

from tests.runtime.conftest import free_port, open_folder, rows, small, until
from yiwang.runtime.postgres import holding


class Server:
    """The live process on a port of its own, and its database."""

    def __init__(self, port: int, url: str) -> None:
        self.port, self.url = port, url

    def ask(self, path: str, method: str = "GET") -> http.client.HTTPResponse:
        """One request."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=10)
        connection.request(method, path, headers={"Connection": "close"})
        return connection.getresponse()

    def status(self, path: str, method: str = "GET") -> int:
        """The status of one request; 0 when nobody answers."""
        try:
            with self.ask(path, method) as answer:
                return answer.status
        except OSError:
            return 0


@pytest.fixture(scope="module")
def live() -> Iterator[Server]:
    with open_folder() as folder, holding(folder / "var") as held:
        port = free_port()
        command = [sys.executable, "-m", "uvicorn", "--port", str(port), "--log-level", "warning",
                   "--timeout-graceful-shutdown", "1", "yiwang.site.live:application"]  # fmt: skip
        environment = small(folder / "var", YIWANG_LIVE_HEARTBEAT="0.3", YIWANG_LIVE_READERS="3")
        process = subprocess.Popen(command, env=environment)
        server = Server(port, held.url)
        try:
            assert until(lambda: server.status("/live/health") == 200)
            yield server
        finally:
            process.send_signal(signal.SIGTERM)
            assert process.wait(10) in (0, -signal.SIGTERM)


def lines_until(answer: http.client.HTTPResponse, wanted: str) -> list[str]:
    """Lines of a stream up to one that begins with ``wanted``."""
    found: list[str] = []
    while not found or not found[-1].startswith(wanted):
        found.append(answer.readline().decode().rstrip())
        assert len(found) < 100, found
    return found


def test_event_reaches_the_readers_of_its_tender_only(live: Server) -> None:
    with live.ask("/live/tenders/T-1") as one, live.ask("/live/tenders/T-2") as two:
        assert one.headers["content-type"].startswith("text/event-stream")
        lines_until(one, "retry")
        lines_until(two, "retry")
        rows(live.url, "SELECT pg_notify('tender_events', 'T-1 7')")
        assert lines_until(one, "data")[-2:] == ["event: tender", "data: 7"]
        rows(live.url, "SELECT pg_notify('tender_events', 'T-2 8')")
        assert lines_until(two, "data")[-1] == "data: 8"


def test_silent_stream_is_kept_open(live: Server) -> None:
    with live.ask("/live/tenders/T-1") as answer:
        lines_until(answer, ": still here")


def test_too_many_readers_are_told_to_come_back(live: Server) -> None:
    streams = [live.ask("/live/tenders/T-3") for _ in range(3)]
    assert live.status("/live/tenders/T-3") == 503
    for stream in streams:
        stream.close()
    assert until(lambda: live.status("/live/tenders/..%2Fx") != 503)


@pytest.mark.parametrize(("path", "method", "status"), [
    ("/", "GET", 404), ("/live/tenders/", "GET", 404), ("/live/tenders/a%20b", "GET", 404),
    ("/live/tenders/T-1", "POST", 405),
])  # fmt: skip
def test_everything_else_is_refused(live: Server, path: str, method: str, status: int) -> None:
    assert live.status(path, method) == status
