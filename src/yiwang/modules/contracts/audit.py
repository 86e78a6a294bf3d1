"""Contracts against their acts."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from yiwang.modules.contracts.models import Contract
from yiwang.modules.evidence.findings import Finding, match, said


def findings() -> Iterator[Finding]:
    """Rows against ``contract.sign`` and ``contract.register``."""
    rows = {
        row.tender.number: {
            "content": row.content,
            "sha256": row.sha256,
            "buyer_signature": row.buyer_signature,
            "supplier_signature": row.supplier_signature,
            "registered": row.registered_at is not None,
        }
        for row in Contract.objects.select_related("tender")
    }
    due: dict[str, dict[str, Any]] = {}
    for act in said("contract.sign"):
        public = act.public
        row = due.setdefault(act.tender, {"buyer_signature": None, "supplier_signature": None, "registered": False})
        row |= {
            "content": public["content"],
            "sha256": public["contract_sha256"],
            f"{public['side']}_signature": public["signature"],
        }
    for act in said("contract.register"):
        due[act.tender]["registered"] = True
    yield from match("contracts.Contract", rows, due)
