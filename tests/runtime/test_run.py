"""``yiwang run`` as a whole, with the real settings: start, kill, start again, stop."""

from __future__ import annotations

import http.client
import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from urllib.request import urlopen

from tests.runtime.conftest import alive, free_port, server_of, small, until
from yiwang.runtime.place import place_of
from yiwang.tlog import policy as policies


class Center:
    """A running center and what it printed."""

    def __init__(self, folder: Path, port: int) -> None:
        self.port, self.folder = port, folder
        self.output = folder / "output"
        environment = small(folder / "var", DJANGO_SETTINGS_MODULE="yiwang.site.settings")
        live = free_port()
        with self.output.open("a") as output:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "yiwang.cli", "run", "--no-demo", "--workers", "1",
                 "--port", str(port), "--live-port", str(live)],
                env=environment, stdout=output, stderr=output,
            )  # fmt: skip

    def __enter__(self) -> Center:
        if not until(self.answers, 60):
            self.process.kill()
            self.process.wait()
            raise AssertionError(self.output.read_text())
        return self

    def __exit__(self, *_: object) -> None:
        if self.process.poll() is None:
            self.process.kill()
            self.process.wait()

    def answers(self) -> bool:
        """True when a page's style sheet comes."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=5)
        try:
            connection.request("GET", "/static/ui/css/base.css", headers={"Connection": "close"})
            with connection.getresponse() as response:
                return response.status == 200
        except OSError:
            return False
        finally:
            connection.close()

    def family(self) -> set[int]:
        """The process and everything below it."""
        found = {self.process.pid}
        while True:
            more = {pid for pid in _processes() if _parent(pid) in found} | found
            if more == found:
                return found
            found = more


def test_killed_center_leaves_nothing_and_starts_again_and_stops_in_time(folder: Path) -> None:
    port = free_port()
    with Center(folder, port) as center:
        policy = policies.parse((folder / "var" / "witness.policy").read_bytes())
        addresses = {party.url for party in policy.witnesses.values()}
        assert len(addresses) == 3 and until(lambda: all(map(_welcomes, addresses)))
        family = center.family() | {server_of(place_of(folder / "var"))}
        assert len(family) >= 9
        one = next(pid for pid in family if b"witness\0serve" in Path(f"/proc/{pid}/cmdline").read_bytes())
        os.kill(one, signal.SIGKILL)
        assert until(lambda: not alive(one)) and until(lambda: all(map(_welcomes, addresses))), "it is started again"
        family = center.family() | family
        center.process.kill()
        center.process.wait()
        assert until(lambda: not [pid for pid in family if alive(pid)]), "no orphan stays"

    with Center(folder, port) as again:
        assert until(lambda: f"http://localhost:{port}/" in again.output.read_text())
        family = again.family()
        began = time.monotonic()
        again.process.send_signal(signal.SIGINT)
        assert again.process.wait(15) == 0
        assert time.monotonic() - began < 10
        assert not [pid for pid in family if alive(pid)]
        assert "Traceback" not in again.output.read_text()


def test_worker_does_one_round(folder: Path) -> None:
    environment = small(folder / "var", DJANGO_SETTINGS_MODULE="yiwang.site.settings")
    done = subprocess.run([sys.executable, "-m", "yiwang.cli", "worker", "--once"], env=environment, check=False,
                          capture_output=True, text=True, timeout=60)  # fmt: skip
    assert done.returncode == 0, done.stderr


def _welcomes(url: str) -> bool:
    """True when a witness listens at its address."""
    try:
        with urlopen(url, timeout=5) as answer:
            return b"demo.example/" in answer.read()
    except OSError:
        return False


def _processes() -> list[int]:
    return [int(entry.name) for entry in Path("/proc").glob("[0-9]*")]


def _parent(pid: int) -> int:
    try:
        return int(Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[1])
    except OSError:
        return 0
