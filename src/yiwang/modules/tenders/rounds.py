"""Chains of rounds: what of an earlier round is secret until the later one is opened; envelopes with one deadline."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

from yiwang.kernel import moment
from yiwang.kernel.procedures import Procedure
from yiwang.kernel.text import Text
from yiwang.kernel.verdict import YES, Verdict, verdict
from yiwang.modules.evidence import disclosure, door, registry
from yiwang.modules.evidence.actors import SYSTEM, Actor, has_role
from yiwang.modules.tenders import services
from yiwang.modules.tenders.clock_facts import roster_facts
from yiwang.modules.tenders.models import Tender
from yiwang.modules.tenders.selectors import law_of

RESULT_KNOWN = ("awarded", "contracted", "archived")
"""States in which the result of a round is known to everybody."""


def opens_quietly(law: Procedure) -> bool:
    """Whether the opening record is public with the award only: nothing is read out (政府采购法 第38条)."""
    return any(step.act == "opening.open" and step.public == "award" for step in law.steps)


def names_secret(tender: Any) -> bool:
    """Whether it is secret who took part in this round: they are the only ones who may bid in the next (招标投标法 第22条).

    So it is for a prequalification or a first stage from its opening until the later round's bids are opened; where the
    procedure opens without an audience (谈判, 磋商, 单一来源) until the result of this round or the later one is known.
    """
    law = law_of(tender)
    if opens_quietly(law):
        return tender.state not in RESULT_KNOWN and not tender.stages.filter(state__in=RESULT_KNOWN).exists()
    rule = law.admission
    if rule is None or not rule.secret:
        return False
    return not tender.stages.filter(opening__opened_at__isnull=False).exists()


def names_shown(actor: Actor, tender: Any) -> bool:
    """Whether the actor may know who took part: everybody once it is no secret, before that those who run or watch it."""
    if not names_secret(tender):
        return True
    host = has_role("buyer", actor, tender) or has_role("agency", actor, tender) or has_role("evaluator", actor, tender)
    return host or actor.system or actor.duty in ("center", "supervisor", "admin")


@disclosure.cap
def _only_the_notice(tender: Any) -> str | None:
    return "at_once" if names_secret(tender) else None


def shares_deadline(tender: Any) -> bool:
    """Whether this round's bids are handed in together with the earlier round's (two envelopes)."""
    rule = law_of(tender).stage if tender.stage_of_id else None
    return rule is not None and rule.deadline == "same"


def other_envelope(tender: Any) -> Any | None:
    """The other of two envelopes while it takes bids: their deadline is one."""
    found = [tender.stage_of] if shares_deadline(tender) else [each for each in tender.stages.all() if shares_deadline(each)]
    return next((each for each in found if each.state == "tendering"), None)


def locked(number: str) -> Any:
    """A tender with its row locked; of two envelopes the first is locked first, whichever moves the deadline of both."""
    found = Tender.objects.filter(number=number).select_related("stage_of").first()
    if found is not None and found.stage_of is not None and shares_deadline(found):
        services.locked(found.stage_of.number)
    return services.locked(number)


def moved(passage: door.Passage) -> None:
    """The act moves the deadline for bids: that of the other envelope moves with it at once, by an act of the system's on its
    own chain that names this one.
    """
    subject = passage.subject
    passage.then(lambda act: _follow(subject, act))


def _follow(tender: Any, act: Any) -> None:
    found = other_envelope(tender)
    if found is None or found.deadline == tender.deadline:
        return
    with door.enter(registry.row_of("deadline.follow"), SYSTEM, lambda: services.locked(found.number)) as passage:
        other = passage.subject
        other.deadline = tender.deadline
        services.note(other, "bid.deadline", other.deadline)
        passage.record(
            public={
                "with": tender.number, "act": act.act, "entry": bytes(act.entry).hex(), "deadline": moment.stamp(other.deadline),
                **roster_facts(other.deadline),
            }
        )  # fmt: skip


DeadlineRule = Callable[[Any, datetime], Verdict]
_deadline_rules: list[DeadlineRule] = []


def deadline_rule(rule: DeadlineRule) -> DeadlineRule:
    """Register what else a round's deadline must keep because of the earlier round: ``rule(tender, deadline)``."""
    _deadline_rules.append(rule)
    return rule


def one_deadline(tender: Any, deadline: datetime) -> Verdict:
    """Two envelopes are handed in by one deadline; other rounds keep what modules registered (:func:`deadline_rule`)."""
    found = YES
    for rule in _deadline_rules if tender.stage_of_id else ():
        found = found & rule(tender, deadline)
    return found & _same_deadline(tender, deadline)


def _same_deadline(tender: Any, deadline: datetime) -> Verdict:
    if not shares_deadline(tender) or tender.stage_of.deadline == deadline:
        return YES
    due = tender.stage_of.deadline
    shown = due.astimezone(moment.LOCAL).strftime("%Y-%m-%d %H:%M") if due else "?"
    return verdict(
        False, "envelopes.deadline", Text("两个信封的投标截止时间应当相同", "both envelopes have one deadline"), field="deadline",
        article="招标投标法 第24条", passes=Text(f"第一信封的截止时间 {shown}", f"the first envelope's: {shown} (Beijing time)"),
    )  # fmt: skip
