"""``{% bids_here tender %}``: what the reader's own device keeps of his bids for a tender; nothing for people who do not bid.

The same is served to every tenderer, whatever he did: what there is to show, the browser alone knows.
"""

from __future__ import annotations

from typing import Any

from django import template

from yiwang.ui import bundles

register = template.Library()


@register.inclusion_tag("desks/tenderer/bids_here.html", takes_context=True)
def bids_here(context: template.Context, tender: Any) -> dict[str, Any]:
    """Facts for the browser, and where its module is."""
    from yiwang.desks.tenderer import bid_facts  # the screens of that package show pages that use this tag

    request = context["request"]
    fixed = bundles.integrity("bid-local.js")
    facts = bid_facts.kept_facts(request, tender) if fixed else ""
    return {"kept_facts": facts, "integrity": fixed, "request": request, "csrf_token": context.get("csrf_token")}
