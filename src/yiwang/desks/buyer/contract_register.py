"""Register the signed contract."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest

from yiwang.desks.buyer.contract_sign import context as contract_context
from yiwang.desks.screens import Screen, register
from yiwang.kernel.text import Text
from yiwang.modules.contracts import acts
from yiwang.modules.evidence.actors import Actor


def perform(actor: Actor, number: str, data: dict[str, Any], extra: dict[str, Any]) -> Any:
    """Register."""
    return acts.register(actor=actor, tender=number, **extra)


def context(request: HttpRequest, tender: Any) -> dict[str, Any]:
    """The contract as signed."""
    return contract_context(request, tender)


register(
    Screen(
        "contract.register",
        perform,
        preview="desks/buyer/contract_text.html",
        context=context,
        intro=Text(
            "双方已签署。登记后合同向社会公开，并报行政监督部门。",
            "Both sides have signed. Registered, the contract becomes public and is reported to the supervisor.",
        ),
    )
)
