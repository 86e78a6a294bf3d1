"""What a sealed bid says: context, custodians, and the signed manifest that lists price, answers and documents.

Two keys stand there only when they are used, so that an ordinary bid has the bytes that it always had:

- ``context.part`` where parts are sealed apart, each in an envelope of its own: ``"qualification"``, ``"technical"`` or
  ``"price"``. The price stands in the price part, where it must; in the two others it is null. A bid sealed as a whole has
  no ``part``.
- ``joint`` in a joint bid (联合体): see :mod:`yiwang.seal.joint`. ``tenderer`` is then the lead member, who is the first of
  the members; each member's signature is over the same statement, which names tender, lot, lead, members and their work.
"""

from __future__ import annotations

import itertools
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from yiwang.kernel.canonical import canonical, digest
from yiwang.kernel.errors import BadInput, bad
from yiwang.kernel.moment import from_stamp
from yiwang.kernel.money import MOST
from yiwang.seal import sm2
from yiwang.seal.joint import Member, read_joint, unsigned
from yiwang.seal.keys import check_recipient
from yiwang.seal.program import client_hash
from yiwang.seal.shapes import ShapeError, check_hex, fields, from_base64, read_canonical
from yiwang.seal.signing import verify_statement

CLIENT = f"yiwang/0.1.0 sha256:{client_hash()}"
"""Name, version and hash of this sealing program, written into each envelope; the hash is on the log."""

STATEMENT = "bid"
"""The kind of statement under which a manifest is signed."""

MOST_CUSTODIANS = 9
MOST_MANIFEST = 4 * 1024 * 1024
"""Largest manifest in bytes."""

PARTS = ("qualification", "technical", "price")
"""Parts that may be sealed apart, in the order in which they are opened."""
PRICE_PART = "price"

_TEXT = 200


@dataclass(frozen=True, slots=True)
class Context:
    """What a bid is for: tender, lot and round; a later round (再次报价) takes new envelopes.

    ``part`` is one of :data:`PARTS` where parts are sealed apart, and empty where a bid is sealed as a whole.
    """

    tender: str
    lot: str
    round: int = 1
    part: str = ""

    def json(self) -> dict[str, Any]:
        """The object as it stands in header and manifest."""
        whole = {"tender": self.tender, "lot": self.lot, "round": self.round}
        return {**whole, "part": self.part} if self.part else whole


@dataclass(frozen=True, slots=True)
class Custodians:
    """The recipients (age1...) of all custodians of a lot in their published order, and how many open."""

    recipients: tuple[str, ...]
    k: int

    def __post_init__(self) -> None:
        count = len(self.recipients)
        if not 1 <= self.k <= count <= MOST_CUSTODIANS:
            raise bad(
                "custodians",
                f"{count} 名保管人中需要 {self.k} 名不成立：最多 {MOST_CUSTODIANS} 名，需要数为 1 至总数",
                f"{self.k} of {count} custodians is impossible: at most {MOST_CUSTODIANS}, 1 to all of them needed",
            )
        if len(set(self.recipients)) != count:
            raise bad("custodians", "保管人公钥重复", "two custodians have the same public key")
        for recipient in self.recipients:
            if check_recipient(recipient, field="custodians") != recipient:
                raise bad("custodians", "保管人公钥前后有空白", "a custodian's public key has blanks around it")

    def subsets(self) -> list[tuple[int, ...]]:
        """All k-subsets of indices, ascending; each can open."""
        return list(itertools.combinations(range(len(self.recipients)), self.k))


def box_name(subset: Sequence[int]) -> str:
    """The key of a subset in the keybox: ``0-1-2``."""
    return "-".join(map(str, subset))


@dataclass(frozen=True, slots=True)
class DocumentEntry:
    """One document as listed in the manifest: file name, bytes, SHA-256 in hex, media type."""

    name: str
    size: int
    sha256: str
    type: str

    def json(self) -> dict[str, Any]:
        """The object as it stands in the manifest."""
        return {"name": self.name, "size": self.size, "sha256": self.sha256, "type": self.type}


