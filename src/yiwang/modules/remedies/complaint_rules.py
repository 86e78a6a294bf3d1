"""Rules of complaints: standing, what must come first, windows, the department's clocks, what an upheld one leads to
(招标投标法实施条例 第60至62条; 政府采购法 第55至57条; 政府采购法实施条例 第55至58条).
"""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from yiwang.kernel.calendar import Calendar
from yiwang.kernel.clock_book import ClockBook
from yiwang.kernel.clock_check import check
from yiwang.kernel.clock_count import count, day_of
from yiwang.kernel.errors import Refused, bad
from yiwang.kernel.remedies import ComplaintLaw, Ground, Order, remedy_law
from yiwang.kernel.text import Text
from yiwang.kernel.verdict import YES, Reason, Verdict, no, verdict
from yiwang.modules.evidence.actors import Actor
from yiwang.modules.evidence.registry import condition
from yiwang.modules.remedies.rules import track_of
from yiwang.modules.tenders import services as tenders

OTHER = "other"
"""The kind of a complaint about what is no matter of an objection (实施条例 第60条)."""


def law_for(tender: Any) -> ComplaintLaw:
    """The law of complaints in the tender's track."""
    return track_of(tender).complaint


def starts(law: ComplaintLaw, objection: Any, known: date | None) -> datetime | date | None:
    """What the time for complaining runs from: the answer, the end of the time for it, or the day of knowing."""
    if objection is None:
        return known
    if law.file_from == "answer" and objection.answered_at is not None:
        answered: datetime = objection.answered_at
        return answered
    due: datetime = objection.answer_by
    return due


def file_until(law: ComplaintLaw, objection: Any) -> datetime | None:
    """Until when one may complain after an objection."""
    start = starts(law, objection, None)
    return count(ClockBook.load().rule(law.file), start, Calendar.load()).latest if start else None


def may_file(tender: Any, objection: Any, known: date | None, now: datetime) -> Verdict:
    """Whether a complaint may be filed now: the objection came first and was answered or left unanswered; in time.

    Args:
        objection: the complainant's own; None when there is none.
        known: the day on which the complainant knew, for what is no matter of an objection.
    """
    law = law_for(tender)
    article = law.articles[0]
    word = track_of(tender).word
    if objection is None and not law.alone:
        return no(
            "complaint.first",
            Text(f"应当先提出{word.zh}", f"raise a {word.en} first"),
            article=article,
            field="objection",
            passes=Text(
                f"先提出{word.zh}，对答复不满意或者没有按时得到答复再投诉",
                f"first a {word.en}; complain when the answer does not content you or does not come in time",
            ),
        )
    if objection is not None:
        ready = _after_the_answer(objection, word, article, now)
        if not ready:
            return ready
    elif known is None:
        return no("complaint.known", Text("请填写您知道或者应当知道的日期", "give the day on which you knew"), article=article, field="known")
    elif known > day_of(now):
        return no("complaint.known", Text("这个日期还没有到", "that day has not come yet"), article=article, field="known")
    start = starts(law, objection, known)
    assert start is not None
    if not isinstance(start, datetime) or start <= now:
        return check(law.file, start, now, Calendar.load(), field="known" if objection is None else "objection")
    return YES


def _after_the_answer(objection: Any, word: Text, article: str, now: datetime) -> Verdict:
    if objection.withdrawn_at is not None:
        return no("complaint.withdrawn", Text(f"这项{word.zh}已经撤回", f"that {word.en} was withdrawn"), article=article, field="objection")
    if any(each.living or each.standing == "decided" for each in objection.complaints.all()):
        return no("complaint.again", Text("已就这一事项投诉过", "there is a complaint about this already"), article=article, field="objection")
    return verdict(
        objection.answered_at is not None or now > objection.answer_by,
        "complaint.first",
        Text(f"{word.zh}还在答复期内", f"the time for answering the {word.en} is not over"),
        article=article,
        field="objection",
        passes=Text("收到答复后，或者答复期满仍未答复", "once it is answered, or the time has passed without an answer"),
        after=objection.answer_by,
    )


