"""How the acts of chains of rounds are played: invitations, admissions, a committee that sits again.

Importing this teaches :mod:`yiwang.demo.play` these acts.
"""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from yiwang.demo.play import HANDS, Play, Script, earliest_deadline
from yiwang.demo.scored import drawn_in_public
from yiwang.kernel.invitees import invitee_law
from yiwang.modules.awards import admission_acts, invitee_acts, invitee_selectors
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


def draw_invitees(played: Play) -> None:
    """随机抽取受邀供应商: the list of candidates is whom the prequalification admitted, else of the script's bidders and as many
    more firms as it takes; purchaser and center draw. Whoever was drawn bids.
    """
    if played.tender.invitees:
        return  # an interrupted play goes on where it was
    prices = dict(played.script.bids)
    found: dict[str, Any] = {"way": "prequalification"} if played.tender.stage_of_id else _candidates(played, list(prices))
    if invitee_selectors.shown(played.host.actor, played.tender) is None:
        invitee_acts.make_list(actor=played.host.actor, tender=played.number, watchers=["甲建国", "甲晓梅"], **found)
    drawn_in_public(played, [played.host, played.cast.center], invitee_acts.commit, invitee_acts.reveal)
    offered = list(prices.values())
    drawn = invitee_selectors.shown(played.host.actor, played.tender)
    assert drawn is not None
    chosen = [row["name"] for code in drawn.chosen for row in drawn.listed if row["uscc"] == code]
    played.script.bids = [(firm, prices.get(firm, offered[place % len(offered)])) for place, firm in enumerate(chosen)] if offered else []


def _candidates(played: Play, firms: list[str]) -> dict[str, Any]:
    least = invitee_law().least
    names = [*firms, *(name for name in MORE_FIRMS if name not in firms)][: max(2 * least, len(firms))]
    codes = [played.cast.tenderer(name).actor.organisation.uscc for name in names]
    return {"way": "pool", "number": least, "candidates": codes, "ground": "省财政厅供应商库，教学设备类，注册地不限"}


MORE_FIRMS = ("城东市政工程公司", "江北建设集团", "海门路桥公司", "临港工程公司", "南岸实业公司", "西岭科技公司")

HANDS |= {"invitees.list": draw_invitees, "tender.invite": invite, "admission.decide": admit, "draw.carry": carry}
