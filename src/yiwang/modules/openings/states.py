"""Transitions of custody, closing and opening."""

from __future__ import annotations

from typing import Any

from yiwang.kernel.text import Text
from yiwang.kernel.transitions import Table, Transition
from yiwang.modules.evidence.actors import Actor, Told, recipients_of, role_in_tenders
from yiwang.modules.evidence.registry import register
from yiwang.modules.openings import rules
from yiwang.modules.tenders.rules import after_deadline

OPENING = register(
    Table(
        "opening",
        (),
        (
            Transition(
                "custody.appoint",
                Text("指定密钥保管人", "appoint custodians"),
                "opening",
                roles=("buyer", "agency"),
                sources=("draft",),
                articles=("电子招标投标办法 第27条",),
                tells=("custodian",),
            ),
            Transition(
                "custody.provide_key",
                Text("提供一次性公钥", "give a one-time public key"),
                "opening",
                roles=("custodian",),
                sources=("draft",),
                guards=(rules.own_key_missing,),
                articles=("电子招标投标办法 第27条",),
                tells=("buyer", "agency"),
            ),
            Transition(
                "opening.close",
                Text("截止投标", "close bidding"),
                "opening",
                roles=("system",),
                sources=("tendering",),
                target="closed",
                guards=(after_deadline,),
                articles=("招标投标法 第28条", "招标投标法 第34条"),
                tells=("buyer", "agency", "center", "custodian", "supervisor"),
                by_time=True,
                offered=False,
                witnessed=True,
            ),
            Transition(
                "tender.fail",
                Text("宣布招标失败", "declare the tender failed"),
                "opening",
                roles=("system", "buyer", "agency"),
                sources=("tendering", "evaluating"),
                target="failed",
                guards=(after_deadline,),
                articles=("招标投标法 第28条", "招标投标法 第42条"),
                tells=("buyer", "agency", "center", "supervisor"),
                by_time=True,
                offered=False,
            ),
            Transition(
                "opening.release_key",
                Text("公布一次性密钥", "release the one-time key"),
                "opening",
                roles=("custodian",),
                sources=("closed",),
                guards=(rules.own_key_not_released,),
                articles=("电子招标投标办法 第30条",),
                tells=("buyer", "agency"),
                witnessed=True,
            ),
            Transition(
                "opening.open",
                Text("开标", "open the bids"),
                "opening",
                roles=("buyer", "agency", "center"),
                sources=("closed",),
                target="opened",
                guards=(rules.enough_keys,),
                articles=("招标投标法 第34条", "招标投标法 第36条"),
                tells=("buyer", "agency", "center", "supervisor", "bidder"),
                witnessed=True,
            ),
            Transition(
                "opening.confirm",
                Text("确认开标记录", "confirm the opening record"),
                "opening",
                roles=("buyer", "agency", "center", "bidder"),
                sources=("opened",),
                guards=(rules.not_confirmed_yet,),
                articles=("招标投标法 第36条",),
            ),
        ),
    )
)


@role_in_tenders("custodian")
def _custodies(actor: Actor) -> Any:
    return actor.person and actor.person.custodies.all()


@role_in_tenders("bidder")
def _opened_bids(actor: Actor) -> Any:
    """A tenderer whose bid was opened; before the opening nobody has this role, lest it tell who bids."""
    if actor.organisation is None:
        return None
    return actor.organisation.bids.filter(standing__in=["opened", "faulty"])


@recipients_of("custodian")
def _custodians(tender: Any) -> list[Told]:
    return [(None, person) for person in tender.custodians.values_list("person_id", flat=True)]


@recipients_of("bidder")
def _bidders(tender: Any) -> list[Told]:
    opened = tender.bids.filter(standing__in=["opened", "faulty"])
    return [(organisation, None) for organisation in opened.values_list("tenderer_id", flat=True)]
