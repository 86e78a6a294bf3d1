"""The tenderer's page in a real browser: sealing in the worker, the way to the center and back after a closed browser,
drafts, the own copy, spoil-and-check, and the rehearsal."""

from __future__ import annotations

import hashlib
import io
import re
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from yiwang.demo.play import Play
from yiwang.modules.bids import selectors as bids
from yiwang.modules.evidence import sequencer
from yiwang.modules.evidence.models import Act
from yiwang.seal.opening import open_own
from yiwang.ui import bundles

pytestmark = pytest.mark.django_db(transaction=True)

FIRM, PRICE = "滨海建工集团有限公司", "79,123.45"
PDF = b"%PDF-1.7\n" + b"x" * 50_000 + b"\n%%EOF\n"


def url_of(play: Play, act: str = "bid.submit") -> str:
    return f"/desk/tenders/{play.number}/{act}/"


def document(name: str = "技术标.pdf", content: bytes = PDF) -> dict[str, Any]:
    return {"name": name, "mimeType": "application/pdf", "buffer": content}


def fill(page: Any, play: Play, *files: dict[str, Any]) -> None:
    """A bound key, a price, documents."""
    page.goto(url_of(play))
    page.click("[data-part=checks] button")
    page.wait_for_selector("[data-part=checks] li:first-child.check-good")
    page.fill("#seal-price", PRICE)
    page.set_input_files("#seal-files", list(files) or [document()])


def as_somebody_else(route: Any, person: str) -> None:
    """The page as it comes for another person on the same device."""
    came = route.fetch()
    route.fulfill(response=came, body=came.text().replace(person, "0" * len(person)))


def test_rehearsal_seals_and_opens_and_keeps_nothing(
    cast: Any, visitor: Callable[..., Any], faults: Callable[[Any], list[str]], shot: Callable[..., None]
) -> None:
    before = Act.objects.count()
    page = visitor(lang="en", width=390)
    page.goto("/rehearsal/")
    page.set_input_files("#try-files", [document(), document("letter.pdf")])
    page.click("form[data-rehearsal] button[type=submit]")
    page.wait_for_selector("[data-part=opened] dl")
    said = page.inner_text("[data-part=result]")
    assert "the signature is valid" in said and "the manifest inside is the one of before sealing" in said and "1,234,567.89" in said
    assert "sha256:" in said
    assert faults(page) == []
    shot(page, "rehearsal-en-390")
    page.context.set_offline(True)
    page.fill("#try-price", "5")
    page.click("form[data-rehearsal] button[type=submit]")
    page.wait_for_function("() => document.querySelector('[data-part=opened]').innerText.includes('5.00 yuan')")
    assert "opened in the browser instead" in page.inner_text("[data-part=result]")
    assert Act.objects.count() == before


def test_upload_goes_on_after_a_lost_network_and_a_closed_browser(
    city: Callable[..., Any], visitor: Callable[..., Any], cast: Any, shot: Callable[..., None]
) -> None:
    play = city(bids=[])
    play.until("tendering")
    firm = cast.tenderer(FIRM)
    page = visitor(firm)
    fill(page, play, document(), {"name": "图纸.bin", "mimeType": "application/octet-stream", "buffer": bytes(range(256)) * 20_000})
    slow = page.context.new_cdp_session(page)
    slow.send("Network.enable")
    slow.send("Network.emulateNetworkConditions", {"offline": False, "latency": 5, "downloadThroughput": -1, "uploadThroughput": 1_500_000})
    page.click(".seal-form button[type=submit]")
    page.wait_for_function("() => document.querySelector('.kept-bid progress')?.value > 0.1")
    page.context.set_offline(True)
    page.wait_for_function("() => document.querySelector('.kept-line').textContent.includes('网络断开')")
    said = page.inner_text(".kept-line")
    assert "日志" in said and "已传" in said and "前传完" in said
    shot(page, "bid-offline-zh-1440")
    [bid] = bids.own(firm.actor, play.tender)
    assert bid.standing == "committed"
    page.close()

    again = page.context.new_page()
    again.context.set_offline(False)
    again.goto(f"/desk/tenders/{play.number}/")
    again.wait_for_selector(".bids-here:not([hidden])")
    assert "有一份上传没有完成" in again.inner_text(".bids-here")
    shot(again, "bid-waiting-zh-1440")
    again.click(".bids-here [data-do=send]")
    again.wait_for_url(re.compile(r"/desk/receipts/\d+/$"))
    sequencer.sequence_all()
    again.goto(again.url)
    assert f"yiwang-web/0.1.0 sha256:{bundles.sha256_of('seal-worker.js')}" in again.inner_text("main")
    [bid] = bids.own(firm.actor, play.tender)
    assert bid.standing == "submitted"

    again.goto(f"/desk/tenders/{play.number}/")
    again.click(".bids-here [data-do=open]")
    again.wait_for_selector("[data-part=opened]")
    assert "79,123.45" in again.inner_text("[data-part=opened]")
    shot(again, "bid-own-copy-zh-1440")


