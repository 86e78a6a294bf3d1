"""The center's calendar against its acts."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from yiwang.kernel import moment
from yiwang.modules.evidence.findings import Finding, Kept, Scope, match, said
from yiwang.modules.venues.models import CenterDay

KEPT: tuple[Kept, ...] = ()


def findings(scope: Scope) -> Iterator[Finding]:
    """No row of the calendar belongs to a tender."""
    yield from ()


def everywhere() -> Iterator[Finding]:
    """Entries of the calendar against the acts that made and withdrew them."""
    rows = {
        str(row.number): {
            "day": row.day.isoformat(), "kind": row.kind, "starts": f"{row.starts:%H:%M}" if row.starts else "",
            "ends": f"{row.ends:%H:%M}" if row.ends else "", "phone": row.phone, "reason": row.reason,
            "people": len(row.people), "at": moment.stamp(row.entered_at), "withdrawn": row.withdrawn_at is not None,
        }
        for row in CenterDay.objects.all()
    }  # fmt: skip
    told: dict[str, dict[str, Any]] = {}
    for act in said("calendar.staff", "calendar.close"):
        public = act.public
        told[str(public["entry"])] = {
            "day": public["day"], "kind": public["kind"], "starts": public.get("starts", ""), "ends": public.get("ends", ""),
            "phone": public.get("phone", ""), "reason": public["reason"], "people": public.get("people", 0),
            "at": moment.stamp(act.at), "withdrawn": False, "*": act.label,
        }  # fmt: skip
    for act in said("calendar.withdraw"):
        told[str(act.public["entry"])]["withdrawn"] = True
    yield from match("venues.CenterDay", rows, told)
