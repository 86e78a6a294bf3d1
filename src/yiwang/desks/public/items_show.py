"""The catalogue of what the center does, each item with the page that does it."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse

from yiwang.kernel.items import Item, catalogue
from yiwang.kernel.text import Text
from yiwang.ui.shapes import Link

TITLE = Text("办事指南", "What the center does")


def page(request: HttpRequest) -> HttpResponse:
    """All items, grouped as the service hall groups them."""
    found = catalogue()
    groups: dict[Text, list[dict[str, Any]]] = {}
    for item in found.items:
        groups.setdefault(item.desk, []).append({"item": item, "url": url_of(item)})
    context = {"title": TITLE, "catalogue": found, "groups": list(groups.items()), "breadcrumbs": [Link(TITLE)]}
    return render(request, "desks/public/items.html", context)


def url_of(item: Item) -> str:
    """Where the item is done: its page, or the list of tenders from which one comes to it."""
    return reverse(item.page) if item.page and not item.on_tender else reverse("desk:tenders")
