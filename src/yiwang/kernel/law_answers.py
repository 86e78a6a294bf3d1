"""Answers about the law as plain JSON, without a database: what the command line prints and outsiders check us with."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from typing import Any

from yiwang.kernel import formula_book, timed_auction
from yiwang.kernel.calendar import Calendar
from yiwang.kernel.clock_count import Pause, aware
from yiwang.kernel.clock_days import days_of
from yiwang.kernel.errors import bad
from yiwang.kernel.formulas import evaluate_json
from yiwang.kernel.moment import LOCAL, stamp
from yiwang.kernel.procedures import load
from yiwang.kernel.text import Text
from yiwang.kernel.timeline import timeline


def moment_of(text: str, field: str = "time") -> datetime:
    """A moment as typed (``2026-09-07``, ``2026-09-07T09:00``, with or without zone; without: local time)."""
    try:
        moment = datetime.fromisoformat(text.strip())
    except ValueError:
        raise bad(
            field,
            f"“{text}”不是时间",
            f"“{text}” is not a time",
            passes=Text("例如 2026-09-07T09:00", "e.g. 2026-09-07T09:00"),
        ) from None
    return moment if moment.tzinfo else moment.replace(tzinfo=LOCAL)


def law_clock(
    procedure: str,
    events: Mapping[str, datetime | str],
    *,
    pauses: Iterable[Pause] = (),
    closures: Iterable[date] = (),
    rosters: Mapping[str, str] | None = None,
    version: int | None = None,
    days: bool = False,
) -> dict[str, Any]:
    """Earliest and latest lawful moment of every step of a procedure.

    Args:
        procedure: its id. events: known moments by clock event, as datetimes or as typed.
        pauses: stopped clocks. closures: the center's own closed days. rosters: duty roster by rule id.
        version: version of the procedure; None: the newest. days: list every day of each count with its reason.

    Raises:
        BadInput: an unknown procedure or event, a time that is none.
    """
    known = {key: aware(moment_of(value, key) if isinstance(value, str) else value) for key, value in events.items()}
    chosen, calendar, stopped = load(procedure, version), Calendar.load(closures), list(pauses)
    steps = timeline(chosen, known, calendar, pauses=stopped, rosters=rosters)
    rows = [step.to_json() for step in steps]
    for row, step in zip(rows, steps, strict=True) if days else ():
        for told, due in zip(row["count"], step.dues, strict=True):
            told["days"] = [each.to_json() for each in days_of(due, calendar, stopped)]
    return {
        "procedure": chosen.id,
        "version": chosen.version,
        "name": {"zh": chosen.name.zh, "en": chosen.name.en},
        "events": {key: stamp(value) for key, value in sorted(known.items())},
        "ok": all(step.verdict.ok for step in steps),
        "steps": rows,
    }


def law_evaluate(data: Mapping[str, Any]) -> dict[str, Any]:
    """Rank bids by a formula, with the arithmetic.

    Args:
        data: ``{formula, bids, sheets}``. ``formula`` is a whole formula as stored with a tender, or
            ``{"id": ..., "settings": {...}}`` for one of law/formulas. ``{auction, bids}``: see :mod:`.timed_auction`.

    Raises:
        BadInput: naming the field at fault.
    """
    if isinstance(data, Mapping) and "auction" in data:
        return timed_auction.evaluate_json(data)
    formula = data.get("formula") if isinstance(data, Mapping) else None
    if isinstance(formula, Mapping) and "rank_by" not in formula:
        if set(formula) - {"id", "settings"} or not isinstance(formula.get("id"), str):
            raise bad("formula", "须有 id 和 settings，或写全整个办法", "needs id and settings, or the whole formula")
        data = {**data, "formula": formula_book.template(formula["id"]).formula(formula.get("settings"))}
    return evaluate_json(data)
