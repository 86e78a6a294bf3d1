"""Page: the center's calendar as the center keeps it: staff a rest day, announce a closure, withdraw an entry."""

from __future__ import annotations

import secrets
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from yiwang.desks.access import actor_of, only_duty, signed_in
from yiwang.desks.fields import LineField, ProseField
from yiwang.desks.frame import desk
from yiwang.desks.screens import request_key
from yiwang.kernel import moment
from yiwang.kernel.clock_count import day_of
from yiwang.kernel.errors import YiwangError
from yiwang.kernel.text import Text
from yiwang.modules.evidence import permits, registry
from yiwang.modules.evidence.actors import Actor
from yiwang.modules.evidence.door import AlreadyReceived
from yiwang.modules.venues import acts, selectors
from yiwang.ui.forms import UiForm, add_reasons

TITLE = Text("中心日历", "The center's calendar")
_WRONG_DAY = Text("请填写日期，例如 2026-10-03", "Give a day, e.g. 2026-10-03")
_WRONG_TIME = Text("请填写时间，例如 09:00", "Give a time, e.g. 09:00")


class DayField(forms.DateField):
    """A day."""

    def __init__(self, **options: Any) -> None:
        widget = forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"})
        super().__init__(widget=widget, error_messages={"invalid": _WRONG_DAY}, **options)


class HourField(forms.TimeField):
    """A time of day."""

    def __init__(self, **options: Any) -> None:
        widget = forms.TimeInput(format="%H:%M", attrs={"type": "time"})
        super().__init__(widget=widget, error_messages={"invalid": _WRONG_TIME}, **options)


class StaffForm(UiForm, forms.Form):
    """A rest day on which the center is open."""

    day = DayField(label=Text("休息日", "Rest day"))
    starts = HourField(label=Text("开始", "From"), initial="09:00")
    ends = HourField(label=Text("结束", "To"), initial="17:00")
    people = ProseField(rows=3, most=500, label=Text("值班人员", "On duty"), help_text=Text("一行一个姓名，不公开", "One name a line; not public"))
    phone = LineField(most=40, label=Text("值班电话", "Phone"), help_text=Text("公开", "Public"))
    reason = LineField(most=200, required=False, label=Text("事由", "Reason"))

    def clean_people(self) -> list[str]:
        """One name a line."""
        return [line.strip() for line in self.cleaned_data["people"].splitlines() if line.strip()]


class CloseForm(UiForm, forms.Form):
    """A workday on which the center is closed."""

    day = DayField(label=Text("工作日", "Workday"))
    reason = LineField(most=200, label=Text("原因", "Reason"), help_text=Text("公开", "Public"))


FORMS: dict[str, tuple[type[forms.Form], Any]] = {"staff": (StaffForm, acts.staff), "close": (CloseForm, acts.close)}


@signed_in
def page(request: HttpRequest) -> HttpResponse:
    """Both forms and the entries that stand; a POST does the act that its button names."""
    actor = actor_of(request)
    only_duty(actor, "center")
    shown = {name: kind(prefix=name) for name, (kind, _) in FORMS.items()}
    failed = False
    if request.method == "POST":
        doing = request.POST.get("do", "")
        try:
            if doing in FORMS:
                kind, act = FORMS[doing]
                form = shown[doing] = kind(request.POST, prefix=doing)
                if form.is_valid():
                    act(actor=actor, request_key=request_key(request), **form.cleaned_data)
                    return _done(request, f"calendar.{doing}")
                failed = True
            elif request.POST.get("withdraw", "").isdigit():
                acts.withdraw(actor=actor, entry=int(request.POST["withdraw"]), request_key=request_key(request))
                return _done(request, "calendar.withdraw")
        except AlreadyReceived:
            return redirect("desk:calendar_entries")
        except YiwangError as error:
            failed = True
            if doing in FORMS:
                add_reasons(shown[doing], error)
            else:
                messages.error(request, str(error))
    return render(request, "desks/center/calendar_entries.html", _context(request, actor, shown), status=422 if failed else 200)


def _done(request: HttpRequest, act: str) -> HttpResponse:
    name = registry.row_of(act).name
    messages.success(request, str(Text(f"已办理：{name.zh}", f"Done: {name.en}")))
    return redirect("desk:calendar_entries")


def _context(request: HttpRequest, actor: Actor, shown: dict[str, forms.Form]) -> dict[str, Any]:
    now = moment.now()
    row = registry.row_of("calendar.withdraw")
    entries = [
        {"entry": each, "may_withdraw": bool(permits.may(row, actor, each, now))}
        for each in selectors.days(first=day_of(now))
    ]
    return {
        **desk(request, current="desk:calendar_entries", crumbs=((TITLE, ""),)),
        "title": TITLE, "forms": [(registry.row_of(f"calendar.{name}"), name, form) for name, form in shown.items()],
        "entries": entries, "law": selectors.law(), "withdraw": row, "public_url": reverse("public:calendar"),
        "request_key": secrets.token_hex(16),
    }  # fmt: skip
