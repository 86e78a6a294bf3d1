"""The browser's checking modules, run by node, against published vectors and against a small archive."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from yiwang.verifier import archive

from .node import HERE, NODE, WHY_NOT, modules_in

VECTORS = HERE.parent / "tlog" / "vectors"


@pytest.mark.skipif(NODE is None or bool(WHY_NOT), reason=WHY_NOT or "node is not on the path")
def test_the_modules_agree_with_published_vectors(tmp_path: Path) -> None:
    modules_in(tmp_path)
    with (tmp_path / "small.zip").open("wb") as out:
        archive.write(out, {"a.txt": b"hello", "b/空.txt": b""})
    with (tmp_path / "large.zip").open("wb") as out:
        archive.write(out, {"bid": bytes(range(256)) * 40_000, "empty": b""})
    command = [str(NODE), str(HERE / "modules.test.mjs"), str(tmp_path), str(VECTORS)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "# fail 0" in done.stdout and "# pass 15" in done.stdout
