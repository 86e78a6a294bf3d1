"""What every draw in public shares: sides that commit and reveal, and the beacon, a root of our own log that nobody knew when
the shares were committed.

``drawn`` is what a draw keeps: ``{"process", "shares": {party: {"commitment", "share"?, "forfeited"?}}, ...}``.

Nobody may gain by keeping a share back when he dislikes what would come out. So the center, which keeps the database, reveals first; a
revealed share is shown to nobody before all are settled (:data:`yiwang.modules.evidence.disclosure.SETTLED_BY`); a side that lets its time pass is
put on record by another, its share is then :data:`yiwang.seal.public_draw.FORFEITED`, and there is no second draw.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from yiwang.kernel import moment
from yiwang.kernel.errors import Refused, bad
from yiwang.kernel.rules import limit
from yiwang.kernel.text import Text
from yiwang.kernel.verdict import YES, Reason, Verdict, no, verdict
from yiwang.modules.evidence import selectors as evidence
from yiwang.modules.evidence.actors import Actor
from yiwang.seal import draw, public_draw

CENTER = "center"


@dataclass(frozen=True, slots=True)
class Acts:
    """The acts of one kind of draw, and the limit of law/limits.yaml on the time to reveal."""

    commit: str
    reveal: str
    forfeit: str
    limit: str

    def beacon(self, tender: Any) -> dict[str, Any]:
        """The draw's :func:`beacon`."""
        return beacon(tender, self.commit, self.reveal, self.forfeit)


HALL = Acts("coefficient.commit", "coefficient.reveal", "coefficient.forfeit", "NL-36")
COMMITTEE = Acts("draw.commit", "draw.reveal", "draw.forfeit", "NL-37")
AWARD = Acts("award.commit_lots", "award.reveal_lots", "award.forfeit_lots", "NL-37")


def beacon(tender: Any, commit: str, reveal: str, forfeit: str = "") -> dict[str, Any]:
    """The first checkpoint that covers the last commitment and that the witnesses' quorum cosigned: ``{"size", "root"}``.

    The first reveal states it, later ones repeat it: who knows the shares and may choose among roots chooses the result.

    Args:
        commit, reveal, forfeit: names of the acts.

    Raises:
        Refused: the last commitment is not in the log yet.
    """
    acts = evidence.acts_of(tender)
    first = acts.filter(act__in=(reveal, forfeit)).first()
    stated: dict[str, Any] | None = json.loads(bytes(first.canonical))["public"].get("beacon") if first else None
    if stated is not None:
        return stated
    found = evidence.first_witnessed_after(acts.filter(act=commit).last())
    if found is None:
        raise Refused(
            Reason(
                "draw.beacon",
                Text("最后一份承诺正在写入日志，请稍候", "the last commitment is being written to the log; wait a moment"),
                passes=Text("几秒后再试", "try again in a few seconds"),
            )
        )
    return {"size": found.size, "root": found.root.hex()}


def committed(drawn: Mapping[str, Any], commitment: str) -> str:
    """The commitment, when it is one (64 hex digits) and no other side's; BadInput otherwise."""
    if not re.fullmatch(r"[0-9a-f]{64}", commitment):
        raise bad("commitment", "承诺应为 64 位十六进制", "a commitment is 64 hex digits")
    if commitment in {each["commitment"] for each in drawn.get("shares", {}).values()}:
        raise bad("commitment", "承诺与另一方相同", "the commitment equals another side's")
    return commitment


def opened(commitment: str, share: str) -> str:
    """The share, when it is what was committed to; BadInput otherwise."""
    try:
        good = draw.commitment(bytes.fromhex(share)) == commitment and share == share.lower()
    except ValueError:
        good = False
    if not good:
        raise bad("share", "随机数与承诺不符", "the share does not match the commitment",
                  passes=Text("提交承诺时保存的随机数", "the share that was kept when committing"))  # fmt: skip
    return share


def revealed(drawn: Mapping[str, Any], party: str, share: str, root: dict[str, Any]) -> dict[str, Any]:
    """What evidence says when a side reveals its share; with the last one the result, which follows from shares and beacon.

    Args:
        root: of :func:`beacon`.
    """
    return _with(drawn, party, opened(drawn["shares"][party]["commitment"], share), root)


def forfeited(drawn: Mapping[str, Any], party: str, root: dict[str, Any], share: str = public_draw.FORFEITED) -> dict[str, Any]:
    """What evidence says when a side has not revealed in time; the result, when it was the last.

    Args:
        share: what stands in the place of the side's share.

    Raises:
        BadInput: it is not this side's turn.
    """
    due = turn(drawn["shares"])
    if party not in due:
        raise bad("party", "这一方没有逾期未公开的随机数", "that side has no share overdue", passes=Text("、".join(due), ", ".join(due)))
    return _with(drawn, party, share, root)


def _with(drawn: Mapping[str, Any], party: str, share: str, root: dict[str, Any]) -> dict[str, Any]:
    said = {"party": party, "share": share, "beacon": root}
    shares = {name: each.get("share", "") for name, each in drawn["shares"].items()} | {party: share}
    return said | public_draw.result(drawn["process"], shares, root["root"]) if all(shares.values()) else said


