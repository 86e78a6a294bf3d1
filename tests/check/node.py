"""Running the browser's modules with node: copies of them beside their packages."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from pathlib import Path
from typing import Any

HERE = Path(__file__).parent
UI = HERE.parents[1] / "src" / "yiwang" / "ui"
NODE = shutil.which("node")
PACKAGES = Path(os.environ.get("YIWANG_NODE_MODULES", UI / "node_modules"))
NEEDED = ("@noble/curves", "@noble/post-quantum", "sm-crypto-v2")
WHY_NOT = "" if all((PACKAGES / name).is_dir() for name in NEEDED) else f"{', '.join(NEEDED)}: not all in {PACKAGES}"
"""Why these tests cannot run; '' when they can."""


def modules_in(folder: Path) -> None:
    """Put the modules and a way to their packages into a folder."""
    shutil.copytree(UI / "js", folder / "js")
    (folder / "package.json").write_text('{"type": "module"}')
    (folder / "node_modules").symlink_to(PACKAGES, target_is_directory=True)


def checked(folder: Path, cases: list[dict[str, str]]) -> list[dict[str, Any]]:
    """What the browser's checks find in each file: outcome, lines by id, details in English."""
    modules_in(folder)
    (folder / "cases.json").write_text(json.dumps(cases))
    command = [str(NODE), str(HERE / "dossiers.test.mjs"), str(folder)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=120, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    found: list[dict[str, Any]] = json.loads((folder / "found.json").read_text())
    return found
