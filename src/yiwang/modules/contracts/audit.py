"""Contracts against their acts."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from yiwang.kernel import moment
from yiwang.modules.contracts.models import Contract
from yiwang.modules.evidence.findings import Finding, Kept, Scope, match, said

KEPT = (Kept(Contract, "tender"),)


def findings(scope: Scope) -> Iterator[Finding]:
    """Rows against ``contract.sign`` and ``contract.register``."""
    rows = {
        row.tender.number: {
            "content": row.content, "sha256": row.sha256, "buyer_signature": row.buyer_signature,
            "supplier_signature": row.supplier_signature, "member_signatures": row.member_signatures, "award": row.award.tender.number,
            "signed_at": moment.stamp(row.signed_at) if row.signed_at else None,
            "registered_at": moment.stamp(row.registered_at) if row.registered_at else None,
        }
        for row in Contract.objects.filter(**scope.rows("tender")).select_related("tender", "award__tender")
    }  # fmt: skip
    due: dict[str, dict[str, Any]] = {}
    for act in said("contract.sign", "contract.register", scope=scope):
        at, public = moment.stamp(act.at), act.public
        if act.name == "contract.register":
            due[act.tender] |= {"registered_at": at, "*": act.label}
            continue
        empty = {"buyer_signature": None, "supplier_signature": None, "signed_at": None, "registered_at": None}
        row = due.setdefault(act.tender, {**empty, "member_signatures": {}})
        row |= {
            "content": public["content"], "sha256": public["contract_sha256"], "award": act.tender,
            "*": act.label,
        }  # fmt: skip
        if public["side"] == "member":
            row["member_signatures"][act.actor["party"]] = public["signature"]
        else:
            row[f"{public['side']}_signature"] = public["signature"]
        members = {member["uscc"] for member in public["content"].get("members", ())}
        if row["buyer_signature"] and row["supplier_signature"] and members <= row["member_signatures"].keys():
            row["signed_at"] = at
    yield from match("contracts.Contract", rows, due)
