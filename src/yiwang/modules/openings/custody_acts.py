"""Acts of custody: appoint and replace custodians, give a key, declare that one cannot, release the key."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from yiwang.kernel import moment
from yiwang.kernel.errors import Refused, bad
from yiwang.kernel.text import Text
from yiwang.modules.evidence import door, permits
from yiwang.modules.evidence.actors import Actor
from yiwang.modules.openings import custody_proof
from yiwang.modules.openings import custody_rules as rules
from yiwang.modules.openings.drill_acts import check_unused
from yiwang.modules.openings.models import Custodian
from yiwang.modules.openings.states import OPENING
from yiwang.modules.tenders import selectors as visible
from yiwang.modules.tenders import services as tenders
from yiwang.seal import keys, recovery

LONGEST = 2000
"""Characters of a reason."""


def appoint_custodians(
    *, actor: Actor, tender: str, custodians: list[str], threshold: int = 3, deputies: dict[str, str] | None = None,
    keys_by: datetime | None = None, request_key: str | None = None,
) -> list[Custodian]:  # fmt: skip
    """Appoint the n custodians whose k keys open the bids, from at least two bodies.

    Args:
        custodians: user names of people with the duty of a custodian.
        threshold: k, how many must release their keys.
        deputies: for custodians, by user name, the user name of a deputy of the same body; may be left out.
        keys_by: the planned publication, until which the keys are wanted; None: so many hours as the rule says.

    Raises:
        BadInput: unknown people, a k that is less than 2 or more than n, all from one body, the buyer's own people, a
            deputy of another body or with another part, a key was given already.
    """
    with door.enter(OPENING.rows["custody.appoint"], actor, lambda: tenders.locked(tender), request_key=request_key) as passage:
        subject = passage.subject
        people = [rules.checked_person(name, subject) for name in dict.fromkeys(custodians)]
        rules.check_make_up(people, threshold)
        named = _deputies(people, deputies or {}, subject)
        until = rules.checked_keys_by(keys_by, passage.now)
        if subject.custodians.exclude(recipient="").exists():
            raise bad("custodians", "已有保管人提供了公钥，不能重新指定", "a custodian has given a key already; no new appointment",
                      passes=Text("更换没有提供公钥的那一位", "replace the one who has given none"))  # fmt: skip
        subject.custodians.all().delete()
        subject.custody, subject.custody_threshold = [], threshold
        appointed = Custodian.objects.bulk_create(
            Custodian(tender=subject, position=n, person=person, deputy=named.get(person.username), keys_by=until)
            for n, person in enumerate(people)
        )
        passage.record(
            public={
                "threshold": threshold,
                "keys_by": moment.stamp(until),
                "custodians": [_named(subject, n, each, named.get(each.username)) for n, each in enumerate(people)],
            },
            tender=subject,
        )
    return appointed


def replace_custodian(
    *, actor: Actor, tender: str, position: int, custodian: str, deputy: str = "", request_key: str | None = None
) -> Custodian:
    """Replace one custodian who has given no key, before the notice is published.

    Args:
        position: the seat, from 0.
        custodian: user name of the new custodian.
        deputy: user name of a deputy of the same body; may be left out.

    Raises:
        BadInput: no such seat, its key was given already, an unsuitable person, or all of one body then.
    """
    with door.enter(OPENING.rows["custody.replace"], actor, lambda: tenders.locked(tender), request_key=request_key) as passage:
        subject = passage.subject
        everyone = list(subject.custodians.select_related("person", "deputy"))
        seat = next((each for each in everyone if each.position == position), None)
        if seat is None or seat.recipient:
            raise bad("position", "只能更换没有提供公钥的保管人", "only a custodian who has given no key can be replaced",
                      passes=Text("、".join(str(each.position + 1) for each in everyone if not each.recipient),
                                  ", ".join(str(each.position + 1) for each in everyone if not each.recipient)))  # fmt: skip
        others = [each for each in everyone if each is not seat]
        person = rules.checked_person(custodian, subject, "custodian")
        taken = [*(each.person for each in others), *(each.deputy for each in others if each.deputy)]
        if person.pk in {each.pk for each in (*taken, seat.person)}:
            raise bad("custodian", f"{person.name}在本项目已有保管任务", f"{person.name} has a part in this custody already")
        rules.check_make_up([person, *(each.person for each in others)], subject.custody_threshold)
        named = rules.checked_deputy(deputy, person, subject, [*taken, person], "deputy") if deputy else None
        was = seat.person.pseudonym(subject.chain)
        seat.person, seat.deputy, seat.refused_at, seat.refusal = person, named, None, ""
        seat.save()
        passage.record(public={**_named(subject, position, person, named), "was": was}, tender=subject)
    return seat


def possession_challenge(*, actor: Actor, tender: str, recipient: str) -> str:
    """A challenge that only the holder of the secret half of a public key can answer; changes nothing.

    Raises:
        NotVisible: there is no such tender for the actor's custody.
        BadInput: not an age recipient.
        Refused: the actor is to give no key now.
    """
    subject = visible.tender(actor, tender)
    verdict = permits.may(OPENING.rows["custody.provide_key"], actor, subject, moment.now())
    if not verdict:
        raise Refused(*verdict.reasons)
    return custody_proof.challenge(custody_proof.Claim(subject.chain, str(actor.person.pk), keys.check_recipient(recipient)))


def provide_key(
    *, actor: Actor, tender: str, recipient: str, challenge: str, answer: str, request_key: str | None = None
) -> Custodian:
    """A custodian, or by rule the deputy, gives the public half of a one-time key made on the own machine.

    Args:
        recipient: the public key, an age recipient.
        challenge: as :func:`possession_challenge` gave it for this key.
        answer: the nonce in it, in hex (``yiwang custodian answer``): the proof that the secret half is held.

    Raises:
        BadInput: not an age recipient, one that was used before, or possession is not proved.
        Refused: a deputy before the rule lets her act.
    """
    recipient = keys.check_recipient(recipient)
    with door.enter(OPENING.rows["custody.provide_key"], actor, lambda: tenders.locked(tender), request_key=request_key) as passage:
        subject = passage.subject
        check_unused(recipient)
        proof = custody_proof.check(custody_proof.Claim(subject.chain, str(actor.person.pk), recipient), challenge, answer, passage.now)
        custodian, as_deputy = _part(subject, actor)
        stands_in = _standing_in(custodian, subject, rules.deputy_for_key(custodian)[1]) if as_deputy else {}
        custodian.recipient, custodian.provided_at, custodian.key_by_deputy = recipient, passage.now, as_deputy
        if not as_deputy:  # who declared that it cannot be done and does it after all
            custodian.refused_at, custodian.refusal = None, ""
        custodian.save()
        everyone = list(subject.custodians.order_by("position"))
        if all(each.recipient for each in everyone):
            subject.custody = [each.recipient for each in everyone]
        passage.record(public={"position": custodian.position, "recipient": recipient, **proof, **stands_in}, tender=subject)
    return custodian


def refuse(*, actor: Actor, tender: str, reason: str, request_key: str | None = None) -> Custodian:
    """A custodian declares that she cannot or will not keep or release the key: lost, absent, withdrawn.

    Before the notice the key that was given is void; after it the deputy may release it at once.

    Raises:
        BadInput: no reason.
    """
    said = reason.strip()
    if not 0 < len(said) <= LONGEST:
        raise bad("reason", f"请说明原因，最多 {LONGEST} 个字", f"say why, in at most {LONGEST} characters",
                  passes=Text("例如：密钥文件丢失；因公外出", "e.g. the key file is lost; away on duty"))  # fmt: skip
    with door.enter(OPENING.rows["custody.refuse"], actor, lambda: tenders.locked(tender), request_key=request_key) as passage:
        subject = passage.subject
        custodian, _ = _part(subject, actor)
        void = subject.state == "draft" and bool(custodian.recipient)
        if void:
            custodian.recipient, custodian.provided_at, custodian.key_by_deputy = "", None, False
            subject.custody = []
        custodian.refused_at, custodian.refusal = passage.now, said
        custodian.save()
        passage.record(public={"position": custodian.position, "reason": said, "void": void}, tender=subject)
    return custodian


def release_key(*, actor: Actor, tender: str, identity: str, request_key: str | None = None) -> Custodian:
    """A custodian, or by rule the deputy, publishes the secret half of the one-time key, after closing.

    Args:
        identity: the key file's text, the key itself, or the groups of its printed recovery sheet.

    Raises:
        BadInput: the key is not the one whose public half was given, or groups are mistyped.
        Refused: a deputy before the rule lets her act.
    """
    with door.enter(OPENING.rows["opening.release_key"], actor, lambda: tenders.locked(tender), request_key=request_key) as passage:
        subject = passage.subject
        custodian, as_deputy = _part(subject, actor)
        secret = recovery.identity_from(identity)
        if not keys.check_identity(secret, custodian.recipient):
            raise bad("identity", "这不是您为本项目提供的密钥", "this is not the key that you gave for this tender",
                      passes=Text("当初为本项目下载的密钥文件或打印的恢复单", "the key file or the recovery sheet of this tender"),
                      code="custody.wrong_key")  # fmt: skip
        stands_in = _standing_in(custodian, subject, rules.deputy_for_release(custodian, subject)[1]) if as_deputy else {}
        custodian.identity, custodian.released_at, custodian.released_by_deputy = secret, passage.now, as_deputy
        custodian.save()
        public = {"position": custodian.position, "recipient": custodian.recipient, "identity": custodian.identity}
        passage.record(public={**public, **stands_in}, tender=subject)
    return custodian


def _deputies(people: list[Any], deputies: dict[str, str], tender: Any) -> dict[str, Any]:
    """Deputies by the custodian's user name."""
    by_name = {person.username: person for person in people}
    named: dict[str, Any] = {}
    for custodian, deputy in deputies.items():
        if custodian not in by_name:
            raise bad("deputies", f"“{custodian}”不在保管人之中", f"“{custodian}” is not among the custodians")
        if deputy:
            named[custodian] = rules.checked_deputy(deputy, by_name[custodian], tender, [*people, *named.values()])
    return named


def _named(tender: Any, position: int, person: Any, deputy: Any) -> dict[str, Any]:
    named = {"position": position, "person": person.pseudonym(tender.chain), "body": person.organisation.name}
    return {**named, "deputy": deputy.pseudonym(tender.chain)} if deputy else named


def _part(tender: Any, actor: Actor) -> tuple[Custodian, bool]:
    found = rules.part_of(tender, actor)
    assert found is not None  # the row's condition
    return found


def _standing_in(custodian: Custodian, tender: Any, rule: str) -> dict[str, str]:
    """For whom a deputy acts and by which rule, as the evidence says it."""
    return {"for": custodian.person.pseudonym(tender.chain), "rule": rule}
