"""What the center counts of its own work: savings, policies, delays, cycle, coverage, paper, deviations; with the formulas."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse

from yiwang.desks import wording
from yiwang.desks.access import actor_of, only_duty, signed_in
from yiwang.desks.frame import desk
from yiwang.kernel import bonds
from yiwang.kernel.figures_law import figures_law
from yiwang.kernel.text import Text
from yiwang.modules.reports import delays, deviations, standing
from yiwang.modules.tenders.acts import CATEGORIES
from yiwang.ui.shapes import Link, Tag
from yiwang.ui.tables import Column, Table, table_of

TITLE = Text("统计", "Figures")
TRACKS = {"construction": Text("招标投标", "tendering law"), "gov_procurement": Text("政府采购", "government procurement")}
WHOSE = {
    "center": Text("平台", "the platform"),
    "host": Text("招标人或代理机构", "buyer or agency"),
    "custodian": Text("密钥保管人", "custodian"),
    "tenderer": Text("投标人", "tenderer"),
    "nobody": Text("无人", "nobody"),
}
_NONE = Text("还没有可以统计的项目。", "There is no tender to count yet.")


def public(request: HttpRequest) -> HttpResponse:
    """The figures for everybody."""
    context = {"title": TITLE, "breadcrumbs": [Link(TITLE)], **figures(standing.figures())}
    return render(request, "desks/public/figures.html", context)


@signed_in
def center(request: HttpRequest) -> HttpResponse:
    """The same on the desk of center and supervisor, with every delay and deviation by tender."""
    only_duty(actor_of(request), "center", "supervisor")
    found = standing.figures()
    context = {**desk(request, current="desk:figures", crumbs=((TITLE, ""),)), "title": TITLE, **figures(found), "delays": _delays(found)}
    return render(request, "desks/center/figures.html", context)


def figures(found: standing.Figures) -> dict[str, Any]:
    """All tables of the figures as they stand."""
    law = bonds.bond_law()
    return {
        "formula": law.formula,
        "formula_articles": f"{law.article}；{law.fee_article}",
        "tables": [each(found) for each in (_saved, _policies, _causes, _cycles, _coverage, _paperless, _deviations)],
    }


def _saved(found: standing.Figures) -> Table:
    rows = found.saved
    released, fees = sum(row.released for row in rows), sum(row.fees for row in rows)
    columns = [
        Column("title", Text("项目", "Tender"), head=True, value=lambda row: row.tender.title, url=lambda row: _url(row.tender)),
        Column("base", Text("限价或预算（元）", "Ceiling or budget (yuan)"), "money"),
        Column("bond", Text("每份保证金（元）", "Bond each (yuan)"), "money"),
        Column("bids", Text("投标数", "Bids"), "number"),
        Column("released", Text("解除占用（元）", "Released (yuan)"), "money"),
        Column("fees", Text("省下保函费（元）", "Fees saved (yuan)"), "money"),
    ]
    caption = Text(
        f"取消投标保证金：解除占用 {_yuan(released)} 元，省下保函费 {_yuan(fees)} 元",
        f"No bid bond: {_yuan(released)} yuan no longer tied up, {_yuan(fees)} yuan of fees saved",
    )
    return table_of(None, caption, columns, rows, per_page=500, empty=_NONE)


def _policies(found: standing.Figures) -> Table:
    columns = [
        Column("policy", Text("政策", "Policy"), head=True, value=lambda row: row[0].title),
        Column("on", Text("状态", "State"), "tag", value=lambda row: on_tag(row[0].on)),
        Column("count", Text("适用项目", "Tenders"), "number", value=lambda row: row[1]),
        Column("benefit", Text("惠及金额（元）", "Benefit (yuan)"), "money", value=lambda row: row[2]),
        Column("article", Text("依据", "Article"), value=lambda row: row[0].article),
    ]
    return table_of(None, Text("惠企政策", "Policies for enterprises"), columns, found.policies, per_page=100)


def on_tag(on: bool) -> Tag:
    """A policy's switch."""
    return Tag(Text("开", "on"), "good") if on else Tag(Text("关", "off"), "neutral")


def _causes(found: standing.Figures) -> Table:
    rows = found.causes
    own = sum((row.length for row in rows if row.cause.whose == delays.PLATFORM), timedelta())
    columns = [
        Column("cause", Text("原因", "Cause"), head=True, value=lambda row: wording.capital(row.cause.name)),
        Column("whose", Text("在谁一方", "On whose side"), value=lambda row: WHOSE.get(row.cause.whose, row.cause.whose)),
        Column("times", Text("次数", "Times"), "number"),
        Column("tenders", Text("项目", "Tenders"), "number"),
        Column("length", Text("合计", "In all"), value=lambda row: span(row.length)),
    ]
    caption = Text(f"延误按原因：平台原因 {span(own).zh}", f"Delays by cause: the platform's own {span(own).en}")
    return table_of(None, caption, columns, rows, per_page=100)


