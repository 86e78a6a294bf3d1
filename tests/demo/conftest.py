"""What tests of the demo, the replay and the benches share: an own data folder, and small tables of bids."""

from __future__ import annotations

import csv
from collections.abc import Callable
from pathlib import Path

import pytest

HEADING = ["year", "pid", "bidder", "bidder_id", "reserveprice", "minprice", "bid", "winner", "belowminprice", "date",
           "projecttitle", "bidresult", "bidresult_details"]  # fmt: skip
REAL = Path(__file__).resolve().parents[3] / "shared" / "data" / "tsuchiura_bids.csv.gz"


@pytest.fixture
def data(settings, tmp_path: Path) -> Path:
    """An empty data folder that everything on disk goes to."""
    settings.DATA, settings.LOG_FOLDER, settings.FILES_FOLDER = tmp_path, tmp_path / "log", tmp_path / "files"
    settings.PRODUCTION = False
    return tmp_path


@pytest.fixture
def real_table() -> Path:
    """The real auctions; not part of the repository."""
    if not REAL.exists():
        pytest.skip("the real auctions are not on this machine (shared/data/tsuchiura_bids.csv.gz beside the repository)")
    return REAL


def line(pid: str, firm: str, bid: str, *, winner: str = "0", **more: str) -> dict[str, str]:
    """One bid in the form of the default mapping: an auction of 2010 with ceiling 1000 and minimum 700."""
    row = {"year": "2010", "pid": pid, "bidder": firm, "bidder_id": firm, "reserveprice": "1000", "minprice": "700",
           "bid": bid, "winner": winner, "belowminprice": "0", "date": "20100510", "projecttitle": f"road {pid}",
           "bidresult": "1", "bidresult_details": ""}  # fmt: skip
    return row | more


def auction(pid: str, prices: list[str], winner: int | None = 0, **more: str) -> list[dict[str, str]]:
    """Bids of firms a, b, c ... at these prices; the winner by position."""
    return [line(pid, chr(97 + n), bid, winner="1" if n == winner else "0", **more) for n, bid in enumerate(prices)]


@pytest.fixture
def table(tmp_path: Path) -> Callable[..., Path]:
    """Writes a table of bids; further text goes below it as it is."""

    def write(*rows: dict[str, str], below: str = "") -> Path:
        path = tmp_path / "bids.csv"
        with path.open("w", encoding="utf-8", newline="") as file:
            writer = csv.DictWriter(file, HEADING)
            writer.writeheader()
            writer.writerows(rows)
            file.write(below)
        return path

    return write
