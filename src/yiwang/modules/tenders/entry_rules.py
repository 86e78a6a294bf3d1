"""What the entry of a tender must keep: every fault with its field, its rule and what would pass."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from decimal import Decimal
from typing import Any

from yiwang.kernel import bonds, formulas, moment, procedure_versions, procedures
from yiwang.kernel.clock_count import day_of
from yiwang.kernel.errors import bad
from yiwang.kernel.invitees import invitee_law
from yiwang.kernel.money import yuan
from yiwang.kernel.procedures import PARTS, Procedure
from yiwang.kernel.rules import limit
from yiwang.kernel.text import Text
from yiwang.kernel.verdict import Reason
from yiwang.modules.tenders import rules
from yiwang.modules.tenders.models import Tender

CATEGORIES = {
    "works": Text("工程", "works"),
    "goods": Text("货物", "goods"),
    "services": Text("服务", "services"),
}

RESERVED = {"": Text("面向所有供应商", "for all suppliers"), "small": Text("专门面向中小企业", "for small and medium enterprises only")}
INVITED_LEAST = 3
BOND_LIMIT = {"construction": "NL-01", "gov_procurement": "NL-02"}
"""The limit of law/limits.yaml on the bid bond, by legal track."""


def faults(asked: dict[str, Any]) -> Iterator[Reason]:
    """Every fault of an entry.

    Args:
        asked: the keyword arguments of :func:`yiwang.modules.tenders.entry.enter`, with ``formula`` bounded.
    """
    if not asked["title"].strip():
        yield from bad("title", "请填写项目名称", "the title is missing").reasons
    if asked["category"] not in CATEGORIES:
        yield from bad("category", "请选择工程、货物或服务", "choose works, goods or services").reasons
    yield from _amounts(asked)
    yield from rules.grace_within(asked["upload_grace_minutes"]).reasons
    today = day_of(moment.now())
    law = procedure_versions.on(asked["procedure"], today)
    yield from procedure_versions.in_force(law, today).reasons
    yield from _suits(law, asked)
    sound = formulas.check_formula(asked["formula"])
    yield from sound.reasons or law.check_formula(asked["formula"]).reasons
    yield from _bond(law, asked)
    yield from bonds.check(asked["funding"], asked["bid_bond"]).reasons
    yield from _invitees(law, asked["invitees"])
    yield from _documents(law, asked["required_documents"])


def _amounts(asked: dict[str, Any]) -> Iterator[Reason]:
    budget, ceiling, minimum = asked["budget"], asked["ceiling"], asked["minimum"]
    if budget <= 0:
        yield from bad("budget", "预算金额必须大于零", "the budget must be above zero").reasons
    if ceiling is not None and ceiling <= 0:
        yield from bad("ceiling", "最高投标限价必须大于零", "the ceiling must be above zero").reasons
    if minimum is not None and minimum <= 0:
        yield from bad("minimum", "最低限价必须大于零", "the minimum must be above zero").reasons
    if ceiling is not None and minimum is not None and minimum > ceiling:
        yield from bad("minimum", "最低限价高于最高投标限价", "the minimum is above the ceiling").reasons


def _suits(law: Procedure, asked: dict[str, Any]) -> Iterator[Reason]:
    """The procedure is for what is bought, and with whose money."""
    if asked["category"] in CATEGORIES and asked["category"] not in law.objects:
        here = CATEGORIES[asked["category"]]
        fitting = [each.name for each in procedures.all_procedures() if asked["category"] in each.objects]
        yield from bad(
            "procedure",
            f"“{law.name.zh}”不适用于{here.zh}",
            f"“{law.name.en}” is not for {here.en}",
            code="procedure.category",
            passes=Text("、".join(name.zh for name in fitting), ", ".join(name.en for name in fitting)),
            article=law.articles[0] if law.articles else "",
        ).reasons
    if law.track == "gov_procurement" and asked["funding"] != "government":
        yield from bad(
            "funding",
            f"“{law.name.zh}”只用于使用财政性资金的采购",
            f"“{law.name.en}” is for purchases with public funds only",
            code="procedure.funding",
            passes=Text("资金来源为财政资金，或者改选招标投标法规定的方式", "public funds, or a procedure of the tendering law"),
            article="政府采购法 第2条",
        ).reasons
    if asked["reserved_for"] not in RESERVED:
        yield from bad(
            "reserved_for",
            f"没有“{asked['reserved_for']}”这种预留",
            f"there is no reservation “{asked['reserved_for']}”",
            passes=Text("留空，或 small", "empty, or small"),
            article="政府采购促进中小企业发展管理办法 第7条",
        ).reasons


def _bond(law: Procedure, asked: dict[str, Any]) -> Iterator[Reason]:
    """A bid bond within the lawful share of the budget."""
    row = limit(BOND_LIMIT[law.track])
    most = int(Decimal(asked["budget"]) * Decimal(row["percent_most"]) / 100)
    if 0 <= asked["bid_bond"] <= max(most, 0):
        return
    yield from bad(
        "bid_bond",
        f"投标保证金不得超过预算金额的 {row['percent_most']}%（{yuan(most)}）",
        f"the bid bond is at most {row['percent_most']} % of the budget ({yuan(most)})",
        code=row["id"],
        passes=Text(f"0 至 {yuan(most)}", f"0 to {yuan(most)}"),
        article=row["article"],
    ).reasons


def _invitees(law: Procedure, invitees: Sequence[str]) -> Iterator[Reason]:
    if not invitees:
        return
    if any(step.act == "invitees.list" for step in law.steps):
        yield from bad(
            "invitees", "受邀请的供应商由随机抽取产生，登记时不能指定", "the invited suppliers are drawn by lot; the entry names none",
            code="invitees.drawn", article=invitee_law().article,
            passes=Text("留空，登记后形成备选名单并抽取", "leave it empty; make the list and draw after the entry"),
        ).reasons  # fmt: skip
    if law.method == "open_tender":
        yield from bad(
            "invitees",
            "公开招标邀请不特定的投标人，不能指定被邀请人",
            "an open tender invites anybody; it names no invited tenderers",
            article="招标投标法 第10条",
            passes=Text("留空，或者改选邀请招标", "leave it empty, or choose invited tendering"),
        ).reasons
    twice = sorted({code for code in invitees if list(invitees).count(code) > 1})
    if twice:
        yield from bad("invitees", f"{'、'.join(twice)} 重复", f"{', '.join(twice)} is named twice",
                       passes=Text("每个单位只写一次", "name each once")).reasons  # fmt: skip
    if law.method == "invited_tender" and len(set(invitees)) < INVITED_LEAST:
        yield from bad(
            "invitees",
            f"邀请招标应当向三个以上的单位发出邀请书，现有 {len(set(invitees))} 个",
            f"an invited tender invites at least three; these are {len(set(invitees))}",
            code="ZTB-17",
            article="招标投标法 第17条" if law.track == "construction" else "政府采购法 第34条",
            passes=Text("三个以上单位的统一社会信用代码", "the credit codes of at least three"),
        ).reasons


def _documents(law: Procedure, wanted: Sequence[dict[str, Any]]) -> Iterator[Reason]:
    """Each required document has a code of its own, a name, and a part that the procedure seals."""
    parts, seen = ("", *(law.parts or PARTS)), set()
    for number, row in enumerate(wanted):
        field = f"required_documents.{number}"
        if not isinstance(row, dict) or not re.fullmatch(r"[a-z0-9_]{1,40}", str(row.get("code", ""))):
            yield from bad(field, "代号应为小写字母、数字和下划线", "the code is of small letters, digits and _",
                           passes=Text("例如 business_licence", "e.g. business_licence")).reasons  # fmt: skip
            continue
        if row["code"] in seen:
            yield from bad(field, f"代号“{row['code']}”重复", f"the code “{row['code']}” stands twice").reasons
        if not str(row.get("zh", "")).strip():
            yield from bad(field, "请写出文件的名称", "give the document's name").reasons
        if row.get("part", "") not in parts:
            yield from bad(field, f"没有“{row['part']}”这一分册", f"there is no part “{row['part']}”",
                           passes=Text("、".join(filter(None, parts)), ", ".join(filter(None, parts)))).reasons  # fmt: skip
        seen.add(row["code"])


def fits_stage(law: Procedure, earlier: Tender) -> Iterator[Reason]:
    """The earlier round is of a procedure that this one continues, and lives or is done."""
    stage = getattr(law, "stage", None)
    allowed = tuple(stage.of) if stage is not None else ()
    if earlier.procedure not in allowed:
        yield from bad(
            "stage_of",
            f"“{law.name.zh}”不接在 {earlier.number} 的采购方式之后",
            f"“{law.name.en}” does not follow the procedure of {earlier.number}",
            code="procedure.stage",
            passes=Text("、".join(allowed) or "不填", ", ".join(allowed) or "leave it empty"),
            article=law.articles[0] if law.articles else "",
        ).reasons
    if earlier.state in ("failed", "terminated"):
        yield from bad("stage_of", f"{earlier.number} 已经失败或终止", f"{earlier.number} has failed or was ended").reasons