@dataclass(frozen=True, slots=True)
class Manifest:
    """The signed content of a bid.

    Attributes:
        tenderer: unified social credit code of the tenderer (of the lead member in a joint bid).
        price: the price in fen, or None in a part that carries none (two-envelope procedures).
        answers: free canonical JSON, the bid's structured answers.
        at: moment of sealing by the client's clock, for information only: order comes from the log.
        signer: the signer's public key: base64 of Ed25519, or ``sm2:`` and an SM2 key.
        salt: 32 random bytes in base64, so that the manifest's hash does not betray a price that could be guessed.
        joint: the members of a joint bid, the lead first; empty otherwise.
    """

    context: Context
    tenderer: str
    custodians: Custodians
    client: str
    price: int | None
    currency: str
    answers: Mapping[str, Any]
    documents: tuple[DocumentEntry, ...]
    at: str
    signer: str
    salt: str
    joint: tuple[Member, ...] = ()

    def json(self) -> dict[str, Any]:
        """The object that is signed and hashed."""
        joint = {"joint": {"members": [member.json() for member in self.joint]}} if self.joint else {}
        return {
            "v": 1,
            "context": self.context.json(),
            "tenderer": self.tenderer,
            "custodians": list(self.custodians.recipients),
            "k": self.custodians.k,
            "client": self.client,
            "price": self.price,
            "currency": self.currency,
            "answers": dict(self.answers),
            "documents": [document.json() for document in self.documents],
            "at": self.at,
            "signer": self.signer,
            "salt": self.salt,
            **joint,
        }

    @property
    def sha256(self) -> str:
        """Hex SHA-256 of the canonical manifest, the hash that goes into the bid's commitment."""
        return digest(self.json())


@dataclass(frozen=True, slots=True)
class SignedManifest:
    """A manifest and its detached signature in base64."""

    manifest: Manifest
    signature: str

    def encode(self) -> bytes:
        """The bytes that stand in the payload."""
        return canonical({"manifest": self.manifest.json(), "signature": self.signature})

    @property
    def signature_ok(self) -> bool:
        """Whether the key named in the manifest signed it. Whose key that is, the register of keys tells."""
        return verify_statement(self.manifest.signer, STATEMENT, self.manifest.json(), self.signature)

    @property
    def unsigned_members(self) -> tuple[str, ...]:
        """Credit codes of members of a joint bid whose signature does not verify; empty when all is well."""
        context = self.manifest.context
        return unsigned(context.tender, context.lot, self.manifest.joint)


_CONTEXT = {"tender": str, "lot": str, "round": int}
_DOCUMENT = {"name": str, "size": int, "sha256": str, "type": str}
_MANIFEST: dict[str, type | tuple[type, ...]] = {
    "v": int,
    "context": dict,
    "tenderer": str,
    "custodians": list,
    "k": int,
    "client": str,
    "price": (int, type(None)),
    "currency": str,
    "answers": dict,
    "documents": list,
    "at": str,
    "signer": str,
    "salt": str,
}


def read_context(value: Any, path: str = "context") -> Context:
    """Read a context object strictly; ShapeError otherwise."""
    apart = isinstance(value, dict) and "part" in value
    data = fields(value, path, {**_CONTEXT, "part": str} if apart else _CONTEXT)
    if data["round"] < 1:
        raise ShapeError(f"{path}.round is below 1")
    if apart and data["part"] not in PARTS:
        raise ShapeError(f"{path}.part is {data['part']!r}, not one of {', '.join(PARTS)}")
    tender, lot = short(data["tender"], f"{path}.tender"), short(data["lot"], f"{path}.lot")
    return Context(tender, lot, data["round"], data.get("part", ""))


