"""What the browser's two engines seal, the plain one and the fast one, opens in Python; also past 256 chunks of age."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from yiwang.seal.opening import Expected, open_envelope, open_own

if TYPE_CHECKING:
    from conftest import Lot

UI = Path(__file__).parents[2] / "src" / "yiwang" / "ui"
PACKAGES = Path(os.environ.get("YIWANG_NODE_MODULES", UI / "node_modules"))
NODE = shutil.which("node")
SIZE = 300 * 65536 + 17
"""Bytes of the large document: its chunks are counted beyond one byte."""


@pytest.fixture(scope="module")
def made(lot: Lot, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, dict[str, Any]]:
    """The folder and the result of one run; skips when node or its packages are absent."""
    if NODE is None or not (PACKAGES / "hash-wasm").is_dir():
        pytest.skip("node or its packages are not here (make setup)")
    folder = tmp_path_factory.mktemp("engines")
    shutil.copytree(UI / "js", folder / "js")
    (folder / "package.json").write_text('{"type": "module"}')
    (folder / "node_modules").symlink_to(PACKAGES.resolve(), target_is_directory=True)
    case = {
        "custodians": list(lot.custodians.recipients), "context": lot.context.json(), "tenderer": lot.tenderer, "size": SIZE,
    }  # fmt: skip
    (folder / "case.json").write_text(json.dumps(case))
    script = Path(__file__).with_name("engines.test.mjs")
    run = subprocess.run([NODE, str(script), str(folder)], capture_output=True, text=True, timeout=120, check=False)
    assert run.returncode == 0, run.stderr
    return folder, json.loads((folder / "engines.json").read_text())


@pytest.mark.parametrize("engine", ["js", "wasm"])
def test_sealed_in_the_browser_opens_here(lot: Lot, made: tuple[Path, dict[str, Any]], engine: str) -> None:
    folder, result = made
    said = result[engine]
    expected = Expected(lot.context, lot.tenderer, said["sha256"])
    with (folder / f"{engine}.seal").open("rb") as file, open_envelope(file, lot.identities(1, 2, 4), expected=expected) as opened:
        assert opened.manifest_sha256 == said["manifestSha256"] and opened.signature_ok
        assert opened.header.client == opened.manifest.client == f"test/1 sha256:{'0' * 64}"
        assert opened.manifest.documents[0].sha256 == result["sha256"]
        assert opened.documents["small.txt"].read() == "甲".encode()


def test_one_time_key_opens_a_spoiled_envelope(made: tuple[Path, dict[str, Any]]) -> None:
    folder, result = made
    with (folder / "wasm.seal").open("rb") as file, open_own(file, result["wasm"]["identity"]) as opened:
        assert opened.manifest_sha256 == result["wasm"]["manifestSha256"]
