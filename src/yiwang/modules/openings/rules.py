"""Rules of openings: custody, the lawful number of bids, the record and its confirmation."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from yiwang.kernel.text import Text
from yiwang.kernel.verdict import Verdict, verdict
from yiwang.modules.evidence.actors import Actor
from yiwang.modules.evidence.registry import condition


@condition("tender.publish")
def custody_is_complete(tender: Any, actor: Actor, now: datetime) -> Verdict:
    """Every custodian has given a one-time public key before the notice goes out."""
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
        passes=Text("请保管人各自生成一次性密钥", "let each custodian make a one-time key"),
    )


def own_key_missing(tender: Any, actor: Actor, now: datetime) -> Verdict:
    """The acting custodian has not given a key yet."""
    return verdict(
        tender.custodians.filter(person=actor.person, recipient="").exists(),
        "custody.provided",
        Text("您已经提供过公钥", "you have given your public key already"),
    )


def own_key_not_released(tender: Any, actor: Actor, now: datetime) -> Verdict:
    """The acting custodian has not released the key yet."""
    return verdict(
        tender.custodians.filter(person=actor.person, identity="").exists(),
        "custody.released",
        Text("您已经公布过密钥", "you have released your key already"),
    )


def enough_keys(tender: Any, actor: Actor, now: datetime) -> Verdict:
    """At least k custodians have released their keys: then all bids open, or none."""
    have = sum(bool(each.identity) for each in tender.custodians.all())
    need = tender.custody_threshold
    return verdict(
        have >= need,
        "custody.threshold",
        Text(f"需要 {need} 位保管人公布密钥，目前 {have} 位", f"{need} custodians must release their keys; {have} have"),
        article="电子招标投标办法 第30条",
    )


def not_confirmed_yet(tender: Any, actor: Actor, now: datetime) -> Verdict:
    """The actor has not confirmed the record yet."""
    done = actor.person is not None and tender.opening.confirmations.filter(person=actor.person).exists()
    return verdict(not done, "record.confirmed", Text("您已经确认过开标记录", "you have confirmed the record already"))


@condition("draw.freeze_list")
def record_is_confirmed(tender: Any, actor: Actor, now: datetime) -> Verdict:
    """Host and observer have confirmed the opening record."""
    roles = set(tender.opening.confirmations.values_list("role", flat=True))
    missing = [name for name, any_of in _CONFIRMERS if not roles & any_of]
    return verdict(
        not missing,
        "record.open",
        Text(
            f"开标记录还没有经{'、'.join(t.zh for t in missing)}确认",
            f"the opening record waits for {' and '.join(t.en for t in missing)} to confirm",
        ),
        article="招标投标法 第36条",
    )


_CONFIRMERS = (
    (Text("招标人或代理机构", "the buyer or its agency"), {"buyer", "agency"}),
    (Text("见证人员", "the center's observer"), {"center"}),
)
