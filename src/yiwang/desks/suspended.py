"""By what a tender stands still, in words."""

from __future__ import annotations

from typing import Any

from yiwang.kernel import moment
from yiwang.kernel.suspension import KINDS
from yiwang.modules.tenders import selectors
from yiwang.modules.tenders.suspension_rules import stands_still


def now_of(tender: Any) -> list[dict[str, Any]]:
    """The open suspensions of a tender; asks for none while it does not stand still."""
    now = moment.now()
    if not stands_still(tender, now):
        return []
    return [
        {"kind": KINDS[each.kind], "reason": each.reason, "since": each.since, "until": each.until}
        for each in selectors.open_suspensions(tender, now)
    ]
