"""Acts of remedies up to the buyer's answer: raise, answer and withdraw an objection (异议) or query (质疑)."""

from __future__ import annotations

from yiwang.kernel import moment
from yiwang.kernel.errors import BadInput, bad
from yiwang.kernel.text import Text
from yiwang.modules.evidence import door
from yiwang.modules.evidence.actors import Actor
from yiwang.modules.remedies import rules
from yiwang.modules.remedies.complaint_rules import late
from yiwang.modules.remedies.models import Objection
from yiwang.modules.remedies.states import OBJECTION
from yiwang.modules.tenders import services as tenders
from yiwang.modules.tenders.selectors import law_of


def raise_objection(
    *, actor: Actor, tender: str, text: str, kind: str = "", interest: str = "", request_key: str | None = None
) -> Objection:
    """A tenderer objects (a supplier queries): to the documents, the opening or the procedure, or the result.

    What the law says waits for the answer waits. Until the bids are open nobody learns who objected to the documents.

    Args:
        kind: ``document``, ``opening``, ``process`` or ``result``; empty: what the tender's state suggests.
        interest: in what way the tender concerns somebody who did not bid.

    Raises:
        BadInput: no text. Refused: too late (实施条例 第22条: to the documents at least 10 days before the deadline, 第54条: to
            the result within the publicity; 政府采购法 第52条: within 7 workdays), or no standing.
    """
    if not text.strip():
        raise bad("text", "请写明异议的事实和理由", "state the facts and reasons of the objection")
    with door.enter(OBJECTION.rows["objection.raise"], actor, lambda: tenders.locked(tender), request_key=request_key) as passage:
        subject = passage.subject
        chosen = rules.chosen_kind(subject, kind)
        passage.require(rules.in_time(subject, chosen, passage.now) & rules.may_stand(subject, chosen, actor, interest))
        item = Objection.objects.create(
            tender=subject,
            kind=chosen.key,
            text=text.strip(),
            interest=interest.strip()[:200],
            by=actor.organisation,
            raised_at=passage.now,
            answer_by=rules.answer_by(law_of(subject), chosen.key, passage.now),
        )
        said = {"objection": item.pk, "kind": item.kind, "text": item.text}
        passage.record(
            public={**said, **({"interest": item.interest} if item.interest else {})},
            private={"by": actor.organisation.uscc},
            tender=subject,
            anonymous=chosen.secret,
        )
    return item


def answer(
    *, actor: Actor, tender: str, objection: int, text: str, upheld: bool = False, request_key: str | None = None
) -> Objection:
    """The buyer or its agency answers an objection in writing, saying whether it is upheld; objector and bidders are told.

    An answer that comes late is taken, and says itself by which rule it is late.

    Raises:
        BadInput: no such open objection, or an empty answer.
    """
    if not text.strip():
        raise bad("text", "请写明答复意见", "the answer is empty")
    with door.enter(OBJECTION.rows["objection.answer"], actor, lambda: tenders.locked(tender), request_key=request_key) as passage:
        item = _open(passage, objection)
        item.answer, item.answered_at, item.upheld = text.strip(), passage.now, upheld
        item.save()
        remedy = rules.remedy_of(law_of(passage.subject), rules.track_of(passage.subject).kinds[item.kind])
        assert remedy is not None
        passage.record(
            public={
                "objection": item.pk,
                "kind": item.kind,
                "answer": item.answer,
                "upheld": upheld,
                "raised_at": moment.stamp(item.raised_at),
                "answer_by": moment.stamp(item.answer_by),
                "late": late(remedy.answer_rule, item.answer_by, passage.now),
            },
            tender=passage.subject,
        )
    return item


def withdraw_objection(*, actor: Actor, tender: str, objection: int, request_key: str | None = None) -> Objection:
    """Whoever objected takes the objection back before it is answered; what waited for the answer goes on.

    Raises:
        BadInput: the actor has no such open objection.
    """
    with door.enter(OBJECTION.rows["objection.withdraw"], actor, lambda: tenders.locked(tender), request_key=request_key) as passage:
        item = _open(passage, objection)
        if item.by_id != actor.organisation.id:
            raise _no_such()
        item.withdrawn_at = passage.now
        item.save()
        passage.record(
            public={"objection": item.pk, "kind": item.kind, "raised_at": moment.stamp(item.raised_at)},
            private={"by": actor.organisation.uscc},
            tender=passage.subject,
            anonymous=True,
        )
    return item


def _open(passage: door.Passage, objection: int) -> Objection:
    item = Objection.objects.filter(tender=passage.subject, pk=objection, answered_at=None, withdrawn_at=None).first()
    if item is None:
        raise _no_such()
    return item


def _no_such() -> BadInput:
    return bad("objection", "没有这条待答复的异议", "there is no such open objection",
               passes=Text("选择一条尚未答复的异议", "choose an objection that is not answered yet"))  # fmt: skip
