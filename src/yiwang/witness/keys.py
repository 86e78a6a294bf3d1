"""A witness's own two cosigner keys: Ed25519 (0x04) and ML-DSA-44 (0x06), in one file that only its owner can read."""

from __future__ import annotations

import base64
import os
import stat
from dataclasses import dataclass
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.asymmetric.mldsa import MLDSA44PrivateKey

from yiwang.kernel.text import Text
from yiwang.tlog import files
from yiwang.tlog import note as notes
from yiwang.tlog.cosignature import Ed25519Cosigner, MLDSA44Signer, Seconds, posix_now
from yiwang.tlog.errors import KeyFileError, NoteError

FILE = "witness.keys"
_PREFIX = "PRIVATE+KEY+"


@dataclass(frozen=True, slots=True, repr=False)
class WitnessKeys:
    """Both keys of the witness ``name``. They must not be used by any other cosigner (tlog-cosignature)."""

    name: str
    ed25519: Ed25519PrivateKey
    mldsa44: MLDSA44PrivateKey

    @classmethod
    def create(cls, name: str) -> WitnessKeys:
        """New random keys.

        Raises:
            NoteError: a name that keys cannot have: spaces, ``+``, control characters, more than 255 bytes.
        """
        if not notes.valid_name(name) or len(name.encode()) > 255:
            form = Text("例如 witness.example/caizheng", "for example witness.example/finance")
            raise NoteError(f"见证人名称不合规：{name!r}", f"invalid witness name: {name!r}", field="name", passes=form)
        return cls(name, Ed25519PrivateKey.generate(), MLDSA44PrivateKey.generate())

    def __repr__(self) -> str:
        return f"WitnessKeys({self.name!r})"

    def vkeys(self) -> list[notes.VKey]:
        """The two public verifier keys, Ed25519 first."""
        first = notes.VKey(self.name, notes.ED25519_COSIGNATURE, self.ed25519.public_key().public_bytes_raw())
        return [first, notes.VKey(self.name, notes.MLDSA44_COSIGNATURE, self.mldsa44.public_key().public_bytes_raw())]

    def cosigners(self, clock: Seconds = posix_now) -> list[notes.Signer]:
        """What signs, Ed25519 first."""
        return [Ed25519Cosigner(self.name, self.ed25519, clock), MLDSA44Signer(self.name, self.mldsa44, clock)]

    def save(self, folder: Path) -> Path:
        """Write both keys to ``witness.keys`` (mode 0600), never over another file.

        Raises:
            KeyFileError: keys are already there.
        """
        path = folder / FILE
        seeds = (self.ed25519.private_bytes_raw(), self.mldsa44.private_bytes_raw())
        lines = "".join(_line(vkey, seed) for vkey, seed in zip(self.vkeys(), seeds, strict=True))
        beside = folder / f".{FILE}.{os.getpid()}"
        beside.unlink(missing_ok=True)
        try:
            files.write_synced(beside, lines.encode(), 0o600, fresh=True)
            os.link(beside, path)
        except FileExistsError:
            raise KeyFileError(f"{path} 已存在，不会覆盖", f"{path} is there and stays", field=str(path)) from None
        finally:
            beside.unlink(missing_ok=True)
        files.sync_directory(folder)
        return path

    @classmethod
    def load(cls, folder: Path) -> WitnessKeys:
        """Read what :meth:`save` wrote.

        Raises:
            KeyFileError: missing, damaged, or readable by others than the owner.
        """
        path = folder / FILE
        try:
            with path.open("rb") as file:
                mode = stat.S_IMODE(os.fstat(file.fileno()).st_mode)
                text = file.read(100_000).decode("utf-8", "replace")
        except FileNotFoundError:
            make = Text("先运行 yiwang witness init", "run yiwang witness init first")
            raise KeyFileError(f"没有 {path}", f"there is no {path}", field=str(path), passes=make) from None
        if mode & 0o077:
            raise KeyFileError(f"{path} 可被他人读取（{mode:04o}）", f"{path} can be read by others ({mode:04o})",
                               field=str(path), passes=Text("chmod 600", "chmod 600"))  # fmt: skip
        return cls._read(text, path)

    @classmethod
    def _read(cls, text: str, path: Path) -> WitnessKeys:
        try:
            (name, first), (_, second) = (_seed(line) for line in text.splitlines())
            keys = cls(name, Ed25519PrivateKey.from_private_bytes(first), MLDSA44PrivateKey.from_seed_bytes(second))
        except (ValueError, NoteError):
            keys = None
        if keys is None or text != "".join(map(_line, keys.vkeys(), (first, second))):
            raise KeyFileError(f"{path} 已损坏", f"{path} is damaged", field=str(path))
        return keys


def _line(vkey: notes.VKey, seed: bytes) -> str:
    material = base64.b64encode(bytes([vkey.kind]) + seed).decode()
    return f"{_PREFIX}{vkey.name}+{vkey.key_id.hex()}+{material}\n"


def _seed(line: str) -> tuple[str, bytes]:
    name, _ident, encoded = line.removeprefix(_PREFIX).split("+", 2)
    return name, notes.decode_base64(encoded, "key")[1:]
