"""How each witness does, for pages: its state, the notice while a quorum is missing, and what it ever accused us of."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import cast

from yiwang.kernel.text import Text
from yiwang.modules.evidence import policies
from yiwang.modules.evidence.models import Checkpoint, Witness, WitnessAlarm
from yiwang.tlog.policy import NONE, Policy
from yiwang.witness.memory import STATE_TEXTS, State

ACCUSED: tuple[State, ...] = ("forked", "ahead")
"""States in which a witness says that our log was changed or set back."""

_WELL = ("cosigned", "waiting")


@dataclass(frozen=True, slots=True)
class WitnessState:
    """One witness of the policy.

    Attributes:
        name: the name in its keys.
        url: where it is asked.
        state, words: one of :data:`yiwang.witness.memory.State`, and in words.
        size: the largest tree that it is known to have cosigned; None: unknown.
        lag: how many entries the log's newest checkpoint is beyond that; negative: it saw more than we have.
        seen: the time in its last cosignature.
        error: what went wrong last time, for people.
        since: when it came into this state; None: it was not asked yet.
        alarmed: when it last accused us; never forgotten.
    """

    name: str
    url: str
    state: State
    words: Text
    size: int | None
    lag: int | None
    seen: datetime | None
    error: Text | None
    since: datetime | None = None
    alarmed: datetime | None = None


@dataclass(frozen=True, slots=True)
class Alarm:
    """A witness's accusation: ``size`` and ``root`` are of the checkpoint that it refused, ``at`` is machine time."""

    name: str
    state: State
    words: Text
    size: int
    root: bytes
    at: datetime


def states() -> list[WitnessState]:
    """Every witness of the policy, in its order; empty without a policy. A witness with two keys stands once."""
    policy = policies.policy()
    if policy is None or not policy.witnesses:
        return []
    rows = Witness.objects.in_bulk()
    newest = Checkpoint.objects.order_by("-size").values_list("size", flat=True).first() or 0
    alarmed = dict(WitnessAlarm.objects.order_by("id").values_list("name", "at"))
    urls: dict[str, str] = {}
    for party in policy.witnesses.values():
        urls[party.vkey.name] = urls.get(party.vkey.name) or party.url
    return [_state(name, url, rows.get(name), newest, alarmed.get(name)) for name, url in urls.items()]


def _state(name: str, url: str, row: Witness | None, newest: int, alarmed: datetime | None) -> WitnessState:
    if row is None:
        return WitnessState(name, url, "waiting", STATE_TEXTS["waiting"], None, None, None, None, None, alarmed)
    error = Text(row.error_zh, row.error_en) if row.error_zh else None
    lag = None if row.size is None else newest - row.size
    state = cast(State, row.state)
    return WitnessState(name, url, state, STATE_TEXTS[state], row.size, lag, row.seen, error, row.since, alarmed)


def alarms() -> list[Alarm]:
    """What witnesses ever accused us of, the newest first, those included that are no longer in the policy."""
    return [
        Alarm(row.name, cast(State, row.state), Text(row.said_zh, row.said_en), row.size, bytes(row.root), row.at)
        for row in WitnessAlarm.objects.all()
    ]


def notice() -> Text | None:
    """What every page says while the policy cannot be read, a witness accuses us, or too few answer; else None."""
    policy = policies.policy()
    if policy is None or policy.quorum == NONE:
        return None
    broken = policies.fault()
    if broken is not None:
        zh, en = f"{broken.zh}。{_WAITING.zh}", f"{broken.en}. {_WAITING.en}"
        return Text(zh, en[0].upper() + en[1:])
    rows = Witness.objects.in_bulk()
    accusing = [row for row in rows.values() if row.state in ACCUSED and row.name in _names(policy)]
    if accusing:
        who = "、".join(row.name for row in accusing)
        return Text(
            f"警报：见证人 {who} 称本日志与其所见不一致。请通知监督部门；开标、抽取、定标等待核实。",
            f"Alarm: {', '.join(row.name for row in accusing)} says that this log does not continue what it saw. Tell the"
            " supervisors. Opening, draw and award wait until it is cleared up.",
        )
    if policy.satisfied_by(_well(policy, rows)):
        return None
    return Text(f"见证人暂时联系不上。{_WAITING.zh}", f"Too few witnesses answer. {_WAITING.en}")


_WAITING = Text(
    "截标、开标、抽取专家和定标等待见证恢复；其他事项照常办理。",
    "Closing, opening, draw and award wait for them; everything else goes on.",
)


def _names(policy: Policy) -> set[str]:
    return {party.vkey.name for party in policy.witnesses.values()}


def _well(policy: Policy, rows: dict[str, Witness]) -> frozenset[str]:
    """The keys of witnesses of which nothing bad is known."""
    return frozenset(
        name
        for name, party in policy.witnesses.items()
        if party.vkey.name not in rows or rows[party.vkey.name].state in _WELL
    )
