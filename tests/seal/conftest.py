"""A lot with five custodians, three of whom open, and a tenderer with a signing key and two documents."""

from __future__ import annotations

import io
from collections.abc import Iterable
from dataclasses import dataclass, field

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from yiwang.seal import age
from yiwang.seal.envelope import MAGIC, Bid, Sealed, _header_line, _keybox, read_header, seal
from yiwang.seal.keys import CustodianKey, new_custodian_key
from yiwang.seal.manifest import CLIENT, Context, Custodians
from yiwang.seal.payload import SealFile
from yiwang.seal.signing import new_signing_key

FILES = (
    SealFile("投标函.pdf", "application/pdf", b"%PDF-1.7 letter " * 700),
    SealFile("empty.txt", "text/plain", b""),
    SealFile("报价表.csv", "text/csv", "项目,单价\n土方,12.50\n".encode() * 4000),
)


@dataclass
class Lot:
    """One lot's custodians and one tenderer."""

    keys: list[CustodianKey] = field(default_factory=lambda: [new_custodian_key() for _ in range(5)])
    signer: Ed25519PrivateKey = field(default_factory=new_signing_key)
    context: Context = field(default_factory=lambda: Context("T-2027-001", "T-2027-001/1", 1))
    tenderer: str = "91420100MA4KMXYZ1A"
    price: int | None = 123_456_789
    files: tuple[SealFile, ...] = FILES

    @property
    def custodians(self) -> Custodians:
        return Custodians(tuple(key.recipient for key in self.keys), 3)

    @property
    def bid(self) -> Bid:
        return Bid(self.context, self.tenderer, self.price, {"period_days": 180, "lead": "张三"})

    def seal(self, files: Iterable[SealFile] = FILES, **more: str) -> tuple[bytes, Sealed]:
        out = io.BytesIO()
        sealed = seal(self.bid, tuple(files), self.custodians, self.signer, out, **more)
        return out.getvalue(), sealed

    def identities(self, *indices: int) -> dict[int, str]:
        return {index: self.keys[index].identity for index in indices}

    def forge(self, payload: bytes, *, context: Context | None = None) -> bytes:
        """An envelope whose header is in order, around any payload: what a manipulated client could send."""
        identity = age.new_identity()
        line = _header_line(context or self.context, self.custodians, _keybox(identity, self.custodians), CLIENT)
        out = io.BytesIO()
        out.write(MAGIC + line + b"\n")
        age.encrypt_stream(io.BytesIO(payload), out, [age.recipient_of(identity)])
        return out.getvalue()

    def payload_of(self, envelope: bytes) -> bytes:
        """The decrypted payload of an envelope."""
        header = read_header(io.BytesIO(envelope))
        box = header.keybox["0-1-2"]
        for index in (0, 1, 2):
            box = age.decrypt(box, self.keys[index].identity)
        return age.decrypt(envelope[header.payload_at :], box.decode().strip())


@pytest.fixture(scope="session")
def lot() -> Lot:
    return Lot()


@pytest.fixture(scope="session")
def envelope(lot: Lot) -> bytes:
    return lot.seal()[0]
