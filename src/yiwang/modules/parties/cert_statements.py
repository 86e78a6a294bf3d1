"""The statements that a certificate signs: made by the server, signed outside the browser, accepted once and not for long.

A statement names organisation, purpose, moment and a nonce. The nonce carries a mark that only this installation can make,
bound to who asked and to the whole statement, so statements need no table; how long ago one was made goes by the machine's clock.
"""

from __future__ import annotations

import hashlib
import hmac
import secrets
import time
from typing import Any

from django.conf import settings
from django.core.cache import cache

from yiwang.kernel import moment
from yiwang.kernel.canonical import canonical
from yiwang.kernel.errors import BadInput, bad
from yiwang.kernel.text import Text
from yiwang.modules.parties.accounts_law import accounts_law
from yiwang.modules.parties.models import Person
from yiwang.seal.signing import statement_message

BIND, ENDORSE, SIGN_IN = "certificate-bind", "certificate-endorse", "certificate-sign-in"
PURPOSES: dict[str, Text] = {
    BIND: Text("绑定机构证书", "bind this certificate to the organisation"),
    ENDORSE: Text("为签名密钥背书", "endorse a signing key"),
    SIGN_IN: Text("登录时作为第二因素", "second factor at sign-in"),
}
"""Kinds of statement; the kind stands in what is signed, so a signature for one purpose never passes for another."""


def make(purpose: str, person: Person, *, key: str = "") -> dict[str, Any]:
    """A statement for somebody to have signed; ``key``: the signing key that is to be endorsed."""
    content = {"organisation": _uscc(person), "purpose": purpose, "at": moment.stamp(moment.now()), **({"key": key} if key else {})}
    begun = f"{int(time.time())}-{secrets.token_hex(16)}"
    return {**content, "nonce": f"{begun}-{_mark(content, begun, person)}"}


def message(statement: dict[str, Any]) -> bytes:
    """The bytes that are signed. BadInput when it is no statement of ours."""
    purpose = statement.get("purpose")
    try:
        if purpose not in PURPOSES:
            raise ValueError
        return statement_message(str(purpose), statement)
    except (ValueError, TypeError):
        raise _not_ours() from None


def check(statement: dict[str, Any], purpose: str, person: Person, *, key: str = "") -> bytes:
    """The bytes that must be signed, if this is a statement that was made for this person and purpose a short while ago.

    Raises:
        BadInput: made for somebody or something else, altered, too old.
    """
    content = {name: value for name, value in statement.items() if name != "nonce"}
    expected = {"organisation": _uscc(person), "purpose": purpose, "at": content.get("at"), **({"key": key} if key else {})}
    began, _, mark = str(statement.get("nonce", "")).rpartition("-")
    try:
        right = content == expected and hmac.compare_digest(mark, _mark(content, began, person))
    except (TypeError, ValueError):
        right = False
    if not right:
        raise _not_ours()
    age = time.time() - int(began.partition("-")[0])
    if not 0 <= age <= accounts_law().statement.total_seconds():
        minutes = int(accounts_law().statement.total_seconds() // 60)
        raise bad("signature", f"这份声明已超过 {minutes} 分钟", f"this statement is older than {minutes} minutes", code="certificate.late",
                  passes=Text("重新下载声明，再签一次", "download the statement anew and sign that"))  # fmt: skip
    return message(statement)


def use_up(statement: dict[str, Any]) -> None:
    """Take a statement for a sign-in: each is good for one. BadInput when it was used before."""
    nonce = hashlib.sha256(str(statement["nonce"]).encode()).hexdigest()
    if not cache.add(f"certificate-nonce-{nonce}", 1, accounts_law().statement.total_seconds() + 60):
        raise _not_ours()


def _not_ours() -> BadInput:
    return bad("signature", "签名的声明不是发给您的那一份", "this is not the statement that was made for you", code="certificate.statement",
               passes=Text("重新下载声明，再签一次", "download the statement anew and sign that"))  # fmt: skip


def _mark(content: dict[str, Any], begun: str, person: Person) -> str:
    key = hashlib.sha256(b"yiwang certificate statements " + settings.SECRET_KEY.encode()).digest()
    what = canonical({"content": content, "begun": begun, "person": str(person.pk)})
    return hmac.new(key, what, hashlib.sha256).hexdigest()[:32]


def _uscc(person: Person) -> str:
    return person.organisation.uscc if person.organisation else ""
