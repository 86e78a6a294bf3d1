"""The audit of places and order: cheap questions to the whole database, asked in every run.

Each act has its place in the log or waits for one, each place its act; no act is older than what stands before it in
the log; no bid stands behind the closing of its tender.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import timedelta
from itertools import islice
from typing import Any

from django.db import connection

from yiwang.kernel import moment
from yiwang.kernel.errors import YiwangError
from yiwang.kernel.text import Text
from yiwang.modules.evidence import blind
from yiwang.modules.evidence.audit_range import no_act
from yiwang.modules.evidence.disclosure import BIDS
from yiwang.modules.evidence.finding import ADDED, ALTERED, BACKDATED, REMOVED, Finding
from yiwang.modules.evidence.models import BLIND, Act

SLACK = timedelta(minutes=10)
"""How much older than its place in the log an act may say it is. An act takes its time while it holds its tender, and
gets its place when it is done; the longest, opening a hundred bids, take a minute."""

MOST = 1000

_ACT = "'evidence.Act ' || a.subject || '#' || a.seq || ' ' || a.act"


def places() -> Iterator[Finding]:
    """Acts without a place and places without an act."""
    never = Text("没有经过日志", "never came into the log")
    yield from _each(
        ADDED,
        f"SELECT {_ACT} FROM evidence_act a LEFT JOIN evidence_logentry e ON e.act_id = a.id"
        " LEFT JOIN evidence_outbox x ON x.act_id = a.id WHERE e.act_id IS NULL AND x.act_id IS NULL ORDER BY a.id",
        never,
    )
    yield from _each(
        REMOVED,
        "SELECT 'evidence.LogEntry ' || e.index FROM evidence_logentry e LEFT JOIN evidence_act a ON a.id = e.act_id"
        " WHERE a.id IS NULL ORDER BY e.index",
        Text("它的行为不见了", "its act is gone"),
    )
    yield from _each(
        ADDED,
        "SELECT 'evidence.Outbox ' || x.id FROM evidence_outbox x LEFT JOIN evidence_act a ON a.id = x.act_id"
        " LEFT JOIN evidence_logentry e ON e.act_id = x.act_id WHERE a.id IS NULL OR e.act_id IS NOT NULL",
        Text("它的行为不存在，或已在日志中", "its act does not exist, or is in the log already"),
    )
    yield from _each(
        ALTERED,
        "SELECT 'evidence.Notification ' || n.id FROM evidence_notification n LEFT JOIN evidence_act a ON a.id = n.act_id"
        " WHERE a.id IS NULL OR n.created <> a.at ORDER BY n.id",
        Text("不是随它的行为一起发出的", "was not sent with its act"),
    )


def lengths(size: int) -> Iterator[Finding]:
    """Every entry of a log of ``size`` entries has its place in the database, and no place lies beyond the end."""
    for (index,) in _rows(
        "SELECT n FROM generate_series(0, %s::bigint - 1) n LEFT JOIN evidence_logentry e ON e.index = n"
        " WHERE e.index IS NULL ORDER BY n",
        size,
    ):
        yield no_act(index)
    yield from _each(
        ADDED,
        f"SELECT {_ACT} FROM evidence_logentry e JOIN evidence_act a ON a.id = e.act_id WHERE e.index >= %s ORDER BY e.index",
        Text(f"日志只有 {size} 条，没有它的条目", f"the log has {size} entries, and none of it"),
        size,
    )


def late_bids() -> Iterator[Finding]:
    """Bids whose place in the log is behind the closing of their tender, and bids that the closing does not list; bytes
    of committed bids that came only after a key was released.

    The index decides what was in time, whatever moment an act or a row claims.
    """
    closed, listed = _closings()
    released = _releases()
    found = Act.objects.filter(act__in=[*BIDS, "bid.withdraw", BLIND]).select_related("log_entry").order_by("pk")
    for act in found.iterator(chunk_size=500):
        where, entry = f"evidence.Act {act.subject}#{act.seq} {act.act}", getattr(act, "log_entry", None)
        public = _public(act)
        end = (released if act.act == "bid.deliver" else closed).get(public.get("tender", ""))
        if end is None or entry is None or end[0] is None:
            continue
        if entry.index > end[0]:
            yield _late(where, entry.index, end[0], end[1], released=act.act == "bid.deliver")
        if act.act != "bid.deliver":
            listed.get(public["tender"], set()).discard(public["commitment"])
    for number, missing in sorted(listed.items()):
        for commitment in sorted(missing):
            text = Text("截止时登记的投标没有提交行为", "the closing lists a bid that no act of submission tells of")
            yield Finding(REMOVED, f"bids.Bid of tender/{number}, commitment {commitment[:16]}", text, act=closed[number][1])


def _late(where: str, index: int, end: int, act: str, *, released: bool) -> Finding:
    what = Text("公布密钥", "the release of a key") if released else Text("截止", "the closing")
    text = Text(f"在{what.zh}（第 {end} 号）之后才进入日志：第 {index} 号", f"came into the log at {index}, after {what.en} at {end}")
    return Finding(BACKDATED, where, text, "index", str(index), f"< {end}", act)


def _releases() -> dict[str, tuple[int | None, str]]:
    """By tender number: index and name of the act that released the first key."""
    found = Act.objects.filter(act="opening.release_key").order_by("-seq")
    return {
        subject.removeprefix("tender/"): (index, f"{subject}#{seq} opening.release_key")
        for subject, seq, index in found.values_list("subject", "seq", "log_entry__index")
    }


def _public(act: Act) -> dict[str, Any]:
    """What a bid's act says, also while it is blind; a blind row that does not open is told of where rows are read."""
    try:
        found: dict[str, Any] = json.loads(bytes(blind.reveal(act).canonical))["public"]
    except (YiwangError, ValueError, KeyError):
        return {}
    return found


