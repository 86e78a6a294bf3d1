"""Signing keys and shares of the draw: made in the browser, kept there, found again for the next step."""

from __future__ import annotations

import secrets
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from yiwang.modules.evidence import sequencer
from yiwang.modules.experts import acts as experts
from yiwang.modules.experts import selectors as expert_reads
from yiwang.modules.parties import selectors as parties
from yiwang.seal import draw as lottery

pytestmark = pytest.mark.django_db(transaction=True)


def test_key_is_bound_and_found_again(visitor: Callable[..., Any], cast: Any) -> None:
    page = visitor(cast.center)
    page.goto("/keys/")
    page.click("#bind-key button[type=submit]")
    page.wait_for_selector("li[data-public-key] >> nth=1")
    newest = parties.keys_of(cast.center.actor).first().public
    assert newest in page.inner_text("#bind-key [role=alert]")
    page.reload()
    page.wait_for_selector(f"li.key-here[data-public-key='{newest}']")


def test_share_is_kept_between_commitment_and_reveal(city: Callable[..., Any], visitor: Callable[..., Any], cast: Any, tmp_path: Path) -> None:
    play = city(bids=[("滨海甲建设有限公司", 80_000_00), ("滨海乙建设有限公司", 85_000_00), ("滨海丙建设有限公司", 86_000_00)])
    play.until("opened")
    play.confirm()
    experts.freeze_list(actor=cast.center.actor, tender=play.number, seats={"technical": 3, "economic": 2})
    others = [(each, secrets.token_bytes(32)) for each in (play.host, cast.supervisor)]
    for each, share in others:
        experts.commit(actor=each.actor, tender=play.number, commitment=lottery.commitment(share))

    page = visitor(cast.center)
    page.goto(f"/desk/tenders/{play.number}/draw.commit/")
    page.click("main form [role=status] button")
    page.wait_for_function("() => document.querySelector('[name=commitment]').value.length === 64")
    with page.expect_download() as waiting:
        page.click("main form [role=status] button")
    waiting.value.save_as(tmp_path / "share.txt")
    page.click("main form button[type=submit]")
    page.wait_for_url("**/desk/receipts/**")
    sequencer.sequence_all()

    stored = expert_reads.draw(play.tender).shares["center"]
    saved = (tmp_path / "share.txt").read_text().split()[-1]
    assert lottery.commitment(bytes.fromhex(saved)) == stored["commitment"] and not stored.get("share")
    page.goto(f"/desk/tenders/{play.number}/draw.reveal/")
    page.wait_for_function("() => document.querySelector('[name=share]').value.length === 64")
    page.click("main form button[type=submit]")
    page.wait_for_url("**/desk/receipts/**")
    assert expert_reads.draw(play.tender).shares["center"]["share"] == saved
    for each, share in others:
        experts.reveal(actor=each.actor, tender=play.number, share=share.hex())
    experts.seat(actor=cast.center.actor, tender=play.number)
    assert play.tender.state == "evaluating"


def test_share_is_read_from_its_file_on_another_device(city: Callable[..., Any], visitor: Callable[..., Any], cast: Any, tmp_path: Path) -> None:
    play = city(bids=[("滨海甲建设有限公司", 80_000_00), ("滨海乙建设有限公司", 85_000_00), ("滨海丙建设有限公司", 86_000_00)])
    play.until("opened")
    play.confirm()
    experts.freeze_list(actor=cast.center.actor, tender=play.number, seats={"technical": 3, "economic": 2})
    shares = [(each, secrets.token_bytes(32)) for each in (cast.center, play.host, cast.supervisor)]
    for each, share in shares:
        experts.commit(actor=each.actor, tender=play.number, commitment=lottery.commitment(share))
    sequencer.sequence_all()
    (tmp_path / "share.txt").write_text(f"# share\n{shares[0][1].hex()}\n")
    page = visitor(cast.center)
    page.goto(f"/desk/tenders/{play.number}/draw.reveal/")
    page.set_input_files("main form input[type=file]", tmp_path / "share.txt")
    page.wait_for_function("() => document.querySelector('[name=share]').value.length === 64")
    page.click("main form button[type=submit]")
    page.wait_for_url("**/desk/receipts/**")
    assert expert_reads.draw(play.tender).shares["center"]["share"] == shares[0][1].hex()
