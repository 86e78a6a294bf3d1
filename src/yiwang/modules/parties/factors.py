"""Second factors of a person taken together, recovery codes, and which acts ask anew who it is (step-up)."""

from __future__ import annotations

import hashlib
import secrets
import time
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from yiwang.kernel.errors import BadInput, bad
from yiwang.kernel.text import Text
from yiwang.modules.parties import attempts, totp
from yiwang.modules.parties.models import CertificateFactor, Passkey, Person, RecoveryCode, Totp

CONFIRMED = "confirmed_at"
"""Key in a session's data: when it was last confirmed who sits there, in the machine's seconds."""

STEP_UP: dict[str, Text] = {
    "award.notify": Text("中标通知书一经发出即具法律效力", "the notice of award binds once it is sent"),
    "contract.sign": Text("签署即订立合同", "signing makes the contract"),
    "opening.release_key": Text("私钥公布后无法收回", "a key that is released cannot be taken back"),
    "bid.withdraw": Text("撤回后投标不再有效", "a bid that is withdrawn no longer counts"),
    "person.bind_key": Text("绑定的密钥可以代表您签名", "a bound key signs in your name"),
    "member.appoint": Text("分工决定谁能代表单位", "parts decide who acts for the organisation"),
    "member.remove": Text("移除后对方不再代表单位", "the member then no longer acts for the organisation"),
    "member.invite": Text("分工决定谁能代表单位", "parts decide who acts for the organisation"),
    "member.leave": Text("退出后您不再代表单位，绑定的签名密钥停用", "you then no longer act for it, and your signing keys end"),
    "certificate.bind": Text("机构证书可以为签名密钥背书", "the certificate can endorse signing keys"),
    "certificate.revoke": Text("吊销后证书不再可用", "a revoked certificate is of no use any more"),
    "certificate.endorse": Text("背书后您的签名以机构证书为据", "your signatures then rest on the organisation's certificate"),
    "reset.ask": Text("重设会让对方的登录方式全部作废", "a reset voids all the person's ways to sign in"),
    "reset.agree": Text("重设会让对方的登录方式全部作废", "a reset voids all the person's ways to sign in"),
    "account.factors": Text("登录方式决定谁能进入您的账号", "factors decide who gets into your account"),
    "account.sessions": Text("这会让其他设备退出登录", "this signs other devices out"),
}
"""Acts for which it is asked anew who sits there, unless that was confirmed within the last minutes; each with the reason."""

CODES = 10
_ALPHABET = "ABCDEFGHJKMNPQRSTVWXYZ23456789"


@dataclass(frozen=True)
class Factors:
    """What a person has besides the password."""

    totp: bool
    passkeys: int
    codes: int
    certificate: bool = False

    @property
    def any(self) -> bool:
        """Whether a second factor is asked for at sign-in."""
        return self.totp or self.passkeys > 0 or self.certificate


def factors_of(person: Person) -> Factors:
    """A person's second factors."""
    return Factors(
        Totp.objects.filter(person=person).exists(),
        Passkey.objects.filter(person=person).count(),
        RecoveryCode.objects.filter(person=person, used_at=None).count(),
        CertificateFactor.objects.filter(person=person).exists(),
    )


def confirmed(session: Any) -> None:
    """It was just confirmed who sits at this session: a sign-in, or a step-up."""
    session[CONFIRMED] = time.time()


def is_fresh(session: Mapping[str, Any]) -> bool:
    """Whether that was confirmed within ``settings.STEP_UP_MINUTES``."""
    return bool(0 <= time.time() - session.get(CONFIRMED, 0) < settings.STEP_UP_MINUTES * 60)


def brake(person: Person) -> tuple[str, str]:
    """Under which name wrong second factors of a person are counted, from whatever address."""
    return (f"second factor {person.pk}", "")


def check_code(person: Person, code: str, field: str = "code") -> str:
    """Take a one-time code or a recovery code; how it was: ``totp`` or ``recovery``. Guessing is slowed.

    Raises:
        BadInput: wrong, used before, or too many tries.
    """
    who = brake(person)
    attempts.check(*who, field)
    plain = "".join(code.split()).replace("-", "").upper()
    how = "totp" if totp.accepts(person, plain) else "recovery" if _use_recovery(person, plain) else ""
    if not how:
        attempts.failed(*who)
        raise _wrong_code(field)
    attempts.succeeded(*who)
    return how


def _wrong_code(field: str) -> BadInput:
    return bad(field, "验证码不对，或者已经用过", "the code is wrong or was used before", code="factor.code", passes=Text(
        "验证器此刻显示的 6 位数字；也可以用一个恢复码", "the six digits that the app shows now, or one of the recovery codes"))


def new_recovery_codes(person: Person) -> list[str]:
    """Ten fresh codes, to be shown once; earlier ones are void."""
    made = ["-".join("".join(secrets.choice(_ALPHABET) for _ in range(4)) for _ in range(4)) for _ in range(CODES)]
    with transaction.atomic():
        RecoveryCode.objects.filter(person=person).delete()
        RecoveryCode.objects.bulk_create(RecoveryCode(person=person, digest=_digest(person, code)) for code in made)
    return made


def _use_recovery(person: Person, plain: str) -> bool:
    found = RecoveryCode.objects.filter(person=person, digest=_digest(person, plain), used_at=None)
    return bool(found.update(used_at=timezone.now()))


def _digest(person: Person, code: str) -> str:
    return hashlib.sha256(f"{person.pk} {code.replace('-', '')}".encode()).hexdigest()


def remove_totp(person: Person) -> bool:
    """Take the code generator away; False when there was none."""
    return bool(Totp.objects.filter(person=person).delete()[0])


def forget_codes_without_factor(person: Person) -> None:
    """Recovery codes are of no use without a factor that they stand in for."""
    if not factors_of(person).any:
        RecoveryCode.objects.filter(person=person).delete()
