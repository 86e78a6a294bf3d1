"""What is public of a tender's policies and review: the switches, the reasons for terms that stay, and the form that was signed off."""

from __future__ import annotations

from typing import Any

from yiwang.desks.buyer.review import form_rows
from yiwang.desks.public.figures import on_tag
from yiwang.kernel.text import Text
from yiwang.modules.reports import savings
from yiwang.modules.reviews import selectors
from yiwang.ui.tables import Column, Table, table_of


def _policies(tender: Any) -> Table:
    """Every policy with its switch in this tender."""
    columns = [
        Column("policy", Text("政策", "Policy"), head=True, value=lambda each: each.policy.title),
        Column("on", Text("本项目", "In this tender"), "tag", value=lambda each: on_tag(each.on)),
        Column("benefit", Text("惠及金额（元）", "Benefit (yuan)"), "money", value=lambda each: each.benefit),
        Column("article", Text("依据", "Article"), value=lambda each: each.policy.article),
    ]
    return table_of(None, Text("适用的政策", "Policies that apply"), columns, savings.applied(tender), per_page=50)


def of(tender: Any) -> dict[str, Any]:
    """The part of the public page; empty lists while there is nothing."""
    form = selectors.form_of(tender)
    return {"policies": _policies(tender), "reasons": list(selectors.justifications(tender)), "review_form": form, "review_rows": form_rows(form)}
