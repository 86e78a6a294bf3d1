"""Bilingual text and formats."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from yiwang.kernel.text import Text
from yiwang.ui import formats
from yiwang.ui.language import speaking

MOMENT = datetime(2026, 11, 23, 1, 30, tzinfo=UTC)


def test_say_speaks_the_readers_language(render: Any) -> None:
    assert render('{% say "截止" "closes" %}') == "截止"
    with speaking("en"):
        assert render('{% say "截止" "closes" %}') == "closes"


def test_say_fills_and_escapes_places(render: Any) -> None:
    assert render('{% say "致 {name}" "to {name}" name=name %}', name="<b>甲</b>") == "致 &lt;b&gt;甲&lt;/b&gt;"
    assert render('{% say "a < b" "a < b" %}') == "a &lt; b"


def test_say_keeps_safe_html_in_places(render: Any) -> None:
    assert "<time datetime=" in render('{% say "至 {t}" "until {t}" t=t|when %}', t=MOMENT)


def test_say_takes_a_text_and_keeps_it_in_a_variable(render: Any) -> None:
    assert render("{% say text as x %}[{{ x }}]", text=Text("甲 & 乙", "A & B")) == "[甲 &amp; 乙]"


def test_moments_are_shown_in_shanghai_with_weekday() -> None:
    assert formats.when_text(MOMENT) == "2026年11月23日 09:30 周一"
    with speaking("en"):
        assert formats.when_text(MOMENT) == "Mon 23 Nov 2026, 09:30"
    assert formats.when_html(MOMENT) == '<time datetime="2026-11-23T01:30:00Z">2026年11月23日 09:30 周一</time>'
    assert formats.when_text("2026-11-23T01:30:00Z") == formats.when_text(MOMENT)


def test_day_of_a_late_utc_moment_is_the_next_day_in_shanghai() -> None:
    assert "2026年11月24日 周二" in formats.day_html(datetime(2026, 11, 23, 17, tzinfo=UTC))
    assert "2026年11月23日 周一" in formats.day_html(date(2026, 11, 23))


def test_naive_moment_is_refused() -> None:
    with pytest.raises(ValueError, match="naive"):
        formats.when_html(datetime(2026, 11, 23))  # noqa: DTZ001


@pytest.mark.parametrize(
    ("fen", "zh", "en"),
    [
        (9900, "99.00 元", "99.00 yuan"),
        (123456789, "123.46 万元", "1.23 million yuan"),
        (8650000000, "8,650.00 万元", "86.50 million yuan"),
        (1234567890123, "123.4568 亿元", "12,345.68 million yuan"),
    ],
)
def test_wan(fen: int, zh: str, en: str) -> None:
    assert formats.wan_text(fen) == zh
    with speaking("en"):
        assert formats.wan_text(fen) == en


def test_wan_always_carries_the_exact_amount() -> None:
    shown = formats.wan_html(1234567890123)
    assert 'title="12,345,678,901.23 元"' in shown and 'tabindex="0"' in shown and 'value="12345678901.23"' in shown


@given(st.integers(min_value=0, max_value=10**15))
def test_yuan_loses_no_fen(fen: int) -> None:
    assert int(formats.yuan(fen).replace(",", "").replace(".", "")) == fen


def test_nothing_is_a_dash() -> None:
    for show in (
        formats.yuan,
        formats.money_html,
        formats.wan_html,
        formats.when_html,
        formats.day_html,
        formats.hash_html,
    ):
        assert show(None) == "—"


def test_hash_is_short_with_the_whole_in_its_title() -> None:
    assert formats.hash_html(bytes(range(32))) == (
        f'<code class="hash" title="{bytes(range(32)).hex()}">000102030405…</code>'
    )


@pytest.mark.parametrize(
    ("seconds", "zh"),
    [
        (0, "时间已到"),
        (-9, "时间已到"),
        (61, "还剩 1 分 1 秒"),
        (7260, "还剩 2 小时 1 分"),
        (180000, "还剩 2 天 2 小时"),
    ],
)
def test_time_left(seconds: int, zh: str) -> None:
    assert formats.left_text(seconds).zh == zh
