"""Bytes, entries, the tree, keys, notes, policies and receipts: sections 2 to 6 of docs/evidence.md."""

from __future__ import annotations

import base64
import hashlib
import json
import re
import struct
from dataclasses import dataclass, field
from typing import Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from cryptography.hazmat.primitives.asymmetric.mldsa import MLDSA44PublicKey


class Wrong(Exception):
    """Something does not hold."""


def need(condition: object, words: str) -> None:
    """Wrong, unless the condition holds."""
    if not condition:
        raise Wrong(words)


# --- section 2: bytes ---------------------------------------------------------------------------------------------------


def sha256(data: bytes) -> bytes:
    return hashlib.sha256(data).digest()


def sm3(data: bytes) -> bytes:
    context = hashes.Hash(hashes.SM3())
    context.update(data)
    return context.finalize()


def unbase64(text: str) -> bytes:
    data = base64.b64decode(text.encode("ascii"), validate=True)
    need(base64.b64encode(data).decode() == text, "base64 that is not in its one form")
    return data


def canonical(value: Any) -> bytes:
    def check(each: Any) -> None:
        if isinstance(each, dict):
            for key, item in each.items():
                need(isinstance(key, str) and key.isascii(), "a key is not ASCII text")
                check(item)
        elif isinstance(each, list):
            for item in each:
                check(item)
        else:
            need(each is None or isinstance(each, bool | str | int), "a float")
            need(isinstance(each, bool) or not isinstance(each, int) or abs(each) < 2**53, "a number beyond 2^53")

    check(value)
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()


def read_json(data: bytes) -> Any:
    value = json.loads(data.decode())
    need(canonical(value) == data, "JSON that is not canonical")
    return value


def digest(value: Any) -> str:
    return sha256(canonical(value)).hex()


# --- section 3: entries; section 4: the tree ------------------------------------------------------------------------------


def entry_of(salt: bytes, content: bytes) -> bytes:
    return sha256(salt + content) + sm3(salt + content)


def leaf_hash(entry: bytes) -> bytes:
    return sha256(b"\x00" + entry)


def node_hash(left: bytes, right: bytes) -> bytes:
    return sha256(b"\x01" + left + right)


def root_of(leaves: list[bytes]) -> bytes:
    if not leaves:
        return sha256(b"")
    if len(leaves) == 1:
        return leaves[0]
    half = 1 << ((len(leaves) - 1).bit_length() - 1)
    return node_hash(root_of(leaves[:half]), root_of(leaves[half:]))


def check_inclusion(index: int, size: int, leaf: bytes, path: list[bytes], root: bytes) -> None:
    need(0 <= index < size, "an index outside the tree")
    place, last, value = index, size - 1, leaf
    for each in path:
        need(last > 0, "a proof that is too long")
        if place & 1 or place == last:
            value = node_hash(each, value)
            while place and not place & 1:
                place, last = place >> 1, last >> 1
        else:
            value = node_hash(value, each)
        place, last = place >> 1, last >> 1
    need(last == 0 and value == root, f"entry {index} is not under the root")


def check_consistency(old: int, new: int, old_root: bytes, new_root: bytes, path: list[bytes]) -> None:
    need(0 < old <= new, "sizes that cannot be")
    if old == new:
        need(not path and old_root == new_root, "two roots of one size")
        return
    need(path, "an empty proof")
    steps = [old_root, *path] if old & (old - 1) == 0 else list(path)
    place, last = old - 1, new - 1
    while place & 1:
        place, last = place >> 1, last >> 1
    first = second = steps[0]
    for each in steps[1:]:
        need(last > 0, "a proof that is too long")
        if place & 1 or place == last:
            first, second = node_hash(each, first), node_hash(each, second)
            while place and not place & 1:
                place, last = place >> 1, last >> 1
        else:
            second = node_hash(second, each)
        place, last = place >> 1, last >> 1
    need(
        last == 0 and first == old_root and second == new_root,
        f"the tree of {old} is no beginning of the tree of {new}",
    )


def tile_path(level: int | str, index: int, width: int = 256) -> str:
    groups = [f"{index % 1000:03}"]
    while index >= 1000:
        index //= 1000
        groups.insert(0, f"x{index % 1000:03}")
    return f"tile/{level}/{'/'.join(groups)}" + (f".p/{width}" if width < 256 else "")


def bundle(entries: list[bytes]) -> bytes:
    return b"".join(struct.pack(">H", len(each)) + each for each in entries)


# --- section 5: keys, notes, checkpoints, cosignatures, policies -----------------------------------------------------------

ED25519, COSIGNATURE, MLDSA = 1, 4, 6


@dataclass(frozen=True)
class Key:
    name: str
    kind: int
    key: bytes

    @property
    def ident(self) -> bytes:
        return sha256(self.name.encode() + b"\n" + bytes([self.kind]) + self.key)[:4]

    def signed(self, body: bytes, blob: bytes) -> bool:
        try:
            if self.kind == ED25519:
                Ed25519PublicKey.from_public_bytes(self.key).verify(blob, body)
            elif self.kind == COSIGNATURE:
                Ed25519PublicKey.from_public_bytes(self.key).verify(blob[8:], cosigned(blob[:8], body))
            else:
                MLDSA44PublicKey.from_public_bytes(self.key).verify(blob[8:], subtree(self.name, blob[:8], body))
        except (InvalidSignature, ValueError):
            return False
        return True


