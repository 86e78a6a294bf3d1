"""The home page: what is open for bids now, what was decided lately, and how to check it."""

from __future__ import annotations

from typing import Any

from django.db.models import Sum
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from yiwang.kernel import moment
from yiwang.modules.evidence import selectors as evidence
from yiwang.modules.evidence.actors import PUBLIC
from yiwang.modules.tenders import selectors as tenders


def home(request: HttpRequest) -> HttpResponse:
    """Show the home page."""
    return render(request, "desks/public/home.html", {**_lists(), "figures": _figures()})


def _lists() -> dict[str, Any]:
    visible = tenders.visible_to(PUBLIC)
    now = moment.now()
    return {
        "open": visible.filter(state="tendering", deadline__gt=now).order_by("deadline")[:8],
        "publicity": visible.filter(state="publicity").order_by("-id")[:6],
        "decided": visible.filter(state__in=("awarded", "contracted", "archived")).select_related("award__tenderer").order_by(
            "-award__notified_at"
        )[:8],
    }


def _figures() -> dict[str, Any]:
    """Counted tenders, decided amount and log size: each can be recounted from the public lists."""
    visible = tenders.visible_to(PUBLIC)
    decided = visible.filter(award__notified_at__isnull=False)
    newest = evidence.latest_checkpoint()
    return {
        "entered": visible.count(),
        "open": visible.filter(state="tendering").count(),
        "decided": decided.count(),
        "amount": decided.aggregate(total=Sum("award__price"))["total"] or 0,
        "log_size": newest.size if newest else 0,
    }
