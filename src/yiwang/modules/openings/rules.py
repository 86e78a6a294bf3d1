"""Rules of openings: enough keys, the record and its confirmation. Those of custody stand in :mod:`.custody_rules`."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from yiwang.kernel.text import Text
from yiwang.kernel.verdict import Verdict, verdict
from yiwang.modules.evidence.actors import Actor
from yiwang.modules.evidence.registry import condition


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


@condition("draw.freeze_list", "draw.carry")
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
