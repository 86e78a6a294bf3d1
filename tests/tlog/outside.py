"""Programs that others wrote, as judges of our log: built from Go sources, kept in ``build/go`` by source hash.

``go``: golang.org/x/mod/sumdb from the packages of the distribution (golang-golang-x-mod-dev), no network.
``go-client``: filippo.io/torchwood, a C2SP tlog-tiles client, from the Go module proxy; go.sum pins every byte.
"""

from __future__ import annotations

import base64
import fcntl
import json
import os
import re
import shutil
import subprocess
from collections.abc import Iterable
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest

HERE = Path(__file__).parent
KEPT = HERE.parents[1] / "build" / "go"
DISTRIBUTION = Path("/usr/share/gocode")
OLDEST = {"go": (1, 19), "go-client": (1, 24)}
BUILD_SECONDS = 300
"""A first build on a new machine compiles Go's standard library too: about half a minute on one core."""


def program(name: str) -> Path:
    """The built program of a folder beside this file; skips the test, and says what to install, when it cannot be."""
    go = shutil.which("go")
    sources = sorted(path for path in (HERE / name).iterdir() if path.suffix in {".go", ".mod", ".sum"})
    digest = sha256(b"".join(path.read_bytes() for path in sources)).hexdigest()[:16]
    built = KEPT / f"{name}-{digest}"
    if built.exists():
        return built
    if go is None:
        pytest.skip("no Go: apt-get install golang-go golang-golang-x-mod-dev")
    if name == "go" and not (DISTRIBUTION / "src/golang.org/x/mod/sumdb").exists():
        pytest.skip("golang.org/x/mod is missing: apt-get install golang-golang-x-mod-dev")
    if (here := _version(go)) < OLDEST[name]:
        pytest.skip(f"tests/tlog/{name} needs Go {'.'.join(map(str, OLDEST[name]))}, here is {'.'.join(map(str, here))}")
    KEPT.mkdir(parents=True, exist_ok=True)
    with (KEPT / ".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        return built if built.exists() else _build(go, name, built)


def _version(go: str) -> tuple[int, int]:
    said = subprocess.run([go, "version"], capture_output=True, text=True, check=True, env=_environment("go")).stdout
    found = re.search(r"go(\d+)\.(\d+)", said)
    assert found is not None, said
    return int(found[1]), int(found[2])


def _build(go: str, name: str, target: Path) -> Path:
    beside = target.with_name(f".{target.name}.new")
    words = [go, "build", "-buildvcs=false", "-ldflags=-s -w", "-o", str(beside), "."]
    environment = _environment(name)
    if name == "go-client":
        fetched = subprocess.run(
            [go, "mod", "download", "filippo.io/torchwood", "golang.org/x/mod", "golang.org/x/crypto", "golang.org/x/sync"],
            cwd=HERE / name, env=environment, capture_output=True, text=True, check=False, timeout=BUILD_SECONDS,
        )  # fmt: skip
        if fetched.returncode:
            if "checksum mismatch" in fetched.stderr or "SECURITY ERROR" in fetched.stderr:
                pytest.fail(fetched.stderr)
            pytest.skip(f"the Go module proxy gives no filippo.io/torchwood: {fetched.stderr.strip()[-300:]}")
    done = subprocess.run(["nice", *words], cwd=HERE / name, env=environment, capture_output=True, text=True,
                          check=False, timeout=BUILD_SECONDS)  # fmt: skip
    assert done.returncode == 0, done.stderr
    for old in KEPT.glob(f"{name}-????????????????"):
        old.unlink()
    return beside.rename(target)


def _environment(name: str) -> dict[str, str]:
    """Nothing from outside decides how it is built; no C compiler is needed."""
    plain = {key: value for key, value in os.environ.items() if key not in {"GOFLAGS", "GOPATH", "GOOS", "GOARCH"}}
    if name == "go":
        return {**plain, "CGO_ENABLED": "0", "GOTOOLCHAIN": "local", "GO111MODULE": "off", "GOPATH": str(DISTRIBUTION)}
    return {**plain, "CGO_ENABLED": "0", "GOTOOLCHAIN": "local", "GO111MODULE": "on", "GOFLAGS": "-mod=readonly"}


def ask(tasks: Iterable[dict[str, Any]]) -> list[dict[str, Any]]:
    """Let x/mod do tasks (see go/main.go), all in one process; bytes in tasks are sent as base64."""
    lines = "".join(json.dumps(_plain(task)) + "\n" for task in tasks)
    done = subprocess.run([program("go")], input=lines, capture_output=True, text=True, check=False, timeout=120)
    assert done.returncode == 0, done.stderr
    return [json.loads(line) for line in done.stdout.splitlines()]


def _plain(value: Any) -> Any:
    if isinstance(value, bytes):
        return base64.b64encode(value).decode()
    if isinstance(value, dict):
        return {key: _plain(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(item) for item in value]
    return str(value) if isinstance(value, Path) else value
