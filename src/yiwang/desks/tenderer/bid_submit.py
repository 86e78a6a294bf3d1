"""Screen: seal and submit a bid. Sealed in the browser, or on the command line and handed in as a file."""

from __future__ import annotations

import json
import re
from typing import Any

from django import forms
from django.http import HttpRequest
from django.urls import reverse

from yiwang.desks.fields import LineField, PickField, UploadField
from yiwang.desks.screens import Screen, register
from yiwang.desks.tenderer import bid_facts, own_bids
from yiwang.kernel.errors import YiwangError
from yiwang.kernel.rules import limit
from yiwang.kernel.text import Text, text_of
from yiwang.kernel.verdict import Reason
from yiwang.modules.bids import acts, uploads
from yiwang.modules.evidence.actors import Actor
from yiwang.modules.tenders.selectors import law_of
from yiwang.seal import envelope
from yiwang.seal.manifest import Context, Custodians
from yiwang.ui.forms import ReasonError, UiForm

MOST_RECEIPT = 64 * 1024
_HEX64 = re.compile(r"[0-9a-f]{64}")


class BidForm(UiForm, forms.Form):
    """A sealed file with the hash of its manifest, typed or from the little JSON file that ``yiwang seal`` writes."""

    lot = PickField(choices=(), label=Text("标段", "Lot"))
    file = UploadField(
        label=Text("密封文件", "Sealed file"),
        help_text=Text("命令 yiwang seal 生成的 .sealed 文件", "the .sealed file that yiwang seal wrote"),
    )
    receipt = UploadField(
        required=False,
        label=Text("密封回执", "Sealing receipt"),
        help_text=Text("与密封文件同名的 .json 文件；也可以不传，直接填写清单哈希",
                       "the .json file beside the sealed file; or give the manifest hash instead"),
    )  # fmt: skip
    manifest_sha256 = LineField(
        required=False,
        most=64,
        label=Text("清单哈希", "Manifest hash"),
        help_text=Text("64 位十六进制，密封时显示", "64 hex digits, shown when the bid was sealed"),
    )

    def __init__(self, *args: Any, actor: Actor, tender: Any) -> None:
        super().__init__(*args)
        self.tender = tender
        lots = [(lot.number, f"{lot.number} {lot.title}") for lot in tender.lots.all()]
        self.fields["lot"].choices = lots  # type: ignore[attr-defined]
        if len(lots) == 1:
            self.fields["lot"].widget = forms.HiddenInput()
            self.fields["lot"].required = False
            self.fields["lot"].initial = lots[0][0]

    def clean_lot(self) -> str:
        """The lot; the only one when there is just one."""
        return str(self.cleaned_data["lot"] or self.fields["lot"].initial)

    def clean(self) -> dict[str, Any]:
        """The manifest's hash from either place, and an envelope for this tender, before anything is kept."""
        data = super().clean() or self.cleaned_data
        data["manifest_sha256"] = self._manifest_hash(data)
        if data.get("file") and not self.errors:
            self._check_envelope(data["file"], data["lot"])
        return data

    def _check_envelope(self, uploaded: Any, lot: str) -> None:
        if uploaded.size > limit("NL-16")["most"]:
            self.add_error("file", ReasonError(_TOO_LARGE))
            return
        custodians = Custodians(tuple(self.tender.custody), self.tender.custody_threshold)
        try:
            parts = law_of(self.tender).parts
            envelope.check(uploaded.file, Context(self.tender.number, lot), custodians, parts=parts)
        except YiwangError as error:
            for reason in error.reasons:
                self.add_error("file", ReasonError(reason))

    def _manifest_hash(self, data: dict[str, Any]) -> str:
        typed = (data.get("manifest_sha256") or "").strip().lower()
        receipt = data.get("receipt")
        if receipt and not typed:
            content = receipt.read(MOST_RECEIPT + 1)
            typed = hash_in(content)
            if not typed:
                self.add_error("receipt", ReasonError(_SPOILED if spoiled(content) else _NO_RECEIPT))
                return ""
        if not _HEX64.fullmatch(typed) and "manifest_sha256" not in self.errors:
            self.add_error("manifest_sha256", ReasonError(_NO_HASH))
        return typed


