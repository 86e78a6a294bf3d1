"""Page: all custodies of the acting custodian, and what each waits for."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from yiwang.desks.access import signed_in
from yiwang.desks.frame import desk
from yiwang.desks.screens import url_of
from yiwang.desks.wording import state_tag
from yiwang.kernel.text import Text
from yiwang.modules.openings import selectors
from yiwang.ui.shapes import Tag
from yiwang.ui.tables import Column, table_of


@signed_in
def custody_list(request: HttpRequest) -> HttpResponse:
    """The list; empty for people who keep no keys."""
    table = table_of(
        request,
        Text("我保管的密钥", "Keys in my custody"),
        [
            Column("title", Text("项目", "Tender"), head=True, value=lambda row: row.tender.title, url=_next_url),
            Column("number", Text("编号", "Number"), value=lambda row: row.tender.number),
            Column("state", Text("项目状态", "State"), "tag", value=lambda row: state_tag(row.tender)),
            Column("key", Text("我的密钥", "My key"), "tag", value=key_tag),
            Column("deadline", Text("投标截止", "Bids close"), "when", value=lambda row: row.tender.deadline),
            Column("recipient", Text("公钥", "Public key")),
        ],
        list(selectors.custodies(request.actor)),  # type: ignore[attr-defined]
        empty=Text("还没有项目请您保管密钥。", "No tender has asked you to keep a key yet."),
    )
    title = Text("密钥保管", "Custody of keys")
    return render(request, "desks/custodian/custody_list.html", {**desk(request, crumbs=((title, ""),)), "custodies": table})


def key_tag(custodian: Any) -> Tag:
    """Where a custodian's key stands."""
    if custodian.released_at:
        return Tag(Text("已公布", "released"), "final")
    if not custodian.recipient:
        return Tag(Text("待提供公钥", "public key wanted"), "wait")
    if custodian.tender.state == "closed":
        return Tag(Text("待公布", "to be released now"), "wait")
    return Tag(Text("保管中", "in custody"), "good")


def _next_url(custodian: Any) -> str:
    act = "custody.provide_key" if not custodian.recipient else "opening.release_key"
    return url_of(act, custodian.tender.number)
