"""Sign the contract, for either side: its text follows from tender and winning bid."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest

from yiwang.desks import tender_parts
from yiwang.desks.screens import Screen, Statement, register
from yiwang.kernel.text import Text
from yiwang.modules.contracts import acts
from yiwang.modules.contracts import selectors as contracts
from yiwang.modules.evidence.actors import Actor


def statement(actor: Actor, tender: Any, data: dict[str, Any]) -> Statement:
    """What both sides sign."""
    return "contract", acts.contract_content(tender)


def perform(actor: Actor, number: str, data: dict[str, Any], extra: dict[str, Any]) -> Any:
    """Sign."""
    return acts.sign(actor=actor, tender=number, **extra)


def context(request: HttpRequest, tender: Any) -> dict[str, Any]:
    """The contract's text, and who has signed."""
    return {
        "contract": acts.contract_content(tender),
        "signed": contracts.contract(tender),
        "files": tender_parts.document_files(tender),
    }


register(
    Screen(
        "contract.sign",
        perform,
        statement=statement,
        preview="desks/buyer/contract_text.html",
        context=context,
        intro=Text(
            "合同内容由招标文件和中标的投标确定，双方签署同一份内容，谁也不能另填价格。",
            "The content follows from tender and winning bid; both sign the same, and nobody can type another price.",
        ),
        final=True,
    )
)
