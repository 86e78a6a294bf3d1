"""Acts of parties: register an organisation, bind a signing key."""

from __future__ import annotations

from typing import Any

from yiwang.kernel.errors import bad
from yiwang.kernel.text import Text
from yiwang.modules.evidence import door
from yiwang.modules.evidence.actors import Actor
from yiwang.modules.parties import join_acts, members, open_sessions, rules, services, states
from yiwang.modules.parties.models import Organisation, Person, SigningKey
from yiwang.seal import signing


def register_organisation(
    *,
    actor: Actor,
    uscc: str,
    name: str,
    name_en: str = "",
    kind: str = "enterprise",
    legal_representative: str = "",
    address: str = "",
    phone: str = "",
    small: bool = False,
    request_key: str | None = None,
) -> Organisation:
    """An organisation registers itself; nobody's approval is needed (电子招标投标办法 第14条: no hurdles).

    Raises:
        BadInput: the credit code's check digit is wrong, the name is empty, the code is registered already, or the
            kind is one that only the center sets up (an authority, the center, a custodian's body, a bank).
    """
    code = rules.checked_uscc(uscc)
    rules.check_kind(kind, by_system=actor.system)
    if not name.strip():
        raise bad("name", "请填写单位名称", "the name is missing", passes=Text("营业执照上的全称", "the full name on the licence"))
    if Organisation.objects.filter(uscc=code).exists():
        raise bad("uscc", f"{code} 已经注册", f"{code} is registered already", passes=Text("请直接登录", "sign in instead"))
    with door.enter(states.ORGANISATION.rows["organisation.register"], actor, lambda: None, request_key=request_key) as passage:
        passage.subject = Organisation(
            uscc=code,
            name=name.strip(),
            name_en=name_en.strip(),
            kind=kind,
            legal_representative=legal_representative,
            address=address,
            phone=phone,
            small=small,
            registered_at=passage.now,
        )
        passage.record(
            public={"uscc": code, "name": name.strip(), "kind": kind, "small": small},
            private={"legal_representative": legal_representative, "address": address, "phone": phone},
        )
    organisation: Organisation = passage.subject
    return organisation


def bind_key(*, actor: Actor, public: str, device: str = "", proof: str, request_key: str | None = None) -> SigningKey:
    """Bind a public key to the acting person. ``proof`` is a signature by that key over its own binding.

    Args:
        public: base64 of the 32 bytes of an Ed25519 public key, or ``sm2:`` and base64 of a compressed SM2 point.
        proof: base64 signature of the statement ``bind-key`` with content ``{"public": public}``.

    Raises:
        BadInput: not a key, the proof does not verify, or the key is bound already.
    """
    if not signing.verify_statement(public, "bind-key", {"public": public}, proof):
        raise bad("public", "密钥或持有证明无效", "the key or the proof of holding it is not valid", code="key.proof")
    if SigningKey.objects.filter(public=public).exists():
        raise bad("public", "这把密钥已经绑定", "this key is bound already", code="key.bound")
    with door.enter(states.PERSON.rows["person.bind_key"], actor, lambda: _locked(actor.person), request_key=request_key) as passage:
        key = SigningKey(person=actor.person, public=public, device=device, bound_at=passage.now)
        passage.record(public={"public": public, "proof": proof, "organisation": _uscc(actor)}, private={"device": device})
        passage.then(lambda act: _keep(key, act))
    return key


def _keep(key: SigningKey, act: door.Act) -> None:
    key.act = act
    key.save()


def appoint_member(
    *, actor: Actor, username: str, parts: list[str], name: str = "", request_key: str | None = None
) -> Person:
    """Give somebody an account in the own organisation, or change what a member does there (民法典 第170条).

    Args:
        username: of the new account, or of the member whose parts change.
        parts: codes: manager, handler, signatory, finance.
        name: of the person, for a new account; kept as it is for a member.

    Raises:
        BadInput: an unknown part, no part, a taken user name, or the last administrator would be none any more.
        Refused: the actor is no administrator of an organisation that registers itself.
    """
    chosen = members.checked(parts)
    with door.enter(states.ORGANISATION.rows["member.appoint"], actor, lambda: _own(actor), request_key=request_key) as passage:
        person = Person.objects.filter(username=username.strip(), organisation=passage.subject).first()
        if person is None:
            person = services.add_person(username=username, name=members.checked_name(name), password=None, organisation=passage.subject)
        elif members.MANAGER not in chosen:
            members.check_not_last(person)
        person.parts = chosen
        passage.record(
            public={"member": person.pseudonym(passage.subject.chain), "parts": chosen},
            private={"person": str(person.pk), "username": person.username, "name": person.name},
        )
        passage.then(lambda act: person.save(update_fields=["parts"]))
    return person


def remove_member(*, actor: Actor, username: str, request_key: str | None = None) -> Person:
    """End a member's part in the own organisation (民法典 第173条). What the member did stays as it is, and so does the
    account: it acts for nobody any more, and is signed out everywhere.

    Raises:
        BadInput: no such member, or the last administrator.
    """
    with door.enter(states.ORGANISATION.rows["member.remove"], actor, lambda: _own(actor), request_key=request_key) as passage:
        person = Person.objects.filter(username=username.strip(), organisation=passage.subject).first()
        if person is None:
            raise bad("username", "本单位没有这个成员", "no such member of your organisation", passes=Text(
                "成员列表中的用户名", "a user name of the list of members"))
        members.check_not_last(person)
        passage.record(
            public={"member": person.pseudonym(passage.subject.chain)},
            private={"person": str(person.pk), "username": person.username, "name": person.name, "keys": join_acts.keys_that_end(person)},
        )
        person.organisation, person.parts = None, None
        passage.then(lambda act: join_acts.moved(person, passage.now))
    open_sessions.end_all(person)
    return person


def _own(actor: Actor) -> Organisation | None:
    """The actor's organisation, locked; None when there is none: then the actor is nobody's administrator."""
    if actor.organisation is None:
        return None
    return Organisation.objects.select_for_update().filter(pk=actor.organisation.pk).first()


def signature_of(actor: Actor, kind: str, content: dict[str, Any], public: str, signature: str) -> dict[str, str]:
    """Check a person's signature over a statement and give it in the form that evidence holds.

    Raises:
        BadInput: the key is not bound to the person, was revoked, or the signature does not verify.
    """
    bound = SigningKey.objects.filter(person=actor.person, public=public, revoked_at=None)
    entries = list(bound.order_by().values_list("act__entry", flat=True))
    if not entries:
        raise bad("signature", "签名密钥没有绑定到您的账号", "the signing key is not bound to your account", code="key.unknown",
                  passes=Text("先在本机绑定签名密钥", "bind a signing key on this device first"))
    if not signing.verify_statement(public, kind, content, signature):
        raise bad("signature", "签名与内容不符", "the signature does not match the content", code="signature")
    return {"kind": kind, "public": public, "signature": signature, "key_entry": bytes(entries[0] or b"").hex()}


def _locked(person: Person) -> Person:
    return Person.objects.select_for_update().get(pk=person.pk)


def _uscc(actor: Actor) -> str:
    return actor.organisation.uscc if actor.organisation else ""


