"""Acts of single-source procurement before the invitation: publicise, object, answer."""

from __future__ import annotations

from datetime import datetime

from yiwang.kernel import moment
from yiwang.kernel.errors import bad
from yiwang.kernel.text import Text
from yiwang.modules.evidence import door
from yiwang.modules.evidence.actors import Actor
from yiwang.modules.negotiations import source_rules as rules
from yiwang.modules.negotiations.law import book
from yiwang.modules.negotiations.models import SourceObjection, SourcePublicity
from yiwang.modules.negotiations.states import NEGOTIATION
from yiwang.modules.parties import selectors as parties
from yiwang.modules.tenders import rules as tender_rules
from yiwang.modules.tenders import services as tenders


def publicise(
    *,
    actor: Actor,
    tender: str,
    supplier: str,
    ground: str,
    reason: str,
    ends: datetime,
    opinions: list[dict[str, str]] | None = None,
    request_key: str | None = None,
) -> SourcePublicity:
    """Publicise that there shall be one source only (单一来源公示), with the experts' opinions, before inviting it.

    Args:
        supplier: credit code of the one supplier.
        ground: ``only``, ``urgent`` or ``addition`` (政府采购法 第31条).
        ends: end of the publicity; at least five full working days where the law asks for them (实施条例 第38条).
        opinions: of each expert ``name``, ``employer``, ``title`` and ``opinion``.

    Raises:
        BadInput: no such supplier.
        Refused: the period is too short, naming the earliest lawful end; an opinion is missing.
    """
    row = NEGOTIATION.rows["source.publicise"]
    with door.enter(row, actor, lambda: tenders.locked(tender), request_key=request_key) as passage:
        subject = passage.subject
        firm = parties.organisations().filter(uscc=supplier, kind="enterprise").first()
        if firm is None:
            raise bad("supplier", f"{supplier} 不是已注册的企业", f"{supplier} is no registered enterprise",
                      passes=Text("已注册企业的统一社会信用代码", "the credit code of a registered enterprise"))  # fmt: skip
        passage.require(rules.lawful_ground(ground, reason, opinions or []))
        if book()["single_source"][ground]["publicity"]:
            passage.require(tender_rules.period(subject, rules.PERIOD, passage.now, ends, field="ends"))
        given = [{name: str(each[name]).strip() for name in rules.OPINION} for each in opinions or []]
        made = SourcePublicity.objects.create(
            tender=subject, supplier=firm, ground=ground, reason=reason.strip(), opinions=given, starts=passage.now, ends=ends
        )
        subject.invitees = [firm.uscc]
        for event, at in zip(rules.PERIOD, (passage.now, ends), strict=True):
            tenders.note(subject, event, at)
        passage.record(
            public={
                "title": subject.title,
                "buyer": {"uscc": subject.buyer.uscc, "name": subject.buyer.name},
                "budget": subject.budget,
                "supplier": {"uscc": firm.uscc, "name": firm.name},
                "ground": ground,
                "reason": made.reason,
                "opinions": given,
                "starts": moment.stamp(passage.now),
                "ends": moment.stamp(ends),
            },
            tender=subject,
        )
    return made


def object_to(*, actor: Actor, tender: str, text: str, request_key: str | None = None) -> SourceObjection:
    """A supplier or anybody else holds that there are other sources (政府采购非招标采购方式管理办法 第39条).

    Raises:
        BadInput: no reasons. Refused: the publicity is over.
    """
    if not text.strip():
        raise bad("text", "请写明异议的事实和理由", "state the facts and reasons of the objection")
    row = NEGOTIATION.rows["source.object"]
    with door.enter(row, actor, lambda: tenders.locked(tender), request_key=request_key) as passage:
        subject = passage.subject
        if subject.source_objections.filter(by=actor.organisation).exists():
            raise bad("text", "您的单位已经提出异议", "your organisation has objected already")
        made = SourceObjection.objects.create(tender=subject, by=actor.organisation, text=text.strip(), at=passage.now)
        passage.record(public={"objection": made.pk, "text": made.text}, tender=subject)
    return made


def answer(
    *, actor: Actor, tender: str, objection: int, text: str, upheld: bool = False, request_key: str | None = None
) -> SourceObjection:
    """The buyer examines an objection and answers it, within five working days after the publicity (第40条).

    Args:
        objection: number of the objection.
        upheld: another procedure must be used then.
    """
    if not text.strip():
        raise bad("text", "请写明论证和答复意见", "the answer is empty")
    row = NEGOTIATION.rows["source.answer"]
    with door.enter(row, actor, lambda: tenders.locked(tender), request_key=request_key) as passage:
        subject = passage.subject
        found = subject.source_objections.filter(pk=objection, answered_at=None).first()
        if found is None:
            raise bad("objection", "没有这条待答复的异议", "there is no such open objection")
        found.answer, found.upheld, found.answered_at = text.strip(), upheld, passage.now
        found.save()
        late = tender_rules.period(
            subject, ("single_source_publicity.end", "single_source_objection.review_done"),
            tenders.when(subject, rules.PERIOD[1]), passage.now,
        )  # fmt: skip
        passage.record(
            public={
                "objection": found.pk, "answer": found.answer, "upheld": upheld,
                "late": [reason.code for reason in late.reasons] if passage.now > tenders.when(subject, rules.PERIOD[1]) else [],
            },
            tender=subject,
        )  # fmt: skip
    return found
