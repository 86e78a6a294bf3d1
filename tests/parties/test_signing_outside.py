"""The certificate signs outside the browser: by a PKCS#12 file, by a PKCS#11 token, by openssl; then through the API."""

from __future__ import annotations

import base64
import json
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.serialization import (
    BestAvailableEncryption,
    Encoding,
    NoEncryption,
    PrivateFormat,
    pkcs12,
)

from tests.journeys.conftest import Program
from tests.keys.conftest import in_environment, softhsm  # noqa: F401  (fixtures)
from tests.parties.authority import KEYS, Holder
from tests.parties.conftest import Town
from tests.parties.test_certificates import with_key
from yiwang.cli import certificate as cli
from yiwang.cli.seal import PASSPHRASE as VARIABLE
from yiwang.demo.cast import Player
from yiwang.kernel.errors import BadInput, YiwangError
from yiwang.modules.parties import cert_read, cert_statements
from yiwang.modules.parties import selectors as parties
from yiwang.modules.parties.models import Certificate, Endorsement
from yiwang.seal import signing
from yiwang.tlog.pkcs11 import Token

PASSPHRASE = "wind and rain"


def statement_file(town: Town, folder: Path) -> tuple[Path, bytes]:
    message = cert_statements.message(cert_statements.make(cert_statements.BIND, town("zhao").person))
    (folder / "certificate-bind.txt").write_bytes(message)
    return folder / "certificate-bind.txt", message


def p12_of(holder: Holder, folder: Path) -> Path:
    content = pkcs12.serialize_key_and_certificates(b"x", holder.key, holder.certificate, holder.above, BestAvailableEncryption(PASSPHRASE.encode()))
    (folder / "own.p12").write_bytes(content)
    return folder / "own.p12"


@pytest.mark.parametrize("kind", sorted(KEYS))
def test_by_a_file(town: Town, tmp_path: Path, kind: str) -> None:
    holder = town.root.issue(town.firm.uscc, kind=kind)
    statement, message = statement_file(town, tmp_path)
    made = cli.by_file(p12_of(holder, tmp_path), cli.statement_in(statement), lambda: PASSPHRASE)
    answer = cert_read.read_answer(json.dumps(made).encode())
    assert answer.chain == (holder.certificate,)
    assert cert_read.signed_by(cert_read.key_of(holder.certificate), message, answer.signature)
    with pytest.raises(BadInput, match="口令不对"):
        cli.by_file(tmp_path / "own.p12", message, lambda: "wrong")
    (tmp_path / "letter.txt").write_text("I owe you everything")
    with pytest.raises(BadInput, match="不是网页给出的声明"):
        cli.statement_in(tmp_path / "letter.txt")


def test_the_command(town: Town, tmp_path: Path) -> None:
    p12 = p12_of(town.root.issue(town.firm.uscc), tmp_path)
    statement, _ = statement_file(town, tmp_path)
    words = [sys.executable, "-m", "yiwang.cli", "sign", "certificate", str(statement)]
    environment = {VARIABLE: PASSPHRASE, "YIWANG_LANG": "zh", "PATH": "/usr/bin"}
    done = subprocess.run([*words, "--p12", str(p12), "--out", str(tmp_path / "out.json")], capture_output=True, text=True,
                          env=environment, check=False)  # fmt: skip
    assert done.returncode == 0 and town.firm.uscc in done.stderr, done.stderr
    assert cert_read.read_answer((tmp_path / "out.json").read_bytes()).chain
    neither = subprocess.run(words, capture_output=True, text=True, env=environment, check=False)
    assert neither.returncode == 2 and "--p12" in neither.stderr


