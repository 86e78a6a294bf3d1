"""Evidence for everybody: the acts of a tender, and one entry of the log with what is disclosed of it."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse

from yiwang.desks.public import check_words, disclosed
from yiwang.kernel import publicity
from yiwang.kernel.errors import NotVisible
from yiwang.kernel.procedures import ACTS
from yiwang.kernel.text import Text
from yiwang.modules.evidence import registry
from yiwang.modules.evidence import selectors as evidence
from yiwang.modules.evidence.actors import PUBLIC, ROLES
from yiwang.modules.evidence.disclosure import Shown
from yiwang.modules.evidence.sequencer import the_log
from yiwang.modules.tenders import selectors as tenders
from yiwang.tlog.proof import Proof
from yiwang.ui.shapes import Fact, Link, Tag
from yiwang.ui.tables import Column, table_of

BLIND = Text("依法尚未公开的行为", "an act that is not public yet by law")
COVER = Text("掩护条目（不是任何行为）", "a cover entry (no act at all)")


@dataclass(frozen=True)
class Mark:
    """One entry of a tender's chain; ``name`` is empty for a blind one."""

    index: int
    entry: str
    name: Text | str = ""
    who: Text | str = ""
    at: datetime | None = None

    @property
    def url(self) -> str:
        """Its own page."""
        return reverse("public:evidence", args=[self.index])

    @property
    def tag(self) -> Tag:
        """Whether its content can be read."""
        return Tag(Text("内容已公开", "disclosed"), "good") if self.name else Tag(Text("尚未公开", "not public yet"), "wait")


def chain(request: HttpRequest, number: str) -> HttpResponse:
    """The acts of a tender in order; what is not public yet stands there as a blind entry."""
    tender = tenders.tender(PUBLIC, number)
    found = disclosed.of_tender(number)
    marks = [_mark(each) for each in found.shown] + [Mark(index, entry.hex()) for index, entry in found.hidden]
    marks.sort(key=lambda mark: mark.index)
    columns = [
        Column("index", Text("日志序号", "Log index"), "number"),
        Column("name", Text("行为", "Act"), head=True, value=lambda row: row.name or BLIND, url=lambda row: row.url),
        Column("who", Text("谁", "Who")),
        Column("at", Text("时间", "When"), "when"),
        Column("tag", Text("内容", "Content"), "tag"),
        Column("entry", Text("条目指纹", "Entry"), "hash"),
    ]  # fmt: skip
    empty = Text("这个项目的第一个行为正在写入日志，几秒后再看。", "The tender's first act is being written to the log; look again in a few seconds.")
    context = {
        "tender": tender,
        "table": table_of(request, Text("证据链", "Chain of evidence"), columns, marks, per_page=200, empty=empty),
        "hidden": len(found.hidden),
        "at": found.checkpoint,
        "command": check_words.command(number),
        "breadcrumbs": [
            Link(Text("交易项目", "Tenders"), reverse("public:tenders")),
            Link(number, reverse("public:tender", args=[number])),
            Link(Text("证据链", "Chain of evidence")),
        ],
    }
    return render(request, "desks/public/chain.html", context)


def _mark(each: Shown) -> Mark:
    act = each.act
    role = ROLES.get(act.role)
    name = COVER if act.act == disclosed.COVER else registry.row_of(act.act).name
    return Mark(each.index, bytes(act.entry).hex(), name, role.name if role else act.role, act.at)


def entry(request: HttpRequest, index: int) -> HttpResponse:
    """One entry of the log, with the act if it is public. All blind entries look alike."""
    act = evidence.act_at(index)
    if act is None:
        raise NotVisible
    return render(request, "desks/public/entry.html", {**_place(act, index), **_content(index)})


def _place(act: Any, index: int) -> dict[str, Any]:
    value = bytes(act.entry)
    return {
        "index": index,
        "entry_facts": [
            Fact("SHA-256", value[:32].hex()),
            Fact("SM3", value[32:].hex()),
            Fact(Text("最早的检查点", "First checkpoint"), _first(evidence.first_checkpoint_after(act))),
        ],
        "breadcrumbs": [Link(Text("公开日志", "Public log"), reverse("public:log")), Link(Text(f"第 {index} 号", f"no. {index}"))],
    }


def _first(checkpoint: Any) -> Text | str:
    return Text(f"共 {checkpoint.size} 条时", f"at {checkpoint.size} entries") if checkpoint else ""


def _content(index: int) -> dict[str, Any]:
    shown = disclosed.at(index)
    if shown is None:
        return {"shown": None}
    salt = bytes(shown.act.salt).hex()
    shell, python = check_words.entry_commands(index, salt)
    mark = _mark(shown)
    return {
        "shown": shown,
        "mark": mark,
        "act_facts": _facts(shown, mark),
        "salt": salt,
        "content": json.dumps(shown.content, ensure_ascii=False, indent=2),
        "shell": shell,
        "python": python,
        "withheld": bool(shown.content.get("private_digest")),
        "publicity": publicity.publicity_of(shown.act.act) if shown.act.act in ACTS else None,
    }


def _facts(shown: Shown, mark: Mark) -> list[Fact]:
    tender = shown.act.tender
    rows = [
        Fact(Text("行为", "Act"), mark.name, note=shown.act.act),
        Fact(Text("谁", "By whom"), mark.who),
        Fact(Text("时间", "When"), mark.at, "when"),
        Fact(Text("证据主题", "Subject"), Text(f"{shown.act.subject} 第 {shown.act.seq} 步", f"{shown.act.subject}, step {shown.act.seq}")),
    ]
    if tender is not None:
        rows.insert(0, Fact(Text("项目", "Tender"), tender.title, url=reverse("public:tender", args=[tender.number])))
    return rows


def content(request: HttpRequest, index: int) -> HttpResponse:
    """The exact bytes that were committed to, for recomputing the entry; 404 while they are not public."""
    shown = disclosed.at(index)
    if shown is None:
        raise NotVisible
    headers = {"Content-Disposition": f'attachment; filename="act-{index}.json"'}
    return HttpResponse(bytes(shown.act.canonical), content_type="application/json", headers=headers)


def proof(request: HttpRequest, index: int) -> HttpResponse:
    """The C2SP tlog-proof of an entry: it is in the log, under the newest checkpoint. Blind entries have one, too."""
    act, newest = evidence.act_at(index), evidence.latest_checkpoint()
    if act is None or newest is None or index >= newest.size:
        raise NotVisible
    tiles = the_log().tiles
    tiles.reload()
    made = Proof(index, tuple(tiles.inclusion_proof(index, newest.size)), newest.note.encode())
    headers = {"Content-Disposition": f'attachment; filename="entry-{index}.tlog-proof"'}
    return HttpResponse(made.format(), content_type="text/plain; charset=utf-8", headers=headers)