def turn(shares: Mapping[str, Any]) -> list[str]:
    """Whose turn it is to reveal: the center's first, then all others'."""
    open_ = sorted(party for party, each in shares.items() if not each.get("share"))
    return [CENTER] if CENTER in open_ else open_


def alone(shares: Mapping[str, Any], party: str) -> bool:
    """Whether without this side's share none but the center's would be real: the center could then compute results beforehand."""
    return all(each.get("forfeited") for name, each in shares.items() if name not in (CENTER, party))


def not_alone(shares: Mapping[str, Any], party: str) -> Verdict:
    """A share that is not the center's remains."""
    return verdict(
        not alone(shares, party),
        "draw.one_honest",
        Text("除交易中心外至少要有一方公开随机数，否则不能抽取", "a side other than the center must reveal; else there is no draw"),
        passes=Text("该方公开随机数，或者依法终止后重新进行", "that side reveals, or the tender is ended and held again"),
    )


def after_center(shares: Mapping[str, Any], party: str) -> Verdict:
    """The center has revealed, or it is the center that does."""
    return verdict(
        party in turn(shares) or not shares.get(party) or bool(shares[party].get("share")),
        "draw.center_first",
        Text(
            "交易中心先公开随机数：数据库在它手里，它不能后于各方",
            "the center reveals first: it keeps the database, and must not come after the others",
        ),
        passes=Text("交易中心公开之后", "once the center has revealed"),
    )


def overdue(tender: Any, shares: Mapping[str, Any], own: str, draw_: Acts) -> Verdict:
    """All have committed, and another side has let its time to reveal pass."""
    if not shares or not any(party != own for party in turn(shares)):
        return no("draw.nobody", Text("没有逾期未公开随机数的另一方", "no other side has a share overdue"))
    minutes: int = limit(draw_.limit)["minutes"]
    last = evidence.acts_of(tender).filter(act__in=(draw_.commit, draw_.reveal, draw_.forfeit)).last()
    due = last.at + timedelta(minutes=minutes) if last is not None else moment.now()
    if moment.now() >= due:
        return YES
    names = Text(f"{minutes} 分钟内公开的期限还没有过", f"the {minutes} minutes to reveal have not passed")
    return no(draw_.limit, names, article=limit(draw_.limit)["article"], after=due)


def party_of(tender: Any, actor: Actor) -> str:
    """The side that an actor stands for: ``host`` or the name of his duty (``center``, ``supervisor``)."""
    if actor.organisation is not None and actor.organisation.id in (tender.buyer_id, tender.agency_id):
        return "host"
    return actor.duty


def not_committed(shares: Mapping[str, Any], party: str) -> Verdict:
    """The side has not committed yet."""
    return verdict(party not in shares, "draw.committed", Text("您这一方已经提交承诺", "your side has committed already"))


def all_committed(shares: Mapping[str, Any], names: Mapping[str, Text]) -> Verdict:
    """All sides have committed."""
    missing = [name for party, name in names.items() if party not in shares]
    return verdict(
        not missing,
        "draw.shares",
        Text(f"等待{'、'.join(t.zh for t in missing)}提交承诺", f"waiting for the commitment of {', '.join(t.en for t in missing)}"),
    )


def not_revealed(shares: Mapping[str, Any], party: str) -> Verdict:
    """The side has committed and not revealed."""
    share = shares.get(party, {})
    return verdict(
        bool(share) and not share.get("share"), "draw.revealed", Text("您这一方没有待公开的随机数", "your side has no share to reveal")
    )


@dataclass(frozen=True, slots=True, eq=False)
class Guards:
    """What one kind of draw asks of an act, as guards of its table.

    Attributes:
        acts: of the draw. shares_of: what each side of a tender's draw has committed and revealed. names: the sides.
    """

    acts: Acts
    shares_of: Callable[[Any], Mapping[str, Any]]
    names: Mapping[str, Text]

    def not_committed(self, tender: Any, actor: Actor, now: datetime) -> Verdict:
        """The actor's side has not committed yet."""
        return not_committed(self.shares_of(tender), party_of(tender, actor))

    def all_committed(self, tender: Any, actor: Actor, now: datetime) -> Verdict:
        """All sides have committed."""
        return all_committed(self.shares_of(tender), self.names)

    def not_revealed(self, tender: Any, actor: Actor, now: datetime) -> Verdict:
        """The actor's side has committed and not revealed."""
        return not_revealed(self.shares_of(tender), party_of(tender, actor))

    def in_turn(self, tender: Any, actor: Actor, now: datetime) -> Verdict:
        """The center reveals first."""
        return after_center(self.shares_of(tender), party_of(tender, actor))

    def overdue(self, tender: Any, actor: Actor, now: datetime) -> Verdict:
        """Another side has let its time to reveal pass."""
        return overdue(tender, self.shares_of(tender), party_of(tender, actor), self.acts)
