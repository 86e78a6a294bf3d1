"""Transitions of chains of rounds: the admission that ends a round, and the invitation that begins one."""

from __future__ import annotations

from typing import Any

from yiwang.kernel.text import Text
from yiwang.kernel.transitions import Table, Transition
from yiwang.modules.awards import admission_rules as rules
from yiwang.modules.evidence.actors import Actor, Told, recipients_of, role_test
from yiwang.modules.evidence.registry import register
from yiwang.modules.parties import selectors as parties
from yiwang.modules.tenders.rules import has_tender_document

ADMISSION = register(
    Table(
        "admission",
        (),
        (
            Transition(
                "tender.invite",
                Text("发出投标邀请书", "send the invitations"),
                "admission",
                roles=("buyer", "agency"),
                sources=("draft",),
                target="tendering",
                guards=(has_tender_document, rules.somebody_to_invite),
                articles=("招标投标法 第17条", "招标投标法实施条例 第19条"),
                tells=("invitee", "center", "supervisor"),
            ),
            Transition(
                "admission.decide",
                Text("确定通过名单", "decide the admission"),
                "admission",
                roles=("buyer", "agency"),
                sources=("opened", "evaluated"),
                target="admitted",
                guards=(rules.not_admitted_yet, rules.report_or_record),
                articles=("招标投标法实施条例 第18条", "招标投标法实施条例 第19条"),
                tells=("bidder", "center", "supervisor"),
                witnessed=True,
            ),
        ),
    )
)


@role_test("invitee")
def _is_invitee(actor: Actor, tender: Any) -> bool:
    return tender is not None and actor.organisation is not None and actor.organisation.uscc in tender.invitees


@recipients_of("invitee")
def _invitees(tender: Any) -> list[Told]:
    found = parties.organisations().filter(uscc__in=tender.invitees) if tender.invitees else ()
    return [(each.pk, None) for each in found]
