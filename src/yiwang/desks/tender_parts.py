"""Parts of a tender's desk page up to the committee: documents, questions, custody, opening, draw, objections."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from django.http import HttpRequest
from django.urls import reverse

from yiwang.desks import custody_words, remedy_words, wording
from yiwang.kernel import moment
from yiwang.kernel.text import Text
from yiwang.modules.bids import selectors as bids
from yiwang.modules.evidence.actors import ROLES, Actor, has_role
from yiwang.modules.experts import selectors as experts
from yiwang.modules.openings import selectors as openings
from yiwang.modules.remedies import selectors as remedies
from yiwang.modules.reviews import selectors as reviews
from yiwang.modules.tenders import selectors as tenders
from yiwang.modules.tenders.acts import DOCUMENT_KINDS
from yiwang.modules.tenders.rounds import names_shown
from yiwang.ui.shapes import Fact, File, Tag
from yiwang.ui.tables import Column, Table, table_of


@dataclass(frozen=True)
class Section:
    """One part of the page: its anchor, title, template and what the template needs."""

    key: str
    title: Text
    template: str
    data: dict[str, Any] = field(default_factory=dict)


def runs_or_watches(actor: Actor, tender: Any) -> bool:
    """Whether the actor is the host, the center or the supervisor."""
    return actor.duty in ("center", "supervisor", "admin") or is_host(actor, tender)


def is_host(actor: Actor, tender: Any) -> bool:
    """Whether the actor is the buyer or the agency."""
    return has_role("buyer", actor, tender) or has_role("agency", actor, tender)


def sections(actor: Actor, tender: Any, request: HttpRequest) -> list[Section]:
    """The parts that exist by now, in the order of the tender's life."""
    makers: tuple[Callable[[Actor, Any, HttpRequest], Section | None], ...] = (
        _review, _documents, _questions, _objections, _complaints, _custody, _opening, _committee,
    )  # fmt: skip
    return [part for make in makers if (part := make(actor, tender, request)) is not None]


def _review(actor: Actor, tender: Any, request: HttpRequest) -> Section | None:
    if tender.state != "draft" or not runs_or_watches(actor, tender):
        return None
    found = reviews.still_open(tender, moment.now())
    data = {"open": len(found), "first": found[:5], "url": reverse("desk:review", args=[tender.number])}
    return Section("review", Text("发布前审查", "Review before publication"), "desks/tender_parts/review.html", data)


def _documents(actor: Actor, tender: Any, request: HttpRequest) -> Section:
    return Section(
        "documents",
        Text("招标文件", "Documents"),
        "desks/tender_parts/documents.html",
        {"files": document_files(tender, actor)},
    )


def document_files(tender: Any, actor: Actor | None = None) -> list[File]:
    """The tender's documents for a file list."""
    return [
        File(
            name=each.title,
            url=reverse("desk:document", args=[tender.number, each.sha256]),
            size=each.size,
            sha256=each.sha256,
            kind=DOCUMENT_KINDS.get(each.kind, each.kind),
            at=each.attached_at,
            note=each.filename if each.filename != each.title else "",
        )
        for each in tenders.documents(tender, actor)
    ]


def _questions(actor: Actor, tender: Any, request: HttpRequest) -> Section | None:
    found = list(tenders.clarifications(actor, tender))
    if not found and tender.state != "tendering":
        return None
    host = is_host(actor, tender)
    data = {
        "answered": [each for each in found if each.answered_at],
        "open": [each for each in found if not each.answered_at],
        "answer_url": reverse("desk:act", args=[tender.number, "clarification.answer"]) if host else "",
    }
    return Section(
        "clarifications", Text("疑问与澄清", "Questions and clarifications"), "desks/tender_parts/questions.html", data
    )


def _objections(actor: Actor, tender: Any, request: HttpRequest) -> Section | None:
    rows = []
    for each in remedies.objections(actor, tender):
        own = actor.organisation is not None and each.by_id == actor.organisation.id
        if runs_or_watches(actor, tender) or own or each.answered_at:
            author = each.by.name if remedies.author_shown(actor, each) else ""
            tag = remedy_words.objection_tag(each, moment.now())
            rows.append({"item": each, "kind": remedy_words.kind_name(tender, each.kind), "author": author, "tag": tag})
    if not rows:
        return None
    word = wording.capital(remedy_words.word(tender))
    title = Text(word.zh, "Queries" if word.en == "Query" else "Objections")
    return Section("objections", title, "desks/tender_parts/objections.html", {"rows": rows})


def _complaints(actor: Actor, tender: Any, request: HttpRequest) -> Section | None:
    from yiwang.desks import complaint_forms  # it builds on this page's roles

    rows = complaint_forms.rows(actor, tender)
    if not rows:
        return None
    return Section("complaints", Text("投诉", "Complaints"), "desks/tender_parts/complaints.html", {"rows": rows})


