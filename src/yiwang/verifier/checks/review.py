"""Check on the review before publication: reasons name what they justify, and the form contradicts nothing that was found."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from typing import Any

from yiwang.kernel.review_book import Form, book
from yiwang.kernel.text import Text
from yiwang.verifier.dossier import Act, Dossier
from yiwang.verifier.report import Outcome, outcome


def review(dossier: Dossier) -> Outcome:
    """Each reason names the sentence by its digest and was given before the notice; a signed form says what the findings say."""
    reasons, forms, published = dossier.all("review.justify"), dossier.all("review.record"), dossier.last("tender.publish")
    faults = [fault for act in reasons for fault in _reason(act, published)]
    for act in forms:
        earlier = {each.public["finding"]: each.public["reason"] for each in reasons if each.seq < act.seq}
        faults += _form(act, earlier, book().form)
    return outcome(
        faults,
        Text(
            f"说明理由 {len(reasons)} 条，签署审查表 {len(forms)} 次",
            f"{len(reasons)} reasons given, the form signed off {len(forms)} times",
        ),
    )


def _reason(act: Act, published: Act | None) -> Iterator[Text]:
    said = act.public
    if said["finding"] != f"{said['rule']}-{hashlib.sha256(said['sentence'].encode()).hexdigest()[:12]}":
        yield Text(f"{act}：理由与所指的条款不符", f"{act}: the reason names another sentence")
    if not said["reason"].strip() or not said["article"].strip():
        yield Text(f"{act}：没有理由或者依据", f"{act}: without a reason or an article")
    if published is not None and act.seq > published.seq:
        yield Text(f"{act}：公告之后才说明理由", f"{act}: given after the notice")


def _form(act: Act, earlier: dict[str, str], form: Form) -> Iterator[Text]:
    found: list[dict[str, Any]] = act.public["findings"]
    for each in found:
        if each["reason"] != earlier.get(each["finding"], ""):
            yield Text(f"{act}：所载理由与此前说明的不同", f"{act}: holds another reason than was given before")
    if act.public["form"] != form.version:
        return  # its questions were others
    for question in form.questions:
        answer = act.public["answers"][question.key]
        against = [each for each in found if each["rule"] in question.rules and each["severity"] != "note"]
        if answer["holds"] is False and against:
            yield Text(f"{act}：“{question.says.zh}”答“否”，与审查意见矛盾", f"{act}: a no to “{question.says.en}” that a finding contradicts")
