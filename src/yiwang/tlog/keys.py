"""The log's own two keys: Ed25519 (0x01, which every other program reads) and ML-DSA-44 (0x06, for the archive).

They live in a file of mode 0600; the Ed25519 key may live in a PKCS#11 token instead (:mod:`yiwang.tlog.pkcs11`), and
the file then holds only its public half and its label.
"""

from __future__ import annotations

import base64
import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.asymmetric.mldsa import MLDSA44PrivateKey

from yiwang.kernel import moment
from yiwang.tlog import files, pkcs11
from yiwang.tlog import note as notes
from yiwang.tlog.cosignature import MLDSA44Signer, verifier_for
from yiwang.tlog.errors import KeyFileError, NoteError

FILE = "log.keys"
_PREFIX, _TOKEN = "PRIVATE+KEY+", "PKCS11+"


@dataclass(frozen=True, slots=True, repr=False)
class LogKeys:
    """Both keys of the log ``name`` (its origin). Iterating gives the signers, Ed25519 first."""

    name: str
    ed25519: Ed25519PrivateKey | pkcs11.TokenKey
    mldsa44: MLDSA44PrivateKey

    @classmethod
    def create(cls, name: str) -> LogKeys:
        """New random keys for the log with this origin; NoteError for a name that keys cannot have."""
        _check_name(name)
        return cls(name, Ed25519PrivateKey.generate(), MLDSA44PrivateKey.generate())

    @classmethod
    def create_in_token(cls, name: str, label: str = "", token: pkcs11.Token | None = None) -> LogKeys:
        """New keys, the Ed25519 one made inside a token.

        Args:
            name: the log's origin.
            label: under which the token keeps it; by default the origin.
            token: where it is; by default what the environment says.

        Raises:
            KeyFileError: the token cannot be used, or has a key of that label.
        """
        _check_name(name)
        where = token or pkcs11.Token.from_environment()
        return cls(name, pkcs11.generate(label or name, where), MLDSA44PrivateKey.generate())

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

        The lines have the form of golang.org/x/mod/sumdb/note: ``PRIVATE+KEY+name+id+base64(type||seed)``; for a key in
        a token ``PKCS11+name+id+base64(type||public key) label``.

        Raises:
            KeyFileError: the folder does not exist, or keys are already there.
        """
        path = folder / FILE
        if not folder.is_dir():
            raise KeyFileError(f"没有文件夹 {folder}", f"there is no folder {folder}", field=str(folder))
        beside = folder / f".{FILE}.{os.getpid()}"
        beside.unlink(missing_ok=True)
        try:
            files.write_synced(beside, "".join(self._lines()).encode(), 0o600, fresh=True)
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
        return cls._from_lines(pkcs11.read_private(path).decode("utf-8", "replace").splitlines(), path)

    @classmethod
    def _from_lines(cls, lines: list[str], path: Path) -> LogKeys:
        try:
            first, second = lines
            keys = cls(_name_of(first), _ed25519(first), MLDSA44PrivateKey.from_seed_bytes(_material(second)))
        except (ValueError, NoteError):
            keys = None
        if keys is None or [f"{line}\n" for line in lines] != keys._lines():
            raise KeyFileError(f"{path} 已损坏", f"{path} is damaged", field=str(path))
        return keys

    def _lines(self) -> list[str]:
        first, second = self.vkeys()
        if isinstance(self.ed25519, pkcs11.TokenKey):
            mine = f"{_TOKEN}{first} {self.ed25519.label}\n"
        else:
            mine = _private_line(first, self.ed25519.private_bytes_raw())
        return [mine, _private_line(second, self.mldsa44.private_bytes_raw())]


def named(origin: str) -> str:
    """A log's origin with the present year for ``{year}``: one log per year."""
    return origin.replace("{year}", str(moment.now().astimezone(moment.LOCAL).year))


def _check_name(name: str) -> None:
    if not notes.valid_name(name) or len(name.encode()) > 255:
        raise NoteError(f"日志名称不合规：{name!r}", f"invalid log name: {name!r}", field="name")


def _private_line(vkey: notes.VKey, seed: bytes) -> str:
    material = base64.b64encode(bytes([vkey.kind]) + seed).decode()
    return f"{_PREFIX}{vkey.name}+{vkey.key_id.hex()}+{material}\n"


def _name_of(line: str) -> str:
    return line.removeprefix(_PREFIX).removeprefix(_TOKEN).split("+", 1)[0]


def _material(line: str) -> bytes:
    """The seed of a private line."""
    _name, _ident, encoded = line.removeprefix(_PREFIX).split("+", 2)
    return notes.decode_base64(encoded, "key")[1:]


def _ed25519(line: str) -> Ed25519PrivateKey | pkcs11.TokenKey:
    if not line.startswith(_TOKEN):
        return Ed25519PrivateKey.from_private_bytes(_material(line))
    vkey, _space, label = line.removeprefix(_TOKEN).partition(" ")
    return pkcs11.TokenKey(label, notes.parse_vkey(vkey).key)
