"""The check before sealing a bid in the browser, run with node."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from tests.check.node import HERE, NODE, PACKAGES, modules_in


@pytest.mark.skipif(NODE is None or not PACKAGES.is_dir(), reason="node or its packages are not here (make setup)")
def test_lines_of_the_check(tmp_path: Path) -> None:
    modules_in(tmp_path)
    command = [str(NODE), str(HERE / "bid_checks.test.mjs"), str(tmp_path)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
