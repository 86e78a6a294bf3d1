"""Reading what a certificate authority issues: chains in PEM, DER or PKCS#7, names, the credit code, signatures.

Keys may be RSA (PKCS#1 v1.5 or PSS), ECDSA on P-256 or P-384, Ed25519 and SM2. ``cryptography`` reads SM2 certificates but
not their keys: the key is found by the fixed bytes that stand before every SM2 point, and checked by :mod:`yiwang.seal.sm2`.
"""

from __future__ import annotations

import base64
import binascii
import json
from dataclasses import dataclass
from typing import Any

from cryptography import x509
from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, padding, rsa
from cryptography.hazmat.primitives.serialization import pkcs7

from yiwang.kernel.errors import BadInput, bad
from yiwang.kernel.text import Text
from yiwang.modules.parties.accounts_law import Place, accounts_law
from yiwang.seal import sm2

MOST_BYTES = 64 * 1024
MOST_CERTIFICATES = 6
SM2_SIGNED = "1.2.156.10197.1.501"
"""Signature algorithm SM2 with SM3 (GM/T 0006)."""
_NAMES = {"2.5.4.5": "serialNumber", "2.5.4.97": "organizationIdentifier"}
_SM2_KEY = bytes.fromhex("3059301306072a8648ce3d020106082a811ccf5501822d03420004")
"""What stands before the 64 bytes of an SM2 point in a certificate: the point is uncompressed, the curve named."""


@dataclass(frozen=True)
class Answer:
    """A signature over a statement, and the chain when the file held it (leaf first)."""

    signature: bytes
    chain: tuple[x509.Certificate, ...] = ()


def read_chain(content: bytes) -> tuple[x509.Certificate, ...]:
    """The certificates of a file, the holder's first, then as they issued each other.

    Raises:
        BadInput: no certificate in it, too many, or the holder's is not to be told.
    """
    if len(content) > MOST_BYTES:
        raise _bad_chain("文件过大", "the file is too large")
    try:
        found = _parsed(content)
    except (ValueError, UnsupportedAlgorithm, binascii.Error):
        found = []
    if not found or len(found) > MOST_CERTIFICATES:
        raise _bad_chain("文件里没有可读的证书，或者证书过多", "no certificate can be read there, or there are too many")
    return _ordered(list(dict.fromkeys(found)))


def _parsed(content: bytes) -> list[x509.Certificate]:
    if b"-----BEGIN PKCS7" in content:
        return list(pkcs7.load_pem_pkcs7_certificates(content))
    if b"-----BEGIN" in content:
        return list(x509.load_pem_x509_certificates(content))
    try:
        return [x509.load_der_x509_certificate(content)]
    except ValueError:
        return list(pkcs7.load_der_pkcs7_certificates(content))


def _ordered(found: list[x509.Certificate]) -> tuple[x509.Certificate, ...]:
    """The one that issued none of the others comes first; who issued it after it."""
    leaves = [each for each in found if not any(other is not each and other.issuer == each.subject for other in found)]
    if len(found) == 1:
        leaves = found
    if len(leaves) != 1:
        raise _bad_chain("文件里有几张互不相干的证书", "the certificates in it do not form one chain")
    chain = [leaves[0]]
    while (above := next((each for each in found if each.subject == chain[-1].issuer and each not in chain), None)) is not None:
        chain.append(above)
    return tuple(chain)


def _bad_chain(zh: str, en: str) -> BadInput:
    return bad("chain", zh, en, code="certificate.form", passes=Text(
        "一个 PEM、DER 或 P7B 文件：机构证书和签发它的证书", "one file (PEM, DER or P7B) with the certificate and those that issued it"))


def read_answer(content: bytes) -> Answer:
    """What somebody hands in: the file of ``yiwang sign certificate``, base64, or the raw bytes of a signature.

    Raises:
        BadInput: none of these.
    """
    if not content or len(content) > MOST_BYTES:
        raise _bad_answer()
    try:
        text = content.decode("ascii").strip()
    except UnicodeDecodeError:
        return Answer(content)
    try:
        if not text.startswith("{"):
            return Answer(base64.b64decode("".join(text.split()), validate=True))
        told: dict[str, Any] = json.loads(text)
        chain = read_chain("\n".join(told["chain"]).encode())
        return Answer(base64.b64decode(told["signature"], validate=True), chain)
    except (ValueError, KeyError, TypeError, RecursionError):
        raise _bad_answer() from None


def _bad_answer() -> BadInput:
    return bad("signature", "这不是签名文件", "this is no signature", code="certificate.answer", passes=Text(
        "yiwang sign certificate 生成的文件，或者 openssl 生成的签名", "the file of yiwang sign certificate, or a signature made by openssl"))


def fingerprint(certificate: x509.Certificate) -> str:
    """SHA-256 of the certificate, in hex."""
    return certificate.fingerprint(hashes.SHA256()).hex()


