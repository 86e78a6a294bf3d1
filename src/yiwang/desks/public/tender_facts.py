"""Collects what is public of a tender at this moment, shaped for its page. Nothing else may reach the template."""

from __future__ import annotations

from typing import Any

from django.urls import reverse

from yiwang.desks import (
    complaint_forms,
    invitees_shown,
    negotiation_shown,
    price_changes_shown,
    rounds_shown,
    suspended,
    timeline,
    wording,
)
from yiwang.desks.called import called
from yiwang.desks.public import disclosed, review_shown, tender_rows
from yiwang.desks.tender_result import vote_section
from yiwang.kernel import arithmetic
from yiwang.kernel.text import Text
from yiwang.modules.awards import selectors as awards
from yiwang.modules.bids import selectors as bids
from yiwang.modules.contracts import selectors as contracts
from yiwang.modules.evaluations import selectors as evaluations
from yiwang.modules.evidence import registry
from yiwang.modules.evidence.actors import PUBLIC
from yiwang.modules.evidence.disclosure import Disclosure
from yiwang.modules.experts import selectors as experts
from yiwang.modules.openings import failures, following
from yiwang.modules.openings import selectors as openings
from yiwang.modules.remedies import selectors as remedies
from yiwang.modules.tenders import selectors as tenders
from yiwang.modules.tenders.acts import CATEGORIES, DOCUMENT_KINDS
from yiwang.modules.tenders.entry_rules import RESERVED
from yiwang.modules.tenders.rounds import names_secret
from yiwang.ui import shapes
from yiwang.ui.tables import Column, Table, table_of

REGISTERED = ("contracted", "archived")
"""States in which the contract is public (政府采购法实施条例 第50条)."""


def public_facts(found: Any) -> dict[str, Any]:
    """All that anybody may know of a tender now."""
    evidence = disclosed.of_tender(found.number)
    award, publicity = awards.award(PUBLIC, found), awards.publicity(found)
    contract = contracts.contract(found) if found.state in REGISTERED else None
    return {
        "tender": found,
        "state": wording.state_tag(found),
        "state_meaning": registry.TABLES["tender"].states[found.state].meaning,
        "steps": timeline.steps(found),
        "about": about(found),
        "files": [file_of(found, document) for document in tenders.documents(found, PUBLIC)],
        "clarifications": tenders.clarifications(PUBLIC, found),
        **review_shown.of(found),
        "objections": tender_rows.objections([item for item in remedies.objections(PUBLIC, found) if not item.waits]),
        "complaints": complaint_forms.rows(PUBLIC, found),
        "custodians": list(openings.custodians(found)) if found.state != "draft" else [],
        **opened(found, evidence),
        **drawn(found, evidence),
        **evaluated(found, evidence),
        "vote": vote_section(PUBLIC, found),
        "publicity": publicity,
        "candidates_table": tender_rows.candidates(publicity),
        "award": award,
        "award_seal": _seal(evidence, "award.notify") if award else None,
        "notice_facts": tender_rows.notice_facts(award, found),
        "contract_facts": tender_rows.contract_facts(contract, found),
        "contract_seal": _seal(evidence, "contract.register"),
        "ended": ended(found, evidence),
        "suspended": suspended.now_of(found),
        "called": called(found),
        "held_before": tenders.held_before(PUBLIC, found),
        "chain": rounds_shown.chain(PUBLIC, found, "public:tender"),
        "negotiation": negotiation_shown.shown(PUBLIC, found),
        "invitees": invitees_shown.shown(PUBLIC, found),
        "sealed": tenders.law_of(found).sealed,
        "method": wording.formula_name(found.formula),
        "method_url": _method_url(found),
        "notice_seal": _seal(evidence, "tender.publish"),
        "log_size": evidence.checkpoint.size if evidence.checkpoint else 0,
    }


