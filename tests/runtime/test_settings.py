"""The real settings: production passes Django's own deploy check, no secret reaches a log, no other host is asked."""

from __future__ import annotations

import logging
import subprocess
import sys
from pathlib import Path

from django.conf import settings

from tests.runtime.conftest import small
from yiwang.runtime.scrub import Scrub, scrubbed


def test_production_passes_the_deploy_check(folder: Path) -> None:
    environment = small(folder / "var", DJANGO_SETTINGS_MODULE="yiwang.site.settings", YIWANG_MODE="production",
                        YIWANG_HOSTS="ggzy.example", YIWANG_SECRET_KEY="".join(chr(c) for c in range(48, 123)))  # fmt: skip
    done = subprocess.run(
        [sys.executable, "-m", "yiwang.cli", "manage", "check", "--deploy", "--fail-level", "WARNING"],
        env=environment, check=False, capture_output=True, text=True,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert "no issues" in done.stdout


def test_production_without_a_key_does_not_start(folder: Path) -> None:
    environment = small(folder / "var", DJANGO_SETTINGS_MODULE="yiwang.site.settings", YIWANG_MODE="production",
                        YIWANG_HOSTS="ggzy.example")  # fmt: skip
    done = subprocess.run([sys.executable, "-m", "yiwang.cli", "manage", "check"], env=environment, check=False,
                          capture_output=True, text=True)  # fmt: skip
    assert done.returncode == 3
    assert "YIWANG_SECRET_KEY" in done.stderr


def test_pages_may_ask_no_other_host() -> None:
    allowed = {source for sources in settings.CONTENT_SECURITY_POLICY["DIRECTIVES"].values() for source in sources}
    live = {f"http://{name}:{settings.LIVE_PORT}" for name in ("localhost", "127.0.0.1")}
    assert allowed - live == {"'self'", "'none'", "data:"}


def test_for_which_tender_somebody_tried_to_bid_is_not_logged() -> None:
    bidding = "/desk/tenders/YW2026-0007/bid.submit/", "/api/v1/tenders/YW2026-0007/acts/bid.withdraw", "/uploads/YW2026-0007/0f/"
    for path in bidding:
        assert "YW2026-0007" not in scrubbed(f"Unprocessable Content: {path}")
    assert "YW2026-0007" in scrubbed("Conflict: /desk/tenders/YW2026-0007/opening.open/")


def test_secrets_are_scrubbed_from_messages() -> None:
    message = "login password=geheim token: abc.def postgresql://u:geheim@host/db Cookie: yiwang_session=xyz; a"
    clean = scrubbed(message)
    assert not [word for word in ("geheim", "abc.def", "xyz") if word in clean]
    assert "postgresql://u:***@host/db" in clean
    record = logging.LogRecord("a", logging.INFO, "a.py", 1, "key %s", ("AGE-SECRET-KEY-1ABC",), None)
    Scrub().filter(record)
    assert record.getMessage() == "key AGE-SECRET-KEY-***"
