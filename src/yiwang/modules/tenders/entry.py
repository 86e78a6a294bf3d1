"""Entry of tenders (进场登记): one tender, or the lots of a project together."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from django.db import transaction

from yiwang.kernel import formula_book, moment, procedure_versions, procedures
from yiwang.kernel.clock_count import day_of
from yiwang.kernel.errors import BadInput, bad
from yiwang.kernel.text import Text
from yiwang.kernel.verdict import Reason
from yiwang.modules.evidence import door
from yiwang.modules.evidence.actors import Actor
from yiwang.modules.parties import selectors as parties
from yiwang.modules.tenders import entry_rules, facts, own_law, selectors, services
from yiwang.modules.tenders.models import Lot, Project, Tender
from yiwang.modules.tenders.states import TENDER

LOWEST = {"id": "lowest_price_within_bounds", "rank_by": "price"}

OF_A_LOT = ("title", "budget", "ceiling", "minimum")
"""What each lot of a project says for itself."""


def enter(
    *,
    actor: Actor,
    title: str,
    category: str,
    budget: int,
    ceiling: int | None = None,
    minimum: int | None = None,
    procedure: str = "",
    counterpart: str = "",
    description: str = "",
    qualification: str = "",
    funding: str = "government",
    region: str = "",
    contact: str = "",
    formula: dict[str, Any] | None = None,
    validity_days: int = 90,
    custody_threshold: int = 3,
    upload_grace_minutes: int = 0,
    joint_bids_allowed: bool = False,
    source: str = "",
    retender_of: str = "",
    project: str = "",
    stage_of: str = "",
    invitees: list[str] | None = None,
    reserved_for: str = "",
    required_documents: list[dict[str, str]] | None = None,
    bid_bond: int = 0,
    lots: list[dict[str, Any]] | None = None,
    lots_most: int | None = None,
    request_key: str | None = None,
) -> Tender:
    """The buyer, or the agency for its principal, enters a tender (进场登记), or the lots of a project together.

    Args:
        budget: fen; ``ceiling`` (最高投标限价) and ``minimum`` bound the bids' prices, fen.
        counterpart: credit code of the agency when a buyer enters, of the buyer when an agency enters.
        formula: evaluation formula by name with its parameters; refused when it could not rank. Empty: the simplest one
            that the procedure allows.
        custody_threshold: how many custodians must release their keys to open the bids.
        upload_grace_minutes: for so long after the deadline the bytes of a bid may finish that was committed to before it.
        joint_bids_allowed: the notice accepts joint bids (联合体); where it does not, they are invalid (实施条例 第37条).
        retender_of: number of the failed tender that is held again (招标投标法 第28条, 第42条); the buyer is the same. A lot that
            failed is held again as a lot of its own project.
        project: number of a project of the buyer's, not published yet, that gets one more lot.
        stage_of: number of the earlier round that this one continues, where the procedure has rounds.
        invitees: credit codes of the invited tenderers; nobody else learns them before the opening (招标投标法 第22条).
        reserved_for: ``small`` when only small and medium enterprises may bid; empty: all.
        required_documents: what each bid must hold: ``code``, ``zh``, ``en`` and ``part`` of each document.
        bid_bond: the bid bond asked of each tenderer, fen; 0: none.
        lots: two or more lots (标段), each with ``title``, ``budget``, ``ceiling`` and ``minimum``: each becomes a tender
            of a new project of the title given here. The first of them is given back.
        lots_most: the most lots of the project that one tenderer may win; null: as many as it wins.

    Raises:
        BadInput: a field is missing or out of its bounds; every fault at once.
    """
    asked = {name: value for name, value in locals().items() if name not in ("actor", "lots", "lots_most", "request_key")}
    asked |= {"invitees": [code.strip().upper() for code in invitees or []], "required_documents": required_documents or []}
    if lots:
        with transaction.atomic():
            return _enter_lots(actor, asked, lots, lots_most, request_key)
    if lots_most is not None:
        raise bad("lots_most", "只有分标段的项目才能限制中标标段数", "only a project with lots limits how many are won",
                  passes=Text("留空，或者填写各标段", "leave it empty, or give the lots"))  # fmt: skip
    return _enter_one(actor, asked, request_key)


def _enter_one(actor: Actor, asked: dict[str, Any], request_key: str | None) -> Tender:
    buyer, agency = _principals(actor, asked["counterpart"])
    chosen = asked["procedure"] or selectors.procedure_for(asked["category"])
    law = procedure_versions.on(chosen, day_of(moment.now()))
    formula = bounded(asked["formula"] or simplest_formula(law), asked["ceiling"], asked["minimum"])
    asked = {**asked, "procedure": law.id, "formula": formula}
    found = [*entry_rules.faults(asked), *_unknown_invitees(asked["invitees"], buyer, agency)]
    if found:
        raise BadInput(*found)
    documents = own_law.kept(law)
    with door.enter(TENDER.rows["tender.enter"], actor, lambda: None, request_key=request_key) as passage:
        year = passage.now.astimezone(moment.LOCAL).year
        tender = _new(asked, buyer, agency, law)
        tender.law = documents
        failed = services.failed(asked["retender_of"], buyer) if asked["retender_of"] else None
        tender.project, tender.number = _numbered(asked["project"], failed, buyer, year)
        tender.retender_of = failed
        tender.stage_of = _earlier(asked["stage_of"], buyer, law) if asked["stage_of"] else None
        services.note(tender, "tender.entered", passage.now)
        tender.save()
        lot = Lot.objects.create(tender=tender, title=tender.title, ceiling=asked["ceiling"], minimum=asked["minimum"])
        passage.subject = tender
        passage.record(public={**facts.facts(tender, [lot]), **facts.invited(tender)})
    return tender


SAID = ("category", "description", "qualification", "funding", "region", "contact", "budget", "formula", "validity_days",
        "custody_threshold", "upload_grace_minutes", "joint_bids_allowed", "source", "invitees", "reserved_for",
        "required_documents", "bid_bond")  # fmt: skip
"""What the row takes over as it was asked."""


def _new(asked: dict[str, Any], buyer: Any, agency: Any, law: procedures.Procedure) -> Tender:
    return Tender(
        title=asked["title"].strip(), procedure=law.id, procedure_version=law.version, state="draft", buyer=buyer,
        agency=agency, **{name: asked[name] for name in SAID},
    )  # fmt: skip


def _enter_lots(
    actor: Actor, asked: dict[str, Any], lots: list[dict[str, Any]], lots_most: int | None, request_key: str | None
) -> Tender:
    """One act per lot, all or none."""
    _check_lots(asked, lots, lots_most)
    buyer, agency = _principals(actor, asked["counterpart"])
    number = services.next_number(moment.now().astimezone(moment.LOCAL).year)
    Project.objects.create(number=number, title=asked["title"].strip(), buyer=buyer, agency=agency, lots_most=lots_most)
    entered: list[Tender] = []
    for place, lot in enumerate(lots):
        own = {**asked, "ceiling": None, "minimum": None, **lot, "project": number}
        key = f"{request_key}-{place + 1}" if request_key and place else request_key
        try:
            entered.append(_enter_one(actor, own, key))
        except BadInput as error:
            raise BadInput(*(_of_lot(reason, place) for reason in error.reasons)) from None
    return entered[0]


def _of_lot(reason: Reason, place: int) -> Reason:
    return replace(reason, field=f"lots.{place}.{reason.field}") if reason.field in OF_A_LOT else reason


def _check_lots(asked: dict[str, Any], lots: list[dict[str, Any]], lots_most: int | None) -> None:
    if asked["project"] or asked["retender_of"] or asked["stage_of"]:
        raise bad("lots", "重新招标、后续阶段和加入已有项目时一次只登记一个标段", "a retender, a later round or one more lot is entered alone",
                  passes=Text("分别登记", "enter them one by one"))  # fmt: skip
    if len(lots) < 2:
        raise bad("lots", "分标段的项目至少有两个标段", "a project with lots has at least two",
                  passes=Text("两个以上标段，或者不分标段", "two or more lots, or none"))  # fmt: skip
    for place, lot in enumerate(lots):
        strange = sorted(set(lot) - set(OF_A_LOT))
        missing = [name for name in ("title", "budget") if name not in lot]
        wrong = [name for name in ("budget", "ceiling", "minimum") if lot.get(name) is not None and type(lot[name]) is not int]
        if strange or missing or wrong or not isinstance(lot.get("title", ""), str):
            raise bad(f"lots.{place}", "标段应有名称和预算金额（分）", "a lot has a title and a budget in fen",
                      passes=Text("、".join(OF_A_LOT), ", ".join(OF_A_LOT)))  # fmt: skip
    if lots_most is not None and not 1 <= lots_most <= len(lots):
        raise bad("lots_most", f"一个投标人最多中标的标段数应为 1 至 {len(lots)}", f"the most lots one may win are 1 to {len(lots)}",
                  passes=Text(f"1 至 {len(lots)}，或者留空不限", f"1 to {len(lots)}, or empty for no limit"))  # fmt: skip


def _numbered(project: str, failed: Tender | None, buyer: Any, year: int) -> tuple[Project | None, str]:
    """The project, locked, with the number of its next lot; or no project and the next number of the year.

    A lot that failed is held again within its project, whose other lots may be published or done: it comes last, so that who
    wins it is decided after the lots before it, and within the most lots that one may win.
    """
    own = failed.project.number if failed is not None and failed.project is not None else ""
    if own and project not in ("", own):
        raise bad("project", f"{failed} 是项目 {own} 的标段，只能在该项目内重新招标", f"{failed} is a lot of {own} and is held again there",
                  passes=Text(f"留空，或 {own}", f"empty, or {own}"))  # fmt: skip
    if not project and not own:
        return None, services.next_number(year)
    found = Project.objects.select_for_update().filter(number=own or project, buyer=buyer).first()
    if found is None:
        raise bad("project", f"{project} 不是该招标人的项目", f"{project} is no project of this buyer",
                  passes=Text("该招标人未发布公告的项目的编号", "the number of a project of the buyer's that is not published"))  # fmt: skip
    lots = list(found.tenders.all())
    if own:
        return found, f"{own}-{len(lots) + 1}"
    if any(each.deadline for each in lots):
        raise bad("project", f"{project} 已经发布公告，不能再加标段", f"{project} is published; no lot can be added",
                  passes=Text("另行登记一个项目", "enter a project of its own"), article="招标投标法 第23条")  # fmt: skip
    return found, f"{project}-{len(lots) + 1}"


def _earlier(number: str, buyer: Any, law: procedures.Procedure) -> Tender:
    """The earlier round, locked, lest it is continued twice."""
    earlier = Tender.objects.select_for_update().filter(number=number, buyer=buyer).first()
    if earlier is None:
        raise bad("stage_of", f"{number} 不是该招标人的项目", f"{number} is no tender of this buyer",
                  passes=Text("前一阶段的编号", "the number of the earlier round"))  # fmt: skip
    found = list(entry_rules.fits_stage(law, earlier))
    if found:
        raise BadInput(*found)
    other = selectors.continued_by(earlier, law)
    if other is not None:
        raise bad("stage_of", f"{number} 的后续阶段已经登记：{other.number}", f"{number} is continued already by {other.number}")
    return earlier


def _unknown_invitees(invitees: list[str], buyer: Any, agency: Any) -> list[Any]:
    if not invitees:
        return []
    known = set(parties.organisations().filter(uscc__in=invitees, kind="enterprise").values_list("uscc", flat=True))
    unknown = [code for code in invitees if code not in known or code in (buyer.uscc, agency.uscc if agency else "")]
    if not unknown:
        return []
    return list(bad("invitees", f"{'、'.join(unknown)} 不是已注册的企业", f"{', '.join(unknown)} is no registered enterprise",
                    passes=Text("已在本平台注册的企业的统一社会信用代码", "credit codes of enterprises that registered here")).reasons)  # fmt: skip


def simplest_formula(law: procedures.Procedure) -> dict[str, Any]:
    """The lowest price within the bounds where the procedure allows it; else its first formula that needs no settings."""
    if any(each.id == LOWEST["id"] for each in law.formulas):
        return dict(LOWEST)
    for allowed in law.formulas:
        template = formula_book.template(allowed.id)
        if not any(setting.required for setting in template.settings) and "criteria" not in template.base:
            return template.formula()
    raise bad("formula", f"“{law.name.zh}”的评标办法需要参数，请填写", f"the formulas of “{law.name.en}” need settings: give one",
              passes=Text("、".join(each.id for each in law.formulas), ", ".join(each.id for each in law.formulas)))  # fmt: skip


def bounded(formula: dict[str, Any], ceiling: int | None, minimum: int | None) -> dict[str, Any]:
    """A formula with the lot's price bounds (fen) written into it, so that it ranks by itself alone."""
    price = {**(formula.get("price") or {})}
    if ceiling is not None:
        price["ceiling"] = ceiling
    if minimum is not None:
        price["minimum"] = minimum
    return {**formula, "price": price} if price else formula


def _principals(actor: Actor, counterpart: str) -> tuple[Any, Any]:
    """Buyer and agency of a new tender, from who enters it and whom he names."""
    own = actor.organisation
    other = parties.organisations().filter(uscc=counterpart).first() if counterpart else None
    if counterpart and other is None:
        raise bad("counterpart", f"没有注册的单位 {counterpart}", f"no registered organisation {counterpart}")
    if own is not None and own.kind == "agency":
        if other is None or other.kind != "buyer":
            raise bad("counterpart", "请选择委托您的招标人", "name the buyer whom you act for", article="招标投标法 第12条")
        return other, own
    if other is not None and other.kind != "agency":
        raise bad("counterpart", "所选单位不是招标代理机构", "that organisation is not an agency")
    return own, other
