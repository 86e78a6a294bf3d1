"""Joint bids and parts sealed apart: strict reading, consents, opening; Python, the browser's modules and age agree."""

from __future__ import annotations

import dataclasses
import io
import json
import os
import shutil
import subprocess
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from tests.seal import joint_vectors
from tests.seal.joint_vectors import LEAD, MEMBER, SHARES, THIRD, key
from tests.seal.test_age_program import STEPS
from tests.seal.test_opening import encode, resigned, signed_of
from yiwang.kernel.canonical import canonical
from yiwang.kernel.errors import BadInput, YiwangError
from yiwang.seal import joint
from yiwang.seal.causes import Cause, SealError, Whose
from yiwang.seal.envelope import Bid, Sealed, check, file_sha256, seal
from yiwang.seal.joint import Agreement, Member, Share
from yiwang.seal.manifest import PARTS, Context, read_context, read_manifest
from yiwang.seal.opening import Expected, open_envelope
from yiwang.seal.shapes import ShapeError
from yiwang.seal.signing import public_text, sign_statement

if TYPE_CHECKING:
    from tests.seal.conftest import Lot

HERE = Path(__file__).parent
UI = HERE.parents[1] / "src" / "yiwang" / "ui"
NODE = shutil.which("node")
PACKAGES = Path(os.environ.get("YIWANG_NODE_MODULES", UI / "node_modules"))
VECTORS: dict[str, Any] = json.loads((HERE / "vectors_joint.json").read_text())


def members(lot: Lot, shares: tuple[tuple[str, str], ...] = SHARES, *, tender: str = "", place: str = "") -> tuple[Member, ...]:
    """The members, each with its signature."""
    agreed = Agreement(tender or lot.context.tender, place or lot.context.lot, tuple(Share(*each) for each in shares))
    return tuple(
        Member(code, work, public_text(key(n)), sign_statement(key(n), joint.STATEMENT, agreed.json()))
        for n, (code, work) in enumerate(shares, start=1)
    )


def sealed(lot: Lot, bid: Bid) -> tuple[bytes, Sealed]:
    out = io.BytesIO()
    made = seal(bid, lot.files, lot.custodians, lot.signer, out)
    return out.getvalue(), made


def joint_bid(lot: Lot, **more: Any) -> Bid:
    return Bid(**{"context": lot.context, "tenderer": LEAD, "price": lot.price, "joint": members(lot), **more})


def forged_bid(lot: Lot, envelope: bytes, **changes: Any) -> bytes:
    """The envelope with another manifest inside, rightly signed: what a manipulated client could seal."""
    signed, files = signed_of(lot, envelope)
    context = read_context(changes.get("context", signed["manifest"]["context"]))
    return lot.forge(encode(resigned(lot, signed, **changes), files), context=context)


def fault(lot: Lot, envelope: bytes) -> tuple[Cause, Whose]:
    """Cause and side at fault when it is opened, the hash being that of the submission."""
    with pytest.raises(SealError) as caught:
        open_envelope(io.BytesIO(envelope), lot.identities(0, 1, 2), expected=Expected(sha256=file_sha256(io.BytesIO(envelope))))
    return caught.value.cause, caught.value.whose


def part(lot: Lot, name: str) -> Context:
    return dataclasses.replace(lot.context, part=name)


def test_the_vectors_are_what_their_program_makes() -> None:
    assert joint_vectors.vectors() == VECTORS


@pytest.mark.parametrize("name", VECTORS["good"])
def test_good_vectors_are_read_and_written_alike(name: str) -> None:
    case = VECTORS["good"][name]
    signed = read_manifest(case["canonical"].encode())
    assert signed.encode() == case["canonical"].encode() == canonical(case["payload"])
    assert (signed.signature_ok, signed.unsigned_members) == (True, ())
    assert signed.manifest.sha256 == case["manifest_sha256"]


@pytest.mark.parametrize("name", VECTORS["bad"])
def test_bad_vectors_are_refused_with_their_cause(name: str) -> None:
    case = VECTORS["bad"][name]
    if case["code"] == "bad_manifest":
        with pytest.raises(ShapeError):
            read_manifest(case["canonical"].encode())
    else:
        wrong = (MEMBER,) if name == "another's signature" else (LEAD, MEMBER)
        assert read_manifest(case["canonical"].encode()).unsigned_members == wrong


