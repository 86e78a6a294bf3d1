"""What a lender may rely on: awards with their notices, contracts and dossiers, read only."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse

from yiwang.desks import wording
from yiwang.desks.access import actor_of, only_duty, signed_in
from yiwang.desks.frame import desk
from yiwang.kernel.text import Text
from yiwang.modules.tenders import selectors as tenders
from yiwang.ui.shapes import Filter
from yiwang.ui.tables import Column, table_of

TITLE = Text("中标与合同", "Awards and contracts")
DECIDED = ("awarded", "contracted", "archived")


@signed_in
def page(request: HttpRequest) -> HttpResponse:
    """List the awarded tenders."""
    actor = actor_of(request)
    only_duty(actor, "lender")
    query = request.GET.get("q", "").strip()
    found = tenders.visible_to(actor).filter(state__in=DECIDED, award__notified_at__isnull=False)
    found = found.select_related("award__tenderer", "contract").order_by("-award__notified_at")
    if query:
        found = found.filter(award__tenderer__name__icontains=query)
    columns = [
        Column("winner", Text("中标人", "Winner"), head=True, value=lambda t: t.award.party),
        Column("title", Text("项目", "Tender"), value=lambda t: t.title, url=lambda t: reverse("desk:tender", args=[t.number])),
        Column("price", Text("中标价（元）", "Price (yuan)"), "money", value=lambda t: t.award.price),
        Column("notice", Text("中标通知书发出", "Notice sent"), "when", value=lambda t: t.award.notified_at),
        Column("state", Text("阶段", "Stage"), "tag", value=wording.state_tag),
        Column("dossier", Text("案卷包", "Dossier"), value=lambda t: Text("下载", "download"),
               url=lambda t: reverse("public:dossier", args=[t.number])),
    ]  # fmt: skip
    filters = [Filter("q", Text("中标人名称", "Winner's name"), value=query)]
    table = table_of(request, TITLE, columns, found, filters=filters, per_page=25,
                     empty=Text("有项目定标后，会列在这里。", "Awards are listed here once there are any."))  # fmt: skip
    lead = Text(
        "每份中标通知书和合同都有公开日志的证据，下载案卷包即可自行核验。",
        "Every award notice and contract has its evidence in the public log; download the dossier to check it yourself.",
    )
    frame = desk(request, current="desk:lender", crumbs=((TITLE, ""),))
    return render(request, "desks/table.html", {**frame, "title": TITLE, "lead": lead, "table": table})
