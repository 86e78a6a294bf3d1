"""Screen: publicise that there shall be a single source, with the experts' opinions."""

from __future__ import annotations

from typing import Any

from django import forms
from django.http import HttpRequest

from yiwang.desks import counts
from yiwang.desks.fields import LineField, MomentField, PickField, ProseField
from yiwang.desks.screens import Screen, register
from yiwang.kernel import moment
from yiwang.kernel.text import Text
from yiwang.modules.evidence.actors import Actor
from yiwang.modules.negotiations import law, source_acts
from yiwang.modules.negotiations.source_rules import OPINION, PERIOD
from yiwang.ui.forms import UiForm

EXPERTS = 3
LABELS = {
    "name": Text("姓名", "Name"),
    "employer": Text("工作单位", "Employer"),
    "title": Text("职称", "Title"),
    "opinion": Text("论证意见", "Opinion"),
}


class SourceForm(UiForm, forms.Form):
    """Supplier, ground, reason, opinions, and until when objections are taken."""

    supplier = LineField(most=18, label=Text("供应商的统一社会信用代码", "The supplier's credit code"))
    reason = ProseField(rows=5, label=Text("采用单一来源方式的原因", "Why there is one source only"))
    ends = MomentField(label=Text("公示截止时间", "Public until"))

    def parts(self) -> list[tuple[Text | None, list[Any]]]:
        """The fields as the page groups them: each expert's opinion stands together."""
        experts = [
            (Text(f"专业人员 {number}", f"Expert {number}"), [self[f"{name}_{number}"] for name in OPINION])
            for number in range(1, EXPERTS + 1)
        ]
        return [(None, [self["supplier"], self["ground"], self["reason"]]), *experts, (None, [self["ends"]])]


def _proposal(tender: Any) -> counts.Proposal:
    label = Text("最早的公示截止时间", "Earliest end of the publicity")
    return counts.proposal(tender, PERIOD, moment.now() + counts.SLACK, label, at=None)


def make_form(*args: Any, actor: Actor, tender: Any) -> SourceForm:
    """The form with the law's grounds and room for the opinions."""
    form = SourceForm(*args, initial={"ends": _proposal(tender).minute})
    grounds = PickField(label=Text("情形", "Ground"), choices=list(law.named("single_source").items()), radio=True)
    opinions = {
        f"{name}_{number}": (ProseField(rows=3, required=False, label=LABELS[name]) if name == "opinion"
                             else LineField(required=False, label=LABELS[name]))
        for number in range(1, EXPERTS + 1)
        for name in OPINION
    }  # fmt: skip
    form.fields = {"supplier": form.fields["supplier"], "ground": grounds, "reason": form.fields["reason"], **opinions,
                   "ends": form.fields["ends"]}  # fmt: skip
    return form


def perform(actor: Actor, number: str, data: dict[str, Any], extra: dict[str, Any]) -> Any:
    """Publicise it."""
    opinions = [{name: data.get(f"{name}_{each}", "") for name in OPINION} for each in range(1, EXPERTS + 1)]
    return source_acts.publicise(
        actor=actor, tender=number, supplier=data["supplier"].strip().upper(), ground=data["ground"], reason=data["reason"],
        ends=data["ends"], opinions=[row for row in opinions if any(value.strip() for value in row.values())], **extra,
    )  # fmt: skip


def context(request: HttpRequest, tender: Any) -> dict[str, Any]:
    """How the days are counted."""
    return {"proposals": [_proposal(tender)]}


register(
    Screen(
        "source.publicise",
        perform,
        make_form=make_form,
        template="desks/buyer/source_publicise.html",
        context=context,
        intro=Text(
            "公示拟采用单一来源方式的原因、供应商和专业人员论证意见，不少于五个工作日；异议不成立才能邀请供应商。",
            "Reason, supplier and opinions are public for at least five working days; the supplier is invited only if no objection is upheld.",
        ),
    )
)
