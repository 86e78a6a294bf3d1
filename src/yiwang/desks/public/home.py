"""The home page: what is open for bids now, what was decided lately, and how to check it."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.db.models import Sum
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from yiwang.kernel import moment
from yiwang.modules.evidence import selectors as evidence
from yiwang.modules.evidence.actors import PUBLIC
from yiwang.modules.tenders import selectors as tenders
from yiwang.ui.formats import wan_text

MOST_OPEN, MOST_PUBLICITY, MOST_DECIDED = 8, 6, 8


def home(request: HttpRequest) -> HttpResponse:
    """Show the home page."""
    context = {**_lists(), "figures": _figures(), "demo": not settings.PRODUCTION}
    return render(request, "desks/public/home.html", context)


def _lists() -> dict[str, Any]:
    visible = tenders.visible_to(PUBLIC)
    now = moment.now()
    decided = visible.filter(award__notified_at__isnull=False).select_related("award__tenderer")
    return {
        "open": visible.filter(state="tendering", deadline__gt=now).order_by("deadline")[:MOST_OPEN],
        "publicity": visible.filter(state="publicity").select_related("publicity").order_by("publicity__ends")[:MOST_PUBLICITY],
        "decided": decided.order_by("-award__notified_at")[:MOST_DECIDED],
    }


def _figures() -> dict[str, Any]:
    """Counted tenders, decided amount and log size: each can be recounted from the public list that it links to."""
    visible = tenders.visible_to(PUBLIC)
    decided = visible.filter(award__notified_at__isnull=False)
    newest = evidence.latest_checkpoint()
    return {
        "entered": visible.count(),
        "open": visible.filter(state="tendering").count(),
        "decided": decided.count(),
        "amount_text": wan_text(decided.aggregate(total=Sum("award__price"))["total"] or 0),
        "log_size": newest.size if newest else 0,
    }
