"""Rules of evaluation: who has declared, whose sheet is in, when the report may be made."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from yiwang.kernel import formulas
from yiwang.kernel.text import Text
from yiwang.kernel.verdict import YES, Verdict, verdict
from yiwang.modules.evidence.actors import Actor
from yiwang.modules.evidence.registry import condition
from yiwang.modules.experts import selectors as experts

OBJECTIVE = "政府采购货物和服务招标投标管理办法 第64条"


def not_declared(tender: Any, actor: Actor, now: datetime) -> Verdict:
    """The acting evaluator has not declared yet."""
    seat = experts.own_seat(actor, tender)
    return verdict(
        seat is not None and not hasattr(seat, "declaration"),
        "declaration.done",
        Text("您已经签署回避声明", "you have signed the declaration already"),
    )


def declared(tender: Any, actor: Actor, now: datetime) -> Verdict:
    """No sheet without a declaration of no conflict (招标投标法 第37条)."""
    seat = experts.own_seat(actor, tender)
    return verdict(
        seat is not None and hasattr(seat, "declaration"),
        "declaration.missing",
        Text("先签署回避声明，才能查看和评审投标文件", "sign the declaration of no conflict first; then you see the bids"),
        article="招标投标法 第37条",
    )


def sheet_missing(tender: Any, actor: Actor, now: datetime) -> Verdict:
    """The acting evaluator has not handed in a sheet yet."""
    seat = experts.own_seat(actor, tender)
    return verdict(
        seat is not None and not hasattr(seat, "sheet"),
        "sheet.done",
        Text("您已经提交评分表", "you have handed in your sheet"),
    )


@condition("draw.decline")
def not_yet_scored(tender: Any, actor: Actor, now: datetime) -> Verdict:
    """Who has handed in a sheet does not step aside any more."""
    seat = experts.own_seat(actor, tender)
    return verdict(
        seat is None or not hasattr(seat, "sheet"),
        "sheet.done",
        Text("已经提交评分表，不能再退出", "your sheet is in; you cannot step aside any more"),
    )


def sheets_agree(tender: Any, actor: Actor, now: datetime) -> Verdict:
    """Where a criterion is objective all members give the same score; until they do there is no report (87号令 第64条)."""
    if not has_objective(tender):
        return YES
    given = contents(tender)
    return formulas.check_objective(tender.formula, [scores_of(sheet) for sheet in given]) if given is not None else YES


def has_objective(tender: Any) -> bool:
    """Whether the formula has criteria on which there is nothing to differ."""
    return any(row.get("objective") for row in tender.formula.get("criteria") or ())


def own_sheet_differs(tender: Any, actor: Actor, now: datetime) -> Verdict:
    """All sheets are in, there is no report, and objective scores differ: then a sheet may be corrected."""
    given = contents(tender) if has_objective(tender) else None
    differ = given is not None and not formulas.check_objective(tender.formula, [scores_of(sheet) for sheet in given])
    return verdict(
        differ and not hasattr(tender, "report"),
        "sheet.final",
        Text("评分表提交后不能修改；只有客观项评分不一致时可以更正",
             "a sheet that is in is final; it is corrected only where objective scores differ"),
        article=OBJECTIVE,
    )


def all_sheets_in(tender: Any, actor: Actor, now: datetime) -> Verdict:
    """Sheets are opened together once all are in (同步打分)."""
    seats = experts.committee(tender).select_related("sheet")
    missing = sum(1 for seat in seats if not hasattr(seat, "sheet"))
    return verdict(
        not missing,
        "sheets.missing",
        Text(f"还有 {missing} 位评委没有提交评分表", f"{missing} evaluators have not handed in their sheets"),
    )


def no_report(tender: Any, actor: Actor, now: datetime) -> Verdict:
    """The report is made once."""
    return verdict(not hasattr(tender, "report"), "report.made", Text("评标报告已经形成", "the report is made already"))


def report_made(tender: Any, actor: Actor, now: datetime) -> Verdict:
    """There is a report to sign."""
    return verdict(
        hasattr(tender, "report"),
        "report.missing",
        Text("评标报告还没有形成", "the evaluation report is not made yet"),
        article="招标投标法 第40条",
    )


def report_unsigned(tender: Any, actor: Actor, now: datetime) -> Verdict:
    """The acting evaluator has not signed the report yet."""
    seat = experts.own_seat(actor, tender)
    signed = hasattr(tender, "report") and tender.report.signatures.filter(seat=seat).exists()
    return verdict(not signed, "report.signed", Text("您已经签署评标报告", "you have signed the report already"))


def contents(tender: Any) -> list[dict[str, Any]] | None:
    """The sheets of the committee by seat, each in its last correction; None while one is missing."""
    seats = experts.committee(tender).select_related("sheet").prefetch_related("sheet__corrections")
    found = []
    for seat in seats:
        if not hasattr(seat, "sheet"):
            return None
        found.append(seat.sheet.standing)
    return found


def scores_of(sheet: dict[str, Any]) -> formulas.Sheet:
    """The scores of a sheet as the formula reads them."""
    return formulas.Sheet.from_json({"evaluator": sheet["evaluator"], "scores": sheet["scores"]})
