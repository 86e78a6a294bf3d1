"""A citizen watches an opening: the page follows by itself, reads aloud when asked, and survives the live process's end."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from copy import deepcopy
from typing import Any

import pytest

from tests.browser.settled import asked
from tests.runtime.conftest import free_port
from yiwang.modules.openings import acts as openings
from yiwang.modules.openings import hall_acts as acts

pytestmark = pytest.mark.django_db(transaction=True)

FIRMS = [("滨海甲建设有限公司", 80_000_00), ("滨海乙建设有限公司", 85_000_00), ("滨海丙建设有限公司", 86_000_00)]

SPOKEN = """
window.spoken = [];
speechSynthesis.speak = (words) => window.spoken.push([words.lang, words.text]);
speechSynthesis.cancel = () => window.spoken.push(["", "cancel"]);
"""
"""This machine has no voices and no ears: what the page gives to the browser to be spoken is written down."""


class Live:
    """The live process; it can be ended and started again on its port."""

    def __init__(self, port: int, url: str) -> None:
        self.port, self.url = port, url
        self.process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Start it."""
        command = [sys.executable, "-m", "uvicorn", "--port", str(self.port), "--log-level", "error", "yiwang.site.live:application"]
        self.process = subprocess.Popen(command, env={**os.environ, "DATABASE_URL": self.url})

    def kill(self) -> None:
        """End it as a power failure would."""
        if self.process is not None:
            self.process.kill()
            self.process.wait()
            self.process = None


@pytest.fixture
def live(settings: Any, live_server: Any) -> Iterator[Live]:
    from django.db import connection
    from psycopg.conninfo import make_conninfo

    known = connection.get_connection_params()
    url = make_conninfo("", **{name: known[name] for name in ("dbname", "user", "password", "host", "port") if known.get(name)})
    made = Live(free_port(), url)
    settings.LIVE_PORT = made.port
    settings.CONTENT_SECURITY_POLICY = deepcopy(settings.CONTENT_SECURITY_POLICY)
    settings.CONTENT_SECURITY_POLICY["DIRECTIVES"]["connect-src"].append(f"http://localhost:{made.port}")
    made.start()
    yield made
    made.kill()
    with connection.cursor() as cursor:  # the server may not have noticed yet that its client was killed
        cursor.execute("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND query LIKE 'LISTEN%'")


def test_citizen_follows_the_opening(
    city: Callable[..., Any], live: Live, visitor: Callable[..., Any], cast: Any, faults: Callable[..., list[str]], shot: Callable[..., None]
) -> None:
    play = city(bids=FIRMS)
    play.until("closed")
    page = visitor()
    page.add_init_script(SPOKEN)
    page.goto(f"/tenders/{play.number}/hall/")
    page.wait_for_selector(".hall-line-on")
    assert page.inner_text(".big-number") == "0 / 3"
    page.wait_for_selector("[data-hall-clock].clock-wrong")  # the stage stands in March
    assert "您的时钟快" in page.inner_text("[data-hall-clock]")
    page.click("[data-hall-voice]")
    console, loads = visitor(play.host), []
    console.on("load", lambda _: loads.append(1))
    console.goto(f"/desk/tenders/{play.number}/hall/")
    console.wait_for_selector(".hall-line-on")
    play.release_keys(cast.custodians[:1])
    page.wait_for_selector(".big-number:has-text('1 / 3')")

    live.kill()
    page.wait_for_selector(".hall-line-off")
    play.release_keys(cast.custodians[1:3])
    live.start()
    page.wait_for_selector(".hall-line-on")
    page.wait_for_selector(".hall-title:has-text('密钥已够')")
    console.wait_for_selector("main a.button:has-text('开标')")  # what the host can do follows, too
    assert len(loads) <= 3

    openings.open_bids(actor=cast.center.actor, tender=play.number)
    page.wait_for_selector(".hall-table tbody tr:nth-child(3)")
    spoken = page.evaluate("spoken")
    assert [lang for lang, text in spoken if text != "cancel"] == ["zh-CN"] * 3
    acts.advance(actor=play.host.actor, tender=play.number, point="reading", read=2)
    page.wait_for_selector(".hall-who")
    assert page.inner_text(".hall-who") == page.inner_text(".hall-table tr:nth-child(2) th")
    assert page.get_attribute(".hall-table tr:nth-child(2)", "aria-current") == "true"
    again = page.evaluate("spoken")[len(spoken):]
    assert again[0] == ["", "cancel"] and [text for _, text in again[1:]] == page.locator("[data-say]").all_text_contents()
    page.click("[data-hall-voice]")
    assert page.get_attribute("[data-hall-voice]", "aria-pressed") == "false"
    assert faults(page) == []
    late = visitor(width=390, lang="en")
    late.goto(f"/tenders/{play.number}/hall/")
    assert late.inner_text(".hall-who") == page.inner_text(".hall-who")
    assert asked(late, "() => document.documentElement.scrollWidth") <= 390
    shot(page, "hall")
