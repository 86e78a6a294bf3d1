"""Enter a tender (进场登记): first the procedure and the evaluation formula, then one form with everything else."""

from __future__ import annotations

import secrets
from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from yiwang.desks import wording
from yiwang.desks.access import actor_of, signed_in
from yiwang.desks.buyer import entry_fields, formula_fields, retender
from yiwang.desks.criteria import CriteriaField
from yiwang.desks.fields import DecimalTextField, LineField, PickField, ProseField, WholeField, YuanField
from yiwang.desks.frame import desk
from yiwang.desks.screens import done, request_key
from yiwang.kernel import formula_book, moment, procedure_versions, procedures
from yiwang.kernel.clock_count import day_of
from yiwang.kernel.errors import NotVisible, YiwangError
from yiwang.kernel.rules import limit
from yiwang.kernel.text import Text
from yiwang.kernel.verdict import Reason
from yiwang.modules.evidence import permits, registry
from yiwang.modules.evidence import selectors as evidence
from yiwang.modules.evidence.actors import Actor
from yiwang.modules.evidence.door import AlreadyReceived
from yiwang.modules.parties import selectors as parties
from yiwang.modules.tenders import acts, selectors
from yiwang.ui.forms import UiForm, add_reasons

ACT = "tender.enter"

TRACKS = {
    "construction": Text("按招标投标法", "Under the Tendering Law"),
    "gov_procurement": Text("按政府采购法", "Under the Government Procurement Law"),
}

CHOICES = {
    "price.score.benchmark.base": (
        ("mean", Text("有效报价的平均值", "mean of the valid quotes")),
        ("lowest", Text("最低的有效报价", "the lowest valid quote")),
        ("second_lowest", Text("次低的有效报价", "the second lowest valid quote")),
    ),
    "price.stacking": (
        ("multiplicative", Text("逐项相乘", "multiplied")),
        ("additive", Text("相加", "added")),
    ),
}
TIES = (
    ("reported", Text("并列，由评标委员会说明", "they rank equal; the committee reports it")),
    ("lower_price,reported", Text("报价低的在前，仍相同则并列", "the lower price first; else equal")),
    ("drawn", Text("抽签决定", "by drawing lots")),
    ("earlier,reported", Text("先递交的在前", "the earlier bid first")),
)


@signed_in
def page(request: HttpRequest) -> HttpResponse:
    """Show the choice of procedure and formula, or the entry form; enter the tender on POST."""
    actor, row = actor_of(request), registry.row_of(ACT)
    if not permits.role_for(row, actor, None):
        raise NotVisible
    chosen = _chosen(request)
    if chosen is None:
        return _render(request, "desks/buyer/tender_choose.html", {"tracks": _offers()})
    procedure, template = chosen
    failed = retender.failed_of(request, actor)
    form = _form(request, actor, procedure, template, again=failed is not None)
    if failed is not None:
        form.fields[retender.CARRY] = retender.carry_field(failed)
        form.initial = retender.initial(actor, failed, template)
    if request.method == "POST" and form.is_valid():
        try:
            tender = _enter(request, actor, chosen, form.cleaned_data, failed)
        except AlreadyReceived as repeated:
            return redirect("desk:receipt", repeated.act.pk)
        except YiwangError as error:
            add_reasons(form, error)
        else:
            return done(request, tender.number, ACT, evidence.latest_of(actor, ACT))
    more = {
        "form": form, "groups": _groups(form, template), "procedure": procedure, "template": template, "coming": _coming(procedure),
        "back_url": reverse("desk:tender_enter"), "request_key": request.POST.get("request_key") or secrets.token_hex(16),
    }  # fmt: skip
    more |= retender.beside(failed) if failed is not None else {}
    return _render(request, "desks/buyer/tender_enter.html", more, status=422 if form.is_bound else 200)


def _render(request: HttpRequest, template: str, more: dict[str, Any], status: int = 200) -> HttpResponse:
    row = registry.row_of(ACT)
    frame = desk(request, current="desk:tender_enter", crumbs=((wording.capital(row.name), ""),))
    return render(request, template, {**frame, "row": row, **more}, status=status)


