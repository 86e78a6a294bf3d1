"""C2SP signed-note v1.0.0: text signed by one or more keys, verifier keys, and Ed25519 signatures (type 0x01)."""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Iterable
from dataclasses import dataclass
from hashlib import sha256
from typing import Protocol

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from yiwang.kernel.text import Text
from yiwang.tlog.errors import NoteError

ED25519 = 0x01
ED25519_COSIGNATURE = 0x04
MLDSA44_COSIGNATURE = 0x06

KEY_BYTES = {ED25519: 32, ED25519_COSIGNATURE: 32, MLDSA44_COSIGNATURE: 1312}
"""Signature types that we read, with the length of their public keys (signed-note, "Signature types")."""

MAX_NOTE = 1_000_000
"""Longest note that we read, in bytes (the limit of golang.org/x/mod/sumdb/note)."""

MAX_SIGNATURES = 100
"""Most signatures that we read; the specification asks for at least 16."""

_DASH = "\u2014 "
_FORM = Text("— <名称> <base64>", "— <name> <base64>")


class Signer(Protocol):
    """A key that can sign. ``sign`` returns the bytes that follow the key id in the signature."""

    @property
    def name(self) -> str: ...
    @property
    def key_id(self) -> bytes: ...
    def sign(self, text: bytes) -> bytes: ...


class Verifier(Protocol):
    """A trusted key. ``verify`` says whether it made this signature over the note's text."""

    @property
    def name(self) -> str: ...
    @property
    def key_id(self) -> bytes: ...
    def verify(self, text: bytes, signature: bytes) -> bool: ...


@dataclass(frozen=True, slots=True)
class Signature:
    """One signature line: key name, 4-byte key id, and the signature's bytes."""

    name: str
    key_id: bytes
    blob: bytes

    def line(self) -> str:
        """The line with its newline: em dash, space, name, space, base64, newline."""
        return f"{_DASH}{self.name} {base64.b64encode(self.key_id + self.blob).decode()}\n"


@dataclass(frozen=True, slots=True)
class Note:
    """An opened note: its text, the signatures that were checked, and those by keys that we do not know."""

    text: bytes
    verified: tuple[Signature, ...]
    unknown: tuple[Signature, ...]

    def signed_by(self, key: Verifier) -> bool:
        """Whether a checked signature of this key is on the note."""
        return any((s.name, s.key_id) == (key.name, key.key_id) for s in self.verified)


@dataclass(frozen=True, slots=True)
class VKey:
    """A verifier key: name, signature type, public key. ``str()`` gives ``name+hex(key id)+base64(type||key)``."""

    name: str
    kind: int
    key: bytes

    @property
    def key_id(self) -> bytes:
        """The 4-byte key id."""
        return key_id(self.name, self.kind, self.key)

    def __str__(self) -> str:
        material = base64.b64encode(bytes([self.kind]) + self.key).decode()
        return f"{self.name}+{self.key_id.hex()}+{material}"


def key_id(name: str, kind: int, key: bytes) -> bytes:
    """SHA-256(name || 0x0A || type || public key)[:4] (signed-note, "Signatures")."""
    return sha256(name.encode() + b"\n" + bytes([kind]) + key).digest()[:4]


def valid_name(name: str) -> bool:
    """Key names are not empty, are UTF-8, and have neither Unicode spaces, control characters nor ``+``."""
    return bool(name) and not any(c.isspace() or c == "+" or c < " " or "\ud800" <= c <= "\udfff" for c in name)


def parse_vkey(text: str) -> VKey:
    """Read a verifier key of a type in :data:`KEY_BYTES`.

    Raises:
        NoteError: malformed, a type or length that we do not read, or a key id that does not fit the key.
    """
    parts = text.split("+", 2)
    if len(parts) != 3 or not valid_name(parts[0]):
        raise NoteError("验证公钥格式不对", "malformed verifier key", passes=Text("名称+id+base64", "name+id+base64"))
    name, ident, encoded = parts
    material = decode_base64(encoded, "verifier key")
    if not material or material[0] not in KEY_BYTES:
        raise NoteError(f"不支持 {name} 的密钥类型", f"unsupported key type of {name}", field=name)
    kind, key = material[0], material[1:]
    if len(key) != KEY_BYTES[kind]:
        raise NoteError(f"{name} 的公钥长度不对", f"the public key of {name} has the wrong length", field=name)
    vkey = VKey(name, kind, key)
    if vkey.key_id.hex() != ident:
        raise NoteError(f"{name} 的密钥编号与公钥不符", f"the key id of {name} does not fit its key", field=name)
    return vkey


def decode_base64(text: str, what: str) -> bytes:
    """Canonical standard base64 (RFC 4648 section 4) only; NoteError names ``what`` otherwise."""
    try:
        data = base64.b64decode(text.encode("ascii"), validate=True)
    except (UnicodeEncodeError, binascii.Error):
        data = None
    if data is None or base64.b64encode(data).decode() != text:
        form = Text("标准 base64（RFC 4648 第4节），含填充", "standard base64 (RFC 4648 section 4), padded")
        raise NoteError(f"{what}：不是标准 base64", f"{what}: not standard base64", field=what, passes=form)
    return data


def format_note(text: bytes, signatures: Iterable[Signature]) -> bytes:
    """Text, blank line, signature lines; repeated lines once.

    Raises:
        NoteError: the text is not UTF-8, has control characters, does not end in a newline, or nobody signed.
    """
    _check_characters(text)
    if not text.endswith(b"\n"):
        raise NoteError("文本必须以换行结尾", "the text must end in a newline")
    lines = dict.fromkeys(signature.line() for signature in signatures)
    if not lines:
        raise NoteError("没有任何签名", "nobody signed")
    return text + b"\n" + "".join(lines).encode()


