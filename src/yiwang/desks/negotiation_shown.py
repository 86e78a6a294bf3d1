"""What a tender's pages show of negotiations, single source and framework agreements, as far as the reader may see it."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest

from yiwang.desks.tender_parts import Section
from yiwang.kernel.text import Text
from yiwang.modules.evidence.actors import Actor
from yiwang.modules.negotiations import law
from yiwang.modules.negotiations import selectors as negotiations
from yiwang.modules.parties import selectors as parties
from yiwang.ui.tables import Column, Table, table_of

TALKS = Text("谈判（磋商）", "Talks")
SOURCE = Text("单一来源", "Single source")
FRAMEWORK = Text("框架协议", "Framework agreement")


def shown(actor: Actor, tender: Any) -> dict[str, Any] | None:
    """Everything of it that the actor may read; None when there is nothing."""
    if not negotiations.concerns(tender):
        return None
    found: dict[str, Any] = {
        "talks": list(negotiations.talks(actor, tender)),
        "changes": [(law.named("changes")[row.kind], row) for row in negotiations.changes(actor, tender)],
        "end": negotiations.talks_end(actor, tender),
        "source": (source := negotiations.source_publicity(tender)),
        "ground": law.named("single_source")[source.ground] if source else None,
        "objections": list(negotiations.source_objections(actor, tender)) if source else [],
        "choice": _choice(actor, tender),
        "most": negotiations.own_most(actor, tender),
        "applications": _applications(actor, tender),
    }
    if not any(found.values()):
        return None
    found["heading"] = SOURCE if source else FRAMEWORK if found["choice"] or found["applications"] else TALKS
    return found


def sections(actor: Actor, tender: Any, request: HttpRequest) -> list[Section]:
    """The part of the desk page."""
    found = shown(actor, tender)
    return [Section("negotiation", found["heading"], "desks/tender_parts/negotiation.html", found)] if found else []


def _choice(actor: Actor, tender: Any) -> dict[str, Any] | None:
    row = negotiations.choice(actor, tender)
    if row is None:
        return None
    names = dict(parties.organisations().filter(uscc__in=row.listed).values_list("uscc", "name"))
    return {
        "row": row,
        "manner": law.named("manners")[row.manner],
        "listed": [names.get(code, code) for code in row.listed],
        "chosen": [names.get(code, code) for code in row.chosen],
    }


def _applications(actor: Actor, tender: Any) -> Table | None:
    rows = list(negotiations.applications(actor, tender)) if law.knows(tender, "framework.apply") else []
    if not rows:
        return None
    columns = [
        Column("supplier", Text("供应商", "Supplier"), head=True, value=lambda row: row.supplier.name),
        Column("price", Text("协议价格", "Price"), "money"),
        Column("at", Text("申请时间", "Applied"), "when"),
        Column("admitted", Text("结果", "Result"), value=lambda row: RESULTS[row.admitted]),
        Column("reason", Text("理由", "Reason")),
    ]
    return table_of(None, Text("加入申请", "Applications"), columns, rows, per_page=500)


RESULTS = {None: Text("待审核", "waits"), True: Text("入围", "in"), False: Text("不予入围", "refused")}
