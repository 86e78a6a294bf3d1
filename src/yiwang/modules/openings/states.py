"""Transitions of custody, closing and opening."""

from __future__ import annotations

from typing import Any

from yiwang.kernel.text import Text
from yiwang.kernel.transitions import Table, Transition
from yiwang.modules.bids import selectors as bids
from yiwang.modules.evidence.actors import Actor, Told, recipients_of, role_in_tenders
from yiwang.modules.evidence.registry import register
from yiwang.modules.openings import custody_rules, rules, selectors
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
                "custody.replace",
                Text("更换密钥保管人", "replace a custodian"),
                "opening",
                roles=("buyer", "agency"),
                sources=("draft",),
                guards=(custody_rules.somebody_gave_no_key,),
                articles=("电子招标投标办法 第27条",),
                tells=("custodian",),
            ),
            Transition(
                "custody.provide_key",
                Text("提供一次性公钥", "give a one-time public key"),
                "opening",
                roles=("custodian",),
                sources=("draft",),
                guards=(custody_rules.key_is_wanted,),
                articles=("电子招标投标办法 第27条",),
                tells=("buyer", "agency"),
            ),
            Transition(
                "custody.refuse",
                Text("声明不能履行保管", "declare that I cannot keep the key"),
                "opening",
                roles=("custodian",),
                sources=("draft", "tendering", "closed"),
                guards=(custody_rules.may_refuse,),
                articles=("电子招标投标办法 第27条",),
                tells=("buyer", "agency", "center", "custodian"),
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
                sources=("tendering", "closed", "opened", "evaluating", "evaluated", "publicity", "awarded"),
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
                guards=(custody_rules.release_is_wanted,),
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
    """Custodians and their deputies."""
    return selectors.custodies(actor) if actor.person is not None else None


@role_in_tenders("bidder")
def _opened_bids(actor: Actor) -> Any:
    """A tenderer whose bid was opened, alone or as a member; before the opening nobody has this role, lest it tell who bids."""
    return bids.opened_of(actor.organisation) if actor.organisation is not None else None


@recipients_of("custodian")
def _custodians(tender: Any) -> list[Told]:
    pairs = tender.custodians.values_list("person_id", "deputy_id")
    return [(None, person) for pair in pairs for person in pair if person is not None]


@recipients_of("bidder")
def _bidders(tender: Any) -> list[Told]:
    return [(pk, None) for pk in bids.parties_of(bids.opened(tender))]
