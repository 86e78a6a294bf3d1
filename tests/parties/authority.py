"""A certificate authority for tests: roots, intermediates, certificates of organisations, revocation lists."""

from __future__ import annotations

import base64
import subprocess
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509.oid import NameOID

from yiwang.cli.certificate import signature_by
from yiwang.kernel import moment

DAY = timedelta(days=1)
KEYS: dict[str, Any] = {
    "rsa": lambda: rsa.generate_private_key(65537, 2048),
    "p256": lambda: ec.generate_private_key(ec.SECP256R1()),
    "ed25519": ed25519.Ed25519PrivateKey.generate,
}


@dataclass
class Holder:
    """A certificate with its key."""

    certificate: x509.Certificate
    key: Any
    above: tuple[x509.Certificate, ...] = ()

    @property
    def chain(self) -> str:
        """PEM of the certificate and those above it."""
        return "".join(each.public_bytes(Encoding.PEM).decode() for each in (self.certificate, *self.above))

    def sign(self, message: bytes) -> str:
        """As an act takes it."""
        return base64.b64encode(signature_by(self.key, message)).decode()


class Authority:
    """An issuer; ``Authority(folder)`` is a root whose certificate lies in the folder that the site believes."""

    def __init__(self, folder: Path | None = None, name: str = "测试根", *, kind: str = "p256", above: Authority | None = None, **how: Any) -> None:
        self.folder = folder or (above.folder if above else None)
        self.key, self.above = KEYS[kind](), above
        self.certificate = self._made(name, self.key, above, authority=True, **how)
        if above is None and folder is not None:
            folder.mkdir(parents=True, exist_ok=True)
            (folder / f"{name}.pem").write_bytes(self.certificate.public_bytes(Encoding.PEM))

    def issue(self, uscc: str = "", *, kind: str = "p256", **how: Any) -> Holder:
        """A certificate that states the code in serialNumber, unless ``how`` says otherwise."""
        key = KEYS[kind]()
        made = self._made(f"机构 {uscc}", key, self, authority=False, uscc=uscc, **how)
        return Holder(made, key, tuple(self._upwards()))

    def _upwards(self) -> list[x509.Certificate]:
        return [self.certificate, *self.above._upwards()] if self.above else []

    def _made(
        self, name: str, key: Any, issuer: Authority | None, *, authority: bool, uscc: str = "", begins: datetime | None = None,
        ends: datetime | None = None, place: x509.ObjectIdentifier = NameOID.SERIAL_NUMBER, prefix: str = "", signs: bool = True,
        path_length: int | None = None, extension: x509.UnrecognizedExtension | None = None, critical: bool = False,
    ) -> x509.Certificate:  # fmt: skip
        now = moment.now()
        parts = [x509.NameAttribute(NameOID.COMMON_NAME, name)]
        if uscc and extension is None:
            parts.append(x509.NameAttribute(place, prefix + uscc))
        subject = x509.Name(parts)
        builder = (
            x509.CertificateBuilder()
            .subject_name(subject)
            .issuer_name(issuer.certificate.subject if issuer else subject)
            .public_key(key.public_key())
            .serial_number(x509.random_serial_number())
            .not_valid_before(begins or now - DAY)
            .not_valid_after(ends or now + 365 * DAY)
            .add_extension(x509.BasicConstraints(ca=authority, path_length=path_length), critical=True)
            .add_extension(usage(signs and not authority, issues=authority), critical=True)
        )
        if extension is not None:
            builder = builder.add_extension(extension, critical=critical)
        signing = issuer.key if issuer else key
        return builder.sign(signing, None if isinstance(signing, ed25519.Ed25519PrivateKey) else hashes.SHA256())

    def revoke(self, holder: Holder, at: datetime, *, until: datetime | None = None) -> None:
        """Put a revocation list into the folder."""
        now = moment.now()
        entry = x509.RevokedCertificateBuilder().serial_number(holder.certificate.serial_number).revocation_date(at).build()
        builder = x509.CertificateRevocationListBuilder().issuer_name(self.certificate.subject).last_update(now - 10 * DAY)
        made = builder.next_update(until or now + 7 * DAY).add_revoked_certificate(entry).sign(self.key, hashes.SHA256())
        assert self.folder is not None
        (self.folder / f"{at:%Y%m%d}-{made.fingerprint(hashes.SHA256()).hex()[:8]}.crl").write_bytes(made.public_bytes(Encoding.DER))


def usage(signs: bool, *, issues: bool) -> x509.KeyUsage:
    """What a key is for: signing, issuing, or neither (encryption)."""
    return x509.KeyUsage(
        digital_signature=signs, content_commitment=False, key_encipherment=not signs and not issues, data_encipherment=False,
        key_agreement=False, key_cert_sign=issues, crl_sign=issues, encipher_only=False, decipher_only=False,
    )  # fmt: skip


def sm2_by_openssl(folder: Path, uscc: str) -> tuple[Path, Path, Path]:
    """Root, holder's chain and key, all SM2, made by the openssl program; the root's certificate, the chain, the key."""
    folder.mkdir(parents=True, exist_ok=True)
    words = ["-sm3", "-sigopt", "distid:1234567812345678"]

    def openssl(*more: str) -> None:
        subprocess.run(["openssl", *more], check=True, capture_output=True, cwd=folder)

    openssl("req", "-x509", "-newkey", "sm2", "-nodes", "-keyout", "ca.key", "-out", "ca.pem", "-days", "3650", "-subj", "/CN=SM2 root", *words)
    openssl("req", "-newkey", "sm2", "-nodes", "-keyout", "own.key", "-out", "own.csr", "-subj", f"/CN=body/serialNumber={uscc}", *words)
    openssl("x509", "-req", "-in", "own.csr", "-CA", "ca.pem", "-CAkey", "ca.key", "-CAcreateserial", "-out", "own.pem", "-days", "365",
            "-vfyopt", "distid:1234567812345678", *words)  # fmt: skip
    return folder / "ca.pem", folder / "own.pem", folder / "own.key"
