"""Acts of complaints (投诉): filed with the supervising department, corrected, accepted or refused, trading suspended,
decided, withdrawn. What an upheld complaint orders holds trading up until it is done, or ends the tender.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Any

from django.db import transaction

from yiwang.kernel import moment
from yiwang.kernel.clock_count import day_of
from yiwang.kernel.errors import BadInput, bad
from yiwang.kernel.remedies import remedy_law
from yiwang.kernel.text import Text
from yiwang.kernel.verdict import YES, Verdict
from yiwang.modules.evidence import door, files, registry
from yiwang.modules.evidence.actors import SYSTEM, Actor, has_role
from yiwang.modules.remedies import complaint_rules as rules
from yiwang.modules.remedies import stillness
from yiwang.modules.remedies.models import Complaint, Objection
from yiwang.modules.remedies.rules import track_of
from yiwang.modules.remedies.states import COMPLAINT
from yiwang.modules.tenders import services as tenders

OUTCOMES = {"upheld": Text("成立", "upheld"), "dismissed": Text("驳回", "dismissed")}


def file(
    *,
    actor: Actor,
    tender: str,
    text: str,
    request: str,
    objection: int | None = None,
    known: datetime | None = None,
    industry: str = "",
    interest: str = "",
    request_key: str | None = None,
) -> Complaint:
    """Complain to the supervising department; which one that is the law file tells by track and industry.

    Args:
        text: facts and evidence.
        request: what the department is asked to do.
        objection: the own objection (query) that came first; None for what is no matter of an objection.
        known: when the complainant knew, where no objection came first.
        industry: of construction works: a key of law/remedies.yaml's industries; empty: the general department.
        interest: in what way the tender concerns somebody who neither objected nor bid.

    Raises:
        BadInput: text or request is missing, or there is no such own objection.
        Refused: the objection must come first or is not answered yet; out of time (实施条例 第60条: 10 days; 政府采购法
            第55条: 15 workdays after the time for answering); no standing.
    """
    _written(text=text, request=request)
    with door.enter(COMPLAINT.rows["complaint.file"], actor, lambda: tenders.locked(tender), request_key=request_key) as passage:
        subject, now = passage.subject, passage.now
        first = _own_objection(subject, actor, objection)
        law = remedy_law()
        if industry and industry not in law.industries:
            raise bad("industry", "没有这个行业", "there is no such industry",
                      passes=Text("、".join(law.industries), ", ".join(law.industries)))
        passage.require(
            rules.may_file(subject, first, day_of(known) if known else None, now) & _concerned(subject, actor, first, interest)
        )
        item = Complaint.objects.create(
            tender=subject, objection=first, kind=first.kind if first else rules.OTHER, text=text.strip(), request=request.strip(),
            interest=interest.strip()[:200], industry=industry, department=law.route(track_of(subject).key, industry).department,
            by=actor.organisation, filed_at=now, received_at=now, accept_by=rules.accept_by(subject, now),
        )  # fmt: skip
        passage.record(
            public={
                "complaint": item.pk, "objection": first.pk if first else None, "kind": item.kind, "text": item.text,
                "request": item.request, "interest": item.interest, "industry": industry, "department": item.department,
                "accept_by": moment.stamp(item.accept_by),
            },
            private={"by": actor.organisation.uscc},
            tender=subject,
            anonymous=True,
        )  # fmt: skip
    return item


def send_back(*, actor: Actor, tender: str, complaint: int, missing: str, request_key: str | None = None) -> Complaint:
    """The department says, once and for all, what the complainant has to add (一次性告知补正).

    Args:
        missing: what is to be added or corrected.
    """
    _written(missing=missing)
    with _dealing("complaint.return", actor, (tender, complaint), ("filed",), request_key) as (passage, item):
        if item.missing:
            raise bad("complaint", "已经一次性告知过补正", "what is missing was told before, and may be told once")
        item.missing, item.returned_at = missing.strip(), passage.now
        passage.record(public={"complaint": item.pk, "missing": item.missing}, tender=passage.subject)
    return item


def correct(*, actor: Actor, tender: str, complaint: int, text: str, request_key: str | None = None) -> Complaint:
    """The complainant adds what was asked for; the department's time runs from now.

    Args:
        text: what is added or corrected.
    """
    _written(text=text)
    with _dealing("complaint.correct", actor, (tender, complaint), ("returned",), request_key) as (passage, item):
        item.correction, item.received_at = text.strip(), passage.now
        item.accept_by = rules.accept_by(passage.subject, passage.now)
        said = {"complaint": item.pk, "correction": item.correction, "accept_by": moment.stamp(item.accept_by)}
        passage.record(public=said, tender=passage.subject, anonymous=True)
    return item


def accept(*, actor: Actor, tender: str, complaint: int, request_key: str | None = None) -> Complaint:
    """The department accepts a complaint (受理); it decides within 30 workdays. Late acceptance says so itself."""
    with _dealing("complaint.accept", actor, (tender, complaint), ("filed",), request_key) as (passage, item):
        item.accepted_at = passage.now
        item.decide_by = rules.decide_by(passage.subject, item.received_at, passage.now)
        passage.record(
            public={
                "complaint": item.pk,
                "kind": item.kind,
                "department": item.department,
                "decide_by": moment.stamp(item.decide_by),
                "late": rules.late(rules.law_for(passage.subject).accept, item.accept_by, passage.now),
            },
            tender=passage.subject,
        )
    return item


def refuse(
    *, actor: Actor, tender: str, complaint: int, ground: str, reasons: str, request_key: str | None = None
) -> Complaint:
    """The department does not accept a complaint (不予受理), on a ground that the law knows.

    Args:
        ground: a key of law/remedies.yaml's grounds.
        reasons: in words; for another department's matter, which one.
    """
    _written(reasons=reasons)
    with _dealing("complaint.refuse", actor, (tender, complaint), ("filed", "returned"), request_key) as (passage, item):
        item.ground, item.reasons, item.refused_at = rules.ground(passage.subject, ground).key, reasons.strip(), passage.now
        passage.record(
            public={
                "complaint": item.pk,
                "ground": item.ground,
                "reasons": item.reasons,
                "late": rules.late(rules.law_for(passage.subject).accept, item.accept_by, passage.now),
            },
            tender=passage.subject,
        )
    return item


def suspend(
    *,
    actor: Actor,
    tender: str,
    complaint: int,
    number: str,
    reason: str,
    until: datetime | None = None,
    request_key: str | None = None,
) -> Complaint:
    """The department orders trading to stand still (实施条例 第62条; 政府采购法 第57条: 30 days at the longest).

    Args:
        number: of the order. reason: in words, public.
        until: the end, where it is known; in government procurement at the latest 30 days from now, which is also the end
            when none is given.

    Raises:
        Refused: longer than the law allows.
    """
    _written(number=number, reason=reason)
    with _dealing("complaint.suspend", actor, (tender, complaint), ("accepted",), request_key) as (passage, item):
        subject = passage.subject
        if rules.is_held(item, passage.now):
            raise bad("complaint", "已经暂停", "trading stands still already")
        latest = rules.suspend_until(subject, passage.now)
        passage.require(_within(until, passage.now, latest, rules.law_for(subject).suspend))
        stillness.begin(passage, item, number=number, reason=reason.strip(), until=until or latest)
        passage.record(
            public={
                "complaint": item.pk,
                "kind": item.kind,
                "department": item.department,
                "number": item.suspension,
                "reason": reason.strip(),
                "until": moment.stamp(item.suspended_until) if item.suspended_until else None,
            },
            tender=subject,
        )
    return item


def resume(*, actor: Actor, tender: str, complaint: int, reason: str, request_key: str | None = None) -> Complaint:
    """The department lets trading go on: the suspension is lifted, or what it ordered is done.

    Raises:
        Refused: what the decision orders is not done yet.
    """
    _written(reason=reason)
    with _dealing("complaint.resume", actor, (tender, complaint), ("accepted", "decided", "withdrawn"), request_key) as (passage, item):
        if not rules.is_held(item, passage.now):
            raise bad("complaint", "没有因这件投诉暂停", "nothing stands still because of this complaint")
        passage.require(rules.done(passage.subject, item))
        facts = stillness.end(passage, item)
        passage.record(public={"complaint": item.pk, "reason": reason.strip(), **facts}, tender=passage.subject)
    return item


def decide(
    *,
    actor: Actor,
    tender: str,
    complaint: int,
    outcome: str,
    number: str,
    reasons: str,
    content: files.Stored,
    filename: str,
    order: str = "",
    request_key: str | None = None,
) -> Complaint:
    """The department decides a complaint (处理决定); the decision is public at once.

    Args:
        outcome: ``upheld`` or ``dismissed``.
        number: of the decision. reasons: facts and grounds, public.
        content: the decision as a file. filename: its name.
        order: what an upheld complaint leads to: a key of law/remedies.yaml's orders.

    Raises:
        BadInput: a field is missing, or an order without an upheld complaint or the reverse.
        Refused: no such order in this state, or the contract is signed.
    """
    _written(number=number, reasons=reasons)
    _sound(outcome, order)
    with transaction.atomic():
        with _dealing("complaint.decide", actor, (tender, complaint), ("accepted",), request_key) as (passage, item):
            chosen = rules.order(passage.subject, order) if order else None
            effect = chosen.effect if chosen else "go_on"
            item.outcome, item.order, item.number, item.reasons = outcome, order, number.strip()[:100], reasons.strip()
            item.document, item.document_name, item.media_type = content.sha256, filename[-200:], content.media_type
            item.decided_at = passage.now
            facts = _after_decision(passage, item, effect)
            passage.record(public={**_decision(passage, item, content), **facts}, tender=passage.subject)
        if effect == "void":
            _fail(tender, item)
    return item


def withdraw(*, actor: Actor, tender: str, complaint: int, request_key: str | None = None) -> Complaint:
    """The complainant withdraws the complaint before it is decided; the department ends its dealing with it."""
    with _dealing("complaint.withdraw", actor, (tender, complaint), ("filed", "returned", "accepted"), request_key) as (passage, item):
        item.withdrawn_at = passage.now
        facts = _after_decision(passage, item, "go_on")
        passage.record(public={"complaint": item.pk, "kind": item.kind, **facts}, tender=passage.subject, anonymous=True)
    return item


@contextmanager
def _dealing(
    act: str, actor: Actor, where: tuple[str, int], standings: tuple[str, ...], request_key: str | None
) -> Iterator[tuple[door.Passage, Complaint]]:
    """Through the door with a complaint that stands so, and that is the actor's: its department's or its complainant's."""
    row, (tender, complaint) = COMPLAINT.rows[act], where
    with door.enter(row, actor, lambda: tenders.locked(tender), request_key=request_key) as passage:
        item = Complaint.objects.select_for_update().filter(tender=passage.subject, pk=complaint).first()
        own = "complainant" in row.roles
        foreign = item is None or (own and (actor.organisation is None or item.by_id != actor.organisation.id))
        if item is None or foreign or item.standing not in standings:
            raise bad("complaint", "没有可以这样办理的这件投诉", "there is no such complaint for which this can be done",
                      passes=Text("选择列出的投诉", "choose one of those listed"))
        if not own:
            passage.require(rules.competent(item.department, actor))
        yield passage, item
        item.save()


