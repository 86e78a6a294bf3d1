"""Acts of remedies: raise and answer objections."""

from __future__ import annotations

from yiwang.kernel.errors import bad
from yiwang.kernel.text import Text
from yiwang.kernel.verdict import Verdict, verdict
from yiwang.modules.evidence import door
from yiwang.modules.evidence.actors import Actor
from yiwang.modules.remedies import rules
from yiwang.modules.remedies.models import Objection
from yiwang.modules.remedies.states import OBJECTION
from yiwang.modules.tenders import rules as tender_rules
from yiwang.modules.tenders import services as tenders


def raise_objection(*, actor: Actor, tender: str, text: str, request_key: str | None = None) -> Objection:
    """A tenderer objects: to the documents while bids are taken, to the opening, or to the result.

    The answer is due in 3 days (on the spot for the opening). While it is open, what comes next waits.

    Raises:
        Refused: too late; to the documents at least 10 days before the deadline (实施条例 第22条), to the result
            within the publicity period (第54条).
    """
    if not text.strip():
        raise bad("text", "请写明异议的事实和理由", "state the facts and reasons of the objection")
    with door.enter(OBJECTION.rows["objection.raise"], actor, lambda: tenders.locked(tender), request_key=request_key) as passage:
        subject = passage.subject
        kind = rules.KIND_BY_STATE[subject.state]
        if kind == "document":
            passage.require(tender_rules.period(subject, tender_rules.DOCUMENT_OBJECTION, passage.now, subject.deadline, field="text"))
        if kind == "result":
            passage.require(_within_publicity(passage))
        item = Objection.objects.create(
            tender=subject,
            kind=kind,
            text=text.strip(),
            by=actor.organisation,
            raised_at=passage.now,
            answer_by=rules.answer_by(subject.procedure, kind, passage.now),
        )
        secret = kind == "document"
        passage.record(
            public={"objection": item.pk, "kind": kind, "text": item.text},
            private={"by": actor.organisation.uscc},
            tender=subject,
            anonymous=secret,
        )
    return item


def answer(
    *, actor: Actor, tender: str, objection: int, text: str, upheld: bool = False, request_key: str | None = None
) -> Objection:
    """The buyer or its agency answers an objection, saying whether it is upheld.

    Raises:
        BadInput: no such open objection, or an empty answer.
    """
    if not text.strip():
        raise bad("text", "请写明答复意见", "the answer is empty")
    with door.enter(OBJECTION.rows["objection.answer"], actor, lambda: tenders.locked(tender), request_key=request_key) as passage:
        item = Objection.objects.filter(tender=passage.subject, pk=objection, answered_at=None).first()
        if item is None:
            raise bad("objection", "没有这条待答复的异议", "there is no such open objection",
                      passes=Text("选择一条尚未答复的异议", "choose an objection that is not answered yet"))
        item.answer, item.answered_at, item.upheld = text.strip(), passage.now, upheld
        item.save()
        passage.record(
            public={"objection": item.pk, "kind": item.kind, "answer": item.answer, "upheld": upheld},
            tender=passage.subject,
        )
    return item


def _within_publicity(passage: door.Passage) -> Verdict:
    end = tenders.noted(passage.subject, "candidate_publicity.end")
    return verdict(
        end is not None and passage.now <= end,
        "GC-14",
        Text("公示期已经结束，不能再对结果提出异议", "the publicity period is over; objections to the result came too late"),
        article="招标投标法实施条例 第54条",
    )
