"""The main thing in real browsers: two firms seal, one replaces, one withdraws and bids again, one comes late; three of five
custodians open; nobody who bid is there, a citizen watches; the record is signed, and strangers' programs redo it."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from tests.browser.test_bid_page import document, url_of
from tests.browser.test_hall import live  # noqa: F401  (a fixture)
from tests.browser.test_sealed_bid import RECEIPT, act_url, release, sign
from tests.seal.test_redone_opening import NO_AGE, commands
from yiwang.demo.play import Play
from yiwang.modules.bids import selectors as bids
from yiwang.modules.evidence import dossier, sequencer
from yiwang.verifier import verify

pytestmark = pytest.mark.django_db(transaction=True)

REPLACER, RETURNER, LATE = "滨海建工集团有限公司", "临港路桥工程有限公司", "迟来一步建设有限公司"


def fills(page: Any, play: Play, price: str) -> None:
    """The firm fills in the bid page."""
    page.goto("about:blank")  # a receipt that waits for its place in the log loads itself anew
    page.goto(url_of(play))
    page.wait_for_selector("[data-part=checks] li", state="attached")
    if page.locator("[data-part=checks] button").count():
        page.click("[data-part=checks] button")
    page.wait_for_selector("[data-part=checks] li:first-child.check-good")
    page.fill("#seal-price", price)
    page.set_input_files("#seal-files", [document()])


def submits(page: Any, play: Play, price: str) -> None:
    """The firm fills in the page and sends, to the receipt."""
    fills(page, play, price)
    page.click(".seal-form button[type=submit]")
    page.wait_for_url(RECEIPT)
    sequencer.sequence_all()


def withdraws(page: Any, play: Play) -> None:
    """The firm takes its bid back."""
    page.goto("about:blank")
    page.goto(act_url(play, "bid.withdraw"))
    page.click(".form button[type=submit]")
    page.wait_for_url(RECEIPT)


@pytest.mark.promise("S045")
def test_from_sealed_bids_to_a_record_that_anybody_redoes(
    city: Callable[..., Any], live: Any, visitor: Callable[..., Any], cast: Any, stage: Any, tmp_path: Path  # noqa: F811
) -> None:
    play = city(bids=[("滨海甲建设有限公司", 80_000_00)])
    play.enter()
    play.prepare()
    play.publish()
    play.submit_bids()
    replacer, returner, late = (visitor(cast.tenderer(firm)) for firm in (REPLACER, RETURNER, LATE))
    submits(replacer, play, "79,500")
    submits(returner, play, "78,000")
    submits(replacer, play, "77,777.77")
    withdraws(returner, play)
    submits(returner, play, "78,888")

    fills(late, play, "60,000")
    stage.to(play.tender.deadline + timedelta(seconds=1))
    late.click(".seal-form button[type=submit]")
    late.wait_for_selector("[data-do=refusal]")
    play.close()
    for page in (replacer, returner, late):
        page.close()

    citizen = visitor(width=390)
    citizen.goto(f"/tenders/{play.number}/hall/")
    citizen.wait_for_selector(".hall-line-on")
    for number, custodian in enumerate(cast.custodians[1:4], 1):
        saved = tmp_path / f"{number}.key"
        saved.write_text(play.custody_keys[custodian.person.username].identity)
        release(visitor(custodian), play, saved)
        citizen.wait_for_selector(f".big-number:has-text('{number} / 3'), .hall-title:has-text('密钥已够')")
    host = visitor(play.host)
    host.goto(act_url(play, "opening.open"))
    host.click(".form button[type=submit]")
    host.wait_for_url(RECEIPT)
    citizen.wait_for_selector(".hall-table tbody tr:nth-child(3)")
    seen = citizen.inner_text(".hall-table")
    assert all(price in seen for price in ("80,000.00", "77,777.77", "78,888.00"))
    assert not any(price in seen for price in ("79,500.00", "78,000.00", "60,000.00"))
    host.goto(act_url(play, "opening.confirm"))
    sign(host)
    for each in (cast.center, cast.tenderer("滨海甲建设有限公司")):
        play.confirm_as(each)
    assert {bid.price for bid in bids.opened(play.tender)} == {80_000_00, 77_777_77, 78_888_00}
    redone(play, tmp_path)


def redone(play: Play, folder: Path) -> None:
    """``yiwang verify`` over the dossier, and the commands of docs/security/sealing.md with the age program."""
    sequencer.sequence_all()
    dossier.build(play.number, out=folder / "dossier.zip")
    assert verify(folder / "dossier.zip").ok
    if shutil.which("age") is None or shutil.which("unzip") is None:
        pytest.skip(NO_AGE)
    subprocess.run(["sh", "-euc", commands()], cwd=folder, check=True, timeout=120)
    prices = {json.loads(path.read_bytes())["manifest"]["price"] for path in folder.glob("*.manifest.json")}
    assert {80_000_00, 77_777_77, 78_888_00} <= prices
    assert re.search(r"age", commands())
