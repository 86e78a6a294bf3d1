"""The guided tour, and in a demo city the form that moves its clock to the next deadline."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST

from yiwang.kernel import moment
from yiwang.kernel.errors import NotVisible
from yiwang.kernel.text import Text
from yiwang.modules.evidence.actors import PUBLIC
from yiwang.modules.tenders import selectors as tenders
from yiwang.ui.formats import when_text

MOST = 4


@dataclass(frozen=True)
class Due:
    """A moment at which something in the demo city falls due."""

    at: datetime
    what: Text
    title: str
    url: str


def tour(request: HttpRequest) -> HttpResponse:
    """Play a tender through in ten minutes."""
    demo = not settings.PRODUCTION
    context = {"demo": demo, "now": moment.now(), "due": upcoming()[:MOST] if demo else [], "password": _password() if demo else ""}
    return render(request, "desks/public/tour.html", context)


def _password() -> str:
    """The one password of all demo accounts."""
    from yiwang import demo

    return next((account.password for account in demo.accounts()), "")


@require_POST
def clock(request: HttpRequest) -> HttpResponse:
    """Move the demo's clock to the next deadline; there is no such page outside a demo city."""
    if settings.PRODUCTION:
        raise NotVisible
    from yiwang.demo import clock as demo_clock

    due = upcoming()
    if not due:
        nothing = Text("眼下没有任何项目在等期限，时钟没有动。", "No tender waits for a deadline now; the clock stays as it is.")
        messages.info(request, str(nothing))
        return redirect("public:tour")
    at = demo_clock.advance(to=due[0].at)
    done = Text(f"演示时钟已拨到 {when_text(at)}：{due[0].title}，{due[0].what.zh}。",
                f"The demo clock now shows {when_text(at)}: {due[0].title}, {due[0].what.en}.")  # fmt: skip
    messages.success(request, str(done))
    return redirect("public:tour")


def upcoming() -> list[Due]:
    """What falls due in the demo city, the next first."""
    now = moment.now()
    visible = tenders.visible_to(PUBLIC)
    found = [_due(each, each.deadline, _CLOSES) for each in visible.filter(state="tendering", deadline__gt=now)]
    found += [_due(each, each.publicity.ends, _ENDS) for each in visible.filter(state="publicity", publicity__ends__gt=now)]
    return sorted(found, key=lambda due: due.at)


_CLOSES = Text("投标截止", "bids close")
_ENDS = Text("公示期满", "the publicity of candidates ends")


def _due(tender: Any, at: datetime, what: Text) -> Due:
    return Due(at, what, tender.title, reverse("public:tender", args=[tender.number]))
