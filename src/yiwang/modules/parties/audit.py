"""Organisations and keys against their acts."""

from __future__ import annotations

from collections.abc import Iterator

from yiwang.modules.evidence.findings import Finding, match, said
from yiwang.modules.parties.models import Organisation, SigningKey


def findings() -> Iterator[Finding]:
    """Rows against ``organisation.register`` and ``person.bind_key``."""
    rows = {
        row.uscc: {"uscc": row.uscc, "name": row.name, "kind": row.kind, "small": row.small}
        for row in Organisation.objects.all()
    }
    yield from match(
        "parties.Organisation", rows, {act.public["uscc"]: act.public for act in said("organisation.register")}
    )
    keys = {row.public: {"chain": row.person.chain} for row in SigningKey.objects.select_related("person")}
    bound = {act.public["public"]: {"chain": act.subject} for act in said("person.bind_key")}
    yield from match("parties.SigningKey", keys, bound)
