"""GET: what the reviewer finds in a tender, for its host; the bans from bidding that are in force."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from ninja import Router, Schema

from yiwang.api.auth import ANYBODY, actor_in
from yiwang.api.problems import ERRORS, Words, words
from yiwang.kernel import bans, moment
from yiwang.kernel.errors import NotVisible
from yiwang.modules.evidence.actors import has_role
from yiwang.modules.parties import ban_selectors
from yiwang.modules.reviews import selectors
from yiwang.modules.tenders import selectors as tenders

router = Router(tags=["reviews"], auth=ANYBODY)


class FindingOut(Schema):
    """A finding; ``reason`` is the buyer's, empty while there is none."""

    finding: str
    rule: str
    severity: str
    title: Words
    says: Words
    article: str
    passes: Words
    position: Words
    line: int
    sentence: str
    quote: str
    reason: str
    open: bool


class BanOut(Schema):
    """A ban in force."""

    uscc: str
    name: str
    decision: str
    authority: str
    ground: str
    track: str
    article: str
    since: str
    until: str


@router.get("/tenders/{number}/review", response={200: list[FindingOut], **ERRORS}, operation_id="reviews.get")
def review(request: HttpRequest, number: str) -> list[dict[str, Any]]:
    """What the reviewer finds, for the host, the center and the supervisor."""
    actor = actor_in(request)
    tender = tenders.tender(actor, number)
    hosts = has_role("buyer", actor, tender) or has_role("agency", actor, tender)
    if not hosts and actor.duty not in ("center", "supervisor", "admin"):
        raise NotVisible
    return [_finding(each) for each in selectors.judged(tender, moment.now())]


@router.get("/bans", response={200: list[BanOut], **ERRORS}, operation_id="bans.list")
def in_force(request: HttpRequest) -> list[dict[str, Any]]:
    """The bans from bidding that are in force."""
    return [
        {
            "uscc": each.organisation.uscc, "name": each.organisation.name, "decision": each.decision,
            "authority": each.authority, "ground": each.ground, "track": each.track,
            "article": bans.grounds()[each.ground].article, "since": each.since.isoformat(), "until": each.until.isoformat(),
        }
        for each in ban_selectors.public(moment.now())
    ]  # fmt: skip


def _finding(each: selectors.Judged) -> dict[str, Any]:
    found = each.finding
    return {
        "finding": found.key, "rule": found.rule, "severity": found.severity, "title": words(found.title),
        "says": words(found.says), "article": found.article, "passes": words(found.passes), "position": words(found.position),
        "line": found.line, "sentence": found.sentence, "quote": found.quote, "reason": each.reason, "open": each.open,
    }  # fmt: skip
