"""Rules of chains of rounds: when a round's admission may be decided, who may take part in the later round, and when."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from yiwang.kernel.text import Text
from yiwang.kernel.verdict import YES, Verdict, verdict
from yiwang.modules.awards.admission_models import Admission
from yiwang.modules.bids import services as bids
from yiwang.modules.evidence.actors import Actor
from yiwang.modules.evidence.registry import condition
from yiwang.modules.openings import judging, returning
from yiwang.modules.tenders.rounds import other_envelope, shares_deadline
from yiwang.modules.tenders.selectors import law_of
from yiwang.modules.tenders.suspension_rules import stands_still

PREQUALIFICATION = "prequalification"
"""The method of a round that is one."""
LEAST_INVITED = 3
"""招标投标法 第17条, 政府采购货物和服务招标投标管理办法 第14条: at least three are invited."""

OVER = ("awarded", "contracted", "archived", "failed", "terminated")
"""States of a later round in which nothing depends any more on the secrecy of the earlier one."""


def admission_of(tender: Any) -> Admission | None:
    """The admission of a round, once decided."""
    return Admission.objects.filter(tender=tender).first()


def _earlier(tender: Any) -> Admission | None:
    return Admission.objects.filter(tender=tender.stage_of_id).first() if tender.stage_of_id else None


def invites_the_admitted(tender: Any) -> bool:
    """Whether this round invites just those whom the earlier one admitted; else those whom its own entry or acts name."""
    rule = law_of(tender).stage if tender.stage_of_id else None
    return tender.stage_of_id is not None and (rule is None or rule.admits != "invited")


def not_admitted_yet(tender: Any, actor: Actor, now: datetime) -> Verdict:
    """The admission is decided once."""
    return verdict(admission_of(tender) is None, "admission.decided", Text("通过名单已经确定", "the admission is decided already"))


def report_or_record(tender: Any, actor: Actor, now: datetime) -> Verdict:
    """A round with a committee needs its signed report; one without needs the opening record (实施条例 第30条)."""
    with_committee = any(step.act == "evaluation.sign_report" for step in law_of(tender).steps)
    ready = tender.state == "evaluated" if with_committee else tender.state == "opened"
    return verdict(
        ready, "admission.report", Text("评审报告还没有经全体成员签署", "the committee has not signed its report yet"),
        article="招标投标法实施条例 第18条",
    )  # fmt: skip


def somebody_to_invite(tender: Any, actor: Actor, now: datetime) -> Verdict:
    """Who is invited is known: as many as the law asks, or those whom the earlier round admitted."""
    if invites_the_admitted(tender):
        return verdict(
            _earlier(tender) is not None, "admission.missing",
            Text("前一轮还没有确定通过名单", "the earlier round's admission is not decided yet"),
            article="招标投标法实施条例 第19条", passes=Text("先在前一轮确定通过名单", "decide the earlier round's admission first"),
        )  # fmt: skip
    law = law_of(tender)
    construction = law.track == "construction"
    least = LEAST_INVITED if law.method == "invited_tender" else law.least_bids
    article = "招标投标法 第17条" if construction else "政府采购货物和服务招标投标管理办法 第14条"
    return verdict(
        not law.invited or len(set(tender.invitees)) >= least, "invitation.three",
        Text(f"邀请了 {len(set(tender.invitees))} 家，应当邀请 {least} 家以上",
             f"{len(set(tender.invitees))} are invited; the law asks for at least {least}"),
        article=article if law.method == "invited_tender" else law.least_bids_article,
        field="invitees",
        passes=Text(f"列出 {least} 个以上受邀请人", f"name at least {least}"),
    )  # fmt: skip


@condition("bid.submit", "bid.commit", "clarification.ask")
def is_invited(tender: Any, actor: Actor, now: datetime) -> Verdict:
    """Only who was invited, or admitted by the earlier round, may ask and bid."""
    if not tender.invitees or actor.organisation is None or actor.organisation.uscc in tender.invitees:
        return YES
    if tender.stage_of_id:
        law = law_of(tender.stage_of)
        article = "招标投标法实施条例 第18条" if law.method == "prequalification" else "招标投标法实施条例 第30条"
        return verdict(False, "admission.not_admitted",
                       Text("您没有通过前一轮，不能参加本轮", "you were not admitted by the earlier round"), article=article)  # fmt: skip
    return verdict(False, "invitation.not_invited", Text("本项目只接受受邀请人投标", "only those invited may bid"), article="招标投标法 第17条")


@condition("opening.close")
def closes_with_the_other(tender: Any, actor: Actor, now: datetime) -> Verdict:
    """Two envelopes share one deadline: neither closes while the other still takes bids, or stands still and will move it."""
    other = other_envelope(tender)
    if other is None or (other.deadline <= now and not stands_still(other, now)):
        return YES
    return verdict(False, "envelopes.deadline", Text("另一信封还没有截止", "the other envelope is still open"),
                   article="招标投标法 第24条", after=other.deadline if other.deadline > now else None)  # fmt: skip


@condition("opening.release_key", "opening.open")
def earlier_is_decided(tender: Any, actor: Actor, now: datetime) -> Verdict:
    """The price envelopes stay sealed until the first envelope's admission is decided."""
    if not shares_deadline(tender):
        return YES
    return verdict(
        _earlier(tender) is not None, "admission.missing",
        Text("第一信封的评审结果还没有确定，报价信封不得开启", "the first envelopes are not judged yet; the price stays sealed"),
        article="招标投标法 第36条", passes=Text("先确定第一信封的通过名单", "decide the first round's admission first"),
    )  # fmt: skip


@returning.returner
def not_passed(tender: Any) -> dict[str, Text] | None:
    """Of two envelopes, the second of whoever did not pass the first stays closed."""
    if not shares_deadline(tender):
        return None
    earlier = _earlier(tender)
    why = {row["tenderer"]: Text(f"第一信封没有通过：{row['reason']['zh']}", f"the first envelope did not pass: {row['reason']['en']}")
           for row in (earlier.others if earlier else ())}  # fmt: skip
    passed = set(earlier.codes) if earlier else set()
    absent = Text("没有递交第一信封", "no first envelope was handed in")
    return {code: why.get(code, absent) for code in bids.standing_tenderers(tender) if code not in passed}


@judging.composition
def members_as_admitted(tender: Any, uscc: str) -> list[str] | None:
    """After a prequalification a joint bid keeps its members (实施条例 第37条)."""
    earlier = _earlier(tender) if tender.stage_of_id and law_of(tender.stage_of).method == PREQUALIFICATION else None
    rows = earlier.admitted if earlier else ()
    return next(([each["tenderer"] for each in row.get("joint", ())] for row in rows if row["tenderer"] == uscc), None)


@condition("tender.archive")
def later_rounds_are_over(tender: Any, actor: Actor, now: datetime) -> Verdict:
    """A round of a chain is archived once the later round has its result: until then its names are secret."""
    if law_of(tender).admission is None:
        return YES
    later = list(tender.stages.values_list("state", flat=True))
    return verdict(
        bool(later) and all(state in OVER for state in later), "admission.later_open",
        Text("后一轮还没有结果，本轮不能归档", "the later round has no result yet"), article="招标投标法 第22条",
    )  # fmt: skip