def _custody(actor: Actor, tender: Any, request: HttpRequest) -> Section | None:
    found = list(openings.custodians(tender))
    if not found:
        return None
    named = runs_or_watches(actor, tender) or has_role("custodian", actor, tender)
    now = moment.now()
    columns = [
        Column("position", Text("席位", "Seat"), "number", value=lambda each: each.position + 1),
        Column("body", Text("单位", "Body"), head=True, value=lambda each: custody_words.keeper(each, named=named)),
        Column("given", Text("公钥", "Public key"), "tag", value=lambda each: custody_words.given_tag(each, now)),
        Column("released", Text("开标密钥", "Opening key"), "tag", value=lambda each: custody_words.released_tag(each, tender, now)),
    ]
    if named and any(each.deputy_id or each.refused_at for each in found):
        columns.append(Column("note", Text("替补和声明", "Deputy, declared"), value=lambda each: custody_words.note(each, tender, now)))
    k, n = tender.custody_threshold, len(found)
    caption = Text(f"{n} 位保管人中任意 {k} 位公布密钥即可开标", f"any {k} of {n} custodians open the bids")
    table = table_of(None, caption, columns, found)
    return Section(
        "custody", Text("密钥保管", "Custody of the keys"), "desks/tender_parts/table.html", {"table": table}
    )


def _opening(actor: Actor, tender: Any, request: HttpRequest) -> Section | None:
    found = openings.opening(tender)
    if found is None or not names_shown(actor, tender):
        return None
    facts = [
        Fact(Text("截止时间", "Closed"), found.closed_at, "when"),
        Fact(Text("投标承诺根", "Root of commitments"), found.bids_root, "hash"),
    ]
    if found.opened_at is not None and found.record:  # how many bids there are is told when they are opened, not before
        facts += [
            Fact(Text("投标数", "Bids"), len(found.record["bids"]), "number"),
            Fact(Text("开标时间", "Opened"), found.opened_at, "when"),
            Fact(Text("开标记录指纹", "Hash of the record"), found.record_sha256, "hash"),
        ]
    data = {
        "facts": facts,
        "table": bids_table(tender) if found.opened_at else None,
        "undelivered": bids.undelivered(tender),
        "confirmations": [
            {"role": ROLES[each.role].name, "who": each.organisation.name if each.organisation else "", "at": each.at}
            for each in found.confirmations.select_related("organisation").order_by("at")
        ],
    }
    return Section("opening", Text("开标记录", "Opening record"), "desks/tender_parts/opening.html", data)


def bids_table(tender: Any) -> Table:
    """The opened bids, by price; one that did not open stands there with its cause."""
    columns = [
        Column("tenderer", Text("投标人", "Tenderer"), head=True, value=lambda bid: bid.party),
        Column("price", Text("投标报价（元）", "Price (yuan)"), "money"),
        Column("standing", Text("开启", "Opened"), "tag", value=_standing),
        Column("envelope_sha256", Text("密封文件指纹", "Hash of the sealed file"), "hash"),
    ]
    return table_of(None, Text("投标一览", "All bids"), columns, list(bids.opened(tender)), per_page=500)


def _standing(bid: Any) -> Tag:
    if bid.standing == "opened":
        return Tag(Text("已打开", "opened"), "good")
    fault = bid.fault or {}
    return Tag(Text(fault.get("zh", "未能打开"), fault.get("en", "did not open")), "bad")


def _committee(actor: Actor, tender: Any, request: HttpRequest) -> Section | None:
    drawn = experts.draw(tender)
    if drawn is None:
        return None
    facts = [
        Fact(Text("可抽取专家", "Eligible experts"), len(drawn.leaves), "number"),
        Fact(Text("名单指纹", "Hash of the list"), drawn.list_root, "hash"),
    ]
    named = experts.names_shown(tender)
    # shares, seed and seats become public with the award (law/publicity.yaml)
    inside = named or runs_or_watches(actor, tender) or has_role("evaluator", actor, tender)
    if inside:
        facts.append(Fact(Text("种子", "Seed"), drawn.seed, "hash"))
    sides = [
        {"name": wording.capital(name), **_share(drawn.shares.get(code, {}), inside and bool(drawn.seed))}
        for code, name in wording.SIDES.items()
    ]
    seats = [
        {
            "label": Text(f"评委{seat.number}", f"Evaluator {seat.number}"),
            "discipline": wording.discipline(seat.discipline),
            "name": seat.expert.person.name if named else "",
        }
        for seat in (experts.committee(tender) if inside else ())
    ]
    data = {"facts": facts, "sides": sides, "seats": seats, "named": named}
    return Section("committee", Text("评标委员会", "Evaluation committee"), "desks/tender_parts/committee.html", data)


def _share(share: dict[str, Any], inside: bool) -> dict[str, Any]:
    if share.get("forfeited"):
        return {"tag": Tag(Text("逾期未公开，按零计", "not revealed in time: zeros"), "bad"), "hash": ""}
    if share.get("share"):
        return {"tag": Tag(Text("已公开随机数", "share revealed"), "good"), "hash": share["share"] if inside else ""}
    if share.get("commitment"):
        return {"tag": Tag(Text("已提交承诺", "committed"), "open"), "hash": share["commitment"]}
    return {"tag": Tag(Text("等待承诺", "waiting for the commitment"), "wait"), "hash": ""}
