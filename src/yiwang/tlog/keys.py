"""The log's own two keys: Ed25519 (0x01, which every other program reads) and ML-DSA-44 (0x06, for the archive)."""

from __future__ import annotations

import base64
import os
import stat
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.asymmetric.mldsa import MLDSA44PrivateKey

from yiwang.kernel.text import Text
from yiwang.tlog import files
from yiwang.tlog import note as notes
from yiwang.tlog.cosignature import MLDSA44Signer, verifier_for
from yiwang.tlog.errors import KeyFileError, NoteError

FILE = "log.keys"
_PREFIX = "PRIVATE+KEY+"


@dataclass(frozen=True, slots=True, repr=False)
class LogKeys:
    """Both keys of the log ``name`` (its origin). Iterating gives the signers, Ed25519 first."""

    name: str
    ed25519: Ed25519PrivateKey
    mldsa44: MLDSA44PrivateKey

    @classmethod
    def create(cls, name: str) -> LogKeys:
        """New random keys for the log with this origin; NoteError for a name that keys cannot have."""
        if not notes.valid_name(name) or len(name.encode()) > 255:
            raise NoteError(f"日志名称不合规：{name!r}", f"invalid log name: {name!r}", field="name")
        return cls(name, Ed25519PrivateKey.generate(), MLDSA44PrivateKey.generate())

    def __iter__(self) -> Iterator[notes.Signer]:
        yield notes.Ed25519Signer(self.name, self.ed25519)
        yield MLDSA44Signer(self.name, self.mldsa44)

    def __repr__(self) -> str:
        return f"LogKeys({self.name!r})"

    def vkeys(self) -> list[notes.VKey]:
        """The two verifier keys, Ed25519 first."""
        first = notes.VKey(self.name, notes.ED25519, self.ed25519.public_key().public_bytes_raw())
        return [first, notes.VKey(self.name, notes.MLDSA44_COSIGNATURE, self.mldsa44.public_key().public_bytes_raw())]

    def vkeys_text(self) -> str:
        """The two verifier keys, one a line, for publication."""
        return "".join(f"{vkey}\n" for vkey in self.vkeys())

    def verifiers(self) -> list[notes.Verifier]:
        """Verifiers of both keys."""
        return [verifier_for(vkey) for vkey in self.vkeys()]

    def save(self, folder: Path) -> Path:
        """Write both keys to ``log.keys`` (mode 0600) in an existing folder, in one step, never over another.

        The lines have the form of golang.org/x/mod/sumdb/note: ``PRIVATE+KEY+name+id+base64(type||seed)``.

        Raises:
            KeyFileError: the folder does not exist, or keys are already there.
        """
        path = folder / FILE
        if not folder.is_dir():
            raise KeyFileError(f"没有文件夹 {folder}", f"there is no folder {folder}", field=str(folder))
        beside = folder / f".{FILE}.{os.getpid()}"
        seeds = (self.ed25519.private_bytes_raw(), self.mldsa44.private_bytes_raw())
        lines = [_private_line(vkey, seed) for vkey, seed in zip(self.vkeys(), seeds, strict=True)]
        beside.unlink(missing_ok=True)
        try:
            files.write_synced(beside, "".join(lines).encode(), 0o600, fresh=True)
            os.link(beside, path)
        except FileExistsError:
            raise KeyFileError(f"{path} 已存在，不会覆盖", f"{path} is there and stays", field=str(path)) from None
        finally:
            beside.unlink(missing_ok=True)
        files.sync_directory(folder)
        return path

    @classmethod
    def load(cls, folder: Path) -> LogKeys:
        """Read what :meth:`save` wrote.

        Raises:
            KeyFileError: missing, malformed, two names, or readable by others than the owner.
        """
        path = folder / FILE
        try:
            with path.open("rb") as file:
                mode = stat.S_IMODE(os.fstat(file.fileno()).st_mode)
                text = file.read().decode("ascii", "replace")
        except FileNotFoundError:
            raise KeyFileError(f"没有密钥文件 {path}", f"there is no key file {path}", field=str(path)) from None
        if mode & 0o077:
            raise KeyFileError(
                f"{path} 可被他人读取（{mode:04o}）",
                f"{path} can be read by others ({mode:04o})",
                field=str(path),
                passes=Text("chmod 600", "chmod 600"),
            )
        return cls._from_lines(text.splitlines(), path)

    @classmethod
    def _from_lines(cls, lines: list[str], path: Path) -> LogKeys:
        try:
            (name, first), (other, second) = (_private_seed(line) for line in lines)
            keys = cls(name, Ed25519PrivateKey.from_private_bytes(first), MLDSA44PrivateKey.from_seed_bytes(second))
        except (ValueError, NoteError):
            raise KeyFileError(f"{path} 已损坏", f"{path} is damaged", field=str(path)) from None
        expected = [_private_line(vkey, seed) for vkey, seed in zip(keys.vkeys(), (first, second), strict=True)]
        if other != name or [f"{line}\n" for line in lines] != expected:
            raise KeyFileError(f"{path} 已损坏", f"{path} is damaged", field=str(path))
        return keys


def _private_line(vkey: notes.VKey, seed: bytes) -> str:
    material = base64.b64encode(bytes([vkey.kind]) + seed).decode()
    return f"{_PREFIX}{vkey.name}+{vkey.key_id.hex()}+{material}\n"


def _private_seed(line: str) -> tuple[str, bytes]:
    name, _ident, encoded = line.removeprefix(_PREFIX).split("+", 2)
    return name, notes.decode_base64(encoded, "key")[1:]
