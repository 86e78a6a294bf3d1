"""Sealing, and what the server refuses without any key."""

from __future__ import annotations

import dataclasses
import hashlib
import io
import json
import os
import secrets
import time
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any

import pytest

from yiwang.kernel.canonical import canonical
from yiwang.kernel.errors import BadInput
from yiwang.seal import age
from yiwang.seal.causes import Cause, SealError, Whose
from yiwang.seal.envelope import MAGIC, Bid, check, file_sha256, read_header, seal, seal_to
from yiwang.seal.keys import new_custodian_key
from yiwang.seal.manifest import MOST_CUSTODIANS, Context, Custodians
from yiwang.seal.padme import LEAST, padded_size
from yiwang.seal.payload import SealFile

if TYPE_CHECKING:
    from conftest import Lot


def refused(envelope: bytes) -> SealError:
    with pytest.raises(SealError) as caught:
        read_header(io.BytesIO(envelope))
    assert caught.value.whose is Whose.TENDERER
    return caught.value


def with_header(envelope: bytes, **changes: Any) -> bytes:
    _, line, rest = envelope.split(b"\n", 2)
    header = {**json.loads(line), **changes}
    return MAGIC + canonical({key: value for key, value in header.items() if value is not ...}) + b"\n" + rest


def test_sealed_file_is_what_is_reported(lot: Lot) -> None:
    envelope, sealed = lot.seal()
    assert (sealed.size, sealed.sha256) == (len(envelope), hashlib.sha256(envelope).hexdigest())
    assert file_sha256(io.BytesIO(envelope)) == sealed.sha256
    header = check(io.BytesIO(envelope), lot.context, lot.custodians)
    content = sum(len(file.source) for file in lot.files if isinstance(file.source, bytes))
    assert header.payload_plain >= padded_size(content)
    assert len(header.keybox) == 10


def test_nothing_outside_the_seal_says_who_bids(lot: Lot) -> None:
    envelope, _ = lot.seal(own_recipient=lot.keys[0].recipient)
    for secret in (lot.tenderer, "张三", "投标函", str(lot.price)):
        assert secret.encode() not in envelope
    assert set(json.loads(envelope.split(b"\n", 2)[1])) == {"client", "context", "custodians", "k", "keybox"}


def test_small_bids_have_one_size(lot: Lot) -> None:
    plains = set()
    for price in (1, 10**15):
        out = io.BytesIO()
        seal(dataclasses.replace(lot.bid, price=price), (), lot.custodians, lot.signer, out)
        plains.add(read_header(out).payload_plain)
    assert plains == {LEAST}


def test_same_bid_never_gives_the_same_hashes(lot: Lot) -> None:
    one, other = lot.seal()[1], lot.seal()[1]
    assert one.sha256 != other.sha256
    # The salt in the manifest keeps its hash from confirming a guessed price.
    assert one.manifest_sha256 != other.manifest_sha256


@pytest.mark.parametrize("start", [b"", b"PK\x03\x04 a zip file", b"%PDF-1.7", b"age-encryption.org/v1\n-> X25519"])
def test_unsealed_files_are_refused(start: bytes) -> None:
    assert refused(start + bytes(9000)).cause is Cause.NOT_SEALED


def test_versions_and_headers(envelope: bytes) -> None:
    assert refused(envelope.replace(b"/v1", b"/v2", 1)).cause is Cause.WRONG_VERSION
    assert refused(MAGIC + b"{" * 5000).cause is Cause.BAD_HEADER
    assert refused(MAGIC + b"[" * 5000 + b"\n").cause is Cause.BAD_HEADER
    assert refused(envelope.replace(b'{"client"', b'{ "client"', 1)).cause is Cause.BAD_HEADER
    unknown = refused(with_header(envelope, tenderer="91420100MA4KMXYZ1A"))
    assert unknown.cause is Cause.BAD_HEADER
    assert "tenderer" in unknown.text.zh and "tenderer" in unknown.text.en
    assert "lacks" in refused(with_header(envelope, client=...)).text.en


