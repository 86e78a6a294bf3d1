"""Anybody redoes an opening with the distribution's age program, by the very commands of docs/security/sealing.md."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest

from tests.journeys.conftest import cast, folders, play, stage  # noqa: F401  (fixtures)
from yiwang.modules.evidence import dossier, sequencer

PAGE = Path(__file__).resolve().parents[2] / "docs" / "security" / "sealing.md"
NO_AGE = "the age program is not installed (Debian package: age)"


def commands() -> str:
    """The page's only block of shell commands."""
    [found] = re.findall(r"```sh\n(.*?)```", PAGE.read_text("utf-8"), re.DOTALL)
    return str(found)


@pytest.mark.skipif(shutil.which("age") is None or shutil.which("unzip") is None, reason=NO_AGE)
def test_the_age_program_opens_every_bid_of_a_finished_tender(play: Any, tmp_path: Path) -> None:  # noqa: F811
    life = play("evaluating")
    sequencer.sequence_all()
    folder = tmp_path / "reader"
    folder.mkdir()
    dossier.build(life.number, out=folder / "dossier.zip")
    subprocess.run(["sh", "-euc", commands()], cwd=folder, check=True, timeout=120)
    record = life.tender.opening.record
    assert record["bids"]
    for bid in record["bids"]:
        name = bid["envelope_sha256"]
        found = json.loads((folder / f"{name}.manifest.json").read_bytes())["manifest"]
        assert (found["price"], found["tenderer"]) == (bid["price"], bid["tenderer"])
        content = (folder / f"{name}.documents").read_bytes()
        assert len(content) >= sum(each["size"] for each in found["documents"]) and found["documents"]
    assert {bid["price"] for bid in record["bids"]} == {price for _, price in life.script.bids}
