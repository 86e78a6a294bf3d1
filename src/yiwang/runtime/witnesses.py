"""The three witnesses that a demonstration runs by itself.

Three witnesses on one machine prove nothing; they show how it works. In production the operator names real ones.
"""

from __future__ import annotations

import shutil
import socket
import sys
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path

from yiwang.kernel.text import Text
from yiwang.runtime.notready import not_ready
from yiwang.runtime.processes import Child
from yiwang.runtime.witness_policy import usual
from yiwang.tlog import files
from yiwang.witness.folder import create, policy_lines
from yiwang.witness.keys import FILE, WitnessKeys

LABELS = {
    "finance": Text("演示见证人：财政局", "the demo witness finance bureau"),
    "notary": Text("演示见证人：公证处", "the demo witness notary office"),
    "neighbour": Text("演示见证人：邻市交易中心", "the demo witness neighbouring center"),
}
ENOUGH = 2

_HOST = "127.0.0.1"
_OURS = "# written by yiwang run: three witnesses on this machine, for demonstration; they prove nothing to others\n"


def for_demonstration(data: Path, log_keys: Iterable[object], first_port: int) -> tuple[Path, list[Child]]:
    """The policy file and the processes of a demonstration's witnesses; keys and folders are made at the first start.

    Args:
        data: the data folder; the witnesses live in ``witnesses`` below it.
        log_keys: the log's verifier keys.
        first_port: the first port that is tried; the witnesses take the next free ones.
    """
    home = data / "witnesses"
    home.mkdir(parents=True, exist_ok=True)
    logs = home / "logs"
    logs.write_text("".join(f"log {key}\n" for key in log_keys), encoding="utf-8")
    lines, children, port = [_OURS], [], first_port
    for label, name in LABELS.items():
        port = _free(port)
        lines.append(policy_lines(_keys(home / label, label), label, f"http://{_HOST}:{port}"))
        children.append(_process(name, home / label, logs, port))
        port += 1
    lines.append(f"group outside {ENOUGH} {' '.join(LABELS)}\nquorum outside\n")
    files.replace(usual(data), "".join(lines).encode())
    return usual(data), children


def own(data: Path) -> bool:
    """Whether the data folder's policy file is a demonstration's (or there is none), and not the operator's."""
    with suppress(FileNotFoundError):
        return usual(data).read_text(encoding="utf-8", errors="replace").startswith(_OURS)
    return True


def forget(data: Path) -> None:
    """Remove a demonstration's witnesses: they would, rightly, refuse a log that begins anew."""
    shutil.rmtree(data / "witnesses", ignore_errors=True)
    if own(data):
        usual(data).unlink(missing_ok=True)


def _keys(folder: Path, label: str) -> WitnessKeys:
    if (folder / FILE).exists():
        return WitnessKeys.load(folder)
    shutil.rmtree(folder, ignore_errors=True)  # a start that died before there were keys left nothing of worth
    return create(folder, f"demo.example/{label}")


def _process(name: Text, folder: Path, logs: Path, port: int) -> Child:
    words = ["witness", "serve", "--folder", str(folder), "--logs", str(logs), "--listen", f"{_HOST}:{port}", "--quiet"]
    return Child(name, [sys.executable, "-m", "yiwang.cli", *words])


def _free(port: int) -> int:
    """The first port from this one on that nobody uses."""
    for candidate in range(port, 65_536):
        with socket.socket() as probe, suppress(OSError):
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind((_HOST, candidate))
            return candidate
    raise not_ready("port_taken", f"{port} 以后没有空闲端口", f"no free port from {port} on")
