"""Publicity and awards against their acts."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from yiwang.kernel import moment
from yiwang.modules.awards.admission_models import Admission
from yiwang.modules.awards.invitee_models import InviteeDraw
from yiwang.modules.awards.models import Award, Publicity
from yiwang.modules.evidence.findings import Finding, Kept, Scope, match, said
from yiwang.seal import public_draw

KEPT = (Kept(Publicity, "tender"), Kept(Award, "tender"), Kept(Admission, "tender"), Kept(InviteeDraw, "tender"))


def findings(scope: Scope) -> Iterator[Finding]:
    """Rows against ``candidates.publicise``, ``award.decide`` and ``award.notify``."""
    public = {
        row.tender.number: {
            "candidates": row.candidates,
            "starts": moment.stamp(row.starts),
            "ends": moment.stamp(row.ends),
        }
        for row in Publicity.objects.filter(**scope.rows("tender")).select_related("tender")
    }
    told = {
        act.tender: {**{name: act.public[name] for name in ("candidates", "starts", "ends")}, "*": act.label}
        for act in said("candidates.publicise", scope=scope)
    }
    yield from match("awards.Publicity", public, told)
    rows = {
        row.tender.number: {
            "bid": row.bid.chain, "tenderer": row.tenderer.uscc, "price": row.price, "rank": row.rank,
            "reason": row.reason, "joint": row.joint, "notice": row.notice, "decided_at": moment.stamp(row.decided_at),
            "notified_at": moment.stamp(row.notified_at) if row.notified_at else None,
        }
        for row in Award.objects.filter(**scope.rows("tender")).select_related("tender", "bid", "tenderer")
    }  # fmt: skip
    due: dict[str, dict[str, Any]] = {}
    for act in said("award.decide", "award.notify", scope=scope):
        if act.name == "award.decide":
            facts = {name: act.public[name] for name in ("bid", "tenderer", "price", "rank", "reason")}
            facts["joint"] = act.public.get("joint", [])
            due[act.tender] = {**facts, "notice": None, "decided_at": moment.stamp(act.at), "notified_at": None}
        else:
            notice = {"statement": act.public["statement"], "signature": act.public["signature"]}
            due[act.tender] |= {"notice": notice, "notified_at": moment.stamp(act.at)}
        due[act.tender]["*"] = act.label
    yield from match("awards.Award", rows, due)
    listed = {
        row.tender.number: {"admitted": row.admitted, "others": row.others, "decided_at": moment.stamp(row.decided_at)}
        for row in Admission.objects.filter(**scope.rows("tender")).select_related("tender")
    }
    decided = {
        act.tender: {**{name: act.public[name] for name in ("admitted", "others")}, "decided_at": moment.stamp(act.at), "*": act.label}
        for act in said("admission.decide", scope=scope)
    }  # fmt: skip
    yield from match("awards.Admission", listed, decided)
    yield from _draws(scope)


def _draws(scope: Scope) -> Iterator[Finding]:
    """Draws of invitees against ``invitees.list`` and the acts of the draw."""
    rows = {
        row.tender.number: {
            "way": row.way, "listed": row.listed, "number": row.number, "ground": row.ground, "watchers": row.watchers,
            "drawn": row.drawn, "chosen": row.chosen, "at": moment.stamp(row.at),
        }
        for row in InviteeDraw.objects.filter(**scope.rows("tender")).select_related("tender")
    }  # fmt: skip
    due: dict[str, dict[str, Any]] = {}
    for act in said("invitees.list", "invitees.commit", "invitees.reveal", "invitees.forfeit", scope=scope):
        if act.name == "invitees.list":
            facts = {name: act.public[name] for name in ("way", "listed", "number", "ground")}
            due[act.tender] = {**facts, "watchers": act.private["watchers"], "drawn": {}, "chosen": [], "at": moment.stamp(act.at)}
        else:
            due[act.tender]["drawn"] = public_draw.after(due[act.tender]["drawn"], act.name.split(".")[1], act.public)
            due[act.tender]["chosen"] = act.public.get("chosen", [])
        due[act.tender]["*"] = act.label
    yield from match("awards.InviteeDraw", rows, due)
