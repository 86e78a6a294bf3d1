"""The committed artefact is what the compiler makes of the committed source."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import subprocess
from pathlib import Path

import pytest

from yiwang.anchor.contract import FOLDER, artefact


def test_the_artefact_names_the_source_that_is_beside_it() -> None:
    source = (FOLDER / "Anchor.sol").read_bytes()
    assert artefact()["source_sha256"] == hashlib.sha256(source).hexdigest()


def test_compiling_again_gives_the_same_bytes() -> None:
    node, folder = shutil.which("node"), Path(os.environ.get("YIWANG_SOLC", ""))
    if node is None or not (folder / "node_modules" / "solc").is_dir():
        pytest.skip("node and the npm package solc are needed; YIWANG_SOLC names the folder that has node_modules/solc")
    done = subprocess.run([node, FOLDER / "compile.mjs", folder], capture_output=True, text=True, check=True)
    again = json.loads(done.stdout)
    if again["compiler"] != artefact()["compiler"]:
        pytest.skip(f"solc {again['compiler']} is here; the artefact was made with {artefact()['compiler']}")
    assert again == artefact()