def _closings() -> tuple[dict[str, tuple[int | None, str]], dict[str, set[str]]]:
    """By tender number: index and name of the act that closed bidding; the commitments that it lists."""
    closed: dict[str, tuple[int | None, str]] = {}
    listed: dict[str, set[str]] = {}
    found = Act.objects.filter(act__in=["opening.close", "tender.fail"]).order_by("subject", "seq")
    for subject, seq, name, index, canonical in found.values_list("subject", "seq", "act", "log_entry__index", "canonical"):
        public: dict[str, Any] = json.loads(bytes(canonical))["public"]
        number = subject.removeprefix("tender/")
        if "commitments" in public and number not in closed:
            closed[number], listed[number] = (index, f"{subject}#{seq} {name}"), set(public["commitments"])
    return closed, listed


_AGES = """
SELECT where_, at, latest FROM (
  SELECT {act} AS where_, a.at, max(a.at) OVER (ORDER BY e.index ROWS UNBOUNDED PRECEDING) AS latest, e.index
  FROM evidence_logentry e JOIN evidence_act a ON a.id = e.act_id WHERE a.act <> 'blind') found
WHERE at < latest - %s ORDER BY index
"""

_WITNESSED = """
SELECT {act} AS where_, a.at, c.time FROM (
  SELECT checkpoint_id, max(time) AS time, lead(checkpoint_id) OVER (ORDER BY checkpoint_id) AS beyond
  FROM evidence_cosignature GROUP BY checkpoint_id) c
JOIN evidence_logentry e ON e.index >= c.checkpoint_id AND (c.beyond IS NULL OR e.index < c.beyond)
JOIN evidence_act a ON a.id = e.act_id WHERE a.act <> 'blind' AND a.at < c.time - %s ORDER BY e.index
"""


def ages() -> Iterator[Finding]:
    """Acts that claim to be older than what stands before them in the log, or than a cosignature of the log without them.

    Only where acts are dated by the machine's clock: the demo city and a replay live in other times. The order within
    each chain is looked at wherever acts are read (:mod:`.audit_range`).
    """
    for where, at, latest in _rows(_AGES.format(act=_ACT), SLACK):
        yield _older(where, at, latest, Text("日志中在它之前的行为", "an act before it in the log"))
    for where, at, seen in _rows(_WITNESSED.format(act=_ACT), SLACK):
        yield _older(where, at, seen, Text("见证人签名时日志中还没有它，那时是", "a witness who signed the log without it"))


def _older(where: str, at: Any, than: Any, what: Text) -> Finding:
    now, then = moment.stamp(at), moment.stamp(than)
    text = Text(f"自称发生在 {now}，早于{what.zh}：{then}", f"says that it was done at {now}, before {what.en}: {then}")
    return Finding(BACKDATED, where, text, "at", now, f">= {then}")


def _each(kind: str, statement: str, text: Text, *values: Any) -> Iterator[Finding]:
    for (where,) in _rows(statement, *values):
        yield Finding(kind, where, text)


def _rows(statement: str, *values: Any) -> Iterator[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(statement, values or None)
        yield from islice(cursor.fetchall(), MOST)


