"""What happened to an account: written at every sign-in, every refused try and every change of a factor.

Kept as a table for the person alone, never on the public log; older rows are erased (limit NL-14).
Times are the machine's, not the demo city's: guessing goes on in real time.
"""

from __future__ import annotations

import ipaddress
import re
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db.models import QuerySet
from django.utils import timezone

from yiwang.kernel.rules import limit
from yiwang.kernel.text import Text
from yiwang.modules.evidence.actors import Actor
from yiwang.modules.parties.models import AccountEvent, Person

WHAT: dict[str, Text] = {
    "sign_in": Text("登录", "signed in"),
    "confirm": Text("办理重要事项前再次确认身份", "confirmed who it is before an important act"),
    "sign_out": Text("退出登录", "signed out"),
    "end_session": Text("结束其他设备的登录", "ended a sign-in elsewhere"),
    "end_all": Text("在所有设备退出登录", "signed out everywhere"),
    "add_factor": Text("启用第二因素", "added a second factor"),
    "remove_factor": Text("停用第二因素", "removed a second factor"),
    "new_codes": Text("生成恢复码", "made recovery codes"),
    "change_password": Text("修改密码", "changed the password"),
    "reset_asked": Text("有人申请重设您的登录方式", "somebody asked to reset your ways to sign in"),
    "reset_agreed": Text("重设您的登录方式已获同意，您可以反对", "the reset was agreed to; you may object"),
    "reset_objected": Text("重设登录方式已被反对，不再执行", "the reset was objected to and is off"),
    "reset_done": Text("登录方式已重设", "your ways to sign in were reset"),
}
HOW: dict[str, Text] = {
    "password": Text("密码", "password"),
    "totp": Text("动态验证码", "one-time code"),
    "passkey": Text("通行密钥", "passkey"),
    "recovery": Text("恢复码", "recovery code"),
    "certificate": Text("机构证书", "certificate of the organisation"),
    "register": Text("注册单位", "registering the organisation"),
    "invitation": Text("邀请", "invitation"),
    "api": Text("接口密码", "password of the interface"),
}
_SYSTEMS = (("Android", "Android"), ("iPhone|iPad", "iOS"), ("Windows", "Windows"), ("Mac OS", "macOS"), ("Linux", "Linux"))
_BROWSERS = (("Edg/", "Edge"), ("Firefox/", "Firefox"), ("Chrom(e|ium)/", "Chrome"), ("Safari/", "Safari"))


@dataclass(frozen=True)
class Where:
    """From where somebody asks, as coarsely as it is kept: ``Chrome · Windows``, ``203.0.113.0/24``."""

    device: str = ""
    place: str = ""


def where(agent: str, address: str) -> Where:
    """Device and place from a browser's own description and the whole address."""
    names = [next((name for mark, name in table if re.search(mark, agent)), "") for table in (_BROWSERS, _SYSTEMS)]
    return Where(" · ".join(filter(None, names)) or agent[:40], coarse(address))


def coarse(address: str) -> str:
    """The network that an address is in: /24 of IPv4, /48 of IPv6; '' for what is no address."""
    try:
        found = ipaddress.ip_address(address)
    except ValueError:
        return ""
    if found.is_loopback:
        return str(found)
    return str(ipaddress.ip_network((found, 24 if found.version == 4 else 48), strict=False))


def note(person: Person, what: str, seen: Where, *, how: str = "", ok: bool = True, detail: str = "") -> None:
    """Write one event, and erase those that are too old to be kept."""
    now = timezone.now()
    AccountEvent.objects.create(
        person=person, what=what, how=how, ok=ok, device=seen.device, place=seen.place, detail=detail[:100], at=now
    )
    erase_old(now)


def erase_old(now: datetime) -> int:
    """Erase events older than the period for which they are kept; the number erased."""
    erased: tuple[int, Any] = AccountEvent.objects.filter(at__lt=now - timedelta(days=kept_days())).delete()
    return erased[0]


def kept_days() -> int:
    """Days for which events are kept: what the law asks (limit NL-14), or longer where the center says so."""
    least: int = limit("NL-14")["least"]
    return max(least, settings.SIGN_INS_KEPT_DAYS)


def note_try(username: str, what: str, seen: Where, *, how: str) -> None:
    """Write a refused try on an account. A name that no account has is not written: people type passwords there."""
    person = Person.objects.filter(username=username).first()
    if person is not None:
        note(person, what, seen, how=how, ok=False)


def events_of(actor: Actor) -> QuerySet[AccountEvent]:
    """The actor's own events, newest first."""
    return AccountEvent.objects.filter(person=actor.person) if actor.known else AccountEvent.objects.none()
