"""What is dear to make and the same for all test runs of the same code, kept in ``build/test-kept``.

    folder = kept("dossiers", make, Path(__file__))     # made now, or by whichever worker or run came first

Whoever changes a file from which it is made gets it made anew: a name's folder carries the digest of them all.
"""

from __future__ import annotations

import fcntl
import hashlib
import shutil
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import yiwang

SOURCE = Path(yiwang.__file__).parent
MADE_FROM = ("kernel", "tlog", "seal", "law", "modules", "demo", "verifier", "witness", "bench/dossiers.py", "site/settings.py")
"""Files and folders of the program that decide what a tender's life leaves behind."""
ROOT = Path(__file__).parents[1] / "build" / "test-kept"

IN_USE = 1800
"""Seconds for which a folder of earlier code stays: a test run that began before the change may be reading it."""


def kept(name: str, make: Callable[[Path], None], *sources: Path) -> Path:
    """The folder that ``make(folder)`` filled, for this code; nobody may write into it.

    Args:
        name: says what it is; folders of this name from other code are removed when they are old.
        sources: the test files that decide what is made.
    """
    folder = ROOT / f"{name}-{_digest(sources)}"
    with _locked(name):
        if not folder.exists():
            for left in ROOT.glob(f"{name}-*"):
                if left.stat().st_mtime < time.time() - IN_USE:
                    shutil.rmtree(left)
            half = ROOT / f"half-{name}"
            shutil.rmtree(half, ignore_errors=True)
            half.mkdir()
            make(half)
            half.rename(folder)
    return folder


@contextmanager
def _locked(name: str) -> Iterator[None]:
    """One process at a time makes it; the others wait for what it makes."""
    ROOT.mkdir(parents=True, exist_ok=True)
    with (ROOT / f"{name}.lock").open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


def _digest(sources: tuple[Path, ...]) -> str:
    found = hashlib.sha256(_CODE)
    for path in (*sources, Path(__file__)):
        found.update(path.name.encode() + b"\0" + path.read_bytes())
    return found.hexdigest()[:16]


def _code() -> bytes:
    """The digest of the program's files."""
    found, root = hashlib.sha256(), SOURCE.parents[1]
    paths = [path for part in MADE_FROM for path in sorted([SOURCE / part, *(SOURCE / part).rglob("*")])]
    for path in [*paths, *sorted(root.glob("requirements*.txt"))]:
        if path.suffix in (".py", ".yaml", ".json", ".txt") and "tests" not in path.parts[len(root.parts) :]:
            found.update(str(path.relative_to(root)).encode() + b"\0" + path.read_bytes())
    return found.digest()


_CODE = _code()
"""Of the files as they are when this process begins: what it makes, it makes with them."""
