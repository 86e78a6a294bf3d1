"""What a tenderer's pages tell the browser that seals and sends a bid. The same for everybody who may bid, whatever he did."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from django.urls import reverse

from yiwang.kernel import moment
from yiwang.kernel.canonical import canonical
from yiwang.kernel.rules import limit
from yiwang.modules.bids.states import BID
from yiwang.modules.evidence import permits
from yiwang.modules.evidence.actors import Actor
from yiwang.modules.parties import selectors as parties
from yiwang.modules.tenders.selectors import law_of
from yiwang.ui import bundles


def kept_facts(request: HttpRequest, tender: Any) -> str:
    """For the list of what this device keeps of the tender's bids; '' for people who do not bid for it."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    if actor.organisation is None or tender.deadline is None or not permits.role_for(BID.rows["bid.commit"], actor, tender):
        return ""
    return canonical(_kept(actor, tender)).decode()


def seal_facts(request: HttpRequest, tender: Any) -> str:
    """For the page that seals: the same, and what sealing and the check before it need."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    lots = [{"number": lot.number, "ceiling": lot.ceiling, "minimum": lot.minimum} for lot in tender.lots.all()]
    facts = {
        **_kept(actor, tender),
        "tenderer": actor.organisation.uscc,
        "lots": lots,
        "priced": law_of(tender).priced,
        "custodians": tender.custody,
        "k": tender.custody_threshold,
        "bound": [key.public for key in parties.keys_of(actor) if key.revoked_at is None],
        "certificates": [
            {"name": each.subject, "until": moment.stamp(each.not_after)} for each in parties.certificates_of(actor.organisation)
        ],
        "asked": [row["name"] for row in tender.formula.get("criteria") or [] if isinstance(row.get("name"), dict)],
        "opens": moment.stamp(tender.bytes_until),
        "now": moment.stamp(moment.now()),
        "most": limit("NL-16")["most"],
    }
    return canonical(facts).decode()


def _kept(actor: Actor, tender: Any) -> dict[str, Any]:
    return {
        "tender": tender.number,
        "open": tender.state == "tendering" and moment.now() < tender.deadline,
        "bytesUntil": moment.stamp(tender.bytes_until),
        "urls": _urls(tender.number),
    }


def _urls(number: str) -> dict[str, str]:
    acts = f"/api/v1/tenders/{number}/acts"
    return {
        "commit": f"{acts}/bid.commit",
        "deliver": f"{acts}/bid.deliver",
        "receipts": "/api/v1/receipts/",
        "receipt": reverse("desk:receipt", args=[0]),
        "uploads": f"/uploads/{number}/",
        "worker": bundles.address("seal-worker.js"),
        "keys": reverse("account:keys"),
        "certificates": reverse("account:certificates"),
        "confirm": reverse("account:confirm"),
        "login": reverse("account:login"),
        "check": reverse("public:check"),
        "notice": reverse("public:tender", args=[number]),
        "chain": reverse("public:chain", args=[number]),
    }