def read_custodians(recipients: Any, k: Any, path: str = "custodians") -> Custodians:
    """Read custodians strictly; ShapeError otherwise."""
    if not all(isinstance(recipient, str) for recipient in recipients):
        raise ShapeError(f"{path} holds something other than text")
    try:
        return Custodians(tuple(recipients), k)
    except (BadInput, TypeError) as error:
        raise ShapeError(f"{path}: {error}") from None


def read_manifest(data: bytes) -> SignedManifest:
    """Read the manifest part of a payload. ShapeError names what is wrong; the signature is not judged here."""
    outer = fields(read_canonical(data), "payload", {"manifest": dict, "signature": str})
    together = "joint" in outer["manifest"]
    value = fields(outer["manifest"], "manifest", {**_MANIFEST, "joint": dict} if together else _MANIFEST)
    manifest = Manifest(
        context=read_context(value["context"]),
        tenderer=value["tenderer"],
        custodians=read_custodians(value["custodians"], value["k"]),
        client=value["client"],
        price=value["price"],
        currency=value["currency"],
        answers=value["answers"],
        documents=tuple(_read_document(item, number) for number, item in enumerate(value["documents"])),
        at=value["at"],
        signer=value["signer"],
        salt=value["salt"],
        joint=read_joint(value["joint"], value["tenderer"]) if together else (),
    )
    if value["v"] != 1:
        raise ShapeError(f"manifest.v is {value['v']}, not 1")
    _check_manifest(manifest)
    return SignedManifest(manifest, outer["signature"])


def _check_manifest(manifest: Manifest) -> None:
    """Check the values of a manifest. ShapeError names the field."""
    for name in ("tenderer", "client"):
        short(getattr(manifest, name), f"manifest.{name}")
    if manifest.price is not None and not 0 < manifest.price <= MOST:
        raise ShapeError(f"manifest.price is {manifest.price} fen; it lies above 0 and not above {MOST}")
    if manifest.context.part and (manifest.price is not None) != (manifest.context.part == PRICE_PART):
        said = "holds no price" if manifest.price is None else "holds the price, which belongs in the price part alone"
        raise ShapeError(f"the {manifest.context.part} part {said}")
    if manifest.currency != "CNY":
        raise ShapeError(f"manifest.currency is {manifest.currency!r}, not CNY")
    try:
        from_stamp(manifest.at)
    except ValueError:
        raise ShapeError(f"manifest.at {manifest.at!r} is not a moment like 2027-01-31T08:00:00Z") from None
    if not sm2.is_sm2(manifest.signer):  # checked when the signature is
        from_base64(manifest.signer, "manifest.signer", size=32)
    from_base64(manifest.salt, "manifest.salt", size=32)
    names = [document.name for document in manifest.documents]
    for name in names:
        check_name(name)
    if len(set(names)) != len(names):
        raise ShapeError("manifest.documents holds the same name twice")


def _read_document(value: Any, number: int) -> DocumentEntry:
    path = f"documents[{number}]"
    data = fields(value, path, _DOCUMENT)
    if data["size"] < 0:
        raise ShapeError(f"{path}.size is negative")
    check_hex(data["sha256"], f"{path}.sha256")
    return DocumentEntry(data["name"], data["size"], data["sha256"], short(data["type"], f"{path}.type"))


def check_name(name: str) -> str:
    """A document's name must be safe as a file name on the opener's machine; ShapeError otherwise."""
    bytes_ = name.encode("utf-8", "surrogatepass")
    if not name or name in {".", ".."} or len(bytes_) > 255 or any(c in '/\\:*?"<>|' or ord(c) < 32 for c in name):
        raise ShapeError(f"the document name {name!r} cannot be a file name")
    return name


def short(text: str, path: str) -> str:
    """``text`` when it has 1 to 200 characters, none of them a control character; ShapeError otherwise."""
    if not 0 < len(text) <= _TEXT or any(ord(c) < 32 for c in text):
        raise ShapeError(f"{path} is empty, longer than {_TEXT} characters or has control characters")
    return text
