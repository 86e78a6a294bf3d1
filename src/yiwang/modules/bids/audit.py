"""What the dossier and the audit ask of bids."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.db.models import QuerySet

from yiwang.kernel import moment
from yiwang.kernel.canonical import digest
from yiwang.modules.bids.acts import bid_facts
from yiwang.modules.bids.fold import ARRIVE, BEGIN, Told, fold
from yiwang.modules.bids.models import Bid
from yiwang.modules.evidence.findings import Finding, Kept, Scope, match, said, said_of

KEPT = (Kept(Bid, "tender"),)

Row = dict[str, Any]


def signers(tender: str) -> list[str]:
    """Public keys that signed what is inside the opened bids of a tender, base64."""
    found = Bid.objects.filter(tender__number=tender, standing__in=["opened", "faulty"])
    members = [member["signer"] for bid in found for member in bid.joint]
    return [bid.manifest["signer"] for bid in found if bid.manifest] + members


def findings(scope: Scope) -> Iterator[Finding]:
    """Bids of some tenders against their acts and the opening records: facts, standing, and what was found inside.

    A bid's chain is told by its row, since a bid's act does not openly name its tender; a bid whose row is gone is
    found by :func:`everywhere`.
    """
    bids = Bid.objects.filter(**scope.rows("tender")).select_related("tender", "lot", "tenderer")
    rows = {bid.chain: bid for bid in bids}
    due = _submitted(rows)
    _settle(due, scope)
    _given_back(due, rows, scope)
    have = {chain: _row(bid) for chain, bid in rows.items()}
    yield from match("bids.Bid", {chain: have[chain] for chain in rows if chain in due}, due)


def everywhere() -> Iterator[Finding]:
    """Rows without an act that began the bid, and such acts without a row, whosever they are."""
    chains: QuerySet[Bid, Any] = Bid.objects.order_by().values_list("pk", flat=True)
    rows: dict[Any, Row] = {f"bid/{pk.hex}": {} for pk in chains.iterator(chunk_size=5000)}
    told: dict[Any, Row] = {act.subject: {"*": act.label} for act in said(*BEGIN)}
    yield from match("bids.Bid", rows, told)


def _row(bid: Bid) -> Row:
    return {
        **bid_facts(bid),
        "submitted_at": moment.stamp(bid.submitted_at),
        "act": bid.act_id,
        "delivery": bid.delivery_id,
        "standing": bid.standing,
        "price": bid.price,
        "fault": bid.fault,
        "joint": bid.joint,
        "manifest": digest(bid.manifest) if bid.manifest is not None else None,
    }


def _submitted(rows: dict[str, Bid]) -> dict[str, Row]:
    """What the acts of bids say: what each was begun with, when its bytes came, and how it stands after all of them."""
    due: dict[str, Row] = {}
    told = []
    for act in sorted(said_of(rows, *BEGIN, "bid.deliver", "bid.withdraw"), key=lambda each: each.pk):
        place = None
        if act.name in BEGIN:
            place = act.public["tender"], act.public["lot"], act.public["tenderer"]
            due[act.subject] = {
                **act.public, "submitted_at": moment.stamp(act.at), "act": act.pk, "delivery": None, "price": None,
                "fault": None, "joint": [], "manifest": None, "*": act.label,
            }  # fmt: skip
        elif act.subject not in due:
            continue
        elif act.name in ARRIVE:
            due[act.subject] |= {"delivery": act.pk, "*": act.label}
        told.append(Told(act.name, act.subject, place))
    for chain, standing in fold(told).items():
        due[chain]["standing"] = standing
    return due


def _settle(due: dict[str, Row], scope: Scope) -> None:
    """Opened bids, and those whose bytes never came, with what the opening record says of them."""
    for act in said("opening.open", scope=scope):
        record = act.public["record"]
        for said_of_it in (*record["bids"], *record.get("undelivered", ()), *record.get("returned", ())):
            if said_of_it["bid"] in due:
                due[said_of_it["bid"]] |= {**_opened(said_of_it), "*": act.label}
        for standing in ("undelivered", "returned"):
            for said_of_it in record.get(standing, ()):
                if said_of_it["bid"] in due:
                    due[said_of_it["bid"]]["standing"] = standing


def _given_back(due: dict[str, Row], rows: dict[str, Bid], scope: Scope) -> None:
    """Bids of a second envelope that ended with its first: returned unopened."""
    for act in said("tender.fail", "tender.terminate", scope=scope):
        back = act.public.get("returned", {"commitments": ()})
        for chain, bid in rows.items():
            if chain in due and bid.tender.number == act.tender and bid.commitment in back["commitments"]:
                due[chain] |= {"standing": "returned", "fault": back["fault"], "*": act.label}


def _opened(bid: Row) -> Row:
    fault = bid["fault"]
    return {
        "price": bid["price"],
        "fault": fault,
        "joint": bid.get("joint", []),
        "standing": "faulty" if fault else "opened",
        "manifest": None if fault else bid["manifest_sha256"],
    }
