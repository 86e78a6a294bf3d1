"""Transitions of bids."""

from __future__ import annotations

from yiwang.kernel.text import Text
from yiwang.kernel.transitions import Table, Transition
from yiwang.modules.bids import rules
from yiwang.modules.evidence.registry import register
from yiwang.modules.tenders.rules import before_bytes_end, before_deadline

BID = register(
    Table(
        "bid",
        (),
        (
            Transition(
                "bid.submit",
                Text("密封并提交投标", "seal and submit a bid"),
                "bid",
                roles=("tenderer",),
                sources=("tendering",),
                guards=(before_deadline,),
                articles=("招标投标法 第28条", "电子招标投标办法 第26条"),
            ),
            Transition(
                "bid.commit",
                Text("登记密封文件的摘要", "commit to a sealed file"),
                "bid",
                roles=("tenderer",),
                sources=("tendering",),
                guards=(before_deadline,),
                articles=("招标投标法 第28条", "电子招标投标办法 第26条"),
                offered=False,
            ),
            Transition(
                "bid.deliver",
                Text("传完密封文件", "deliver the sealed file"),
                "bid",
                roles=("tenderer",),
                sources=("tendering", "closed"),
                guards=(before_bytes_end, rules.has_pending_bid),
                articles=("招标投标法 第28条", "电子招标投标办法 第27条"),
            ),
            Transition(
                "bid.withdraw",
                Text("撤回投标", "withdraw the bid"),
                "bid",
                roles=("tenderer",),
                sources=("tendering",),
                guards=(before_deadline, rules.has_standing_bid),
                articles=("招标投标法 第29条",),
            ),
        ),
    )
)
