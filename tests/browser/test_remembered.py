"""The split-view alarm on the real pages: a browser that saw the log before is shown another one."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from yiwang.modules.evidence import sequencer
from yiwang.tlog.checkpoint import Checkpoint, sign_checkpoint
from yiwang.tlog.keys import LogKeys
from yiwang.tlog.tiles import TileLog

pytestmark = pytest.mark.django_db(transaction=True)
Show = Callable[..., None]
MEMORY = "JSON.parse(localStorage.getItem('yiwang.log'))"


@pytest.fixture
def show(settings: Any, tmp_path: Path) -> Iterator[Show]:
    """``show("a", 300, fork="x")``: the site shows the log in folder ``a``, grown to 300 entries, those from the sixth
    on bearing the mark of the fork; signed with the keys of the installation, or with those given."""
    settings.WITNESS_POLICY = None
    settings.LOG_FOLDER = tmp_path / "first"
    keys = sequencer.the_log().keys

    def to(name: str, size: int, *, fork: str = "", signed: LogKeys = keys) -> None:
        settings.LOG_FOLDER = tmp_path / name
        log = TileLog(tmp_path / name)
        log.append([f"{index}{fork if index > 5 else ''}".encode() for index in range(log.size, size)])
        log.publish(sign_checkpoint(Checkpoint(signed.name, size, log.root()), signed))

    yield to
    sequencer.forget()


def _visit(page: Any, path: str = "/help/", *, wait: str = "") -> dict[str, Any]:
    """A visit after a while: the comparison is due. Gives what the browser remembers once it has compared."""
    if page.url.startswith("http"):
        page.evaluate(f"localStorage.setItem('yiwang.log', JSON.stringify({{...{MEMORY}, checked: 0}}))")
    else:
        page.clock.install()  # the module waits before it compares, and before it believes what it found
    page.goto(path)
    _pass(page, f"({MEMORY}?.checked ?? 0) > 0")
    if wait:
        page.wait_for_selector(wait)
    found: dict[str, Any] = page.evaluate(MEMORY)
    return found


def _pass(page: Any, until: str) -> None:
    """Let time pass for the page until an expression holds. (The page's own policy forbids waiting by a string there.)"""
    for _ in range(100):
        page.clock.run_for(1000)
        if page.evaluate(until):
            return
        page.wait_for_timeout(20)
    raise AssertionError(f"never: {until}")


def _again(page: Any, kind: str = "") -> None:
    """Press "compare again", until the alarm is of a kind, or gone."""
    page.click("#log-alarm button >> nth=1")
    _pass(page, f"(document.querySelector('#log-alarm')?.dataset.logAlarm ?? '') === '{kind}'")


def _as_proof(page: Any, path: Path) -> dict[str, str]:
    """What the page of checks says of a saved proof; the alarm stands on that page, too."""
    page.goto("/check/")
    page.wait_for_selector("#log-alarm")
    page.set_input_files("#check-file", path)
    page.wait_for_selector(".check-report")
    found: dict[str, str] = page.eval_on_selector_all(
        "[data-line]", "all => Object.fromEntries(all.map((each) => [each.dataset.line, each.dataset.status]))"
    )
    return found


def test_a_growing_log_is_followed_and_another_one_is_told(show: Show, visitor: Any, faults: Any, shot: Any) -> None:
    show("first", 300)
    page = visitor()
    assert _visit(page)["size"] == 300
    show("first", 700)
    memory = _visit(page)
    assert (memory["size"], memory["finding"]) == (700, None)
    assert page.locator("[data-log-alarm]").count() == 0

    show("forked", 900, fork="x")
    kept = _visit(page, wait=".log-alarm")
    assert (kept["size"], kept["root"], kept["finding"]["kind"]) == (700, memory["root"], "inconsistent")
    assert "警告" in page.inner_text("#log-alarm h2") and "900" in page.inner_text("#log-alarm")
    assert faults(page) == []
    shot(page, "alarm")
    page.goto("/law/")  # on the next page it is there at once
    page.wait_for_selector("#log-alarm[data-log-alarm=inconsistent]")
    page.evaluate("scrollTo(0, document.body.scrollHeight)")
    assert page.locator(".log-alarm-strip").is_visible()

    with page.expect_download() as download:
        page.click("#log-alarm button >> nth=0")
    proof = json.loads(Path(download.value.path()).read_text())
    assert proof["before"]["note"] == memory["note"] and "\n900\n" in proof["now"]["note"]
    assert page.evaluate(MEMORY)["size"] == 700
    assert _as_proof(page, download.value.path()) == {"signed": "ok", "agree": "unsure"}

    show("first", 701)  # the other face was taken away again: comparing anew finds nothing
    _again(page)
    assert page.evaluate(MEMORY)["size"] == 701


def test_another_root_or_fewer_entries_or_another_key(
    show: Show, visitor: Any, settings: Any, faults: Any, shot: Any
) -> None:
    show("first", 300)
    page = visitor(width=390, lang="en")
    _visit(page)
    show("forked", 300, fork="x")
    assert _visit(page, wait=".log-alarm")["finding"]["kind"] == "forked"
    shot(page, "alarm-en-phone")
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    with page.expect_download() as download:
        page.click("#log-alarm button >> nth=0")
    assert _as_proof(page, download.value.path()) == {"signed": "ok", "agree": "failed"}
    assert "contradict each other" in page.inner_text(".check-verdict")
    shot(page, "check-pair-en-phone")
    show("shorter", 299)
    _again(page, "shrunk")

    # A stranger's signature under our name, while the site still publishes the old key: that is no other log, but a fault.
    show("stranger", 400, signed=LogKeys.create(sequencer.the_log().origin))
    _again(page, "unsigned")


def test_a_log_that_begins_anew_is_a_quiet_notice(
    show: Show, visitor: Any, settings: Any, tmp_path: Path, faults: Any, shot: Any
) -> None:
    show("first", 300)
    page = visitor(lang="en")
    _visit(page)
    settings.LOG_ORIGIN, settings.LOG_FOLDER = "yiwang.example/2028", tmp_path / "anew" / "log"
    (tmp_path / "anew").mkdir()
    keys = sequencer.the_log().keys
    show("anew/log", 4, signed=keys)
    assert _visit(page, wait=".log-alarm-quiet")["size"] == 300
    assert page.locator(".log-alarm-strip").count() == 0
    assert faults(page) == []
    shot(page, "alarm-quiet-en")
    page.click("text=Remember the new log from now on")
    page.wait_for_selector("#log-alarm", state="detached")
    memory = page.evaluate(MEMORY)
    assert (memory["origin"], memory["size"], memory["finding"]) == ("yiwang.example/2028", 4, None)


def test_without_storage_nothing_breaks(show: Show, visitor: Any) -> None:
    show("first", 3)
    page = visitor()
    page.add_init_script("Object.defineProperty(window, 'localStorage', { get() { throw new Error('off'); } });")
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.clock.install()
    page.goto("/help/")
    page.clock.run_for(5000)
    page.wait_for_timeout(100)
    assert not [url for url in asked if "/log/" in url]
