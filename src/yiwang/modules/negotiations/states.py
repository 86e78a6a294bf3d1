"""Transitions of negotiations, single source and framework agreements."""

from __future__ import annotations

from yiwang.kernel.text import Text
from yiwang.kernel.transitions import Table, Transition
from yiwang.modules.evaluations.rules import declared
from yiwang.modules.evidence.registry import register
from yiwang.modules.negotiations import framework_rules as framework
from yiwang.modules.negotiations import rules
from yiwang.modules.negotiations import source_rules as source
from yiwang.modules.tenders.rules import before_deadline

O74 = "政府采购非招标采购方式管理办法"
O110 = "政府采购框架协议采购方式管理暂行办法"
HOST = ("buyer", "agency")

TALKS = (
    Transition(
        "negotiation.talk", Text("记录与供应商的谈判", "record the talk with a supplier"), "negotiation",
        roles=("evaluator",), sources=("evaluating",), guards=(declared, rules.still_talking),
        articles=("政府采购法 第38条", f"{O74} 第31条"),
    ),
    Transition(
        "negotiation.change", Text("书面通知需求变动", "tell a change of the requirements"), "negotiation",
        roles=("evaluator",), sources=("evaluating",), guards=(declared, rules.still_talking),
        articles=("政府采购法 第38条", f"{O74} 第32条"), tells=("bidder", "buyer", "agency"),
    ),
    Transition(
        "negotiation.close", Text("结束谈判", "end the talks"), "negotiation",
        roles=("evaluator",), sources=("evaluating",), guards=(declared, rules.still_talking, rules.all_talked_to),
        articles=("政府采购法 第38条", f"{O74} 第33条"), tells=("evaluator", "buyer", "agency"),
    ),
    Transition(
        "negotiation.settle", Text("形成采购结果", "settle the result"), "negotiation",
        roles=HOST, sources=("opened",), target="evaluated",
        articles=(f"{O74} 第42条", f"{O110} 第35条"), tells=("buyer", "supervisor"),
    ),
)  # fmt: skip

SOURCE = (
    Transition(
        "source.publicise", Text("公示单一来源采购", "publicise the single source"), "negotiation",
        roles=HOST, sources=("draft",), guards=(source.not_publicised,),
        articles=("政府采购法 第31条", "政府采购法实施条例 第38条", f"{O74} 第38条"), tells=("center", "supervisor"),
    ),
    Transition(
        "source.object", Text("对单一来源公示提出异议", "object to the single source"), "negotiation",
        roles=("tenderer",), sources=("draft",), guards=(source.objections_open,),
        articles=(f"{O74} 第39条",), tells=("buyer", "agency", "supervisor"),
    ),
    Transition(
        "source.answer", Text("答复对单一来源公示的异议", "answer the objection to the single source"), "negotiation",
        roles=HOST, sources=("draft",), guards=(source.has_open_objection,),
        articles=(f"{O74} 第40条",), tells=("supervisor",),
    ),
)  # fmt: skip

FRAMEWORK = (
    Transition(
        "framework.choose", Text("确定订单的供应商", "decide whom the order goes to"), "negotiation",
        roles=HOST, sources=("draft",), guards=(framework.not_chosen, framework.somebody_admitted),
        articles=(f"{O110} 第34条", f"{O110} 第35条", f"{O110} 第36条"), tells=("supervisor",),
    ),
    Transition(
        "framework.apply", Text("申请加入开放式框架协议", "apply to join the open framework"), "negotiation",
        roles=("tenderer",), sources=("tendering",), guards=(before_deadline, framework.no_own_open_application),
        articles=(O110,), tells=HOST,
    ),
    Transition(
        "framework.review", Text("审核加入申请", "review an application"), "negotiation",
        roles=HOST, sources=("tendering",), guards=(framework.has_open_application,),
        articles=(O110,), tells=("supervisor",),
    ),
    Transition(
        "framework.close", Text("结束征集", "take no more suppliers"), "negotiation",
        roles=HOST, sources=("tendering",), target="admitted", guards=(framework.all_reviewed,),
        articles=(O110,), tells=("center", "supervisor"),
    ),
)  # fmt: skip

NEGOTIATION = register(Table("negotiation", (), (*TALKS, *SOURCE, *FRAMEWORK)))
