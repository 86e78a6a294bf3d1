"""A tender with its people in real browsers: sealed there, opened with a key made there, scored and signed there."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from yiwang.demo.play import Play, possession
from yiwang.kernel import formula_book
from yiwang.modules.bids import selectors as bids
from yiwang.modules.evaluations import acts as evaluations
from yiwang.modules.evidence import files
from yiwang.modules.openings import acts as openings
from yiwang.modules.openings import selectors as opening_reads
from yiwang.modules.parties import selectors as parties

pytestmark = pytest.mark.django_db(transaction=True)

RECEIPT = re.compile(r"/desk/receipts/\d+/$")
FIRM, PRICE = "滨海建工集团有限公司", "79,123.45"


def act_url(play: Play, act: str) -> str:
    return f"/desk/tenders/{play.number}/{act}/"


def enter_with_keys_missing(play: Play, missing: int = 1) -> None:
    """Draft with documents and custodians; the first custodians give no keys yet."""
    play.enter()
    content = files.store([b"tender document"])
    host = play.host.actor
    from yiwang.modules.tenders import acts as tenders

    tenders.attach_document(actor=host, tender=play.number, kind="tender_document", title="招标文件", filename="a.txt", content=content)
    names = [each.person.username for each in play.cast.custodians]
    openings.appoint_custodians(actor=host, tender=play.number, custodians=names)
    from yiwang.seal import keys

    for each in play.cast.custodians[missing:]:
        key = keys.new_custodian_key()
        play.custody_keys[each.person.username] = key
        openings.provide_key(actor=each.actor, tender=play.number, **possession(each.actor, play.number, key))


def give_key(page: Any, play: Play, folder: Path) -> Path:
    """A custodian makes the one-time key in the browser, saves it, checks it, gives the public half."""
    page.goto(act_url(play, "custody.provide_key"))
    with page.expect_download() as waiting:
        page.click("[data-custody-make] button")
    saved = folder / waiting.value.suggested_filename
    waiting.value.save_as(saved)
    page.set_input_files("#check-file", saved)
    page.wait_for_selector("#id_saved:checked")
    page.click("form[data-custody-form] button[type=submit]")
    page.wait_for_url(RECEIPT)
    return saved


def submit_bid(page: Any, play: Play) -> None:
    """A tenderer binds a key and seals a bid, all in the browser."""
    page.goto(act_url(play, "bid.submit"))
    page.click("[data-part=checks] button")
    page.wait_for_selector("[data-part=checks] li:first-child.check-good")
    page.fill("#seal-price", PRICE)
    page.set_input_files("#seal-files", [
        {"name": "投标函.txt", "mimeType": "text/plain", "buffer": "我方承诺……".encode()},
        {"name": "技术标.pdf", "mimeType": "application/pdf", "buffer": b"%PDF-1.7\n" + b"x" * 200_000},
    ])
    page.click(".seal-answers summary")
    page.fill("#seal-days", "180")
    page.click(".seal-form button[type=submit]")
    page.wait_for_url(RECEIPT)


def release(page: Any, play: Play, saved: Path) -> None:
    """The custodian chooses the saved file; it is checked here and released."""
    page.goto("about:blank")  # a receipt that waits for its place in the log loads itself anew
    page.goto(act_url(play, "opening.release_key"))
    page.set_input_files("#key-file", saved)
    page.wait_for_selector(".notice-success")
    page.click("form[data-custody-form] button[type=submit]")
    page.wait_for_url(RECEIPT)


def sign(page: Any) -> None:
    """Sign what the review page shows; make and bind a key when the device has none."""
    page.click("form[data-sign-kind] button[type=submit]")
    offered = page.locator(".sign-message button")
    page.wait_for_function("() => location.pathname.includes('/receipts/') || document.querySelector('.sign-message button')")
    if "/receipts/" not in page.url and offered.count():
        offered.click()
    page.wait_for_url(RECEIPT)


def test_bid_from_browser_to_report(city: Callable[..., Any], visitor: Callable[..., Any], cast: Any, tmp_path: Path) -> None:
    formula = formula_book.template("comprehensive_score").formula()
    play = city(formula=formula, bids=[("滨海甲建设有限公司", 80_000_00), ("滨海乙建设有限公司", 85_000_00)])
    custodian = visitor(cast.custodians[0])
    enter_with_keys_missing(play)
    saved = give_key(custodian, play, tmp_path)
    assert "AGE-SECRET-KEY-1" in saved.read_text()
    play.publish()
    play.submit_bids()

    tenderer = cast.tenderer(FIRM)
    submit_bid(visitor(tenderer), play)
    [own] = bids.own(tenderer.actor, play.tender)
    assert (own.standing, own.price, own.manifest) == ("submitted", None, None)

    play.close()
    for each in cast.custodians[1:3]:
        key = play.custody_keys[each.person.username]
        openings.release_key(actor=each.actor, tender=play.number, identity=key.identity)
    release(custodian, play, saved)
    openings.open_bids(actor=play.host.actor, tender=play.number)
    opened = bids.opened(play.tender).get(pk=own.pk)
    assert (opened.standing, opened.price, opened.manifest["answers"]) == ("opened", 79_123_45, {"days": "180"})

    play.confirm()
    play.draw()
    evaluate_in_the_browser(play, visitor)
    assert play.tender.state == "evaluated"
    report = evaluations.report_content(play.tender)
    assert play.tender.report.content["candidates"] == report["candidates"]


def evaluate_in_the_browser(play: Play, visitor: Callable[..., Any]) -> None:
    """One evaluator works in the browser, the others by their acts."""
    (seat, first), *others = play._committee()
    page = visitor(first)
    page.goto(act_url(play, "evaluation.declare"))
    for box in page.locator("input[type=checkbox]").all():
        box.check()
    page.click(".form button[type=submit]")
    sign(page)

    page.goto(act_url(play, "evaluation.submit_sheet"))
    with page.expect_download() as waiting:
        page.click("text=技术标.pdf")
    assert waiting.value.path().read_bytes().startswith(b"%PDF-1.7\n")
    fill_sheet(page)
    page.click(".sheet-form button[type=submit]")
    sign(page)

    opened = [bid for bid in bids.opened(play.tender) if bid.standing == "opened"]
    for each_seat, each in others:
        evaluations.declare(actor=each.actor, tender=play.number, **each.sign("no-conflict", {"tender": play.number}))
        sheet = play.sheet_of(each_seat, opened)
        signed = each.sign("score-sheet", evaluations.sheet_statement(play.number, sheet))
        evaluations.submit_sheet(actor=each.actor, tender=play.number, sheet=sheet, **signed)

    page.goto(act_url(play, "evaluation.conclude"))
    assert page.locator(".ranking tbody tr").count() == 3
    page.click(".form button[type=submit]")
    page.wait_for_url(RECEIPT)
    report = play.tender.report
    for _, each in others:
        signed = each.sign("evaluation-report", evaluations.report_statement(play.number, report.sha256, ""))
        evaluations.sign_report(actor=each.actor, tender=play.number, **signed)
    page.goto(act_url(play, "evaluation.sign_report"))
    page.fill("#id_dissent", "对技术标三的工期有不同意见：偏紧。")
    page.click(".form button[type=submit]")
    sign(page)
    assert play.tender.report.signatures.get(seat=seat).dissent == "对技术标三的工期有不同意见：偏紧。"


def fill_sheet(page: Any) -> None:
    """Reject the last bid, pass the others, score all."""
    rows = page.locator("tr[data-bid]").all()
    for number, row in enumerate(rows):
        row.locator("input[type=radio]").nth(1 if number == len(rows) - 1 else 0).check()
        for field in row.locator("input[data-most]").all():
            field.fill(str(30 + number))
        assert row.locator("[data-total]").inner_text() == str(30 + number)
    rows[-1].locator("textarea").fill("未按要求提供项目负责人证书")


def test_custodians_only_page_lists_what_waits(city: Callable[..., Any], visitor: Callable[..., Any], cast: Any) -> None:
    play = city()
    enter_with_keys_missing(play)
    page = visitor(cast.custodians[0])
    page.goto("/desk/custody/")
    assert "待提供公钥" in page.inner_text("main")
    page.goto(act_url(play, "custody.provide_key"))
    page.fill("#id_recipient", "age1nonsense")
    page.check("#id_saved")
    page.click("form[data-custody-form] button[type=submit]")
    page.wait_for_selector(".error-summary")
    assert opening_reads.custodians(play.tender).first().recipient == ""


def test_wrong_key_file_never_leaves_the_browser(city: Callable[..., Any], visitor: Callable[..., Any], cast: Any, tmp_path: Path) -> None:
    from yiwang.seal import keys

    play = city(bids=[("滨海甲建设有限公司", 80_000_00), ("滨海乙建设有限公司", 85_000_00), ("滨海丙建设有限公司", 86_000_00)])
    play.until("closed")
    other = keys.new_custodian_key()
    (tmp_path / "other.key").write_text(f"# another tender\n{other.identity}\n")
    page = visitor(cast.custodians[0])
    sent: list[str] = []
    page.on("request", lambda request: sent.append(request.post_data or "") if request.method == "POST" else None)
    page.goto(act_url(play, "opening.release_key"))
    page.set_input_files("#key-file", tmp_path / "other.key")
    page.wait_for_selector(".notice-error")
    page.fill("#id_identity", other.identity)
    page.click("form[data-custody-form] button[type=submit]")
    page.wait_for_timeout(300)
    assert sent == [] and "/receipts/" not in page.url


def test_sealed_file_is_handed_in_without_javascript(city: Callable[..., Any], visitor: Callable[..., Any], cast: Any, tmp_path: Path) -> None:
    from yiwang.cli import seal, sign
    from yiwang.modules.parties import acts as parties_acts

    play = city()
    play.until("tendering")
    tenderer = cast.tenderer(FIRM)
    made = sign.new_key(tmp_path / "key.pem")
    parties_acts.bind_key(actor=tenderer.actor, **made)
    tender = play.tender
    notice = seal.notice_in({"number": tender.number, "lots": [{"number": "1"}],
                             "custody": {"threshold": tender.custody_threshold, "recipients": tender.custody}})
    (tmp_path / "标书.txt").write_text("投标函")
    out = tmp_path / "bid.sealed"
    seal.seal_bid(notice, tenderer=tenderer.actor.organisation.uscc, price="78000", documents=[tmp_path / "标书.txt"],
                  key=seal.read_signing_key(tmp_path / "key.pem"), out=out, quiet=True)
    page = visitor(tenderer, script=False)
    page.goto(act_url(play, "bid.submit"))
    page.set_input_files("#id_file", out)
    page.set_input_files("#id_receipt", tmp_path / "bid.sealed.json")
    page.click(".by-file button[type=submit]")
    page.wait_for_url(RECEIPT)
    assert [bid.standing for bid in bids.own(tenderer.actor, tender)] == ["submitted"]
    assert parties.keys_of(tenderer.actor).count() == 2
