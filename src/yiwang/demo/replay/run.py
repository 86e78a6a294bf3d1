"""A whole run: auctions over processes, results kept line by line so that an interrupted run goes on where it was."""

from __future__ import annotations

import hashlib
import json
import os
import pickle
import secrets
import time
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import FIRST_COMPLETED, ProcessPoolExecutor, wait
from dataclasses import dataclass, field
from itertools import islice
from multiprocessing import get_context
from pathlib import Path
from typing import Any

from yiwang.demo.cast import Cast, engage
from yiwang.demo.keyring import Keyring
from yiwang.demo.replay import mapping as mappings
from yiwang.demo.replay import table, worker
from yiwang.demo.replay.judge import CLASSES, UNEXPLAINED
from yiwang.demo.replay.one import FOUNDED, Setting, replay
from yiwang.demo.replay.table import Auction
from yiwang.demo.stage import Stage
from yiwang.kernel import moment
from yiwang.kernel.errors import bad
from yiwang.kernel.text import Text

RESULTS, STATE = "results.jsonl", "state.json"


@dataclass
class Run:
    """A run of a table in an out folder.

    Attributes:
        done: results so far, by auction.
        seconds: time that was spent, earlier parts of a resumed run included.
        fresh: the state of a new run, not written yet; empty when the run is resumed or has begun.
    """

    file: Path
    mapping_file: Path
    out: Path
    auctions: list[Auction]
    setting: Setting
    done: dict[str, dict[str, Any]] = field(default_factory=dict)
    seconds: float = 0.0
    fresh: dict[str, str] = field(default_factory=dict)

    def play(self, *, jobs: int = 1) -> Iterator[dict[str, Any]]:
        """Play what is not done yet; gives each result once it is kept on disk. Order is that of finishing."""
        if self.fresh:
            _write_anew(self.out, self.fresh)
            self.fresh = {}
        todo = [auction for auction in self.auctions if auction.key not in self.done]
        began, before = time.monotonic(), self.seconds
        cast = enlist(self.setting, keys_folder(), self.auctions)
        results = _in_processes(todo, self.setting, jobs) if jobs > 1 else (replay(each, cast, self.setting) for each in todo)
        for row in results:
            self.seconds = before + time.monotonic() - began
            self._keep(row)
            yield row

    def summary(self) -> dict[str, Any]:
        """The JSON summary: counts per class, dossiers, and every auction in the table's order."""
        rows = [self.done[auction.key] for auction in self.auctions if auction.key in self.done]
        counts = Counter(row["class"] for row in rows)
        dossiers = [row["dossier"] for row in rows if row.get("dossier")]
        return {
            "file": self.file.name,
            "mapping": self.setting.mapping.name,
            "origin": self.setting.mapping.origin,
            "run": self.setting.run,
            "auctions": len(self.auctions),
            "played": len(rows),
            "bids": sum(row["bids"] for row in rows if row["tender"]),
            "classes": {name: counts[name] for name in CLASSES if counts[name]},
            "unexplained": sum(counts[name] for name in UNEXPLAINED),
            "dossiers": {"built": len(dossiers), "verified": sum(each["ok"] for each in dossiers)},
            "seconds": round(self.seconds, 1),
            "cpu_seconds": round(sum(row.get("cpu_seconds", 0) for row in rows), 1),
            "results": rows,
        }

    def _keep(self, row: dict[str, Any]) -> None:
        self.done[row["auction"]] = row
        with (self.out / RESULTS).open("a", encoding="utf-8") as file:
            file.write(json.dumps(row | {"until": round(self.seconds, 1)}, ensure_ascii=False) + "\n")
            file.flush()
            os.fsync(file.fileno())


def sound(summary: dict[str, Any]) -> bool:
    """Whether all was played, every disagreement is explained, every dossier verifies."""
    whole = summary["played"] == summary["auctions"] and not summary["unexplained"]
    return whole and summary["dossiers"]["built"] == summary["dossiers"]["verified"]