def test_by_openssl(town: Town, tmp_path: Path) -> None:
    if shutil.which("openssl") is None:
        pytest.skip("no openssl program")
    holder = town.root.issue(town.firm.uscc, kind="rsa")
    (tmp_path / "key.pem").write_bytes(holder.key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
    statement, message = statement_file(town, tmp_path)
    words = ["openssl", "dgst", "-sha256", "-sign", "key.pem", "-out", "signature.bin", statement.name]
    subprocess.run(words, check=True, cwd=tmp_path)
    answer = cert_read.read_answer((tmp_path / "signature.bin").read_bytes())
    assert cert_read.signed_by(cert_read.key_of(holder.certificate), message, answer.signature)


@pytest.mark.parametrize("kind", ["rsa", "p256"])
def test_by_a_token(town: Town, in_environment: Token, tmp_path: Path, kind: str) -> None:  # noqa: F811
    import pkcs11
    from pkcs11.util import ec, rsa, x509

    holder = town.root.issue(town.firm.uscc, kind=kind)
    der = holder.key.private_bytes(Encoding.DER, PrivateFormat.TraditionalOpenSSL, NoEncryption())
    decoded = (rsa.decode_rsa_private_key if kind == "rsa" else ec.decode_ec_private_key)(der)
    with pkcs11.lib(str(in_environment.module)).get_token(token_label=in_environment.label).open(rw=True, user_pin=in_environment.pin()) as session:
        found = {pkcs11.Attribute.LABEL: f"own-{kind}", pkcs11.Attribute.TOKEN: True}
        session.create_object({**decoded, **found, pkcs11.Attribute.SIGN: True})
        session.create_object({**x509.decode_x509_certificate(holder.certificate.public_bytes(Encoding.DER)), **found})
    _, message = statement_file(town, tmp_path)
    answer = cert_read.read_answer(json.dumps(cli.by_token(f"own-{kind}", message)).encode())
    assert answer.chain == (holder.certificate,)
    assert cert_read.signed_by(cert_read.key_of(holder.certificate), message, answer.signature)
    with pytest.raises(YiwangError, match="没有证书"):
        cli.by_token("nothing", message)


def test_through_the_api(town: Town) -> None:
    key = signing.new_signing_key()
    zhao = Program(Player(town("zhao").person, key, town("zhao")))
    holder = town.root.issue(town.firm.uscc)

    def signed(**query: str) -> dict[str, Any]:
        statement = zhao.get("/me/certificates/statement", **query)
        return {"statement": statement, "signature": holder.sign(cert_statements.message(statement))}

    zhao.get("/me/certificates/statement", 422, purpose="certificate-sign-in")
    zhao.post("/me/certificates", {**signed(purpose="certificate-bind"), "chain": "nonsense"}, 422)
    zhao.post("/me/certificates", {**signed(purpose="certificate-bind"), "chain": holder.chain})
    fingerprint = Certificate.objects.get().fingerprint
    assert [each["fingerprint"] for each in zhao.get("/me")["certificates"]] == [fingerprint]
    public = with_key(town)
    body = {**signed(purpose="certificate-endorse", key=public), "certificate": fingerprint, "key": public}
    zhao.post("/me/certificates/endorse", body)
    assert Endorsement.objects.get().key.public == public
    zhao.post("/me/certificates/revoke", {"fingerprint": fingerprint, "reason": "遗失"})
    assert Certificate.objects.get().revoked_at is not None


def test_members_and_resets_through_the_api(town: Town) -> None:
    def program(username: str) -> Program:
        actor = town(username)
        return Program(Player(actor.person, signing.new_signing_key(), actor))

    program("zhao").post("/me/members/invite", {"username": "sun", "parts": ["manager"]})
    program("sun").post("/me/organisation", {"organisation": town.firm.uscc})
    town.member("wu", "handler")
    program("zhao").post("/resets", {"username": "wu", "reason": "手机遗失"})
    number = str(parties.person_named("wu").resets.get().pk)
    assert program("zhao").post("/resets/agree", {"reset": number}, 409)["reasons"]
    program("sun").post("/resets/agree", {"reset": number})
    program("wu").post("/resets/object", {"reset": number})
    program("sun").post("/me/organisation/leave")
    assert town("sun").organisation is None


def test_base64_is_taken_with_line_breaks() -> None:
    raw = bytes(range(200))
    assert cert_read.read_answer(base64.encodebytes(raw)).signature == raw
