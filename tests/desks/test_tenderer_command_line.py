"""``yiwang seal``, ``custodian`` and ``sign``: what they write opens, what is wrong they name, keys stay private."""

from __future__ import annotations

import json
import zipfile
from pathlib import Path
from typing import Any

import pytest

from yiwang.cli import custodian, seal, sign
from yiwang.demo.cast import made_up_uscc
from yiwang.kernel.errors import BadInput
from yiwang.seal import keys
from yiwang.seal.opening import open_envelope, open_own
from yiwang.seal.signing import verify_statement

USCC = made_up_uscc("海天建设有限公司")


@pytest.fixture
def custody() -> list[keys.CustodianKey]:
    return [keys.new_custodian_key() for _ in range(3)]


@pytest.fixture
def notice(custody: list[keys.CustodianKey], tmp_path: Path) -> Path:
    path = tmp_path / "notice.json"
    recipients = [key.recipient for key in custody]
    path.write_text(json.dumps({"number": "YW2026-0007", "lots": [{"number": "1"}], "custody": {"threshold": 2, "recipients": recipients}}))
    return path


def sealed(notice: Path, tmp_path: Path, **changes: Any) -> dict[str, Any]:
    document = tmp_path / "标书.pdf"
    document.write_bytes(b"%PDF-1.7" * 5000)
    if not (tmp_path / "key.pem").exists():
        sign.new_key(tmp_path / "key.pem")
    given = {"tenderer": USCC, "price": "1,234.50", "documents": [document], "out": tmp_path / "bid.sealed", **changes}
    return seal.seal_bid(seal.read_notice(str(notice)), key=seal.read_signing_key(tmp_path / "key.pem"), quiet=True, **given)


def test_sealed_bid_opens_with_the_custodians_keys(notice: Path, custody: list[keys.CustodianKey], tmp_path: Path) -> None:
    receipt = sealed(notice, tmp_path)
    assert json.loads((tmp_path / "bid.sealed.json").read_text()) == receipt
    with (tmp_path / "bid.sealed").open("rb") as file, open_envelope(file, {0: custody[0].identity, 2: custody[2].identity}) as opened:
        assert (opened.manifest.price, opened.manifest.tenderer) == (1_234_50, USCC)
        assert opened.manifest_sha256 == receipt["manifest_sha256"]
        assert opened.documents["标书.pdf"].read() == b"%PDF-1.7" * 5000


def test_spoiled_envelope_opens_with_its_one_time_key_and_its_receipt_says_so(notice: Path, tmp_path: Path) -> None:
    from yiwang.desks.tenderer import bid_submit

    key = tmp_path / "spoil.key"
    receipt = sealed(notice, tmp_path, spoil_key=key)
    assert receipt["spoiled"] is True and key.stat().st_mode & 0o077 == 0
    with (tmp_path / "bid.sealed").open("rb") as file, open_own(file, key.read_text()) as opened:
        assert opened.manifest_sha256 == receipt["manifest_sha256"]
    said = (tmp_path / "bid.sealed.json").read_bytes()
    assert bid_submit.spoiled(said) and bid_submit.hash_in(said) == ""
    with pytest.raises(BadInput, match="已存在"):
        sealed(notice, tmp_path, spoil_key=key, out=tmp_path / "second.sealed")
    assert not (tmp_path / "second.sealed").exists()


def test_own_copy_opens_with_the_own_key(notice: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    sealed(notice, tmp_path, own_key=tmp_path / "own.key")
    seal.show_own(tmp_path / "bid.sealed", tmp_path / "own.key", tmp_path / "out", as_json=True)
    assert json.loads(capsys.readouterr().out)["manifest"]["price"] == 1_234_50
    assert (tmp_path / "out" / "标书.pdf").read_bytes() == b"%PDF-1.7" * 5000
    assert (tmp_path / "own.key").stat().st_mode & 0o077 == 0


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"price": "-1"}, "price"),
        ({"price": "1.234"}, "price"),
        ({"tenderer": USCC[:-1] + ("A" if USCC[-1] != "A" else "B")}, "tenderer"),
        ({"lot": "9"}, "lot"),
        ({"documents": [Path("absent.pdf")]}, "document"),
    ],
)
def test_bad_input_names_the_option_and_leaves_nothing(notice: Path, tmp_path: Path, changes: dict[str, Any], field: str) -> None:
    with pytest.raises(BadInput) as caught:
        sealed(notice, tmp_path, **changes)
    assert caught.value.reasons[0].field == field
    assert not list(tmp_path.glob("bid.sealed*"))


def test_notice_comes_from_a_dossier_too(notice: Path, tmp_path: Path) -> None:
    public = json.loads(notice.read_text())
    acts = [{"index": 1, "entry": "00"}, {"index": 2, "act": {"act": "tender.publish", "public": public}}]
    with zipfile.ZipFile(tmp_path / "dossier.zip", "w") as archive:
        archive.writestr("acts.json", json.dumps(acts))
    assert seal.read_notice(str(tmp_path / "dossier.zip")) == seal.read_notice(str(notice))


@pytest.mark.parametrize("text", ["[]", "{}", '{"number": "1", "lots": [], "custody": {"threshold": 1, "recipients": []}}', "no json"])
def test_what_is_no_notice_is_said_to_be_none(tmp_path: Path, text: str) -> None:
    (tmp_path / "x.json").write_text(text)
    with pytest.raises(BadInput) as caught:
        seal.read_notice(str(tmp_path / "x.json"))
    assert caught.value.reasons[0].field == "tender"


def test_key_files_are_private_and_never_overwritten(tmp_path: Path) -> None:
    bound = sign.new_key(tmp_path / "key.pem")
    assert verify_statement(bound["public"], "bind-key", {"public": bound["public"]}, bound["proof"])
    made = keys.new_custodian_key()
    custodian.write_private(tmp_path / "c.key", custodian.key_text(made, "YW2026-0007\nAGE-SECRET-KEY-1"))
    assert keys.recipient_of((tmp_path / "c.key").read_text()) == made.recipient
    for path in (tmp_path / "key.pem", tmp_path / "c.key"):
        assert path.stat().st_mode & 0o077 == 0
    with pytest.raises(BadInput):
        sign.new_key(tmp_path / "key.pem")
    with pytest.raises(BadInput):
        custodian.write_private(tmp_path / "c.key", "other")


def test_statement_is_signed_as_the_server_checks_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(seal.PASSPHRASE, "正确的口令")
    public = sign.new_key(tmp_path / "key.pem", "正确的口令")["public"]
    found = sign.signed("no-conflict", {"tender": "YW2026-0007"}, tmp_path / "key.pem")
    assert found["public"] == public
    assert verify_statement(public, "no-conflict", {"tender": "YW2026-0007"}, found["signature"])
    monkeypatch.setenv(seal.PASSPHRASE, "别的口令")
    with pytest.raises(BadInput):
        sign.signed("no-conflict", {}, tmp_path / "key.pem")


def test_only_the_tenders_own_key_is_printed_for_release(notice: Path, custody: list[keys.CustodianKey]) -> None:
    identity, recipient = custodian.checked_identity(f"# note\n{custody[1].identity}\n", "", str(notice))
    assert (identity, recipient) == (custody[1].identity, custody[1].recipient)
    with pytest.raises(BadInput):
        custodian.checked_identity(keys.new_custodian_key().identity, "", str(notice))
    with pytest.raises(BadInput):
        custodian.checked_identity(custody[1].identity, "", "")
