"""Acts that suspend a tender and let it go on."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from yiwang.kernel import moment, suspension
from yiwang.kernel.calendar import Calendar
from yiwang.kernel.errors import bad
from yiwang.kernel.text import Text
from yiwang.modules.evidence import door
from yiwang.modules.evidence.actors import Actor
from yiwang.modules.tenders import rounds, services
from yiwang.modules.tenders.models import Suspension, Tender
from yiwang.modules.tenders.selectors import law_of
from yiwang.modules.tenders.states import TENDER


def suspend(*, actor: Actor, tender: str, kind: str, reason: str, article: str = "", request_key: str | None = None) -> Suspension:
    """Let the tender stand still: the supervisor by order, the buyer for force majeure or while it deals with an objection.

    Everybody concerned is told, and it is published at once. What goes on waits; the statutory periods that the law says
    stand still do.

    Args:
        kind: ``order`` (supervisor), ``force_majeure`` or ``objection`` (buyer or agency).
        reason: in words, public. article: by which the tender is suspended; empty: 招标投标法实施条例 第62条 or 政府采购法 第57条.

    Raises:
        BadInput: no such kind for this role, no reason, or the tender is suspended for that kind already.
    """
    _written(reason)
    row = TENDER.rows["tender.suspend"]
    with door.enter(row, actor, lambda: services.locked(tender), request_key=request_key) as passage:
        allowed = suspension.BY_ROLE[passage.role]
        if kind not in allowed:
            names = [suspension.KINDS[each] for each in allowed]
            raise bad("kind", "这种暂停不由您决定", "a suspension of this kind is not yours to order", code="suspension.kind",
                      article=suspension.ARTICLES[0],
                      passes=Text("、".join(name.zh for name in names), " or ".join(name.en for name in names)))  # fmt: skip
        cited = article.strip() or default_article(passage.subject)
        made = services.open_suspension(passage.subject, kind, reason.strip(), passage.role, at=passage.now)
        passage.record(public={"kind": kind, "reason": reason.strip(), "article": cited, "by": passage.role})
    return made


def resume(*, actor: Actor, tender: str, kind: str, reason: str, request_key: str | None = None) -> Tender:
    """Let the tender go on: the supervisor whatever was suspended by order, the buyer what it suspended itself.

    While bids are taken the deadline moves by the days that were lost, to a day on which the center is open.

    Raises:
        BadInput: nothing of this kind is suspended, or it is not the actor's to lift.
    """
    _written(reason)
    row = TENDER.rows["tender.resume"]
    with door.enter(row, actor, lambda: rounds.locked(tender), request_key=request_key) as passage:
        subject = passage.subject
        if kind not in suspension.BY_ROLE[passage.role]:
            raise bad("kind", "这种暂停不由您解除", "this suspension is not yours to lift", article=suspension.ARTICLES[0],
                      passes=Text("由作出暂停决定的一方解除", "whoever suspended it lifts it"))  # fmt: skip
        closed = services.close_suspension(subject, kind, at=passage.now)
        if not closed:
            raise bad("kind", "没有这种暂停", "nothing is suspended for this", passes=Text("选择正在暂停的一项", "one that is open now"))
        public: dict[str, Any] = {"kind": kind, "reason": reason.strip(), "since": moment.stamp(closed[0].since)}
        if subject.state == "tendering":
            subject.deadline = later(subject.deadline, closed[0].since, passage.now)
            services.note(subject, "bid.deadline", subject.deadline)
            public["deadline"] = moment.stamp(subject.deadline)
            rounds.moved(passage)
        passage.record(public=public)
    resumed: Tender = passage.subject
    return resumed


def default_article(tender: Any) -> str:
    """The article by which a tender of this track is suspended."""
    return suspension.ARTICLES[1] if law_of(tender).track == "gov_procurement" else suspension.ARTICLES[0]


def later(deadline: datetime, since: datetime, until: datetime) -> datetime:
    """A deadline moved by the time that was lost, in full days at the same hour, to a day on which the center is open."""
    lost = -((until - since) // timedelta(days=-1))  # rounded up
    moved = (deadline + timedelta(days=lost)).astimezone(moment.LOCAL)
    day = Calendar.load().roll_forward(moved.date(), closures=True)
    return datetime.combine(day, moved.timetz())


def _written(reason: str) -> None:
    if not reason.strip():
        raise bad("reason", "请写明原因", "give the reason", passes=Text("事实和依据", "the facts and grounds"),
                  article=suspension.ARTICLES[0])  # fmt: skip