def _written(**fields: str) -> None:
    names = {
        "text": Text("请写明事实和证据", "state facts and evidence"),
        "request": Text("请写明投诉请求", "say what you ask for"),
        "missing": Text("请写明需要补正的内容", "say what is to be added"),
        "reasons": Text("请写明理由", "state the reasons"),
        "reason": Text("请写明理由", "state the reason"),
        "number": Text("请填写文书编号", "give the number of the document"),
    }
    faults = [
        reason
        for name, value in fields.items()
        if not value.strip()
        for reason in bad(name, names[name].zh, names[name].en, article="招标投标法实施条例 第60条" if name in ("text", "request") else "").reasons
    ]
    if faults:
        raise BadInput(*faults)


def _own_objection(subject: Any, actor: Actor, objection: int | None) -> Objection | None:
    if objection is None:
        return None
    found = Objection.objects.filter(tender=subject, pk=objection, by=actor.organisation).first()
    if found is None:
        raise bad("objection", "没有您提出的这条异议（质疑）", "you raised no such objection",
                  passes=Text("您自己就本项目提出的异议（质疑）", "an objection of your own in this tender"))
    return found


def _concerned(subject: Any, actor: Actor, objection: Objection | None, interest: str) -> Verdict:
    """Standing: whoever objected; a tenderer whose bid was opened; another who says what his interest is."""
    if objection is not None or interest.strip() or has_role("bidder", actor, subject):
        return YES
    return Verdict(
        bad("interest", "请写明您与本项目的利害关系", "say in what way the tender concerns you",
            article=rules.law_for(subject).articles[0], code="remedy.standing").reasons
    )  # fmt: skip