def _offers() -> list[tuple[Text, list[dict[str, Any]]]]:
    """The procedures under the law that they follow, each with its sentence, an article and its formulas."""
    found: dict[str, list[dict[str, Any]]] = {track: [] for track in TRACKS}
    for procedure in _laws():
        found[procedure.track].append(
            {
                "procedure": procedure,
                "coming": _coming(procedure),
                "objects": [acts.CATEGORIES[each] for each in procedure.objects],
                "formulas": [formula_book.template(each.id) for each in procedure.formulas],
                "after": [procedures.load(each).name for each in entry_fields.always_after(procedure)],
            }
        )
    return [(TRACKS[track], offers) for track, offers in found.items() if offers]


def _laws() -> list[procedures.Procedure]:
    """The procedures that can be chosen, each in the version under which a tender begins today."""
    today = day_of(moment.now())
    return [procedure_versions.on(each.id, today) for each in selectors.entry_procedures()]


def _coming(procedure: procedures.Procedure) -> Reason | None:
    """The announcement that another version will apply soon; None when none will."""
    reasons = procedure_versions.coming(procedure.id, day_of(moment.now())).reasons
    return reasons[0] if reasons else None


def _chosen(request: HttpRequest) -> tuple[procedures.Procedure, formula_book.FormulaTemplate] | None:
    wanted = request.GET.get("procedure", ""), request.GET.get("formula", "")
    for procedure in _laws():
        for each in procedure.formulas:
            if (procedure.id, each.id) == wanted:
                return procedure, formula_book.template(each.id)
    return None


class EntryForm(UiForm, forms.Form):
    """What every entry asks; the formula's settings and the counterpart are added by :func:`_form`."""

    title = LineField(label=Text("项目名称", "Title"), most=300)
    budget = YuanField(label=Text("预算金额", "Budget"))
    ceiling = YuanField(label=Text("最高投标限价", "Ceiling price"), required=False)
    minimum = YuanField(label=Text("最低限价", "Minimum price"), required=False)
    funding = PickField(label=Text("资金来源", "Funding"), choices=wording.FUNDING.items(), initial="government")
    region = LineField(label=Text("项目所在地区", "Region"), required=False, most=100)
    contact = LineField(label=Text("联系人和电话", "Contact person and telephone"), required=False)
    description = ProseField(label=Text("招标内容和范围", "What is tendered"), required=False, rows=4)
    qualification = ProseField(label=Text("投标人资格要求", "Qualification of tenderers"), required=False, rows=4)
    validity_days = WholeField(label=Text("投标有效期（日）", "Bids bind for (days)"), least=30, most=365, initial=90)
    custody_threshold = WholeField(
        label=Text("开标须几位保管人公布密钥", "Custodians needed to open"),
        help_text=Text(
            "任意这么多位保管人一起才能打开投标；少于此数谁也打不开。",
            "This many custodians together open the bids; fewer cannot.",
        ),
        least=2,
        most=9,
        initial=3,
    )
    upload_grace_minutes = WholeField(
        label=Text("补传宽限（分钟）", "Grace for uploads (minutes)"),
        help_text=Text(
            "截止前已登记密封文件摘要的投标，可以在截止后这么久之内传完文件；开标要等到宽限结束。0 表示没有宽限。",
            "A bid whose sealed file's hash was on record before the deadline may finish its upload for so long after it; "
            "the opening waits until then. 0: no grace.",
        ),
        least=0,
        most=limit("NL-15")["most"],
        initial=0,
    )
    joint_bids_allowed = forms.BooleanField(
        required=False,
        label=Text("接受联合体投标", "Joint bids are accepted"),
        help_text=Text(
            "招标公告必须载明是否接受。不勾选时，联合体的投标开标后一律无效（实施条例第37条）。",
            "The notice must say so. Where they are not accepted, a joint bid is invalid (实施条例 第37条).",
        ),
    )


def _form(
    request: HttpRequest,
    actor: Actor,
    procedure: procedures.Procedure,
    template: formula_book.FormulaTemplate,
    *,
    again: bool = False,
) -> EntryForm:
    form = EntryForm(request.POST) if request.method == "POST" else EntryForm()
    added = {"category": _category(procedure), "counterpart": _counterpart(actor), **_settings(template)}
    form.fields = {**form.fields, **added, **entry_fields.added(procedure, actor, again=again)}
    if procedure.track == "gov_procurement":  # bought with public funds only (政府采购法 第2条)
        form.fields["funding"] = PickField(
            label=Text("资金来源", "Funding"), choices=[("government", wording.FUNDING["government"])], initial="government"
        )
    if "minimum" not in (template.base.get("price") or {}):
        form.fields.pop("minimum")
    return form


