"""Acts on certificates of organisations: bind one, end it, let it endorse a member's signing key."""

from __future__ import annotations

import base64
import binascii
from datetime import datetime
from typing import Any

from cryptography import x509
from django.conf import settings

from yiwang.kernel import moment
from yiwang.kernel.errors import BadInput, bad
from yiwang.kernel.text import Text
from yiwang.modules.evidence import door
from yiwang.modules.evidence.actors import SYSTEM, Actor
from yiwang.modules.parties import cert_read, cert_selectors, cert_statements, cert_trust, states
from yiwang.modules.parties.models import Certificate, Endorsement, Organisation, SigningKey

ROWS = states.ORGANISATION.rows
Statement = dict[str, Any]


def bind(*, actor: Actor, statement: Statement, signature: str, chain: str, request_key: str | None = None) -> Certificate:
    """Bind a certificate of a licensed authority to the own organisation (电子签名法 第13条、第16条).

    Args:
        statement: as ``GET /me/certificates/statement?purpose=certificate-bind`` gave it.
        signature: base64 of the certificate's signature over ``yiwang/certificate-bind/v1``, a line feed, and the
            statement's canonical JSON.
        chain: PEM of the certificate and those that issued it.

    Raises:
        BadInput: the chain leads to no authority that is accepted here, is not valid now or revoked, is of another
            organisation, was bound before, or the signature is not that of its key.
    """
    with door.enter(ROWS["certificate.bind"], actor, lambda: _own(actor), request_key=request_key) as passage:
        message = cert_statements.check(statement, cert_statements.BIND, actor.person)
        given = cert_read.read_chain(chain.encode())
        checked = _acceptable(given, passage.subject, passage.now)
        _check_signature(given[0], message, signature)
        made = _certificate(checked, passage.subject, actor, passage.now)
        passage.record(public=_facts(made), private={"chain": made.chain, "statement": statement, "signature": signature,
                                                     "person": str(actor.person.pk)})  # fmt: skip
        passage.then(lambda act: _keep(made, act))
    return made


def _acceptable(chain: tuple[x509.Certificate, ...], organisation: Organisation, now: datetime) -> cert_trust.Checked:
    if settings.PRODUCTION and cert_trust.is_sandbox(chain[0]):
        raise bad("chain", "演示用的证书不能在正式环境使用", "a certificate of the sandbox is of no use here", code="certificate.sandbox",
                  passes=Text("依法设立的电子认证机构签发的机构证书", "a certificate of a licensed authority"))  # fmt: skip
    checked = cert_trust.check(chain, now)
    if checked.revoked is not None:
        raise bad("chain", f"证书已于 {checked.revoked:%Y-%m-%d} 被签发机构吊销",
                  f"the authority revoked this certificate on {checked.revoked:%Y-%m-%d}", code="certificate.revoked")  # fmt: skip
    if not cert_read.code_in(chain[0], organisation.uscc):
        raise bad("chain", f"证书里没有本单位的统一社会信用代码 {organisation.uscc}", f"the certificate does not state your code {organisation.uscc}",
                  code="certificate.code", passes=Text("签发给本单位的机构证书", "a certificate issued to your organisation"))  # fmt: skip
    if Certificate.objects.filter(fingerprint=cert_read.fingerprint(chain[0])).exists():
        raise bad("chain", "这张证书已经绑定过", "this certificate was bound before", code="certificate.bound",
                  passes=Text("停用过的证书不能再绑定；请向签发机构换发", "an ended one is not bound again; have it reissued"))  # fmt: skip
    return checked


def _check_signature(holder: x509.Certificate, message: bytes, signature: str) -> None:
    try:
        raw = base64.b64decode(signature, validate=True)
    except (binascii.Error, ValueError):
        raw = b""
    if not cert_read.signed_by(cert_read.key_of(holder), message, raw):
        raise wrong_signature()


def wrong_signature() -> BadInput:
    """The signature is not that of the certificate over the statement."""
    return bad("signature", "签名与声明或证书不符", "the signature does not fit the statement or the certificate", code="certificate.signature",
               passes=Text("用证书的私钥对下载的声明原样签名（SHA-256；国密证书用 SM3）",
                           "a signature by the certificate's key over the statement exactly as downloaded (SHA-256; SM3 for SM2)"))  # fmt: skip


def _certificate(checked: cert_trust.Checked, organisation: Organisation, actor: Actor, now: datetime) -> Certificate:
    holder = checked.path[0]
    return Certificate(
        organisation=organisation, fingerprint=cert_read.fingerprint(holder), chain=cert_read.packed(checked.path),
        subject=cert_read.name_of(holder.subject), issuer=cert_read.name_of(holder.issuer), serial=f"{holder.serial_number:x}"[:64],
        key=cert_read.key_name(holder), not_before=holder.not_valid_before_utc, not_after=holder.not_valid_after_utc,
        sandbox=checked.sandbox, bound_by=actor.person, bound_at=now,
    )  # fmt: skip


def _facts(made: Certificate) -> dict[str, Any]:
    return {
        "organisation": made.organisation.uscc, "fingerprint": made.fingerprint, "issuer": made.issuer, "serial": made.serial,
        "key": made.key, "not_before": moment.stamp(made.not_before), "not_after": moment.stamp(made.not_after), "sandbox": made.sandbox,
    }  # fmt: skip


