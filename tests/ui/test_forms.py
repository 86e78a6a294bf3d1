"""Forms: nothing lost, errors with rule and article, a summary that leads to the fields."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from typing import Any

from django import forms
from django.test import Client

from yiwang.kernel.errors import Refused, bad
from yiwang.kernel.text import Text
from yiwang.kernel.verdict import Reason
from yiwang.ui.forms import UiForm, add_reasons, summary_of
from yiwang.ui.language import speaking


class Offer(UiForm, forms.Form):
    price = forms.IntegerField(label=Text("报价", "Price"), help_text=Text("单位：元", "in yuan"))
    kind = forms.ChoiceField(
        label=Text("类型", "Kind"),
        widget=forms.RadioSelect,
        choices=[("a", Text("甲类", "A")), ("b", Text("乙类", "B"))],
    )
    note = forms.CharField(label=Text("备注", "Note"), required=False)
    paper = forms.FileField(label=Text("文件", "File"))


def shown(render: Any, form: forms.BaseForm) -> str:
    return str(render('{% form form submit="密封并提交投标" %}', form=form))


def test_label_hint_and_field_belong_together(render: Any) -> None:
    text = shown(render, Offer())
    assert '<label for="id_price">报价' in text and 'id="id_price_helptext">单位：元' in text
    assert 'aria-describedby="id_price_helptext"' in text and "必填" in text and "选填" in text
    assert "<legend>类型" in text and "甲类" in text and 'enctype="multipart/form-data"' in text
    assert "error-summary" not in text and "密封并提交投标" in text


def test_form_speaks_english(render: Any) -> None:
    with speaking("en"):
        text = shown(render, Offer({"price": "many"}))
    assert "Price" in text and "Enter a whole number." in text and "Choose: Kind" in text
    assert not re.search("[\u4e00-\u9fff]", text.replace("密封并提交投标", ""))


def test_errors_keep_what_was_typed_and_link_to_the_field(render: Any) -> None:
    text = shown(render, Offer({"price": "很多", "note": "留着 <我>"}))
    assert 'value="很多"' in text and "留着 &lt;我&gt;" in text
    assert 'href="#id_price"' in text and 'href="#id_kind_0"' in text and 'id="id_kind_0"' in text
    assert 'aria-describedby="id_price_helptext id_price_error"' in text and 'id="id_price_error"' in text
    assert "有 3 处需要更正" in text and "请选择类型" in text and "请重新选择文件" in text


def test_reasons_go_to_their_fields_with_article_and_remedy(render: Any) -> None:
    form = Offer({"price": "9", "kind": "a"}, {})
    early = Reason(
        "TL-04",
        Text("低于成本", "below cost"),
        "招标投标法 第33条",
        "lots[2].price",
        Text("不低于 10", "10 or more"),
        datetime(2026, 11, 23, 1, 30, tzinfo=UTC),
    )
    add_reasons(form, Refused(early, Reason("state", Text("投标已截止", "bids have closed"))))
    text = shown(render, form)
    assert not form.is_valid()
    assert [entry.target for entry in summary_of(form)] == ["", "id_price", "id_paper"]
    for expected in ("低于成本", "招标投标法 第33条", "可以通过：不低于 10", "09:30 周一", "投标已截止"):
        assert expected in text


def test_bad_input_of_the_kernel_reaches_its_field() -> None:
    form = Offer({"price": "9", "kind": "a"})
    add_reasons(form, bad("kind", "类型不对", "wrong kind"))
    assert [str(error) for error in form.errors["kind"]] == ["类型不对"]


def test_unbound_form_has_no_summary() -> None:
    assert summary_of(Offer()) == []


def test_example_form_returns_422_and_focuses_the_summary(client: Client) -> None:
    page = client.post("/ui/form/", {"title": "沿江东路"})
    text = page.content.decode()
    assert page.status_code == 422 and 'role="alert" tabindex="-1" autofocus' in text
    assert 'value="沿江东路"' in text and "招标投标法 第24条" in text and "2026年12月14日 09:30 或更晚" in text


def test_required_message_does_not_repeat_the_label(render: Any) -> None:
    text = shown(render, Offer({}))
    assert "报价：请填写报价" not in text and ">请填写报价<" in text
