"""Which certificates are believed: chains, validity, usage, the credit code, revocation, kinds of keys."""

from __future__ import annotations

import base64
import shutil
import subprocess
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import padding
from cryptography.hazmat.primitives.serialization import Encoding, pkcs7
from cryptography.x509.oid import NameOID

from tests.parties.authority import DAY, Authority, sm2_by_openssl
from yiwang.demo.cast import made_up_uscc
from yiwang.kernel import moment
from yiwang.kernel.errors import BadInput, Refused
from yiwang.modules.parties import cert_read, cert_sandbox, cert_trust

USCC = made_up_uscc("海天建设有限公司")


@pytest.fixture
def folder(settings: Any, tmp_path: Path) -> Path:
    """The folder of believed authorities."""
    settings.CERTIFICATE_AUTHORITIES = tmp_path / "authorities"
    return tmp_path / "authorities"


def checked(holder: Any, now: datetime | None = None) -> cert_trust.Checked:
    return cert_trust.check(cert_read.read_chain(holder.chain.encode()), now or moment.now())


@pytest.mark.parametrize("kind", ["rsa", "p256", "ed25519"])
def test_a_chain_of_three_is_followed_and_a_signature_checked(folder: Path, kind: str) -> None:
    middle = Authority(None, "中间", kind=kind, above=Authority(folder, kind=kind))
    holder = middle.issue(USCC, kind=kind)
    assert [cert_read.name_of(each.subject) for each in checked(holder).path] == [
        cert_read.name_of(holder.certificate.subject), "CN=中间", "CN=测试根"]  # fmt: skip
    key = cert_read.key_of(holder.certificate)
    assert cert_read.signed_by(key, b"text", base64.b64decode(holder.sign(b"text")))
    assert not cert_read.signed_by(key, b"texu", base64.b64decode(holder.sign(b"text")))
    with pytest.raises(BadInput, match="不在受理"):
        cert_trust.check((holder.certificate,), moment.now())


def test_rsa_pss_is_taken_as_well(folder: Path) -> None:
    holder = Authority(folder).issue(USCC, kind="rsa")
    pss = padding.PSS(padding.MGF1(hashes.SHA256()), 32)
    assert cert_read.signed_by(cert_read.key_of(holder.certificate), b"x", holder.key.sign(b"x", pss, hashes.SHA256()))


def test_sm2_certificates_made_by_openssl(folder: Path, tmp_path: Path) -> None:
    if shutil.which("openssl") is None:
        pytest.skip("no openssl program")
    root, own, key = sm2_by_openssl(tmp_path / "sm2", USCC)
    folder.mkdir()
    shutil.copy(root, folder)
    chain = cert_read.read_chain(own.read_bytes())
    found = cert_trust.check(chain, datetime.now(UTC))
    assert len(found.path) == 2 and cert_read.key_name(chain[0]) == "SM2" and cert_read.code_in(chain[0], USCC)
    (tmp_path / "message").write_bytes(b"statement")
    command = ["openssl", "dgst", "-sm3", "-sigopt", "distid:1234567812345678", "-sign", str(key), str(tmp_path / "message")]
    signature = subprocess.run(command, check=True, capture_output=True).stdout
    assert cert_read.signed_by(cert_read.key_of(chain[0]), b"statement", signature)
    assert not cert_read.signed_by(cert_read.key_of(chain[0]), b"statemenu", signature)
    other = sm2_by_openssl(tmp_path / "other", USCC)[1]  # a root of the same name with another key
    with pytest.raises(BadInput, match="不在受理"):
        cert_trust.check(cert_read.read_chain(other.read_bytes()), datetime.now(UTC))


def test_what_is_not_believed(folder: Path) -> None:
    root, now = Authority(folder), moment.now()
    with pytest.raises(BadInput, match="不在受理"):
        checked(Authority(None, "别家").issue(USCC))
    with pytest.raises(BadInput, match="不在受理"):  # the same name, another key
        checked(Authority(None, "测试根").issue(USCC))
    with pytest.raises(BadInput, match="不在有效期"):
        checked(root.issue(USCC, begins=now - 9 * DAY, ends=now - DAY))
    with pytest.raises(BadInput, match="不在有效期"):
        checked(root.issue(USCC, begins=now + DAY, ends=now + 9 * DAY))
    with pytest.raises(BadInput, match="不能用来签名"):
        checked(root.issue(USCC, signs=False))
    with pytest.raises(BadInput, match="签发机构"):
        cert_trust.check((root.certificate,), now)
    strange = x509.UnrecognizedExtension(x509.ObjectIdentifier("1.2.3.4"), b"\x05\x00")
    with pytest.raises(BadInput, match="关键扩展"):
        checked(root.issue(USCC, extension=strange, critical=True))


