"""Who comes after the deadline gets a signed refusal: on the page and over the API, checked offline, kept nowhere."""

from __future__ import annotations

import base64
import hashlib
import json
import re
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from tests.desks.test_tenderer import FIRM, upload, url_of
from yiwang.kernel.moment import stamp
from yiwang.modules.evidence.models import Act
from yiwang.modules.evidence.sequencer import the_log
from yiwang.seal import refusal as refusals
from yiwang.tlog import note as notes
from yiwang.verifier.command import main
from yiwang.verifier.refusal import check


def refused(page: Any) -> tuple[str, bytes]:
    """Name and bytes of the file that the page offers."""
    found = re.search(r'href="data:text/plain;charset=utf-8;base64,([^"]+)" download="([^"]+)"', page.content.decode())
    assert found, page.content.decode()[-3000:]
    return found[2], base64.b64decode(found[1])


def late(life: Any, stage: Any) -> None:
    stage.to(life.tender.deadline + timedelta(seconds=7))


def test_a_late_bid_is_refused_with_a_signed_refusal_and_nothing_is_kept(
    play: Any, desk: Any, cast: Any, stage: Any, tmp_path: Path, capsys: Any
) -> None:
    life = play("tendering", bids=[])
    firm = cast.tenderer(FIRM)
    sent = upload(life, firm)
    sha256 = hashlib.sha256(sent["file"].read()).hexdigest()
    sent["file"].seek(0)
    acts = Act.objects.count()
    late(life, stage)
    page = desk(firm).post(url_of(life, "bid.submit"), **sent)
    assert page.status_code == 409 and sent["manifest_sha256"] in page.content.decode()  # what was typed is shown again
    assert Act.objects.count() == acts

    name, note = refused(page)
    said = refusals.parse(notes.parse(note)[0])
    assert (said.act, said.tender, said.lot, said.tenderer) == ("bid.submit", life.number, "1", firm.actor.organisation.uscc)
    assert said.envelope == sha256 and said.closing is None and said.deadline == life.tender.deadline
    assert said.received - said.deadline == timedelta(seconds=7)
    assert said.seen and said.seen.size == the_log().tiles.size

    file = tmp_path / name
    file.write_bytes(note)
    assert main(["--lang", "en", "--refusal", str(file)]) == 0
    shown = capsys.readouterr().out
    assert "7 s late" in shown and firm.actor.organisation.uscc in shown and sha256 in shown
    policy = tmp_path / "policy"
    policy.write_text("".join(f"log {vkey}\n" for vkey in the_log().keys.vkeys()) + "quorum none\n")
    assert main(["--json", "--policy", str(policy), "--refusal", str(file)]) == 0
    assert json.loads(capsys.readouterr().out)["refusals"][0]["refusal"]["received"] == stamp(said.received)


def test_after_the_closing_entry_the_refusal_names_it(play: Any, desk: Any, cast: Any) -> None:
    life = play("closed")
    firm = cast.tenderer("迟到建设公司")
    sent = {"file": SimpleUploadedFile("x", b"x"), "manifest_sha256": "0" * 64, "lot": "no such lot\n"}
    said = refusals.parse(notes.parse(refused(desk(firm).post(url_of(life, "bid.submit"), **sent))[1])[0])
    closing = Act.objects.get(act="opening.close", tender=life.tender)
    assert said.closing == closing.log_entry.index and said.lot == ""


def test_looking_is_no_attempt_and_others_get_none(play: Any, desk: Any, cast: Any, stage: Any) -> None:
    life = play("tendering", bids=[])
    firm = cast.tenderer(FIRM)
    early = desk(firm).post(url_of(life, "bid.submit"), lot="1")
    assert early.status_code == 422 and b"data-late-refusal" not in early.content
    late(life, stage)
    assert b"data-late-refusal" not in desk(firm).get(url_of(life, "bid.submit")).content
    assert b"data-late-refusal" not in desk(firm).post(url_of(life, "bid.withdraw")).content
    assert desk(cast.buyer).post(url_of(life, "bid.submit")).status_code == 404


def test_over_the_api_the_problem_holds_the_refusal(play: Any, cast: Any, stage: Any, client: Any) -> None:
    life = play("tendering", bids=[])
    firm = cast.tenderer(FIRM)
    client.force_login(firm.person)
    content = upload(life, firm)["file"].read()
    token = client.post("/api/v1/files", {"file": SimpleUploadedFile("file", content)}).json()["token"]
    body = {"content": token, "manifest_sha256": "0" * 64}
    late(life, stage)
    answer = client.post(f"/api/v1/tenders/{life.number}/acts/bid.submit", body, content_type="application/json")
    problem = answer.json()
    assert answer.status_code == 409 and problem["reasons"][0]["code"] == "deadline"
    report = check(problem["refusal"].encode())
    assert report.ok and report.refusal and report.refusal.envelope == hashlib.sha256(content).hexdigest()


def test_what_is_altered_or_contradicts_itself_proves_nothing(play: Any, desk: Any, cast: Any, stage: Any) -> None:
    life = play("tendering", bids=[])
    late(life, stage)
    note = refused(desk(cast.tenderer(FIRM)).post(url_of(life, "bid.submit"), lot="1"))[1]
    earlier = stamp(life.tender.deadline - timedelta(seconds=1)).encode()
    altered = re.sub(rb"received \S+", b"received " + earlier, note)
    assert not check(altered).ok and "什么也不证明" in check(altered).proves().zh
    text, _ = notes.parse(altered)
    signed = notes.sign(text, list(the_log().keys)[:1])
    assert not check(signed).ok and "自相矛盾" in check(signed).proves().zh
    other = notes.parse_vkey("x+" + notes.VKey("x", 1, bytes(32)).key_id.hex() + "+" + "AQ" + "A" * 42)
    from yiwang.tlog import policy as policies

    assert not check(note, policies.parse(f"log {other}\nquorum none\n".encode())).ok


def test_what_is_no_refusal_is_unreadable(tmp_path: Path, capsys: Any) -> None:
    file = tmp_path / "x"
    file.write_text("hello")
    assert main(["--refusal", str(file)]) == 2
    assert main(["--refusal", str(tmp_path / "none")]) == 2
    capsys.readouterr()
    with pytest.raises(SystemExit):
        main([])


def test_an_upload_that_begins_too_late_is_refused_with_the_same_paper(play: Any, cast: Any, stage: Any, client: Any) -> None:
    life = play("tendering", bids=[])
    firm = cast.tenderer(FIRM)
    client.force_login(firm.person)
    content = upload(life, firm)["file"].read()
    sha256 = hashlib.sha256(content).hexdigest()
    headers = {"Tus-Resumable": "1.0.0", "Upload-Length": str(len(content)),
               "Upload-Metadata": f"sha256 {base64.b64encode(sha256.encode()).decode()}"}  # fmt: skip
    late(life, stage)
    answer = client.post(f"/uploads/{life.number}/", headers=headers)
    assert answer.status_code == 409, answer.content
    report = check(json.loads(answer.content)["refusal"].encode())
    assert report.ok and report.refusal and (report.refusal.act, report.refusal.envelope) == ("bid.commit", sha256)
