"""Custodians, closings, opening records and confirmations against their acts."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from yiwang.modules.evidence.findings import Finding, match, said
from yiwang.modules.openings.models import Confirmation, Custodian, Opening


def findings() -> Iterator[Finding]:
    """Rows against the acts of custody, closing, opening and confirmation."""
    yield from _custodians()
    rows = {
        row.tender.number: {
            "bids_root": row.bids_root,
            "count": row.count,
            "record": row.record,
            "record_sha256": row.record_sha256,
        }
        for row in Opening.objects.select_related("tender")
    }
    due: dict[str, dict[str, Any]] = {
        act.tender: {
            "bids_root": act.public["bids_root"],
            "count": act.public["count"],
            "record": None,
            "record_sha256": "",
        }
        for act in said("opening.close")
    }
    for act in said("opening.open"):
        due[act.tender].update(record=act.public["record"], record_sha256=act.public["record_sha256"])
    yield from match("openings.Opening", rows, due)
    confirmed = {
        (row.opening.tender.number, row.signature["public"]): {"signature": row.signature}
        for row in Confirmation.objects.select_related("opening__tender")
    }
    told = {
        (act.tender, act.public["signature"]["public"]): {"signature": act.public["signature"]}
        for act in said("opening.confirm")
    }
    yield from match("openings.Confirmation", confirmed, told)


def _custodians() -> Iterator[Finding]:
    rows = {}
    for row in Custodian.objects.select_related("tender", "person"):
        person = row.person.pseudonym(row.tender.chain)
        rows[(row.tender.number, row.position)] = {
            "person": person,
            "recipient": row.recipient,
            "identity": row.identity,
        }
    due: dict[tuple[str, int], dict[str, str]] = {}
    for act in said("custody.appoint"):
        for key in [key for key in due if key[0] == act.tender]:
            del due[key]
        for item in act.public["custodians"]:
            due[(act.tender, item["position"])] = {"person": item["person"], "recipient": "", "identity": ""}
    for act in said("custody.provide_key"):
        due[(act.tender, act.public["position"])]["recipient"] = act.public["recipient"]
    for act in said("opening.release_key"):
        due[(act.tender, act.public["position"])]["identity"] = act.public["identity"]
    yield from match("openings.Custodian", rows, due)
