"""A real Chromium on a live server with a real database, an accelerated clock and the demo's cast.

``city`` plays tenders through the modules' acts; ``visitor(player)`` is a page signed in as somebody of the cast;
``faults(page)`` is what axe finds. Without Chromium these tests are skipped, and say so.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest

os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "1")  # playwright keeps an event loop running in this thread

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
HERE = Path(__file__).parent
_looked: dict[str, Any] = {}


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Everything in this folder needs a browser, and the built front end."""
    from yiwang.ui import build

    for item in items:
        if HERE in item.path.parents:
            item.add_marker(pytest.mark.browser)
            if CHROMIUM is None:
                item.add_marker(pytest.mark.skip(reason="Chromium is not installed: browser tests skipped"))
            elif not build.up_to_date():
                item.add_marker(pytest.mark.skip(reason="the front end is not built (make setup): browser tests skipped"))


@pytest.fixture(scope="package")
def browser() -> Iterator[Any]:
    """One headless Chromium for all tests of the folder."""
    from playwright.sync_api import sync_playwright

    flags = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]
    with sync_playwright() as started:
        opened = started.chromium.launch(executable_path=CHROMIUM, args=flags)
        yield opened
        opened.close()


@pytest.fixture
def stage() -> Iterator[Any]:
    """The clock of the test and of the server's threads; it stands still until the test moves it."""
    from yiwang.demo.stage import Stage, local
    from yiwang.kernel import moment

    before = moment._default[0]
    clock = Stage(local(date(2026, 3, 2), 9))
    moment.set_default_clock(clock)
    yield clock
    moment.set_default_clock(before)


@pytest.fixture
def cast(stage: Any, settings: Any, tmp_path: Path, live_server: Any) -> Any:
    """Everybody of the demo city, with files and log in a folder of the test's own."""
    from tests.engaged import engaged

    settings.LOG_FOLDER, settings.FILES_FOLDER = tmp_path / "log", tmp_path / "files"
    return engaged(experts_per_discipline=7)


@pytest.fixture
def city(cast: Any, stage: Any) -> Callable[..., Any]:
    """``city(title, formula=..., bids=[(firm, fen)])``: a tender on the stage, see :class:`yiwang.demo.play.Play`."""
    from yiwang.demo.play import Play, Script

    def play(title: str = "城南污水管网改造工程", **script: Any) -> Play:
        script = {"ceiling": 100_000_00, "budget": 110_000_00, **script}
        return Play(cast, stage, Script(title, **script))

    return play


@pytest.fixture
def visitor(browser: Any, live_server: Any) -> Iterator[Callable[..., Any]]:
    """``visitor(player, width=1440, lang="zh")``: a page of its own browser profile, signed in when a player is given.

    What the browser complains of (scripts that fail, the content policy) fails the test at its end.
    """
    from django.conf import settings
    from django.test import Client

    contexts, complaints = [], []

    def enter(player: Any = None, *, width: int = 1440, lang: str = "zh", script: bool = True) -> Any:
        context = browser.new_context(
            base_url=live_server.url,
            viewport={"width": width, "height": 900},
            locale="zh-CN" if lang == "zh" else "en-GB",
            java_script_enabled=script,
            reduced_motion="reduce",  # colours are looked at as they stay, not on their way
        )
        contexts.append(context)
        if player is not None:
            client = Client()
            client.force_login(player.person)
            name = settings.SESSION_COOKIE_NAME
            context.add_cookies([{"name": name, "value": client.cookies[name].value, "url": live_server.url}])
        page = context.new_page()
        page.set_default_timeout(60_000)
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.on("console", lambda line: complaints.append(line.text) if "Content Security" in line.text else None)
        return page

    yield enter
    for context in contexts:
        context.close()
    assert complaints == []


@pytest.fixture
def faults() -> Callable[[Any], list[str]]:
    """``faults(page)``: what axe finds wrong, one line per element."""
    from tests.browser.axe import Looked

    return _looked.setdefault("axe", Looked()).faults


@pytest.fixture
def shot() -> Callable[[Any, str], None]:
    """``shot(page, name)``: a picture of the whole page into the folder ``YIWANG_SHOTS``; nothing when that is unset."""
    folder = os.environ.get("YIWANG_SHOTS")

    def take(page: Any, name: str) -> None:
        if folder:
            Path(folder).mkdir(parents=True, exist_ok=True)
            page.screenshot(path=Path(folder) / f"{name}.png", full_page=True)

    return take
