"""How the acts of chains of rounds are played: invitations, admissions, a committee that sits again.

Importing this teaches :mod:`yiwang.demo.play` these acts.
"""

from __future__ import annotations

from datetime import timedelta

from yiwang.demo.play import HANDS, Play, Script, earliest_deadline
from yiwang.modules.awards import admission_acts
from yiwang.modules.experts import carrying
from yiwang.modules.tenders import rules
from yiwang.modules.tenders.selectors import law_of


def dates(played: Play) -> dict[str, object]:
    """The earliest lawful end of issue and deadline, as a notice or an invitation takes them."""
    start, law = played.stage(), law_of(played.tender)
    issued = max(start + timedelta(days=8), rules.earliest(law, rules.DOCUMENT_ISSUE, start))
    deadline = played.script.deadline or earliest_deadline(played.tender, start, issued)
    return {"issue_end": min(deadline, issued), "deadline": deadline}


def invite(played: Play) -> None:
    """发出投标邀请书, with the earliest lawful deadline."""
    admission_acts.invite(actor=played.host.actor, tender=played.number, **dates(played))  # type: ignore[arg-type]
    played.stage.wait(days=2)


def admit(played: Play) -> None:
    """确定通过名单."""
    admission_acts.decide(actor=played.host.actor, tender=played.number)
    played.stage.wait(days=1)


def carry(played: Play) -> None:
    """The earlier round's committee sits again."""
    carrying.carry(actor=played.cast.center.actor, tender=played.number)
    played.stage.wait(hours=1)


def following(first: Play, procedure: str, **script: object) -> Play:
    """The round after another, with the same people."""
    more = {"stage_of": first.number, **dict(script.pop("more", {}))}  # type: ignore[call-overload]
    given = {"title": first.script.title, "category": first.script.category, "by_agency": first.script.by_agency,
             "budget": first.script.budget, **script}  # fmt: skip
    return Play(first.cast, first.stage, Script(procedure=procedure, more=more, **given))  # type: ignore[arg-type]


HANDS |= {"tender.invite": invite, "admission.decide": admit, "draw.carry": carry}
