"""Page: all custodies of the acting custodian or deputy, what each waits for, and the drills."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse

from yiwang.desks import drill_work, work
from yiwang.desks.access import actor_of, signed_in
from yiwang.desks.custody_words import given_tag, released_tag
from yiwang.desks.frame import desk
from yiwang.desks.screens import url_of
from yiwang.desks.wording import state_tag
from yiwang.kernel import moment
from yiwang.kernel.text import Text
from yiwang.modules.openings import selectors
from yiwang.ui.shapes import Tag
from yiwang.ui.tables import Column, Table, table_of

TITLE = Text("密钥保管", "Custody of keys")


@signed_in
def custody_list(request: HttpRequest) -> HttpResponse:
    """The list; empty for people who keep no keys. What waits now comes first, as steps one can take."""
    actor = actor_of(request)
    found = list(selectors.custodies(actor))
    frame = desk(request, current="custody:list", crumbs=((TITLE, ""),))
    context = {**frame, "custodies": _table(request, found), "drills": drill_work.waiting(actor), "now": _now(frame["items"])}
    return render(request, "desks/custodian/custody_list.html", context)


def key_tag(custodian: Any) -> Tag:
    """Where a custodian's key stands."""
    now = moment.now()
    return released_tag(custodian, custodian.tender, now) if custodian.recipient else given_tag(custodian, now)


def _now(items: list[work.Item]) -> list[dict[str, Any]]:
    """What can be done now: a key to give, a key to release."""
    wanted = ("custody.provide_key", "opening.release_key")
    return [
        {"row": row, "tender": item.tender, "url": url_of(row.act, item.tender.number), "until": item.until}
        for item in items
        for row in item.acts
        if row.act in wanted
    ]


def _table(request: HttpRequest, found: list[Any]) -> Table:
    me = actor_of(request).person
    return table_of(
        request,
        Text("我保管的密钥", "Keys in my custody"),
        [
            Column("title", Text("项目", "Tender"), head=True, value=lambda row: row.tender.title,
                   url=lambda row: reverse("desk:tender", args=[row.tender.number])),
            Column("number", Text("编号", "Number"), value=lambda row: row.tender.number),
            Column("state", Text("项目状态", "State"), "tag", value=lambda row: state_tag(row.tender)),
            Column("part", Text("我的身份", "My part"), value=lambda row: _part(row, me)),
            Column("key", Text("密钥", "Key"), "tag", value=key_tag),
            Column("keys_by", Text("公钥须在此前提供", "Public key before"), "when"),
            Column("deadline", Text("投标截止", "Bids close"), "when", value=lambda row: row.tender.deadline),
        ],
        found,
        empty=Text("还没有项目请您保管密钥。", "No tender has asked you to keep a key yet."),
    )  # fmt: skip


def _part(custodian: Any, me: Any) -> Text:
    if custodian.person_id == me.pk:
        return Text("保管人", "custodian")
    return Text(f"{custodian.person.name}的替补", f"deputy of {custodian.person.name}")
