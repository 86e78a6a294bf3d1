"""What every page is given: who is signed in, where one can go, what waits, on which checkpoint the page stands."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

from django.http import HttpRequest
from django.urls import get_script_prefix, reverse

from yiwang.desks import drill_work, log_now, work
from yiwang.desks.wording import capital
from yiwang.kernel.text import Text
from yiwang.modules.evidence.actors import ROLES, Actor
from yiwang.ui import shapes

SITE_NAV = (
    ("public:tenders", Text("交易项目", "Tenders")),
    ("public:results", Text("中标结果", "Results")),
    ("public:check", Text("自己核验", "Check it yourself")),
    ("public:law", Text("规则与期限", "Rules and periods")),
    ("public:help", Text("帮助", "Help")),
)


FOOTER = (
    ("public:log", Text("公开日志", "Public log")),
    ("public:about", Text("为什么可信", "Why you may believe it")),
    ("public:trust", Text("信任度", "Trust")),
    ("public:figures", Text("统计", "Figures")),
    ("public:items", Text("办事指南", "What the center does")),
    ("public:bans", Text("禁止投标名单", "Bans from bidding")),
    ("public:rehearsal", Text("试投", "Rehearsal")),
    ("public:tour", Text("十分钟走完一个项目", "Ten-minute tour")),
    ("ui:catalogue", Text("界面元件", "Components")),
)


def frame(request: HttpRequest) -> dict[str, Any]:
    """Context processor: header and footer of every page."""
    actor: Actor = getattr(request, "actor", Actor())
    found, links = log_now.now(), _links(get_script_prefix())
    current = request.path if request.path in links["site_paths"] else ""
    return {
        **links,
        "frame_key": (get_script_prefix(), current),  # what header and footer depend on besides language and checkpoint
        "actor": shown(actor),
        "site_nav": [shapes.Link(each.label, each.url, each.url == current) for each in links["site_nav"]],
        "checkpoint": found.footer(request),
        "banner": found.banner(),
    }


@lru_cache(maxsize=8)
def _links(prefix: str) -> dict[str, Any]:
    """Where the links of every page lead, below a prefix of all addresses."""
    nav = [shapes.Link(label, reverse(name)) for name, label in SITE_NAV]
    return {
        "sign_in_url": reverse("account:login"),
        "home_url": reverse("public:home"),
        "site_nav": nav,
        "site_paths": frozenset(each.url for each in nav),
        "footer_links": [shapes.Link(label, reverse(name)) for name, label in FOOTER],
    }


def desk(request: HttpRequest, *, current: str = "", crumbs: tuple[tuple[Text | str, str], ...] = ()) -> dict[str, Any]:
    """What a desk page gets besides :func:`frame`: its sections, what waits for the actor, breadcrumbs."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    found = work.items(actor)
    return {
        "desk_name": desk_name(actor),
        "items": found,
        "desk_nav": [
            shapes.Link(label, reverse(name), name == current, count) for name, label, count in work.sections(actor)
        ],
        "waiting": [*drill_work.waiting(actor, request.path), *work.waiting(found, request.path)],
        "breadcrumbs": [
            shapes.Link(Text("工作台", "Desk"), reverse("desk:home")),
            *(shapes.Link(label, url) for label, url in crumbs),
        ],
    }


def shown(actor: Actor) -> shapes.Actor | None:
    """The signed-in person for the header."""
    if actor.person is None:
        return None
    return shapes.Actor(
        name=actor.person.name,
        role=desk_name(actor),
        organisation=str(actor.organisation or ""),
        desk_url=reverse("desk:home"),
        sign_out_url=reverse("account:logout"),
    )


def desk_name(actor: Actor) -> Text:
    """The name of the actor's desk, by duty or by what the organisation is."""
    if actor.duty in ROLES:
        return capital(ROLES[actor.duty].name)
    kind = actor.organisation.kind if actor.organisation else ""
    return capital(ROLES[{"buyer": "buyer", "agency": "agency", "enterprise": "tenderer"}.get(kind, "person")].name)