_NO_HASH = Reason(
    "field.manifest_sha256",
    Text("清单哈希应为 64 位十六进制", "the manifest hash has 64 hex digits"),
    field="manifest_sha256",
    passes=Text("上传密封回执，或填写 yiwang seal 显示的清单哈希",
                "the sealing receipt, or the manifest hash that yiwang seal printed"),
)  # fmt: skip
_NO_RECEIPT = Reason(
    "field.receipt",
    Text("这不是密封回执", "this is not a sealing receipt"),
    field="receipt",
    passes=Text("yiwang seal 写下的 .sealed.json 文件", "the .sealed.json file that yiwang seal wrote"),
)
_SPOILED = Reason(
    "bid.spoiled",
    Text("这份密封件已拆开检查（--spoil-key），不能提交", "this envelope was opened for a check (--spoil-key) and cannot be sent"),
    field="receipt",
    passes=Text("重新密封，不加 --spoil-key", "seal anew, without --spoil-key"),
)
_TOO_LARGE = Reason(
    "field.file",
    Text("密封文件超过 4 GiB", "the sealed file is larger than 4 GiB"),
    field="file",
    passes=Text("压缩附件后重新密封", "compress the documents and seal again"),
)


def hash_in(receipt: bytes) -> str:
    """The manifest's hash in a sealing receipt; '' when it is none, or that of a spoiled envelope."""
    found = _read(receipt).get("manifest_sha256")
    return found if isinstance(found, str) and _HEX64.fullmatch(found) and not spoiled(receipt) else ""


def spoiled(receipt: bytes) -> bool:
    """Whether it is the receipt of an envelope whose one-time key was written out."""
    return bool(_read(receipt).get("spoiled"))


def _read(receipt: bytes) -> dict[str, Any]:
    try:
        found = json.loads(receipt)
    except ValueError:
        return {}
    return found if isinstance(found, dict) else {}


def perform(actor: Actor, number: str, data: dict[str, Any], extra: dict[str, Any]) -> Any:
    """Keep the sealed file and submit it. A bid that is late never comes this far: the page asks the permit first."""
    uploaded = data["file"]
    uploaded.seek(0)
    content = uploads.keep(uploaded.chunks(), actor, number)
    return acts.submit(
        actor=actor, tender=number, content=content, lot=data["lot"], manifest_sha256=data["manifest_sha256"], **extra
    )


def make_form(*args: Any, actor: Actor, tender: Any) -> BidForm:
    """The form for a tender."""
    return BidForm(*args, actor=actor, tender=tender)


def context(request: HttpRequest, tender: Any) -> dict[str, Any]:
    """What the browser needs to seal, and the own bids so far."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    return {
        "own_bids": own_bids.table(request, tender),
        "standing_bid": own_bids.standing_bid(actor, tender),
        "lots": list(tender.lots.all()),
        "joint": tender.joint_bids_allowed,
        "deductions": [(each["code"], text_of(each["name"]) if each.get("name") else each["code"])
                       for each in (tender.formula.get("price") or {}).get("deductions") or ()],
        "priced": law_of(tender).priced,
        "seal_facts": bid_facts.seal_facts(request, tender),
        "withdraw_url": reverse("desk:act", args=[tender.number, "bid.withdraw"]),
    }


register(
    Screen(
        "bid.submit",
        perform,
        make_form=make_form,
        template="desks/tenderer/bid_submit.html",
        intro=Text(
            "报价和文件在您自己的设备上密封，开标之前谁也打不开，包括交易中心。截止前可以替换或撤回。",
            "Price and documents are sealed on your own device; before the opening nobody can open them, the center "
            "included. Until the deadline you may replace or withdraw.",
        ),
        context=context,
        final=True,
    )
)
