"""Names in the law's words for what the code calls by codes."""

from __future__ import annotations

from yiwang.kernel.text import Text
from yiwang.modules.evidence import registry
from yiwang.modules.evidence.actors import ROLES

MODULES: dict[str, Text] = {
    "evidence": Text("存证：门、日志、案卷包、核对", "the door, the log, dossiers, audit"),
    "parties": Text("主体：单位、人员、签名密钥", "organisations, people, signing keys"),
    "tenders": Text("招标项目：进场、标段、公告、文件、澄清", "entry, lots, notices, documents, clarification"),
    "reviews": Text("审查：招标文件审查、公平竞争审查表、参加资格", "the reviewer, the fair-competition form, who may bid"),
    "remedies": Text("救济：异议与答复", "objections and their answers"),
    "bids": Text("投标：密封、回执、撤回", "sealed bids, receipts, withdrawal"),
    "openings": Text("开标：密钥保管、截止、开标记录", "custody, closing, opening record"),
    "experts": Text("评标专家：专家库、回避、抽取", "pool, recusal, draw"),
    "evaluations": Text("评标：评分表、评标办法、评标报告", "sheets, formulas, report"),
    "awards": Text("定标：候选人公示、中标通知书", "candidates, publicity, award notice"),
    "negotiations": Text("谈判：谈判与需求变动、单一来源、框架协议", "talks and changes, single source, framework agreements"),
    "contracts": Text("合同：签署与登记", "signatures and registration"),
    "venues": Text("场地：评标室、席位、值班、预约", "rooms, seats, roster, bookings"),
    "auctions": Text("出让与拍卖：挂牌、保证金、网上竞价", "listings, deposits, live auction"),
    "finance": Text("金融：保函、贷款、保证金政策", "guarantees, loans, bond policy"),
    "archive": Text("档案：长期保存包", "long-term packages"),
    "risk": Text("风险：指标、相似度、预警", "indicators, screens, models, alerts"),
    "oversight": Text("监督：线索、案件、决定", "clues, matters, decisions"),
    "help": Text("帮办：法规、问答、帮办代办", "laws, questions, assisted service"),
    "training": Text("培训：课程、考试、学时", "courses, exams, credits"),
    "outreach": Text("公众：开放日、恳谈会、问卷", "open days, forums, surveys"),
    "reports": Text("报告：统计、半年报、开放数据", "statistics, half-year report, open data"),
    "federation": Text("互联：与其他中心和省级平台交换", "exchange with other centers and the province"),
}
"""Every module of the design, built or not: the map shows where things will be."""

STAGES: dict[str, Text] = {
    "at_once": Text("行为完成时", "at once"),
    "opening": Text("开标时起", "from the opening"),
    "publicity": Text("公示候选人时起", "from the candidates' publicity"),
    "award": Text("定标时起", "from the award"),
    "contract": Text("合同登记时起", "from the contract's registration"),
    "archive": Text("归档时起", "from the archiving"),
    "never": Text("不公开", "never"),
}


def role(code: str) -> Text:
    """A role's name."""
    return ROLES[code].name


def roles(codes: tuple[str, ...]) -> Text:
    """Names of several roles."""
    return Text("、".join(role(code).zh for code in codes), ", ".join(role(code).en for code in codes))


def state(code: str) -> Text:
    """A tender state's name."""
    return registry.TABLES["tender"].states[code].name


def states(codes: tuple[str, ...]) -> Text:
    """Names of several states."""
    return Text("、".join(state(code).zh for code in codes), ", ".join(state(code).en for code in codes))
