"""Acts of framework agreements: whom an order goes to, and joining an open agreement at any time (财政部令第110号)."""

from __future__ import annotations

from yiwang.kernel import moment
from yiwang.kernel.calendar import Calendar
from yiwang.kernel.clock_book import ClockBook
from yiwang.kernel.clock_check import check
from yiwang.kernel.errors import BadInput, bad
from yiwang.kernel.text import Text
from yiwang.modules.evidence import door
from yiwang.modules.evidence.actors import Actor
from yiwang.modules.negotiations import framework_rules as rules
from yiwang.modules.negotiations.law import manner_of
from yiwang.modules.negotiations.models import Application, Choice
from yiwang.modules.negotiations.states import NEGOTIATION
from yiwang.modules.tenders import services as tenders

REVIEW = "ZC-40"
"""The clock rule on how long the review of an application takes."""


def choose(
    *, actor: Actor, tender: str, supplier: str = "", reason: str = "", quantity: int = 1, request_key: str | None = None
) -> Choice:
    """Decide whom an order under a framework agreement goes to, as its procedure says.

    A second competition asks all who are admitted, a turn asks the next on the list; only in direct selection the buyer
    names one, with the reason.

    Args:
        supplier: credit code, for direct selection only.
        reason: why this one, for direct selection.
        quantity: how many units are ordered, where the agreement's price is that of a unit; no quote may lie above the own
            price of the agreement times this.

    Raises:
        BadInput: no quantity. Refused: the procedure picks another way.
    """
    if quantity < 1:
        raise bad("quantity", "订单数量至少为 1", "at least one unit is ordered", passes=Text("1 以上的整数", "a whole number from 1"))
    row = NEGOTIATION.rows["framework.choose"]
    with door.enter(row, actor, lambda: tenders.locked(tender), request_key=request_key) as passage:
        subject = passage.subject
        manner, framework = manner_of(subject), tenders.locked(subject.stage_of.number)
        listed = rules.admitted(framework)
        passage.require(rules.lawful_choice(manner, listed, supplier, reason))
        turn = rules.turn_of(framework) if manner == "turn" else 0
        chosen = {"compete": listed, "direct": [supplier], "turn": [rules.next_in_turn(listed, turn or 1)]}[manner]
        bound = {"prices": {code: price for code, price in rules.prices(framework).items() if code in chosen}, "quantity": quantity}
        made = Choice.objects.create(
            tender=subject, manner=manner, listed=listed, chosen=chosen, turn=turn, reason=reason.strip(), at=passage.now, **bound
        )
        subject.invitees = list(chosen)
        passage.record(
            public={
                "framework": framework.number, "manner": manner, "listed": listed, "chosen": chosen, **bound,
                **({"turn": turn} if turn else {}), **({"reason": made.reason} if made.reason else {}),
            },
            tender=subject,
        )  # fmt: skip
    return made


def apply(
    *, actor: Actor, tender: str, price: int, statement: str, request_key: str | None = None
) -> Application:
    """A supplier applies to join an open framework agreement and accepts its terms.

    Args:
        price: of the agreement, at most its ceiling, fen. statement: acceptance of the terms, and how they are met.

    Raises:
        BadInput: nothing is said, or the price is above the ceiling.
    """
    if not statement.strip():
        raise bad("statement", "请写明接受框架协议的条件", "say that you accept the terms")
    row = NEGOTIATION.rows["framework.apply"]
    with door.enter(row, actor, lambda: tenders.locked(tender), request_key=request_key) as passage:
        subject = passage.subject
        if found := rules.lawful_price(subject, price, field="price").reasons:
            raise BadInput(*found)
        made = Application.objects.create(
            tender=subject, supplier=actor.organisation, statement=statement.strip(), price=price, at=passage.now
        )
        passage.record(
            public={"application": made.pk, "supplier": actor.organisation.uscc, "name": actor.organisation.name, "price": price},
            private={"statement": made.statement},
            tender=subject,
        )
    return made


def review(
    *, actor: Actor, tender: str, application: int, admitted: bool, reason: str = "", request_key: str | None = None
) -> Application:
    """Review an application within seven working days: who accepts and meets the terms is in; a refusal says why.

    Args:
        application: its number. admitted: whether the supplier is in. reason: needed for a refusal.

    Raises:
        BadInput: no such application, or no reason. Refused: the price lies above the agreement's ceiling.
    """
    if not admitted and not reason.strip():
        raise bad("reason", "不予入围应当写明理由", "a refusal needs its reason", article="政府采购框架协议采购方式管理暂行办法")
    row = NEGOTIATION.rows["framework.review"]
    with door.enter(row, actor, lambda: tenders.locked(tender), request_key=request_key) as passage:
        found = passage.subject.applications.filter(pk=application, admitted=None).select_related("supplier").first()
        if found is None:
            raise bad("application", "没有这份待审核的申请", "there is no such open application")
        if admitted:
            passage.require(rules.lawful_price(passage.subject, found.price, field="application"))
        found.admitted, found.reason, found.reviewed_at = admitted, reason.strip(), passage.now
        found.save()
        late = check(ClockBook.load().rule(REVIEW).id, found.at, passage.now, Calendar.load())
        passage.record(
            public={
                "application": found.pk, "supplier": found.supplier.uscc, "admitted": admitted, "price": found.price, "reason": found.reason,
                "applied": moment.stamp(found.at), "late": [each.code for each in late.reasons],
            },
            tender=passage.subject,
        )  # fmt: skip
    return found


def close(*, actor: Actor, tender: str, request_key: str | None = None) -> door.Act:
    """The open framework agreement takes no more suppliers; whoever is in stays in until it ends."""
    row = NEGOTIATION.rows["framework.close"]
    with door.enter(row, actor, lambda: tenders.locked(tender), request_key=request_key) as passage:
        passage.record(public={"admitted": rules.admitted(passage.subject)}, tender=passage.subject)
    return passage.evidence
