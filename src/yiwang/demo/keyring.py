"""Private keys of people who exist only in the demo city or in a replay, kept in the data folder so that they can act.

Real people's keys never come here: they stay on their own devices.
"""

from __future__ import annotations

import os
import re
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from yiwang.seal import keys, signing
from yiwang.seal.keys import CustodianKey

_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{0,99}")


class Keyring:
    """A folder of keys: ``<username>.pem`` to sign, ``custody/<tender>/<username>.txt`` one-time keys. Files are 0600."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def signing_key(self, username: str) -> Ed25519PrivateKey | None:
        """The signing key of a person, or None."""
        path = self.folder / f"{_checked(username)}.pem"
        return signing.read_key(path) if path.exists() else None

    def new_signing_key(self, username: str) -> Ed25519PrivateKey:
        """Make and keep a person's signing key, in place of an earlier one."""
        key = signing.new_signing_key()
        self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        path = self.folder / f"{_checked(username)}.pem"
        path.unlink(missing_ok=True)
        signing.write_key(path, key)
        return key

    def custody_file(self, tender: str, username: str) -> str | None:
        """The text of a custodian's one-time key file for a tender, or None."""
        path = self._custody(tender, username)
        return path.read_text(encoding="ascii") if path.exists() else None

    def new_custody_key(self, tender: str, username: str) -> CustodianKey:
        """The custodian's one-time key for a tender; made and kept the first time."""
        text = self.custody_file(tender, username)
        if text is not None:
            identity = keys.identity_in(text)
            return CustodianKey(identity, keys.recipient_of(identity))
        key = keys.new_custodian_key()
        path = self._custody(tender, username)
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(handle, "w", encoding="ascii") as file:
            file.write(f"# tender: {tender}\n# custodian: {username}\n# public key: {key.recipient}\n{key.identity}\n")
        return key

    def _custody(self, tender: str, username: str) -> Path:
        return self.folder / "custody" / _checked(tender) / f"{_checked(username)}.txt"


def _checked(name: str) -> str:
    if not _NAME.fullmatch(name):
        raise ValueError(f"{name!r} cannot name a key file")
    return name