def about(found: Any) -> list[shapes.Fact]:
    """What is bought, from whom, by which rules."""
    procedure, method = wording.procedure_name(found.procedure), wording.formula_name(found.formula)
    rows = [
        shapes.Fact(called(found).buyer, found.buyer.name),
        shapes.Fact(Text("代理机构", "Agency"), found.agency.name if found.agency else None),
        *_project(found),
        shapes.Fact(Text("类别", "Kind"), CATEGORIES[found.category]),
        shapes.Fact(Text("招标方式", "Procedure"), procedure, url=reverse("public:procedure", args=[found.procedure])),
        shapes.Fact(Text("预算", "Budget"), found.budget, "money"),
        *_bounds(found.lots.first()),
        shapes.Fact(Text("评标办法", "How bids are ranked"), method, url=_method_url(found)),
        shapes.Fact(Text("偏差量化标准", "Deviations are priced at"), price_changes_shown.standards(found.formula)),
        shapes.Fact(Text("资金来源", "Funds"), wording.FUNDING.get(found.funding, found.funding)),
        shapes.Fact(Text("投标截止", "Bids close"), found.deadline, "when"),
        shapes.Fact(Text("补传宽限", "Grace for uploads"), _grace(found), note=_GRACE_NOTE),
        shapes.Fact(Text("联合体投标", "Joint bids"), _JOINT[found.joint_bids_allowed], url=_joint_url(found)),
        shapes.Fact(Text("面向", "For"), RESERVED[found.reserved_for] if found.reserved_for else None),
        shapes.Fact(Text("投标保证金", "Bid bond"), found.bid_bond or None, "money"),
        shapes.Fact(Text("投标必须包含", "A bid must hold"), _required(found)),
        shapes.Fact(Text("投标有效期", "Bids are valid for"), Text(f"{found.validity_days} 日", f"{found.validity_days} days")),
        shapes.Fact(Text("地点", "Place"), found.region),
        shapes.Fact(Text("联系", "Contact"), found.contact),
        shapes.Fact(Text("资料来源", "Source of the figures"), found.source),
    ]
    return [row for row in rows if row.value not in (None, "")]


def _project(found: Any) -> list[shapes.Fact]:
    if found.project is None:
        return []
    url = reverse("public:project", args=[found.project.number])
    return [shapes.Fact(Text("所属项目", "Lot of"), f"{found.project.number} {found.project.title}", url=url)]


def _required(found: Any) -> Text | None:
    rows = found.required_documents
    if not rows:
        return None
    return Text("、".join(row["zh"] for row in rows), ", ".join(row.get("en") or row["zh"] for row in rows))


def _joint_url(found: Any) -> str:
    return reverse("public:joint", args=[found.number]) if found.joint_bids_allowed else ""


_JOINT = {True: Text("接受", "accepted"), False: Text("不接受", "not accepted")}

_GRACE_NOTE = Text(
    "截止前已登记摘要的密封文件可以传完；开标等到宽限结束",
    "for sealed files whose hash was on record before the deadline; the opening waits until it is over",
)


def _grace(found: Any) -> Text | None:
    minutes = found.upload_grace_minutes
    return Text(f"{minutes} 分钟", f"{minutes} minutes") if minutes else None


def _bounds(lot: Any) -> list[shapes.Fact]:
    above = Text("高于此价的投标不予通过", "bids above it are rejected")
    below = Text("低于此价的投标不予通过", "bids below it are rejected")
    return [
        shapes.Fact(Text("最高限价", "Ceiling price"), lot.ceiling, "money", note=above),
        shapes.Fact(Text("最低限价", "Minimum price"), lot.minimum, "money", note=below),
    ]


def _method_url(found: Any) -> str:
    return reverse("public:rule", args=[f"formula.{found.formula.get('id')}"])


def file_of(found: Any, document: Any) -> shapes.File:
    """A tender's document for the list of files."""
    return shapes.File(
        name=document.title,
        url=reverse("public:document", args=[found.number, document.sha256]),
        size=document.size,
        sha256=document.sha256,
        kind=DOCUMENT_KINDS.get(document.kind, Text(document.kind, document.kind)),
        at=document.attached_at,
    )


def opened(found: Any, evidence: Disclosure) -> dict[str, Any]:
    """The opening and its bids; before it neither a bid nor a number."""
    opening = openings.opening(found)
    if opening is None or opening.opened_at is None or names_secret(found):
        return {"opening": None, "bids": []}
    rows = list(bids.opened(found))
    return {
        "opening": opening,
        "opening_facts": tender_rows.opening_facts(opening, found, len(rows)),
        "lowest": min((row.price for row in rows if row.price is not None), default=None),
        "bids": rows,
        "bids_table": _bids_table(rows, disclosed.bid_indexes(evidence)),
        "undelivered": bids.undelivered(found),
        "confirmations": list(opening.confirmations.select_related("organisation").order_by("at")),
        "opening_seal": _seal(evidence, "opening.open"),
    }


def _bids_table(rows: list[Any], indexes: dict[str, int]) -> Table:
    def evidence_url(row: Any) -> str:
        return reverse("public:evidence", args=[indexes[row.chain]]) if row.chain in indexes else ""

    columns = [
        Column("tenderer", Text("投标人", "Tenderer"), head=True, value=lambda row: row.party),
        Column("price", Text("报价（元）", "Price (yuan)"), "money"),
        Column("standing", Text("是否打开", "Opens?"), "tag", value=_opens),
        Column("envelope", Text("密封文件指纹", "Sealed file"), "hash", value=lambda row: row.envelope_sha256),
        Column("commitment", Text("投标时的承诺", "Commitment"), "hash"),
        Column("index", Text("证据", "Evidence"), value=lambda row: _entry(indexes.get(row.chain)), url=evidence_url),
    ]
    return table_of(None, Text("开标一览表", "Bids as opened"), columns, rows, per_page=500)


