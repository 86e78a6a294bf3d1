"""Proof that a custodian holds the secret half of the public key that is given.

An age key cannot sign, so possession is proved by decrypting: the server encrypts a nonce to the key, the custodian's own
machine answers with the nonce. No table remembers challenges: the nonce is an HMAC under the installation's secret over
who, where and when, and a second HMAC binds the encrypted challenge to it. The evidence keeps challenge and nonce, so once
the secret key is released everybody can decrypt the challenge and see that just this nonce was in it.
"""

from __future__ import annotations

import base64
import binascii
import hmac
from dataclasses import dataclass
from datetime import datetime

from django.conf import settings

from yiwang.kernel import moment
from yiwang.kernel.errors import BadInput, bad
from yiwang.kernel.text import Text
from yiwang.modules.openings.custody_law import custody_law
from yiwang.seal import keys


@dataclass(frozen=True, slots=True)
class Claim:
    """What is to be proved: that a person holds the secret half of a public key, given for a tender or a drill.

    Attributes:
        chain: evidence subject of the tender or the drill.
        person: the id of who gives the key.
        recipient: the public key.
    """

    chain: str
    person: str
    recipient: str


_KIND = "yiwang/custody/possession/v1"
_AGAIN = Text("重新取一道验证题，在保管密钥的设备上回答", "take a new challenge and answer it on the machine that has the key")


def challenge(claim: Claim) -> str:
    """A challenge for a public key: ``<when>.<seal>.<base64 of an age file>``; answered by :func:`yiwang.seal.keys.answer`.

    Raises:
        BadInput: the claim's key is no age recipient.
    """
    keys.check_recipient(claim.recipient)
    when, secret = moment.stamp(moment.now()), settings.SECRET_KEY
    sealed = keys.challenge(claim.recipient, _nonce(secret, claim, when))
    return f"{when}.{_seal(secret, claim, when, sealed)}.{base64.b64encode(sealed).decode()}"


def check(claim: Claim, challenge: str, answer: str, now: datetime) -> dict[str, str]:
    """What the evidence keeps of a proof: ``challenge`` (base64 of the age file) and ``nonce`` (hex).

    Raises:
        BadInput: the challenge is not ours, not for this claim, too old, or the answer is wrong.
    """
    when, sealed = _read(claim, challenge)
    if not moment.from_stamp(when) <= now <= moment.from_stamp(when) + custody_law().challenge_lasts:
        raise bad("answer", "验证题已过时", "the challenge is too old", passes=_AGAIN, code="custody.challenge_old")
    given = "".join(answer.split()).lower()
    if not any(hmac.compare_digest(_nonce(key, claim, when).hex().encode(), given.encode()) for key in _secrets()):
        raise bad("answer", "没有证明您持有这把公钥的私钥", "this does not prove that you hold the secret half of this key",
                  passes=_AGAIN, code="custody.possession")  # fmt: skip
    return {"challenge": base64.b64encode(sealed).decode(), "nonce": given}


def _read(claim: Claim, challenge: str) -> tuple[str, bytes]:
    when, _, rest = "".join(challenge.split()).partition(".")
    given, _, text = rest.partition(".")
    try:
        moment.from_stamp(when)
        sealed = base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        raise _not_ours() from None
    if not any(hmac.compare_digest(_seal(key, claim, when, sealed).encode(), given.encode()) for key in _secrets()):
        raise _not_ours()
    return when, sealed


def _not_ours() -> BadInput:
    return bad("challenge", "这不是为您的这把公钥出的验证题", "this challenge was not set for this key of yours",
               passes=_AGAIN, code="custody.challenge")  # fmt: skip


def _secrets() -> tuple[str, ...]:
    return (str(settings.SECRET_KEY), *(str(key) for key in settings.SECRET_KEY_FALLBACKS))


def _nonce(secret: str, claim: Claim, when: str) -> bytes:
    return _mac(secret, claim, "nonce", when)


def _seal(secret: str, claim: Claim, when: str, sealed: bytes) -> str:
    return _mac(secret, claim, "seal", f"{when} {sealed.hex()}").hex()


def _mac(secret: str, claim: Claim, use: str, of: str) -> bytes:
    parts = (_KIND, use, claim.chain, claim.person, claim.recipient, of)
    return hmac.digest(secret.encode(), "\n".join(parts).encode(), "sha256")
