"""Opening: any three of five open, two never do, and each failure names its cause and the side at fault."""

from __future__ import annotations

import dataclasses
import io
import itertools
import json
import random
from typing import TYPE_CHECKING, Any

import pytest

from yiwang.kernel.canonical import canonical
from yiwang.seal import payload
from yiwang.seal.causes import Cause, SealError, Whose
from yiwang.seal.envelope import MAGIC, file_sha256, read_header
from yiwang.seal.keys import new_custodian_key
from yiwang.seal.manifest import STATEMENT, Context
from yiwang.seal.opening import Expected, Opened, open_envelope, open_own
from yiwang.seal.padme import padded_size
from yiwang.seal.signing import new_signing_key, sign_statement

if TYPE_CHECKING:
    from conftest import Lot


def opened(envelope: bytes, keys: dict[int, str], **more: Any) -> Opened:
    return open_envelope(io.BytesIO(envelope), keys, **more)


def fails(envelope: bytes, keys: dict[int, str], **more: Any) -> SealError:
    with pytest.raises(SealError) as caught:
        opened(envelope, keys, **more)
    return caught.value


@pytest.mark.parametrize("subset", [*itertools.combinations(range(5), 3)])
def test_any_three_custodians_open(lot: Lot, envelope: bytes, subset: tuple[int, ...]) -> None:
    bid = opened(envelope, lot.identities(*subset), expected=Expected(lot.context, lot.tenderer))
    assert {name: document.read() for name, document in bid.documents.items()} == {
        file.name: file.source for file in lot.files
    }
    assert (bid.manifest.price, bid.manifest.tenderer, bid.signature_ok) == (lot.price, lot.tenderer, True)
    assert (bid.wrong_keys, bid.faulty_boxes) == ((), ())


@pytest.mark.parametrize("subset", [(), *itertools.combinations(range(5), 1), *itertools.combinations(range(5), 2)])
def test_two_custodians_never_open(lot: Lot, envelope: bytes, subset: tuple[int, ...]) -> None:
    error = fails(envelope, lot.identities(*subset))
    assert (error.cause, error.whose) == (Cause.NOT_ENOUGH_KEYS, Whose.CUSTODIAN)
    assert error.custodians == tuple(index for index in range(5) if index not in subset)


def test_two_keys_unwrap_no_entry_in_any_order(lot: Lot, envelope: bytes) -> None:
    from yiwang.seal import age

    for box in read_header(io.BytesIO(envelope)).keybox.values():
        for pair in itertools.permutations(range(5), 2):
            layer = box
            for index in pair:
                try:
                    layer = age.decrypt(layer, lot.keys[index].identity)
                except age.AgeError:
                    continue
            assert b"AGE-SECRET-KEY" not in layer


def test_all_five_keys_open_as_well(lot: Lot, envelope: bytes) -> None:
    assert opened(envelope, lot.identities(0, 1, 2, 3, 4)).faulty_boxes == ()


