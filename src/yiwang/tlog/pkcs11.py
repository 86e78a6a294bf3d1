"""The log's Ed25519 key inside a PKCS#11 token (an HSM): the private key is made there and never leaves it.

Optional: ``pip install yiwang[pkcs11]``. Where the token is comes from the environment, so that no machine's paths stand
in the key file: ``YIWANG_PKCS11_MODULE`` (the maker's library), ``YIWANG_PKCS11_TOKEN`` (the token's label) and
``YIWANG_PKCS11_PIN_FILE`` (a file of mode 0600). PKCS#11 has no ML-DSA mechanism in tokens of today (SoftHSM 2.6 among
them), so the log's second key stays a file.
"""

from __future__ import annotations

import os
import stat
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from yiwang.kernel.text import Text
from yiwang.tlog import note as notes
from yiwang.tlog.errors import KeyFileError

if TYPE_CHECKING:
    import pkcs11

MODULE, TOKEN, PIN_FILE = "YIWANG_PKCS11_MODULE", "YIWANG_PKCS11_TOKEN", "YIWANG_PKCS11_PIN_FILE"
_EDWARDS25519 = b"\x13\x0cedwards25519"
"""CKA_EC_PARAMS of the curve: its name as DER PrintableString (PKCS#11 v3.0, 2.3.5)."""
_loaded_in: dict[Path, int] = {}
"""In which process each library was initialised."""


@dataclass(frozen=True, slots=True)
class Token:
    """Where the token is: the maker's library, the token's label, the file that holds the user's PIN."""

    module: Path
    label: str
    pin_file: Path

    @classmethod
    def from_environment(cls, environment: Mapping[str, str] = os.environ) -> Token:
        """The token that the environment names; KeyFileError naming the variable that is missing."""
        for name in (MODULE, TOKEN, PIN_FILE):
            if not environment.get(name):
                raise KeyFileError(f"密钥在密码设备里，但没有设置 {name}", f"the key is in a token, but {name} is not set",
                                   field=name, passes=Text("见 docs/security/keys.md", "see docs/security/keys.md"))  # fmt: skip
        return cls(Path(environment[MODULE]), environment[TOKEN], Path(environment[PIN_FILE]))

    def pin(self) -> str:
        """The user's PIN: the first line of its file. KeyFileError when others can read the file, or it is empty."""
        pin = read_private(self.pin_file).decode("utf-8", "replace").split("\n")[0].strip()
        if not pin:
            raise KeyFileError(f"{self.pin_file} 是空的", f"{self.pin_file} is empty", field=str(self.pin_file))
        return pin


def read_private(path: Path) -> bytes:
    """The content of a secret file.

    Raises:
        KeyFileError: missing, or its mode lets others than the owner do anything with it.
    """
    try:
        with path.open("rb") as file:
            mode = stat.S_IMODE(os.fstat(file.fileno()).st_mode)
            content = file.read()
    except FileNotFoundError:
        raise KeyFileError(f"没有密钥文件 {path}", f"there is no key file {path}", field=str(path)) from None
    if mode & 0o077:
        raise KeyFileError(f"{path} 可被他人读取（{mode:04o}）", f"{path} can be read by others ({mode:04o})",
                           field=str(path), passes=Text("chmod 600", "chmod 600"))  # fmt: skip
    return content


