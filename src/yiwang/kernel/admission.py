"""Who goes on from one sealed round to the next (资格预审结果、入围名单): it follows from the committee's report alone.

The center decides by this page, and the verifier checks by it. A round without a committee (两阶段招标的第一阶段) admits
everybody whose submission could be opened.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from yiwang.kernel.text import Text
from yiwang.kernel.verdict import YES, Verdict, no

Row = dict[str, Any]


@dataclass(frozen=True, slots=True)
class AdmissionRule:
    """How a round that ends with an admission ends.

    Attributes:
        least: with fewer admitted than this the round has failed and is held again (招标投标法实施条例 第19条).
        rule, article: where that stands.
        secret: who took part and who was admitted stays secret until the later round is opened (招标投标法 第22条).
    """

    least: int
    rule: str
    article: str
    secret: bool = False

    def check(self, number: int) -> Verdict:
        """Whether ``number`` admitted tenderers are enough to go on."""
        if number >= self.least:
            return YES
        return no(
            self.rule,
            Text(f"通过的{number}个，少于{self.least}个，应当重新进行", f"{number} were admitted, fewer than {self.least}: the round is held again"),
            article=self.article,
            passes=Text(f"{self.least}个以上", f"at least {self.least}"),
        )


def lists(report: Mapping[str, Any] | None, record: Mapping[str, Any]) -> tuple[list[Row], list[Row]]:
    """The admitted and the others, each with its reason.

    Args:
        report: the committee's report as evidence holds it; None when the round has no committee. Where its formula says
            how many are kept, the best so many are admitted (有限数量制, equal ranks alike); else whoever passes (合格制).
        record: the opening record.

    Returns:
        Admitted rows ``{"tenderer", "name", "bid", "rank", "total"}`` (with ``joint`` for joint bids, ``scores`` where
        scored, ``price`` in fen where bids carry one) by rank, and other
        rows ``{"tenderer", "name", "bid", "reason": {"zh", "en"}}``, both without duplicates, in a fixed order.
    """
    ranked = {} if report is None else {row["bid"]: row for row in report["ranking"]["results"]}
    most = None if report is None else report["ranking"].get("kept")
    admitted, others = [], []
    for bid in record["bids"]:
        row = ranked.get(bid["bid"])
        reason = _reason(bid, row, most, judged=report is not None)
        who = {"tenderer": bid["tenderer"], "name": bid["tenderer_name"], "bid": bid["bid"]}
        if reason is None:
            members = [{"tenderer": each["tenderer"], "name": each["name"]} for each in bid.get("joint", ())]
            more = {"joint": members} if members else {}
            scored = {"scores": dict(row["scores"])} if row and row.get("scores") else {}
            priced = {"price": bid["price"]} if bid.get("price") is not None else {}
            admitted.append({**who, **more, **scored, **priced, "rank": row["rank"] if row else None, "total": row["total"] if row else None})
        else:
            others.append({**who, "reason": {"zh": reason.zh, "en": reason.en}})
    admitted.sort(key=lambda row: (row["rank"] or 0, row["tenderer"]))
    others.sort(key=lambda row: str(row["tenderer"]))
    return admitted, others


def _reason(bid: Mapping[str, Any], row: Mapping[str, Any] | None, most: int | None, *, judged: bool) -> Text | None:
    """Why a bid goes no further; None when it is admitted."""
    if bid["fault"] is not None:
        return Text(bid["fault"]["zh"], bid["fault"]["en"])
    if not judged:
        return None
    if row is None:
        return Text("评审报告没有列入", "the committee's report does not list it")
    if row["rank"] is None:
        said = [item if isinstance(item, Mapping) else {"zh": item, "en": item} for item in row["rejected"]]
        return Text("；".join(item["zh"] for item in said), "; ".join(item["en"] for item in said))
    if most is not None and row["rank"] > most:
        return Text(f"排名第 {row['rank']}，只取前 {most} 名", f"rank {row['rank']}; only the first {most} go on")
    return None
