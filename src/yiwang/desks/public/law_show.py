"""The law as the system knows it: every procedure step by step, every rule with its article and worked examples."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse

from yiwang.desks import wording
from yiwang.kernel import own_law, procedures, rules
from yiwang.kernel.errors import NotVisible
from yiwang.kernel.procedures import ProcedureStep
from yiwang.kernel.text import Text
from yiwang.modules.evidence.actors import ROLES
from yiwang.ui.shapes import Link, Tag

KINDS = {
    "clock": Text("期限", "Periods"),
    "limit": Text("数量与比例", "Numbers and shares"),
    "committee": Text("评标委员会", "Committees"),
    "formula": Text("评标办法", "Ways to rank bids"),
    "correction": Text("报价修正", "Corrections of prices"),
    "publicity": Text("何时公开", "What becomes public when"),
}
STAGES = {
    "at_once": Text("办理时", "at once"),
    "opening": Text("开标时起", "from the opening"),
    "publicity": Text("公示时起", "from the publicity"),
    "award": Text("定标时起", "from the award"),
    "contract": Text("合同登记时起", "from the contract"),
    "archive": Text("归档时起", "from the archiving"),
    "never": Text("不公开", "never"),
}
STEP_KINDS = {
    "main": Text("必经", "always"),
    "optional": Text("可能发生", "may happen"),
    "side": Text("另须办理", "beside the main line"),
}


@dataclass(frozen=True)
class StepRow:
    """One step of a procedure as the page shows it."""

    step: ProcedureStep
    actors: Text
    kind: Text
    public: Text


def law(request: HttpRequest) -> HttpResponse:
    """All procedures and rules."""
    pages = rules.all_rules()
    groups = [(kind, name, [page for page in pages if page.kind == kind]) for kind, name in KINDS.items()]
    context = {"procedures": procedures.all_procedures(), "groups": groups, "count": len(pages)}
    return render(request, "desks/public/law.html", context)


def procedure(request: HttpRequest, procedure: str) -> HttpResponse:
    """One procedure: its steps, who acts, which periods run, what becomes public when."""
    if procedure not in procedures.ids():
        raise NotVisible
    found = procedures.load(procedure)
    context = {
        "procedure": found,
        "own": bool(own_law.documents(found.id, found.version)),
        "steps": [_row(step) for step in found.steps],
        "formulas": [(each.id, wording.formula_name({"id": each.id})) for each in found.formulas],
        "branches": [_row(step) for step in found.branches],
        "breadcrumbs": [_law(), Link(found.name)],
    }
    return render(request, "desks/public/procedure.html", context)


def rule(request: HttpRequest, rule: str) -> HttpResponse:
    """One rule."""
    found = next((page for page in rules.all_rules() if page.id == rule), None)
    if found is None:
        raise NotVisible
    context = {
        "rule": found,
        "kind": KINDS[found.kind],
        "hard_tag": Tag(Text("必须遵守", "it blocks"), "final"),
        "soft_tag": Tag(Text("仅作提醒", "it only warns"), "neutral"),
        "users": [procedures.load(name) for name in found.procedures],
        "breadcrumbs": [_law(), Link(found.id)],
    }
    return render(request, "desks/public/rule.html", context)


def _law() -> Link:
    return Link(Text("规则与期限", "Rules and periods"), reverse("public:law"))


def _row(step: ProcedureStep) -> StepRow:
    names: list[Any] = [ROLES[code].name for code in step.actors]
    actors = Text("、".join(name.zh for name in names), ", ".join(name.en for name in names))
    return StepRow(step, actors, STEP_KINDS.get(step.kind, Text(step.kind, step.kind)), STAGES[step.public])