def cosigned(time: bytes, body: bytes) -> bytes:
    return b"cosignature/v1\ntime %d\n" % int.from_bytes(time, "big") + body


def subtree(name: str, time: bytes, body: bytes) -> bytes:
    origin, size, root = body.decode().split("\n")[:3]
    need(len(time) == 8, "no time")
    return (
        b"subtree/v1\n\x00" + bytes([len(name.encode())]) + name.encode() + time
        + bytes([len(origin.encode())]) + origin.encode() + struct.pack(">QQ", 0, int(size)) + unbase64(root)
    )  # fmt: skip


def read_key(text: str) -> Key:
    name, ident, material = text.split("+", 2)
    data = unbase64(material)
    key = Key(name, data[0], data[1:])
    need(
        key.ident.hex() == ident and len(key.key) == {ED25519: 32, COSIGNATURE: 32, MLDSA: 1312}[key.kind], "a bad key"
    )
    return key


@dataclass(frozen=True)
class Head:
    origin: str
    size: int
    root: bytes
    signers: frozenset[Key]
    times: dict[str, int]


def open_note(note: bytes, keys: list[Key], *, strict: bool) -> Head:
    """The checkpoint and who of the keys signed it; ``strict``: nobody else did, and nobody twice."""
    body, _, rest = note.decode().rpartition("\n\n")
    body += "\n"
    lines = rest.split("\n")
    need(lines.pop() == "" and lines, "a note without signatures")
    signers, times = set(), {}
    for line in lines:
        match = re.fullmatch("— ([^ +]+) ([^ ]+)", line)
        need(match, "a signature line that is malformed")
        assert match is not None
        blob = unbase64(match[2])
        key = next((k for k in keys if k.name == match[1] and k.ident == blob[:4]), None)
        need(key or not strict, f"a signature of {match[1]} that nobody can check")
        if key:
            need(key.signed(body.encode(), blob[4:]), f"the signature of {key.name} is wrong")
            need(key not in signers or not strict, f"{key.name} signed twice")
            signers.add(key)
            if key.kind != ED25519:
                times[key.name] = int.from_bytes(blob[4:12], "big")
    origin, size, root, *more = body.split("\n")
    need(more == [""] and re.fullmatch("0|[1-9][0-9]*", size) and len(unbase64(root)) == 32, "a malformed checkpoint")
    return Head(origin, int(size), unbase64(root), frozenset(signers), times)


@dataclass
class Policy:
    logs: list[Key] = field(default_factory=list)
    witnesses: dict[str, Key] = field(default_factory=dict)
    groups: dict[str, tuple[int, list[str]]] = field(default_factory=dict)
    quorum: str = ""

    def met(self, signers: frozenset[Key]) -> bool:
        def count(name: str) -> bool:
            if name in self.groups:
                least, members = self.groups[name]
                return sum(map(count, members)) >= least
            return self.witnesses[name] in signers

        return self.quorum == "none" or count(self.quorum)


def read_policy(data: bytes) -> Policy:
    policy, grouped = Policy(), set()
    need(data.endswith(b"\n"), "a policy whose last line does not end")
    for line in data.decode().split("\n"):
        items = line.split()
        if not items or items[0].startswith("#"):
            continue
        kind, *rest = items
        if kind == "log":
            policy.logs.append(read_key(rest[0]))
        elif kind == "witness":
            need(rest[0] not in policy.witnesses, "a witness twice")
            policy.witnesses[rest[0]] = read_key(rest[1])
        elif kind == "group":
            name, least, *members = rest
            need(
                not grouped & set(members) and all(m in policy.witnesses or m in policy.groups for m in members),
                "a bad group",
            )
            grouped |= set(members)
            policy.groups[name] = ({"any": 1, "all": len(members)}.get(least) or int(least), members)
        else:
            need(kind == "quorum" and not policy.quorum, "a line that no policy has")
            policy.quorum = rest[0]
            need(rest[0] == "none" or rest[0] in policy.witnesses or rest[0] in policy.groups, "a quorum of nobody")
    need(policy.quorum, "no quorum line")
    return policy


# --- section 6: receipts ------------------------------------------------------------------------------------------------


def read_receipt(data: bytes) -> tuple[int, list[bytes], bytes, dict[str, Any]]:
    """Index, proof, checkpoint note, and what the extra line says of the act, of a ``.tlog-proof`` file."""
    head, note = data.split(b"\n\n", 1)
    first, extra, index, *path = head.decode().split("\n")
    need(first == "c2sp.org/tlog-proof@v1" and extra.startswith("extra ") and index.startswith("index "), "no receipt")
    return int(index[6:]), [unbase64(each) for each in path], note, read_json(unbase64(extra[6:]))


def check_receipt(data: bytes, keys: list[Key]) -> dict[str, Any]:
    """The act that a receipt is of, once all of it holds."""
    index, path, note, said = read_receipt(data)
    head = open_note(note, keys, strict=False)
    need(any(key in head.signers and key.name == head.origin for key in keys), "no key of the log signed")
    leaf = leaf_hash(entry_of(bytes.fromhex(said["salt"]), canonical(said["act"])))
    check_inclusion(index, head.size, leaf, path, head.root)
    act: dict[str, Any] = said["act"]
    return act
