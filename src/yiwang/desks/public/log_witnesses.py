"""The witnesses of the log: how each stands, and how many must have cosigned."""

from __future__ import annotations

from dataclasses import dataclass
from hashlib import sha256

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse

from yiwang.kernel.text import Text
from yiwang.modules.evidence import registry, witness_clock, witnessing
from yiwang.modules.evidence.sequencer import the_log
from yiwang.modules.evidence.witnessing import WitnessState
from yiwang.tlog.errors import PolicyError
from yiwang.tlog.policy import NONE, Group, Policy
from yiwang.ui.shapes import Link, Tag, TagKind
from yiwang.ui.tables import Column, table_of
from yiwang.witness.memory import ALARMS

_KINDS: dict[str, TagKind] = {
    "cosigned": "good",
    "waiting": "wait",
    "busy": "wait",
    "unreachable": "stopped",
    "no_url": "neutral",
}

MEANS = {
    "ahead": Text(
        "它签过比现在更大的日志。本日志可能被倒回到旧的备份，倒回之后的记录要重新核对。",
        "It has cosigned a larger log than this one. This log may have been set back to an old backup; what was recorded since must be checked.",
    ),
    "forked": Text(
        "它说现在的日志不是它上次见到的那本的延续。可能有人改写了已经公布的记录。",
        "It says that this log does not continue the one it saw. Somebody may have rewritten what had been published.",
    ),
    "invalid": Text(
        "它的答复不合规范，或者签名不对。可能是它的程序有毛病，也可能有人冒名顶替。",
        "Its answer is malformed or its signature is wrong. Its program may be at fault, or somebody poses as it.",
    ),
}
"""What an alarm means."""


@dataclass(frozen=True)
class Rule:
    """One line of the quorum rule; ``members`` are the names of those it speaks of."""

    words: Text
    members: Text | None = None


def witnesses(request: HttpRequest) -> HttpResponse:
    """Show each witness's state, and the rule in words."""
    policy, states, text = witnessing.policy(), witnessing.states(), _policy_text()
    clocks = witness_clock.compare()
    differences = {each.name: each.words() for each in clocks.clocks}
    columns = [
        Column("name", Text("见证方", "Witness"), head=True),
        Column("state", Text("状态", "State"), "tag", value=_tag),
        Column("size", Text("见证到（条）", "Cosigned up to"), "number"),
        Column("lag", Text("落后（条）", "Behind by"), "number"),
        Column("seen", Text("最近一次见证", "Last cosigned"), "when"),
        Column("clock", Text("它的时钟减本中心的", "Its clock minus ours"), value=lambda row: str(differences[row.name])),
        Column("url", Text("它自己的网址", "Its own address")),
    ]
    context = {
        "policy": policy,
        "rules": rules(policy) if policy and text else [],
        "policy_text": text,
        "table": table_of(request, Text("见证方的情况", "The witnesses now"), columns, states, per_page=100),
        "alarms": [(each, MEANS[each.state]) for each in states if each.state in ALARMS],
        "waits": [(registry.row_of(act).name, why) for act, why in witnessing.WAITS.items()],
        "past": witnessing.alarms(),
        "clocks": clocks,
        "troubles": [each for each in states if each.state not in ALARMS and each.error is not None],
        "latest": witnessing.latest(),
        "monitors": monitors(),
        "breadcrumbs": [Link(Text("公开日志", "Public log"), reverse("public:log")), Link(Text("见证方", "Witnesses"))],
    }
    return render(request, "desks/public/witnesses.html", context)


def monitors() -> list[Link]:
    """Where each witness itself shows the last checkpoint of this log that it cosigned (C2SP tlog-witness)."""
    policy = witnessing.policy()
    if policy is None:
        return []
    place = sha256(the_log().origin.encode()).hexdigest()
    urls = dict.fromkeys(party.url for party in policy.witnesses.values() if party.url)
    return [Link(url, f"{url.rstrip('/')}/{place}/checkpoint") for url in urls]


def rules(policy: Policy) -> list[Rule]:
    """The quorum in words: its own line first, then one for each group within it."""
    if policy.quorum == NONE:
        return [Rule(Text("不要求任何见证方联署。", "No witness is required."))]
    lines: list[Rule] = []
    waiting = [policy.quorum]
    while waiting:
        name = waiting.pop(0)
        group = policy.groups.get(name)
        if group is None:
            lines.append(Rule(Text(f"{name} 必须联署", f"{name} must have cosigned")))
            continue
        lines.append(Rule(_count(name, group), Text("、".join(group.members), ", ".join(group.members))))
        waiting += [member for member in group.members if member in policy.groups and not _one_house(policy, member)]
    return lines


def _count(name: str, group: Group) -> Text:
    needed, among = group.threshold, len(group.members)
    if needed == among:
        return Text(f"{name}：{among} 家全部联署", f"{name}: all {among} must have cosigned")
    return Text(f"{name}：{among} 家中至少 {needed} 家联署", f"{name}: at least {needed} of {among} must have cosigned")


def _one_house(policy: Policy, name: str) -> bool:
    """Whether a group is one witness with several keys."""
    members = policy.groups[name].members
    parties = [policy.witnesses[member] for member in members if member in policy.witnesses]
    return len(parties) == len(members) and len({party.vkey.name for party in parties}) == 1


def _tag(row: WitnessState) -> Tag:
    return Tag(row.words, "bad" if row.state in ALARMS else _KINDS.get(row.state, "wait"))


def _policy_text() -> str:
    """The policy's lines; empty while its file cannot be read, which the notice above the page says."""
    try:
        return witnessing.policy_text()
    except PolicyError:
        return ""
