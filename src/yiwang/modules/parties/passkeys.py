"""Passkeys (WebAuthn, by py_webauthn): the private half stays on the person's device, the server keeps the public one.

A passkey belongs to a host name (``localhost`` on one's own machine); an address in numbers can have none.

py_webauthn is imported where it is used: it takes as long as the fifth part of all else that a process begins with.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet
from django.utils import timezone

from yiwang.kernel.errors import BadInput, bad
from yiwang.kernel.text import Text
from yiwang.modules.evidence.actors import Actor
from yiwang.modules.parties.account_events import coarse
from yiwang.modules.parties.models import Passkey, Person

NAME = "yiwang"
MOST = 10
"""Passkeys that one person may have."""


@dataclass(frozen=True)
class Site:
    """Where the browser is: host name without port, and the origin that it must report."""

    host: str
    origin: str

    @property
    def possible(self) -> bool:
        """Whether there can be passkeys here: not at an address in numbers."""
        return bool(self.host) and not coarse(self.host.strip("[]"))


@dataclass(frozen=True)
class Asked:
    """What the browser is asked (JSON for ``navigator.credentials``), and the challenge to remember in the session."""

    options: dict[str, Any]
    challenge: str


def passkeys_of(person: Person) -> QuerySet[Passkey]:
    """A person's passkeys, oldest first."""
    return Passkey.objects.filter(person=person)


def ask_to_make(person: Person, site: Site) -> Asked:
    """Options for making a passkey on the person's device, one that the device itself finds again at sign-in."""
    import webauthn
    from webauthn.helpers import structs

    made = webauthn.generate_registration_options(
        rp_id=site.host, rp_name=NAME, user_id=_handle(person), user_name=person.username, user_display_name=person.name,
        exclude_credentials=[structs.PublicKeyCredentialDescriptor(bytes(each.credential_id)) for each in passkeys_of(person)],
        authenticator_selection=structs.AuthenticatorSelectionCriteria(
            resident_key=structs.ResidentKeyRequirement.REQUIRED, user_verification=structs.UserVerificationRequirement.REQUIRED
        ),
    )  # fmt: skip
    return _asked(made, made.challenge)


def ask_to_use(person: Person | None, site: Site) -> Asked:
    """Options for using a passkey; of anybody when ``person`` is None: the device then says whose it is."""
    import webauthn
    from webauthn.helpers import structs

    known = passkeys_of(person) if person else []
    made = webauthn.generate_authentication_options(
        rp_id=site.host, user_verification=structs.UserVerificationRequirement.REQUIRED,
        allow_credentials=[structs.PublicKeyCredentialDescriptor(bytes(each.credential_id)) for each in known],
    )  # fmt: skip
    return _asked(made, made.challenge)


def _asked(options: Any, challenge: bytes) -> Asked:
    from webauthn import options_to_json

    return Asked(json.loads(options_to_json(options)), challenge.hex())


def add(person: Person, credential: str, challenge: str, site: Site, name: str) -> Passkey:
    """Keep the passkey that the person's device has made.

    Raises:
        BadInput: not an answer to the challenge, made for another site, known already, or one too many.
    """
    import webauthn
    from webauthn.helpers.exceptions import WebAuthnException

    if passkeys_of(person).count() >= MOST:
        raise bad("credential", f"最多 {MOST} 个通行密钥", f"at most {MOST} passkeys", passes=Text("先移除不用的", "remove one first"))
    try:
        made = webauthn.verify_registration_response(
            credential=credential, expected_challenge=bytes.fromhex(challenge), expected_rp_id=site.host,
            expected_origin=site.origin, require_user_verification=True,
        )  # fmt: skip
    except (WebAuthnException, ValueError):
        raise _not_valid() from None
    if Passkey.objects.filter(credential_id=made.credential_id).exists():
        raise bad("credential", "这个通行密钥已经登记", "this passkey is registered already")
    return Passkey.objects.create(
        person=person, credential_id=made.credential_id, public_key=made.credential_public_key, sign_count=made.sign_count,
        name=name.strip()[:100], synced=made.credential_backed_up, added_at=timezone.now(),
    )  # fmt: skip


def used(credential: str, challenge: str, site: Site, person: Person | None = None) -> Person:
    """The person whose passkey answered the challenge.

    Args:
        person: whose passkey it must be; None: anybody's.

    Raises:
        BadInput: an unknown passkey, another person's, or not an answer to the challenge.
    """
    import webauthn
    from webauthn.helpers import base64url_to_bytes
    from webauthn.helpers.exceptions import WebAuthnException

    try:
        raw = base64url_to_bytes(str(json.loads(credential)["id"]))
    except (ValueError, KeyError, TypeError):
        raise _not_valid() from None
    row = Passkey.objects.select_related("person").filter(credential_id=raw).first()
    if row is None or not row.person.is_active or (person is not None and row.person != person):
        raise bad("credential", "没有登记过这个通行密钥", "this passkey is not registered here", code="passkey.unknown",
                  passes=Text("用密码登录，再到“账号安全”登记", "sign in with the password, then add it under Account security"))
    try:
        found = webauthn.verify_authentication_response(
            credential=credential, expected_challenge=bytes.fromhex(challenge), expected_rp_id=site.host,
            expected_origin=site.origin, credential_public_key=bytes(row.public_key),
            credential_current_sign_count=row.sign_count, require_user_verification=True,
        )  # fmt: skip
    except (WebAuthnException, ValueError):
        raise _not_valid() from None
    row.sign_count, row.used_at, row.synced = found.new_sign_count, timezone.now(), found.credential_backed_up
    row.save(update_fields=["sign_count", "used_at", "synced"])
    return row.person


def _handle(person: Person) -> bytes:
    """What the device keeps as the user: tells nothing of the person, the same for all of the person's passkeys."""
    return hashlib.sha256(b"yiwang passkey " + person.pk.bytes + person.evidence_salt.encode()).digest()


def _not_valid() -> BadInput:
    return bad("credential", "通行密钥的回答无效或已过时", "the passkey's answer is not valid or too old", code="passkey",
               passes=Text("在本网站的页面上重新操作一次", "do it again on a page of this very site"))


def remove(actor: Actor, pk: int) -> bool:
    """Remove one of the actor's own passkeys; False when there is no such."""
    return bool(actor.known and Passkey.objects.filter(person=actor.person, pk=pk).delete()[0])