def test_draft_stays_readable_after_the_deadline_for_its_owner_alone(
    city: Callable[..., Any], visitor: Callable[..., Any], cast: Any, stage: Any, faults: Callable[[Any], list[str]], shot: Callable[..., None]
) -> None:
    play = city(bids=[])
    play.until("tendering")
    firm = cast.tenderer(FIRM)
    page = visitor(firm, width=390)
    page.goto(url_of(play))
    page.check("#seal-copies")
    page.fill("#seal-price", PRICE)
    page.set_input_files("#seal-files", [document()])
    page.wait_for_selector("[data-part=draft-note].notice")
    page.reload()
    page.wait_for_function("() => document.querySelector('#seal-price').value !== ''")
    assert page.input_value("#seal-price") == PRICE and "技术标.pdf" in page.inner_text("[data-part=chosen]")

    stage.to(play.tender.deadline + timedelta(minutes=1))
    page.goto(url_of(play))
    page.wait_for_selector("[data-part=draft]")
    said = page.inner_text("[data-part=draft]")
    assert "草稿，没有提交" in said and "79,123.45" in said
    with page.expect_download() as waiting:
        page.click("[data-part=draft] button:has-text('技术标.pdf')")
    assert waiting.value.path().read_bytes() == PDF
    assert faults(page) == []
    shot(page, "bid-draft-late-zh-390")

    person = page.get_attribute("[data-local-bids]", "data-person")
    other = page.context.new_page()
    other.route("**/desk/**", lambda route: as_somebody_else(route, person))
    other.goto(url_of(play))
    other.wait_for_timeout(300)
    assert other.is_hidden(".bids-here"), "another person in the same browser sees nothing"
    other.close()

    page.click("[data-do=drop-draft]")
    page.wait_for_selector(".bids-here", state="hidden")
    assert bids.own(firm.actor, play.tender) == []


def test_spoiled_envelope_opens_elsewhere_and_is_never_sent(
    city: Callable[..., Any], visitor: Callable[..., Any], cast: Any, faults: Callable[[Any], list[str]], shot: Callable[..., None]
) -> None:
    play = city(bids=[])
    play.until("tendering")
    firm = cast.tenderer(FIRM)
    page = visitor(firm, lang="en")
    fill(page, play)
    page.click("[data-part=seal-only]")
    page.wait_for_selector("[data-do=spoil]")
    saved: list[Any] = []
    page.on("download", lambda each: saved.append(each))  # noqa: PLW0108 - playwright marks the handler
    page.click("[data-do=spoil]")
    page.wait_for_selector(".spoiled")
    page.wait_for_timeout(200)
    contents = {Path(each.suggested_filename).suffix: each.path().read_bytes() for each in saved}
    identity = contents[".key"].decode().splitlines()[-1]
    with open_own(io.BytesIO(contents[".sealed"]), identity) as opened:
        assert opened.manifest.price == 79_123_45 and opened.documents["技术标.pdf"].read() == PDF
        assert opened.manifest_sha256 in page.inner_text(".spoiled")
    assert page.locator("[data-do=send]").count() == 0
    assert faults(page) == []
    shot(page, "bid-spoiled-en-1440")

    page.click(".seal-form button[type=submit]")
    page.wait_for_url(re.compile(r"/desk/receipts/\d+/$"))
    [bid] = bids.own(firm.actor, play.tender)
    assert bid.envelope_sha256 != hashlib.sha256(contents[".sealed"]).hexdigest()


def test_late_bid_gets_a_signed_refusal_and_stays_on_the_device(
    city: Callable[..., Any], visitor: Callable[..., Any], cast: Any, stage: Any, shot: Callable[..., None]
) -> None:
    play = city(bids=[])
    play.until("tendering")
    page = visitor(cast.tenderer(FIRM))
    fill(page, play)
    stage.to(play.tender.deadline + timedelta(seconds=1))
    page.click(".seal-form button[type=submit]")
    page.wait_for_selector("[data-do=refusal]")
    assert "投标截止时间已过" in page.inner_text(".kept-bid")
    with page.expect_download() as waiting:
        page.click("[data-do=refusal]")
    assert play.number in waiting.value.path().read_text()
    shot(page, "bid-late-zh-1440")
    assert bids.own(cast.tenderer(FIRM).actor, play.tender) == []
