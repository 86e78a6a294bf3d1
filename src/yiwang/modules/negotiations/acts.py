"""Acts of talks: talk with a supplier, change the requirements, end the talks, settle without a committee."""

from __future__ import annotations

from typing import Any

from yiwang.kernel.canonical import digest
from yiwang.kernel.errors import bad
from yiwang.kernel.text import Text
from yiwang.modules.bids import selectors as bids
from yiwang.modules.evaluations import settled
from yiwang.modules.evidence import door
from yiwang.modules.evidence.actors import Actor
from yiwang.modules.negotiations import framework_rules, rules
from yiwang.modules.negotiations.law import book
from yiwang.modules.negotiations.models import Change, Talk, TalksEnd
from yiwang.modules.negotiations.states import NEGOTIATION
from yiwang.modules.tenders import services as tenders


def talk(
    *, actor: Actor, tender: str, bid: str, record: str, present: list[int], request_key: str | None = None
) -> Talk:
    """The group has talked with one supplier; what was said is told to nobody else (政府采购非招标采购方式管理办法 第31条).

    Args:
        bid: evidence subject of the supplier's response.
        record: what was said and agreed; read by the group, the buyer's side and this supplier.
        present: numbers of the seats that took part; all members must.

    Raises:
        BadInput: no such response, no record, or a member was missing.
        Refused: the talks are over, or the own declaration is missing.
    """
    if not record.strip():
        raise bad("record", "请写明谈判的内容", "say what was talked about", article=book()["talk"]["article"])
    row = NEGOTIATION.rows["negotiation.talk"]
    with door.enter(row, actor, lambda: tenders.locked(tender), request_key=request_key) as passage:
        subject = passage.subject
        response = next((each for each in rules.suppliers(subject) if each.chain == bid), None)
        if response is None:
            raise bad("bid", "没有这份响应文件", "there is no such response", passes=Text("选择一家供应商", "choose a supplier"))
        passage.require(rules.all_present(subject, present))
        number = subject.talks.filter(bid=response).count() + 1
        made = Talk.objects.create(
            tender=subject, bid=response, round=number, present=sorted(set(present)), record=record.strip(), at=passage.now
        )
        passage.record(
            public={"bid": bid, "supplier": response.tenderer.uscc, "round": number, "present": made.present},
            private={"record": made.record},
            tender=subject,
        )
    return made


def change(
    *, actor: Actor, tender: str, kind: str, text: str, confirmed: bool = False, request_key: str | None = None
) -> Change:
    """The group changes the requirements; all suppliers that negotiate are told in writing at the same time (第32条).

    Args:
        kind: ``technical``, ``service`` or ``contract``: nothing else may be changed.
        confirmed: the purchaser's representative has confirmed the change.

    Raises:
        BadInput: nothing is said. Refused: the law does not let this be changed, or nobody confirmed it.
    """
    if not text.strip():
        raise bad("text", "请写明变动的内容", "say what is changed", article=book()["change"]["article"])
    row = NEGOTIATION.rows["negotiation.change"]
    with door.enter(row, actor, lambda: tenders.locked(tender), request_key=request_key) as passage:
        subject = passage.subject
        passage.require(rules.lawful_change(kind, confirmed=confirmed))
        to = sorted(bid.tenderer.uscc for bid in rules.suppliers(subject))
        number = subject.requirement_changes.count() + 1
        made = Change.objects.create(tender=subject, number=number, kind=kind, text=text.strip(), to=to, at=passage.now)
        passage.record(public=change_facts(made), tender=subject)
    return made


def close(
    *, actor: Actor, tender: str, quote_hours: int, requirements: str = "", request_key: str | None = None
) -> TalksEnd:
    """The group ends the talks; it then judges who meets the needs, and those are asked for a final quote (第33条).

    Args:
        quote_hours: how long the suppliers have for the final quote.
        requirements: the requirements as they are now, where the talks made them clear.

    Raises:
        Refused: a supplier was not talked with yet, or the time is out of its bounds.
    """
    row = NEGOTIATION.rows["negotiation.close"]
    with door.enter(row, actor, lambda: tenders.locked(tender), request_key=request_key) as passage:
        subject = passage.subject
        passage.require(rules.lawful_hours(quote_hours))
        made = TalksEnd.objects.create(
            tender=subject, requirements=requirements.strip(), quote_hours=quote_hours, at=passage.now
        )
        rounds = {bid.chain: subject.talks.filter(bid=bid).count() for bid in rules.suppliers(subject)}
        passage.record(
            public={
                "talks": rounds,
                "changes": subject.requirement_changes.count(),
                "quote_hours": quote_hours,
                "requirements": made.requirements,
            },
            tender=subject,
        )
    return made


def settle(
    *,
    actor: Actor,
    tender: str,
    record: str = "",
    agreed: int | None = None,
    negotiators: list[str] | None = None,
    request_key: str | None = None,
) -> Any:
    """End a procurement that has no committee: single source with its negotiated price, an order under a framework agreement.

    The result is a report like a committee's, from which the buyer decides the award: the opened quotes, ranked by the
    published formula; for a single source at the agreed price, which may not lie above the quote.

    Args:
        record: of the negotiation (政府采购非招标采购方式管理办法 第42条); for a single source it is needed.
        agreed: the price agreed upon, fen; only for a single source.
        negotiators: names of those with experience who negotiated for the purchaser (第41条).

    Raises:
        BadInput: record, price or negotiators are missing, or the price is above the quote.
    """
    row = NEGOTIATION.rows["negotiation.settle"]
    with door.enter(row, actor, lambda: tenders.locked(tender), request_key=request_key) as passage:
        subject = passage.subject
        people = [name.strip() for name in negotiators or [] if name.strip()]
        quotes = [bid for bid in bids.opened(subject) if bid.standing == "opened"]
        passage.require(rules.lawful_settlement(subject, quotes, agreed, record, people))
        content = settled.content(subject, quotes, agreed, rejected=framework_rules.too_dear(subject, quotes))
        if not content["candidates"]:
            raise bad("agreed", "没有符合要求的报价，请终止采购", "no quote meets the requirements; terminate the procurement",
                      passes=Text("终止本次采购或者订单", "end this procurement or order"))  # fmt: skip
        report = settled.keep(subject, content, digest(content), passage.now)
        for event in ("evaluation.end", "evaluation_report.received"):
            tenders.note(subject, event, passage.now)
        passage.record(
            public={
                "report": content,
                "report_sha256": report.sha256,
                **({"record": record.strip(), "negotiators": people} if people else {}),
            },
            tender=subject,
        )
    return report


def change_facts(made: Change) -> dict[str, Any]:
    """What evidence says of a change."""
    return {"change": made.number, "kind": made.kind, "text": made.text, "to": made.to, "confirmed": True}
