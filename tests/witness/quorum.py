"""Three witnesses of the center's own log, in this process over real HTTP, and the policy that wants two of them."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from tests.witness.conftest import make_folder

from yiwang.modules.evidence.sequencer import the_log
from yiwang.witness.folder import policy_lines
from yiwang.witness.logs import read_logs
from yiwang.witness.server import WitnessServer
from yiwang.witness.service import open_witness


class Quorum:
    """``stop(n)`` and ``start(n)`` witnesses 0, 1, 2; each keeps its folder and its port."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.folder.mkdir(parents=True, exist_ok=True)
        self.servers: dict[int, WitnessServer] = {}
        self.ports: dict[int, int] = {}
        self.ahead: dict[int, float] = {}
        """Seconds by which a witness's clock is ahead of the true time."""
        self.keys = [make_folder(self._home(number), number) for number in range(3)]
        for number in range(3):
            self.start(number)
        self.policy = self.folder / "witness.policy"
        labels = [f"w{number}" for number in range(3)]
        lines = [policy_lines(*each) for each in zip(self.keys, labels, map(self.url, range(3)), strict=True)]
        self.policy.write_text("".join([*lines, f"group outside 2 {' '.join(labels)}\nquorum outside\n"]))

    def start(self, number: int) -> WitnessServer:
        """Listen where it listened before."""
        known = read_logs("".join(f"log {vkey}\n" for vkey in the_log().keys.vkeys()).encode())
        witness = open_witness(self._home(number), known, clock=lambda: int(time.time() + self.ahead.get(number, 0)))
        server = WitnessServer(witness, "127.0.0.1", self.ports.get(number, 0))
        threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
        self.servers[number], self.ports[number] = server, server.server_port
        return server

    def stop(self, *numbers: int) -> None:
        """Gone: nobody listens there any more."""
        for number in numbers or tuple(self.servers):
            server = self.servers.pop(number)
            server.shutdown()
            server.server_close()

    def url(self, number: int) -> str:
        """Where it is asked."""
        return f"http://127.0.0.1:{self.ports[number]}"

    def name(self, number: int) -> str:
        """The name in its keys."""
        return self.keys[number].name

    def _home(self, number: int) -> Path:
        return self.folder / f"witness{number}"


@pytest.fixture
def quorum(settings: Any, tmp_path: Path, folders: None) -> Iterator[Quorum]:
    """Three witnesses, of which two are enough."""
    three = Quorum(tmp_path / "witnesses")
    settings.WITNESS_POLICY = three.policy
    yield three
    three.stop()
