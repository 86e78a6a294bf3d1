"""An off-the-shelf age program opens a bid with the published keys, by the steps that the manual gives."""

from __future__ import annotations

import json
import shutil
import subprocess
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from conftest import Lot

STEPS = r"""
set -eu
sed -n 2p bid.seal | grep -ao '"1-2-4":"[^"]*"' | cut -d'"' -f4 | base64 -d > box.age
age -d -i key1 box.age | age -d -i key2 | age -d -i key4 > one-time.key
tail -n +3 bid.seal | age -d -i one-time.key > payload
length=$(head -c 8 payload | od -An -t u8 --endian=big | tr -d ' ')
tail -c +9 payload | head -c "$length" > manifest.json
tail -c +$((9 + length)) payload > documents
"""


@pytest.mark.skipif(shutil.which("age") is None, reason="the age program is not installed (Debian package: age)")
def test_age_program_opens_a_bid(lot: Lot, tmp_path: Path) -> None:
    envelope, _ = lot.seal()
    (tmp_path / "bid.seal").write_bytes(envelope)
    for index in (1, 2, 4):
        (tmp_path / f"key{index}").write_text(lot.keys[index].identity + "\n")
    subprocess.run(["sh", "-c", STEPS], cwd=tmp_path, check=True, timeout=60)
    manifest = json.loads((tmp_path / "manifest.json").read_bytes())["manifest"]
    assert (manifest["price"], manifest["tenderer"]) == (lot.price, lot.tenderer)
    contents = b"".join(file.source for file in lot.files if isinstance(file.source, bytes))
    assert (tmp_path / "documents").read_bytes().rstrip(b"\0") == contents


@pytest.mark.skipif(shutil.which("age") is None, reason="the age program is not installed (Debian package: age)")
def test_age_program_with_two_keys_opens_nothing(lot: Lot, tmp_path: Path) -> None:
    (tmp_path / "bid.seal").write_bytes(lot.seal()[0])
    for index, holder in ((1, 1), (2, 2), (4, 2)):
        (tmp_path / f"key{index}").write_text(lot.keys[holder].identity + "\n")
    result = subprocess.run(["sh", "-c", STEPS], cwd=tmp_path, check=False, timeout=60, capture_output=True)
    assert result.returncode != 0
    assert not (tmp_path / "manifest.json").exists()
