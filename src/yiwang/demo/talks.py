"""How the acts of negotiations, single source and framework agreements are played.

Importing this teaches :mod:`yiwang.demo.play` these acts.
"""

from __future__ import annotations

from datetime import timedelta

from yiwang.demo import chain
from yiwang.demo.chain import following
from yiwang.demo.play import HANDS, OPENING_HOUR, Play
from yiwang.modules.awards import admission_acts
from yiwang.modules.bids import selectors as bids
from yiwang.modules.evaluations import acts as evaluations
from yiwang.modules.negotiations import acts, framework_acts, selectors, source_acts
from yiwang.modules.negotiations.law import knows
from yiwang.modules.negotiations.source_rules import PERIOD
from yiwang.modules.tenders import rules
from yiwang.modules.tenders.selectors import law_of

__all__ = ["following", "publicise", "talk", "talks"]

QUOTE_HOURS = 48
OPINION = {"employer": "滨海市信息工程学院", "title": "高级工程师", "opinion": "该系统的接口由原厂商独家提供，只能从该供应商处采购。"}
SUPPLIER = "江北建设集团"


def invite(played: Play) -> None:
    """As in other chains; where the law sets no period, for final quotes and orders, with 48 hours for the quote."""
    if rules.rules_between(law_of(played.tender), rules.BID_PREPARATION):
        chain.invite(played)
        return
    first = played.stage() + timedelta(hours=QUOTE_HOURS)
    end = played.script.deadline or rules.earliest(law_of(played.tender), rules.BID_PREPARATION, first, OPENING_HOUR)
    admission_acts.invite(actor=played.host.actor, tender=played.number, issue_end=end, deadline=end)
    played.stage.wait(hours=2)


def talk(played: Play, bid: str, record: str) -> None:
    """The group, all of them, talks with one supplier; its first member keeps the record."""
    seats = played._committee()
    acts.talk(actor=seats[0][1].actor, tender=played.number, bid=bid, record=record, present=[seat.number for seat, _ in seats])
    played.stage.wait(minutes=40)


def talks(played: Play) -> None:
    """All declare; the group talks with each supplier and ends the talks."""
    declare(played)
    for bid in selectors.suppliers(played.tender):
        talk(played, bid.chain, f"与{bid.tenderer.name}就技术要求和售后服务谈判，供应商承诺满足。")
    acts.close(actor=played._committee()[0][1].actor, tender=played.number, quote_hours=QUOTE_HOURS)


def declare(played: Play) -> None:
    """Every member of the group declares to have no conflict of interest."""
    for seat, each in played._committee():
        if not hasattr(seat, "declaration"):
            signed = each.sign("no-conflict", {"tender": played.number})
            evaluations.declare(actor=each.actor, tender=played.number, **signed)


def publicise(played: Play) -> None:
    """单一来源公示, for the lawful days, then on."""
    ends = rules.earliest(law_of(played.tender), PERIOD, played.stage())
    source_acts.publicise(
        actor=played.host.actor, tender=played.number, supplier=played.cast.tenderer(SUPPLIER).actor.organisation.uscc,
        ground="only", reason="原系统由该供应商承建并独家维护，更换将导致数据不能迁移。", ends=ends,
        opinions=[{"name": name, **OPINION} for name in ("周文", "吴敏", "郑刚")],
    )  # fmt: skip
    played.stage.to(ends)
    played.stage.wait(hours=1)


def choose(played: Play) -> None:
    """确定订单的供应商: whom the procedure says; in direct selection the first of the admitted."""
    direct = law_of(played.tender).method == "framework_direct"
    listed = selectors.admitted(played.tender.stage_of)
    framework_acts.choose(
        actor=played.host.actor, tender=played.number, supplier=listed[0] if direct else "",
        reason="距离最近，两小时内到场" if direct else "",
    )  # fmt: skip


def settle(played: Play) -> None:
    """The quotes rank; of a single source the price is negotiated down by five percent."""
    host = played.host.actor
    if knows(played.tender, "source.publicise"):
        quote = bids.opened(played.tender)[0].price or 0
        acts.settle(
            actor=host, tender=played.number, record="就价格和服务期协商，供应商同意优惠。", agreed=quote * 95 // 100,
            negotiators=["孙立", "何静"],
        )  # fmt: skip
    else:
        acts.settle(actor=host, tender=played.number)
    played.stage.wait(hours=2)


def end_framework(played: Play) -> None:
    """结束征集."""
    framework_acts.close(actor=played.host.actor, tender=played.number)
    played.stage.wait(days=1)


HANDS |= {
    "tender.invite": invite,
    "negotiation.talk": talks,
    "negotiation.settle": settle,
    "source.publicise": publicise,
    "framework.choose": choose,
    "framework.close": end_framework,
}
