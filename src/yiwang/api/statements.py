"""What a person signs for an act: kind and content of the statement, for programs that keep the key themselves.

Each function takes the actor, the tender and the act's parameters that the statement speaks of; the same modules
build the content again when the act is done, so a statement that was altered on its way does not verify.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from typing import Any

from yiwang.kernel.errors import BadInput, Refused, bad
from yiwang.kernel.text import Text
from yiwang.kernel.verdict import Reason
from yiwang.modules.awards import acts as awards
from yiwang.modules.awards import selectors as award_reads
from yiwang.modules.contracts import acts as contracts
from yiwang.modules.evaluations import acts as evaluations
from yiwang.modules.evaluations import change_acts, separate_acts
from yiwang.modules.evaluations import selectors as evaluation_reads
from yiwang.modules.evidence.actors import Actor
from yiwang.modules.openings import acts as openings
from yiwang.modules.openings import selectors as opening_reads

Statement = Callable[[Actor, Any, Mapping[str, str]], tuple[str, dict[str, Any]]]


def opening_record(actor: Actor, tender: Any, given: Mapping[str, str]) -> tuple[str, dict[str, Any]]:
    """The opening record, by hash."""
    opening = opening_reads.opening(tender)
    if opening is None or opening.opened_at is None:
        raise _too_early()
    return "opening-record", openings.confirmation_statement(opening)


def no_conflict(actor: Actor, tender: Any, given: Mapping[str, str]) -> tuple[str, dict[str, Any]]:
    """The declaration of no conflict of interest."""
    return "no-conflict", {"tender": tender.number}


def score_sheet(actor: Actor, tender: Any, given: Mapping[str, str]) -> tuple[str, dict[str, Any]]:
    """The score sheet given as JSON text in ``sheet``, by hash."""
    try:
        sheet = json.loads(given.get("sheet", ""), parse_float=_no_float)
    except ValueError:
        sheet = None
    if not isinstance(sheet, dict):
        raise bad("sheet", "请给出评分表的 JSON", "give the score sheet as JSON, with decimal text for scores")
    try:
        return "score-sheet", evaluations.sheet_statement(tender.number, sheet)
    except (TypeError, ValueError) as error:
        raise bad("sheet", f"评分表不是规范的 JSON：{error}", f"the sheet has no canonical form: {error}") from None


def evaluation_report(actor: Actor, tender: Any, given: Mapping[str, str]) -> tuple[str, dict[str, Any]]:
    """The report, by hash, with the dissent given in ``dissent``."""
    report = evaluation_reads.report(actor, tender)
    if report is None:
        raise _too_early()
    return "evaluation-report", evaluations.report_statement(tender.number, report.sha256, given.get("dissent", ""))


def price_correction(actor: Actor, tender: Any, given: Mapping[str, str]) -> tuple[str, dict[str, Any]]:
    """The answer to a corrected price: ``confirmed`` is ``true`` or ``false``."""
    change, answer = evaluation_reads.to_confirm(tender, actor), str(given.get("confirmed", "")).lower()
    if change is None:
        raise _too_early()
    if answer not in ("true", "false"):
        raise bad("confirmed", "请回答 true（确认）或 false（不确认）", "answer true (confirmed) or false (refused)")
    return "price-correction", change_acts.confirmation_statement(tender, change, confirmed=answer == "true")


def award_ballot(actor: Actor, tender: Any, given: Mapping[str, str]) -> tuple[str, dict[str, Any]]:
    """A ballot in the running round: ``choice`` as a JSON list of bids, and its ``reason``."""
    vote = evaluation_reads.award_vote(actor, tender)
    if vote is None:
        raise _too_early()
    try:
        choice = json.loads(given.get("choice", ""), parse_float=_no_float)
    except ValueError:
        choice = None
    if not isinstance(choice, list) or not all(isinstance(each, str) for each in choice):
        raise bad("choice", "请给出候选投标的 JSON 列表", "give the chosen bids as a JSON list")
    return "award-ballot", separate_acts.ballot_statement(tender.number, vote["running"], choice, given.get("reason", ""))


def award_notice(actor: Actor, tender: Any, given: Mapping[str, str]) -> tuple[str, dict[str, Any]]:
    """The award notice."""
    award = award_reads.award(actor, tender)
    if award is None:
        raise _too_early()
    return "award-notice", awards.notice_statement(award)


def contract(actor: Actor, tender: Any, given: Mapping[str, str]) -> tuple[str, dict[str, Any]]:
    """The contract's whole content."""
    award = award_reads.award(actor, tender)
    if award is None or award.notified_at is None:
        raise _too_early()
    return "contract", contracts.contract_content(tender)


def _no_float(text: str) -> str:
    raise BadInput(
        Reason("sheet.float", Text(f"分数 {text} 应写成文本", f"write the score {text} as text"), field="sheet",
               passes=Text(f'"{text}"', f'"{text}"'))
    )  # fmt: skip


def _too_early() -> Refused:
    return Refused(Reason("statement", Text("现在还没有可以签署的内容", "there is nothing to sign yet")))
