"""Where to turn to: objection, query, complaint, review, by track and kind of works; and the decisions of complaints."""

from __future__ import annotations

from typing import Any

from django.http import FileResponse, HttpRequest, HttpResponse
from django.shortcuts import render

from yiwang.kernel import procedures
from yiwang.kernel.clock_book import ClockBook, Rule
from yiwang.kernel.errors import NotVisible
from yiwang.kernel.remedies import Track, remedy_law
from yiwang.kernel.text import Text
from yiwang.modules.evidence import files
from yiwang.modules.evidence.actors import PUBLIC
from yiwang.modules.remedies import selectors as remedies
from yiwang.modules.tenders import selectors as tenders
from yiwang.ui.tables import Column, Table, table_of

NAMES = {
    "construction": Text("工程建设招标投标", "Construction tendering"),
    "gov_procurement": Text("政府采购", "Government procurement"),
}
REVIEW = "AL-07"
"""The clock's rule of administrative reconsideration (行政复议) after a decision."""
REVIEW_ARTICLES = ("行政复议法 第20条", "行政诉讼法 第46条", "政府采购法 第58条")
STANDINGS = {
    "anybody": Text("可以参加的任何单位", "any enterprise that could take part"),
    "interested": Text("投标人，或者说明利害关系的其他单位", "tenderers, and others who say what their interest is"),
    "bidder": Text("参加了开标的投标人（供应商）", "those whose bids were opened"),
}


def page(request: HttpRequest) -> HttpResponse:
    """Both tracks side by side; with ``track`` and ``industry`` chosen the department is named first."""
    law = remedy_law()
    track, industry = request.GET.get("track", ""), request.GET.get("industry", "")
    chosen = law.route(track, industry) if track in law.tracks else None
    context: dict[str, Any] = {
        "tracks": [_track(each) for each in law.tracks.values()],
        "names": [(key, NAMES[key]) for key in law.tracks],
        "industries": list(law.industries.items()),
        "track": track,
        "industry": industry,
        "chosen": chosen,
        "department": law.departments[chosen.department] if chosen else None,
        "first": law.tracks[track].word if chosen else None,
        "review": ClockBook.load().rule(REVIEW),
        "review_articles": REVIEW_ARTICLES,
        "routes": _routes(),
    }
    return render(request, "desks/public/remedies.html", context)


def _track(track: Track) -> dict[str, Any]:
    book, complaint = ClockBook.load(), track.complaint
    kinds = [
        {
            "name": kind.name,
            "who": STANDINGS[kind.standing],
            "periods": _periods(track.key, kind.remedy),
            "article": kind.article,
            "holds": bool(kind.holds),
        }
        for kind in track.kinds.values()
    ]
    clocks = [name for name in (complaint.file, complaint.accept, complaint.decide, complaint.suspend) if name]
    return {"name": NAMES[track.key], "kinds": kinds, "complaint": complaint, "clocks": [book.rule(name) for name in clocks]}


def _periods(track: str, remedy: tuple[str, ...]) -> list[Rule]:
    """The rules of raising and answering, from the procedures of open tendering of the track that have this remedy."""
    book = ClockBook.load()
    for procedure in procedures.all_procedures():
        for each in procedure.remedies:
            if (procedure.track, procedure.method) == (track, "open_tender") and each.key in remedy:
                return [book.rule(name) for name in dict.fromkeys((each.raise_rule, each.answer_rule))]
    return []


def _routes() -> Table:
    law = remedy_law()
    other = Text("其他", "all other")
    columns = [
        Column("track", Text("项目", "Tender"), head=True, value=lambda each: NAMES[each.track]),
        Column("industry", Text("行业", "Kind of works"), value=lambda each: law.industries.get(each.industry, other)),
        Column("department", Text("投诉找", "Complain to"), value=lambda each: law.departments[each.department]),
        Column("articles", Text("依据", "Articles"), value=_articles),
    ]
    return table_of(None, Text("哪个部门处理投诉", "Which department deals with complaints"), columns, list(law.routes), per_page=100)


def _articles(route: Any) -> str:
    return "；".join(route.articles)


def decision(request: HttpRequest, number: str, sha256: str) -> FileResponse:
    """The decision of a complaint, as the department gave it; public."""
    found = remedies.decision(tenders.tender(PUBLIC, number), sha256)
    if not files.path_of(sha256).is_file():
        raise NotVisible
    handle = files.path_of(sha256).open("rb")
    return FileResponse(handle, as_attachment=True, filename=found.document_name, content_type=found.media_type)
