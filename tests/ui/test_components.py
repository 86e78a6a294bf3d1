"""Each component: what it shows, that it escapes, and that state is told by words."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.test import RequestFactory

from yiwang.kernel.moment import clock_at
from yiwang.kernel.text import Text
from yiwang.kernel.transitions import Transition
from yiwang.kernel.verdict import no
from yiwang.ui import icons, samples, shapes
from yiwang.ui.language import speaking
from yiwang.ui.shapes import Fact, File, Person, Possible, Seal, Step, Tag
from yiwang.ui.tables import Column, table_of

NOW = datetime(2026, 11, 23, 1, 30, tzinfo=UTC)
EVIL = "<script>alert(1)</script>"


def test_timeline_tells_state_by_word_and_marks_now(render: Any) -> None:
    text = render("{% timeline steps %}", steps=samples.steps(NOW))
    assert text.count('aria-current="step"') == 1
    assert text.count("已完成") == 3 and text.count("正在进行") == 1 and text.count("尚未到") == 5
    assert "招标投标法 第24条" in text and "第 48213 号" in text and "2026年11月2日 09:30 周一" in text


def test_timeline_shows_days_without_a_clock_time(render: Any) -> None:
    text = render("{% timeline steps %}", steps=[Step("公示", "next", NOW.date(), NOW.date() + timedelta(days=3))])
    assert "2026年11月23日 周一" in text and "至 <time" in text and "00:00" not in text


def test_components_take_dicts_as_well(render: Any) -> None:
    text = render(
        "{% timeline steps %}{% seal_mark seal %}",
        steps=[{"name": "开标", "state": "skipped"}],
        seal={"index": 5, "act": "开标"},
    )
    assert "未发生" in text and "第 5 号" in text


def test_unknown_state_or_kind_is_a_mistake(render: Any) -> None:
    with pytest.raises(KeyError):
        render("{% timeline steps %}", steps=[{"name": "x", "state": "nonsense"}])
    with pytest.raises(KeyError):
        render('{% tag "x" "nonsense" %}')
    with pytest.raises(KeyError):
        render('{% icon "nonsense" %}')


@pytest.mark.parametrize(
    ("source", "context"),
    [
        ("{% timeline x %}", {"x": [Step(EVIL, "now", who=EVIL, article=EVIL, note=EVIL)]}),
        ("{% next_step x %}", {"x": [Possible(EVIL, "/", note=EVIL)]}),
        ("{% facts x %}", {"x": [Fact(EVIL, EVIL, note=EVIL)]}),
        ("{% tag x %}", {"x": Tag(EVIL)}),
        ("{% file_list x %}", {"x": [File(EVIL, sha256=EVIL, note=EVIL)]}),
        ("{% person_chip x %}", {"x": Person(EVIL, EVIL, EVIL)}),
        ("{% seal_mark x %}", {"x": Seal(1, EVIL, entry_hash=EVIL)}),
        ("{% empty x x %}", {"x": EVIL}),
        ("{% notice 'warn' x %}{{ x }}{% endnotice %}", {"x": EVIL}),
        ("{% card x %}{{ x }}{% endcard %}", {"x": EVIL}),
        ("{% progress x 1 2 %}", {"x": EVIL}),
        ("{% copy x %}", {"x": EVIL}),
        ("{% qr x %}", {"x": EVIL}),
        ("{% table x %}", {"x": table_of(None, EVIL, [Column("a", EVIL)], [{"a": EVIL}])}),
    ],
)
def test_components_escape(render: Any, source: str, context: dict[str, object]) -> None:
    text = render(source, **context)
    assert EVIL not in text and "&lt;script&gt;" in text


def test_next_step_and_why_not_come_from_the_table(render: Any) -> None:
    row = Transition(
        "tender.open",
        Text("开标", "Open the bids"),
        "tender",
        ("center",),
        ("closed",),
        articles=("招标投标法 第34条",),
    )
    refused = no("state", Text("投标尚未截止", "bids have not closed"), article="招标投标法 第34条", after=NOW)
    text = render(
        "{% next_step a %}{% why_not b %}", a=[shapes.possible(row, "/open", NOW)], b=[shapes.blocked(row, refused)]
    )
    assert '<a class="button" href="/open"><span>开标</span>' in text and "须在 <time" in text
    assert "投标尚未截止" in text and "起可以办" in text
    with speaking("en"):
        assert "bids have not closed" in render("{% why_not b %}", b=[shapes.blocked(row, refused)])


def test_no_next_step_says_so(render: Any) -> None:
    assert "此刻没有需要您办的事" in render("{% next_step a %}", a=[])
    assert render("{% why_not b %}", b=[]).strip() == ""


def test_receipt_gives_all_that_checking_needs(render: Any) -> None:
    text = render("{% receipt r %}", r=samples.receipt(NOW))
    assert "binhai/51876" in text and samples.HASH in text and "如何核对" in text and "48.2 MB" in text


def test_seal_of_something_not_public_says_so(render: Any) -> None:
    assert "依法尚未公开" in render("{% seal_mark s %}", s=samples.seal(NOW, disclosed=False))
    assert render("{% seal_mark s %}", s=None).strip() == ""


def test_masked_person_never_shows_the_name(render: Any) -> None:
    text = render("{% person_chip p %}", p=Person("秘密姓名", "评标专家", "某研究院", masked=True))
    assert "秘密姓名" not in text and "某研究院" not in text and "姓名依法暂不公开" in text


def test_countdown_counts_by_the_kernels_clock(render: Any) -> None:
    with clock_at(NOW):
        text = render("{% countdown t %}", t=NOW + timedelta(hours=2, minutes=5))
    assert (
        "还剩 2 小时 5 分" in text
        and 'data-until="2026-11-23T03:35:00Z"' in text
        and 'data-now="2026-11-23T01:30:00Z"' in text
    )


def test_notice_has_word_and_shape(render: Any) -> None:
    for kind, word in (("info", "提示"), ("warn", "注意"), ("error", "错误"), ("success", "已完成")):
        text = render(f'{{% notice "{kind}" %}}<p>x</p>{{% endnotice %}}')
        assert word in text and "<svg" in text and f"notice-{kind}" in text
    assert 'role="alert"' in render('{% notice "error" %}x{% endnotice %}')


def test_absent_bundle_is_told_and_present_one_loaded(render: Any) -> None:
    text = render('{% bundle "no-such-module" %}')
    assert "<script" not in text and "命令行工具" in text


def test_qr_has_no_inline_style(render: Any) -> None:
    text = render('{% qr "http://127.0.0.1/t/1" %}')
    assert "<svg" in text and "style=" not in text and 'role="img"' in text


def test_every_icon_is_hidden_from_assistive_technology() -> None:
    assert all('aria-hidden="true"' in icons.icon_svg(name) for name in icons.LINES)


def rows() -> list[dict[str, Any]]:
    return [{"n": f"row{number}", "price": price} for number, price in enumerate((300, 100, None, 200))]


COLUMNS = [Column("n", "名", head=True), Column("price", "价", "money", sort=True)]


def names(query: str, **more: Any) -> list[str]:
    table = table_of(RequestFactory().get(f"/t{query}"), "表", COLUMNS, rows(), **more)
    return [str(row[0].html) for row in table.rows]


def test_table_orders_with_absent_values_last() -> None:
    assert names("?sort=price") == ["row1", "row3", "row0", "row2"]
    assert names("?sort=-price") == ["row0", "row3", "row1", "row2"]


def test_table_ignores_columns_that_may_not_be_sorted() -> None:
    assert names("?sort=n") == names("?sort=password") == names("") == ["row0", "row1", "row2", "row3"]


def test_table_pages_are_lenient_and_keep_the_rest_of_the_address() -> None:
    assert names("?page=2", per_page=3) == ["row3"]
    assert names("?page=nonsense", per_page=3) == ["row0", "row1", "row2"]
    table = table_of(RequestFactory().get("/t?q=甲&page=2"), "表", COLUMNS, rows(), per_page=1)
    assert "q=%E7%94%B2" in table.next_url and "page=3" in table.next_url
    assert "page" not in table.headings[1].url


def test_empty_table_gives_the_way_on(render: Any) -> None:
    text = render("{% table t %}", t=table_of(None, "异议", COLUMNS, [], empty=Text("公示期间可以提出异议", "…")))
    assert "还没有记录" in text and "公示期间可以提出异议" in text and "<table" not in text