def test_large_documents_go_to_temporary_files(lot: Lot, envelope: bytes, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(payload, "MEMORY", 20_000)
    with opened(envelope, lot.identities(0, 1, 2)) as bid:
        in_memory = {name: isinstance(document.file, io.BytesIO) for name, document in bid.documents.items()}
        assert in_memory == {"投标函.pdf": True, "empty.txt": True, "报价表.csv": False}
        assert bid.documents["报价表.csv"].read() == lot.files[2].source
    assert all(document.file.closed for document in bid.documents.values())


def test_reported_manifest_hash_is_the_opened_one(lot: Lot) -> None:
    envelope, sealed = lot.seal()
    assert opened(envelope, lot.identities(1, 2, 3)).manifest_sha256 == sealed.manifest_sha256


def test_tenderer_reads_her_own_copy(lot: Lot) -> None:
    mine = new_custodian_key()
    envelope, _ = lot.seal(own_recipient=mine.recipient)
    assert open_own(io.BytesIO(envelope), mine.identity).manifest.price == lot.price
    with pytest.raises(SealError) as caught:
        open_own(io.BytesIO(envelope), new_custodian_key().identity)
    assert caught.value.cause is Cause.DAMAGED


def test_wrong_key_names_the_custodian(lot: Lot, envelope: bytes) -> None:
    for wrong in (new_custodian_key().identity, lot.keys[3].identity, "no key at all"):
        error = fails(envelope, {**lot.identities(0, 1), 2: wrong})
        assert (error.cause, error.whose, error.custodians) == (Cause.WRONG_KEY, Whose.CUSTODIAN, (2,))
    assert fails(envelope, {**lot.identities(0, 1), 9: lot.keys[2].identity}).custodians == (9,)


def test_wrong_key_does_not_stop_an_opening_that_has_enough(lot: Lot, envelope: bytes) -> None:
    bid = opened(envelope, {**lot.identities(0, 1, 4), 2: new_custodian_key().identity})
    assert bid.wrong_keys == (2,)


def header_of(envelope: bytes) -> dict[str, Any]:
    value: dict[str, Any] = json.loads(envelope.split(b"\n", 2)[1])
    return value


def with_header(envelope: bytes, **changes: Any) -> bytes:
    rest = envelope.split(b"\n", 2)[2]
    return MAGIC + canonical({**header_of(envelope), **changes}) + b"\n" + rest


def flip(data: bytes, at: int) -> bytes:
    return data[:at] + bytes([data[at] ^ 1]) + data[at + 1 :]


def spoiled_box(envelope: bytes, *names: str) -> bytes:
    keybox = header_of(envelope)["keybox"]
    for name in names:
        digit = keybox[name][-20]
        keybox[name] = keybox[name][:-20] + ("A" if digit != "A" else "B") + keybox[name][-19:]
    return with_header(envelope, keybox=keybox)


def tampered(lot: Lot, envelope: bytes) -> dict[str, tuple[bytes, Cause]]:
    """One change in each class of bytes, and the cause that it must have."""
    at = read_header(io.BytesIO(envelope)).payload_at
    mac = envelope.index(b"\n--- ", at) + 5
    nonce = envelope.index(b"\n", mac) + 1
    other = dataclasses.replace(lot.context, lot="T-2027-001/2")
    keys = list(lot.custodians.recipients)
    return {
        "magic": (flip(envelope, 3), Cause.NOT_SEALED),
        "version": (flip(envelope, len(MAGIC) - 2), Cause.WRONG_VERSION),
        "header syntax": (flip(envelope, len(MAGIC)), Cause.BAD_HEADER),
        "client": (with_header(envelope, client="yiwang/9"), Cause.CONTEXT_DIFFERS),
        "context": (with_header(envelope, context=other.json()), Cause.CONTEXT_DIFFERS),
        "custodian": (
            with_header(envelope, custodians=[*keys[:4], new_custodian_key().recipient]),
            Cause.CUSTODIANS_DIFFER,
        ),
        "custodian's check digit": (
            with_header(envelope, custodians=[*keys[:4], keys[4][:-1] + "b"]),
            Cause.BAD_HEADER,
        ),
        "keybox entry": (spoiled_box(envelope, "0-1-2"), Cause.DAMAGED),
        "age version": (flip(envelope, at + 3), Cause.DAMAGED),
        "age stanza": (flip(envelope, envelope.index(b"X25519 ", at) + 9), Cause.DAMAGED),
        "age mac": (flip(envelope, mac), Cause.DAMAGED),
        "nonce": (flip(envelope, nonce), Cause.DAMAGED),
        "first chunk": (flip(envelope, nonce + 40), Cause.DAMAGED),
        "last chunk's tag": (flip(envelope, len(envelope) - 1), Cause.DAMAGED),
        "cut by one": (envelope[:-1], Cause.BAD_SIZE),
        "one more": (envelope + b"x", Cause.BAD_SIZE),
        "a chunk cut off": (envelope[: nonce + 16 + 65552], Cause.DAMAGED),
    }


def test_each_class_of_tampering_has_its_cause(lot: Lot, envelope: bytes) -> None:
    committed = Expected(sha256=file_sha256(io.BytesIO(envelope)))
    for name, (changed, cause) in tampered(lot, envelope).items():
        error = fails(changed, lot.identities(0, 1, 2))
        assert (name, error.cause, error.whose) == (name, cause, Whose.UNDECIDED)
        # With the hash committed at submission it is clear who changed the file since.
        error = fails(changed, lot.identities(0, 1, 2), expected=committed)
        assert (name, error.cause, error.whose) == (name, Cause.DAMAGED, Whose.CENTER)
        # If the tenderer had submitted it so, it is the tenderer's.
        submitted = Expected(sha256=file_sha256(io.BytesIO(changed)))
        error = fails(changed, lot.identities(0, 1, 2), expected=submitted)
        assert (name, error.cause, error.whose) == (name, cause, Whose.TENDERER)
        assert error.text.zh and error.text.en


def test_no_flipped_byte_changes_what_is_opened(lot: Lot) -> None:
    envelope, sealed = lot.seal(lot.files[1:2])
    numbers = random.Random(4)
    for _ in range(300):
        changed = flip(envelope, numbers.randrange(len(envelope)))
        try:
            bid = opened(changed, lot.identities(0, 1, 2))
        except SealError:
            continue
        # It hit a keybox entry of other custodians: the bid is the same.
        assert bid.manifest_sha256 == sealed.manifest_sha256


def test_another_subset_opens_when_one_entry_is_spoiled(lot: Lot, envelope: bytes) -> None:
    changed = spoiled_box(envelope, "0-1-2", "0-1-3")
    bid = opened(changed, lot.identities(0, 1, 2, 3))
    assert bid.faulty_boxes == ("0-1-2", "0-1-3")


def test_keybox_with_a_key_that_opens_nothing(lot: Lot, envelope: bytes) -> None:
    stranger = header_of(lot.forge(bytes(8192)))["keybox"]
    own = header_of(envelope)["keybox"]
    mixed = with_header(envelope, keybox={**own, "0-1-2": stranger["0-1-2"]})
    assert fails(mixed, lot.identities(0, 1, 2)).cause is Cause.DAMAGED
    assert opened(mixed, lot.identities(0, 1, 2, 3)).faulty_boxes == ("0-1-2",)


def encode(signed: dict[str, Any], files: bytes = b"", padding: bytes | None = None) -> bytes:
    head = canonical(signed)
    body = len(head).to_bytes(8, "big") + head + files
    return body + (bytes(padded_size(len(body)) - len(body)) if padding is None else padding)


def signed_of(lot: Lot, envelope: bytes) -> tuple[dict[str, Any], bytes]:
    payload = lot.payload_of(envelope)
    length = int.from_bytes(payload[:8], "big")
    value: dict[str, Any] = json.loads(payload[8 : 8 + length])
    size = sum(document["size"] for document in value["manifest"]["documents"])
    return value, payload[8 + length : 8 + length + size]


def resigned(lot: Lot, signed: dict[str, Any], **changes: Any) -> dict[str, Any]:
    manifest = {**signed["manifest"], **changes}
    return {"manifest": manifest, "signature": sign_statement(lot.signer, STATEMENT, manifest)}


def test_what_is_inside_the_seal_is_judged(lot: Lot, envelope: bytes) -> None:
    keys = lot.identities(0, 2, 4)
    signed, files = signed_of(lot, envelope)
    assert opened(lot.forge(encode(signed, files)), keys).signature_ok

    def cause(changed: dict[str, Any], content: bytes = files, **more: Any) -> Cause:
        return fails(lot.forge(encode(changed, content), **more), keys).cause

    first = signed["manifest"]["documents"][0]
    others = signed["manifest"]["documents"][1:]
    assert cause({**signed, "manifest": {**signed["manifest"], "price": 1}}) is Cause.SIGNATURE_INVALID
    assert cause(resigned(lot, signed, context=Context("T-9", "1").json())) is Cause.CONTEXT_DIFFERS
    assert cause(signed, context=Context("T-9", "1")) is Cause.CONTEXT_DIFFERS
    assert cause(resigned(lot, signed, k=2)) is Cause.CUSTODIANS_DIFFER
    assert cause(signed, b"?" + files[1:]) is Cause.DOCUMENT_DIFFERS
    assert cause(resigned(lot, signed, documents=[{**first, "sha256": "00" * 32}, *others])) is Cause.DOCUMENT_DIFFERS
    for wrong in (
        {"v": 2},
        {"price": "12"},
        {"price": True},
        {"extra": 1},
        {"at": "yesterday"},
        {"salt": "AAAA"},
        {"documents": [{**first, "name": "../x"}, *others]},
        {"documents": [{**first, "size": -1}, *others]},
        {"documents": [{**first, "size": 10**12}, *others]},
        {"documents": [first, first]},
        {"documents": [1]},
    ):
        assert (wrong, cause(resigned(lot, signed, **wrong))) == (wrong, Cause.BAD_MANIFEST)


def test_frame_of_the_payload_is_judged(lot: Lot, envelope: bytes) -> None:
    keys = lot.identities(0, 2, 4)
    signed, files = signed_of(lot, envelope)
    good = encode(signed, files)
    for wrong in (
        flip(good, len(good) - 1),
        good + bytes(padded_size(len(good) + 1) - len(good)),
        bytes(8192),
        b"\xff" * 8192,
        encode(signed),
        (9000).to_bytes(8, "big") + bytes(8184),
        good[:8] + good[8:].replace(b'{"manifest":', b'{"Manifest":', 1),
    ):
        assert fails(lot.forge(wrong), keys).cause is Cause.BAD_MANIFEST


def test_signature_by_another_key_is_shown_when_not_demanded(lot: Lot, envelope: bytes) -> None:
    keys = lot.identities(0, 1, 2)
    signed, files = signed_of(lot, envelope)
    stranger = {**signed, "signature": sign_statement(new_signing_key(), STATEMENT, signed["manifest"])}
    forged = lot.forge(encode(stranger, files))
    assert fails(forged, keys).cause is Cause.SIGNATURE_INVALID
    bid = opened(forged, keys, demand_signature=False)
    assert (bid.signature_ok, bid.manifest.price) == (False, lot.price)


def test_a_copied_envelope_does_not_count_for_the_copier(lot: Lot, envelope: bytes) -> None:
    copier = Expected(lot.context, "91420100MA4KCOPY99", file_sha256(io.BytesIO(envelope)))
    error = fails(envelope, lot.identities(0, 1, 2), expected=copier)
    assert (error.cause, error.whose) == (Cause.CONTEXT_DIFFERS, Whose.TENDERER)


def test_an_envelope_of_another_tender_is_refused(lot: Lot, envelope: bytes) -> None:
    error = fails(envelope, lot.identities(0, 1, 2), expected=Expected(context=Context("T-2", "T-2/1")))
    assert error.cause is Cause.CONTEXT_DIFFERS


def test_messages_exist_for_all_causes() -> None:
    from yiwang.seal.causes import CAUSE_TEXT, WHOSE_TEXT

    assert set(CAUSE_TEXT) == set(Cause)
    assert set(WHOSE_TEXT) == set(Whose)
