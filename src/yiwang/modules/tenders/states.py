"""States of a tender, and the acts of entry, publication and clarification.

Later modules (bids, openings, evaluations ...) bring tables of their own whose rows move the same states.
"""

from __future__ import annotations

from typing import Any

from yiwang.kernel.suspension import ARTICLES
from yiwang.kernel.text import Text
from yiwang.kernel.transitions import State, Table, Transition
from yiwang.modules.evidence.actors import Actor, Told, recipients_of, role_test
from yiwang.modules.evidence.registry import register
from yiwang.modules.tenders import rules, suspension_rules

STATES = (
    State("draft", Text("编制中", "being prepared"), Text("已进场登记，招标文件编制中", "entered; the documents are being prepared")),
    State("tendering", Text("招标中", "open for bids"), Text("公告已发布，可以提问和投标", "published; questions and bids are taken")),
    State("closed", Text("已截止", "closed"), Text("投标已截止，等待开标", "bidding is closed; the opening is next")),
    State("opened", Text("已开标", "opened"), Text("全部投标已打开，正在确认记录、抽取专家", "all bids are open; record and committee come next")),
    State("evaluating", Text("评标中", "under evaluation"), Text("评标委员会正在评审", "the committee is evaluating")),
    State("evaluated", Text("评标完成", "evaluated"), Text("评标报告已签署，等待公示", "the report is signed; publicity is next")),
    State("admitted", Text("已确定通过名单", "admission decided"), Text("本轮已结束，通过的投标人进入下一轮", "this round is over")),
    State("publicity", Text("公示中", "candidates public"), Text("中标候选人公示，可以提出异议", "candidates are public; objections are taken")),
    State("awarded", Text("已中标", "awarded"), Text("中标通知书已发出，等待签订合同", "the award notice is out; the contract is next")),
    State("contracted", Text("已签合同", "contracted"), Text("合同已签订并登记", "the contract is signed and registered")),
    State("archived", Text("已归档", "archived"), Text("案卷已归档", "the dossier is archived"), final=True),
    State("failed", Text("招标失败", "failed"), Text("投标人不足或全部投标被否决", "too few bids, or all rejected"), final=True),
    State("terminated", Text("已终止", "terminated"), Text("招标人终止了招标", "the buyer ended the tender"), final=True),
)

HOST = ("buyer", "agency")

LIVING = ("tendering", "closed", "opened", "evaluating", "evaluated", "admitted", "publicity", "awarded")
"""States in which a tender may be suspended: published, and the contract not registered."""

TENDER = register(
    Table(
        "tender",
        STATES,
        (
            Transition(
                "tender.enter",
                Text("进场登记", "enter a tender"),
                "tender",
                roles=HOST,
                sources=(),
                target="draft",
                articles=("公共资源交易平台管理暂行办法 第13条",),
                tells=("center",),
            ),
            Transition(
                "tender.attach_document",
                Text("上传招标文件", "attach a document"),
                "tender",
                roles=HOST,
                sources=("draft",),
                articles=("招标投标法 第19条",),
            ),
            Transition(
                "tender.publish",
                Text("发布招标公告", "publish the notice"),
                "tender",
                roles=HOST,
                sources=("draft",),
                target="tendering",
                guards=(rules.has_tender_document,),
                articles=("招标投标法 第16条", "招标投标法 第24条", "招标投标法实施条例 第16条"),
                tells=("center", "supervisor"),
            ),
            Transition(
                "clarification.ask",
                Text("提出疑问", "ask a question"),
                "tender",
                roles=("tenderer",),
                sources=("tendering",),
                guards=(rules.before_deadline,),
                articles=("招标投标法 第23条",),
                tells=("buyer", "agency"),
            ),
            Transition(
                "clarification.answer",
                Text("发布澄清或修改", "publish a clarification"),
                "tender",
                roles=HOST,
                sources=("tendering",),
                guards=(suspension_rules.before_deadline_or_still,),
                articles=("招标投标法 第23条", "招标投标法实施条例 第21条"),
                tells=("center",),
            ),
            Transition(
                "deadline.follow",
                Text("截止时间随另一信封顺延", "move the deadline with the other envelope's"),
                "tender",
                roles=("system",),
                sources=("tendering",),
                articles=("招标投标法 第24条", "招标投标法实施条例 第21条"),
                tells=("buyer", "agency", "center", "custodian"),
                offered=False,
            ),
            Transition(
                "tender.terminate",
                Text("终止招标", "terminate the tender"),
                "tender",
                roles=("buyer", "system"),
                sources=("draft", "tendering", "closed", "opened", "evaluating", "evaluated", "admitted", "publicity"),
                target="terminated",
                articles=("招标投标法实施条例 第31条",),
                tells=("center", "supervisor", "agency"),
            ),
            Transition(
                "tender.suspend",
                Text("暂停招标", "suspend the tender"),
                "tender",
                roles=("buyer", "agency", "supervisor"),
                sources=LIVING,
                articles=ARTICLES,
                tells=("buyer", "agency", "center", "supervisor", "custodian", "evaluator", "bidder"),
            ),
            Transition(
                "tender.resume",
                Text("恢复招标", "let the tender go on"),
                "tender",
                roles=("buyer", "agency", "supervisor"),
                sources=LIVING,
                guards=(suspension_rules.is_suspended, suspension_rules.is_own_to_lift),
                articles=ARTICLES,
                tells=("buyer", "agency", "center", "supervisor", "custodian", "evaluator", "bidder"),
            ),
            Transition(
                "tender.archive",
                Text("归档", "archive the dossier"),
                "tender",
                roles=("center",),
                sources=("admitted", "contracted"),
                target="archived",
                articles=("电子招标投标办法 第40条", "招标投标法实施条例 第45条"),
                tells=("buyer", "agency"),
            ),
        ),
    )
)


@role_test("buyer")
def _is_buyer(actor: Actor, tender: Any) -> bool:
    if actor.organisation is None:
        return False
    return actor.organisation.kind == "buyer" if tender is None else tender.buyer_id == actor.organisation.id


@role_test("agency")
def _is_agency(actor: Actor, tender: Any) -> bool:
    if actor.organisation is None:
        return False
    return actor.organisation.kind == "agency" if tender is None else tender.agency_id == actor.organisation.id


@role_test("tenderer")
def _is_tenderer(actor: Actor, tender: Any) -> bool:
    """Any registered enterprise that is not a party of the tender (招标投标法实施条例 第34条)."""
    if actor.organisation is None or actor.organisation.kind != "enterprise":
        return False
    return tender is None or actor.organisation.id not in (tender.buyer_id, tender.agency_id)


@recipients_of("buyer")
def _buyer(tender: Any) -> list[Told]:
    return [(tender.buyer_id, None)]


@recipients_of("agency")
def _agency(tender: Any) -> list[Told]:
    return [(tender.agency_id, None)] if tender.agency_id else []
