"""A real log, real witnesses over HTTP, and nothing pretended."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from yiwang.tlog import policy as policies
from yiwang.tlog.checkpoint import Checkpoint, sign_checkpoint
from yiwang.tlog.keys import LogKeys
from yiwang.tlog.policy import Policy
from yiwang.tlog.tiles import TileLog
from yiwang.witness.folder import create
from yiwang.witness.keys import WitnessKeys
from yiwang.witness.logs import read_logs
from yiwang.witness.server import WitnessServer
from yiwang.witness.service import Witness, open_witness

KEYS = LogKeys.create("evidence.example/2027")
WITNESS_KEYS = [WitnessKeys.create(f"w{number}.example") for number in range(4)]


def log_lines(url: str = "") -> str:
    return "".join(f"log {vkey} {url}".rstrip() + "\n" for vkey in KEYS.vkeys())


def entries(start: int, stop: int, mark: str = "") -> list[bytes]:
    return [f"entry {number}{mark}".encode() for number in range(start, stop)]


class Log:
    """A log of test entries; ``mark`` makes those from ``fork`` on different: another face of the same log."""

    def __init__(self, folder: Path, size: int = 0, *, fork: int = 1 << 60, mark: str = "'") -> None:
        self.tiles = TileLog(folder)
        self.fork, self.mark = fork, mark
        self.grow(size)

    def grow(self, size: int) -> Log:
        self.tiles.append(entries(self.tiles.size, min(size, self.fork)))
        if size > self.fork:
            self.tiles.append(entries(self.tiles.size, size, self.mark))
        return self

    def note(self, size: int | None = None) -> bytes:
        size = self.tiles.size if size is None else size
        return sign_checkpoint(Checkpoint(KEYS.name, size, self.tiles.root(size)), KEYS)

    def proof(self, old: int, new: int | None = None) -> list[bytes]:
        return self.tiles.consistency_proof(old, new)


@dataclass
class Running:
    """A witness that is listening."""

    keys: WitnessKeys
    folder: Path
    server: WitnessServer

    @property
    def url(self) -> str:
        return self.server.url

    @property
    def witness(self) -> Witness:
        return self.server.witness

    def stop(self) -> None:
        self.server.shutdown()
        self.server.server_close()


Start = Callable[..., Running]


@pytest.fixture
def log(tmp_path: Path) -> Callable[..., Log]:
    made = iter(range(100))
    return lambda *words, **named: Log(tmp_path / f"log{next(made)}", *words, **named)


def make_folder(folder: Path, number: int = 0, *, mirror: bool = False) -> WitnessKeys:
    """A witness's folder with the session's keys (making ML-DSA keys for each test would only take time)."""
    create(folder, WITNESS_KEYS[number].name, mirror=mirror)
    (folder / "witness.keys").unlink()
    WITNESS_KEYS[number].save(folder)
    return WITNESS_KEYS[number]


@pytest.fixture
def start(tmp_path: Path) -> Iterator[Start]:
    """Start a witness, or start it again: ``start(number, mirror=..., source=...)``."""
    running: list[Running] = []

    def run(number: int = 0, *, mirror: bool = False, source: str = "", port: int = 0) -> Running:
        folder = tmp_path / f"witness{number}"
        if not folder.exists():
            make_folder(folder, number, mirror=mirror)
        witness = open_witness(folder, read_logs(log_lines(source).encode()))
        server = WitnessServer(witness, "127.0.0.1", port)
        threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
        running.append(Running(WITNESS_KEYS[number], folder, server))
        return running[-1]

    yield run
    for one in running:
        one.stop()


def policy_of(urls: dict[int, str], quorum: str, *, kind: int = 0) -> Policy:
    """A policy with one key (0: Ed25519, 1: ML-DSA-44) of each witness, names w0, w1, ..."""
    lines = [f"witness w{n} {WITNESS_KEYS[n].vkeys()[kind]} {url}".rstrip() for n, url in urls.items()]
    members = " ".join(f"w{n}" for n in urls)
    text = log_lines() + "\n".join([*lines, f"group all-of-them {quorum} {members}", "quorum all-of-them", ""])
    return policies.parse(text.encode())