def name_of(name: x509.Name) -> str:
    """A distinguished name as one line, as people read it: ``CN=…, O=…``."""
    parts = ((_NAMES.get(each.oid.dotted_string, each.rfc4514_attribute_name), each.value) for each in reversed(list(name)))
    return ", ".join(f"{label}={value!s}" for label, value in parts)[:500]


def key_of(certificate: x509.Certificate) -> Any:
    """The certificate's public key: of ``cryptography``, or the text ``sm2:…``.

    Raises:
        BadInput: a kind of key that is not taken, or one that is too short.
    """
    key: Any
    try:
        key = certificate.public_key()
    except (UnsupportedAlgorithm, ValueError):
        key = _sm2_key(certificate)
    if isinstance(key, rsa.RSAPublicKey) and key.key_size >= accounts_law().rsa_bits:
        return key
    if isinstance(key, ed25519.Ed25519PublicKey | str):
        return key
    if isinstance(key, ec.EllipticCurvePublicKey) and isinstance(key.curve, ec.SECP256R1 | ec.SECP384R1):
        return key
    passes = Text(f"RSA（不少于 {accounts_law().rsa_bits} 位）、ECDSA P-256/P-384、Ed25519、SM2",
                  f"RSA of at least {accounts_law().rsa_bits} bits, ECDSA on P-256 or P-384, Ed25519, SM2")  # fmt: skip
    raise bad("chain", "证书的密钥种类不接受，或者太短", "a kind of key that is not taken, or too short", code="certificate.key", passes=passes)


def _sm2_key(certificate: x509.Certificate) -> str | None:
    _, mark, after = certificate.tbs_certificate_bytes.partition(_SM2_KEY)
    if not mark or _SM2_KEY in after or len(after) < 64:
        return None
    return sm2.public_text(b"\x04" + after[:64])


def key_name(certificate: x509.Certificate) -> str:
    """What kind of key it is, for people: ``RSA 2048``, ``SM2``."""
    key = key_of(certificate)
    if isinstance(key, rsa.RSAPublicKey):
        return f"RSA {key.key_size}"
    if isinstance(key, ec.EllipticCurvePublicKey):
        return f"ECDSA {key.curve.name}"
    return "SM2" if isinstance(key, str) else "Ed25519"


def signed_by(key: Any, message: bytes, signature: bytes) -> bool:
    """Whether the signature is that of a certificate's key over the message (SHA-256; SM3 for SM2)."""
    if isinstance(key, str):
        return sm2.verify(key, message, base64.b64encode(signature).decode())
    if isinstance(key, rsa.RSAPublicKey):
        pss = padding.PSS(padding.MGF1(hashes.SHA256()), padding.PSS.AUTO)
        return any(_verifies(key, signature, message, pad, hashes.SHA256()) for pad in (padding.PKCS1v15(), pss))
    if isinstance(key, ec.EllipticCurvePublicKey):
        return _verifies(key, signature, message, ec.ECDSA(hashes.SHA256()))
    return _verifies(key, signature, message)


def _verifies(key: Any, signature: bytes, message: bytes, *how: Any) -> bool:
    try:
        key.verify(signature, message, *how)
    except (InvalidSignature, ValueError):
        return False
    return True


def code_in(certificate: x509.Certificate, uscc: str) -> str:
    """The name of the place where the certificate states this credit code; '' when it does nowhere."""
    for place in accounts_law().places:
        if any(value.strip().upper() == (prefix + uscc).upper() for value in _values(certificate, place) for prefix in place.prefixes):
            return place.name
    return ""


def _values(certificate: x509.Certificate, place: Place) -> list[str]:
    oid = x509.ObjectIdentifier(place.oid)
    if place.where == "subject":
        return [str(each.value) for each in certificate.subject.get_attributes_for_oid(oid)]
    try:
        extension = certificate.extensions.get_extension_for_oid(oid).value
    except (x509.ExtensionNotFound, ValueError):
        return []
    raw = extension.value if isinstance(extension, x509.UnrecognizedExtension) else b""
    inner = raw[2:] if len(raw) > 2 and raw[1] == len(raw) - 2 else raw  # a DER string, or bare text as some write it
    return [inner.decode("utf-8", "replace")]


def packed(chain: tuple[x509.Certificate, ...]) -> list[str]:
    """The chain as it is kept: base64 of each certificate's DER."""
    from cryptography.hazmat.primitives.serialization import Encoding

    return [base64.b64encode(each.public_bytes(Encoding.DER)).decode() for each in chain]


def pem(chain: tuple[x509.Certificate, ...]) -> str:
    """The chain as text, as acts take it."""
    from cryptography.hazmat.primitives.serialization import Encoding

    return "".join(each.public_bytes(Encoding.PEM).decode() for each in chain)


def unpacked(kept: list[str]) -> tuple[x509.Certificate, ...]:
    """What :func:`packed` made."""
    return tuple(x509.load_der_x509_certificate(base64.b64decode(each)) for each in kept)

