"""What follows when a tender has failed: the legal consequence, the way on, and the tenders that are linked."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils.http import urlencode

from yiwang.desks import wording
from yiwang.desks.tender_parts import Section
from yiwang.kernel.failures import RETENDER
from yiwang.kernel.text import Text
from yiwang.modules.evidence import permits, registry
from yiwang.modules.evidence.actors import Actor
from yiwang.modules.openings import failures
from yiwang.modules.tenders import selectors as tenders
from yiwang.ui.shapes import Link, Possible

ENTER = registry.row_of("tender.enter")


def sections(actor: Actor, tender: Any, request: HttpRequest) -> list[Section]:
    """The part of a desk page on the failure; and the link of a tender that is held again."""
    found = failures.failure_of(tender)
    before = tenders.held_before(actor, tender)
    parts = []
    if found is not None:
        data = {"failure": found, "why": why(found), "retenders": links(actor, tender), "first": found.consequence.options[0].name}
        parts.append(Section("failed", Text("招标失败以后", "After the failure"), "desks/tender_parts/failed.html", data))
    if before is not None:
        parts.append(Section("before", Text("重新招标", "Held again"), "desks/tender_parts/held_before.html", {"link": _link(before)}))
    return parts


def next_steps(actor: Actor, tender: Any) -> list[Possible]:
    """Holding a failed tender again, for its buyer or agency, while nobody has begun to."""
    found = failures.failure_of(tender)
    if found is None or not found.consequence.retender or actor.organisation is None:
        return []
    host = actor.organisation.id in (tender.buyer_id, tender.agency_id)
    if not host or not permits.role_for(ENTER, actor, None) or living(actor, tender):
        return []
    return [Possible(wording.capital(Text("重新招标", "hold the tender again")), address(tender), article=found.consequence.article)]


def living(actor: Actor, tender: Any) -> bool:
    """Whether a tender that holds this one again is under way or done."""
    return tenders.retenders(actor, tender).exclude(state__in=("terminated", "failed")).exists()


def address(tender: Any) -> str:
    """The entry form, filled in from this tender."""
    words = {"procedure": tender.procedure, "formula": tender.formula.get("id", ""), RETENDER: tender.number}
    return f"{reverse('desk:tender_enter')}?{urlencode(words)}"


def why(found: failures.Failure) -> Text:
    """Why it failed, in a sentence."""
    if found.cause == "too_few_admitted":
        return Text("通过的少于法定的三个。", "Fewer than the lawful three were admitted.")
    if found.cause == "all_rejected":
        return Text("评标委员会否决了全部投标。", "The committee rejected all bids.")
    if found.cause == "earlier_ended":
        return Text("第一信封招标失败，本信封随之失败；报价文件没有开启，原样退还。",
                    "The first envelope failed, and this one with it; the prices stay closed and are returned.")  # fmt: skip
    if found.cause == "decision":
        return Text("投诉处理决定认定中标（成交）无效。", "A complaint was upheld: by the department's decision the award is void.")
    if found.bids is None:
        return Text("到截止时投标少于法定份数。", "At the deadline there were fewer bids than the law asks.")
    return Text(f"到截止时只有 {found.bids} 份有效递交的投标，少于法定份数；没有开标，密封的投标原样封存。",
                f"At the deadline {found.bids} bids stood, fewer than the law asks; nothing was opened, the sealed bids stay sealed.")  # fmt: skip


def links(actor: Actor, tender: Any) -> list[Link]:
    """The tenders that hold this one again, as far as the reader may see them."""
    return [_link(each) for each in tenders.retenders(actor, tender)]


def _link(tender: Any) -> Link:
    return Link(f"{tender.number} {tender.title}", reverse("desk:tender", args=[tender.number]))