class TokenKey:
    """An Ed25519 key in a token, with the two methods of a private key that the log's signer uses.

    The token is opened when something is signed, not before, so that programs which only read keys need none; each
    process and its children open their own session. What the token signed is checked before it is given out.
    """

    def __init__(self, label: str, public: bytes, token: Callable[[], Token] = Token.from_environment) -> None:
        self.label = label
        self._public = Ed25519PublicKey.from_public_bytes(public)
        self._token = token
        self._lock = threading.Lock()
        self._session: tuple[int, pkcs11.Session, Any] | None = None

    def public_key(self) -> Ed25519PublicKey:
        """The public key, as the key file states it."""
        return self._public

    def sign(self, data: bytes) -> bytes:
        """64 bytes of Ed25519 signature (CKM_EDDSA).

        Raises:
            KeyFileError: token, key or PIN are not what was configured, or the token signed with another key.
        """
        with self._lock, told(self.label):
            signature = self._sign(data)
        if not notes.ed25519_ok(self._public.public_bytes_raw(), signature, data):
            raise KeyFileError(f"密码设备中的密钥 {self.label} 不是密钥文件记载的那一把",
                               f"the token's key {self.label} is not the one that the key file states", field=self.label)  # fmt: skip
        return signature

    def _sign(self, data: bytes) -> bytes:
        import pkcs11

        fresh = self._session is None or self._session[0] != os.getpid()
        try:
            return bytes(self._key().sign(data, mechanism=pkcs11.Mechanism.EDDSA))
        except pkcs11.PKCS11Error:
            self._session = None
            if fresh:
                raise
        return bytes(self._key().sign(data, mechanism=pkcs11.Mechanism.EDDSA))  # the token was away: once more, anew

    def _key(self) -> Any:
        import pkcs11

        if self._session is None or self._session[0] != os.getpid():
            session = open_session(self._token())
            key = session.get_key(object_class=pkcs11.ObjectClass.PRIVATE_KEY, label=self.label)
            self._session = (os.getpid(), session, key)
        return self._session[2]


def generate(label: str, token: Token) -> TokenKey:
    """Make an Ed25519 key pair in the token: sensitive, not extractable, kept under ``label``.

    Raises:
        KeyFileError: the token cannot be used, or holds a key of that label already.
    """
    with told(label):
        import pkcs11

        session = open_session(token, writing=True)
        try:
            if list(session.get_objects({pkcs11.Attribute.LABEL: label})):
                raise KeyFileError(f"密码设备里已有 {label}，不会覆盖", f"the token holds {label}; it stays", field=label)
            curve = session.create_domain_parameters(
                pkcs11.KeyType.EC_EDWARDS, {pkcs11.Attribute.EC_PARAMS: _EDWARDS25519}, local=True
            )
            public, _private = curve.generate_keypair(
                mechanism=pkcs11.Mechanism.EC_EDWARDS_KEY_PAIR_GEN, store=True, label=label
            )
            return TokenKey(label, bytes(public[pkcs11.Attribute.EC_POINT])[-32:], lambda: token)
        finally:
            session.close()


def open_session(token: Token, *, writing: bool = False) -> pkcs11.Session:
    """A session as the token's user. PKCS#11 wants a library initialised anew in a child process."""
    import pkcs11

    library = pkcs11.lib(str(token.module))
    if _loaded_in.setdefault(token.module, os.getpid()) != os.getpid():
        library.reinitialize()
        _loaded_in[token.module] = os.getpid()
    found, pin = library.get_token(token_label=token.label), token.pin()
    try:
        return found.open(rw=writing, user_pin=pin)
    except pkcs11.UserAlreadyLoggedIn:  # one login serves all sessions of a process
        return found.open(rw=writing)


@contextmanager
def told(label: str) -> Iterator[None]:
    """Say in one sentence what is wrong with the token."""
    try:
        import pkcs11
    except ImportError:
        raise KeyFileError("没有安装 PKCS#11 支持", "PKCS#11 support is not installed", field="pkcs11",
                           passes=Text("pip install 'yiwang[pkcs11]'", "pip install 'yiwang[pkcs11]'")) from None  # fmt: skip
    sentences = {
        pkcs11.NoSuchToken: ("没有这个标签的密码设备", "there is no token of that label"),
        pkcs11.NoSuchKey: (f"密码设备里没有密钥 {label}", f"the token has no key {label}"),
        pkcs11.MultipleObjectsReturned: (f"密码设备里有多把 {label}", f"the token has several keys {label}"),
        pkcs11.PinIncorrect: ("PIN 不对", "the PIN is wrong"),
        pkcs11.PinLocked: ("PIN 已锁定", "the PIN is locked"),
    }
    try:
        yield
    except pkcs11.PKCS11Error as error:
        what = str(error) or type(error).__name__
        zh, en = sentences.get(type(error), (f"密码设备出错（{what}）", f"the token failed ({what})"))
        raise KeyFileError(zh, en, field=label) from None
