"""Archive a tender's dossier."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest

from yiwang.desks.screens import Screen, register
from yiwang.kernel.text import Text
from yiwang.modules.evidence import selectors as evidence
from yiwang.modules.evidence.actors import Actor
from yiwang.modules.tenders import acts
from yiwang.modules.tenders import selectors as tenders
from yiwang.ui.shapes import Fact


def perform(actor: Actor, number: str, data: dict[str, Any], extra: dict[str, Any]) -> Any:
    """Archive."""
    return acts.archive(actor=actor, tender=number, **extra)


def context(request: HttpRequest, tender: Any) -> dict[str, Any]:
    """What goes into the archive."""
    chain = evidence.acts_of(tender)
    last = chain.last()
    facts = [
        Fact(Text("行为记录", "Acts"), chain.count(), "number"),
        Fact(Text("文件", "Documents"), tenders.documents(tender).count(), "number"),
        Fact(Text("最近一项", "The latest"), last.at if last else None, "when"),
    ]
    return {"facts": facts}


register(
    Screen(
        "tender.archive",
        perform,
        preview="desks/facts_card.html",
        context=context,
        intro=Text(
            "归档记录列出本项目全部行为的指纹，案卷此后不再增减。",
            "The archive entry lists the hashes of all acts of this tender; nothing is added or taken away after it.",
        ),
        final=True,
    )
)