def test_shape_errors_say_what_is_wrong() -> None:
    said = {}
    for name, case in VECTORS["bad"].items():
        try:
            read_manifest(case["canonical"].encode())
        except ShapeError as error:
            said[name] = str(error)
    assert said["too many"] == "manifest.joint.members has 11 members; a joint bid has 2 to 10"
    assert said["member twice"] == f"manifest.joint.members holds {MEMBER} twice"
    assert said["price in the technical part"] == "the technical part holds the price, which belongs in the price part alone"
    assert said["no price in the price part"] == "the price part holds no price"
    assert said["unknown part"] == "context.part is 'commercial', not one of qualification, technical, price"


def test_an_ordinary_bid_has_neither_key(lot: Lot) -> None:
    with open_envelope(io.BytesIO(lot.seal()[0]), lot.identities(0, 1, 2)) as opened:
        assert "joint" not in opened.manifest.json()
        assert set(opened.manifest.json()["context"]) == {"tender", "lot", "round"}


def test_a_joint_bid_opens_with_its_members(lot: Lot) -> None:
    envelope, made = sealed(lot, joint_bid(lot))
    expected = Expected(lot.context, LEAD, made.sha256)
    with open_envelope(io.BytesIO(envelope), lot.identities(1, 2, 4), expected=expected) as opened:
        assert [(member.tenderer, member.work) for member in opened.manifest.joint] == list(SHARES)
        assert opened.manifest_sha256 == made.manifest_sha256
    assert MEMBER.encode() not in envelope


@pytest.mark.parametrize(
    "changed",
    [{"place": "another"}, {"tender": "another"}, {"shares": (SHARES[0], (MEMBER, "别的工作"))}, {"shares": (*SHARES, (THIRD, "绿化"))}],
    ids=["lot", "tender", "work", "members"],
)
def test_consent_to_something_else_is_not_sealed(lot: Lot, changed: dict[str, Any]) -> None:
    other = members(lot, **changed)
    listed = tuple(Member(code, work, one.signer, one.signature) for (code, work), one in zip(SHARES, other, strict=False))
    with pytest.raises(BadInput) as caught:
        sealed(lot, joint_bid(lot, joint=listed))
    assert caught.value.reasons[0].field == "joint"


def test_a_member_named_without_consent_is_found_at_the_opening(lot: Lot) -> None:
    """What a manipulated client could seal: the rival is listed as a member, with somebody else's signature."""
    lead, other = members(lot)
    forged = dataclasses.replace(other, signature=lead.signature)
    bid = forged_bid(lot, sealed(lot, joint_bid(lot))[0], joint={"members": [lead.json(), forged.json()]})
    assert fault(lot, bid) == (Cause.MEMBER_SIGNATURE, Whose.TENDERER)


@pytest.mark.parametrize("name", PARTS)
def test_each_part_is_sealed_and_opened_apart(lot: Lot, name: str) -> None:
    price = lot.price if name == "price" else None
    envelope, made = sealed(lot, Bid(part(lot, name), lot.tenderer, price))
    with open_envelope(io.BytesIO(envelope), lot.identities(0, 1, 2), expected=Expected(part(lot, name), lot.tenderer, made.sha256)) as opened:
        assert (opened.manifest.price, opened.manifest.context.part) == (price, name)
    with pytest.raises(SealError) as caught:
        open_envelope(io.BytesIO(envelope), lot.identities(0, 1, 2), expected=Expected(lot.context, lot.tenderer, made.sha256))
    assert (caught.value.cause, caught.value.whose) == (Cause.CONTEXT_DIFFERS, Whose.TENDERER)


@pytest.mark.parametrize(("name", "price"), [("technical", 1), ("qualification", 1), ("price", None)])
def test_the_price_is_sealed_in_the_price_part_alone(lot: Lot, name: str, price: int | None) -> None:
    with pytest.raises(BadInput) as caught:
        sealed(lot, Bid(part(lot, name), lot.tenderer, price))
    assert caught.value.reasons[0].field == "price"


@pytest.mark.parametrize(("name", "price"), [("technical", 1), ("price", None)])
def test_a_price_in_the_wrong_part_does_not_open(lot: Lot, envelope: bytes, name: str, price: int | None) -> None:
    bid = forged_bid(lot, envelope, context=part(lot, name).json(), price=price)
    assert fault(lot, bid) == (Cause.BAD_MANIFEST, Whose.TENDERER)


