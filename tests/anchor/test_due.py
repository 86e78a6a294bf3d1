"""The worker's part: checkpoints fall due by the hour, are written aside, and are compared with our own log."""

from __future__ import annotations

import importlib
import json
import threading
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from yiwang.anchor import due
from yiwang.anchor.chain import Chain
from yiwang.anchor.queue import Queue
from yiwang.anchor.setup import Setup
from yiwang.cli.anchor import status_of
from yiwang.kernel import moment
from yiwang.modules.evidence import sequencer
from yiwang.modules.evidence.actors import SYSTEM
from yiwang.modules.evidence.sequencer import sequence_all, the_log
from yiwang.modules.parties import acts as parties

USCC = ("91110000600037341L", "91310000775785552L", "914403001922038216")


@pytest.fixture
def log(db: None, settings: Any, tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[str]:
    """A log with one entry; its origin."""
    settings.LOG_FOLDER, settings.FILES_FOLDER = tmp_path / "log", tmp_path / "files"
    settings.LOG_ORIGIN = f"evidence.example/{request.node.name}"
    sequencer.forget()
    grow(0)
    yield the_log().origin
    sequencer.forget()


def grow(number: int) -> None:
    parties.register_organisation(actor=SYSTEM, uscc=USCC[number], name=f"单位{number}")
    sequence_all()


def test_a_checkpoint_falls_due_when_the_interval_is_over_and_the_log_has_grown(log: str, tmp_path: Path) -> None:
    queue, now = Queue(tmp_path / "q"), moment.now()
    assert due.let_fall_due(queue, 3600, now)
    grow(1)
    assert not due.let_fall_due(queue, 3600, now + timedelta(minutes=59))
    assert due.let_fall_due(queue, 3600, now + timedelta(minutes=60))
    assert not due.let_fall_due(queue, 3600, now + timedelta(hours=5))  # nothing new
    assert [(each.origin, each.size) for each in queue.pending()] == [(log, 1), (log, 2)]
    assert [each.root for each in queue.pending()] == [due.root_at(log, 1), due.root_at(log, 2)]


def test_the_worker_writes_and_is_silent_without_an_address(
    log: str, chain: Chain, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    setup = Setup(tmp_path / "anchor", "http://chain.example", tmp_path / "key", chain.contract, 3600)
    monkeypatch.setattr(due, "_setup", lambda: setup)
    queue = setup.queue()
    monkeypatch.setattr(due, "_queue", lambda: queue)
    monkeypatch.setattr(Setup, "chain", lambda self, *, writing: chain)
    monkeypatch.setattr(due, "_looked", [])
    assert due.anchor_due(moment.now()) == 0
    for thread in [each for each in threading.enumerate() if each.name == "anchor"]:
        thread.join(20)
    assert chain.sizes(log) == [1] and queue.pending() == []
    found = status_of(setup, chain, every=True)
    assert (found["newest"], found["written"], found["alarms"]) == ({log: 1}, 1, [])
    monkeypatch.setattr(due, "_setup", lambda: Setup(tmp_path / "off", "", tmp_path / "key", "", 3600))
    assert due.anchor_due(moment.now() + timedelta(hours=2)) == 0 and not (tmp_path / "off").exists()


def test_a_chain_that_says_otherwise_is_an_alarm(
    log: str, chain: Chain, tmp_path: Path
) -> None:
    chain.send(chain.record(log, 1, bytes(range(32))))
    chain.send(chain.record(log, 50, bytes(range(32))))
    setup = Setup(tmp_path / "anchor", "http://chain.example", tmp_path / "key", chain.contract, 3600)
    found = status_of(setup, chain, every=True)
    assert [(each["size"], bool(each["log"])) for each in found["alarms"]] == [(1, True), (50, False)]
    assert json.dumps(found)


def test_the_worker_knows_of_anchoring_only_where_it_is_set_up(monkeypatch: pytest.MonkeyPatch) -> None:
    from yiwang.site import due as sources

    for url, known in (("http://chain.example", True), ("", False)):
        monkeypatch.setenv("YIWANG_ANCHOR_URL", url)
        assert (due.anchor_due in importlib.reload(sources).SOURCES) is known
