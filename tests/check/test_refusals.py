"""The signed refusal of a late bid: the browser's check finds what the verifier's finds."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from yiwang.seal.refusal import Head, Refusal
from yiwang.tlog import LogKeys
from yiwang.tlog import note as notes
from yiwang.tlog import policy as policies
from yiwang.verifier.refusal import check

from .node import NODE, WHY_NOT, checked

NINE = datetime(2026, 11, 24, 1, 30, tzinfo=UTC)
NAME = "evidence.example/2026"


def refusal(keys: LogKeys, late: int = 7) -> bytes:
    said = Refusal("bid.submit", "YW2026-0001", "1", "913502001234567890", "ab" * 32, NINE + timedelta(seconds=late), NINE, 812,
                   Head(NAME, 900, bytes(32)), str(keys.vkeys()[0]))  # fmt: skip
    return notes.sign(said.text(), list(keys)[:1])


@pytest.mark.skipif(NODE is None or bool(WHY_NOT), reason=WHY_NOT or "node is not on the path")
def test_browser_and_verifier_come_to_the_same_verdict(tmp_path: Path) -> None:
    keys, others = LogKeys.create(NAME), LogKeys.create(NAME)
    good, own, other = refusal(keys), f"log {keys.vkeys()[0]}\nquorum none\n", f"log {others.vkeys()[0]}\nquorum none\n"
    forged = [
        good.replace(b"received 2026-11-24T01:30:07Z", b"received 2026-11-24T01:30:08Z"),
        good.replace(b"lot 1\n", b""),
        good.replace(b"2026-11-24T01:30:00Z", b"2026-11-31T01:30:00Z"),
        good.replace(b" 900 ", b" 0900 "),
        good.replace(b"\n\n\xe2", b"\nmore 1\n\n\xe2"),
        good.replace(b"reason late", b"reason none"),
        refusal(keys, -1),
    ]
    files = [(good, ""), (good, own), (good, other), *((bad, "") for bad in forged), *((bad, own) for bad in forged)]
    cases = []
    for number, (content, trust) in enumerate(files):
        path = tmp_path / f"{number}.txt"
        path.write_bytes(content)
        cases.append({"file": str(path), "trust": trust})
    for (content, trust), found in zip(files, checked(tmp_path, cases), strict=True):
        report = check(content, policies.parse(trust.encode()) if trust else None)
        assert (found["outcome"] == "ok") == report.ok, (content, found)
    assert "7 s late" in report_of(good) and "1 s early" in report_of(forged[-1])


def report_of(content: bytes) -> str:
    return " ".join(detail.en for each in check(content).lines for detail in each.details)
