"""The cast: organisations and people of the demo city, each with a real signing key.

The same named people play in the demo, in replays and in tests: buyer 甲, agency 乙, tenderers 丙 丁, evaluator 戊,
custodian 己, supervisor 庚, lender 辛, passer-by 壬.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from django.contrib.auth.hashers import make_password
from stdnum.cn import uscc as stdnum_uscc

from yiwang.demo.keyring import Keyring
from yiwang.modules.evidence.actors import SYSTEM, Actor
from yiwang.modules.experts import services as experts
from yiwang.modules.parties import acts as parties
from yiwang.modules.parties import selectors as party_reads
from yiwang.modules.parties import services as people
from yiwang.seal import signing

CUSTODIAN_BODIES = ("滨海市公证处", "滨海市审计学会", "滨海市招标投标协会", "滨海市财政局", "滨海大学法学院")
SUPERVISOR = "滨海市发展和改革委员会"
CENTER = "滨海市公共资源交易中心"
BANK = "滨海农村商业银行"


def made_up_uscc(name: str) -> str:
    """A credit code with a right check digit, made from a fictional name; region 99 exists nowhere."""
    number = int.from_bytes(hashlib.sha256(name.encode()).digest()[:6], "big") % 10**9
    body = f"91990100{number:09d}"
    return body + str(stdnum_uscc.calc_check_digit(body))


@dataclass
class Player:
    """A person of the cast with the private key that would lie on the own device."""

    person: Any
    key: Ed25519PrivateKey
    actor: Actor

    @property
    def public(self) -> str:
        """The public signing key, base64."""
        return signing.public_text(self.key)

    def sign(self, kind: str, content: Any) -> dict[str, str]:
        """``public`` and ``signature`` as the acts take them."""
        return {"public": self.public, "signature": signing.sign_statement(self.key, kind, content)}


@dataclass
class Cast:
    """Everybody who plays: one host side, the center and the authorities, custodians, experts, and many tenderers."""

    buyer: Player
    agency: Player
    center: Player
    supervisor: Player
    custodians: list[Player]
    experts: list[Player]
    lender: Player
    ring: Keyring | None = None
    tenderers: dict[str, Player] = field(default_factory=dict)

    def tenderer(self, name: str, *, small: bool = False) -> Player:
        """The tenderer with this firm's name; registers it the first time."""
        if name not in self.tenderers:
            self.tenderers[name] = enterprise(name, small=small, ring=self.ring)
        return self.tenderers[name]


def organisation(name: str, kind: str, *, name_en: str = "", small: bool = False) -> Any:
    """A fictional organisation; registered the first time."""
    code = made_up_uscc(name)
    found = party_reads.organisations().filter(uscc=code).first()
    if found is not None:
        return found
    return parties.register_organisation(actor=SYSTEM, uscc=code, name=name, name_en=name_en, kind=kind, small=small)


def player(
    username: str,
    name: str,
    *,
    organisation: Any,
    duty: str = "",
    password: str | None = None,
    ring: Keyring | None = None,
) -> Player:
    """A person with an account and a bound signing key; those who exist already are called again.

    Args:
        password: as hashed by Django: hashing once for all is what makes a whole city quick.
        ring: where the signing key is kept; None: it lives in memory only.
    """
    person = party_reads.person_named(username)
    if person is None:
        person = people.add_person(username=username, name=name, password=None, organisation=organisation, duty=duty)
    if password and person.password != password:
        person.password = password
        person.save(update_fields=["password"])
    return bound(person, ring)


def bound(person: Any, ring: Keyring | None = None) -> Player:
    """The person with the signing key of the ring; a new key is bound when there is none that is bound already."""
    actor = people.actor_of(person)
    key = ring.signing_key(person.username) if ring else None
    if key is not None and party_reads.keys_of(actor).filter(public=signing.public_text(key), revoked_at=None).exists():
        return Player(person, key, actor)
    if key is None:
        key = ring.new_signing_key(person.username) if ring else signing.new_signing_key()
    public = signing.public_text(key)
    proof = signing.sign_statement(key, "bind-key", {"public": public})
    parties.bind_key(actor=actor, public=public, proof=proof, device="demo")
    return Player(person, key, actor)


def enterprise(
    name: str, *, small: bool = False, username: str = "", shown: str = "", password: str | None = None, ring: Keyring | None = None
) -> Player:
    """A firm with one person who bids for it."""
    firm = organisation(name, "enterprise", small=small)
    username = username or f"bid-{firm.uscc.lower()}"
    return player(username, shown or f"{name}投标员", organisation=firm, password=password, ring=ring)


def engage(
    *,
    password: str | None = None,
    hashed: str | None = None,
    experts_per_discipline: int = 14,
    ring: Keyring | None = None,
) -> Cast:
    """Engage the whole standing cast. With a password everybody can sign in with it.

    Calling again, with the same ring, gives the same people.

    Args:
        hashed: the password as Django hashes it, when that was done before.
    """
    hashed = hashed or (make_password(password) if password else None)
    center = organisation(CENTER, "center", name_en="Binhai Public Resource Trading Center")
    supervisor = organisation(SUPERVISOR, "supervisor", name_en="Binhai Development and Reform Commission")
    buyer = organisation("滨海市城市建设投资有限公司", "buyer", name_en="Binhai Urban Construction Investment Co.")
    agency = organisation("滨海诚信招标代理有限公司", "agency", name_en="Binhai Chengxin Tendering Agency")
    bank = organisation(BANK, "bank", name_en="Binhai Rural Commercial Bank")
    bodies = [organisation(name, "custody") for name in CUSTODIAN_BODIES]

    def one(username: str, name: str, body: Any, duty: str = "") -> Player:
        return player(username, name, organisation=body, duty=duty, password=hashed, ring=ring)

    return Cast(
        buyer=one("jia", "甲建国", buyer),
        agency=one("yi", "乙明华", agency),
        center=one("center", "见证员 钟正", center, "center"),
        supervisor=one("geng", "庚监督", supervisor, "supervisor"),
        lender=one("xin", "辛经理", bank, "lender"),
        custodians=[
            one(name, f"己保管{n + 1}", body, "custodian")
            for n, (name, body) in enumerate(zip(("ji", "ji2", "ji3", "ji4", "ji5"), bodies, strict=True))
        ],
        experts=_experts(hashed, experts_per_discipline, ring),
        ring=ring,
    )


def _experts(password: str | None, number: int, ring: Keyring | None) -> list[Player]:
    found = []
    for discipline, name in (("technical", "技术"), ("economic", "经济")):
        for n in range(number):
            username = "wu" if discipline == "technical" and n == 0 else f"wu-{discipline[:4]}-{n + 1}"
            shown = "戊评审" if username == "wu" else f"戊{name}{n + 1}"
            each = player(username, shown, organisation=None, duty="evaluator", password=password, ring=ring)
            if not hasattr(each.person, "expert"):
                code = f"BH-{discipline[:1].upper()}-{n + 1:03d}"
                experts.add_expert(person=each.person, code=code, disciplines=[discipline])
            found.append(each)
    return found
