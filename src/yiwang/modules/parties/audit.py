"""Organisations and keys against their acts."""

from __future__ import annotations

from collections.abc import Iterator

from django.db.models import Q

from yiwang.kernel import moment
from yiwang.modules.evidence.findings import Finding, match, said
from yiwang.modules.parties import account_audit, ban_audit
from yiwang.modules.parties.models import Organisation, Person, SigningKey

OPEN = ("uscc", "name", "kind", "small")
CAME, LEFT = ("member.appoint", "member.join"), ("member.remove", "member.leave", "member.join")
"""Acts after which a person acts for the organisation, and acts with which the keys bound before end."""
PRIVATE = ("legal_representative", "address", "phone")


def everywhere() -> Iterator[Finding]:
    """Rows against ``organisation.register`` and ``person.bind_key``."""
    rows = {
        row["uscc"]: {**row, "registered_at": moment.stamp(row["registered_at"])}
        for row in Organisation.objects.order_by().values(*OPEN, *PRIVATE, "registered_at").iterator(chunk_size=2000)
    }
    told = {
        act.public["uscc"]: {
            **{name: act.public[name] for name in OPEN}, **{name: act.private.get(name, "") for name in PRIVATE},
            "registered_at": moment.stamp(act.at), "*": act.label,
        }
        for act in said("organisation.register")
    }  # fmt: skip
    yield from match("parties.Organisation", rows, told)
    keys = {
        row.public: {
            "chain": row.person.chain, "device": row.device, "bound_at": moment.stamp(row.bound_at),
            "revoked_at": moment.stamp(row.revoked_at) if row.revoked_at else None, "act": row.act_id,
        }
        for row in SigningKey.objects.select_related("person").order_by().iterator(chunk_size=2000)
    }  # fmt: skip
    bound = {
        act.public["public"]: {
            "chain": act.subject, "device": act.private.get("device", ""), "bound_at": moment.stamp(act.at),
            "revoked_at": None, "act": act.pk, "*": act.label,
        }
        for act in said("person.bind_key")
    }  # fmt: skip
    for act in said(*LEFT):  # keys end with the part in the organisation for which they were bound
        for public in act.private.get("keys", ()):
            bound[public]["revoked_at"] = moment.stamp(act.at)
    yield from match("parties.SigningKey", keys, bound)
    yield from _members()
    yield from account_audit.everywhere()
    yield from ban_audit.everywhere()


def _members() -> Iterator[Finding]:
    """What people do in their organisations, against the newest act about each person."""
    bodies = dict(Organisation.objects.order_by().values_list("uscc", "pk"))
    told = {
        act.private["person"]: {
            "organisation": bodies.get(act.subject.removeprefix("organisation/")) if act.name in CAME else None,
            "parts": act.public.get("parts"), "*": act.label,
        }
        for act in sorted(said(*{*CAME, *LEFT}), key=lambda act: act.pk)
    }  # fmt: skip
    known = Person.objects.filter(Q(pk__in=told) | Q(parts__isnull=False)).order_by()
    rows = {str(each.pk): {"organisation": each.organisation_id, "parts": each.parts} for each in known}
    yield from match("parties.Person", rows, told)
