"""Holding a failed tender again (重新招标): the entry form filled in from it, and its documents taken over."""

from __future__ import annotations

from typing import Any

from django import forms
from django.http import HttpRequest

from yiwang.desks.buyer import tender_publish
from yiwang.desks.fields import PickManyField
from yiwang.kernel import formula_book
from yiwang.kernel.errors import NotVisible
from yiwang.kernel.failures import RETENDER
from yiwang.kernel.text import Text
from yiwang.modules.evidence import files
from yiwang.modules.evidence.actors import Actor
from yiwang.modules.openings import failures
from yiwang.modules.tenders import acts
from yiwang.modules.tenders import selectors as tenders
from yiwang.ui.formats import size_text

CARRY = "carry"
_PLAIN = ("title", "category", "budget", "funding", "region", "contact", "description", "qualification", "validity_days",
          "custody_threshold", "upload_grace_minutes", "joint_bids_allowed")  # fmt: skip


def failed_of(request: HttpRequest, actor: Actor) -> Any:
    """The failed tender that the address names; None when it names none.

    Raises:
        NotVisible: it is not the actor's own, or did not fail.
    """
    number = request.GET.get(RETENDER, "")
    if not number:
        return None
    found = tenders.tender(actor, number)
    if found.state != "failed" or actor.organisation is None or actor.organisation.id not in (found.buyer_id, found.agency_id):
        raise NotVisible
    return found


def initial(actor: Actor, failed: Any, template: formula_book.FormulaTemplate) -> dict[str, Any]:
    """What the entry form holds at first: everything that the failed tender said."""
    lot = failed.lots.first()
    own = actor.organisation.id
    other = failed.buyer if own == failed.agency_id else failed.agency
    values = {name: getattr(failed, name) for name in _PLAIN}
    values |= {"ceiling": lot.ceiling if lot else None, "minimum": lot.minimum if lot else None}
    values |= {"counterpart": other.uscc if other else "", CARRY: [each.sha256 for each in tenders.documents(failed)]}
    values |= {
        "stage_of": failed.stage_of.number if failed.stage_of else "",
        "invitees": "\n".join(failed.invitees),
        "reserved_for": failed.reserved_for,
        "bid_bond": failed.bid_bond or None,
        "required_documents": failed.required_documents,
    }
    for setting in template.settings:
        value = _at(failed.formula, setting.path)
        if value is not None:
            values[setting.path] = ",".join(value) if setting.kind == "ties" else value
    places = {row["key"]: f"g{place}" for place, row in enumerate(values.get("groups") or (), 1)}
    if places:  # the form knows groups by their place
        values["criteria"] = [{**row, **({"group": places[row["group"]]} if "group" in row else {})} for row in values.get("criteria") or ()]
    return values


def carry_field(failed: Any) -> forms.Field:
    """Which of the failed tender's documents are attached to the new one at once; more may be attached before publication."""
    choices = [
        (each.sha256, Text(f"{acts.DOCUMENT_KINDS[each.kind].zh}：{each.title}（{size_text(each.size)}）",
                           f"{acts.DOCUMENT_KINDS[each.kind].en}: {each.title} ({size_text(each.size)})"))
        for each in tenders.documents(failed)
    ]  # fmt: skip
    return PickManyField(
        label=Text("沿用原项目的文件", "Take over these documents"),
        help_text=Text("招标失败的原因在文件里的，请取消勾选，改好后在发布公告之前重新上传。",
                       "Where a document was the cause of the failure, leave it out and attach a better one before publication."),
        choices=choices,
        required=False,
    )  # fmt: skip


def carry(actor: Actor, failed: Any, number: str, chosen: list[str], request_key: str) -> None:
    """Attach the chosen documents of the failed tender to the new one: each an act of its own."""
    wanted = [each for each in tenders.documents(failed) if each.sha256 in chosen]
    for place, each in enumerate(wanted):
        acts.attach_document(
            actor=actor, tender=number, kind=each.kind, title=each.title, filename=each.filename,
            content=files.Stored(each.sha256, each.size, each.media_type), request_key=f"{request_key}-d{place}",
        )  # fmt: skip


def beside(failed: Any) -> dict[str, Any]:
    """What stands beside the form: why the tender failed, and the earliest lawful dates if the notice went out today."""
    return {"failed": failed, "failure": failures.failure_of(failed), "proposals": tender_publish.proposals(failed)}


def _at(base: Any, path: str) -> Any:
    for part in path.split("."):
        base = base.get(part) if isinstance(base, dict) else None
    return base
