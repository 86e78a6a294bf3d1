"""C2SP tlog-checkpoint v1.0.0: the signed note that states a log's size and root."""

from __future__ import annotations

import base64
from collections.abc import Iterable
from dataclasses import dataclass

from yiwang.kernel.text import Text
from yiwang.tlog import note as notes
from yiwang.tlog.errors import NoteError
from yiwang.tlog.merkle import EMPTY_ROOT, HASH_SIZE

MAX_SIZE = 2**63 - 1


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """A tree head: the log's origin, number of leaves, and 32-byte root.

    Extension lines are read and kept, but NOT RECOMMENDED by the specification and never written by our log.
    """

    origin: str
    size: int
    root: bytes
    extensions: tuple[str, ...] = ()

    def body(self) -> bytes:
        """The note text ("Note text" of the specification).

        Raises:
            NoteError: a field that has no place in a checkpoint.
        """
        lines = (self.origin, str(self.size), base64.b64encode(self.root).decode(), *self.extensions)
        data = "".join(f"{line}\n" for line in lines).encode()
        if parse_body(data) != self:
            raise NoteError("检查点字段不合规", "a field does not fit into a checkpoint")
        return data


@dataclass(frozen=True, slots=True)
class SignedCheckpoint:
    """A checkpoint whose signatures were checked, with the opened note."""

    checkpoint: Checkpoint
    note: notes.Note


def parse_body(body: bytes) -> Checkpoint:
    """Read a checkpoint's note text, strictly.

    Raises:
        NoteError: names the line (origin, size, root, extension) that is wrong.
    """
    try:
        lines = body.decode("utf-8").split("\n")
    except UnicodeDecodeError:
        raise _bad("origin", "不是 UTF-8", "not UTF-8") from None
    if len(lines) < 4 or lines[-1] != "":
        raise _bad("checkpoint", "至少三行，行行以换行结尾", "at least three lines, each ending in a newline")
    origin, size, root, *extensions = lines[:-1]
    if any(ord(c) < 0x20 for line in lines for c in line):
        raise _bad("checkpoint", "有控制字符", "has control characters")
    if not origin:
        raise _bad("origin", "不能为空", "must not be empty")
    if not all(extensions):
        raise _bad("extension", "不能有空行", "must not be empty")
    count, digest = parse_decimal(size, "size"), notes.decode_base64(root, "root")
    if len(digest) != HASH_SIZE:
        raise _bad("root", "不是 32 字节", "not 32 bytes")
    if count == 0 and digest != EMPTY_ROOT:
        raise _bad("root", "空树的根不对", "not the root of the empty tree")
    return Checkpoint(origin, count, digest, tuple(extensions))


def parse_decimal(text: str, field: str) -> int:
    """ASCII decimal without sign or leading zeroes, at most 2**63-1."""
    if not (text.isascii() and text.isdigit()) or (text != "0" and text[0] == "0") or len(text) > 19:
        raise _bad(field, "不是十进制整数", "not a decimal integer")
    value = int(text)
    if value > MAX_SIZE:
        raise _bad(field, "太大", "too large")
    return value


def sign_checkpoint(checkpoint: Checkpoint, keys: Iterable[notes.Signer]) -> bytes:
    """The checkpoint as a note signed by all keys of the log; LogKeys can be passed as it is.

    Raises:
        NoteError: a key whose name is not the origin, or no key.
    """
    signers = list(keys)
    for signer in signers:
        if signer.name != checkpoint.origin:
            raise NoteError(
                f"密钥 {signer.name} 不是日志 {checkpoint.origin} 的",
                f"the key {signer.name} is not of the log {checkpoint.origin}",
                field="origin",
            )
    return notes.sign(checkpoint.body(), signers)


def open_checkpoint(
    note: bytes,
    verifiers: Iterable[notes.Verifier],
    *,
    witnesses: Iterable[notes.Verifier] = (),
    every: bool = False,
) -> SignedCheckpoint:
    """Check a checkpoint's signatures.

    Args:
        note: the signed checkpoint.
        verifiers: keys of the log(s) that are trusted. One at least must have signed, and its name is the origin.
        witnesses: keys of witnesses; they never stand for the log. Who of them signed is in the result's note.
        every: all of ``verifiers`` must have signed (our own log signs with Ed25519 and ML-DSA-44).

    Raises:
        NoteError: malformed, a trusted key's signature is wrong, the log did not sign, or signed for another origin.
    """
    logs = list(verifiers)
    opened = notes.open(note, [*logs, *witnesses])
    checkpoint = parse_body(opened.text)
    mine = [key for key in logs if key.name == checkpoint.origin]
    signed = [key for key in mine if opened.signed_by(key)]
    if not signed or (every and len(signed) != len(logs)):
        raise NoteError(
            f"日志 {checkpoint.origin} 的可信密钥没有（全部）签名",
            f"the trusted keys of the log {checkpoint.origin} did not (all) sign",
            field="origin",
        )
    return SignedCheckpoint(checkpoint, opened)


def unverified(note: bytes) -> Checkpoint:
    """The checkpoint in a note WITHOUT checking signatures: only for notes that we wrote ourselves."""
    return parse_body(notes.parse(note)[0])


def _bad(field: str, zh: str, en: str) -> NoteError:
    form = Text("三行：日志来源、叶子数、根的 base64", "three lines: origin, size, base64 root")
    return NoteError(f"检查点 {field}：{zh}", f"checkpoint {field}: {en}", field=field, passes=form)
