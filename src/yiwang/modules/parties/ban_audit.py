"""Bans from bidding against their acts."""

from __future__ import annotations

from collections.abc import Iterator

from yiwang.kernel import moment
from yiwang.modules.evidence.findings import Finding, match, said
from yiwang.modules.parties.ban_acts import ban_facts
from yiwang.modules.parties.ban_models import Ban


def everywhere() -> Iterator[Finding]:
    """Rows against ``party.ban`` and ``party.lift_ban``."""
    rows = {
        row.decision: {
            **ban_facts(row), "imposed_at": moment.stamp(row.imposed_at), "lift_decision": row.lift_decision,
            "lifted_at": moment.stamp(row.lifted_at) if row.lifted_at else None,
        }
        for row in Ban.objects.select_related("organisation")
    }  # fmt: skip
    told = {
        act.public["decision"]: {
            **act.public, "imposed_at": moment.stamp(act.at), "lift_decision": "", "lifted_at": None, "*": act.label,
        }
        for act in said("party.ban")
    }  # fmt: skip
    for act in said("party.lift_ban"):
        told[act.public["decision"]] |= {
            "lifted_at": moment.stamp(act.at), "lift_decision": act.public["lift_decision"], "*": act.label,
        }  # fmt: skip
    yield from match("parties.Ban", rows, told)