def accept_by(tender: Any, received: datetime) -> datetime:
    """Until when the department decides on accepting (GC-17: 3 workdays; ZC-31: 5 workdays)."""
    return _latest(law_for(tender).accept, received)


def decide_by(tender: Any, received: datetime, accepted: datetime) -> datetime:
    """Until when the department decides (30 workdays, from the receipt or from the acceptance as the track has it)."""
    law = law_for(tender)
    return _latest(law.decide, received if law.decide_from == "filed" else accepted)


def suspend_until(tender: Any, now: datetime) -> datetime | None:
    """The end of the longest suspension (ZC-36: 30 days); None where the law sets no longest."""
    rule = law_for(tender).suspend
    return _latest(rule, now) if rule else None


def _latest(rule: str, start: datetime) -> datetime:
    due = count(ClockBook.load().rule(rule), start, Calendar.load()).latest
    assert due is not None
    return due


def late(rule: str, due: datetime, now: datetime) -> list[str]:
    """The rule's id when the moment has passed: the act itself says that it came late."""
    return [rule] if now > due else []


def competent(department: str, actor: Actor) -> Verdict:
    """Whether the actor's body acts for the department (law/remedies.yaml, offices)."""
    law = remedy_law()
    office = law.offices.get(department)
    if not office or (actor.organisation is not None and actor.organisation.uscc == office):
        return YES
    name = law.departments[department]
    return no(
        "complaint.department",
        Text(f"这件投诉由{name.zh}处理", f"this complaint is for the {name.en}"),
        article="招标投标法实施条例 第61条",
        passes=Text(f"{name.zh}（{office}）的人员", f"somebody of the {name.en} ({office})"),
    )


def ground(tender: Any, key: str) -> Ground:
    """The ground of a refusal in the tender's track. BadInput when there is none such."""
    track = track_of(tender).key
    possible = [each for each in remedy_law().grounds.values() if track in each.tracks]
    for each in possible:
        if each.key == key:
            return each
    raise bad("ground", "请选择不予受理的法定理由", "choose a ground that the law knows",
              passes=Text("、".join(each.key for each in possible), ", ".join(each.key for each in possible)))


def orders_now(tender: Any) -> list[Order]:
    """What an upheld complaint can lead to in the tender's present state."""
    track = track_of(tender).key
    return [each for each in remedy_law().orders.values() if track in each.tracks and tender.state in each.states]


def order(tender: Any, key: str) -> Order:
    """An order that is possible now.

    Raises:
        Refused: not in this state, naming those that are; or the contract has been signed (an award can be voided only
            before).
    """
    possible = orders_now(tender)
    found = next((each for each in possible if each.key == key), None)
    if found is None:
        raise Refused(
            Reason("complaint.order", Text("目前阶段不能作出这种处理", "no such order is possible at this stage"), field="order",
                   passes=Text("、".join(each.name.zh for each in possible), ", ".join(each.key for each in possible)))
        )  # fmt: skip
    if found.effect == "void" and tenders.noted(tender, "contract.signed") is not None:
        signed = Text("合同已经签订，应当责令改正、依法撤销合同", "the contract is signed: order that it be put right and revoked")
        article = found.articles[track_of(tender).key]
        raise Refused(Reason("complaint.signed", signed, field="order", article=article, passes=Text("责令改正后继续", "correct")))
    return found


def done(tender: Any, complaint: Any) -> Verdict:
    """Whether trading may go on: what was ordered is done."""
    found = remedy_law().orders.get(complaint.order)
    if found is None:
        return YES
    article = found.articles[track_of(tender).key]
    if found.done_by == "nothing":
        ended = Text("按处理决定应当终止后重新招标（采购），不能恢复", "by the decision it is to be ended and held again")
        return no("complaint.order", ended, article=article, passes=Text("招标人（采购人）终止项目", "the buyer ends the tender"))
    if found.done_by == "clarification" and not _changed(tender, complaint):
        same = Text("招标文件还没有按处理决定修改", "the documents are not changed yet as ordered")
        passes = Text("决定之后发布的澄清或修改", "a clarification issued after the decision")
        return no("complaint.order", same, article=article, passes=passes)
    return YES