@pytest.mark.parametrize(
    "changes",
    [
        {"k": "3"},
        {"k": True},
        {"k": 0},
        {"k": 6},
        {"custodians": []},
        {"custodians": ["age1x"] * 5},
        {"custodians": [1, 2, 3]},
        {"context": {"tender": "T", "lot": "L"}},
        {"context": {"tender": "T", "lot": "L", "round": 0}},
        {"context": {"tender": "", "lot": "L", "round": 1}},
        {"client": "x" * 201},
    ],
)
def test_malformed_header_values(envelope: bytes, changes: dict[str, Any]) -> None:
    assert refused(with_header(envelope, **changes)).cause is Cause.BAD_HEADER


def test_keybox_must_be_complete_and_encrypted(envelope: bytes) -> None:
    keybox = json.loads(envelope.split(b"\n", 2)[1])["keybox"]
    plain = {**keybox, "0-1-2": "QUdFLVNFQ1JFVC1LRVktMQ=="}
    passphrase = {**keybox, "0-1-2": "YWdlLWVuY3J5cHRpb24ub3JnL3YxCi0+IHNjcnlwdCBhIDE4CmEKLS0tIA=="}
    missing = {name: box for name, box in keybox.items() if name != "1-2-4"}
    for boxes in (plain, passphrase, missing, {**keybox, "0-1": keybox["0-1-2"]}, {**keybox, "0-1-2": 1}, {}):
        assert refused(with_header(envelope, keybox=boxes)).cause is Cause.KEYBOX_INCOMPLETE
    assert "1-2-4" in refused(with_header(envelope, keybox=missing)).text.en


def test_payload_must_be_an_age_file_of_a_padded_size(lot: Lot, envelope: bytes) -> None:
    at = read_header(io.BytesIO(envelope)).payload_at
    assert refused(envelope[:at] + bytes(9000)).cause is Cause.DAMAGED
    assert refused(envelope[: at + 100]).cause is Cause.DAMAGED
    assert refused(envelope[:-1]).cause is Cause.BAD_SIZE
    assert refused(envelope + b"\n").cause is Cause.BAD_SIZE
    assert refused(lot.forge(bytes(LEAST - 1))).cause is Cause.BAD_SIZE


def test_payload_for_too_many_readers_is_refused(lot: Lot, envelope: bytes) -> None:
    out = io.BytesIO()
    age.encrypt_stream(io.BytesIO(bytes(LEAST)), out, [key.recipient for key in lot.keys[:3]])
    at = read_header(io.BytesIO(envelope)).payload_at
    assert refused(envelope[:at] + out.getvalue()).cause is Cause.DAMAGED


def test_envelope_of_another_tender_lot_or_round_is_refused(lot: Lot, envelope: bytes) -> None:
    for other in (
        Context("T-2", lot.context.lot),
        Context(lot.context.tender, "2"),
        dataclasses.replace(lot.context, round=2),
    ):
        with pytest.raises(SealError) as caught:
            check(io.BytesIO(envelope), other, lot.custodians)
        assert caught.value.cause is Cause.CONTEXT_DIFFERS


def test_envelope_to_other_custodians_is_refused(lot: Lot, envelope: bytes) -> None:
    swapped = (new_custodian_key().recipient, *lot.custodians.recipients[1:])
    for other in (
        Custodians(swapped, 3),
        Custodians(lot.custodians.recipients, 2),
        Custodians(lot.custodians.recipients[::-1], 3),
    ):
        with pytest.raises(SealError) as caught:
            check(io.BytesIO(envelope), lot.context, other)
        assert caught.value.cause is Cause.CUSTODIANS_DIFFER