def sign(text: bytes, signers: Iterable[Signer], existing: Iterable[Signature] = ()) -> bytes:
    """Sign a text; ``existing`` signatures (a log's, when a witness adds its own) stay first."""
    _check_characters(text)
    made = [Signature(s.name, s.key_id, s.sign(text)) for s in signers]
    return format_note(text, [*existing, *made])


def parse(note: bytes) -> tuple[bytes, tuple[Signature, ...]]:
    """Split a note into text and signatures WITHOUT checking any signature.

    Raises:
        NoteError: too long, not UTF-8, control characters, no signature, a malformed line, too many signatures.
    """
    if len(note) > MAX_NOTE:
        raise NoteError(f"签名文本超过 {MAX_NOTE} 字节", f"the note is longer than {MAX_NOTE} bytes")
    _check_characters(note)
    border = note.rfind(b"\n\n")
    if border < 0 or not note.endswith(b"\n") or border + 2 == len(note):
        raise NoteError("没有签名行", "no signature lines", passes=_FORM)
    lines = note[border + 2 : -1].decode().split("\n")
    if len(lines) > MAX_SIGNATURES:
        raise NoteError(f"签名超过 {MAX_SIGNATURES} 个", f"more than {MAX_SIGNATURES} signatures")
    return note[: border + 1], tuple(parse_line(line, number) for number, line in enumerate(lines, 1))


def parse_line(line: str, number: int = 1) -> Signature:
    """Read one signature line (without its newline); ``number`` is used in the error."""
    where = f"signature line {number}"
    name, space, encoded = line.removeprefix(_DASH).partition(" ")
    if not line.startswith(_DASH) or not space or not valid_name(name):
        raise NoteError(f"第 {number} 行签名格式不对", f"{where} is malformed", field=where, passes=_FORM)
    blob = decode_base64(encoded, where)
    if len(blob) < 5:
        raise NoteError(f"第 {number} 行签名太短", f"{where} is too short", field=where)
    return Signature(name, blob[:4], blob[4:])


def open(note: bytes, verifiers: Iterable[Verifier]) -> Note:  # noqa: A001 (as in golang.org/x/mod/sumdb/note)
    """Check a note against trusted keys (signed-note, "Signatures").

    Signatures by other keys are ignored; a wrong signature of a trusted key rejects the whole note.

    Raises:
        NoteError: malformed, a trusted key's signature is wrong, or no trusted key signed.
    """
    known = _by_identity(verifiers)
    text, signatures = parse(note)
    verified: dict[tuple[str, bytes], Signature] = {}
    unknown: dict[Signature, None] = {}
    for signature in signatures:
        identity = (signature.name, signature.key_id)
        key = known.get(identity)
        if key is None:
            unknown[signature] = None
        elif key.verify(text, signature.blob):
            verified.setdefault(identity, signature)
        else:
            raise NoteError(f"{key.name} 的签名不对", f"the signature of {key.name} is wrong", field=key.name)
    if not verified:
        raise NoteError("没有可信密钥的签名", "no trusted key signed this")
    return Note(text, tuple(verified.values()), tuple(unknown))


def _by_identity(verifiers: Iterable[Verifier]) -> dict[tuple[str, bytes], Verifier]:
    known: dict[tuple[str, bytes], Verifier] = {}
    for key in verifiers:
        other = known.setdefault((key.name, key.key_id), key)
        if other is not key and other != key:
            raise NoteError(f"两把可信密钥同名同号：{key.name}", f"two trusted keys share name and id: {key.name}")
    return known


def _check_characters(data: bytes) -> None:
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError as error:
        raise NoteError(f"第 {error.start} 字节不是 UTF-8", f"byte {error.start} is not UTF-8") from None
    found = _CONTROL.search(text)
    if found:
        raise NoteError(f"第 {found.start()} 字是控制字符", f"character {found.start()} is a control character")


_CONTROL = re.compile(r"[\x00-\x09\x0b-\x1f]")


@dataclass(frozen=True, slots=True)
class Ed25519Verifier:
    """Type 0x01: plain Ed25519 over the note's text."""

    name: str
    key: bytes

    @property
    def key_id(self) -> bytes:
        """The 4-byte key id."""
        return key_id(self.name, ED25519, self.key)

    def verify(self, text: bytes, signature: bytes) -> bool:
        """Whether this key signed the text."""
        return ed25519_ok(self.key, signature, text)


class Ed25519Key(Protocol):
    """A private Ed25519 key, in memory or in a token."""

    def public_key(self) -> Ed25519PublicKey: ...
    def sign(self, data: bytes) -> bytes: ...


class Ed25519Signer:
    """Type 0x01: plain Ed25519 over the note's text."""

    def __init__(self, name: str, key: Ed25519Key) -> None:
        if not valid_name(name):
            raise NoteError(f"密钥名称不合规：{name!r}", f"invalid key name: {name!r}", field="name")
        self.name = name
        self._key = key
        self.vkey = VKey(name, ED25519, key.public_key().public_bytes_raw())
        self.key_id = self.vkey.key_id

    def sign(self, text: bytes) -> bytes:
        """64 bytes of signature."""
        return self._key.sign(text)


def ed25519_ok(key: bytes, signature: bytes, message: bytes) -> bool:
    """Whether an Ed25519 signature (RFC 8032) is right; a malformed key or signature is not."""
    try:
        Ed25519PublicKey.from_public_bytes(key).verify(signature, message)
    except (InvalidSignature, ValueError):
        return False
    return True