def _changed(tender: Any, complaint: Any) -> bool:
    return any(each.answered_at is not None and each.answered_at >= complaint.decided_at for each in tender.clarifications.all())


def living(tender: Any) -> list[Any]:
    """Complaints that the department still has to deal with; in Python, for lists of tenders."""
    return [each for each in tender.complaints.all() if each.living]


def is_held(complaint: Any, now: datetime) -> bool:
    """Whether trading stands still by order of the department in this complaint."""
    lasting = complaint.suspended_until is None or complaint.suspended_until > now
    return complaint.suspended_at is not None and complaint.done_at is None and lasting


def has(*standings: str) -> Any:
    """A guard: there is a complaint that stands so."""

    def guard(tender: Any, actor: Actor, now: datetime) -> Verdict:
        there = any(each.standing in standings for each in tender.complaints.all())
        return verdict(there, "complaint.none", Text("没有可以这样办理的投诉", "there is no complaint for which this can be done"))

    return guard


def can_suspend(tender: Any, actor: Actor, now: datetime) -> Verdict:
    """There is an accepted complaint in which nothing is suspended yet."""
    there = any(each.standing == "accepted" and not is_held(each, now) for each in tender.complaints.all())
    return verdict(there, "complaint.none", Text("没有已受理而尚未暂停的投诉", "there is no accepted complaint without a suspension"))


def can_resume(tender: Any, actor: Actor, now: datetime) -> Verdict:
    """Something stands still by order of the department."""
    there = any(is_held(each, now) for each in tender.complaints.all())
    return verdict(there, "complaint.none", Text("没有因投诉暂停", "nothing is suspended by a complaint"))


def may_complain(tender: Any, actor: Actor, now: datetime) -> Verdict:
    """Where nobody may complain without having objected first, the actor has."""
    own = actor.organisation.id if actor.organisation is not None else None
    track = track_of(tender)
    return verdict(
        track.complaint.alone or any(each.by_id == own for each in tender.objections.all()),
        "complaint.first",
        Text(f"应当先提出{track.word.zh}", f"raise a {track.word.en} first"),
        article=track.complaint.articles[0],
        passes=Text(
            f"先提出{track.word.zh}，对答复不满意或者没有按时得到答复再投诉",
            f"first a {track.word.en}, and its answer or the end of the time for it",
        ),
    )


def has_own_returned(tender: Any, actor: Actor, now: datetime) -> Verdict:
    """A complaint of the actor was sent back for correction."""
    own = actor.organisation.id if actor.organisation is not None else None
    there = any(each.standing == "returned" and each.by_id == own for each in tender.complaints.all())
    return verdict(there, "complaint.none", Text("您没有需要补正的投诉", "none of your complaints is to be corrected"))


def has_own_living(tender: Any, actor: Actor, now: datetime) -> Verdict:
    """A complaint of the actor is not decided yet."""
    own = actor.organisation.id if actor.organisation is not None else None
    there = any(each.by_id == own for each in living(tender))
    return verdict(there, "complaint.none", Text("您没有尚未处理完的投诉", "none of your complaints is open"))


@condition("tender.archive")
def no_open_complaint(tender: Any, actor: Actor, now: datetime) -> Verdict:
    """What is complained of is not put into the archive before it is decided."""
    return verdict(
        not living(tender), "complaint.open", Text("有投诉尚未处理完，不能归档", "a complaint is not decided yet; nothing is archived"),
        article="招标投标法实施条例 第61条", passes=Text("处理决定作出后", "once it is decided"),
    )  # fmt: skip
