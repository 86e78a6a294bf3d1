"""Who may bid and win: bans from bidding, reservation for small enterprises; and whether a bond may be asked.

A refusal before the opening is told to the actor alone, and leaves nothing behind: whether somebody wished to bid is a secret.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from yiwang.kernel import bans, bonds
from yiwang.kernel.text import Text
from yiwang.kernel.verdict import YES, Reason, Verdict
from yiwang.modules.evidence.actors import Actor
from yiwang.modules.evidence.registry import condition
from yiwang.modules.parties import ban_selectors
from yiwang.modules.parties.selectors import organisations
from yiwang.modules.tenders.selectors import law_of

SUBMISSION = ("bid.submit", "bid.commit")
"""Acts with which a bid begins."""

DECLARATION = "small_declaration"
"""The answer of a bid that is the declaration of small enterprises."""

_RESERVED = "政府采购促进中小企业发展管理办法 第7条；政府采购促进中小企业发展管理办法 第8条"


@condition(*SUBMISSION)
def may_bid(tender: Any, actor: Actor, now: datetime) -> Verdict:
    """The actor's organisation is not banned, and is small where the tender is reserved for small enterprises."""
    if actor.organisation is None:
        return YES
    return may_take_part(tender, [actor.organisation], now)


@condition("tender.publish", "tender.invite")
def bond_may_be_asked(tender: Any, actor: Actor, now: datetime) -> Verdict:
    """No bid bond where the policy of the funding forbids it."""
    return bonds.check(tender.funding, tender.bid_bond)


def may_take_part(tender: Any, parties: Iterable[Any], now: datetime) -> Verdict:
    """Whether all these organisations, ``parties`` (a tenderer, or the members of a joint bid) may bid for or win the tender now.

    For a reserved tender the size is the registered one: the declaration (中小企业声明函) lies inside the sealed bid, and
    whoever registers as small declares it there.
    """
    firms = list(parties)
    found = ban_selectors.in_force([each.pk for each in firms], law_of(tender).track, now)
    reasons = [_banned(each) for each in found]
    if tender.reserved_for == "small":
        reasons += [_not_small(each) for each in firms if not each.small]
    return Verdict(tuple(reasons))


def may_win(tender: Any, parties: Iterable[int], manifest: dict[str, Any] | None, now: datetime) -> Verdict:
    """The same again at the award, and for a reserved tender the declaration (中小企业声明函) in the opened bid.

    Args:
        parties: ids of the organisations that bid together.
        manifest: what the opened bid says; its answer :data:`DECLARATION` is ``yes`` where all of them declare to be small.
    """
    found = may_take_part(tender, organisations().filter(pk__in=list(parties)), now)
    declared = ((manifest or {}).get("answers") or {}).get(DECLARATION) == "yes"
    if tender.reserved_for == "small" and not declared:
        found &= Verdict(
            (
                Reason(
                    "small.undeclared",
                    Text("投标文件没有中小企业声明函，不能在专门面向中小企业的项目中中标",
                         "the bid holds no declaration of small enterprises and cannot win a tender reserved for them"),
                    article="政府采购促进中小企业发展管理办法 第11条",
                    passes=Text("确定其他中标候选人", "another candidate"),
                ),
            )
        )  # fmt: skip
    return found


def _banned(ban: Any) -> Reason:
    ground = bans.grounds()[ban.ground]
    until = ban.until.isoformat()
    return Reason(
        "ban",
        Text(
            f"{ban.organisation.name}被禁止参加此类投标，到 {until} 止：{ban.authority} {ban.decision}（{ground.name.zh}）",
            f"{ban.organisation.name} is banned from such bids until {until}: {ban.authority}, {ban.decision} ({ground.name.en})",
        ),
        article=ground.article,
        passes=Text("禁止期满，或者作出决定的部门解除之后", "once the ban has ended, or the authority has lifted it"),
    )


def _not_small(firm: Any) -> Reason:
    return Reason(
        "small.only",
        Text(
            f"本项目专门面向中小企业，{firm.name}登记的不是中小企业",
            f"this tender is reserved for small and medium enterprises; {firm.name} is not registered as one",
        ),
        article=_RESERVED,
        passes=Text("登记为中小企业并出具声明函的单位", "an organisation that is registered as small and declares it"),
    )
