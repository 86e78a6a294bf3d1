"""Acts of drills of custody: schedule, give a drill key, release it, report."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db import connection
from django.db.models import Max

from yiwang.kernel import moment
from yiwang.kernel.errors import NotVisible, Refused, bad
from yiwang.kernel.text import Text
from yiwang.modules.evidence import door, permits
from yiwang.modules.evidence.actors import SYSTEM, Actor
from yiwang.modules.openings import custody_proof
from yiwang.modules.openings import drill_rules as rules
from yiwang.modules.openings.custody_law import custody_law
from yiwang.modules.openings.drill_states import DRILL
from yiwang.modules.openings.models import Custodian, Drill, DrillKey
from yiwang.modules.parties import selectors as parties
from yiwang.seal import keys, recovery

NUMBERING = 0x59_57_44_52
"""Advisory lock "YWDR": drills are numbered one at a time and without gaps."""
NOTE_LENGTH = 200


def schedule(
    *, actor: Actor, custodians: list[str], opens: datetime, threshold: int = 3, note: str = "", request_key: str | None = None
) -> Drill:
    """The center schedules a drill: named custodians give a drill key before its moment and release it from then on.

    Args:
        custodians: user names of people with the duty of a custodian.
        opens: the moment of the drill's "opening".
        threshold: how many releases would have opened the bids.
        note: what is practised, in words.

    Raises:
        BadInput: unknown people, too few, or a moment that is too near.
    """
    with door.enter(DRILL.rows["drill.schedule"], actor, lambda: None, request_key=request_key) as passage:
        people = [_custodian(name) for name in dict.fromkeys(custodians)]
        _check(people, threshold, opens, note, passage.now)
        at = moment.from_stamp(moment.stamp(opens))
        drill = Drill(number=_next_number(), threshold=threshold, opens=at, ends=at + custody_law().drill_lasts, note=note.strip(),
                      scheduled_at=passage.now)  # fmt: skip
        passage.subject = drill
        made = [DrillKey(drill=drill, position=n, person=person) for n, person in enumerate(people)]
        passage.record(
            public={
                "drill": drill.number, "threshold": threshold, "opens": moment.stamp(at), "ends": moment.stamp(drill.ends),
                "note": drill.note, "custodians": [
                    {"position": n, "person": person.pseudonym(drill.chain), "body": person.organisation.name}
                    for n, person in enumerate(people)
                ],
            }
        )  # fmt: skip
        passage.then(lambda act: DrillKey.objects.bulk_create(made))
    return drill


def _check(people: list[Any], threshold: int, opens: datetime, note: str, now: datetime) -> None:
    law = custody_law()
    if not law.needed_least <= threshold <= len(people) <= law.most:
        raise bad("custodians", f"请选择 {threshold} 至 {law.most} 位保管人", f"choose {threshold} to {law.most} custodians",
                  passes=Text(f"例如 {law.usual} 人，任意 {law.needed} 人", f"e.g. {law.usual}, any {law.needed} of them"))  # fmt: skip
    if opens < now + law.drill_ahead:
        minutes = int(law.drill_ahead.total_seconds() // 60)
        raise bad("opens", f"演练至少提前 {minutes} 分钟安排", f"a drill is announced at least {minutes} minutes ahead")
    if len(note) > NOTE_LENGTH:
        raise bad("note", f"说明最多 {NOTE_LENGTH} 个字", f"a note has at most {NOTE_LENGTH} characters")


def possession_challenge(*, actor: Actor, drill: int, recipient: str) -> str:
    """A challenge for a drill key, as :func:`.custody_acts.possession_challenge` gives for a real one."""
    subject = Drill.objects.filter(number=drill).first()
    verdict = permits.may(DRILL.rows["drill.provide_key"], actor, subject, moment.now())
    if subject is None or not verdict:
        raise Refused(*verdict.reasons)
    return custody_proof.challenge(custody_proof.Claim(subject.chain, str(actor.person.pk), keys.check_recipient(recipient)))


def provide_key(
    *, actor: Actor, drill: int, recipient: str, challenge: str, answer: str, request_key: str | None = None
) -> DrillKey:
    """A custodian gives the public half of a drill key, with proof of possession, as before a real publication.

    Args:
        drill: its number.
        recipient: the public key, an age recipient; never one of a tender.
        challenge: as :func:`possession_challenge` gave it.
        answer: the nonce in it, in hex.

    Raises:
        BadInput: not a fresh key, or possession is not proved.
    """
    recipient = keys.check_recipient(recipient)
    with door.enter(DRILL.rows["drill.provide_key"], actor, lambda: _locked(drill), request_key=request_key) as passage:
        check_unused(recipient)
        subject, part = passage.subject, _part(passage.subject, actor)
        proof = custody_proof.check(custody_proof.Claim(subject.chain, str(actor.person.pk), recipient), challenge, answer, passage.now)
        part.recipient, part.provided_at = recipient, passage.now
        part.save()
        passage.record(public={"position": part.position, "recipient": recipient, **proof})
    return part


def release_key(*, actor: Actor, drill: int, identity: str, request_key: str | None = None) -> DrillKey:
    """A custodian releases the drill key, as at an opening: the file, the key, or the groups of its recovery sheet.

    Args:
        drill: its number.
        identity: the key file's text, the key itself, or the groups of its printed recovery sheet.

    Raises:
        BadInput: not the key that was given, or groups are mistyped.
    """
    with door.enter(DRILL.rows["drill.release_key"], actor, lambda: _locked(drill), request_key=request_key) as passage:
        part = _part(passage.subject, actor)
        secret = recovery.identity_from(identity)
        if not keys.check_identity(secret, part.recipient):
            raise bad("identity", "这不是您为本次演练提供的密钥", "this is not the key that you gave for this drill",
                      passes=Text("本次演练的密钥文件或恢复单", "the key file or the recovery sheet of this drill"), code="custody.wrong_key")
        part.identity, part.released_at = secret, passage.now
        part.save()
        passage.record(public={"position": part.position, "recipient": part.recipient, "identity": secret})
    return part


def report(*, drill: int, actor: Actor = SYSTEM) -> Drill:
    """Report on a drill that is over: who did it in time, in how many minutes, who missed it."""
    with door.enter(DRILL.rows["drill.report"], actor, lambda: _locked(drill)) as passage:
        subject = passage.subject
        subject.report, subject.reported_at = rules.report_of(subject), passage.now
        passage.record(public=subject.report)
    done: Drill = subject
    return done


def check_unused(recipient: str) -> None:
    """BadInput when a public key was given before, for a tender or a drill: drill keys are published, so never twice."""
    if Custodian.objects.filter(recipient=recipient).exists() or DrillKey.objects.filter(recipient=recipient).exists():
        raise bad("recipient", "这把公钥已经用过，一次性密钥不能重复使用", "this key was used before; one-time keys are used once",
                  passes=Text("生成一把新密钥", "make a new key"), code="custody.used")  # fmt: skip


def _custodian(username: str) -> Any:
    person = parties.person_named(username)
    if person is None or not person.is_active or person.duty != "custodian" or person.organisation is None:
        raise bad("custodians", f"“{username}”不是密钥保管人", f"“{username}” is no custodian",
                  passes=Text("从保管人名录中选择", "choose from the register of custodians"))  # fmt: skip
    return person


def _next_number() -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [NUMBERING])
    return int(Drill.objects.aggregate(last=Max("number"))["last"] or 0) + 1


def _locked(number: int) -> Drill:
    found = Drill.objects.select_for_update().filter(number=number).first()
    if found is None:
        raise NotVisible
    return found


def _part(drill: Drill, actor: Actor) -> DrillKey:
    found = rules.part_of(drill, actor)
    assert found is not None  # the row's role
    return found