def revoke(*, actor: Actor, fingerprint: str, reason: str, request_key: str | None = None) -> Certificate:
    """End a certificate of the own organisation: lost, stolen, replaced (电子签名法 第15条). Earlier signatures stay valid.

    Args:
        fingerprint: SHA-256 of the certificate, hex.
        reason: why, for the organisation's own record; not published.

    Raises:
        BadInput: no such certificate that still stands, or no reason.
    """
    if not reason.strip() or len(reason) > 200:
        raise bad("reason", "请填写原因（200 字以内）", "say why, in at most 200 characters", passes=Text("例如：介质遗失", "e.g. token lost"))
    return _end(actor, lambda: _own(actor), fingerprint, reason=reason.strip(), request_key=request_key)


def revoke_listed(now: datetime) -> int:
    """End the certificates that their authorities have revoked since, as their lists say; how many. For the nightly job."""
    ended = 0
    for each in Certificate.objects.filter(revoked_at=None, not_after__gt=now).select_related("organisation"):
        try:
            checked = cert_trust.check(cert_read.unpacked(each.chain), now)
        except BadInput:
            continue  # its authority is no longer believed: the page says so
        if checked.revoked is not None:
            body = each.organisation
            lock = lambda body=body: Organisation.objects.select_for_update().get(pk=body.pk)  # noqa: E731
            _end(SYSTEM, lock, each.fingerprint, reason="签发机构已吊销", since=checked.revoked)
            ended += 1
    return ended


def _end(
    actor: Actor, lock: Any, fingerprint: str, *, reason: str, since: datetime | None = None, request_key: str | None = None
) -> Certificate:
    with door.enter(ROWS["certificate.revoke"], actor, lock, request_key=request_key) as passage:
        found = Certificate.objects.filter(organisation=passage.subject, fingerprint=fingerprint.lower(), revoked_at=None).first()
        if found is None:
            raise bad("fingerprint", "没有这张仍然有效的证书", "there is no such certificate that still stands", code="certificate.none")
        found.revoked_at, found.revoked_why = min(since or passage.now, passage.now).replace(microsecond=0), reason
        passage.record(public={"organisation": passage.subject.uscc, "fingerprint": found.fingerprint,
                               "since": moment.stamp(found.revoked_at)}, private={"reason": reason})  # fmt: skip
        passage.then(lambda act: found.save(update_fields=["revoked_at", "revoked_why"]))
    return found


def endorse(
    *, actor: Actor, certificate: str, key: str, statement: Statement, signature: str, request_key: str | None = None
) -> Endorsement:
    """Let the organisation's certificate say that a signing key of yours signs for it (电子签名法 第13条).

    Args:
        certificate: SHA-256 of the organisation's certificate, hex.
        key: the public key, as bound.
        statement: as ``GET /me/certificates/statement?purpose=certificate-endorse&key=...`` gave it.
        signature: base64 of the certificate's signature over it.

    Raises:
        BadInput: the certificate or the key does not stand, was endorsed by it before, or the signature is not its own.
    """
    with door.enter(ROWS["certificate.endorse"], actor, lambda: _own(actor), request_key=request_key) as passage:
        found = standing(actor, certificate, passage.now)
        bound = SigningKey.objects.filter(person=actor.person, public=key, revoked_at=None).first()
        if bound is None:
            raise bad("key", "签名密钥没有绑定到您的账号", "the signing key is not bound to your account", code="key.unknown")
        if Endorsement.objects.filter(certificate=found, key=bound).exists():
            raise bad("key", "这把密钥已由这张证书背书", "this certificate has endorsed this key already", code="certificate.endorsed")
        message = cert_statements.check(statement, cert_statements.ENDORSE, actor.person, key=key)
        _check_signature(cert_read.unpacked(found.chain)[0], message, signature)
        made = Endorsement(certificate=found, key=bound, at=passage.now)
        passage.record(public={"organisation": passage.subject.uscc, "certificate": found.fingerprint, "key": key,
                               "statement": statement, "signature": signature})  # fmt: skip
        passage.then(lambda act: _keep(made, act))
    return made


def standing(actor: Actor, fingerprint: str, now: datetime) -> Certificate:
    """The organisation's certificate with this fingerprint, valid at a moment and with its authority's backing.

    Raises:
        BadInput: there is none, it has run out, or it was ended.
    """
    found = Certificate.objects.filter(organisation=actor.organisation, fingerprint=fingerprint.lower()).first()
    if found is None or not cert_selectors.counts(found, now) or not cert_selectors.believed(found, now):
        raise bad("certificate", "没有这张有效的机构证书", "there is no such certificate that is valid", code="certificate.none",
                  passes=Text("绑定一张有效的机构证书", "bind a valid certificate of your organisation"))  # fmt: skip
    return found


def _own(actor: Actor) -> Organisation | None:
    if actor.organisation is None:
        return None
    return Organisation.objects.select_for_update().filter(pk=actor.organisation.pk).first()


def _keep(made: Certificate | Endorsement, act: Any) -> None:
    made.act = act
    made.save()
