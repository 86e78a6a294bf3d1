"""The archive, statements, sealed bids and the draw: sections 7, 9, 10 and 11 of docs/evidence.md."""

from __future__ import annotations

import hashlib
import hmac
import io
import itertools
import struct
import zlib
from datetime import datetime, timedelta
from typing import Any

import pyrage
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from .log import canonical, digest, need, read_json, sha256, unbase64

Row = dict[str, Any]


# --- section 7: the archive --------------------------------------------------------------------------------------------------


def write_archive(files: dict[str, bytes]) -> bytes:
    """The one form of an archive of less than 4 GiB and 65,535 files."""
    out, directory = b"", b""
    for name in sorted(files, key=str.encode):
        data, encoded = files[name], name.encode()
        facts = struct.pack(
            "<H4H3I2H", 20, 0x0800, 0, 0, 0x0021, zlib.crc32(data), len(data), len(data), len(encoded), 0
        )
        directory += (
            b"PK\x01\x02" + struct.pack("<H", 20) + facts + struct.pack("<3H2I", 0, 0, 0, 0, len(out)) + encoded
        )
        out += b"PK\x03\x04" + facts + encoded + data
    count, size = len(files), len(directory)
    return out + directory + struct.pack("<4s4H2IH", b"PK\x05\x06", 0, 0, count, count, size, len(out), 0)


def read_archive(data: bytes) -> dict[str, bytes]:
    files, at = {}, 0
    while data[at : at + 4] == b"PK\x03\x04":
        need(len(data) >= at + 30, "an archive that is cut off")
        size, _, length, _ = struct.unpack("<2I2H", data[at + 18 : at + 30])
        start = at + 30 + length
        name = data[at + 30 : start].decode()
        files[name] = data[start : start + size]
        at = start + size
    need(files and write_archive(files) == data, "an archive that is not in its one form")
    return files


# --- section 9: statements ---------------------------------------------------------------------------------------------------


def statement(kind: str, content: Any) -> bytes:
    return b"yiwang/" + kind.encode() + b"/v1\n" + canonical(content)


def signed(public: str, kind: str, content: Any, signature: str) -> bool:
    need(not public.startswith("sm2:"), "SM2 signatures are not checked here")
    try:
        Ed25519PublicKey.from_public_bytes(unbase64(public)).verify(unbase64(signature), statement(kind, content))
    except (InvalidSignature, ValueError):
        return False
    return True


# --- section 10: bids --------------------------------------------------------------------------------------------------------


def set_root(domain: bytes, values: list[str]) -> str:
    need(len(set(values)) == len(values), "a hash twice")
    return sha256(domain + struct.pack(">Q", len(values)) + b"".join(map(bytes.fromhex, sorted(values)))).hex()


def bid_commitment(bid: Row) -> str:
    parts = {"salt": bid["commit_salt"], "lot": bid["lot"], "tenderer": bid["tenderer"],
             "envelope": bid["envelope_sha256"], "manifest": bid["manifest_sha256"]}  # fmt: skip
    return sha256(b"bid/v1\n" + canonical(parts)).hex()


def padded(size: int) -> int:
    exponent = size.bit_length() - 1
    mask = (1 << (exponent - exponent.bit_length())) - 1
    return max(8192, (size + mask) & ~mask)


def age_open(data: bytes, identity: str) -> bytes:
    return bytes(pyrage.decrypt(data, [pyrage.x25519.Identity.from_str(identity)]))


def unbox(box: bytes, identities: list[str]) -> str:
    for identity in identities:
        box = age_open(box, identity)
    return box.decode().strip()


