"""Whom we believe: certificate authorities kept as data, chains up to them, revocation lists given as files.

The folder ``settings.CERTIFICATE_AUTHORITIES`` holds certificates of licensed authorities (``*.pem``, ``*.crt``, ``*.cer``,
``*.p7b``) and their revocation lists (``*.crl``). Nothing is asked over the network (no OCSP): the center's people put new lists
there, and a list that is older than it says it may be is warned of.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from functools import lru_cache
from itertools import pairwise
from pathlib import Path

from cryptography import x509
from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives import hashes
from cryptography.x509.oid import NameOID
from django.conf import settings

from yiwang.kernel.errors import BadInput, bad
from yiwang.kernel.text import Text
from yiwang.modules.parties import cert_read

SANDBOX = "YIWANG SANDBOX 演示专用 不具法律效力"
"""The organisation (O) in the subject of the demo city's own authority; production believes nobody of this name."""
_CERTIFICATES = (".pem", ".crt", ".cer", ".p7b")


@dataclass(frozen=True)
class Trust:
    """What the folder holds; ``unread``: files that could not be read."""

    roots: tuple[x509.Certificate, ...] = ()
    lists: tuple[x509.CertificateRevocationList, ...] = ()
    unread: tuple[str, ...] = ()


@dataclass(frozen=True)
class Checked:
    """A chain that leads to somebody whom we believe: holder first, root last.

    Attributes:
        warnings: what is worth a look: no revocation list of an issuer, or one that is out of date.
        revoked: since when a revocation list says that the holder's certificate, or one above it, is revoked.
    """

    path: tuple[x509.Certificate, ...]
    warnings: tuple[Text, ...] = field(default=())
    revoked: datetime | None = None

    @property
    def sandbox(self) -> bool:
        """Whether it leads to the demo city's own authority."""
        return is_sandbox(self.path[-1])


README = """\
Certificate authorities whose certificates organisations may bind / 受理的电子认证机构

*.pem *.crt *.cer *.p7b   certificates of licensed authorities (root, or the intermediate one that issues)
*.crl                     their revocation lists, as downloaded; replace them before they run out

Put only authorities here that hold a licence (电子认证服务许可证, 电子签名法 第16条). A certificate in this folder is believed
as it is: check its fingerprint with the authority by another way first. Files are read again when they change; whatever
cannot be read is left out. See docs/security/certificates.md.
"""


def prepare() -> Path:
    """The folder, made with its README when it is not there yet."""
    folder = Path(settings.CERTIFICATE_AUTHORITIES)
    folder.mkdir(parents=True, exist_ok=True)
    readme = folder / "README.txt"
    if not readme.exists():
        readme.write_text(README, encoding="utf-8")
    return folder


def trust() -> Trust:
    """What the folder holds now; read again when a file has changed."""
    folder = Path(settings.CERTIFICATE_AUTHORITIES)
    files = sorted(path for path in folder.rglob("*") if path.suffix.lower() in (*_CERTIFICATES, ".crl") and path.is_file())
    return _read(tuple((path, path.stat().st_mtime_ns) for path in files), settings.PRODUCTION)


@lru_cache(maxsize=4)
def _read(files: tuple[tuple[Path, int], ...], production: bool) -> Trust:
    roots: list[x509.Certificate] = []
    lists: list[x509.CertificateRevocationList] = []
    unread = []
    for path, _ in files:
        content = path.read_bytes()
        try:
            if path.suffix.lower() == ".crl":
                pem = b"-----BEGIN" in content
                lists.append(x509.load_pem_x509_crl(content) if pem else x509.load_der_x509_crl(content))
            else:
                roots += cert_read.read_chain(content)
        except (BadInput, ValueError):
            unread.append(path.name)
    believed = [each for each in roots if not (production and is_sandbox(each))]
    return Trust(tuple(believed), tuple(lists), tuple(unread))


def is_sandbox(certificate: x509.Certificate) -> bool:
    """Whether this is the demo city's own authority, or was issued by it."""
    names = [*certificate.subject, *certificate.issuer]
    return any(each.value == SANDBOX for each in names)


def called(authority: x509.Certificate) -> str:
    """What an authority is mostly called: its common name."""
    names = authority.subject.get_attributes_for_oid(NameOID.COMMON_NAME)
    return str(names[0].value) if names else cert_read.name_of(authority.subject)


def check(chain: tuple[x509.Certificate, ...], now: datetime) -> Checked:
    """Follow a chain up to an authority that we believe, at a moment.

    Raises:
        BadInput: out of validity, no chain to an authority, an issuer that may not issue, a key that may not sign, or a
            critical extension that nobody here understands. A revoked one is not refused here: see ``revoked``.
    """
    holder, known = chain[0], trust()
    cert_read.key_of(holder)
    _may_sign(holder)
    path = [holder]
    while path[-1] not in known.roots:
        issuer = _issuer_of(path[-1], known.roots, chain[1:])
        if issuer is None or len(path) > cert_read.MOST_CERTIFICATES:
            raise _not_believed(path[-1])
        _may_issue(issuer, below=len(path) - 1)
        path.append(issuer)
    if len(path) == 1:
        raise bad("chain", "这是签发机构自己的证书", "this is an authority's own certificate", code="certificate.ca")
    for each in path:
        _in_time(each, now)
    warnings, revoked = _revocation(path, known, now)
    return Checked(tuple(path), warnings, revoked)


def _issuer_of(one: x509.Certificate, *places: tuple[x509.Certificate, ...]) -> x509.Certificate | None:
    return next((each for place in places for each in place if each != one and _issued(one, each)), None)