def _delays(found: standing.Figures) -> Table:
    columns = [
        Column("title", Text("项目", "Tender"), head=True, value=lambda row: row.tender.title, url=lambda row: _url(row.tender)),
        Column("cause", Text("原因", "Cause"), value=lambda row: wording.capital(row.cause.name)),
        Column("whose", Text("在谁一方", "On whose side"), value=lambda row: WHOSE.get(row.cause.whose, row.cause.whose)),
        Column("length", Text("时长", "Length"), value=lambda row: span(row.length)),
    ]
    return table_of(None, Text("每一次延误", "Every delay"), columns, found.delays, per_page=500, empty=_NONE)


def _cycles(found: standing.Figures) -> Table:
    columns = [
        Column("track", Text("类别", "Track"), head=True, value=lambda row: TRACKS.get(row.track, row.track)),
        Column("method", Text("方式", "Method"), value=lambda row: row.method),
        Column("year", Text("年度", "Year"), value=lambda row: str(row.year)),
        Column("count", Text("签约项目", "Contracts"), "number"),
        Column("days", Text("登记到签约（日，中位数）", "Entry to contract (days, median)"), "number", value=lambda row: str(row.days)),
        Column("before", Text("上年", "Year before"), "number", value=lambda row: "—" if row.before is None else str(row.before)),
        *(Column(step.key, step.name, "number", value=_step(step.key)) for step in figures_law().cycle),
    ]
    return table_of(None, Text("全流程用时", "Time from entry to contract"), columns, found.cycles, per_page=100, empty=_NONE)


def _step(key: str) -> Any:
    return lambda row: str(row.steps[key])


def _coverage(found: standing.Figures) -> Table:
    columns = [
        Column("month", Text("月份", "Month"), head=True),
        Column("feature", Text("方式", "Way of working"), value=lambda row: wording.capital(row.feature.name)),
        Column("kind", Text("类别", "Kind"), value=lambda row: CATEGORIES.get(row.category, Text("全部", "all"))),
        Column("used", Text("采用", "Used in"), "number"),
        Column("of", Text("项目", "of"), "number"),
        Column("percent", Text("覆盖率（%）", "Coverage (%)"), "number", value=lambda row: str(row.percent)),
        Column("target", Text("目标（%）", "Target (%)"), "number", value=lambda row: str(row.feature.target)),
    ]
    return table_of(None, Text("覆盖率", "Coverage"), columns, found.coverage, per_page=500, empty=_NONE)


def _paperless(found: standing.Figures) -> Table:
    target = figures_law().paperless
    columns = [
        Column("procedure", Text("采购方式", "Procedure"), head=True, value=lambda row: wording.procedure_name(row.procedure)),
        Column("tenders", Text("项目", "Tenders"), "number"),
        Column("documents", Text("应有文件", "Documents due"), "number"),
        Column("electronic", Text("其中无纸", "of these without paper"), "number"),
        Column("percent", Text("无纸化比例（%）", "Share (%)"), "number", value=lambda row: str(row.percent)),
        Column("target", Text("达到目标", "Target met"), "tag", value=lambda row: _met(row.percent, target)),
    ]
    caption = Text(f"无纸化（目标 {target}%）", f"Without paper (target {target} %)")
    return table_of(None, caption, columns, found.paperless, per_page=100, empty=_NONE)


def _met(percent: Decimal, target: Decimal) -> Tag:
    return Tag(Text("是", "yes"), "good") if percent >= target else Tag(Text("否", "no"), "wait")


def _deviations(found: standing.Figures) -> Table:
    rows = found.deviations
    columns = [
        Column("title", Text("项目", "Tender"), head=True, value=lambda row: row.tender.title, url=lambda row: _url(row.tender)),
        Column("version", Text("规程版本", "Version of the procedure"), value=lambda row: f"{row.tender.procedure} v{row.tender.procedure_version}"),
        Column("kind", Text("情形", "What"), value=lambda row: deviations.KINDS[row.kind]),
        Column("step", Text("步骤", "Step")),
        Column("found", Text("说明", "In words")),
        Column("article", Text("依据", "Article")),
    ]
    number = found.judged
    caption = Text(f"偏离规程：{number} 个项目中 {len(rows)} 处", f"Deviations: {len(rows)} in {number} tenders")
    empty = Text("没有偏离。", "There is none.")
    return table_of(None, caption, columns, rows, per_page=500, empty=empty)


def span(length: timedelta) -> Text:
    """A length in days, hours and minutes."""
    minutes = round(length.total_seconds() / 60)
    days, rest = divmod(minutes, 1440)
    hours, rest = divmod(rest, 60)
    return Text(f"{days} 日 {hours} 时 {rest} 分", f"{days} d {hours} h {rest} min")


def _yuan(fen: int) -> str:
    return f"{Decimal(fen) / 100:,.2f}"


def _url(tender: Any) -> str:
    return reverse("public:tender", args=[tender.number])
