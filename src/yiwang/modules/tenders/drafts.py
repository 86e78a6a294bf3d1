"""Changing a draft before its notice goes out: what the entry says in words, and documents that are taken back.

Rows of their own, since a draft is changed for what a review found as often as for what somebody forgot.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from yiwang.kernel.errors import bad
from yiwang.kernel.text import Text
from yiwang.kernel.transitions import Table, Transition
from yiwang.kernel.verdict import Verdict, verdict
from yiwang.modules.evidence import door
from yiwang.modules.evidence.actors import Actor
from yiwang.modules.evidence.registry import register
from yiwang.modules.tenders import services
from yiwang.modules.tenders.acts import document_facts
from yiwang.modules.tenders.models import Tender

WORDS = ("description", "qualification", "region", "contact")
"""What of an entry may be changed while the tender is a draft."""


def _has_document(tender: Any, actor: Actor, now: datetime) -> Verdict:
    """There is a document to take back."""
    return verdict(
        bool(tender.documents.all()), "draft.none", Text("还没有上传文件", "no document is attached yet"), article="招标投标法 第19条"
    )


DRAFT = register(
    Table(
        "draft",
        (),
        (
            Transition(
                "draft.revise",
                Text("修改登记内容", "change what the entry says"),
                "tender",
                roles=("buyer", "agency"),
                sources=("draft",),
                articles=("招标投标法 第18条", "招标投标法 第20条"),
            ),
            Transition(
                "draft.drop_document",
                Text("撤下招标文件", "take a document back"),
                "tender",
                roles=("buyer", "agency"),
                sources=("draft",),
                guards=(_has_document,),
                articles=("招标投标法 第19条",),
            ),
        ),
    )
)


def revise(
    *,
    actor: Actor,
    tender: str,
    description: str | None = None,
    qualification: str | None = None,
    region: str | None = None,
    contact: str | None = None,
    request_key: str | None = None,
) -> Tender:
    """Change what a draft says in words; None leaves a text as it is.

    Raises:
        BadInput: nothing is changed.
    """
    given = {"description": description, "qualification": qualification, "region": region, "contact": contact}
    with door.enter(DRAFT.rows["draft.revise"], actor, lambda: services.locked(tender), request_key=request_key) as passage:
        subject = passage.subject
        changed = {name: text.strip() for name, text in given.items() if text is not None and text.strip() != getattr(subject, name)}
        if not changed:
            raise bad("description", "没有改动", "nothing is changed", passes=Text("改动至少一处", "change at least one text"))
        for name, text in changed.items():
            most = subject._meta.get_field(name).max_length
            if most and len(text) > most:
                raise bad(name, f"最多 {most} 个字", f"at most {most} characters")
            setattr(subject, name, text)
        passage.record(public=changed)
    revised: Tender = passage.subject
    return revised


def drop_document(*, actor: Actor, tender: str, sha256: str, request_key: str | None = None) -> dict[str, Any]:
    """Take back a document of a draft, to attach a better one. That it was attached stays in the evidence.

    Raises:
        BadInput: no such document.
    """
    with door.enter(DRAFT.rows["draft.drop_document"], actor, lambda: services.locked(tender), request_key=request_key) as passage:
        document = passage.subject.documents.filter(sha256=sha256).first()
        if document is None:
            raise bad("sha256", "没有这份文件", "there is no such document", passes=Text("选择列出的一份", "choose one of those listed"))
        facts = document_facts(document)
        document.delete()
        passage.record(public={"document": facts})
    return facts