@pytest.mark.parametrize(
    "changes",
    [
        {"price": 0},
        {"price": -1},
        {"price": 10**15 + 1},
        {"price": 1.5},
        {"currency": "USD"},
        {"tenderer": ""},
        {"answers": {"ratio": 0.5}},
        {"answers": {"工期": 1}},
        {"context": Context("T", "", 1)},
        {"context": Context("T", "L", 0)},
    ],
)
def test_a_bid_that_would_not_open_is_not_sealed(lot: Lot, changes: dict[str, Any]) -> None:
    fields = {"context": lot.context, "tenderer": lot.tenderer, "price": lot.price, **changes}
    out = io.BytesIO()
    with pytest.raises(BadInput):
        seal(Bid(**fields), (), lot.custodians, lot.signer, out)
    assert out.getvalue() == b""


@pytest.mark.parametrize("name", ["", "..", "a/b.pdf", "a\\b", "x\n.pdf", "长" * 90])
def test_unsafe_document_names_are_refused(lot: Lot, name: str) -> None:
    with pytest.raises(BadInput):
        lot.seal([SealFile(name, "text/plain", b"x")])


def test_two_documents_of_one_name_are_refused(lot: Lot) -> None:
    with pytest.raises(BadInput, match="twice"):
        lot.seal([lot.files[0], lot.files[0]])


@pytest.mark.parametrize("k", [0, 6])
def test_impossible_custodians(lot: Lot, k: int) -> None:
    with pytest.raises(BadInput):
        Custodians(lot.custodians.recipients, k)


def test_custodians_are_few_and_distinct(lot: Lot) -> None:
    with pytest.raises(BadInput):
        Custodians((lot.keys[0].recipient,) * 2, 1)
    with pytest.raises(BadInput):
        Custodians(tuple(new_custodian_key().recipient for _ in range(MOST_CUSTODIANS + 1)), 2)


def test_seal_to_leaves_nothing_half_done(lot: Lot, tmp_path: Path) -> None:
    source = tmp_path / "big.bin"
    source.write_bytes(bytes(300_000))
    target = tmp_path / "bid.seal"
    sealed = seal_to(
        target, lot.bid, [SealFile("big.bin", "application/octet-stream", source)], lot.custodians, lot.signer
    )
    assert target.stat().st_size == sealed.size

    class Changing(SealFile):
        """A file that somebody writes to before each reading."""

        def open(self) -> IO[bytes]:
            source.write_bytes(secrets.token_bytes(280_000))
            return SealFile.open(self)

    other = tmp_path / "other.seal"
    with pytest.raises(BadInput, match=r"changed|改动"):
        seal_to(other, lot.bid, [Changing("big.bin", "text/plain", source)], lot.custodians, lot.signer)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["bid.seal", "big.bin"]


@pytest.mark.parametrize("age", [0, 3600])
@pytest.mark.parametrize("how", ["appended", "cut", "rewritten"])
def test_file_that_changes_while_it_is_sealed_is_noticed(lot: Lot, tmp_path: Path, age: int, how: str) -> None:
    """By its hash when it is new, otherwise by its times."""
    path = tmp_path / "letter.pdf"
    path.write_bytes(b"%PDF-1.7" * 100_000)
    now = time.time()
    os.utime(path, (now - age, now - age))
    file = Meddled("letter.pdf", "application/pdf", path, how, [])
    if age:
        time.sleep(2.1)  # the time of a change of times cannot be set
    with pytest.raises(BadInput, match=r"changed while it was sealed|被改动"):
        lot.seal([file])
    assert len(file.readings) == 2


@dataclasses.dataclass(frozen=True, slots=True)
class Meddled(SealFile):
    """A file that somebody changes between its two readings."""

    how: str
    readings: list[int]

    def open(self) -> IO[bytes]:
        assert isinstance(self.source, Path)
        if self.readings:
            content = self.source.read_bytes()
            changed = {"appended": content + b"x", "cut": content[:-1], "rewritten": b"x" + content[1:]}
            self.source.write_bytes(changed[self.how])
        self.readings.append(1)
        return SealFile.open(self)
