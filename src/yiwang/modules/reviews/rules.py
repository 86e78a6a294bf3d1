"""Rules of reviews: no publication while a finding is open."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from yiwang.kernel import review_book
from yiwang.kernel.review import Finding
from yiwang.kernel.text import Text
from yiwang.kernel.verdict import YES, Reason, Verdict, verdict
from yiwang.modules.evidence.actors import Actor
from yiwang.modules.evidence.registry import condition
from yiwang.modules.reviews import selectors

MOST_SHOWN = 5
"""Findings that a refusal names; the page of the review lists all."""

BEFORE_PUBLICATION = ("tender.publish", "tender.invite")
"""Acts with which a tender reaches those who may bid."""


@condition(*BEFORE_PUBLICATION)
def no_open_finding(tender: Any, actor: Actor, now: datetime) -> Verdict:
    """What the reviewer found is changed, or a reason is given where that suffices. Asked of the host alone."""
    if tender.state != "draft":
        return YES
    found = selectors.still_open(tender, now)
    missing = "PT-05"  # the row's own condition says this one
    return Verdict(tuple(_reason(each) for each in found if each.rule != missing)[:MOST_SHOWN])


@condition(*BEFORE_PUBLICATION)
def form_where_asked(tender: Any, actor: Actor, now: datetime) -> Verdict:
    """Where the city asks for it, the fair-competition form is signed off for what the tender says now."""
    form = review_book.book().form
    if tender.state != "draft" or tender.funding not in form.required_for:
        return YES
    signed = selectors.form_of(tender)
    return verdict(
        signed is not None and selectors.is_current(tender, signed),
        "review.form",
        Text("公平竞争审查表还没有签署，或者签署后内容有改动", "the fair-competition form is not signed off for what the tender says now"),
        article=form.article,
        passes=Text("先签署公平竞争审查表", "sign the form off first"),
    )


def _reason(found: Finding) -> Reason:
    quoted = f"“{found.sentence}”" if found.sentence else ""
    return Reason(
        found.rule,
        Text(f"{found.position.zh}：{found.title.zh}。{quoted}", f"{found.position.en}: {found.title.en}. {quoted}"),
        article=found.article,
        passes=found.passes if found.severity == "block" else Text(
            f"{found.passes.zh}，或者说明理由", f"{found.passes.en}; or give a reason"),
    )  # fmt: skip


def has_findings_to_justify(tender: Any, actor: Actor, now: datetime) -> Verdict:
    """There is a finding that waits for a reason, and for which a reason suffices."""
    found = [each for each in selectors.still_open(tender, now) if each.severity == "warn"] if tender.state == "draft" else []
    return verdict(
        bool(found),
        "review.none",
        Text("没有需要说明理由的条款", "no finding needs a reason"),
        article="招标投标法实施条例 第32条",
    )
