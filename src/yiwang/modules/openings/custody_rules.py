"""Rules of custody: who gives and releases which key, when a deputy may do it, who may be appointed."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from yiwang.kernel import moment
from yiwang.kernel.errors import bad
from yiwang.kernel.text import Text
from yiwang.kernel.verdict import YES, Verdict, no, verdict
from yiwang.modules.evidence.actors import Actor
from yiwang.modules.evidence.registry import condition
from yiwang.modules.openings import hall
from yiwang.modules.openings.custody_law import custody_law
from yiwang.modules.parties import selectors as parties
from yiwang.modules.tenders.selectors import law_of

RULES = {"key": "CU-03/key", "release": "CU-03/release", "refused": "CU-03/refused", "holder": "CU-03/holder"}
"""Names, in the evidence, of the grounds on which a deputy acts: key late, release late, the custodian declared that the
duty cannot be done, the deputy gave the key and so holds it."""


@condition("tender.publish")
def custody_is_complete(tender: Any, actor: Actor, now: datetime) -> Verdict:
    """Every custodian has given a one-time public key before the notice goes out; where nothing is sealed none is needed."""
    if not law_of(tender).sealed:
        return YES
    custodians = tender.custodians.all()
    total, missing = len(custodians), sum(not each.recipient for each in custodians)
    return verdict(
        total >= tender.custody_threshold and not missing,
        "custody",
        Text(
            f"密钥保管人应全部提供公钥：共 {total} 人，还差 {missing} 人",
            f"every custodian must give a public key: {total} appointed, {missing} missing",
        ),
        article="电子招标投标办法 第27条",
        passes=Text("请保管人各自生成一次性密钥；没有提供的可以由替补提供或者更换",
                    "let each custodian make a one-time key; a deputy may do it, or the custodian be replaced"),
    )  # fmt: skip


def part_of(tender: Any, actor: Actor) -> tuple[Any, bool] | None:
    """The custody in which the actor has a part, and whether it is the deputy's; None when there is none."""
    if actor.person is None:
        return None
    for each in tender.custodians.all():
        if each.person_id == actor.person.pk:
            return each, False
        if each.deputy_id == actor.person.pk:
            return each, True
    return None


def may_begin(tender: Any) -> datetime | None:
    """From when the bids may be opened: the closing, the end of the grace for bytes, an opening that was put off."""
    opening = getattr(tender, "opening", None)
    if opening is None:
        return None
    times = (opening.closed_at, tender.bytes_until, hall.of(tender).opens)
    return max(each for each in times if each is not None)


def deputy_for_key(custodian: Any) -> tuple[datetime | None, str]:
    """From when the deputy may give the key, and on which ground; the moment is None for at once."""
    if custodian.refused_at is not None:
        return None, RULES["refused"]
    return custodian.keys_by and custodian.keys_by - custody_law().deputy_before, RULES["key"]


def deputy_for_release(custodian: Any, tender: Any) -> tuple[datetime | None, str]:
    """From when the deputy may release the key, and on which ground; the moment is None for at once."""
    if custodian.key_by_deputy:
        return None, RULES["holder"]
    if custodian.refused_at is not None:
        return None, RULES["refused"]
    begins = may_begin(tender)
    return begins and begins + custody_law().deputy_after, RULES["release"]


def key_is_wanted(tender: Any, actor: Actor, now: datetime) -> Verdict:
    """The custodian has given no key yet; a deputy waits until the rule lets her act."""
    found = part_of(tender, actor)
    if found is None:
        return _no_part()
    custodian, as_deputy = found
    if custodian.recipient:
        return no("custody.provided", _by_whom(as_deputy, "提供过公钥", "given a public key"))
    return _deputy_waits(*deputy_for_key(custodian), now) if as_deputy else YES


def release_is_wanted(tender: Any, actor: Actor, now: datetime) -> Verdict:
    """The key is not released yet; a deputy waits until the rule lets her act."""
    found = part_of(tender, actor)
    if found is None:
        return _no_part()
    custodian, as_deputy = found
    if custodian.identity:
        return no("custody.released", _by_whom(as_deputy, "公布过密钥", "released the key"))
    return _deputy_waits(*deputy_for_release(custodian, tender), now) if as_deputy else YES


def may_refuse(tender: Any, actor: Actor, now: datetime) -> Verdict:
    """The custodian herself, once, while the key is not released."""
    found = part_of(tender, actor)
    if found is None or found[1]:
        return no("custody.own", Text("由保管人本人声明", "the custodian herself declares it"))
    if found[0].identity:
        return no("custody.released", Text("您已经公布过密钥", "you have released your key already"))
    return verdict(found[0].refused_at is None, "custody.refused", Text("您已经声明过", "you have declared it already"))


