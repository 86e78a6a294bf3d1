"""A tenderer's own bids for a tender, as pages show them. Nobody else's bids are ever read here."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from django.urls import reverse

from yiwang.kernel.text import Text
from yiwang.modules.bids import selectors as bids
from yiwang.modules.evidence.actors import Actor
from yiwang.ui.shapes import Tag, TagKind
from yiwang.ui.tables import Column, Table, table_of

STANDINGS: dict[str, tuple[Text, TagKind]] = {
    "committed": (Text("已登记，文件未传完", "committed, file still missing"), "wait"),
    "submitted": (Text("有效", "stands"), "good"),
    "replaced": (Text("已被替换", "replaced"), "stopped"),
    "withdrawn": (Text("已撤回", "withdrawn"), "stopped"),
    "opened": (Text("已开标", "opened"), "final"),
    "faulty": (Text("未能打开", "did not open"), "bad"),
    "undelivered": (Text("文件没有传来", "file never came"), "bad"),
    "returned": (Text("没有开启，原样退还", "not opened, returned"), "stopped"),
}


def standing_bid(actor: Actor, tender: Any) -> Any:
    """The actor's bid that stands, or None."""
    return next((bid for bid in bids.own(actor, tender) if bid.standing == "submitted"), None)


def table(request: HttpRequest, tender: Any) -> Table:
    """All own submissions for a tender, the newest first."""
    rows = bids.own(request.actor, tender)  # type: ignore[attr-defined]
    return table_of(
        request,
        Text("我的投标", "My bids"),
        [
            Column("submitted_at", Text("提交时间", "Submitted"), "when", head=True, url=_receipt),
            Column("standing", Text("状态", "Standing"), "tag", value=_tag),
            Column("index", Text("日志序号", "Log index"), "number", value=_index, url=_evidence),
            Column("commitment", Text("承诺", "Commitment"), "hash"),
            Column("envelope_sha256", Text("密封文件指纹", "Sealed file"), "hash"),
            Column("envelope_size", Text("大小", "Size"), "size"),
        ],
        rows,
        empty=Text("您还没有提交投标。", "You have not submitted a bid yet."),
    )


def _tag(bid: Any) -> Tag:
    return Tag(*STANDINGS[bid.standing])


def _index(bid: Any) -> int | None:
    entry = getattr(bid.act, "log_entry", None) if bid.act else None
    return entry.index if entry else None


def _evidence(bid: Any) -> str:
    index = _index(bid)
    return "" if index is None else reverse("public:evidence", args=[index])


def _receipt(bid: Any) -> str:
    """Of the delivery where that was an act of its own: it is the newer one, and says that all is here."""
    act = bid.delivery_id or bid.act_id
    return reverse("desk:receipt", args=[act]) if act else ""
