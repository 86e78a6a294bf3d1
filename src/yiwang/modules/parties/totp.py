"""One-time codes from an app on the phone (RFC 6238, by pyotp): six digits, thirty seconds, each usable once."""

from __future__ import annotations

import hmac
import os
import time
from collections.abc import Iterator

import pyotp
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings
from django.utils import timezone

from yiwang.modules.parties.models import Person, Totp

ISSUER = "yiwang"
STEP = 30
"""Seconds for which a code is shown."""
DRIFT = 1
"""Steps by which the phone's clock may be wrong either way."""


def new_secret() -> str:
    """A fresh secret of 160 bits, in base32."""
    return pyotp.random_base32()


def address_of(secret: str, username: str) -> str:
    """The ``otpauth:`` address that apps read from the QR code."""
    return pyotp.TOTP(secret).provisioning_uri(name=username, issuer_name=ISSUER)


def step_of(secret: str, code: str, after: int = 0) -> int:
    """The time step whose code this is, near now and later than ``after``; 0 when it is none."""
    here, generator, found = int(time.time()) // STEP, pyotp.TOTP(secret), 0
    for step in range(here - DRIFT, here + DRIFT + 1):
        if hmac.compare_digest(generator.at(step * STEP).encode(), code.encode()) and step > after:
            found = step
    return found


def keep(person: Person, secret: str, step: int) -> None:
    """Make this the person's generator; ``step`` is that of the code by which the person proved to have it."""
    values = {"secret": _encrypted(secret, person), "last_step": step, "added_at": timezone.now()}
    Totp.objects.update_or_create(person=person, defaults=values)


def accepts(person: Person, code: str) -> bool:
    """Whether a code is right and was not used before; it is used up by this."""
    row = Totp.objects.filter(person=person).first()
    step = step_of(_decrypted(row, person), code, row.last_step) if row else 0
    return bool(step and Totp.objects.filter(person=person, last_step__lt=step).update(last_step=step))


def _keys() -> Iterator[AESGCM]:
    for secret in (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS):
        yield AESGCM(HKDF(hashes.SHA256(), 32, salt=None, info=b"yiwang totp").derive(str(secret).encode()))


def _encrypted(secret: str, person: Person) -> bytes:
    nonce = os.urandom(12)
    return nonce + next(_keys()).encrypt(nonce, secret.encode(), person.pk.bytes)


def _decrypted(row: Totp, person: Person) -> str:
    stored = bytes(row.secret)
    for key in _keys():
        try:
            return key.decrypt(stored[:12], stored[12:], person.pk.bytes).decode()
        except InvalidTag:
            continue
    return pyotp.random_base32()  # the installation's secret key was changed: no code fits any more, recovery codes do
