"""Screen: hand in the sealed file of a bid that was committed to before the deadline, also in the grace after it."""

from __future__ import annotations

import hashlib
from typing import Any

from django import forms
from django.http import HttpRequest

from yiwang.desks.fields import UploadField
from yiwang.desks.screens import Screen, register
from yiwang.desks.tenderer import own_bids
from yiwang.kernel.text import Text
from yiwang.kernel.verdict import Reason
from yiwang.modules.bids import acts, selectors, uploads
from yiwang.modules.evidence.actors import Actor
from yiwang.ui.forms import ReasonError, UiForm


class DeliverForm(UiForm, forms.Form):
    """The sealed file; which commitment it belongs to its hash tells."""

    file = UploadField(
        label=Text("密封文件", "Sealed file"),
        help_text=Text("与登记时完全相同的文件；摘要不同的不收", "the very file that you committed to; any other is refused"),
    )

    def __init__(self, *args: Any, actor: Actor, tender: Any) -> None:
        super().__init__(*args)
        self.pending = {bid.envelope_sha256: bid for bid in selectors.pending(actor, tender)}

    def clean(self) -> dict[str, Any]:
        """The commitment that the file belongs to, before anything is kept."""
        data = super().clean() or self.cleaned_data
        if data.get("file"):
            found = hashlib.sha256()
            for piece in data["file"].chunks():
                found.update(piece)
            data["bid"] = self.pending.get(found.hexdigest())
            if data["bid"] is None:
                self.add_error("file", ReasonError(_OTHER))
        return data


_OTHER = Reason(
    "bid.not_committed",
    Text("您没有登记过这个文件的摘要", "you have not committed to this file"),
    field="file",
    passes=Text("与登记时完全相同的文件", "the very file that you committed to"),
)


def perform(actor: Actor, number: str, data: dict[str, Any], extra: dict[str, Any]) -> Any:
    """Keep the file and deliver it."""
    data["file"].seek(0)
    content = uploads.keep(data["file"].chunks(), actor, number)
    return acts.deliver(actor=actor, tender=number, content=content, lot=data["bid"].lot.number, **extra)


def make_form(*args: Any, actor: Actor, tender: Any) -> DeliverForm:
    """The form for a tender."""
    return DeliverForm(*args, actor=actor, tender=tender)


def context(request: HttpRequest, tender: Any) -> dict[str, Any]:
    """The own bids, with what is missing yet."""
    return {"own_bids": own_bids.table(request, tender)}


register(
    Screen(
        "bid.deliver",
        perform,
        make_form=make_form,
        template="desks/tenderer/bid_deliver.html",
        intro=Text(
            "截止前登记了摘要的密封文件在这里传完。传完之前，您以前的投标（如果有）仍然有效。",
            "The sealed file that you committed to before the deadline is handed in here. Until it is, an earlier bid of "
            "yours, if there is one, stands.",
        ),
        context=context,
    )
)
