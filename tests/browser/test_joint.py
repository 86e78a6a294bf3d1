"""Two firms agree on a joint bid in two browsers; the page sends nothing; the lead seals and submits it in hers."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.browser.settled import until
from tests.journeys import joint
from yiwang.modules.bids import selectors as bids
from yiwang.modules.evidence import sequencer
from yiwang.seal.joint import read_consent, read_proposal

pytestmark = pytest.mark.django_db(transaction=True)
LEAD, MEMBER = "滨海甲建设有限公司", "滨海乙机电有限公司"
OTHERS = [("滨海丙建设有限公司", 80_000_00), ("滨海丁建设有限公司", 85_000_00)]


def saved(page: Any, press: str, path: Path) -> Path:
    """Press a button that saves a file."""
    with page.expect_download() as waiting:
        page.click(press)
    waiting.value.save_as(path)
    return path


def bound(page: Any) -> None:
    """A signing key, made and bound on this device."""
    page.goto("/keys/")
    page.click("#bind-key button[type=submit]")
    page.wait_for_selector("li.key-here")


def compose(page: Any, rows: list[tuple[str, str, str, str]]) -> None:
    """Fill in the members: code, name, work, percentage."""
    for at, row in enumerate(rows):
        member = page.locator(".joint-member").nth(at)
        for name, value in zip(("tenderer", "name", "work", "percent"), row, strict=True):
            member.locator(f"[data-member={name}]").fill(value)


@pytest.mark.promise("S045")
def test_two_firms_agree_and_bid_jointly(city: Callable[..., Any], visitor: Callable[..., Any], cast: Any, faults: Any, tmp_path: Path) -> None:
    play = city(bids=OTHERS, joint_bids=True)
    play.until("draft")
    play.prepare()
    play.publish()
    sequencer.sequence_all()
    lead, member = cast.tenderer(LEAD), cast.tenderer(MEMBER)
    first, second = visitor(lead), visitor(member, lang="en")
    bound(first)
    bound(second)

    asked: list[str] = []
    for page in (first, second):
        page.goto(f"/tenders/{play.number}/joint/")
        page.wait_for_selector(".joint-member >> nth=1")
        page.on("request", lambda request: asked.append(f"{request.method} {request.url}"))
    assert faults(first) == []
    codes = joint.code(lead), joint.code(member)
    compose(first, [(codes[0], LEAD, "土建", "60"), (codes[1], MEMBER, "机电", "30")])
    first.click("[data-part=compose] button[type=submit]")
    until(first, "() => document.querySelector('[data-part=compose-message]').innerText.includes('合计 100')")
    compose(first, [(codes[0], LEAD, "土建", "60"), (codes[1], MEMBER, "机电", "40")])
    proposal = saved(first, "[data-part=compose] button[type=submit]", tmp_path / "proposal.json")
    assert read_proposal(json.loads(proposal.read_text()))[0].json()["members"][1] == {"tenderer": codes[1], "work": "机电，40%"}
    own = saved(first, "[data-part=sign]", tmp_path / "lead.json")

    second.set_input_files("[data-part=proposal]", proposal)
    second.wait_for_selector("[data-part=read] li")
    assert f"{codes[1]} {MEMBER} (your organisation): 机电，40%" in second.inner_text("[data-part=read]")
    other = saved(second, "[data-part=sign]", tmp_path / "member.json")
    assert read_consent(json.loads(other.read_text()))[1].tenderer == codes[1]

    first.set_input_files("[data-part=consents]", own)
    first.wait_for_selector("[data-part=have] .check-bad")
    first.set_input_files("[data-part=consents]", [other, own])
    first.wait_for_selector("[data-part=join-message].notice-success")
    # Every page looks now and then whether the log still agrees with what this browser remembers of it.
    others = [each for each in asked if not re.match(r"GET (blob:|https?://[^/]+/(static|log)/[\w./-]*$)", each)]
    assert others == [], "composing, signing and collecting send nothing"

    (tmp_path / "投标函.txt").write_text("联合体投标函")
    first.goto(f"/desk/tenders/{play.number}/bid.submit/")
    first.fill("#seal-price", "62000")
    first.set_input_files("#seal-files", tmp_path / "投标函.txt")
    first.set_input_files("#seal-consents", [own, other])
    first.click("form.seal-form button[type=submit]")
    first.wait_for_url("**/desk/receipts/**")
    sequencer.sequence_all()
    assert bids.own(member.actor, play.tender) == []

    play.submit_bids()
    play.close()
    play.open_bids()
    row = next(row for row in play.tender.opening.record["bids"] if row["tenderer_name"] == LEAD)
    assert (row["fault"], row["price"]) == (None, 62_000_00)
    assert [(each["name"], each["work"]) for each in row["joint"]] == [(LEAD, "土建，60%"), (MEMBER, "机电，40%")]
