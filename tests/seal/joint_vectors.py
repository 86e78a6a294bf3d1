"""Writes ``vectors_joint.json``: a joint bid and its parts with fixed keys, for every reader and writer of the format.

    python tests/seal/joint_vectors.py > tests/seal/vectors_joint.json
"""

from __future__ import annotations

import base64
import json
import sys
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from yiwang.kernel.canonical import canonical, digest
from yiwang.seal.joint import STATEMENT, Agreement, Share, consent, propose
from yiwang.seal.signing import public_text, sign_statement

LEAD, MEMBER, THIRD = "91110000000000JH19", "91110000000000JH2C", "91110000000000JH3F"
SHARES = ((LEAD, "土建施工，60%"), (MEMBER, "机电安装，40%"))
NAMES = {LEAD: "海天建设有限公司", MEMBER: "宏远机电工程有限公司"}


def key(number: int) -> Ed25519PrivateKey:
    """A key that is the same each time."""
    return Ed25519PrivateKey.from_private_bytes(bytes([number]) * 32)


def signing(number: int) -> dict[str, str]:
    """A key as the vectors give it."""
    raw = key(number).private_bytes(Encoding.DER, PrivateFormat.PKCS8, NoEncryption())
    return {"pkcs8": base64.b64encode(raw).decode(), "public": public_text(key(number))}


def manifest(joint: dict[str, Any] | None, *, part: str = "", price: int | None = 8_340_000_00) -> dict[str, Any]:
    """A manifest without documents."""
    context: dict[str, Any] = {"tender": "W2027-0001", "lot": "1", "round": 1}
    value: dict[str, Any] = {
        "v": 1,
        "context": {**context, "part": part} if part else context,
        "tenderer": LEAD,
        "custodians": [
            "age1qc9apk7r0t2ag6q39s5zyfsy68w54mkcr9jn7582jpgj452q042s2k0dg5",
            "age13ggnuplp5dmecmqvzxypgrr5cv5lhypjd0cs2vmq745nz5csasmqdd48ch",
        ],
        "k": 2,
        "client": "yiwang/0.1.0",
        "price": price,
        "currency": "CNY",
        "answers": {"days": "180"},
        "documents": [],
        "at": "2027-01-31T08:00:00Z",
        "signer": public_text(key(1)),
        "salt": base64.b64encode(bytes(range(32))).decode(),
    }
    return value if joint is None else {**value, "joint": joint}


def signed(value: dict[str, Any]) -> dict[str, Any]:
    """A manifest with its canonical bytes' hash and the lead's signature."""
    payload = {"manifest": value, "signature": sign_statement(key(1), "bid", value)}
    return {"payload": payload, "canonical": canonical(payload).decode(), "manifest_sha256": digest(value)}


def vectors() -> dict[str, Any]:
    """Everything that the file holds."""
    agreed = Agreement("W2027-0001", "1", tuple(Share(*each) for each in SHARES))
    consents = [
        consent(agreed, code, public_text(key(n)), sign_statement(key(n), STATEMENT, agreed.json()))
        for n, code in ((1, LEAD), (2, MEMBER))
    ]
    members = [
        {"tenderer": each["tenderer"], "work": share[1], "signer": each["signer"], "signature": each["signature"]}
        for each, share in zip(consents, SHARES, strict=True)
    ]
    joint = {"members": members}
    return {
        "keys": {"lead": signing(1), "member": signing(2)},
        "proposal": propose("W2027-0001", "1", SHARES, NAMES),
        "statement": agreed.json(),
        "consents": consents,
        "joint": joint,
        "good": {
            "joint": signed(manifest(joint)),
            "technical": signed(manifest(None, part="technical", price=None)),
            "joint price part": signed(manifest(joint, part="price")),
        },
        "bad": {name: {"code": code, **signed(value)} for name, (code, value) in _bad(members).items()},
    }


def _bad(members: list[dict[str, str]]) -> dict[str, tuple[str, dict[str, Any]]]:
    """Manifests that no reader may accept, with the cause."""
    lead, other = members
    shape, signature = "bad_manifest", "member_signature"
    return {
        "one member": (shape, manifest({"members": [lead]})),
        "no members": (shape, manifest({"members": []})),
        "member twice": (shape, manifest({"members": [lead, other, other]})),
        "lead not first": (shape, manifest({"members": [other, lead]})),
        "unknown key": (shape, manifest({"members": members, "note": ""})),
        "unknown key of a member": (shape, manifest({"members": [lead, {**other, "share": 40}]})),
        "empty work": (shape, manifest({"members": [lead, {**other, "work": ""}]})),
        "no credit code": (shape, manifest({"members": [lead, {**other, "tenderer": "甲公司"}]})),
        "too many": (shape, manifest({"members": [lead, *({**other, "tenderer": f"91110000000000{n:04}"} for n in range(10))]})),
        "joint is null": (shape, {**manifest(None), "joint": None}),
        "other work": (signature, manifest({"members": [lead, {**other, "work": "机电安装，60%"}]})),
        "other lot": (signature, {**manifest({"members": members}), "context": {"tender": "W2027-0001", "lot": "2", "round": 1}}),
        "another's signature": (signature, manifest({"members": [lead, {**other, "signature": lead["signature"]}]})),
        "price in the technical part": (shape, manifest(None, part="technical")),
        "no price in the price part": (shape, manifest(None, part="price", price=None)),
        "unknown part": (shape, manifest(None, part="commercial")),
        "empty part": (shape, {**manifest(None), "context": {"tender": "W2027-0001", "lot": "1", "round": 1, "part": ""}}),
    }


if __name__ == "__main__":
    json.dump(vectors(), sys.stdout, ensure_ascii=False, indent=1, sort_keys=True)
    print()
