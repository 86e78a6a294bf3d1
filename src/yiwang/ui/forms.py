"""Forms: one look for every Django form, errors with rule and article, an error summary that links to its fields.

``class OfferForm(UiForm, forms.Form)``; in the page ``{% form form submit="…" %}``. Reasons of the kernel go onto
the form with :func:`add_reasons`.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.forms.boundfield import BoundField
from django.forms.renderers import DjangoTemplates, TemplatesSetting
from django.template import TemplateDoesNotExist

from yiwang.kernel.errors import YiwangError
from yiwang.kernel.text import Text
from yiwang.kernel.verdict import Reason
from yiwang.ui.shapes import Words


class UiRenderer(TemplatesSetting):
    """Renders whole forms and field groups with our templates, and widgets with Django's own."""

    form_template_name = "ui/form/fields.html"
    field_template_name = "ui/form/field.html"

    def get_template(self, template_name: str) -> Any:
        """The project's template; Django's built-in one when ``django.forms`` is not an installed app."""
        try:
            return super().get_template(template_name)
        except TemplateDoesNotExist:
            return _built_in().get_template(template_name)


@lru_cache(maxsize=1)
def _built_in() -> DjangoTemplates:
    """One for all forms: it keeps the templates that it has read."""
    return DjangoTemplates()


CHOOSERS = (forms.Select, forms.RadioSelect, forms.SelectMultiple, forms.CheckboxSelectMultiple, forms.FileInput)


def _missing(name: str, field: forms.Field) -> Text:
    """What to say when a required field is empty."""
    if isinstance(field.widget, forms.CheckboxInput):
        return Text("请先勾选这一项", "Tick this box to go on")
    label = field.label if field.label is not None else name
    zh, en = (label.zh, label.en) if isinstance(label, Text) else (str(label), str(label))
    if isinstance(field.widget, CHOOSERS):
        return Text(f"请选择{zh}", f"Choose: {en}")
    return Text(f"请填写{zh}", f"Fill in: {en}")


class UiForm(forms.BaseForm):
    """Mixin: put it before ``forms.Form`` or ``forms.ModelForm``.

    Labels, help texts and choice labels may be Text. ``optional`` fields are marked as such in the label, required
    ones with the word 必填. The browser's own bubbles are off: the summary says it better and loses nothing.
    """

    default_renderer = UiRenderer

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, field in self.fields.items():
            if field.required and "required" in field.error_messages:
                # Django's own sentence does not name the field; in a summary at the top of the page it must.
                field.error_messages = {**field.error_messages, "required": _missing(name, field)}


class ReasonError(ValidationError):
    """A validation error that keeps the kernel's Reason, so that article and remedy can be shown apart."""

    def __init__(self, reason: Reason) -> None:
        super().__init__(reason.message, code=reason.code)
        self.reason = reason


def add_reasons(form: forms.BaseForm, reasons: Iterable[Reason] | YiwangError) -> None:
    """Put reasons (or the error that carries them) onto the fields they name, else onto the form as a whole.

    A reason for ``lots[2].price`` goes to the field ``price`` or ``lots`` when the form has one.
    """
    _ = form.errors  # cleans the form if that has not happened yet; add_error needs its result
    for reason in reasons.reasons if isinstance(reasons, YiwangError) else reasons:
        ends = (reason.field, reason.field.rpartition(".")[2], reason.field.partition("[")[0].partition(".")[0])
        form.add_error(next((end for end in ends if end in form.fields), None), ReasonError(reason))


@dataclass(frozen=True, slots=True)
class Fault:
    """One error as shown: what is wrong, which article, what passes, from when it would pass.

    ``names_field`` is True when the message already says which field it is about.
    """

    message: Words
    article: str = ""
    passes: Words = ""
    after: datetime | None = None
    names_field: bool = False


def faults_of(errors: Any) -> list[Fault]:
    """The faults in a Django ErrorList."""
    found: list[Fault] = []
    for error in errors.as_data():
        reason = getattr(error, "reason", None)
        if reason:
            found.append(Fault(reason.message, reason.article, reason.passes or "", reason.after))
        else:
            ours = isinstance(error.message, Text)  # a Text is whole: Django would fill its % places, and fail
            messages = [error.message] if ours else error.messages
            found.extend(Fault(message, names_field=ours and error.code == "required") for message in messages)
    return found


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of the error summary: ``target`` is the id of the field, empty for the form as a whole."""

    target: str
    label: Words
    fault: Fault


def _target(bound: BoundField) -> str:
    """The id to jump to; the first choice of a group, since the group itself takes no focus."""
    if bound.use_fieldset and bound.subwidgets:
        return str(bound.subwidgets[0].data["attrs"].get("id", "")) or bound.auto_id
    return bound.id_for_label or bound.auto_id


def summary_of(form: Any) -> list[Entry]:
    """Every fault of a form in the order of its fields; the form's own faults first."""
    if not form.is_bound or not form.errors:
        return []
    entries = [Entry("", "", fault) for fault in faults_of(form.non_field_errors())]
    for bound in form:
        if bound.errors:
            entries.extend(
                Entry(_target(bound), "" if fault.names_field else bound.label, fault)
                for fault in faults_of(bound.errors)
            )
    return entries


@dataclass(frozen=True, slots=True)
class FieldView:
    """What the field template needs to know of a bound field."""

    bound: BoundField
    shape: str
    faults: list[Fault]
    required: bool
    choose_again: bool


def view_of(bound: BoundField) -> FieldView:
    """The view of one bound field: ``shape`` is ``group``, ``check``, ``file`` or ``line``."""
    widget = bound.field.widget
    if isinstance(widget, forms.CheckboxInput):
        shape = "check"
    elif bound.use_fieldset:
        shape = "group"
    elif isinstance(widget, forms.FileInput):
        shape = "file"
    else:
        shape = "line"
    again = shape == "file" and bound.form.is_bound and bool(bound.form.errors)
    return FieldView(bound, shape, faults_of(bound.errors), bound.field.required, again)
