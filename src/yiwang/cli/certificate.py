"""``yiwang sign certificate`` and ``yiwang sign sandbox-certificate``: signing with an organisation's certificate.

The private key stays where it is: in a PKCS#12 file on this machine, or in a PKCS#11 token. Only signature and certificates
are written out, for uploading on the page that gave the statement.
"""

from __future__ import annotations

import base64
import json
import sys
from pathlib import Path
from typing import Any

import typer

from yiwang.cli.seal import PASSPHRASE
from yiwang.kernel.errors import bad
from yiwang.kernel.text import Text

PREFIX = b"yiwang/certificate-"


def register(app: typer.Typer) -> None:
    """Add the commands."""

    @app.command("certificate", help=_say("用机构证书签署网页给出的声明", "sign a statement of the site with an organisation's certificate"))
    def certificate(
        statement: Path = typer.Argument(help=_say("下载的声明文件", "the statement as downloaded")),
        p12: Path = typer.Option(None, help=_say("PKCS#12 文件（.p12、.pfx）", "a PKCS#12 file (.p12, .pfx)")),
        pkcs11: str = typer.Option("", help=_say("密码设备中的标签（环境变量见 docs/security/keys.md）",
                                                 "label in a PKCS#11 token (variables: docs/security/keys.md)")),
        out: Path = typer.Option(Path("signature.json"), help=_say("签名文件", "the file to upload")),
    ) -> None:  # fmt: skip
        if (p12 is None) == (not pkcs11):
            raise bad("p12", "请指定 --p12 或 --pkcs11 之一", "give either --p12 or --pkcs11")
        message = statement_in(statement)
        print(message.partition(b"\n")[2].decode(), file=sys.stderr)
        answer = by_token(pkcs11, message) if pkcs11 else by_file(p12, message, _passphrase)
        out.write_text(json.dumps(answer))
        print(Text(f"✓ 已签名，请在网页上传 {out}", f"✓ signed; upload {out} on the page"), file=sys.stderr)

    @app.command("sandbox-certificate", help=_say("演示城市：签发一张试用的机构证书", "demo city: issue a certificate to try with"))
    def sandbox(
        organisation: str = typer.Option(..., help=_say("统一社会信用代码", "unified social credit code")),
        name: str = typer.Option("", help=_say("单位名称", "name of the organisation")),
        out: Path = typer.Option(Path("sandbox.p12"), help=_say("PKCS#12 文件", "the PKCS#12 file")),
    ) -> None:
        out.write_bytes(sandbox_file(organisation, name))
        print(Text(f"✓ {out}，口令 binhai-2026；仅供演示，不具法律效力", f"✓ {out}, passphrase binhai-2026; for the demo only"), file=sys.stderr)


def statement_in(path: Path) -> bytes:
    """The bytes to sign. BadInput when the file is no statement for a certificate: nothing else is signed here."""
    content = path.read_bytes()
    if not content.startswith(PREFIX) or len(content) > 10_000:
        raise bad("statement", f"{path.name} 不是网页给出的声明", f"{path.name} is no statement of the site", passes=Text(
            "网页上“下载声明”得到的文件，原样不改", "the file that the page gives, unchanged"))
    return content


def by_file(p12: Path, message: bytes, passphrase: Any) -> dict[str, Any]:
    """Signature and chain by the key of a PKCS#12 file. BadInput when it cannot be read."""
    from cryptography.hazmat.primitives.serialization import pkcs12

    content = p12.read_bytes()
    try:
        key, own, others = pkcs12.load_key_and_certificates(content, passphrase().encode() or None)
    except (ValueError, TypeError):
        raise bad("p12", "PKCS#12 文件无法读取：口令不对或不是这种文件", "cannot read the PKCS#12 file: wrong passphrase or another kind of file",
                  passes=Text(f"口令也可用环境变量 {PASSPHRASE} 给出", f"the passphrase may come in {PASSPHRASE}")) from None  # fmt: skip
    if key is None or own is None:
        raise bad("p12", "文件里没有私钥和它的证书", "the file lacks the key or its certificate")
    return _answer(signature_by(key, message), [each.public_bytes(_der()) for each in (own, *others)])


def signature_by(key: Any, message: bytes) -> bytes:
    """A signature with SHA-256. BadInput for a kind of key that is not known here."""
    from cryptography.hazmat.primitives import hashes
    from cryptography.hazmat.primitives.asymmetric import ec, ed25519, padding, rsa

    if isinstance(key, rsa.RSAPrivateKey):
        return key.sign(message, padding.PKCS1v15(), hashes.SHA256())
    if isinstance(key, ec.EllipticCurvePrivateKey):
        return key.sign(message, ec.ECDSA(hashes.SHA256()))
    if isinstance(key, ed25519.Ed25519PrivateKey):
        return key.sign(message)
    raise bad("p12", "密钥种类不支持", "a kind of key that is not known here", passes=Text("RSA、ECDSA、Ed25519", "RSA, ECDSA, Ed25519"))


def by_token(label: str, message: bytes) -> dict[str, Any]:
    """Signature and certificates by a PKCS#11 token. BadInput, from the token's own sentence, when it fails."""
    from yiwang.tlog.pkcs11 import Token
    from yiwang.tlog.pkcs11_certificate import sign

    made = sign(label, message, Token.from_environment())
    return _answer(made.signature, list(made.certificates))


def sandbox_file(organisation: str, name: str) -> bytes:
    """A PKCS#12 file of the demo city's own authority. Refused in production."""
    from yiwang.cli import django

    django.setup()
    from yiwang.demo import clock
    from yiwang.kernel import moment
    from yiwang.modules.parties import cert_sandbox, rules

    clock.install()
    code = rules.checked_uscc(organisation)
    return cert_sandbox.issue(code, name or code, moment.now())


def _answer(signature: bytes, certificates: list[bytes]) -> dict[str, Any]:
    from cryptography import x509
    from cryptography.hazmat.primitives.serialization import Encoding

    pem = [x509.load_der_x509_certificate(each).public_bytes(Encoding.PEM).decode() for each in certificates]
    return {"chain": pem, "signature": base64.b64encode(signature).decode()}


def _der() -> Any:
    from cryptography.hazmat.primitives.serialization import Encoding

    return Encoding.DER


def _passphrase() -> str:
    import os

    if PASSPHRASE in os.environ:
        return os.environ[PASSPHRASE]
    return str(typer.prompt(_say("证书文件口令", "Passphrase of the certificate file"), hide_input=True, err=True))


def _say(zh: str, en: str) -> str:
    return str(Text(zh, en))