def _within(until: datetime | None, now: datetime, latest: datetime | None, rule: str) -> Verdict:
    if until is None or (until > now and (latest is None or until <= latest)):
        return YES
    if until <= now:
        return Verdict(bad("until", "暂停的截止时间应在今后", "the end of the suspension must lie ahead").reasons)
    day = f"{day_of(latest)}" if latest else ""
    return Verdict(
        bad("until", "暂停时间最长不得超过三十日", "a suspension lasts 30 days at the longest", article="政府采购法 第57条", code=rule,
            passes=Text(f"不晚于 {day}", f"{day} at the latest")).reasons
    )  # fmt: skip


def _sound(outcome: str, order: str) -> None:
    if outcome not in OUTCOMES:
        raise bad("outcome", "请选择成立或者驳回", "choose upheld or dismissed", passes=Text("upheld、dismissed", "upheld or dismissed"))
    if (outcome == "upheld") != bool(order):
        raise bad("order", "投诉成立的，应当写明如何处理；驳回的，没有处理措施", "an upheld complaint needs an order, a dismissed one has none")


def _after_decision(passage: door.Passage, item: Complaint, effect: str) -> dict[str, Any]:
    """Let trading go on, or hold it up until what was ordered is done; gives what evidence says of it: ``held``, whether
    it stands still now, and when it goes on since when it did not.
    """
    held = rules.is_held(item, passage.now)
    reason = f"按处理决定 {item.number} 改正前暂停"
    if effect == "hold" and held:
        stillness.prolong(passage, item, reason=reason)
    elif effect == "hold":
        stillness.begin(passage, item, number=item.number, reason=reason)
    elif held:
        return {"held": False, **stillness.end(passage, item)}
    return {"held": effect == "hold"}


def _decision(passage: door.Passage, item: Complaint, content: files.Stored) -> dict[str, Any]:
    assert item.accepted_at is not None and item.decide_by is not None
    law = rules.law_for(passage.subject)
    return {
        "complaint": item.pk,
        "kind": item.kind,
        "department": item.department,
        "outcome": item.outcome,
        "order": item.order,
        "number": item.number,
        "reasons": item.reasons,
        "decision": {"sha256": content.sha256, "size": content.size, "media_type": content.media_type, "filename": item.document_name},
        "received_at": moment.stamp(item.received_at),
        "accepted_at": moment.stamp(item.accepted_at),
        "decide_by": moment.stamp(item.decide_by),
        "late": rules.late(law.decide, item.decide_by, passage.now),
    }


def _fail(tender: str, item: Complaint) -> None:
    """The award is void: the tender ends, by the number of the decision, and may be held again."""
    with door.enter(registry.row_of("tender.fail"), SYSTEM, lambda: tenders.locked(tender)) as passage:
        public = {"reason": "decision", "complaint": item.pk, "number": item.number, "order": item.order}
        passage.record(public=public, tender=passage.subject)
