"""The sealed bid as a file: sealing it, reading its header, and the server's check at submission.

::

    yiwang-seal/v1
    {"client":"yiwang/0.1.0","context":{...},"custodians":[...],"k":3,"keybox":{"0-1-2":"<base64>",...}}
    <binary age file to a one-time identity E, and to the tenderer's own key if she wants>

Each keybox entry is the text of E in nested age files, one layer per custodian of the subset, the first one outermost::

    age -d -i key0 box | age -d -i key1 | age -d -i key2 > E;  age -d -i E payload.age > payload

Nothing outside the seal says who bids; the manifest inside it does, under a signature.
"""

from __future__ import annotations

import os
import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from io import BytesIO
from pathlib import Path
from typing import Any, BinaryIO

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from yiwang.kernel.canonical import canonical
from yiwang.kernel.errors import bad
from yiwang.kernel.moment import now, stamp
from yiwang.kernel.text import Text
from yiwang.seal import age
from yiwang.seal.agefile import AgeFile, NotAge, inspect
from yiwang.seal.agestream import Writer
from yiwang.seal.causes import Cause, tenderers
from yiwang.seal.hashing import DurableWriter, HashingWriter, StreamHash
from yiwang.seal.joint import ARTICLE, Member
from yiwang.seal.keys import check_recipient
from yiwang.seal.manifest import (
    CLIENT,
    MOST_MANIFEST,
    PRICE_PART,
    STATEMENT,
    Context,
    Custodians,
    Manifest,
    SignedManifest,
    box_name,
    read_context,
    read_custodians,
    read_manifest,
    short,
)
from yiwang.seal.padme import is_padded
from yiwang.seal.payload import BLOCK, PayloadSource, SealFile
from yiwang.seal.shapes import ShapeError, fields, from_base64, read_canonical, to_base64
from yiwang.seal.signing import public_text, sign_statement

MAGIC = b"yiwang-seal/v1\n"
_FAMILY = b"yiwang-seal/"
MOST_HEADER = 1024 * 1024
_HEADER = {"context": dict, "custodians": list, "k": int, "keybox": dict, "client": str}


@dataclass(frozen=True, slots=True)
class Bid:
    """What a tenderer seals: see :class:`yiwang.seal.manifest.Manifest` for the fields; ``at`` is now when None."""

    context: Context
    tenderer: str
    price: int | None
    answers: Mapping[str, Any] = field(default_factory=dict)
    currency: str = "CNY"
    at: datetime | None = None
    joint: tuple[Member, ...] = ()


@dataclass(frozen=True, slots=True)
class Sealed:
    """A finished envelope: hex SHA-256 and size in bytes of the file, hex SHA-256 of the manifest (stays secret).

    ``identity`` is the one-time key, for spoil-and-check: it opens this envelope, so nobody may keep it of one that is sent.
    """

    sha256: str
    size: int
    manifest_sha256: str
    identity: str = field(default="", repr=False, compare=False)


@dataclass(frozen=True, slots=True)
class Header:
    """What stands outside the seal, and where the payload's age file begins."""

    context: Context
    custodians: Custodians
    keybox: Mapping[str, bytes]
    client: str
    payload_at: int
    payload_plain: int


def seal(
    bid: Bid,
    files: Sequence[SealFile],
    custodians: Custodians,
    signer: Ed25519PrivateKey,
    out: Writer,
    *,
    own_recipient: str | None = None,
    client: str = CLIENT,
) -> Sealed:
    """Sign and seal a bid into ``out``; each file is read twice (hash, then encryption), in constant memory.

    Args:
        bid: context, tenderer, price in fen, answers.
        files: the documents, in the order in which they shall be listed.
        custodians: the lot's custodians as published.
        signer: the private key of the person who signs for the tenderer.
        out: a binary file to write to; on an error its content is unusable.
        own_recipient: the tenderer's own age key, to read her copy before and after the opening.

    Raises:
        BadInput: a field, file name or key is not valid, or a file changed meanwhile.
    """
    marks = [file.mark() for file in files]
    signed = _signed(bid, files, custodians, signer, client)
    one_time = age.new_identity()
    recipients = [age.recipient_of(one_time)]
    if own_recipient is not None:
        recipients.append(check_recipient(own_recipient, field="own_recipient"))
    source = PayloadSource(signed, files, marks)
    with HashingWriter(out) as sink:
        sink.write(MAGIC + _header_line(bid.context, custodians, _keybox(one_time, custodians), client) + b"\n")
        age.encrypt_stream(source, sink, recipients)
        return Sealed(sink.hexdigest(), sink.size, signed.manifest.sha256, one_time)


