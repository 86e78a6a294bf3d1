"""Transitions of remedies: objections and queries; complaints."""

from __future__ import annotations

from typing import Any

from yiwang.kernel.text import Text
from yiwang.kernel.transitions import Table, Transition
from yiwang.modules.evidence.actors import Actor, Told, recipients_of, role_in_tenders
from yiwang.modules.evidence.registry import register
from yiwang.modules.remedies import complaint_rules, rules
from yiwang.modules.remedies.models import Complaint, Objection

OBJECTION_ARTICLES = (
    "招标投标法实施条例 第22条", "招标投标法实施条例 第44条", "招标投标法实施条例 第54条", "政府采购法 第52条", "政府采购法 第53条",
)  # fmt: skip
COMPLAINT_ARTICLES = ("招标投标法实施条例 第60条", "招标投标法实施条例 第61条", "政府采购法 第55条", "政府采购法 第56条")
OBJECTED_IN = ("tendering", "opened", "evaluating", "evaluated", "publicity", "awarded")
"""States in which some track knows an objection or query; which of them a procedure has its file says."""
ANSWERED_IN = ("tendering", "closed", "opened", "evaluating", "evaluated", "admitted", "publicity", "awarded", "contracted")
"""An answer that is due stays due, whatever goes on meanwhile."""

ENDED = ("archived", "failed", "terminated")
DEALT_IN = (*ANSWERED_IN, *ENDED)
"""A complaint that was filed is dealt with and decided, though the tender has ended meanwhile (实施条例 第61条; 政府采购法 第56条)."""

OBJECTION = register(
    Table(
        "objection",
        (),
        (
            Transition(
                "objection.raise",
                Text("提出异议或质疑", "raise an objection or query"),
                "objection",
                roles=("tenderer",),
                sources=OBJECTED_IN,
                guards=(rules.is_possible,),
                articles=OBJECTION_ARTICLES,
                tells=("buyer", "agency", "supervisor"),
            ),
            Transition(
                "objection.answer",
                Text("答复异议或质疑", "answer an objection or query"),
                "objection",
                roles=("buyer", "agency"),
                sources=ANSWERED_IN,
                guards=(rules.has_open_objection,),
                articles=OBJECTION_ARTICLES,
                tells=("objector", "bidder", "supervisor"),
            ),
            Transition(
                "objection.withdraw",
                Text("撤回异议或质疑", "withdraw an objection or query"),
                "objection",
                roles=("objector",),
                sources=ANSWERED_IN,
                guards=(rules.has_own_open_objection,),
                articles=("招标投标法实施条例 第22条", "政府采购法 第52条"),
                tells=("buyer", "agency", "supervisor"),
            ),
        ),
    )
)

_BY_DEPARTMENT: dict[str, tuple[Text, Any, tuple[str, ...], tuple[str, ...]]] = {
    "complaint.return": (Text("告知补正投诉", "ask for a correction of a complaint"), complaint_rules.has("filed"),
                         ("招标投标法实施条例 第61条", "政府采购质疑和投诉办法 第21条"), ("complainant",)),
    "complaint.accept": (Text("受理投诉", "accept a complaint"), complaint_rules.has("filed"),
                         COMPLAINT_ARTICLES, ("complainant", "buyer", "agency", "center")),
    "complaint.refuse": (Text("不予受理投诉", "refuse a complaint"), complaint_rules.has("filed", "returned"),
                         ("招标投标法实施条例 第61条", "政府采购法实施条例 第57条"), ("complainant",)),
    "complaint.suspend": (Text("责令暂停", "order a suspension"), complaint_rules.can_suspend,
                          ("招标投标法实施条例 第62条", "政府采购法 第57条"), ("complainant", "buyer", "agency", "center", "bidder")),
    "complaint.resume": (Text("恢复进行", "let it go on"), complaint_rules.can_resume,
                         ("招标投标法实施条例 第62条", "政府采购法 第57条"), ("complainant", "buyer", "agency", "center", "bidder")),
    "complaint.decide": (Text("作出投诉处理决定", "decide a complaint"), complaint_rules.has("accepted"),
                         COMPLAINT_ARTICLES, ("complainant", "buyer", "agency", "center", "bidder")),
}  # fmt: skip
"""The department's acts: name, condition, articles, who is told."""

_BY_COMPLAINANT: dict[str, tuple[Text, Any, tuple[str, ...]]] = {
    "complaint.correct": (Text("补正投诉", "correct a complaint"), complaint_rules.has_own_returned,
                          ("招标投标法实施条例 第61条", "政府采购质疑和投诉办法 第21条")),
    "complaint.withdraw": (Text("撤回投诉", "withdraw a complaint"), complaint_rules.has_own_living,
                           ("招标投标法实施条例 第61条", "政府采购法实施条例 第57条")),
}  # fmt: skip

COMPLAINT = register(
    Table(
        "complaint",
        (),
        (
            Transition(
                "complaint.file",
                Text("投诉", "complain to the department"),
                "complaint",
                roles=("tenderer",),
                sources=ANSWERED_IN,
                guards=(complaint_rules.may_complain,),
                articles=COMPLAINT_ARTICLES,
                tells=("supervisor",),
            ),
            *(
                Transition(act, name, "complaint", ("complainant",), DEALT_IN, guards=(guard,), articles=articles, tells=("supervisor",))
                for act, (name, guard, articles) in _BY_COMPLAINANT.items()
            ),
            *(
                Transition(
                    act,
                    name,
                    "complaint",
                    ("supervisor",),
                    ANSWERED_IN if act == "complaint.suspend" else DEALT_IN,
                    guards=(guard,),
                    articles=articles,
                    tells=tells,
                )
                for act, (name, guard, articles, tells) in _BY_DEPARTMENT.items()
            ),
        ),
    )
)


@role_in_tenders("objector")
def _objected(actor: Actor) -> Any:
    if actor.organisation is None:
        return None
    return Objection.objects.filter(by=actor.organisation)


@role_in_tenders("complainant")
def _complained(actor: Actor) -> Any:
    if actor.organisation is None:
        return None
    return Complaint.objects.filter(by=actor.organisation)


@recipients_of("objector")
def _objectors(tender: Any) -> list[Told]:
    return [(pk, None) for pk in Objection.objects.filter(tender=tender).order_by().values_list("by_id", flat=True).distinct()]


@recipients_of("complainant")
def _complainants(tender: Any) -> list[Told]:
    return [(pk, None) for pk in Complaint.objects.filter(tender=tender).order_by().values_list("by_id", flat=True).distinct()]