def begin(
    file: Path, out: Path, *, mapping_file: Path | None = None, limit: int | None = None, resume: bool = False
) -> Run:
    """Read table and mapping; nothing is written before the first auction is played.

    Args:
        limit: only the first auctions.
        resume: go on with the run whose results lie in ``out``.

    Raises:
        BadInput: file or mapping is wrong; nothing to resume, or it was a run of another file.
    """
    mapping_file = mapping_file or mappings.default_path()
    mapping = mappings.read(mapping_file)
    auctions = table.read(file, mapping)[:limit]
    sums = {"file": _sha256(file), "mapping": _sha256(mapping_file)}
    state = _state(out, sums) if resume else {"run": secrets.token_hex(4), **sums}
    setting = Setting(state["run"], mapping, names_of(auctions), out / "dossiers")
    run = Run(file, mapping_file, out, auctions, setting, fresh={} if resume else state)
    if resume:
        _recall(run)
    return run


def names_of(auctions: list[Auction]) -> dict[str, str]:
    """One name for each recorded bidder; two with the same name are told apart by their ids."""
    first: dict[str, str] = {}
    for auction in auctions:
        for bid in auction.bids:
            first.setdefault(bid.bidder, bid.name[:150])
    often = Counter(first.values())
    return {bidder: name if often[name] == 1 else f"{name}〔{bidder}〕"[:200] for bidder, name in first.items()}


def enlist(setting: Setting, ring_folder: Path, auctions: list[Auction]) -> Cast:
    """The cast of the replay, with every firm of these auctions registered. Calling again gives the same people."""
    with moment.clock_at(Stage(FOUNDED)):
        cast = engage(ring=Keyring(ring_folder))
        for auction in auctions:
            for bid in auction.bids if not auction.faults else []:
                cast.tenderer(setting.names[bid.bidder])
    return cast


def keys_folder() -> Path:
    """Where the replay keeps its people's keys."""
    from django.conf import settings

    return Path(settings.DATA) / "replay-keys"


def _in_processes(todo: list[Auction], setting: Setting, jobs: int) -> Iterator[dict[str, Any]]:
    from django.db import connections

    connections.close_all()
    pool = ProcessPoolExecutor(jobs, mp_context=get_context("spawn"), initializer=worker.begin, initargs=(pickle.dumps(setting),))
    waiting = iter(todo)
    try:
        running = {pool.submit(worker.play, each) for each in islice(waiting, jobs * 2)}
        while running:
            finished, running = wait(running, return_when=FIRST_COMPLETED)
            for each in finished:
                yield each.result()
            running |= {pool.submit(worker.play, each) for each in islice(waiting, len(finished))}
    finally:
        pool.shutdown(wait=True, cancel_futures=True)


def _sha256(path: Path) -> str:
    if not path.is_file():
        raise bad("file", f"没有文件 {path}", f"there is no file {path}")
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _state(out: Path, sums: dict[str, str]) -> dict[str, str]:
    try:
        state: dict[str, str] = json.loads((out / STATE).read_text(encoding="utf-8"))
    except (FileNotFoundError, json.JSONDecodeError):
        raise bad("resume", f"{out} 中没有可以继续的重演", f"there is no replay to go on with in {out}",
                  passes=Text("去掉 --resume，从头开始", "leave out --resume to start anew")) from None
    if {name: state.get(name) for name in sums} != sums:
        raise bad("resume", "上次重演的是另一个文件或列对照", "the earlier run was of another file or mapping",
                  passes=Text("用原来的文件继续，或换一个 --out", "the same files, or another --out"))
    return state


def _write_anew(out: Path, state: dict[str, str]) -> None:
    """Begin a new run in the folder; what an earlier one left there gives way."""
    out.mkdir(parents=True, exist_ok=True)
    (out / RESULTS).write_text("", encoding="utf-8")
    (out / STATE).write_text(json.dumps(state), encoding="utf-8")


def _recall(run: Run) -> None:
    """Take in the results of the earlier part; a line cut short by a crash is played again."""
    known = {auction.key for auction in run.auctions}
    lines = (run.out / RESULTS).read_text(encoding="utf-8").splitlines(keepends=True) if (run.out / RESULTS).exists() else []
    whole = [line for line in lines if line.endswith("\n")]
    if len(whole) < len(lines):
        (run.out / RESULTS).write_text("".join(whole), encoding="utf-8")
    for line in whole:
        row = json.loads(line)
        run.seconds = max(run.seconds, row.pop("until", 0.0))
        if row["auction"] in known:
            run.done[row["auction"]] = row
