"""Proposals upon prices, the votes on them and the tenderers' answers, against their acts."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from yiwang.kernel import moment
from yiwang.modules.evaluations.models import PriceChange
from yiwang.modules.evidence.findings import Finding, Said, Scope, match, said

PROPOSED = {"evaluation.correct_price": "correction", "evaluation.quantify": "deviation"}
NAMES = (*PROPOSED, "evaluation.vote_price", "evaluation.confirm_price")

Changes = dict[tuple[str, int], dict[str, Any]]
Votes = dict[tuple[str, int, int], dict[str, Any]]


def findings(scope: Scope) -> Iterator[Finding]:
    """Rows against ``evaluation.correct_price``, ``quantify``, ``vote_price`` and ``confirm_price``; proposals by their number."""
    changes, votes = _rows(scope)
    told, cast = _acts(scope)
    yield from match("evaluations.PriceChange", changes, told)
    yield from match("evaluations.PriceVote", votes, cast)


def _rows(scope: Scope) -> tuple[Changes, Votes]:
    changes: Changes = {}
    votes: Votes = {}
    last: dict[str, int] = {}
    found = (
        PriceChange.objects.filter(**scope.rows("tender"))
        .select_related("tender", "seat")
        .prefetch_related("votes__seat")
    )
    for row in found.order_by("id"):
        number = last[row.tender.number] = last.get(row.tender.number, 0) + 1
        changes[row.tender.number, number] = {
            "bid": row.bid, "kind": row.kind, "content": row.content, "reason": row.reason, "seat": row.seat.number,
            "minutes": row.minutes, "at": moment.stamp(row.at), "until": moment.stamp(row.until) if row.until else None,
            "confirmed": row.confirmed, "signature": row.signature,
            "answered_at": moment.stamp(row.answered_at) if row.answered_at else None,
        }  # fmt: skip
        for vote in row.votes.all():
            votes[row.tender.number, number, vote.seat.number] = {
                "agree": vote.agree, "reason": vote.reason, "at": moment.stamp(vote.at),
            }  # fmt: skip
    return changes, votes


def _acts(scope: Scope) -> tuple[Changes, Votes]:
    told: Changes = {}
    cast: Votes = {}
    for act in said(*NAMES, scope=scope):
        key, at = (act.tender, act.public["change"]), moment.stamp(act.at)
        if act.name in PROPOSED:
            told[key] = _proposed(act)
            cast[(*key, act.public["seat"])] = {"agree": True, "reason": "", "at": at, "*": act.label}
        elif act.name == "evaluation.vote_price":
            told[key]["until"] = act.public.get("until", told[key]["until"])
            cast[(*key, act.public["seat"])] = {
                "agree": act.public["agree"], "reason": act.public["reason"], "at": at, "*": act.label,
            }  # fmt: skip
        else:
            confirmed = act.public["statement"]["confirmed"]
            told[key] |= {"confirmed": confirmed, "signature": act.public["signature"], "answered_at": at}
        told[key]["*"] = act.label
    return told, cast


def _proposed(act: Said) -> dict[str, Any]:
    public, kind = act.public, PROPOSED[act.name]
    content = {"order": public["order"], "figures": public["figures"]} if kind == "correction" else public["quantities"]
    return {
        "bid": public["bid"], "kind": kind, "content": content, "reason": public["reason"], "seat": public["seat"],
        "minutes": public.get("minutes", 0), "at": moment.stamp(act.at), "until": None,
        "confirmed": None, "signature": None, "answered_at": None,
    }  # fmt: skip
