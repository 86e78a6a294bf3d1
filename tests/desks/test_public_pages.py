"""Lists, figures, law, log, tour and the small addresses, for somebody who is not signed in."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from yiwang.demo import clock as demo_clock
from yiwang.demo.play import Play
from yiwang.demo.stage import Stage
from yiwang.kernel import procedures, rules
from yiwang.modules.evidence.sequencer import the_log
from yiwang.tlog.checkpoint import open_checkpoint

Make = Callable[..., Play]


@pytest.fixture
def reader(stage: Stage) -> Client:
    """A passer-by who reads Chinese."""
    return Client(headers={"accept-language": "zh-CN"})


def page(reader: Client, name: str, *args: object, status: int = 200, **query: str) -> str:
    """The HTML of a public page."""
    answer = reader.get(reverse(f"public:{name}", args=args), query)
    assert answer.status_code == status
    return str(answer.content.decode())


def test_empty_city(reader: Client) -> None:
    assert "眼下没有正在招标的项目" in page(reader, "home") and "还没有结果" in page(reader, "home")
    assert "第一个招标公告发布后" in page(reader, "tenders")
    assert "日志还是空的" in page(reader, "log")
    page(reader, "checkpoint", status=404)
    assert page(reader, "tenders", format="csv").strip("\ufeff\r\n") == ""


def test_home_answers_first(play: Make, reader: Client) -> None:
    won = play("awarded", title="滨江路大修")
    asked = play("tendering", title="小学操场", bids=[])
    shown = page(reader, "home")
    assert "宏远市政工程有限公司 以" in shown and "中标滨江路大修" in shown
    assert "小学操场" in shown and won.number in shown and asked.number in shown
    assert reverse("public:results") in shown and "自己核验" in shown


def test_filters_stand_in_the_address(play: Make, reader: Client) -> None:
    won = play("awarded", title="滨江路大修")
    asked = play("tendering", title="小学操场", category="goods", bids=[])
    for query, there, absent in (
        ({"q": "操场"}, asked, won),
        ({"q": won.number}, won, asked),
        ({"state": "tendering"}, asked, won),
        ({"category": "works"}, won, asked),
    ):
        shown = page(reader, "tenders", **query)
        assert there.number in shown and absent.number not in shown
    assert "没有符合筛选条件的记录" in page(reader, "tenders", q="没有这个词")
    assert page(reader, "tenders", state="draft'--", sort="nonsense", page="zz", q="\x00")
    assert won.number in page(reader, "results", q="宏远市政") and asked.number not in page(reader, "results")


def test_losers_cannot_be_searched_in_results(play: Make, reader: Client) -> None:
    won = play("publicity")
    assert won.number not in page(reader, "results", q="宏远市政")
    assert won.number not in page(reader, "tenders", q="宏远市政")


def test_lists_as_files(play: Make, reader: Client) -> None:
    won = play("awarded", title="=1+1 小桥")
    text = page(reader, "results", format="csv")
    row = next(csv.DictReader(io.StringIO(text.removeprefix("\ufeff"))))
    assert row["number"] == won.number and row["price_yuan"] == "79900.00" and row["title"] == "'=1+1 小桥"
    listed = json.loads(page(reader, "tenders", format="json", q="小桥"))
    assert [each["number"] for each in listed] == [won.number] and listed[0]["deadline"].endswith("Z")
    assert json.loads(page(reader, "tenders", format="json", q="没有")) == []


def test_lists_ask_no_more_queries_for_more_rows(play: Make, reader: Client) -> None:
    play("awarded")
    asked = {}
    for turn in (1, 2):
        for name in ("home", "tenders", "results"):
            with CaptureQueriesContext(connection) as queries:
                page(reader, name)
            asked[name, turn] = len(queries)
        if turn == 1:
            play("awarded", title="第二个")
    assert all(asked[name, 2] == asked[name, 1] for name in ("home", "tenders", "results"))
    assert max(asked.values()) <= 15


def test_tender_page_stays_within_its_queries(play: Make, reader: Client) -> None:
    played = play("archived")
    page(reader, "tender", played.number)
    with CaptureQueriesContext(connection) as queries:
        page(reader, "tender", played.number)
    assert len(queries) <= 45


def test_log_is_read_by_its_own_keys(play: Make, reader: Client) -> None:
    play("tendering")
    note = reader.get(reverse("public:checkpoint")).content
    assert open_checkpoint(note, the_log().keys.verifiers()).checkpoint.size > 0
    assert page(reader, "vkeys").splitlines() == the_log().keys.vkeys_text().splitlines()
    shown = page(reader, "log")
    assert the_log().origin in shown
    assert reader.get(reverse("public:log"), {"index": "0"}).url == reverse("public:evidence", args=[0])
    for wrong in ("999999", "-1", "x", "²"):
        assert "没有这个序号" in page(reader, "log", index=wrong)


def test_every_rule_and_procedure_has_its_page(reader: Client) -> None:
    shown = page(reader, "law")
    for rule in rules.all_rules()[::7]:
        assert reverse("public:rule", args=[rule.id]) in shown
        assert str(rule.title) in page(reader, "rule", rule.id).replace("&#x27;", "'").replace("&quot;", '"')
    for each in procedures.all_procedures():
        text = page(reader, "procedure", each.id)
        assert each.name.zh in text and each.steps[0].articles[0] in text
    page(reader, "rule", "nothing", status=404)
    page(reader, "procedure", "nothing", status=404)


def test_calendar_marks_days_by_word_and_admits_what_it_does_not_know(reader: Client) -> None:
    known = page(reader, "calendar", year="2026")
    assert known.count('class="month"') == 12 and "<small>休</small>" in known and "<small>班</small>" in known
    unknown = page(reader, "calendar", year="2099")
    assert "2099年的节假日安排尚未载入" in unknown and 'class="month"' not in unknown
    assert 'class="month"' in page(reader, "calendar", year="wrong")


@pytest.mark.parametrize("name", ["check", "help", "tour", "law", "calendar", "home", "tenders", "results", "log"])
def test_reading_pages_in_english(reader: Client, name: str) -> None:
    shown = page(reader, name, lang="en")
    assert 'lang="en"' in shown and '<link rel="canonical"' in shown and shown.count("<h1>") == 1


def test_demo_clock_goes_to_the_next_deadline(play: Make, reader: Client, stage: Stage, settings: Any, tmp_path: Any) -> None:
    settings.DATA, settings.PRODUCTION = tmp_path, False
    open_ = play("tendering", bids=[])
    demo_clock.set_to(stage())
    assert "拨到下一个期限" in page(reader, "tour")
    answer = reader.post(reverse("public:clock"), follow=True)
    assert answer.status_code == 200 and "演示时钟已拨到" in answer.content.decode()
    assert abs((demo_clock.now() - open_.tender.deadline).total_seconds()) < 60
    stage.to(open_.tender.deadline)
    assert "没有任何项目在等期限" in reader.post(reverse("public:clock"), follow=True).content.decode()
    assert reader.get(reverse("public:clock")).status_code == 405


def test_production_has_no_clock_to_move(play: Make, reader: Client, settings: Any) -> None:
    settings.PRODUCTION = True
    assert reader.post(reverse("public:clock"), secure=True).status_code == 404
    assert "拨到下一个期限" not in page(reader, "tour") and "这不是演示城市" in page(reader, "tour")


def test_machines_are_answered(reader: Client) -> None:
    robots = page(reader, "robots")
    assert "Disallow: /desk/" in robots
    assert reader.get("/favicon.ico").url.endswith("ui/mark.svg")
    assert page(reader, "health") == "ok"