def open_bid(envelope: bytes, keys: dict[int, str]) -> tuple[Row, Row]:
    """Header and signed manifest of a sealed bid, with documents, padding and signature checked."""
    magic, line, _ = envelope.split(b"\n", 2)
    need(magic == b"yiwang-seal/v1", "no sealed bid")
    header = read_json(line)
    for index, identity in keys.items():
        need(
            str(pyrage.x25519.Identity.from_str(identity).to_public()) == header["custodians"][index],
            "a custodian's key",
        )
    subset = next(
        each
        for each in itertools.combinations(range(len(header["custodians"])), header["k"])
        if set(each) <= keys.keys()
    )
    one_time = unbox(unbase64(header["keybox"]["-".join(map(str, subset))]), [keys[index] for index in subset])
    payload = io.BytesIO(age_open(envelope[len(magic) + len(line) + 2 :], one_time))
    inner = read_json(payload.read(int.from_bytes(payload.read(8), "big")))
    manifest = inner["manifest"]
    for document in manifest["documents"]:
        need(sha256(payload.read(document["size"])).hex() == document["sha256"], "a document that differs")
    total = payload.tell()
    rest = payload.read()
    need(not any(rest) and total + len(rest) == padded(total), "padding that is not as it must be")
    need(
        all(manifest[k] == header[k] for k in ("context", "custodians", "k", "client")),
        "another context inside than outside",
    )
    need(signed(manifest["signer"], "bid", manifest, inner["signature"]), "the tenderer's signature")
    return header, manifest


# --- section 11: the draw ----------------------------------------------------------------------------------------------------


class Drbg:
    """HMAC-DRBG (SP 800-90A) with SHA-256, instantiated with seed and personalization, no nonce."""

    def __init__(self, seed: bytes, personal: bytes) -> None:
        self.key, self.value = bytes(32), b"\x01" * 32
        self.update(seed + personal)

    def mac(self, data: bytes) -> bytes:
        return hmac.new(self.key, data, hashlib.sha256).digest()

    def update(self, data: bytes) -> None:
        for mark in (b"\x00", b"\x01") if data else (b"\x00",):
            self.key = self.mac(self.value + mark + data)
            self.value = self.mac(self.value)

    def eight(self) -> int:
        self.value = self.mac(self.value)
        number = int.from_bytes(self.value[:8], "big")
        self.update(b"")
        return number

    def below(self, bound: int) -> int:
        while (number := self.eight()) >= 2**64 - 2**64 % bound:
            pass
        return number % bound


def permutation(count: int, seed: bytes) -> list[int]:
    drbg, order = Drbg(seed, b"yiwang/permutation/v1"), list(range(count))
    for place in range(count - 1, 0, -1):
        other = drbg.below(place + 1)
        order[place], order[other] = order[other], order[place]
    return order


def draw_seed(list_root: str, process: Any, shares: dict[str, str], beacon: str) -> bytes:
    parts = {"version": "permutation/v1", "list": list_root, "process": digest(process), "shares": shares, "beacon": beacon,
             "more": {}}  # fmt: skip
    return sha256(b"draw/v1\n" + canonical(parts))


def seats_of(process: Row, seed: bytes, gone: list[int]) -> list[Row]:
    """Seats after those in ``gone`` left, one after the other; numbers are given in the order of being seated."""
    order = permutation(len(process["disciplines"]), seed)
    numbers: dict[int, tuple[int, str]] = {}
    for left in range(len(gone) + 1):
        free = dict(process["seats"])
        for leaf in order:
            if leaf in gone[:left]:
                continue
            discipline = next((name for name in process["disciplines"][leaf] if free.get(name, 0) > 0), None)
            if discipline:
                free[discipline] -= 1
                numbers.setdefault(leaf, (len(numbers) + 1, discipline))
    here = sorted((number, leaf, name) for leaf, (number, name) in numbers.items() if leaf not in gone)
    return [{"seat": number, "leaf": leaf, "discipline": name} for number, leaf, name in here]


# --- section 10: commit first, bytes later -------------------------------------------------------------------------------------


def bytes_until(deadline: str, grace: int) -> datetime:
    """Until when the file of a committed bid may come."""
    return datetime.fromisoformat(deadline) + timedelta(minutes=grace)


def standings(acts: list[str]) -> dict[str, list[str]]:
    """What the record lists of one tenderer and lot after acts like ``commit A``, ``deliver A``; ``close`` lies between."""
    order: list[str] = []
    here: set[str] = set()
    gone: set[str] = set()
    under: set[str] = set()
    for act in acts:
        what, _, name = act.partition(" ")
        if what == "close":
            under = set(order) - gone
        elif what == "withdraw":
            gone |= set(order)
        else:
            if what != "deliver":
                order.append(name)
            if what != "commit" and name not in gone:
                here.add(name)
                gone |= set(order[: order.index(name)])
    return {
        "bids": [name for name in order if name in here - gone],
        "replaced": [name for name in order if name in under & gone],
        "undelivered": [name for name in order if name not in here | gone],
    }
