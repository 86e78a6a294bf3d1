"""Frames, catalogue and error pages."""

from __future__ import annotations

import pytest
from django.template.loader import render_to_string
from django.test import Client, RequestFactory

from yiwang.ui.samples import ACTOR, TENDER
from yiwang.ui.shapes import Checkpoint, Waiting

PAGES = ["/ui/", "/ui/form/", "/ui/desk/", "/ui/live/"]


@pytest.mark.parametrize("path", PAGES)
@pytest.mark.parametrize("code", ["zh", "en"])
def test_page_has_one_heading_a_title_and_a_skip_link(client: Client, path: str, code: str) -> None:
    page = client.get(f"{path}?lang={code}")
    text = page.content.decode()
    assert page.status_code == 200
    assert text.count("<h1") == 1 and text.count('id="main"') == 1 and 'href="#main"' in text
    assert "<title> ·" not in text


@pytest.mark.parametrize(
    ("path", "status", "zh"),
    [
        ("/nowhere", 404, "没有这一页"),
        ("/forbidden", 403, "您不能做这件事"),
        ("/malformed", 400, "请求的格式不对"),
        ("/broken", 500, "系统出错了"),
    ],
)
def test_error_pages_say_what_and_the_way_on(client: Client, path: str, status: int, zh: str) -> None:
    page = client.get(path)
    text = page.content.decode()
    assert page.status_code == status and zh in text and 'class="button" href="/"' in text
    english = client.get(f"{path}?lang=en").content.decode()
    assert zh not in english and "Go to the front page" in english


def test_desk_shows_who_what_waits_and_what_is_possible(client: Client) -> None:
    text = client.get("/ui/desk/").content.decode()
    assert ACTOR.name in text and "等您办理" in text and "发布澄清公告" in text
    assert "投标截止前不得开标" in text and "招标投标法 第34条" in text


@pytest.mark.parametrize("frame", ["public", "desk", "live"])
def test_bare_frames_need_no_context(frame: str) -> None:
    text = render_to_string(f"ui/frames/{frame}.html", {})
    assert 'id="main"' in text and "一网" in text


def test_frame_takes_its_context() -> None:
    request = RequestFactory().get("/x?a=1")
    waiting = [Waiting(TENDER, "/t/1", what="答复异议", current=True)]
    checkpoint = Checkpoint(7, "ab" * 32, "2026-11-23T01:30:00Z")  # type: ignore[arg-type]
    text = render_to_string(
        "ui/frames/desk.html", {"waiting": waiting, "checkpoint": checkpoint, "next_steps": []}, request
    )
    assert f"7 · {'ab' * 8}" in text and 'href="/t/1" aria-current="page"' in text and "此刻没有需要您办的事" in text
    assert 'href="?a=1&amp;lang=en"' in text


def test_catalogue_filters_and_orders_from_the_address(client: Client) -> None:
    text = client.get("/ui/?state=bad&sort=-price").content.decode()
    assert "海天基础设施投资发展有限公司" in text and "滨海宏远建设有限公司" not in text
    assert 'aria-sort="descending"' in text and 'name="sort" value="-price"' in text
    assert "没有符合筛选条件的记录" not in text
