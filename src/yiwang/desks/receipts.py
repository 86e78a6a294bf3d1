"""The receipt of an own act: its place in the log, and how anybody can check it."""

from __future__ import annotations

import json
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse

from yiwang.desks import tender_steps
from yiwang.desks.access import actor_of, signed_in
from yiwang.desks.frame import desk
from yiwang.desks.wording import capital
from yiwang.kernel.errors import NotVisible
from yiwang.kernel.text import Text
from yiwang.modules.bids import selectors as bids
from yiwang.modules.evidence import registry
from yiwang.modules.evidence import selectors as evidence
from yiwang.modules.evidence.actors import ROLES
from yiwang.modules.tenders import selectors as tenders
from yiwang.ui.shapes import Fact, Receipt


@signed_in
def page(request: HttpRequest, pk: int) -> HttpResponse:
    """Show a receipt; until the log has placed the act the page says so and looks again."""
    actor = actor_of(request)
    act = evidence.own_act(actor, pk)
    if act is None:
        raise NotVisible
    placed = evidence.receipt(act)
    tender = tenders.tender(actor, act.tender.number) if act.tender else None
    crumbs = [(tender.title, reverse("desk:tender", args=[tender.number]))] if tender else []
    context: dict[str, Any] = {
        **desk(request, crumbs=(*crumbs, (Text("回执", "Receipt"), ""))),
        "act": act,
        "tender": tender,
        "name": capital(registry.row_of(act.act).name),
        "receipt": _card(placed, tender),
        "check_url": _check_url(request, placed),
        "unfinished": _unfinished(actor, act),
    }
    if tender is not None:
        context |= tender_steps.boxes(actor, tender)
    return render(request, "desks/receipt.html", context)


def _said(act: Any) -> dict[str, Any]:
    """What the public part of a bid's act says; {} of other acts."""
    if not act.act.startswith("bid."):
        return {}
    said: dict[str, Any] = json.loads(bytes(act.canonical))["public"]
    return said


def _unfinished(actor: Any, act: Any) -> dict[str, Any] | None:
    """Until when the bytes of the bid may come that this receipt's act only committed to; None when all is here."""
    if act.act != "bid.commit":
        return None
    tender = tenders.tender(actor, _said(act)["tender"])
    waits = any(bid.act_id == act.pk for bid in bids.pending(actor, tender))
    return {"until": tender.bytes_until, "url": reverse("desk:act", args=[tender.number, "bid.deliver"])} if waits else None


def _of_bid(act: Any) -> list[Fact]:
    said = _said(act)
    rows = [
        Fact(Text("密封文件指纹", "Sealed file"), said.get("envelope_sha256"), "hash"),
        Fact(Text("大小", "Size"), said.get("envelope_size"), "size"),
        Fact(Text("承诺", "Commitment"), said.get("commitment"), "hash"),
        Fact(Text("密封程序", "Sealing program"), said.get("client")),
    ]
    return [row for row in rows if row.value is not None]


def _card(placed: evidence.Receipt, tender: Any) -> Receipt | None:
    act = placed.act
    if placed.index is None:
        return None
    facts = [Fact(Text("办理人", "Done by"), act.person.name if act.person else ""),
             Fact(Text("身份", "As"), capital(ROLES[act.role].name) if act.role in ROLES else act.role)]  # fmt: skip
    if act.organisation is not None:
        facts.append(Fact(Text("单位", "Organisation"), act.organisation.name))
    if tender is not None:
        facts.append(Fact(Text("项目", "Tender"), f"{tender.number} {tender.title}"))
    facts += _of_bid(act)
    if placed.missing is not None:
        facts.append(Fact(Text("尚缺", "Still missing"), placed.missing))
    point = placed.seen
    return Receipt(
        title=capital(registry.row_of(act.act).name),
        index=placed.index,
        entry_hash=bytes(act.entry).hex(),
        at=act.at,
        checkpoint=f"{point.size} · {bytes(point.root).hex()}" if point else "",
        facts=facts,
        check_url=reverse("public:evidence", args=[placed.index]),
    )


def _check_url(request: HttpRequest, placed: evidence.Receipt) -> str:
    """The absolute address that the printed receipt's QR code leads to."""
    return (
        request.build_absolute_uri(reverse("public:evidence", args=[placed.index])) if placed.index is not None else ""
    )
