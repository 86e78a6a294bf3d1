"""Reads of certificates: which an organisation has, how each stands, what a signature rests on."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db.models import QuerySet

from yiwang.kernel import moment
from yiwang.kernel.errors import BadInput
from yiwang.kernel.text import Text
from yiwang.modules.evidence.actors import Actor
from yiwang.modules.parties import cert_read, cert_trust
from yiwang.modules.parties.accounts_law import accounts_law
from yiwang.modules.parties.models import Certificate, Endorsement, Organisation


@dataclass(frozen=True)
class Standing:
    """How a certificate stands now: ``kind`` colours the word; ``warnings`` are worth a look."""

    code: str
    name: Text
    kind: str
    warnings: tuple[Text, ...] = ()


def certificates_of(organisation: Organisation, now: datetime | None = None) -> list[Certificate]:
    """The organisation's certificates that are valid now (not run out, not ended), the one that lasts longest first."""
    at = now or moment.now()
    found = Certificate.objects.filter(organisation=organisation, revoked_at=None, not_before__lte=at, not_after__gte=at)
    return list(found.order_by("-not_after", "id"))


def all_of(actor: Actor) -> QuerySet[Certificate]:
    """Every certificate of the actor's organisation, ended ones too; none for people without organisation."""
    if actor.organisation is None:
        return Certificate.objects.none()
    return Certificate.objects.filter(organisation=actor.organisation).select_related("act__log_entry", "bound_by").order_by("-id")


def counts(certificate: Certificate, at: datetime) -> bool:
    """Whether a signature made at this moment of the log counts: within validity, before any revocation."""
    in_time = certificate.not_before <= at <= certificate.not_after
    return in_time and (certificate.revoked_at is None or at < certificate.revoked_at)


def believed(certificate: Certificate, now: datetime) -> bool:
    """Whether its authority is accepted and has not revoked it, by what is known now."""
    try:
        return cert_trust.check(cert_read.unpacked(certificate.chain), now).revoked is None
    except BadInput:
        return False


def standing_of(certificate: Certificate, now: datetime) -> Standing:
    """How a certificate stands now."""
    if certificate.revoked_at is not None:
        return Standing("revoked", Text("已停用", "ended"), "stopped")
    if now > certificate.not_after:
        return Standing("expired", Text("已过期", "run out"), "stopped")
    try:
        checked = cert_trust.check(cert_read.unpacked(certificate.chain), now)
    except BadInput:
        return Standing("authority", Text("签发机构不再受理", "authority no longer accepted"), "bad")
    if checked.revoked is not None:
        return Standing("revoked", Text("签发机构已吊销", "revoked by its authority"), "bad", checked.warnings)
    left = days_left(certificate, now)
    if left <= accounts_law().notice_days[0]:
        return Standing("soon", Text(f"{left} 天后到期", f"runs out in {left} day(s)"), "wait", checked.warnings)
    return Standing("valid", Text("有效", "valid"), "good", checked.warnings)


def days_left(certificate: Certificate, now: datetime) -> int:
    """Whole days until it runs out."""
    return max(0, (certificate.not_after - now).days)


def running_out(actor: Actor, now: datetime) -> list[Text]:
    """What to call to mind: certificates of the actor's organisation that run out within the notice days, or just have.

    A certificate that another one outlasts beyond the longest notice is not called to mind.
    """
    if actor.organisation is None:
        return []
    days = accounts_law().notice_days
    longest = timedelta(days=days[0])
    near = Certificate.objects.filter(organisation=actor.organisation, revoked_at=None, not_after__gt=now - longest)
    found = list(near.order_by("not_after"))
    if any(each.not_after > now + longest for each in found):
        return []
    return [_told(each, now, days) for each in found]


def _told(one: Certificate, now: datetime, days: tuple[int, ...]) -> Text:
    day = one.not_after.astimezone(moment.LOCAL)
    if one.not_after < now:
        return Text(f"机构证书已于 {day:%Y-%m-%d} 过期，此前的签名仍然有效",
                    f"the certificate ran out on {day:%Y-%m-%d}; earlier signatures stay valid")  # fmt: skip
    left = days_left(one, now)
    pressing = Text("请马上换发", "have it renewed at once") if left <= days[-1] else Text("请及时换发", "have it renewed in time")
    return Text(f"机构证书还有 {left} 天到期（{day:%Y-%m-%d}），{pressing.zh}",
                f"the certificate runs out in {left} day(s) ({day:%Y-%m-%d}): {pressing.en}")  # fmt: skip


def endorsement_of(public: str, at: datetime) -> Endorsement | None:
    """What a signature by this key, made at this moment of the log, rests on: the endorsement that counted then."""
    for each in Endorsement.objects.filter(key__public=public, at__lte=at).select_related("certificate"):
        if counts(each.certificate, at):
            return each
    return None


def rests_on(signature: dict[str, Any] | None, at: datetime | None) -> Text | None:
    """What a signature rests on, for whoever looks at it; None when no certificate endorsed its key then.

    Args:
        signature: as evidence holds it, with the key under ``public``.
        at: when it was made, by the log.
    """
    found = endorsement_of(signature["public"], at) if signature and signature.get("public") and at else None
    if found is None:
        return None
    day = found.certificate.not_after.astimezone(moment.LOCAL)
    return Text(f"机构证书有效期至 {day:%Y-%m-%d}", f"certificate valid until {day:%Y-%m-%d}")


def endorsed_keys(actor: Actor) -> dict[str, Endorsement]:
    """The actor's own keys that a certificate endorsed, by public key, the newest endorsement of each."""
    found = Endorsement.objects.filter(key__person=actor.person).select_related("certificate", "key").order_by("id")
    return {each.key.public: each for each in found}
