"""A whole center as its operator starts it, in a folder of its own, with tenderers who are about to bid."""

from __future__ import annotations

import base64
import http.client
import json
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

from tests.runtime.conftest import alive, free_port, open_folder, server_of, small, until
from yiwang.bench.tenderers import NotTaken, Tenderer, commit, deliver
from yiwang.runtime.place import place_of

HERE = Path(__file__).parent
TENDERS = 3
ROOM = "1200m"
"""Of the file system in memory that the center's data lie on, where one may be mounted: so that it can be filled."""

PATIENCE = 120.0
"""Seconds within which a tenderer must have got through, whatever was killed."""


class Center:
    """The processes and where they listen.

    Attributes:
        data: the data folder.
        waiting: tenderers who have not bid yet; tests take theirs from the end.
        bid: tenderers whose bid was acknowledged.
        bounded: whether the data folder is a small file system of its own.
    """

    def __init__(self, folder: Path, *, bounded: bool, tenderers: int) -> None:
        self.data, self.bounded = folder / "var", bounded
        self.output = folder / "output"
        self.environment = small(self.data, DJANGO_SETTINGS_MODULE="yiwang.site.settings")
        self.environment["PYTHONPATH"] += os.pathsep + str(HERE.parents[1])
        self.port, self.live_port = free_port(), free_port()
        self.bid = list[Tenderer]()
        self._links = list[http.client.HTTPConnection]()
        self.waiting = [_tenderer(each) for each in self.program("prepare", str(TENDERS), str(tenderers))]
        self.process = self._start()

    def _start(self) -> subprocess.Popen[bytes]:
        with self.output.open("ab") as output:
            return subprocess.Popen(
                [sys.executable, "-m", "yiwang.cli", "run", "--no-demo", "--no-witnesses", "--workers", "2",
                 "--port", str(self.port), "--live-port", str(self.live_port)],
                env=self.environment, stdout=output, stderr=output,
            )  # fmt: skip

    def program(self, name: str, *words: str) -> Any:
        """Run one of the programs of this folder in the center's data folder; the JSON that it prints."""
        done = subprocess.run([sys.executable, "-m", f"tests.faults.{name}", *words], env=self.environment, check=False,
                              capture_output=True, text=True, timeout=300)  # fmt: skip
        assert done.returncode == 0, done.stderr
        return json.loads(done.stdout.splitlines()[-1])

    def answers(self) -> bool:
        """True when pages and live events can be had."""
        for port, path in ((self.port, "/log/checkpoint"), (self.live_port, "/live/tenders/none")):
            link = http.client.HTTPConnection("127.0.0.1", port, timeout=20)
            try:
                link.request("GET", path, headers={"Connection": "close"})
                with link.getresponse() as answer:
                    if answer.status not in (200, 404):
                        return False
            except (OSError, http.client.HTTPException):
                return False
            finally:
                link.close()
        return True

    def stop(self) -> None:
        """End it in order, by force when that takes long."""
        for link in self._links:
            link.close()
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
            with suppress(subprocess.TimeoutExpired):
                self.process.wait(30)
        if self.process.poll() is None:
            self.process.kill()
            self.process.wait()

    # --- whom to kill

    def victim(self, name: str) -> int:
        """Process id of a part of the center, once it is there."""
        found: list[int] = []

        def look() -> bool:
            found[:] = self._victims(name)
            return bool(found)

        assert until(look, PATIENCE), f"there is no {name}: {self.output.read_text()[-2000:]}"
        return found[0]

    def _victims(self, name: str) -> list[int]:
        if name == "database":
            pid = server_of(place_of(self.data))
            return [pid] if alive(pid) else []
        word = {"web": b"granian", "one web process": b"granian", "live": b"uvicorn", "worker": b"yiwang.cli\0worker"}[name]
        own = [pid for pid in _children(self.process.pid) if word in _command(pid)]
        return [child for pid in own for child in _children(pid) if _command(child)] if name == "one web process" else own

    # --- bidding

    def link(self) -> http.client.HTTPConnection:
        """A connection to the pages; closed with the center."""
        link = http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)
        self._links.append(link)
        return link

    def take(self, count: int) -> list[Tenderer]:
        """Tenderers who have not bid yet."""
        taken, self.waiting = self.waiting[-count:], self.waiting[:-count]
        assert len(taken) == count
        return taken

    def persist(self, who: Tenderer) -> None:
        """Bid, and try again as long as there is no answer or a fault; a refusal is an error."""
        end, link = time.monotonic() + PATIENCE, self.link()
        for step, done in ((commit, lambda: who.committed), (deliver, lambda: who.delivered)):
            while not done():
                try:
                    step(link, who)
                except NotTaken as error:
                    if error.status < 500 or time.monotonic() > end:
                        raise
                    time.sleep(0.2)
                except (OSError, http.client.HTTPException):
                    if time.monotonic() > end:
                        raise
                    time.sleep(0.2)
        self.bid.append(who)

    def seen(self) -> Any:
        """What counts and what tenderers see, by tender: see :mod:`tests.faults.look`."""
        return self.program("look")


def together(work: list[Callable[[], object]]) -> list[BaseException | None]:
    """Do all at once; what each of them raised."""
    raised: list[BaseException | None] = [None] * len(work)

    def one(number: int) -> None:
        try:
            work[number]()
        except BaseException as error:
            raised[number] = error

    threads = [threading.Thread(target=one, args=(number,)) for number in range(len(work))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return raised


@contextmanager
def running(tenderers: int) -> Iterator[Center]:
    """A center that answers."""
    with open_folder() as folder, _room(folder / "var") as bounded:
        center = Center(folder, bounded=bounded, tenderers=tenderers)
        try:
            assert until(center.answers, PATIENCE), center.output.read_text()
            yield center
        finally:
            center.stop()


@contextmanager
def _room(folder: Path) -> Iterator[bool]:
    """The folder as a small file system in memory, where this machine lets us; whether it is one."""
    folder.mkdir()
    mounted = subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={ROOM},mode=0755", "yiwang-faults", folder],
                             check=False, capture_output=True).returncode == 0  # fmt: skip
    try:
        yield mounted
    finally:
        if mounted:
            until(lambda: subprocess.run(["umount", folder], check=False, capture_output=True).returncode == 0)


def _tenderer(told: dict[str, Any]) -> Tenderer:
    who = Tenderer(told["tender"], told["uscc"], told["username"], told["headers"], base64.b64decode(told["envelope"]),
                   told["sha256"], told["manifest_sha256"])  # fmt: skip
    who.other_headers = told["other_headers"]
    return who


def _children(parent: int) -> list[int]:
    found = []
    for entry in Path("/proc").glob("[0-9]*"):
        with suppress(OSError, IndexError):
            if int((entry / "stat").read_text().rpartition(")")[2].split()[1]) == parent and alive(int(entry.name)):
                found.append(int(entry.name))
    return found


def _command(pid: int) -> bytes:
    try:
        return Path(f"/proc/{pid}/cmdline").read_bytes()
    except OSError:
        return b""