def _groups(form: EntryForm, template: formula_book.FormulaTemplate) -> list[tuple[Text, list[Any]]]:
    """The form's fields under headings."""
    settings = [setting.path for setting in template.settings]
    named = (
        (
            Text("项目", "The tender"),
            ["title", "category", "counterpart", "region", "contact", "description", "qualification"],
        ),
        (Text("资金", "Money"), ["funding", "budget", "ceiling", "minimum"]),
        *entry_fields.GROUPS,
        (Text(f"评标办法：{template.name.zh}", f"Evaluation: {template.name.en}"), settings),
        (Text("投标与开标", "Bids and opening"), ["validity_days", "custody_threshold", "upload_grace_minutes", "joint_bids_allowed"]),
        (Text("招标文件", "Documents"), [retender.CARRY]),
    )
    groups = [(title, [form[name] for name in names if name in form.fields]) for title, names in named]
    return [(title, fields) for title, fields in groups if fields]


def _category(procedure: procedures.Procedure) -> forms.Field:
    choices = [(each, acts.CATEGORIES[each]) for each in procedure.objects]
    return PickField(label=Text("类别", "Category"), choices=choices, initial=choices[0][0], radio=len(choices) > 1)


def _counterpart(actor: Actor) -> forms.Field:
    own = actor.organisation.kind if actor.organisation else ""
    wanted, label = ("buyer", Text("招标人（委托人）", "Buyer whom you act for")) if own == "agency" else (
        "agency", Text("招标代理机构", "Tendering agency"))  # fmt: skip
    found = parties.organisations().filter(kind=wanted)
    none = Text("请选择", "choose") if own == "agency" else Text("自行招标，没有代理", "none: we tender ourselves")
    choices = [("", none), *((each.uscc, f"{each.name}（{each.uscc}）") for each in found)]
    return PickField(label=label, choices=choices, required=own == "agency")


def _settings(template: formula_book.FormulaTemplate) -> dict[str, forms.Field]:
    """One field per setting of the formula that a form can hold; the others keep the formula's own values."""
    found: dict[str, forms.Field] = {}
    for setting in template.settings:
        field = _setting(setting, _value(template.base, setting.path), template)
        if field is not None:
            found[setting.path] = field
    return found


def _setting(setting: formula_book.Setting, value: Any, template: formula_book.FormulaTemplate) -> forms.Field | None:
    if setting.kind == "decimal":
        return DecimalTextField(label=setting.name, initial=value, required=setting.required or value is not None)
    if setting.kind == "choice" and setting.path in CHOICES:
        return PickField(label=setting.name, choices=CHOICES[setting.path], initial=value)
    if setting.kind == "ties":
        return PickField(label=setting.name, choices=TIES, initial=",".join(value or ("reported",)))
    if setting.kind == "criteria":
        hint = Text(
            "价格分与各项满分相加应等于总分；不用的行留空。",
            "Price score and full marks add up to the total; leave rows empty that you do not need.",
        )
        return CriteriaField(label=setting.name, initial=value, required=False, help_text=hint, more=formula_fields.columns(template))
    found = formula_fields.field_of(setting.path, setting.name)
    if found is not None and setting.path in (formula_fields.TRIM, formula_fields.GROUPS):
        found.initial = value
    return found


def _value(base: Any, path: str) -> Any:
    for part in path.split("."):
        base = base.get(part) if isinstance(base, dict) else None
    return base


def _enter(
    request: HttpRequest,
    actor: Actor,
    chosen: tuple[procedures.Procedure, formula_book.FormulaTemplate],
    data: dict[str, Any],
    failed: Any,
) -> Any:
    procedure, template = chosen
    settings = {
        path: data[path] for path in (each.path for each in template.settings) if data.get(path) not in (None, "")
    }
    if "ties" in settings:
        settings["ties"] = settings["ties"].split(",")
    plain = {name: data[name] for name in EntryForm.base_fields if name in data and name not in ("ceiling", "minimum")}
    key = request_key(request)
    entered = acts.enter(
        actor=actor,
        **plain,
        category=data["category"],
        counterpart=data["counterpart"],
        ceiling=data.get("ceiling"),
        minimum=data.get("minimum"),
        procedure=procedure.id,
        formula=template.formula(formula_fields.settled(settings)),
        **entry_fields.arguments(data),
        retender_of=failed.number if failed is not None else "",
        request_key=key,
    )
    if failed is not None:
        retender.carry(actor, failed, entered.number, data[retender.CARRY], key)
    return entered
