"""Acts that wait for the witnesses: no center can take back or reorder what decides a tender once it was seen outside."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.db.models import Q, QuerySet

from yiwang.kernel.text import Text
from yiwang.kernel.verdict import YES, Verdict, no
from yiwang.modules.evidence import blind, cosigned, policies, witnesses
from yiwang.modules.evidence.actors import Actor
from yiwang.modules.evidence.models import BLIND, Act, LogEntry, Outbox
from yiwang.modules.evidence.registry import condition

CLOSING = "opening.close"

WAITS: dict[str, Text] = {
    CLOSING: Text("此后不能再塞入或抽走投标", "from here on no bid can be slipped in or taken out"),
    "opening.release_key": Text("密钥公布前，截标结果已定", "what was closed is fixed before any key is known"),
    "opening.open": Text("开标所依据的密钥和投标都已固定", "the keys and bids that are opened are fixed"),
    "draw.freeze_list": Text("专家名单依据的开标结果已定", "the opening that the list rests on is fixed"),
    "draw.commit": Text("承诺前名单已定", "the list is fixed before anybody commits"),
    "draw.reveal": Text("公开随机数前，各方承诺已定", "all commitments are fixed before any share is known"),
    "draw.seat": Text("种子的各部分都已固定", "all parts of the seed are fixed"),
    "admission.decide": Text("评审报告和开标记录已定", "report and opening record are fixed"),
    "award.decide": Text("评标、公示的记录已定", "the record of evaluation and publicity is fixed"),
    "award.notify": Text("定标决定已定", "the decision is fixed"),
}
"""Act -> what its waiting protects. The same acts have ``witnessed`` in their transition tables."""


def waits(act: str) -> bool:
    """Whether this act waits for the witnesses, as things are: its kind does, and the center has a policy."""
    return act in WAITS and policies.policy() is not None


@condition(CLOSING, "opening.release_key")
def bids_are_witnessed(tender: Any, actor: Actor, now: datetime) -> Verdict:
    """Every bid that was handed in before the deadline, and before keys are released every delivery in the grace, is under
    a checkpoint that the quorum cosigned.

    Bids of all tenders are meant: when a tender closes must not tell how many bids it has.
    """
    if policies.policy() is None or tender is None or tender.deadline is None:
        return YES
    until = tender.deadline if tender.state == "tendering" else tender.bytes_until
    secret = _unseen(Q(act=BLIND) | Q(act__startswith="bid.", at__lte=until))
    acts = (blind.reveal(act) for each in secret for act in each.iterator(chunk_size=500))
    return _verdict(act.act.startswith("bid.") and act.at <= until for act in acts)


@condition(*WAITS)
def earlier_acts_are_witnessed(tender: Any, actor: Actor, now: datetime) -> Verdict:
    """Every earlier act of the tender is under a checkpoint that the quorum cosigned."""
    if policies.policy() is None or tender is None:
        return YES
    return _verdict(each.exists() for each in _unseen(Q(subject=tender.chain) | Q(tender=tender)))


def _unseen(acts: Q) -> list[QuerySet[Act]]:
    """Which of these acts are under no checkpoint that the quorum cosigned: not in the log yet, or beyond it."""
    seen = cosigned.latest()
    waiting = Q(pk__in=Outbox.objects.values("act"))
    beyond = Q(pk__in=LogEntry.objects.filter(index__gte=seen.size if seen else 0).values("act"))
    return [Act.objects.filter(acts & each).order_by("pk") for each in (waiting, beyond)]


def _verdict(found: Iterable[bool]) -> Verdict:
    """A refusal when any is true; what comes after the first is not looked at."""
    if not any(found):
        return YES
    told = witnesses.notice()
    away = Text("见证恢复后再办；无需重新填报", "when the witnesses are back; nothing is lost")
    soon = Text("见证人几秒内签名，请稍后再试", "the witnesses cosign within seconds; try again")
    return no("witness.wait", _WAIT, passes=away if told else soon)


_WAIT = Text(
    "此前的记录还没有足够的见证人签名",
    "earlier records have not been cosigned by enough witnesses yet",
)
