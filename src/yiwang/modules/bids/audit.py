"""What the dossier and the audit ask of bids."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.db.models import QuerySet

from yiwang.kernel import moment
from yiwang.kernel.canonical import digest
from yiwang.modules.bids.acts import bid_facts
from yiwang.modules.bids.models import Bid
from yiwang.modules.evidence.findings import Finding, Kept, Scope, match, said, said_of

KEPT = (Kept(Bid, "tender"),)

Row = dict[str, Any]


def signers(tender: str) -> list[str]:
    """Public keys that signed what is inside the opened bids of a tender, base64."""
    found = Bid.objects.filter(tender__number=tender, standing__in=["opened", "faulty"])
    return [bid.manifest["signer"] for bid in found if bid.manifest]


def findings(scope: Scope) -> Iterator[Finding]:
    """Bids of some tenders against their acts and the opening records: facts, standing, and what was found inside.

    A bid's chain is told by its row, since a bid's act does not openly name its tender; a bid whose row is gone is
    found by :func:`everywhere`.
    """
    bids = Bid.objects.filter(**scope.rows("tender")).select_related("tender", "lot", "tenderer")
    rows = {bid.chain: bid for bid in bids}
    due = _submitted(rows)
    _settle(rows, due, scope)
    have = {chain: _row(bid) for chain, bid in rows.items()}
    yield from match("bids.Bid", {chain: have[chain] for chain in rows if chain in due}, due)


def everywhere() -> Iterator[Finding]:
    """Rows without an act of submission, and acts of submission without a row, whosever they are."""
    chains: QuerySet[Bid, Any] = Bid.objects.order_by().values_list("pk", flat=True)
    rows: dict[Any, Row] = {f"bid/{pk.hex}": {} for pk in chains.iterator(chunk_size=5000)}
    told: dict[Any, Row] = {act.subject: {"*": act.label} for act in said("bid.submit")}
    yield from match("bids.Bid", rows, told)


def _row(bid: Bid) -> Row:
    return {
        **bid_facts(bid),
        "submitted_at": moment.stamp(bid.submitted_at),
        "act": bid.act_id,
        "standing": bid.standing,
        "price": bid.price,
        "fault": bid.fault,
        "manifest": digest(bid.manifest) if bid.manifest is not None else None,
    }


def _submitted(rows: dict[str, Bid]) -> dict[str, Row]:
    """What the acts of submission say; by lot and tenderer the later one replaces the earlier."""
    due: dict[str, Row] = {}
    last: dict[tuple[str, ...], str] = {}
    for act in sorted(said_of(rows, "bid.submit"), key=lambda each: each.pk):
        due[act.subject] = {
            **act.public, "submitted_at": moment.stamp(act.at), "act": act.pk, "standing": "submitted", "price": None,
            "fault": None, "manifest": None, "*": act.label,
        }  # fmt: skip
        place = act.public["tender"], act.public["lot"], act.public["tenderer"]
        if place in last and due[last[place]]["standing"] == "submitted":
            due[last[place]]["standing"] = "replaced"
        last[place] = act.subject
    return due


def _settle(rows: dict[str, Bid], due: dict[str, Row], scope: Scope) -> None:
    """Withdrawn bids, and opened ones with what the opening record says of them."""
    for act in said_of(rows, "bid.withdraw"):
        if act.subject in due:
            due[act.subject] |= {"standing": "withdrawn", "*": act.label}
    for act in said("opening.open", scope=scope):
        for record in act.public["record"]["bids"]:
            if record["bid"] in due:
                fault = record["fault"]
                due[record["bid"]] |= {
                    "price": record["price"],
                    "fault": fault,
                    "standing": "faulty" if fault else "opened",
                    "manifest": None if fault else record["manifest_sha256"],
                    "*": act.label,
                }
