"""``yiwang seal`` and ``yiwang open`` beside the ``age`` program: the same file of 1 GiB, as processes, in turns.

The reference encrypts to one key and decrypts with it. Ours also hashes and signs what it seals, pads it, makes the keybox of
five custodians, hashes the envelope and waits until the disk has it; opening checks hashes, padding and signature.
"""

from __future__ import annotations

import json
import os
import secrets
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from django.conf import settings

from yiwang.bench.figure import Figure
from yiwang.demo.cast import made_up_uscc
from yiwang.seal import keys, signing

SIZE = 1024 * 1024 * 1024
ROUNDS, CUSTODIANS, THRESHOLD = 3, 5, 3
SHARE, MOST_MEMORY = 0.5, 200.0
"""Of the age program's rate, at least; MiB of memory, at most."""

_MIB = 1024 * 1024


@dataclass
class Runs:
    """Runs of one command on the same file: wall and CPU seconds of each, the largest memory in MiB."""

    wall: list[float] = field(default_factory=list)
    cpu: list[float] = field(default_factory=list)
    memory: float = 0.0

    def rate(self, size: int) -> float:
        """MiB a second of the quickest run: the one that the neighbours disturbed least."""
        return size / _MIB / min(self.wall)

    def run(self, command: list[str]) -> None:
        """Run it once more; RuntimeError when it fails."""
        began = time.perf_counter()
        process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, env=_usual())
        assert process.stdout is not None
        while not (done := os.waitid(os.P_PID, process.pid, os.WEXITED | os.WNOHANG | os.WNOWAIT)):
            self.memory = max(self.memory, _peak(process.pid))
            time.sleep(0.01)
        self.wall.append(time.perf_counter() - began)
        said = process.stdout.read()
        _, _, used = os.wait4(process.pid, 0)
        process.returncode = done.si_status
        process.stdout.close()
        self.cpu.append(used.ru_utime + used.ru_stime)
        if done.si_status:
            raise RuntimeError(f"{' '.join(command[:4])} …: {said.decode(errors='replace')}")


def run(size: int = SIZE, rounds: int = ROUNDS) -> list[Figure]:
    """Both programs in turns."""
    program = shutil.which("age") or shutil.which("rage")
    if program is None:
        raise RuntimeError("neither age nor rage is installed (Debian package: age)")
    seal, encrypt, open_, decrypt = Runs(), Runs(), Runs(), Runs()
    with _folder() as folder:
        given = _given(folder, size)
        for _ in range(rounds):
            encrypt.run([program, "-r", given.recipient, "-o", str(folder / "plain.age"), str(given.document)])
            seal.run(given.seal(folder))
            decrypt.run([program, "-d", "-i", str(folder / "0.key"), "-o", str(folder / "plain"), str(folder / "plain.age")])
            (folder / "plain").unlink()
            open_.run(given.open(folder))
            shutil.rmtree(folder / "opened")
    name = Path(program).name
    return [*_pair("seal", seal, encrypt, name, size), *_pair("open", open_, decrypt, name, size)]


def _pair(what: str, ours: Runs, theirs: Runs, name: str, size: int) -> list[Figure]:
    rate, reference = ours.rate(size), theirs.rate(size)
    return [
        Figure(f"sealing.{what}_rate", rate, "MiB/s", f"{name}, the same file", reference, f">= {SHARE:g} of {name}",
               rate >= SHARE * reference),
        Figure(f"sealing.{what}_cpu", min(ours.cpu), "s", f"{name}, the same file", min(theirs.cpu)),
        Figure(f"sealing.{what}_memory", ours.memory, "MiB", name, theirs.memory, f"< {MOST_MEMORY:g} MiB",
               ours.memory < MOST_MEMORY),
    ]  # fmt: skip


@dataclass(frozen=True)
class _Given:
    """What both programs are given."""

    document: Path
    notice: Path
    recipient: str
    released: list[str]

    def seal(self, folder: Path) -> list[str]:
        """``yiwang seal`` of the document."""
        return [*_YIWANG, "seal", "--tender", str(self.notice), "--tenderer", made_up_uscc("测速一号建设工程有限公司"),
                "--price", "1234567.89", "--document", str(self.document), "--key", str(folder / "key.pem"),
                "--out", str(folder / "bid.sealed"), "--json"]  # fmt: skip

    def open(self, folder: Path) -> list[str]:
        """``yiwang open`` of what was sealed."""
        keys_ = [word for key in self.released for word in ("--identity", key)]
        return [*_YIWANG, "open", str(folder / "bid.sealed"), *keys_, "--out", str(folder / "opened"), "--json"]


_YIWANG = [sys.executable, "-m", "yiwang.cli"]


def _usual() -> dict[str, str]:
    """The environment of a user, whose Python keeps what it compiled: no command compiles itself anew each time."""
    return {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}


def _given(folder: Path, size: int) -> _Given:
    custody = [keys.new_custodian_key() for _ in range(CUSTODIANS)]
    recipients = [key.recipient for key in custody]
    notice = {"number": "BENCH-1", "lots": [{"number": "1"}], "custody": {"threshold": THRESHOLD, "recipients": recipients}}
    (folder / "notice.json").write_text(json.dumps(notice))
    for number, key in enumerate(custody):
        (folder / f"{number}.key").write_text(key.identity + "\n")
    signing.write_key(folder / "key.pem", signing.new_signing_key())
    with (folder / "document.bin").open("wb") as out:
        for _ in range(size // _MIB):
            out.write(secrets.token_bytes(_MIB))
    released = [str(folder / f"{number}.key") for number in range(THRESHOLD)]
    return _Given(folder / "document.bin", folder / "notice.json", recipients[0], released)


@contextmanager
def _folder() -> Iterator[Path]:
    with tempfile.TemporaryDirectory(dir=settings.DATA, prefix="sealing-") as name:
        yield Path(name)


def _peak(pid: int) -> float:
    """Largest memory of a process so far, MiB; 0 when it has just ended."""
    try:
        lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    except OSError:
        return 0.0
    return next((float(line.split()[1]) / 1024 for line in lines if line.startswith("VmHWM")), 0.0)