def seal_to(
    path: Path,
    bid: Bid,
    files: Sequence[SealFile],
    custodians: Custodians,
    signer: Ed25519PrivateKey,
    *,
    own_recipient: str | None = None,
) -> Sealed:
    """Seal into the file at ``path``, which appears only once complete and on the disk. Errors as :func:`seal`."""
    part = path.with_name(path.name + ".part")
    try:
        with part.open("wb") as file:
            out = DurableWriter(file)
            try:
                sealed = seal(bid, files, custodians, signer, out, own_recipient=own_recipient)
            finally:
                out.stop()
            out.finish()
        part.replace(path)
    finally:
        part.unlink(missing_ok=True)
    return sealed


def read_header(file: BinaryIO) -> Header:
    """Read and judge all that can be told without a key. ``file`` must be seekable.

    Raises:
        SealError: not a sealed file, another version, unknown keys, keybox incomplete, size not padded.
    """
    file.seek(0)
    _check_magic(file.read(len(MAGIC)))
    line = file.readline(MOST_HEADER + 1)
    if not line.endswith(b"\n"):
        raise tenderers(Cause.BAD_HEADER, "文件头没有结束", "the header has no end")
    try:
        data = fields(read_canonical(line[:-1]), "header", _HEADER)
        context = read_context(data["context"])
        custodians = read_custodians(data["custodians"], data["k"])
        client = short(data["client"], "client")
    except ShapeError as error:
        raise tenderers(Cause.BAD_HEADER, str(error), str(error)) from None
    keybox = _read_keybox(data["keybox"], custodians)
    payload_at = len(MAGIC) + len(line)
    return Header(context, custodians, keybox, client, payload_at, _payload_plain(file, payload_at))


def check(file: BinaryIO, context: Context, custodians: Custodians, *, parts: Sequence[str] = ()) -> Header:
    """The server's check at submission: a well-formed envelope for this tender, lot and round and these custodians.

    What stands inside the seal (whether it opens, the signature) can only be told at the opening; to try that before,
    there are rehearsal tenders.

    Args:
        parts: the parts that the tender's procedure seals apart, each of which may come; empty: a bid comes whole.

    Raises:
        SealError: as :func:`read_header`, or sealed for another context or to other custodians.
    """
    header = read_header(file)
    part = header.context.part
    if part not in (parts or ("",)):
        wanted, asked = ("、".join(parts), ", ".join(parts)) if parts else ("不分册", "none")
        raise tenderers(Cause.CONTEXT_DIFFERS, f"分册应为 {wanted}，文件中为 {part or '不分册'}", f"part is {part or 'none'}, not {asked}")
    if header.context != replace(context, part=part):
        raise tenderers(Cause.CONTEXT_DIFFERS, *_context_words(header.context, context))
    if header.custodians != custodians:
        raise tenderers(Cause.CUSTODIANS_DIFFER)
    return header


def _context_words(found: Context, wanted: Context) -> tuple[str, str]:
    for name, zh in (("tender", "项目"), ("lot", "标段"), ("round", "轮次")):
        is_, should = getattr(found, name), getattr(wanted, name)
        if is_ != should:
            return f"{zh}应为 {should}，文件中为 {is_}", f"{name} is {is_}, not {should}"
    raise ValueError("the contexts are equal")


def _signed(
    bid: Bid, files: Sequence[SealFile], custodians: Custodians, signer: Ed25519PrivateKey, client: str
) -> SignedManifest:
    _check_price(bid)
    manifest = Manifest(
        context=bid.context,
        tenderer=bid.tenderer,
        custodians=custodians,
        client=client,
        price=bid.price,
        currency=bid.currency,
        answers=bid.answers,
        documents=tuple(file.entry() for file in files),
        at=stamp(bid.at or now()),
        signer=public_text(signer),
        salt=to_base64(secrets.token_bytes(32)),
        joint=bid.joint,
    )
    try:
        signed = SignedManifest(manifest, sign_statement(signer, STATEMENT, manifest.json()))
        encoded = signed.encode()
        # What the opener would not accept must not be sealed.
        read_manifest(encoded)
    except (ValueError, TypeError) as error:
        raise bad("manifest", f"投标函有误：{error}", f"the manifest is wrong: {error}") from None
    if strangers := signed.unsigned_members:
        raise bad("joint", f"成员 {'、'.join(strangers)} 的签名不是对本项目本标段的同一份协议作出的",
                  f"the signature of {', '.join(strangers)} is not over one agreement for this tender and lot",
                  article=ARTICLE)  # fmt: skip
    if len(encoded) > MOST_MANIFEST:
        raise bad("manifest", "投标函过大，请把内容放入附件", "the manifest is too large; put content into documents")
    return signed


