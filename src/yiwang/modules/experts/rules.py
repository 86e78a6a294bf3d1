"""Rules of the committee and its draw."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from yiwang.kernel.text import Text
from yiwang.kernel.verdict import Verdict, verdict
from yiwang.modules.evidence import drawing
from yiwang.modules.evidence.actors import Actor

PARTIES = {"buyer": "host", "agency": "host", "center": "center", "supervisor": "supervisor"}
"""Which share of the draw's seed a role gives."""

POOL = "NL-13"
"""The limit that says how many experts must be eligible for each seat, lest the conditions pick the person."""


def draw_not_frozen(tender: Any, actor: Actor, now: datetime) -> Verdict:
    """There is one draw and never a second."""
    return verdict(
        not hasattr(tender, "draw"),
        "draw.once",
        Text("专家名单已经锁定，只抽取一次", "the list is frozen already; there is one draw only"),
        article="招标投标法实施条例 第46条",
    )


def draw_frozen(tender: Any, actor: Actor, now: datetime) -> Verdict:
    """The eligible list is committed before anybody gives a share."""
    return verdict(
        hasattr(tender, "draw"),
        "draw.list",
        Text("交易中心还没有锁定专家名单", "the center has not frozen the list of eligible experts yet"),
    )


def shares_of(tender: Any) -> dict[str, Any]:
    """What each side has committed and revealed."""
    found: dict[str, Any] = tender.draw.shares if hasattr(tender, "draw") else {}
    return found


def all_revealed(tender: Any, actor: Actor, now: datetime) -> Verdict:
    """All three sides have revealed their shares."""
    shares = tender.draw.shares if hasattr(tender, "draw") else {}
    names = [_NAMES[party] for party in _NAMES if not shares.get(party, {}).get("share")]
    return verdict(
        not names,
        "draw.reveals",
        Text(f"等待{'、'.join(t.zh for t in names)}公开随机数", f"waiting for {', '.join(t.en for t in names)} to reveal"),
    )


def earlier_committee(tender: Any, actor: Actor, now: datetime) -> Verdict:
    """There is an earlier round whose committee can sit again."""
    return verdict(
        tender.stage_of is not None and hasattr(tender.stage_of, "draw") and bool(tender.stage_of.draw.seed),
        "draw.earlier",
        Text("前一轮没有评标委员会", "the earlier round has no committee"),
        article="招标投标法 第37条",
    )


def recusal(expert: Any, related: Mapping[str, Text]) -> Text | None:
    """Why an expert must step aside (招标投标法 第37条, 七部委令第12号 第12条), or None.

    Args:
        related: credit codes of organisations in the tender, with what they are in it.
    """
    if expert.employer and expert.employer in related:
        role = related[expert.employer]
        return Text(f"任职单位是本项目{role.zh}", f"employed by the tender's {role.en}")
    return None


_NAMES = {
    "host": Text("招标人", "the buyer"),
    "center": Text("交易中心", "the center"),
    "supervisor": Text("监督部门", "the supervisor"),
}

DRAW = drawing.Guards(drawing.COMMITTEE, shares_of, _NAMES)
