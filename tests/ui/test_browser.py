"""The pages in a real browser: axe, no sideways scrolling, keyboard and small scripts, also without JavaScript."""

from __future__ import annotations

import os
import shutil
import threading
from collections.abc import Iterator
from typing import Any
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer, make_server

import pytest
from tests.browser.axe import Looked
from tests.browser.settled import asked, until
from tests.conftest import WHOLE

os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "1")  # playwright keeps an event loop running in this thread
playwright_api = pytest.importorskip("playwright.sync_api")
CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(
        CHROMIUM is None, reason="Chromium is not installed: browser tests of the design system skipped"
    ),
]

PAGES = ["/ui/", "/ui/form/", "/ui/desk/", "/ui/live/", "/nowhere"]
LOOKED = Looked(every=WHOLE)


class Quiet(WSGIRequestHandler):
    def log_message(self, *args: Any) -> None:
        """Nothing."""


@pytest.fixture
def address() -> Iterator[str]:
    from django.core.wsgi import get_wsgi_application

    server = make_server("127.0.0.1", 0, get_wsgi_application(), WSGIServer, Quiet)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()
    thread.join()


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    flags = ["--no-sandbox", "--headless", "--disable-gpu", "--disable-background-networking"]
    with playwright_api.sync_playwright() as started:
        opened = started.chromium.launch(executable_path=CHROMIUM, args=flags)
        yield opened
        opened.close()


@pytest.fixture(scope="module")
def tab(browser: Any) -> Iterator[Any]:
    """One tab for all looks; at the end the browser may have complained of nothing."""
    page, complaints = browser.new_page(reduced_motion="reduce"), []
    page.on("console", lambda line: complaints.append(line.text) if "Content Security" in line.text else None)
    page.on("pageerror", lambda error: complaints.append(str(error)))
    yield page
    page.close()
    assert complaints == []


@pytest.mark.parametrize("path", PAGES)
@pytest.mark.parametrize("code", ["zh", "en"])
def test_axe_finds_nothing_and_nothing_scrolls_sideways(tab: Any, address: str, path: str, code: str) -> None:
    tab.emulate_media(color_scheme="light")
    tab.set_viewport_size({"width": 1440, "height": 900})
    tab.goto(f"{address}{path}?lang={code}")
    assert LOOKED.faults(tab) == []
    tab.emulate_media(color_scheme="dark")
    tab.set_viewport_size({"width": 390, "height": 900})
    assert LOOKED.faults(tab) == []
    tab.set_viewport_size({"width": 360, "height": 700})  # also what a 720 px window shows at 200 % zoom
    assert asked(tab, "() => document.documentElement.scrollWidth") <= 360


def test_refused_form_starts_at_its_summary_and_keeps_what_was_typed(browser: Any, address: str) -> None:
    page = browser.new_page(locale="zh-CN")
    page.goto(f"{address}/ui/form/")
    page.fill("#id_title", "沿江东路")
    page.click("form.form button[type=submit]")
    page.wait_for_selector(".error-summary:focus")
    assert LOOKED.faults(page) == []
    assert page.title().startswith("错误：") and page.input_value("#id_title") == "沿江东路"
    page.click(".error-summary a[href='#id_closes']")
    until(page, "() => document.activeElement.id === 'id_closes'")
    page.close()


def test_second_press_sends_nothing(browser: Any, address: str) -> None:
    page = browser.new_page(locale="zh-CN")
    page.goto(f"{address}/ui/form/")
    posts: list[str] = []
    page.on("request", lambda request: posts.append(request.url) if request.method == "POST" else None)
    page.evaluate("() => { const b = document.querySelector('form.form button'); b.click(); b.click(); }")
    page.wait_for_selector(".error-summary")
    assert len(posts) == 1
    page.close()


@pytest.mark.parametrize("script", [True, False], ids=["with", "without"])
def test_theme_switch_works_with_and_without_javascript(browser: Any, address: str, script: bool) -> None:
    context = browser.new_context(java_script_enabled=script, locale="zh-CN")
    page = context.new_page()
    page.goto(f"{address}/ui/form/")
    page.click("[data-menu] > summary >> nth=0")
    page.click("button[name=theme][value=dark]")
    page.wait_for_selector("html[data-theme=dark]")
    page.goto(f"{address}/ui/")
    assert page.get_attribute("html", "data-theme") == "dark"
    context.close()


def test_seal_opens_by_keyboard_and_closes_with_escape(browser: Any, address: str) -> None:
    page = browser.new_page(locale="zh-CN")
    page.goto(f"{address}/ui/")
    page.focus(".seal-mark summary >> nth=0")
    page.keyboard.press("Enter")
    assert page.is_visible(".seal-mark[open] .seal-body")
    page.keyboard.press("Escape")
    assert page.locator(".seal-mark[open]").count() == 0
    page.close()


def test_countdown_runs_by_the_servers_clock_not_the_visitors(browser: Any, address: str) -> None:
    page = browser.new_page(locale="zh-CN")
    page.clock.install(time="2031-01-01T00:00:00Z")  # a visitor whose clock is years ahead
    page.goto(f"{address}/ui/live/")
    assert "还剩 46 分" in page.inner_text("[data-left]") or "还剩 47 分" in page.inner_text("[data-left]")
    page.clock.run_for(48 * 60 * 1000)
    assert page.inner_text("[data-left]") == "时间已到"
    page.close()


def test_print_is_black_on_white_and_unfolds_evidence(browser: Any, address: str) -> None:
    page = browser.new_page(color_scheme="dark", locale="zh-CN")
    page.goto(f"{address}/ui/desk/")
    page.emulate_media(media="print")
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(255, 255, 255)"
    assert not page.is_visible(".site-tools") and not page.is_visible(".desk-side")
    page.evaluate("dispatchEvent(new Event('beforeprint'))")
    assert page.is_visible(".seal-body >> nth=0")
    page.close()