def _issued(one: x509.Certificate, issuer: x509.Certificate) -> bool:
    if one.issuer != issuer.subject:
        return False
    if one.signature_algorithm_oid.dotted_string == cert_read.SM2_SIGNED:
        key = cert_read.key_of(issuer)
        return isinstance(key, str) and cert_read.signed_by(key, one.tbs_certificate_bytes, one.signature)
    try:
        if isinstance(one.signature_hash_algorithm, hashes.SHA1 | hashes.MD5):
            return False
        one.verify_directly_issued_by(issuer)
    except (InvalidSignature, UnsupportedAlgorithm, ValueError, TypeError):
        return False
    return True


def _not_believed(last: x509.Certificate) -> BadInput:
    name = cert_read.name_of(last.issuer)
    passes = Text("依法设立的电子认证机构签发的机构证书；文件里应带上中间证书；需要受理新的机构时请联系交易中心",
                  "a certificate of a licensed authority, with the intermediate ones; ask the center about others")  # fmt: skip
    return bad("chain", f"签发者“{name}”不在受理的电子认证机构之列", f"the issuer “{name}” leads to no authority accepted here",
               code="certificate.issuer", article="电子签名法 第16条", passes=passes)  # fmt: skip


def _in_time(one: x509.Certificate, now: datetime) -> None:
    begins, ends = one.not_valid_before_utc, one.not_valid_after_utc
    if not begins <= now <= ends:
        name = cert_read.name_of(one.subject)
        raise bad("chain", f"“{name}”不在有效期内（{begins:%Y-%m-%d} 至 {ends:%Y-%m-%d}）",
                  f"“{name}” is not valid now ({begins:%Y-%m-%d} to {ends:%Y-%m-%d})", code="certificate.time",
                  passes=Text("一张在有效期内的证书", "a certificate that is valid now"))  # fmt: skip


def _may_sign(holder: x509.Certificate) -> None:
    usage, basic = _extension(holder, x509.KeyUsage), _extension(holder, x509.BasicConstraints)
    if isinstance(basic, x509.BasicConstraints) and basic.ca:
        raise bad("chain", "这是签发机构的证书", "this is a certificate of an authority", code="certificate.ca")
    if isinstance(usage, x509.KeyUsage) and not (usage.digital_signature or usage.content_commitment):
        raise bad("chain", "这张证书的密钥不能用来签名", "the key of this certificate is not for signing", code="certificate.usage",
                  passes=Text("机构数字证书中的签名证书（不是加密证书）", "the signing certificate, not the one for encryption"))  # fmt: skip
    for each in holder.extensions:
        if each.critical and isinstance(each.value, x509.UnrecognizedExtension):
            raise bad("chain", f"证书带有不认识的关键扩展 {each.oid.dotted_string}",
                      f"a critical extension that is not understood: {each.oid.dotted_string}", code="certificate.critical")  # fmt: skip


def _may_issue(issuer: x509.Certificate, below: int) -> None:
    """``below``: how many issuers stand between this one and the holder."""
    basic, usage = _extension(issuer, x509.BasicConstraints), _extension(issuer, x509.KeyUsage)
    able = isinstance(basic, x509.BasicConstraints) and basic.ca and (basic.path_length is None or basic.path_length >= below)
    if not able or (isinstance(usage, x509.KeyUsage) and not usage.key_cert_sign):
        name = cert_read.name_of(issuer.subject)
        raise bad("chain", f"“{name}”无权签发证书", f"“{name}” may not issue certificates", code="certificate.issuer")


def _extension(one: x509.Certificate, kind: type) -> x509.ExtensionType | None:
    try:
        return one.extensions.get_extension_for_class(kind).value
    except x509.ExtensionNotFound:
        return None
    except ValueError as error:
        raise bad("chain", f"证书的扩展无法读取：{error}", f"the certificate's extensions cannot be read: {error}", code="certificate.form") from None


def _revocation(path: list[x509.Certificate], known: Trust, now: datetime) -> tuple[tuple[Text, ...], datetime | None]:
    warnings, revoked = [], None
    for one, issuer in pairwise(path):
        found = max(_lists_of(issuer, known), key=lambda each: each.last_update_utc, default=None)
        name = called(issuer)
        if found is None:
            warnings.append(Text(f"没有“{name}”的吊销列表，无法知道证书是否已被吊销",
                                 f"no revocation list of “{name}” is given: whether it revoked the certificate is not known"))  # fmt: skip
            continue
        if found.next_update_utc is None or found.next_update_utc < now:
            until = found.next_update_utc or found.last_update_utc
            warnings.append(Text(f"“{name}”的吊销列表已过期（应于 {until:%Y-%m-%d} 前更新）",
                                 f"the revocation list of “{name}” is out of date (due {until:%Y-%m-%d})"))  # fmt: skip
        entry = found.get_revoked_certificate_by_serial_number(one.serial_number)
        if entry is not None:
            revoked = min(filter(None, (revoked, entry.revocation_date_utc)))
    return tuple(warnings), revoked


def _lists_of(issuer: x509.Certificate, known: Trust) -> Iterator[x509.CertificateRevocationList]:
    """The lists that the issuer signed itself."""
    key = cert_read.key_of(issuer)
    for each in known.lists:
        if each.issuer != issuer.subject:
            continue
        if isinstance(key, str):
            valid = cert_read.signed_by(key, each.tbs_certlist_bytes, each.signature)
        else:
            try:
                valid = each.is_signature_valid(key)
            except (UnsupportedAlgorithm, ValueError, TypeError):
                valid = False
        if valid:
            yield each
