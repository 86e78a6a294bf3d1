"""Custodians, closings, opening records, confirmations and the state of the hall against their acts."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from yiwang.kernel import moment
from yiwang.modules.evidence.findings import Finding, Kept, Scope, match, said
from yiwang.modules.openings import custody_audit, hall
from yiwang.modules.openings.models import Confirmation, Custodian, Opening
from yiwang.seal import public_draw

KEPT = (Kept(Custodian, "tender"), Kept(Opening, "tender"), Kept(Confirmation, "opening__tender"))


def findings(scope: Scope) -> Iterator[Finding]:
    """Rows against the acts of custody, closing, opening and confirmation."""
    yield from custody_audit.custodians(scope)
    yield from match("openings.Opening", _openings(scope), _due_openings(scope))
    confirmed = {
        (row.opening.tender.number, row.signature["public"]): {
            "signature": row.signature, "role": row.role, "person": row.person.pseudonym(row.opening.tender.chain),
            "party": row.organisation.uscc if row.organisation else "", "at": moment.stamp(row.at),
        }
        for row in Confirmation.objects.filter(**scope.rows("opening__tender")).select_related(
            "opening__tender", "person", "organisation"
        )
    }  # fmt: skip
    told = {
        (act.tender, act.public["signature"]["public"]): {
            "signature": act.public["signature"], **act.actor, "at": moment.stamp(act.at), "*": act.label,
        }
        for act in said("opening.confirm", scope=scope)
    }  # fmt: skip
    yield from match("openings.Confirmation", confirmed, told)


def everywhere() -> Iterator[Finding]:
    """Drills, which belong to no tender, against their acts."""
    yield from custody_audit.drills()


def _openings(scope: Scope) -> dict[str, dict[str, Any]]:
    return {
        row.tender.number: {
            "bids_root": row.bids_root, "count": row.count, "closed_at": moment.stamp(row.closed_at),
            "opened_at": moment.stamp(row.opened_at) if row.opened_at else None, "record": row.record,
            "record_sha256": row.record_sha256, "hall": row.hall, "drawn": row.drawn,
        }
        for row in Opening.objects.filter(**scope.rows("tender")).select_related("tender")
    }  # fmt: skip


def _due_openings(scope: Scope) -> dict[str, dict[str, Any]]:
    due: dict[str, dict[str, Any]] = {
        act.tender: {
            "bids_root": act.public["bids_root"], "count": act.public["count"], "closed_at": moment.stamp(act.at),
            "opened_at": None, "record": None, "record_sha256": "", "hall": {}, "drawn": {}, "*": act.label,
        }
        for act in said("opening.close", scope=scope)
    }  # fmt: skip
    for act in said("opening.open", scope=scope):
        due[act.tender] |= {
            "record": act.public["record"], "record_sha256": act.public["record_sha256"],
            "opened_at": moment.stamp(act.at), "*": act.label,
        }  # fmt: skip
    for act in said("coefficient.commit", "coefficient.reveal", "coefficient.forfeit", scope=scope):
        due[act.tender]["drawn"] = public_draw.after(due[act.tender]["drawn"], act.name.split(".")[1], act.public)
        due[act.tender]["*"] = act.label
    for act in said(*hall.ACTS, scope=scope):
        due[act.tender]["hall"] = hall.after(
            due[act.tender]["hall"], act.name, act.public, act.actor["party"], moment.stamp(act.at)
        )
        due[act.tender]["*"] = act.label
    return due
