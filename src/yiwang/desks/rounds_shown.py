"""The chain of rounds that a tender belongs to, for its pages: the rounds before and after, and whom this one admitted."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils.http import urlencode

from yiwang.desks import wording
from yiwang.desks.tender_parts import Section
from yiwang.kernel.text import Text
from yiwang.modules.awards import admission_selectors as admissions
from yiwang.modules.evidence import permits, registry
from yiwang.modules.evidence.actors import Actor
from yiwang.modules.openings import selectors as openings
from yiwang.modules.tenders import selectors as tenders
from yiwang.modules.tenders.rounds import names_shown
from yiwang.ui.shapes import Link, Possible, Tag
from yiwang.ui.tables import Column, Table, table_of

ENTER = registry.row_of("tender.enter")


def chain(actor: Actor, tender: Any, page: str) -> dict[str, Any] | None:
    """Links to the other rounds, the list once the actor may read it, and what it came to for the actor's own firm.

    None for a tender that belongs to no chain. ``page`` names the address of a tender's page.
    """
    earlier, later = admissions.chain(actor, tender)
    found, own = admissions.admission(actor, tender), admissions.own_outcome(actor, tender)
    back = _returned(tender)
    if earlier is None and not later and found is None and own is None and not back:
        return None
    return {
        "earlier": _link(earlier, page) if earlier else None,
        "later": [_link(each, page) for each in later],
        "table": list_table(found.admitted, found.others) if found else None,
        "count": len(found.admitted) if found else 0,
        "own": own,
        "returned": back,
    }


def _link(tender: Any, page: str) -> Link:
    name = wording.procedure_name(tender.procedure)
    return Link(Text(f"{tender.number}　{name.zh}", f"{tender.number}, {name.en}"), reverse(page, args=[tender.number]))


def _returned(tender: Any) -> list[dict[str, Any]]:
    """Bids that were returned unopened, with the reason."""
    opening = openings.opening(tender) if tender.stage_of_id else None
    record = (opening and opening.record) or {}
    return [{"name": row["tenderer_name"], "why": Text(row["fault"]["zh"], row["fault"]["en"])} for row in record.get("returned", ())]


def list_table(admitted: list[dict[str, Any]], others: list[dict[str, Any]]) -> Table:
    """Who goes on and who does not, with the reason."""
    rows = [{**row, "in": True} for row in admitted] + [{**row, "in": False} for row in others]
    ranked = len({row.get("rank") for row in admitted}) > 1
    columns = [
        Column("name", Text("投标人（申请人）", "Tenderer"), head=True, value=wording.candidate),
        Column("in", Text("结果", "Result"), "tag", value=_tag),
        *([Column("rank", Text("名次", "Rank"), value=lambda row: row.get("rank") or "")] if ranked else []),
        Column("reason", Text("理由", "Reason"), value=_reason),
    ]
    return table_of(None, Text("通过名单", "Who goes on"), columns, rows, per_page=500)


def _tag(row: dict[str, Any]) -> Tag:
    return Tag(Text("通过", "admitted"), "good") if row["in"] else Tag(Text("未通过", "not admitted"), "bad")


def _reason(row: dict[str, Any]) -> Text | str:
    """Each reason once, though several members gave it."""
    if "reason" not in row:
        return ""
    zh, en = row["reason"]["zh"].split("；"), row["reason"]["en"].split("; ")
    return Text("；".join(dict.fromkeys(zh)), "; ".join(dict.fromkeys(en)))


def next_steps(actor: Actor, tender: Any) -> list[Possible]:
    """Entering the later round, for the host: once this one has its list; of two envelopes while both are prepared."""
    host = actor.organisation is not None and actor.organisation.id in (tender.buyer_id, tender.agency_id)
    law = tenders.law_of(tender)
    if not host or law.admission is None or not permits.role_for(ENTER, actor, None):
        return []
    found = []
    for after in tenders.entry_procedures():
        if after.stage is None or law.id not in after.stage.of or admissions.living(tender, after.id):
            continue
        if tender.state == ("draft" if after.stage.deadline == "same" else "admitted"):
            words = urlencode({"procedure": after.id, "formula": after.formulas[0].id})
            label = Text(f"登记后一轮：{after.name.zh}", f"Enter the later round: {after.name.en}")
            found.append(Possible(label, f"{reverse('desk:tender_enter')}?{words}", article=after.articles[0]))
    return found


def sections(actor: Actor, tender: Any, request: HttpRequest) -> list[Section]:
    """The part of a desk page on the chain."""
    found = chain(actor, tender, "desk:tender")
    if found is None:
        return []
    data = {**found, "names_shown": names_shown(actor, tender)}
    return [Section("rounds", Text("各轮次", "Rounds"), "desks/tender_parts/rounds.html", data)]
