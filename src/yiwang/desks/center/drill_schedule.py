"""Page: the center schedules a drill of custody."""

from __future__ import annotations

import secrets
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from yiwang.desks.access import actor_of, only_duty, signed_in
from yiwang.desks.fields import LineField, MomentField, PickManyField, WholeField
from yiwang.desks.frame import desk
from yiwang.desks.screens import request_key
from yiwang.kernel import moment
from yiwang.kernel.errors import YiwangError
from yiwang.kernel.text import Text
from yiwang.modules.evidence import registry
from yiwang.modules.evidence.door import AlreadyReceived
from yiwang.modules.openings import drill_acts, selectors
from yiwang.modules.openings.custody_law import custody_law
from yiwang.modules.parties import selectors as parties
from yiwang.ui.forms import UiForm, add_reasons


class DrillForm(UiForm, forms.Form):
    """Who takes part and when."""

    custodians = PickManyField(label=Text("保管人", "Custodians"), choices=())
    opens = MomentField(label=Text("演练时刻", "Moment of the drill"))
    threshold = WholeField(label=Text("几位公布算够数", "How many releases are enough"), least=2, most=9)
    note = LineField(most=200, required=False, label=Text("说明", "Note"),
                     help_text=Text("例如：演练用恢复单公布", "E.g. this time with the recovery sheet"))  # fmt: skip

    def __init__(self, *args: Any) -> None:
        law = custody_law()
        people = [each for each in parties.people_with_duty("custodian") if each.organisation]
        usual = [each.username for each in people[: law.usual]]
        super().__init__(*args, initial={"threshold": law.needed, "custodians": usual})
        self.fields["custodians"].choices = [(each.username, f"{each.name}（{each.organisation}）") for each in people]  # type: ignore[attr-defined]


@signed_in
def page(request: HttpRequest) -> HttpResponse:
    """The form; a POST schedules."""
    actor = actor_of(request)
    only_duty(actor, "center")
    form = DrillForm(request.POST) if request.method == "POST" else DrillForm()
    if request.method == "POST" and form.is_valid():
        try:
            drill = drill_acts.schedule(actor=actor, request_key=request_key(request), **form.cleaned_data)
            messages.success(request, str(Text("演练已安排，已通知各位保管人", "The drill is scheduled; its custodians are told")))
            return redirect("custody:drill", drill.number)
        except AlreadyReceived:
            return redirect("custody:drills")
        except YiwangError as error:
            add_reasons(form, error)
    row = registry.row_of("drill.schedule")
    crumbs = ((Text("保管演练", "Drills of custody"), reverse("custody:drills")), (row.name, ""))
    context = {**desk(request, current="custody:drills", crumbs=crumbs), "form": form, "row": row, "law": custody_law().drill,
               "overdue": selectors.drill_overdue(moment.now()),
               "request_key": request.POST.get("request_key") or secrets.token_hex(16)}  # fmt: skip
    return render(request, "desks/center/drill_schedule.html", context, status=422 if form.is_bound else 200)
