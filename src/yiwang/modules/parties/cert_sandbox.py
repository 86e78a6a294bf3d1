"""The demo city's own certificate authority: made at its first start, named for what it is, refused in production.

It lets a newcomer try what a licensed authority's certificate would do. Its key lies in the demo city's data folder.
"""

from __future__ import annotations

import os
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import pkcs12
from cryptography.x509.oid import NameOID
from django.conf import settings

from yiwang.kernel.errors import Refused
from yiwang.kernel.text import Text
from yiwang.kernel.verdict import Reason
from yiwang.modules.parties import cert_trust
from yiwang.modules.parties.cert_trust import SANDBOX

YEARS = timedelta(days=365)
PASSPHRASE = b"binhai-2026"
"""Of the key files that it makes; a sandbox has nothing to protect."""


def folder() -> Path:
    """Where it keeps its certificate and its key."""
    return Path(settings.CERTIFICATE_AUTHORITIES) / "sandbox"


def tried() -> bool:
    """Whether there is one here: in the demo city, once it was started."""
    return not settings.PRODUCTION and (folder() / "sandbox-ca.pem").exists()


def authority(now: datetime) -> tuple[x509.Certificate, ec.EllipticCurvePrivateKey]:
    """Its certificate and key, made the first time.

    Raises:
        Refused: in production.
    """
    if settings.PRODUCTION:
        message = Text("正式环境没有演示用的签发机构", "there is no sandbox authority in production")
        raise Refused(Reason("certificate.sandbox", message))
    place = folder() / "sandbox-ca.pem"
    if not place.exists():
        _make(place, now)
    content = place.read_bytes()
    private = serialization.load_pem_private_key(content, None)
    assert isinstance(private, ec.EllipticCurvePrivateKey)  # as _make wrote it
    return x509.load_pem_x509_certificate(content), private


def _make(place: Path, now: datetime) -> None:
    """Write key and certificate as one file; whoever comes first makes it."""
    private = ec.generate_private_key(ec.SECP256R1())
    name = _name((NameOID.ORGANIZATION_NAME, SANDBOX), (NameOID.COMMON_NAME, "Binhai sandbox CA"))
    made = (
        _builder(name, name, private, now - 5 * YEARS, now + 20 * YEARS)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .add_extension(_usage(issues=True), critical=True)
        .sign(private, hashes.SHA256())
    )
    pem = private.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    cert_trust.prepare()
    place.parent.mkdir(exist_ok=True)
    half = place.with_suffix(f".{os.getpid()}.part")
    with os.fdopen(os.open(half, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file:
        file.write(pem + made.public_bytes(serialization.Encoding.PEM))
    try:
        os.link(half, place)
    except FileExistsError:  # another process was quicker: its authority is the one
        pass
    finally:
        half.unlink()


def issue(uscc: str, name: str, now: datetime, *, days: int = 365) -> bytes:
    """A certificate for an organisation with a new key, as a PKCS#12 file under :data:`PASSPHRASE`."""
    issuer, signing = authority(now)
    private = ec.generate_private_key(ec.SECP256R1())
    subject = _name((NameOID.ORGANIZATION_NAME, name[:64]), (NameOID.ORGANIZATIONAL_UNIT_NAME, SANDBOX),
                    (NameOID.SERIAL_NUMBER, uscc), (NameOID.COMMON_NAME, name[:64]))  # fmt: skip
    made = (
        _builder(subject, issuer.subject, private, now - timedelta(minutes=5), now + timedelta(days=days))
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(_usage(issues=False), critical=True)
        .sign(signing, hashes.SHA256())
    )
    how = serialization.BestAvailableEncryption(PASSPHRASE)
    return pkcs12.serialize_key_and_certificates(uscc.encode(), private, made, [issuer], how)


def _builder(subject: x509.Name, issuer: x509.Name, key: Any, begins: datetime, ends: datetime) -> x509.CertificateBuilder:
    builder = x509.CertificateBuilder().subject_name(subject).issuer_name(issuer).public_key(key.public_key())
    return builder.serial_number(x509.random_serial_number()).not_valid_before(begins).not_valid_after(ends)


def _name(*parts: tuple[x509.ObjectIdentifier, str]) -> x509.Name:
    return x509.Name([x509.NameAttribute(NameOID.COUNTRY_NAME, "CN"), *(x509.NameAttribute(*part) for part in parts)])


def _usage(*, issues: bool) -> x509.KeyUsage:
    return x509.KeyUsage(
        digital_signature=not issues, content_commitment=not issues, key_encipherment=False, data_encipherment=False,
        key_agreement=False, key_cert_sign=issues, crl_sign=issues, encipher_only=False, decipher_only=False,
    )  # fmt: skip