def _opens(row: Any) -> shapes.Tag:
    if row.standing == "opened":
        return shapes.Tag(Text("已打开", "opened"), "good")
    return shapes.Tag(row.fault_words, "bad")


def _entry(index: int | None) -> Text | str:
    return "" if index is None else Text(f"第 {index} 号", f"no. {index}")


def drawn(found: Any, evidence: Disclosure) -> dict[str, Any]:
    """The draw: list and commitments at once; seed, shares and names only from the award (招标投标法 第37条)."""
    draw = experts.draw(found)
    if draw is None:
        return {"draw": None, "drawn": {}}
    parts = disclosed.public_part(evidence, "draw.seat")
    seats = [(wording.discipline(code), number) for code, number in draw.process["seats"].items()]
    commitments = [(wording.SIDES[party], each["commitment"]) for party, each in sorted(draw.shares.items())]
    return {
        "draw": draw,
        "drawn": parts,
        "draw_facts": tender_rows.draw_facts(draw, seats, commitments, parts),
        "secret_article": tender_rows.secret_article(),
        "draw_seal": _seal(evidence, "draw.seat") or _seal(evidence, "draw.freeze_list"),
        "committee": _committee(found) if experts.names_shown(found) else [],
    }


def _committee(found: Any) -> list[shapes.Person]:
    return [
        shapes.Person(seat.expert.person.name, Text(f"第 {seat.number} 席", f"seat {seat.number}"), str(wording.discipline(seat.discipline)))
        for seat in experts.committee(found)
    ]


def evaluated(found: Any, evidence: Disclosure) -> dict[str, Any]:
    """The ranking with its arithmetic, from the publicity on; at once when all bids were rejected."""
    report = evaluations.report(PUBLIC, found)
    content = report.content if report else disclosed.public_part(evidence, "tender.fail").get("report")
    if content is None:
        return {"ranking": []}
    names = {bid.chain: str(bid.party) for bid in bids.opened(found)}
    lines, rows = arithmetic.read(content, names)
    return {"ranking": rows, "ranking_lines": lines, "report_seal": _seal(evidence, "evaluation.conclude")}


_FAILED = {
    "too_few_bids": Text(
        "到投标截止（有补传宽限的，到宽限结束）时，有效递交的投标少于法定的 {least} 份，依法不得开标，密封的投标原样封存，没有人打开过。",
        "At the deadline (where there was a grace for uploads, at its end) fewer than the lawful {least} bids had come. "
        "Nothing was opened: the sealed bids stay sealed.",
    ),
    "decision": Text(
        "行政监督部门的投诉处理决定认定中标（成交）无效，本次招标（采购）到此结束。",
        "By the department's decision on a complaint the award is void; this tender ends here.",
    ),
    "too_few_admitted": Text("通过的少于法定的三个，应当重新进行。", "Fewer than the lawful three were admitted; the round is to be held again."),
    "earlier_ended": Text("第一信封招标失败，本信封随之失败；报价文件没有开启，原样退还。",
                          "The first envelope failed, and this one with it; the prices stay closed and are returned."),
    "all_rejected": Text("评标委员会否决了全部投标，理由逐条列在下面。", "The committee rejected all bids; the reasons stand below, one by one."),
}


_FAILED_BY = {
    "too_few_admitted": "招标投标法实施条例 第19条",
    "all_rejected": "招标投标法 第42条",
    "earlier_ended": "招标投标法 第28条；招标投标法 第42条",
    "decision": "招标投标法实施条例 第81条；政府采购法 第73条",
}
"""Articles by which a tender fails; for too few bids the procedure has its own."""


def ended(found: Any, evidence: Disclosure) -> dict[str, Any] | None:
    """Why a tender failed or was ended; None while it lives."""
    if found.state == "failed":
        parts = disclosed.public_part(evidence, "tender.fail")
        procedure = tenders.law_of(found)
        reason = _FAILED.get(parts.get("reason", ""))
        return {
            "why": reason.format(least=procedure.least_bids) if reason else "",
            "article": _FAILED_BY.get(parts.get("reason", ""), procedure.least_bids_article),
            "failed": True,
            "failure": failures.failure_of(found),
            "retenders": list(tenders.retenders(PUBLIC, found)),
            "seal": _seal(evidence, "tender.fail"),
        }
    if found.state == "terminated":
        parts = disclosed.public_part(evidence, "tender.terminate")
        why = following.WORDS["terminated"] if "earlier" in parts else parts.get("reason", "")
        return {"why": why, "article": "招标投标法实施条例 第31条", "failed": False, "seal": _seal(evidence, "tender.terminate")}
    return None


def _seal(evidence: Disclosure, act: str) -> shapes.Seal | None:
    acts = disclosed.named(evidence, act)
    return timeline.seal(acts[-1].act) if acts else None
