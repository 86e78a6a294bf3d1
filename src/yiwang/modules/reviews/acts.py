"""Acts of reviews: give the reason for a term that stays, sign the fair-competition form off."""

from __future__ import annotations

from typing import Any

from yiwang.kernel import review_book
from yiwang.kernel.errors import BadInput, bad
from yiwang.kernel.review import Finding
from yiwang.kernel.text import Text
from yiwang.kernel.verdict import Reason
from yiwang.modules.evidence import door
from yiwang.modules.evidence.actors import Actor
from yiwang.modules.reviews import selectors
from yiwang.modules.reviews.models import Justification, Review
from yiwang.modules.reviews.states import REVIEW
from yiwang.modules.tenders import services as tenders

LONGEST = 2000
"""Characters of a reason."""


def justify(*, actor: Actor, tender: str, finding: str, reason: str, request_key: str | None = None) -> Justification:
    """Say why a term that the reviewer found is needed; public with the notice. A later reason takes an earlier one's place.

    Args:
        finding: key of the finding (rule and sentence).

    Raises:
        BadInput: no such finding, one that must be changed (``block``), or an empty reason.
    """
    words = _checked(reason)
    with door.enter(REVIEW.rows["review.justify"], actor, lambda: tenders.locked(tender), request_key=request_key) as passage:
        found = _finding(passage.subject, finding, passage)
        item, _ = Justification.objects.update_or_create(
            tender=passage.subject,
            finding=found.key,
            defaults={"rule": found.rule, "sentence": found.sentence, "reason": words, "at": passage.now},
        )
        passage.record(
            public={
                "finding": found.key,
                "rule": found.rule,
                "article": found.article,
                "sentence": found.sentence,
                "position": found.position.zh,
                "reason": words,
            },
            tender=passage.subject,
        )
    return item


def record(*, actor: Actor, tender: str, answers: dict[str, Any], request_key: str | None = None) -> Review:
    """Sign the fair-competition form (公平竞争审查表) off.

    Args:
        answers: by question of ``law/review/form.yaml``: ``{"holds": false}``, or ``{"holds": true, "reason": "..."}``.

    Raises:
        BadInput: a question without answer, a yes without reason, or a no that an open finding contradicts; all at once.
    """
    form = review_book.book().form
    with door.enter(REVIEW.rows["review.record"], actor, lambda: tenders.locked(tender), request_key=request_key) as passage:
        subject = passage.subject
        judged = selectors.judged(subject, passage.now)
        clean = _answers(form, answers, judged)
        item, _ = Review.objects.update_or_create(
            tender=subject,
            defaults={"form": form.version, "answers": clean, "read": selectors.digest(subject), "at": passage.now},
        )
        passage.record(
            public={
                "form": form.version,
                "answers": clean,
                "read": item.read,
                "findings": [
                    {"finding": each.finding.key, "rule": each.finding.rule, "severity": each.finding.severity, "reason": each.reason}
                    for each in judged
                ],
            },
            tender=subject,
        )
    return item


def _answers(form: review_book.Form, answers: dict[str, Any], judged: tuple[selectors.Judged, ...]) -> dict[str, Any]:
    faults: list[Reason] = []
    clean: dict[str, Any] = {}
    for question in form.questions:
        given = answers.get(question.key)
        if not isinstance(given, dict) or not isinstance(given.get("holds"), bool):
            faults += bad(question.key, "请回答“是”或“否”", "answer yes or no", article=question.article).reasons
            continue
        reason = str(given.get("reason") or "").strip()[:LONGEST]
        against = [each.finding for each in judged if each.finding.rule in question.rules and each.finding.severity != "note"]
        if given["holds"] and not reason:
            faults += bad(question.key, "回答“是”的，请说明理由", "a yes needs its reason", article=question.article).reasons
        elif not given["holds"] and against:
            faults += bad(
                question.key,
                f"文件中有这样的条款：{against[0].sentence}",
                f"the documents hold such a term: {against[0].sentence}",
                article=question.article,
                passes=Text("修改文件，或者回答“是”并说明理由", "change the documents, or answer yes and say why"),
            ).reasons
        clean[question.key] = {"holds": given["holds"], "reason": reason}
    unknown = sorted(set(answers) - {question.key for question in form.questions})
    if unknown:
        faults += bad("answers", f"没有这些问题：{'、'.join(unknown)}", f"no such questions: {', '.join(unknown)}").reasons
    if faults:
        raise BadInput(*faults)
    return clean


def _finding(tender: Any, key: str, passage: door.Passage) -> Finding:
    found = next((each for each in selectors.findings(tender, passage.now) if each.key == key), None)
    if found is None:
        raise bad("finding", "没有这一条审查意见", "there is no such finding", passes=Text("选择列出的一条", "choose one of those listed"))
    if found.severity == "block":
        raise bad("finding", f"“{found.title.zh}”只能修改，不能说明理由后保留", f"“{found.title.en}” must be changed; a reason does not suffice",
                  passes=found.passes, article=found.article, code=found.rule)  # fmt: skip
    return found


def _checked(reason: str) -> str:
    words = reason.strip()
    if not words:
        raise bad("reason", "请写明保留这一条款的理由", "the reason is missing",
                  passes=Text("与本项目的具体特点和实际需要有关的理由", "a reason that lies in what this project needs"))  # fmt: skip
    if len(words) > LONGEST:
        raise bad("reason", f"最多 {LONGEST} 个字", f"at most {LONGEST} characters")
    return words
