"""The living catalogue at ``/ui/``: every component in its states, with names as long as real ones."""

from __future__ import annotations

from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from yiwang.kernel.moment import now
from yiwang.kernel.text import Text
from yiwang.kernel.verdict import Reason
from yiwang.ui import samples
from yiwang.ui.forms import UiForm, add_reasons
from yiwang.ui.shapes import Link, Tag
from yiwang.ui.tables import table_of

TAGS = [
    Tag(Text("草稿", "draft"), "neutral"),
    Tag(Text("公告中", "notice open"), "open"),
    Tag(Text("等待开标", "waiting for opening"), "wait"),
    Tag(Text("资格审查通过", "qualified"), "good"),
    Tag(Text("否决投标", "rejected"), "bad"),
    Tag(Text("终止招标", "terminated"), "stopped"),
    Tag(Text("中标结果已生效", "award in force"), "final"),
]


class ExampleForm(UiForm, forms.Form):
    """A form with one field of each kind."""

    title = forms.CharField(
        label=Text("招标项目名称", "Name of the tender"),
        help_text=Text("与项目审批文件一致，不要缩写。", "As in the approval document, without abbreviations."),
    )
    price = forms.CharField(
        label=Text("最高投标限价（元）", "Ceiling price (yuan)"),
        help_text=Text("例如 12,345,678.90", "For example 12,345,678.90"),
    )
    method = forms.ChoiceField(
        label=Text("评标办法", "Evaluation method"),
        widget=forms.RadioSelect,
        choices=[
            ("lowest", Text("经评审的最低投标价法", "Lowest evaluated price")),
            ("scored", Text("综合评估法", "Comprehensive scoring")),
        ],
    )
    industry = forms.ChoiceField(
        label=Text("行业", "Industry"),
        choices=[
            ("", Text("请选择", "choose")),
            ("roads", Text("公路与市政道路", "Roads")),
            ("water", Text("水利", "Water works")),
        ],
    )
    closes = forms.CharField(
        label=Text("投标截止时间", "Bids close"),
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}),
        help_text=Text(
            "自招标文件开始发出之日起不少于 20 日。", "At least 20 days after the documents are first issued."
        ),
    )
    summary = forms.CharField(
        label=Text("项目概况", "Summary"), widget=forms.Textarea(attrs={"rows": 4}), required=False
    )
    document = forms.FileField(
        label=Text("招标文件", "Tender document"), help_text=Text("PDF，不超过 200 MB。", "PDF, at most 200 MB.")
    )
    agreed = forms.BooleanField(
        label=Text("我确认所填内容与审批文件一致", "I confirm that this agrees with the approval documents")
    )


def too_early() -> Reason:
    """The refusal that the example form shows."""
    return Reason(
        "TL-04",
        Text("投标截止时间早于法定最早时间", "bids would close before the earliest lawful time"),
        article="招标投标法 第24条",
        field="closes",
        passes=Text("2026年12月14日 09:30 或更晚", "14 Dec 2026, 09:30 or later"),
    )


def _common() -> dict[str, Any]:
    return {
        "actor": samples.ACTOR,
        "frame_key": "",  # this frame is a sample
        "site_nav": samples.site_nav(),
        "checkpoint": samples.checkpoint(),
        "footer_links": samples.FOOTER,
    }


def catalogue(request: HttpRequest) -> HttpResponse:
    """Every component on one page."""
    moment = now()
    table = table_of(
        request,
        samples.BIDS_CAPTION,
        samples.bid_columns(),
        samples.bids(request.GET.get("state", "")),
        filters=samples.bid_filters(request),
        per_page=4,
        default_sort="price",
    )
    nothing = table_of(
        None,
        Text("异议", "Objections"),
        samples.bid_columns(),
        [],
        empty=Text(
            "中标候选人公示期间，任何投标人可以在这里提出异议。", "During publicity any tenderer may object here."
        ),
    )
    context = {
        "breadcrumbs": [Link(Text("首页", "Home"), "/"), Link(Text("设计系统", "Design system"))],
        "steps": samples.steps(moment),
        "stopped_steps": samples.stopped_steps(moment),
        "tags": TAGS,
        "acts": samples.acts(moment),
        "blocked": samples.blocked_acts(moment),
        "receipt": samples.receipt(moment),
        "seal": samples.seal(moment),
        "sealed": samples.seal(moment, disclosed=False),
        "facts": samples.facts(moment),
        "table": table,
        "nothing": nothing,
        "files": samples.files(moment),
        "people": samples.PEOPLE,
        "agenda": samples.agenda(moment),
        "tabs": samples.TABS,
        "soon": samples.soon(moment),
        "later": samples.later(moment),
        "amounts": samples.AMOUNTS,
        "page_url": request.build_absolute_uri(),
    }
    return render(request, "ui/catalogue.html", {**_common(), **context})


def form_example(request: HttpRequest) -> HttpResponse:
    """A form; posting it always comes back with the refusal of a date before the lawful one, whatever else is wrong."""
    form = ExampleForm(request.POST or None, request.FILES or None)
    if request.method == "POST":
        add_reasons(form, [too_early()])
    context = {
        "form": form,
        "breadcrumbs": [Link(Text("设计系统", "Design system"), "../"), Link(Text("表单", "Form"))],
    }
    return render(request, "ui/catalogue_form.html", {**_common(), **context}, status=422 if form.is_bound else 200)


def desk_example(request: HttpRequest) -> HttpResponse:
    """A desk page: left list, next step, why not, timeline and a dense table."""
    moment = now()
    table = table_of(
        request,
        samples.BIDS_CAPTION,
        samples.bid_columns(),
        samples.bids(request.GET.get("state", "")),
        filters=samples.bid_filters(request),
        per_page=6,
        default_sort="price",
    )
    context = {
        "desk_name": Text("招标代理工作台", "Agency’s desk"),
        "desk_nav": samples.DESK_NAV,
        "waiting": samples.waiting(moment),
        "next_steps": samples.acts(moment),
        "why_nots": samples.blocked_acts(moment),
        "breadcrumbs": [Link(Text("我的项目", "My tenders"), "/"), Link(samples.TENDER)],
        "tender": samples.TENDER,
        "steps": samples.steps(moment),
        "table": table,
        "facts": samples.facts(moment),
        "files": samples.files(moment),
        "seal": samples.seal(moment),
        "later": samples.later(moment),
        "people": samples.PEOPLE,
    }
    return render(request, "ui/catalogue_desk.html", {**_common(), **context})


def live_example(request: HttpRequest) -> HttpResponse:
    """A live room: the opening hall."""
    moment = now()
    context = {
        "tender": samples.TENDER,
        "deadline": samples.soon(moment),
        "deadline_label": Text("投标截止", "Bids close"),
        "changes": samples.changes(moment),
        "agenda": samples.agenda(moment),
    }
    return render(request, "ui/catalogue_live.html", {**_common(), **context})
