"""Publicity and awards against their acts."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from yiwang.kernel import moment
from yiwang.modules.awards.models import Award, Publicity
from yiwang.modules.evidence.findings import Finding, match, said


def findings() -> Iterator[Finding]:
    """Rows against ``candidates.publicise``, ``award.decide`` and ``award.notify``."""
    public = {
        row.tender.number: {
            "candidates": row.candidates,
            "starts": moment.stamp(row.starts),
            "ends": moment.stamp(row.ends),
        }
        for row in Publicity.objects.select_related("tender")
    }
    told = {
        act.tender: {name: act.public[name] for name in ("candidates", "starts", "ends")}
        for act in said("candidates.publicise")
    }
    yield from match("awards.Publicity", public, told)
    rows = {
        row.tender.number: {"bid": row.bid.chain, "tenderer": row.tenderer.uscc, "price": row.price, "rank": row.rank,
                            "reason": row.reason, "notice": row.notice}
        for row in Award.objects.select_related("tender", "bid", "tenderer")
    }  # fmt: skip
    due: dict[str, dict[str, Any]] = {
        act.tender: {
            **{name: act.public[name] for name in ("bid", "tenderer", "price", "rank", "reason")},
            "notice": None,
        }
        for act in said("award.decide")
    }
    for act in said("award.notify"):
        due[act.tender]["notice"] = {"statement": act.public["statement"], "signature": act.public["signature"]}
    yield from match("awards.Award", rows, due)
