"""One auction, played as a tender through all steps; its dossier built and verified."""

from __future__ import annotations

import hashlib
import time
from collections.abc import Mapping as Map
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from yiwang.demo.cast import Cast
from yiwang.demo.play import ENDS, Play, Script, wait_for_log
from yiwang.demo.replay import judge as judging
from yiwang.demo.replay.mapping import Mapping
from yiwang.demo.replay.table import Auction
from yiwang.demo.stage import Stage, local
from yiwang.kernel import moment
from yiwang.kernel.calendar import Calendar
from yiwang.kernel.errors import YiwangError
from yiwang.kernel.text import Text
from yiwang.modules.awards import selectors as awards
from yiwang.modules.evaluations import selectors as evaluations
from yiwang.modules.evidence import dossier
from yiwang.modules.evidence import selectors as evidence
from yiwang.modules.evidence.actors import SYSTEM
from yiwang.modules.tenders import acts as tender_acts
from yiwang.modules.tenders import selectors as tenders
from yiwang.verifier import verify

FIRST, YEARS = 2019, 6
"""Tenders begin in 2019 to 2024 and end by 2025: years whose holiday arrangements are known."""

FOUNDED = local(date(FIRST, 1, 2), 8)
"""When everybody in a replay is registered: before the first auction."""


@dataclass(frozen=True)
class Setting:
    """What all auctions of a run share.

    Attributes:
        run: names the run in every tender's ``source``.
        names: display name of each recorded bidder.
        dossiers: the folder of dossiers.
    """

    run: str
    mapping: Mapping
    names: Map[str, str]
    dossiers: Path


def replay(auction: Auction, cast: Cast, setting: Setting) -> dict[str, Any]:
    """Play one auction, or go on with it where an interrupted run was; gives the result for the summary.

    A half-played tender that can no longer be continued is terminated, its reason published, and played anew.
    """
    began, cpu = time.perf_counter(), time.process_time()
    row: dict[str, Any] = {"auction": auction.key, "line": auction.line, "bids": len(auction.bids), "tender": "", "state": ""}
    row["notes"] = [{"zh": note.zh, "en": note.en} for note in auction.notes]
    if auction.faults:
        return row | _said(judging.faulty(auction)) | {"faults": [fault.json() for fault in auction.faults]}
    try:
        play = _played(auction, cast, setting)
    except YiwangError as error:
        why = Text("; ".join(r.message.zh for r in error.reasons), "; ".join(r.message.en for r in error.reasons))
        entered = _earlier(source_of(auction, setting)) is not None
        return row | _said(judging.Judgement("refused" if entered else "faulty_data", why))
    tender = play.tender
    outcome = outcome_of(tender, {setting.names[bid.bidder]: bid.bidder for bid in auction.bids})
    row |= {"tender": tender.number, "state": tender.state, **judging.money(outcome, auction), **_said(judging.judge(auction, outcome))}
    row["dossier"] = _dossier(tender, setting.dossiers)
    return row | {"seconds": round(time.perf_counter() - began, 3), "cpu_seconds": round(time.process_time() - cpu, 3)}


def script_of(auction: Auction, setting: Setting) -> Script:
    """The auction as a script: the recorded rule, amounts in fen, the record's date and currency kept in words."""
    mapping = setting.mapping
    held = auction.held.isoformat() if auction.held else "?"
    return Script(
        title=auction.title[:300],
        category=mapping.category,
        budget=auction.ceiling or max(bid.price for bid in auction.bids),
        ceiling=auction.ceiling,
        minimum=auction.minimum,
        formula={"id": "lowest_price_within_bounds", "version": 1, "rank_by": "price", "ties": ["reported"]},
        bids=[(setting.names[bid.bidder], bid.price) for bid in auction.bids],
        description=f"{mapping.origin}，{auction.key}，记录日期 {held}。{mapping.said.zh}（{mapping.currency}）。",
        source=source_of(auction, setting),
    )


def source_of(auction: Auction, setting: Setting) -> str:
    """The key by which a run finds its tender again."""
    key = auction.key if len(auction.key) <= 60 else hashlib.sha256(auction.key.encode()).hexdigest()[:32]
    return f"replay:{setting.run}:{key}"


def anchored(held: date) -> date:
    """The workday on which the auction begins in the play: the same day of a year that the calendar knows."""
    year = FIRST + (held.year - FIRST) % YEARS
    day = date(year, held.month, min(held.day, 28) if held.month == 2 else held.day)
    return Calendar.load().roll_forward(day)


def outcome_of(tender: Any, bidders: Map[str, str]) -> judging.Outcome:
    """How a tender ended; ``bidders`` maps the firms' names to recorded ids."""
    report = evaluations.report(SYSTEM, tender)
    award = awards.award(SYSTEM, tender)
    if award is None or report is None:
        return judging.Outcome(tender.state)
    names = {each["bid"]: each["name"] for each in report.content["candidates"]}
    first = [each["bid"] for each in report.content["candidates"] if each["rank"] == 1]
    tie = next((tuple(group) for group in report.content["ranking"]["ties"] if set(first) & set(group)), ())
    everybody = {bid.chain: bid.tenderer.name for bid in tender.bids.select_related("tenderer")} if tie else names
    equals = tuple(bidders[everybody[bid]] for bid in tie)
    return judging.Outcome(tender.state, bidders[award.tenderer.name], award.price, equals)


def _played(auction: Auction, cast: Cast, setting: Setting) -> Play:
    script = script_of(auction, setting)
    assert auction.held is not None
    play = Play(cast, Stage(local(anchored(auction.held), 9)), script)
    earlier = _earlier(script.source)
    if earlier is not None:
        last = evidence.acts_of(earlier).last()
        play.stage.to((last.at if last else play.stage()) + timedelta(hours=1))
        if earlier.state in (*ENDS, "awarded", "contracted"):
            play.number = earlier.number
        else:
            _terminate(earlier, cast, play.stage)
    play.until("archived")
    last = evidence.acts_of(play.tender).last()
    with moment.clock_at(play.stage):
        wait_for_log(last)
    return play


def _earlier(source: str) -> Any:
    """The tender that an interrupted run left for this auction, or None."""
    return tenders.visible_to(SYSTEM).filter(source=source).exclude(state="terminated").first()


def _terminate(tender: Any, cast: Cast, stage: Stage) -> None:
    with moment.clock_at(stage):
        tender_acts.terminate(actor=cast.buyer.actor, tender=tender.number, reason="重演中断，本项目终止，另行重新招标")


def _dossier(tender: Any, folder: Path) -> dict[str, Any]:
    """Build the dossier, whole or not at all, and verify it as anybody may."""
    folder.mkdir(parents=True, exist_ok=True)
    path, half = folder / f"{tender.number}.zip", folder / f".{tender.number}.half"
    dossier.build(tender.number, out=half)
    half.replace(path)
    began = time.perf_counter()
    report = verify(path)
    found = {"file": path.name, "bytes": path.stat().st_size, "ok": report.ok, "verify_seconds": round(time.perf_counter() - began, 4)}
    if not report.ok:
        found["failed"] = [{"check": line.id, "details": [str(text) for text in line.details]} for line in report.failed]
    return found


def _said(judgement: judging.Judgement) -> dict[str, Any]:
    return {"class": judgement.kind, "why": {"zh": judgement.why.zh, "en": judgement.why.en}}
