"""Rules of evaluation: who has declared, whose sheet is in, when the report may be made."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from yiwang.kernel import formulas
from yiwang.kernel.errors import BadInput, bad
from yiwang.kernel.text import Text
from yiwang.kernel.verdict import Verdict, verdict
from yiwang.modules.evidence.actors import Actor
from yiwang.modules.evidence.registry import condition
from yiwang.modules.experts import selectors as experts


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


def check_sheet(formula: dict[str, Any], sheet: dict[str, Any], seat: int, bids: list[str]) -> None:
    """Whether a sheet reviews and scores every bid.

    Raises:
        BadInput: naming each bid or score at fault; rejecting a bid without a reason is one (REG 51: no rejection
            without its ground).
    """
    if set(sheet) != {"evaluator", "review", "scores"} or sheet.get("evaluator") != str(seat):
        raise bad("sheet", "评分表应有本席位的 evaluator、review、scores", "a sheet has evaluator (the own seat), review, scores")
    review = sheet["review"]
    if not isinstance(review, dict) or set(review) != set(bids):
        raise bad("review", "应逐一评审全部投标", "review each bid, no more and no fewer")
    for bid, item in review.items():
        if not isinstance(item, dict) or not isinstance(item.get("pass"), bool) or not isinstance(item.get("reason"), str):
            raise bad(f"review.{bid}", "每份投标应有结论和理由", "each bid needs a verdict and a reason field")
        if not item["pass"] and not item["reason"].strip():
            raise bad(f"review.{bid}", "否决投标必须写明理由", "rejecting a bid needs a reason", article="招标投标法实施条例 第51条",
                      passes=Text("写明对应的否决条款和事实", "name the ground and the facts"))
    verdict_ = formulas.check_sheet(formula, scores_of(sheet), bids if formula.get("criteria") else [])
    if not verdict_:
        raise BadInput(*verdict_.reasons)


def scores_of(sheet: dict[str, Any]) -> formulas.Sheet:
    """The scores of a sheet as the formula reads them."""
    return formulas.Sheet.from_json({"evaluator": sheet["evaluator"], "scores": sheet["scores"]})


def rejected(bid: str, sheets: list[dict[str, Any]]) -> tuple[Text, ...]:
    """The reasons for which more than half of the committee rejects a bid; empty when it stays."""
    against = [sheet["review"][bid]["reason"] for sheet in sheets if not sheet["review"][bid]["pass"]]
    if len(against) * 2 <= len(sheets):
        return ()
    return tuple(Text(reason, reason) for reason in against)
