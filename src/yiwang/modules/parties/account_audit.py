"""Certificates, endorsements, invitations and resets against their acts."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from yiwang.kernel import moment
from yiwang.modules.evidence.findings import Finding, match, said
from yiwang.modules.parties.models import Certificate, Endorsement, FactorReset, Invitation, Person

_FACTS = ("issuer", "serial", "key", "sandbox")


def everywhere() -> Iterator[Finding]:
    """Every row must be as its acts tell. Invitations are erased once they are over: only what is there is compared."""
    yield from match("parties.Certificate", _certificates(), _told_certificates())
    yield from match("parties.Endorsement", *_endorsements())
    yield from match("parties.Invitation", *_invitations())
    yield from match("parties.FactorReset", *_resets())
    noticed = {str(each.pk): {"due": _stamp(each.reset_due)} for each in Person.objects.filter(reset_due__isnull=False).order_by()}
    agreed = FactorReset.objects.filter(objected_at=None, done_at=None, person__in=list(noticed)).order_by()
    yield from match("parties.Person.reset_due", noticed, {str(row.person_id): {"due": _stamp(row.due_at)} for row in agreed})


def _certificates() -> dict[Any, dict[str, Any]]:
    rows = Certificate.objects.select_related("organisation").order_by()
    return {
        row.fingerprint: {
            **{name: getattr(row, name) for name in _FACTS}, "organisation": row.organisation.uscc, "chain": row.chain,
            "not_before": _stamp(row.not_before), "not_after": _stamp(row.not_after), "bound_by": str(row.bound_by_id),
            "bound_at": _stamp(row.bound_at), "revoked_at": _stamp(row.revoked_at), "revoked_why": row.revoked_why, "act": row.act_id,
        }
        for row in rows
    }  # fmt: skip


def _told_certificates() -> dict[Any, dict[str, Any]]:
    told = {
        act.public["fingerprint"]: {
            **{name: act.public[name] for name in (*_FACTS, "organisation", "not_before", "not_after")},
            "chain": act.private.get("chain"), "bound_by": act.private.get("person"), "bound_at": _stamp(act.at),
            "revoked_at": None, "revoked_why": "", "act": act.pk, "*": act.label,
        }
        for act in said("certificate.bind")
    }  # fmt: skip
    for act in said("certificate.revoke"):
        told[act.public["fingerprint"]] |= {"revoked_at": act.public["since"], "revoked_why": act.private["reason"]}
    return told


def _endorsements() -> tuple[dict[Any, dict[str, Any]], dict[Any, dict[str, Any]]]:
    rows = Endorsement.objects.select_related("certificate", "key").order_by()
    there = {f"{row.certificate.fingerprint} {row.key.public}": {"at": _stamp(row.at), "act": row.act_id} for row in rows}
    told = {
        f"{act.public['certificate']} {act.public['key']}": {"at": _stamp(act.at), "act": act.pk, "*": act.label}
        for act in said("certificate.endorse")
    }
    return there, told


def _invitations() -> tuple[dict[Any, dict[str, Any]], dict[Any, dict[str, Any]]]:
    there = {
        str(row.pk): {"organisation": row.organisation.chain, "username": row.username, "parts": row.parts, "until": _stamp(row.until)}
        for row in Invitation.objects.select_related("organisation").order_by()
    }
    told = {
        act.private["invitation"]: {
            "organisation": act.subject, "username": act.private["username"], "parts": act.public["parts"],
            "until": act.public["until"], "*": act.label,
        }
        for act in said("member.invite")
        if act.private.get("invitation") in there
    }  # fmt: skip
    return there, told


def _resets() -> tuple[dict[Any, dict[str, Any]], dict[Any, dict[str, Any]]]:
    there = {
        str(row.pk): {
            "organisation": row.organisation.chain, "person": str(row.person_id), "reason": row.reason, "asked_by": str(row.asked_by_id),
            "asked_at": _stamp(row.asked_at), "agreed_by": _id(row.agreed_by_id), "due_at": _stamp(row.due_at),
            "objected_by": _id(row.objected_by_id), "objected_at": _stamp(row.objected_at), "done_at": _stamp(row.done_at),
        }
        for row in FactorReset.objects.select_related("organisation").order_by()
    }  # fmt: skip
    told: dict[Any, dict[str, Any]] = {}
    for act in sorted(said("reset.ask", "reset.agree", "reset.object", "reset.carry_out"), key=lambda act: act.pk):
        private, at = act.private or {}, _stamp(act.at)
        if act.name == "reset.ask":
            told[act.public["reset"]] = {
                "organisation": act.subject, "person": private["person"], "reason": private["reason"], "asked_by": private["by"],
                "asked_at": at, "agreed_by": None, "due_at": None, "objected_by": None, "objected_at": None, "done_at": None, "*": act.label,
            }  # fmt: skip
        elif act.name == "reset.agree":
            told[act.public["reset"]] |= {"agreed_by": private["by"], "due_at": act.public["due"]}
        elif act.name == "reset.object":
            told[act.public["reset"]] |= {"objected_by": private["by"], "objected_at": at}
        else:
            told[act.public["reset"]] |= {"done_at": at}
    return there, told


def _id(pk: Any) -> str | None:
    return str(pk) if pk else None


def _stamp(at: datetime | None) -> str | None:
    return moment.stamp(at) if at else None
