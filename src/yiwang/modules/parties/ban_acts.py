"""Acts of bans: a supervisor bans an organisation from bidding, or lifts the ban, by a decision with a number.

The center records and applies what the authority decided; it decides nothing itself.
"""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from yiwang.kernel import bans, moment
from yiwang.kernel.errors import BadInput, NotVisible, bad
from yiwang.kernel.text import Text
from yiwang.kernel.transitions import Table, Transition
from yiwang.kernel.verdict import Reason
from yiwang.modules.evidence import door
from yiwang.modules.evidence.actors import Actor
from yiwang.modules.evidence.registry import register
from yiwang.modules.parties.ban_models import Ban
from yiwang.modules.parties.models import Organisation

BAN = register(
    Table(
        "ban",
        (),
        (
            Transition(
                "party.ban",
                Text("记录禁止投标决定", "record a ban from bidding"),
                "organisation",
                roles=("supervisor",),
                sources=(),
                articles=("招标投标法 第53条", "招标投标法 第54条", "招标投标法 第60条", "政府采购法 第77条"),
                tells=("manager", "center"),
            ),
            Transition(
                "party.lift_ban",
                Text("解除禁止投标", "lift a ban from bidding"),
                "organisation",
                roles=("supervisor",),
                sources=(),
                articles=("行政复议法 第63条", "优化营商环境条例 第53条"),
                tells=("manager", "center"),
            ),
        ),
    )
)


def ban(
    *,
    actor: Actor,
    uscc: str,
    decision: str,
    ground: str,
    until: datetime,
    reason: str,
    since: datetime | None = None,
    request_key: str | None = None,
) -> Ban:
    """Record a decision that bans an organisation from bidding.

    Args:
        uscc: credit code of the organisation.
        decision: document number of the authority's decision; each is recorded once.
        ground: key of ``law/bans.yaml``.
        until: the last day of the ban (its local day counts). since: the first day; None: today.
        reason: the facts, as the decision states them.

    Raises:
        BadInput: an empty or known decision number, an unknown ground, a period that the law does not allow.
        NotVisible: there is no such organisation.
    """
    number, words = decision.strip(), reason.strip()
    with door.enter(BAN.rows["party.ban"], actor, lambda: _organisation(uscc), request_key=request_key) as passage:
        first = _day(since or passage.now)
        found = _checked(number, ground, words, first, _day(until))
        item = Ban(
            organisation=passage.subject,
            decision=number,
            authority=actor.organisation.name if actor.organisation else "",
            ground=found.key,
            track=found.track,
            reason=words,
            since=first,
            until=_day(until),
            imposed_at=passage.now,
        )
        passage.record(public=ban_facts(item))
        passage.then(lambda act: item.save())
    return item


def lift_ban(*, actor: Actor, decision: str, lift_decision: str, reason: str, request_key: str | None = None) -> Ban:
    """Lift a ban before its end: the penalty was revoked, or the credit repaired. The record stays.

    Args:
        decision: number of the decision that banned. lift_decision: number of the one that lifts.

    Raises:
        BadInput: no such ban in force, or a number or reason is missing.
    """
    with door.enter(BAN.rows["party.lift_ban"], actor, lambda: _banned(decision), request_key=request_key) as passage:
        item = Ban.objects.select_for_update().get(decision=decision)
        if item.lifted_at is not None:
            raise bad("decision", "这项禁止已经解除", "this ban is lifted already")
        faults = [] if lift_decision.strip() else [*bad("lift_decision", "请填写解除决定的文号", "give the number of the decision").reasons]
        faults += [] if reason.strip() else [*bad("reason", "请写明解除的理由", "the reason is missing").reasons]
        if faults:
            raise BadInput(*faults)
        item.lifted_at, item.lift_decision = passage.now, lift_decision.strip()
        item.save()
        passage.record(public={"decision": item.decision, "lift_decision": item.lift_decision, "reason": reason.strip()})
    return item


def ban_facts(item: Ban) -> dict[str, Any]:
    """What evidence says of a ban."""
    return {
        "uscc": item.organisation.uscc,
        "decision": item.decision,
        "authority": item.authority,
        "ground": item.ground,
        "track": item.track,
        "reason": item.reason,
        "since": item.since.isoformat(),
        "until": item.until.isoformat(),
    }


def _checked(number: str, ground: str, reason: str, since: date, until: date) -> bans.Ground:
    found = bans.grounds().get(ground)
    faults: list[Reason] = []
    if not number:
        faults += bad("decision", "请填写决定书文号", "give the number of the decision").reasons
    elif Ban.objects.filter(decision=number).exists():
        faults += bad("decision", f"{number} 已经记录", f"{number} is recorded already").reasons
    if not reason:
        faults += bad("reason", "请写明决定认定的事实", "state the facts that the decision finds").reasons
    if found is None:
        names = bans.grounds().values()
        faults += bad("ground", "没有这种禁止事由", "there is no such ground",
                      passes=Text("；".join(each.name.zh for each in names), "; ".join(each.key for each in names))).reasons  # fmt: skip
    else:
        faults += found.allows(since, until).reasons
    if faults or found is None:
        raise BadInput(*faults)
    return found


def _day(at: datetime) -> date:
    return at.astimezone(moment.LOCAL).date()


def _organisation(uscc: str) -> Organisation:
    found = Organisation.objects.select_for_update().filter(uscc=uscc.strip()).first()
    if found is None:
        raise NotVisible
    return found


def _banned(decision: str) -> Organisation:
    item = Ban.objects.filter(decision=decision).first()
    if item is None:
        raise bad("decision", f"没有文号为“{decision}”的禁止决定", f"no ban rests on a decision “{decision}”",
                  passes=Text("已记录的决定书文号", "the number of a decision that is recorded"))  # fmt: skip
    return Organisation.objects.select_for_update().get(pk=item.organisation_id)