def _check_price(bid: Bid) -> None:
    """The price stands in the price part, or in the whole bid; BadInput otherwise."""
    part = bid.context.part
    if part and part != PRICE_PART and bid.price is not None:
        raise bad("price", f"报价只能放在报价分册，不能放在分册 {part}", f"the price belongs in the price part, not in the {part} part",
                  passes=Text("去掉报价后再密封本分册", "seal this part without a price"), article="招标投标法 第19条")  # fmt: skip
    if part == PRICE_PART and bid.price is None:
        raise bad("price", "报价分册必须有报价", "the price part must hold the price")


def _header_line(context: Context, custodians: Custodians, keybox: Mapping[str, bytes], client: str) -> bytes:
    boxes = {name: to_base64(box) for name, box in keybox.items()}
    return canonical(
        {
            "context": context.json(),
            "custodians": list(custodians.recipients),
            "k": custodians.k,
            "keybox": boxes,
            "client": client,
        }
    )


def _keybox(identity: str, custodians: Custodians) -> dict[str, bytes]:
    """For each subset the identity's text, encrypted to the subset's last custodian first."""
    boxes = {}
    for subset in custodians.subsets():
        box = identity.encode() + b"\n"
        for index in reversed(subset):
            box = age.encrypt(box, custodians.recipients[index])
        boxes[box_name(subset)] = box
    return boxes


def _check_magic(start: bytes) -> None:
    if start == MAGIC:
        return
    if start.startswith(_FAMILY):
        version = start[len(_FAMILY) :].split(b"\n")[0].decode("ascii", "replace")
        raise tenderers(Cause.WRONG_VERSION, f"版本 {version}", f"version {version}")
    raise tenderers(Cause.NOT_SEALED)


def _read_keybox(boxes: Mapping[str, Any], custodians: Custodians) -> dict[str, bytes]:
    names = [box_name(subset) for subset in custodians.subsets()]
    missing, unknown = sorted(set(names) - boxes.keys()), sorted(boxes.keys() - set(names))
    if missing or unknown:
        zh = f"缺少 {missing[0]}" if missing else f"多出 {unknown[0]}"
        en = f"lacks {missing[0]}" if missing else f"unknown entry {unknown[0]}"
        raise tenderers(Cause.KEYBOX_INCOMPLETE, zh, en)
    keybox = {}
    for name in names:
        try:
            if not isinstance(boxes[name], str):
                raise ShapeError(f"keybox.{name} is not text")
            keybox[name] = from_base64(boxes[name], f"keybox.{name}")
            _check_recipients(inspect(BytesIO(keybox[name]), len(keybox[name])), most=1)
        except (ShapeError, NotAge) as error:
            raise tenderers(Cause.KEYBOX_INCOMPLETE, f"{name}：{error}", f"{name}: {error}") from None
    return keybox


def _payload_plain(file: BinaryIO, at: int) -> int:
    """Size in bytes of the payload's plaintext, which must be a padded one."""
    end = file.seek(0, os.SEEK_END)
    file.seek(at)
    try:
        found = inspect(file, end - at)
        _check_recipients(found, most=2)
    except NotAge as error:
        raise tenderers(Cause.DAMAGED, f"加密部分有误：{error}", f"the encrypted part: {error}") from None
    if not is_padded(found.plaintext):
        raise tenderers(Cause.BAD_SIZE, f"内容长度 {found.plaintext} 字节", f"{found.plaintext} bytes of content")
    return found.plaintext


def _check_recipients(found: AgeFile, *, most: int) -> None:
    if not 1 <= len(found.stanzas) <= most or set(found.stanzas) != {"X25519"}:
        raise NotAge(f"it is encrypted to {'/'.join(found.stanzas) or 'nobody'}, not to 1 to {most} X25519 keys")


def file_sha256(file: BinaryIO) -> str:
    """Hex SHA-256 of a whole seekable file, read in blocks."""
    file.seek(0)
    sha256 = StreamHash()
    while block := file.read(BLOCK):
        sha256.update(block)
    return sha256.hexdigest()
