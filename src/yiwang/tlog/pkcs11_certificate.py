"""Signing with the key of a certificate inside a PKCS#11 token (a USB key of a certificate authority, an HSM).

Where the token is comes from the environment, as for the log's key (:mod:`yiwang.tlog.pkcs11`). Key and certificate share
their label. SM2 is not signed here: makers' mechanisms for it differ, and their own programs sign it.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass

from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature

from yiwang.tlog.errors import KeyFileError
from yiwang.tlog.pkcs11 import Token, open_session, told


@dataclass(frozen=True)
class Signed:
    """A signature, and the DER of the certificates that the token holds under the label."""

    signature: bytes
    certificates: tuple[bytes, ...]


def sign(label: str, message: bytes, token: Token) -> Signed:
    """Sign with SHA-256: RSA PKCS#1 v1.5, ECDSA, or Ed25519.

    Raises:
        KeyFileError: no such token, key or certificate, a wrong PIN, or a kind of key that is not known here.
    """
    with told(label):
        import pkcs11

        session = open_session(token)
        try:
            wanted = {pkcs11.Attribute.CLASS: pkcs11.ObjectClass.CERTIFICATE, pkcs11.Attribute.LABEL: label}
            found = tuple(bytes(each[pkcs11.Attribute.VALUE]) for each in session.get_objects(wanted))
            if not found:
                raise KeyFileError(f"密码设备里没有证书 {label}", f"the token has no certificate {label}", field=label)
            key = session.get_key(object_class=pkcs11.ObjectClass.PRIVATE_KEY, label=label)
            return Signed(_signature(key, message), found)
        finally:
            session.close()


def _signature(key: object, message: bytes) -> bytes:
    import pkcs11

    kind, sign_by = key.key_type, key.sign  # type: ignore[attr-defined]
    if kind == pkcs11.KeyType.RSA:
        return bytes(sign_by(message, mechanism=pkcs11.Mechanism.SHA256_RSA_PKCS))
    if kind == pkcs11.KeyType.EC:
        raw = bytes(sign_by(hashlib.sha256(message).digest(), mechanism=pkcs11.Mechanism.ECDSA))
        half = len(raw) // 2
        return encode_dss_signature(int.from_bytes(raw[:half], "big"), int.from_bytes(raw[half:], "big"))
    if kind == pkcs11.KeyType.EC_EDWARDS:
        return bytes(sign_by(message, mechanism=pkcs11.Mechanism.EDDSA))
    raise KeyFileError("密码设备中的密钥种类不支持", "a kind of key that is not known here", field="pkcs11")