def test_who_may_issue(folder: Path) -> None:
    root = Authority(folder, path_length=0)
    with pytest.raises(BadInput, match="无权签发"):
        checked(Authority(None, "中间", above=root).issue(USCC))
    ordinary = root.issue(USCC)
    fake = Authority(None, "假", above=root)
    fake.certificate, fake.key = ordinary.certificate, ordinary.key
    with pytest.raises(BadInput, match="无权签发"):
        checked(fake.issue(USCC))


def test_the_code_is_found_in_its_places_and_only_whole(folder: Path) -> None:
    root = Authority(folder)
    for place, prefix in ((NameOID.SERIAL_NUMBER, ""), (NameOID.ORGANIZATION_IDENTIFIER, "NTRCN-"), (NameOID.ORGANIZATIONAL_UNIT_NAME, "")):
        assert cert_read.code_in(root.issue(USCC, place=place, prefix=prefix).certificate, USCC)
    oid = x509.ObjectIdentifier("1.2.156.10260.4.1.3")
    for raw in (USCC.encode(), b"\x0c\x12" + USCC.encode()):
        assert cert_read.code_in(root.issue(USCC, extension=x509.UnrecognizedExtension(oid, raw)).certificate, USCC)
    assert not cert_read.code_in(root.issue(USCC, place=NameOID.LOCALITY_NAME).certificate, USCC)
    assert not cert_read.code_in(root.issue(USCC, prefix="X").certificate, USCC)
    assert not cert_read.code_in(root.issue(USCC).certificate, made_up_uscc("别家"))


def test_files_of_every_form_in_any_order(folder: Path) -> None:
    middle = Authority(None, "中间", above=Authority(folder))
    holder = middle.issue(USCC)
    both = [middle.certificate, holder.certificate]
    forms = [b"".join(each.public_bytes(Encoding.PEM) for each in both), pkcs7.serialize_certificates(both, Encoding.DER),
             pkcs7.serialize_certificates(both, Encoding.PEM)]  # fmt: skip
    for content in forms:
        assert cert_read.read_chain(content)[:2] == (holder.certificate, middle.certificate)
    assert cert_read.read_chain(holder.certificate.public_bytes(Encoding.DER)) == (holder.certificate,)
    for content in (b"", b"\x00" * 100, b"-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n", b"x" * 70_000):
        with pytest.raises(BadInput, match=r"证书|文件"):
            cert_read.read_chain(content)
    with pytest.raises(BadInput, match="互不相干"):
        cert_read.read_chain((holder.chain + middle.issue(USCC).chain).encode())


def test_revocation_lists(folder: Path) -> None:
    root, now = Authority(folder), moment.now()
    holder, other = root.issue(USCC), root.issue(USCC)
    assert "没有" in checked(other).warnings[0].zh and checked(holder).revoked is None
    root.revoke(holder, now - 3 * DAY)
    assert checked(holder).revoked == (now - 3 * DAY).replace(microsecond=0)
    assert checked(other) == cert_trust.Checked((other.certificate, root.certificate))
    stale = checked(other, now + 30 * DAY)
    assert "已过期" in stale.warnings[0].zh and stale.revoked is None


def test_a_list_that_its_issuer_did_not_sign_says_nothing(folder: Path) -> None:
    root, now = Authority(folder), moment.now()
    holder, forger = root.issue(USCC), Authority(None, "测试根")
    forger.folder = folder
    forger.revoke(holder, now - DAY)
    assert checked(holder).revoked is None


def test_the_sandbox_is_refused_in_production(folder: Path, settings: Any) -> None:
    now = moment.now()
    made = serialization.pkcs12.load_key_and_certificates(cert_sandbox.issue(USCC, "海天", now), cert_sandbox.PASSPHRASE)
    holder = made[1]
    assert holder is not None
    found = cert_trust.check((holder,), now)
    assert found.sandbox and cert_read.code_in(holder, USCC) and cert_sandbox.authority(now)[0] == found.path[1]
    assert (cert_sandbox.folder() / "sandbox-ca.pem").stat().st_mode & 0o077 == 0
    settings.PRODUCTION = True
    with pytest.raises(BadInput, match="不在受理"):
        cert_trust.check((holder,), now)
    with pytest.raises(Refused, match="正式环境"):
        cert_sandbox.issue(USCC, "海天", now)


def test_a_file_that_cannot_be_read_is_named(folder: Path) -> None:
    Authority(folder)
    (folder / "broken.pem").write_text("nothing")
    (folder / "broken.crl").write_text("nothing")
    assert cert_trust.trust().unread == ("broken.crl", "broken.pem") and len(cert_trust.trust().roots) == 1
