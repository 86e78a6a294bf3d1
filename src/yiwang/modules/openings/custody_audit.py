"""Custodians and drills against their acts."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from yiwang.kernel import moment
from yiwang.modules.evidence.findings import Finding, Said, Scope, match, said
from yiwang.modules.openings.models import Custodian, Drill, DrillKey

Rows = dict[tuple[str, int], dict[str, Any]]

_CUSTODY = ("custody.appoint", "custody.replace", "custody.provide_key", "custody.refuse", "opening.release_key")
_KEY = ("recipient", "provided_at", "identity", "released_at")


def custodians(scope: Scope) -> Iterator[Finding]:
    """Rows of custodians against the acts of custody."""
    rows = {
        (row.tender.number, row.position): {
            "person": row.person.pseudonym(row.tender.chain),
            "deputy": row.deputy.pseudonym(row.tender.chain) if row.deputy else "",
            "keys_by": _at(row.keys_by), "recipient": row.recipient, "identity": row.identity,
            "provided_at": _at(row.provided_at), "released_at": _at(row.released_at), "key_by_deputy": row.key_by_deputy,
            "released_by_deputy": row.released_by_deputy, "refused_at": _at(row.refused_at), "refusal": row.refusal,
        }
        for row in Custodian.objects.filter(**scope.rows("tender")).select_related("tender", "person", "deputy")
    }  # fmt: skip
    due: Rows = {}
    for act in said(*_CUSTODY, scope=scope):
        if act.name == "custody.appoint":
            due = {key: row for key, row in due.items() if key[0] != act.tender}
            for item in act.public["custodians"]:
                due[act.tender, item["position"]] = {**_fresh(item), "keys_by": act.public.get("keys_by"), "*": act.label}
        else:
            due[act.tender, act.public["position"]] |= {**_told(act), "*": act.label}
    yield from match("openings.Custodian", rows, due)


def drills() -> Iterator[Finding]:
    """Rows of drills against the acts of drilling."""
    rows = {
        row.chain: {"threshold": row.threshold, "opens": _at(row.opens), "ends": _at(row.ends), "note": row.note,
                    "scheduled_at": _at(row.scheduled_at), "reported_at": _at(row.reported_at), "report": row.report}
        for row in Drill.objects.order_by()
    }  # fmt: skip
    keys = {
        (row.drill.chain, row.position): {"person": row.person.pseudonym(row.drill.chain), "recipient": row.recipient,
                                          "identity": row.identity, "provided_at": _at(row.provided_at),
                                          "released_at": _at(row.released_at)}
        for row in DrillKey.objects.select_related("drill", "person").order_by()
    }  # fmt: skip
    due: dict[str, dict[str, Any]] = {}
    given: Rows = {}
    for act in said("drill.schedule", "drill.provide_key", "drill.release_key", "drill.report"):
        if act.name == "drill.schedule":
            told = {name: act.public[name] for name in ("threshold", "opens", "ends", "note")}
            due[act.subject] = {**told, "scheduled_at": _at(act.at), "reported_at": None, "report": None, "*": act.label}
            for item in act.public["custodians"]:
                given[act.subject, item["position"]] = {"person": item["person"], **dict.fromkeys(_KEY), "recipient": "",
                                                        "identity": "", "*": act.label}  # fmt: skip
        elif act.name == "drill.report":
            due[act.subject] |= {"reported_at": _at(act.at), "report": act.public, "*": act.label}
        else:
            given[act.subject, act.public["position"]] |= {**_key_told(act), "*": act.label}
    yield from match("openings.Drill", rows, due)
    yield from match("openings.DrillKey", keys, given)


def _fresh(item: dict[str, Any]) -> dict[str, Any]:
    return {"person": item["person"], "deputy": item.get("deputy", ""), "recipient": "", "identity": "", "provided_at": None,
            "released_at": None, "key_by_deputy": False, "released_by_deputy": False, "refused_at": None, "refusal": ""}  # fmt: skip


def _told(act: Said) -> dict[str, Any]:
    public = act.public
    if act.name == "custody.replace":
        return {"person": public["person"], "deputy": public.get("deputy", ""), "refused_at": None, "refusal": ""}
    if act.name == "custody.refuse":
        void = {"recipient": "", "provided_at": None, "key_by_deputy": False} if public["void"] else {}
        return {"refused_at": _at(act.at), "refusal": public["reason"], **void}
    by_deputy = "for" in public
    if act.name == "opening.release_key":
        return {**_key_told(act), "released_by_deputy": by_deputy}
    return {**_key_told(act), "key_by_deputy": by_deputy, **({} if by_deputy else {"refused_at": None, "refusal": ""})}


def _key_told(act: Said) -> dict[str, Any]:
    if "identity" in act.public:
        return {"identity": act.public["identity"], "released_at": _at(act.at)}
    return {"recipient": act.public["recipient"], "provided_at": _at(act.at)}


def _at(at: Any) -> str | None:
    return moment.stamp(at) if at else None
