"""What keeps the reader's organisation from bidding: its bans, each with who decided, why, until when, and what can be done."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from yiwang.desks.access import actor_of, signed_in
from yiwang.desks.frame import desk
from yiwang.kernel import bans, moment
from yiwang.kernel.errors import NotVisible
from yiwang.kernel.text import Text
from yiwang.modules.parties import ban_selectors
from yiwang.ui.shapes import Fact, Tag

TITLE = Text("信用限制", "Credit restrictions")
TRACKS = {
    "construction": Text("依法必须进行招标的项目的投标", "bidding for projects that must be tendered"),
    "gov_procurement": Text("参加政府采购活动", "taking part in government procurement"),
}

APPEALS = ("行政复议法 第11条", "行政诉讼法 第12条")


@signed_in
def page(request: HttpRequest) -> HttpResponse:
    """The organisation's own bans, those in force first; NotVisible for who acts for no organisation."""
    actor = actor_of(request)
    if actor.organisation is None:
        raise NotVisible
    today = moment.now().astimezone(moment.LOCAL).date()
    found = ban_selectors.bans(actor).filter(organisation=actor.organisation)
    rows = sorted((_row(each, today) for each in found), key=lambda row: not row["holds"])
    context = {
        **desk(request, current="account:organisation", crumbs=((TITLE, ""),)),
        "title": TITLE,
        "rows": rows,
        "articles": APPEALS,
        "holding": sum(row["holds"] for row in rows),
    }
    return render(request, "desks/account/bans.html", context)


def _row(each: Any, today: date) -> dict[str, Any]:
    ground = bans.grounds()[each.ground]
    holds = each.lifted_at is None and each.since <= today <= each.until
    return {"ban": each, "ground": ground, "holds": holds, "tag": _tag(each, today), "facts": [
        Fact(Text("决定机关", "Decided by"), each.authority),
        Fact(Text("决定书文号", "Number of the decision"), each.decision),
        Fact(Text("限制什么", "What is restricted"), TRACKS[each.track]),
        Fact(Text("期限", "Period"), Text(f"{each.since} 至 {each.until}（首尾两日都算在内）", f"{each.since} to {each.until}, both days counted")),
        Fact(Text("依据", "Article"), ground.article),
        Fact(Text("认定的事实", "Facts found"), each.reason),
    ]}  # fmt: skip


def _tag(each: Any, today: date) -> Tag:
    if each.lifted_at is not None:
        return Tag(Text(f"已解除（{each.lift_decision}）", f"lifted ({each.lift_decision})"), "neutral")
    if each.until < today:
        return Tag(Text("期满", "ended"), "neutral")
    return Tag(Text("生效", "in force"), "bad") if each.since <= today else Tag(Text("尚未生效", "not yet in force"), "wait")
