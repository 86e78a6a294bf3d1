"""Asking a web server at a steady rate at little cost: requests made beforehand, plain sockets; and who used the CPU."""

from __future__ import annotations

import os
import resource
import socket
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path

_HOST, _PATIENCE = "127.0.0.1", 30.0
_TICK = os.sysconf("SC_CLK_TCK")


class Line:
    """A connection that stays open. Only answers that name their length are read."""

    def __init__(self, port: int) -> None:
        self._socket = socket.create_connection((_HOST, port), timeout=_PATIENCE)
        self._socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)

    def ask(self, head: bytes, body: bytes) -> tuple[int, bytes]:
        """Send a request, its head without the length of its body; status and body of the answer.

        Raises:
            OSError: the connection broke; ValueError: the answer does not name its length.
        """
        self._socket.sendall(b"%bContent-Length: %d\r\n\r\n%b" % (head, len(body), body))
        known = b""
        while (end := known.find(b"\r\n\r\n")) < 0:
            known += self._more()
        length = int(known[:end].lower().split(b"content-length:", 1)[1].split(b"\r\n", 1)[0])
        while len(known) < end + 4 + length:
            known += self._more()
        return int(known[9:12]), known[end + 4 : end + 4 + length]

    def close(self) -> None:
        """End the connection."""
        self._socket.close()

    def _more(self) -> bytes:
        found = self._socket.recv(65536)
        if not found:
            raise ConnectionResetError("the server ended the connection")
        return found


def head_of(path: str, port: int, headers: dict[str, str]) -> bytes:
    """The head of a ``POST``, up to the length of its body."""
    lines = [f"POST {path} HTTP/1.1", f"Host: {_HOST}:{port}", *(f"{name}: {value}" for name, value in headers.items())]
    return "".join(f"{line}\r\n" for line in lines).encode("ascii")


def own_cpu() -> float:
    """CPU seconds of this process so far."""
    spent = resource.getrusage(resource.RUSAGE_SELF)
    return spent.ru_utime + spent.ru_stime


def cpu_of_groups(groups: Iterable[int]) -> float:
    """CPU seconds so far of the living processes of some process groups, and of the ended ones that they have waited for."""
    wanted = set(groups)
    return sum(sum(map(int, parts[11:15])) for parts in _stats().values() if int(parts[2]) in wanted) / _TICK


def cpu_below(parent: int) -> float:
    """CPU seconds so far of a process and of those that it started and that live (PostgreSQL's, below its first)."""
    return sum(int(parts[11]) + int(parts[12]) for pid, parts in _stats().items() if parent in (pid, int(parts[1]))) / _TICK


def _stats() -> dict[int, list[str]]:
    """Each process with what the system says of it, from its state on."""
    found = {}
    for stat in Path("/proc").glob("[0-9]*/stat"):
        with suppress(OSError):  # it has ended
            found[int(stat.parent.name)] = stat.read_text().rpartition(")")[2].split()
    return found