def test_parts_are_accepted_where_the_procedure_has_them(lot: Lot) -> None:
    technical = io.BytesIO(sealed(lot, Bid(part(lot, "technical"), lot.tenderer, None))[0])
    whole = io.BytesIO(lot.seal()[0])
    assert check(technical, lot.context, lot.custodians, parts=("technical", "price")).context.part == "technical"
    for file, parts in ((technical, ()), (technical, ("qualification", "price")), (whole, ("technical", "price"))):
        with pytest.raises(SealError) as caught:
            check(file, lot.context, lot.custodians, parts=parts)
        assert caught.value.cause is Cause.CONTEXT_DIFFERS


def test_the_files_that_members_pass_on() -> None:
    agreed, names = joint.read_proposal(VECTORS["proposal"])
    assert (agreed.lead, names[MEMBER]) == (LEAD, "宏远机电工程有限公司")
    assert [each.json() for each in joint.join(reversed(VECTORS["consents"]), tender="W2027-0001", lot="1")] == VECTORS["joint"]["members"]


@pytest.mark.parametrize(
    ("consents", "words"),
    [
        ([0], "缺少成员 91110000000000JH2C"), ([0, 0], "给了两次"), ([], "没有成员同意书"),
    ],
)  # fmt: skip
def test_consents_that_do_not_make_a_joint_bid(consents: list[int], words: str) -> None:
    with pytest.raises(BadInput, match=words):
        joint.join([VECTORS["consents"][n] for n in consents])


@pytest.mark.parametrize(
    "change",
    [{"v": 2}, {"kind": "bid"}, {"tenderer": THIRD}, {"signer": "no key"}, {"signature": ""}, {"note": ""}],
    ids=lambda change: next(iter(change)),
)
def test_unsound_consents_are_refused(change: dict[str, Any]) -> None:
    with pytest.raises(BadInput):
        joint.read_consent({**VECTORS["consents"][1], **change})


def test_consents_for_another_lot_are_refused() -> None:
    with pytest.raises(YiwangError, match="属于标段 1，不是 2"):
        joint.join(VECTORS["consents"], tender="W2027-0001", lot="2")


def test_how_a_joint_tenderer_is_written() -> None:
    assert joint.party_name("某公司", []).zh == "某公司"
    assert joint.party_name("甲公司", ["乙公司"]).zh == "甲公司（牵头）、乙公司（联合体）"


def test_the_browser_reads_and_makes_the_same(lot: Lot, tmp_path: Path) -> None:
    if NODE is None or not (PACKAGES / "age-encryption").is_dir():
        pytest.skip(f"node, or the npm package age-encryption in {PACKAGES}, is not here")
    shutil.copytree(UI / "js", tmp_path / "js")
    (tmp_path / "package.json").write_text('{"type": "module"}')
    (tmp_path / "node_modules").symlink_to(PACKAGES.resolve(), target_is_directory=True)
    (tmp_path / "case.json").write_text(json.dumps({"vectors": VECTORS, "identities": lot.identities(0, 2, 4)}))
    bids = {"joint": joint_bid(lot), "technical": Bid(part(lot, "technical"), lot.tenderer, None),
            "price": joint_bid(lot, context=part(lot, "price"))}  # fmt: skip
    hashes = {}
    for name, bid in bids.items():
        envelope, made = sealed(lot, bid)
        (tmp_path / f"{name}.seal").write_bytes(envelope)
        hashes[name] = made.manifest_sha256
    run = subprocess.run([NODE, str(HERE / "joint.test.mjs"), str(tmp_path)], capture_output=True, text=True, timeout=60, check=False)
    assert run.returncode == 0, run.stderr
    told = json.loads((tmp_path / "result.json").read_text())
    assert told["most"] == joint.most_members()
    assert {name: each["manifestSha256"] for name, each in told["opened"].items()} == hashes
    assert told["opened"]["technical"]["manifest"]["price"] is None


@pytest.mark.skipif(shutil.which("age") is None, reason="the age program is not installed (Debian package: age)")
@pytest.mark.parametrize("name", ["technical", "price"])
def test_the_age_program_opens_a_part(lot: Lot, name: str, tmp_path: Path) -> None:
    envelope, _ = sealed(lot, joint_bid(lot, context=part(lot, name), price=lot.price if name == "price" else None))
    (tmp_path / "bid.seal").write_bytes(envelope)
    for index in (1, 2, 4):
        (tmp_path / f"key{index}").write_text(lot.keys[index].identity + "\n")
    subprocess.run(["sh", "-c", STEPS], cwd=tmp_path, check=True, timeout=60)
    manifest = json.loads((tmp_path / "manifest.json").read_bytes())["manifest"]
    assert (manifest["context"]["part"], manifest["joint"]["members"][1]["tenderer"]) == (name, MEMBER)
