"""What the nightly audits found, for the supervisor and the center: the last runs, findings in words, how to run one."""

from __future__ import annotations

from datetime import datetime

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from yiwang.desks.access import actor_of, only_duty, signed_in
from yiwang.desks.frame import desk
from yiwang.kernel import moment
from yiwang.kernel.text import Text
from yiwang.modules.evidence import audit_results
from yiwang.modules.evidence.audit_results import Result
from yiwang.modules.evidence.finding import KINDS, Finding
from yiwang.ui.shapes import Tag
from yiwang.ui.tables import Column, Table, table_of

TITLE = Text("数据核对", "Audit of the data")
RUNS = 30


@signed_in
def page(request: HttpRequest) -> HttpResponse:
    """Show the findings of the newest run, and the runs before it."""
    only_duty(actor_of(request), "supervisor", "center")
    runs = audit_results.results(RUNS)
    context = {
        **desk(request, current="desk:audit", crumbs=((TITLE, ""),)),
        "title": TITLE,
        "last": runs[0] if runs else None,
        "at": _at(runs[0].began) if runs else None,
        "findings": _findings(request, runs[0]) if runs and runs[0].findings else None,
        "runs": _runs(runs),
    }
    return render(request, "desks/supervisor/audit.html", context)


def _findings(request: HttpRequest, last: Result) -> Table:
    columns = [
        Column("where", Text("行或文件", "Row or file"), head=True),
        Column("kind", Text("情形", "What"), "tag", value=lambda found: Tag(KINDS[found.kind], "bad")),
        Column("text", Text("说明", "In words")),
        Column("act", Text("记载它的行为", "The act that tells of it"), value=lambda found: found.act or "—"),
        Column("since", Text("最后一次核对无误", "Last in order"), "when", value=lambda found: _at(found.since)),
    ]
    rows: list[Finding] = list(last.findings)
    return table_of(request, Text("不一致之处", "What does not agree"), columns, rows, per_page=50)


def _runs(runs: list[Result]) -> Table:
    columns = [
        Column("began", Text("开始", "Began"), "when", head=True, value=lambda run: _at(run.began)),
        Column("state", Text("结果", "Result"), "tag", value=_tag),
        Column("how", Text("方式", "How"), value=_how),
        Column("entries", Text("日志条目", "Log entries"), "number"),
        Column("read", Text("本次读取", "Read now"), "number"),
        Column("tenders", Text("比对项目", "Tenders compared"), "number"),
        Column("seconds", Text("用时（秒）", "Seconds"), "number", value=lambda run: round(run.seconds)),
    ]
    return table_of(None, Text("最近的核对", "The last runs"), columns, runs, per_page=RUNS,
                    empty=Text("还没有核对过；每夜会自动进行。", "None yet; one runs every night."))  # fmt: skip


def _tag(run: Result) -> Tag:
    if run.ok:
        return Tag(Text("一致", "all agrees"), "good")
    return Tag(Text(f"{run.count} 处不一致", f"{run.count} findings"), "bad")


def _how(run: Result) -> Text:
    if run.full:
        return Text("全部重读", "everything")
    return Text("每夜自动", "nightly") if run.night else Text("手工运行", "by hand")


def _at(text: str) -> datetime | None:
    return moment.from_stamp(text) if text else None