def somebody_gave_no_key(tender: Any, actor: Actor, now: datetime) -> Verdict:
    """Only a custodian who has given no key is replaced: bids may be sealed to a key that was given."""
    found = tender.custodians.all()
    return verdict(
        any(not each.recipient for each in found),
        "custody.replace",
        Text("没有可以更换的保管人：都已提供公钥", "there is nobody to replace: all have given a key")
        if found else Text("还没有指定保管人", "no custodians are appointed yet"),
    )  # fmt: skip


def _deputy_waits(since: datetime | None, rule: str, now: datetime) -> Verdict:
    law = custody_law().deputies
    return verdict(
        since is None or now >= since,
        "custody.deputy_waits",
        Text("您是替补：先由保管人本人办理", "you are the deputy: the custodian comes first"),
        article=law.article,
        passes=Text(f"{law.says.zh}（{rule}）", f"{law.says.en} ({rule})"),
        after=since,
    )


def _by_whom(as_deputy: bool, zh: str, en: str) -> Text:
    return Text(f"保管席位已经{zh}", f"this custody has {en} already") if as_deputy else Text(f"您已经{zh}", f"you have {en} already")


def _no_part() -> Verdict:
    return no("custody.none", Text("您不是本项目的保管人或替补", "you are neither custodian nor deputy of this tender"))


def checked_person(username: str, tender: Any, field: str = "custodians") -> Any:
    """The custodian with a user name. BadInput: nobody with that duty, or of the buying side."""
    person = parties.person_named(username)
    if person is None or not person.is_active or person.duty != "custodian" or person.organisation is None:
        raise bad(field, f"“{username}”不是密钥保管人", f"“{username}” is no custodian",
                  passes=Text("从保管人名录中选择", "choose from the register of custodians"))  # fmt: skip
    if person.organisation_id in (tender.buyer_id, tender.agency_id):
        raise bad(field, f"{person.name}是招标方的人", f"{person.name} belongs to the buying side")
    return person


def checked_deputy(username: str, custodian: Any, tender: Any, taken: Iterable[Any], field: str = "deputies") -> Any:
    """The deputy with a user name: of the custodian's body, with no other part in this custody. BadInput otherwise."""
    deputy = checked_person(username, tender, field)
    if deputy.organisation_id != custodian.organisation_id:
        raise bad(field, f"替补{deputy.name}与保管人{custodian.name}不是同一单位",
                  f"the deputy {deputy.name} is not of the body of {custodian.name}",
                  passes=Text("同一单位的另一位保管人", "another custodian of the same body"))  # fmt: skip
    if deputy.pk in {each.pk for each in taken}:
        raise bad(field, f"{deputy.name}在本项目已有保管任务", f"{deputy.name} has a part in this custody already",
                  passes=Text("每人在一个项目只担任一个席位", "one part for each person and tender"))  # fmt: skip
    return deputy


def check_make_up(people: list[Any], threshold: int) -> None:
    """k of n within the bounds, of at least so many bodies (``law/custody.yaml``). BadInput otherwise."""
    law, total = custody_law(), len(people)
    if not law.needed_least <= threshold <= total or total > law.most:
        raise bad("threshold", f"应有 {law.needed_least} 至 {min(total, law.most)} 位保管人共同开标，最多 {law.most} 位保管人",
                  f"between {law.needed_least} and {min(total, law.most)} custodians must be needed, of at most {law.most}",
                  passes=Text(f"例如 {law.usual} 人中任意 {law.needed} 人", f"e.g. any {law.needed} of {law.usual}"))  # fmt: skip
    if len({person.organisation_id for person in people}) < law.bodies_least:
        raise bad("custodians", f"保管人应来自 {law.bodies_least} 个以上单位", f"the custodians must come from at least {law.bodies_least} bodies",
                  passes=Text(f"一般来自 {law.bodies_usual} 个不同单位", f"usually of {law.bodies_usual} different bodies"))  # fmt: skip


def checked_keys_by(keys_by: datetime | None, now: datetime) -> datetime:
    """Until when the keys are wanted, in whole seconds; the law's usual time when none is given. BadInput when past."""
    if keys_by is None:
        return moment.from_stamp(moment.stamp(now + custody_law().keys_within))
    if keys_by <= now:
        raise bad("keys_by", "计划发布公告的时间已经过去", "the planned publication lies in the past",
                  passes=Text("现在以后的时间", "a moment that lies ahead"))  # fmt: skip
    return moment.from_stamp(moment.stamp(keys_by))
