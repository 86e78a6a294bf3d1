"""Checks on negotiations, single source and framework agreements: what their acts say can be derived again."""

from __future__ import annotations

from collections.abc import Iterator

from yiwang.kernel import formulas, framework
from yiwang.kernel.canonical import digest
from yiwang.kernel.moment import from_stamp
from yiwang.kernel.text import Text
from yiwang.verifier.checks.closing import record_of
from yiwang.verifier.dossier import Act, Dossier
from yiwang.verifier.report import Outcome, later, outcome


def talks(dossier: Dossier) -> Outcome:
    """The group talked with every supplier, all members each time; every change went to all; judged only afterwards."""
    end = dossier.last("negotiation.close")
    if end is None:
        return later("没有谈判，或者谈判尚未公开", "there were no talks, or they are not public yet")
    bids = {row["bid"]: row["tenderer"] for row in record_of(dossier)["bids"] if row["fault"] is None}
    faults = [*_missed(dossier, bids, end), *_changed(dossier, bids)]
    faults += [
        Text(f"{act}：在谈判结束以前", f"{act}: before the talks ended")
        for act in dossier.all("evaluation.submit_sheet")
        if act.index < end.index
    ]
    number = len(dossier.all("negotiation.talk"))
    return outcome(
        faults,
        Text(f"与 {len(bids)} 家供应商谈判 {number} 次，需求变动 {end.public['changes']} 次，均已通知全体",
             f"{number} talks with {len(bids)} suppliers; {end.public['changes']} changes, each told to all"),
    )  # fmt: skip


def _missed(dossier: Dossier, bids: dict[str, str], end: Act) -> Iterator[Text]:
    counted = dict.fromkeys(bids, 0)
    seats = [item["seat"] for item in dossier.scratch.get("seats", [])]
    for act in dossier.all("negotiation.talk"):
        public = act.public
        if bids.get(public["bid"]) != public["supplier"]:
            yield Text(f"{act}：不是提交响应文件的供应商", f"{act}: with nobody who responded")
            continue
        counted[public["bid"]] += 1
        if public["round"] != counted[public["bid"]] or act.index > end.index:
            yield Text(f"{act}：次序不符", f"{act}: is out of order")
        if seats and sorted(public["present"]) != sorted(seats):
            yield Text(f"{act}：小组成员没有全体参加", f"{act}: not all members took part")
    for bid, number in counted.items():
        if not number:
            yield Text(f"没有与 {bids[bid]} 谈判", f"nobody talked with {bids[bid]}")
    if end.public["talks"] != counted:
        yield Text(f"{end}：谈判次数不符", f"{end}: the number of talks is another")


def _changed(dossier: Dossier, bids: dict[str, str]) -> Iterator[Text]:
    for number, act in enumerate(dossier.all("negotiation.change"), 1):
        if act.public["to"] != sorted(bids.values()):
            yield Text(f"{act}：没有通知全部供应商", f"{act}: was not told to all suppliers")
        if act.public["change"] != number or not act.public["confirmed"]:
            yield Text(f"{act}：未经采购人代表确认，或者序号不符", f"{act}: not confirmed, or out of order")


def settled(dossier: Dossier) -> Outcome:
    """A result without a committee follows from the opened quotes, the formula and, for a single source, the agreed price."""
    act = dossier.last("negotiation.settle")
    if act is None:
        return later("没有不设小组的采购结果，或者尚未公开", "there is no result without a group, or it is not public yet")
    report, record = act.public["report"], record_of(dossier)
    quotes = [row for row in record["bids"] if row["fault"] is None]
    agreed, faults = report.get("agreed"), []
    facts = [formulas.BidFacts.from_json(item) for item in report["bids"]]
    due = {row["bid"]: row["price"] if agreed is None else agreed for row in quotes}
    if {fact.bid: fact.price for fact in facts} != due:
        faults.append(Text(f"{act}：报价与开启记录不符", f"{act}: the quotes are not those of the record"))
    ordered = dossier.last("framework.choose")
    above = framework.too_dear(((row["bid"], row["tenderer"], row["price"]) for row in quotes), ordered.public if ordered else {})
    if {fact.bid: fact.rejected[0] for fact in facts if fact.rejected} != above:
        faults.append(Text(f"{act}：否决的不是高于本单位协议价格的报价", f"{act}: other quotes are rejected than those above the agreed price"))
    if agreed is not None and (len(quotes) != 1 or not 0 < agreed <= quotes[0]["price"]):
        faults.append(Text(f"{act}：商定的价格高于报价", f"{act}: the agreed price lies above the quote"))
    if report["formula"] != dossier.facts["formula"] or digest(report) != act.public["report_sha256"]:
        faults.append(Text(f"{act}：评审办法或者摘要不符", f"{act}: formula or digest is another"))
    if formulas.evaluate(report["formula"], facts, []).to_json() != report["ranking"]:
        faults.append(Text(f"{act}：名次不能由报价重算", f"{act}: the ranking does not follow from the quotes"))
    ranked = [row["bid"] for row in report["ranking"]["results"] if row["rank"] is not None]
    if [row["bid"] for row in report["candidates"]] != ranked[: len(report["candidates"])]:
        faults.append(Text(f"{act}：候选人不是名次在前的", f"{act}: the candidates are not the first in rank"))
    return outcome(faults, Text(f"由 {len(quotes)} 份报价重算，结果一致", f"computed again from {len(quotes)} quotes; it agrees"))


def source(dossier: Dossier) -> Outcome:
    """The single source was publicised before it was invited, objections were answered, none was upheld."""
    act = dossier.last("source.publicise")
    if act is None:
        return later("不是单一来源采购", "this is no single-source procurement")
    invited, faults = dossier.last("tender.invite"), []
    if invited is not None:
        if invited.at <= from_stamp(act.public["ends"]):
            faults.append(Text(f"{invited}：公示期未满", f"{invited}: the publicity was not over"))
        if [each["uscc"] for each in invited.public["invited"]] != [act.public["supplier"]["uscc"]]:
            faults.append(Text(f"{invited}：邀请的不是公示的供应商", f"{invited}: invites another than was publicised"))
        faults += [
            Text(f"{each}：异议成立仍然邀请", f"{each}: upheld, and yet the supplier was invited")
            for each in dossier.all("source.answer")
            if each.public["upheld"]
        ]
    days = (from_stamp(act.public["ends"]) - from_stamp(act.public["starts"])).days
    return outcome(faults, Text(f"公示 {days} 天，没有成立的异议", f"publicised for {days} days; no objection was upheld"))


def order(dossier: Dossier) -> Outcome:
    """Whom an order went to follows from the list of the admitted and the manner: all, the one named, or whose turn it is; the
    prices that bound its quotes are those of the agreement. Nobody joined an open agreement at a price above its ceiling.
    """
    act = dossier.last("framework.choose")
    if act is None and dossier.all("framework.review"):
        return _joined(dossier)
    if act is None:
        return later("不是框架协议的订单", "this is no order under a framework agreement")
    said = act.public
    listed, chosen, manner = said["listed"], said["chosen"], said["manner"]
    due = {
        "compete": listed,
        "direct": chosen if len(chosen) == 1 and chosen[0] in listed and said.get("reason") else [],
        "turn": [listed[(said.get("turn", 1) - 1) % len(listed)]] if listed else [],
    }[manner]
    faults = [] if due and chosen == due else [Text(f"{act}：供应商不是按规则确定的", f"{act}: the supplier does not follow from the rule")]
    due_prices = _agreed(dossier, act)
    if due_prices is not None:
        if list(due_prices) != listed:
            faults.append(Text(f"{act}：名单不是入围名单", f"{act}: the list is not that of the admitted"))
        if said.get("prices", {}) != {code: price for code, price in due_prices.items() if code in chosen and price is not None}:
            faults.append(Text(f"{act}：价格不是框架协议的价格", f"{act}: the prices are not those of the agreement"))
    bidders = {row["tenderer"] for row in record_of(dossier)["bids"]} if dossier.last("opening.open") else set()
    if not bidders <= set(chosen):
        faults.append(Text("未被邀请的供应商报价", "somebody quoted who was not asked"))
    return outcome(faults, Text(f"{len(listed)} 家入围，向 {len(chosen)} 家发出", f"{len(listed)} are admitted; it went to {len(chosen)}"))


def _agreed(dossier: Dossier, act: Act) -> dict[str, int | None] | None:
    """The admitted with the prices of their agreements, in their order; None where the earlier round is not here."""
    decided = [each for each in dossier.all("admission.decide") if each.subject != dossier.chain]
    if decided:
        return {row["tenderer"]: row.get("price") for row in decided[-1].public["admitted"]}
    found: dict[str, int | None] = {}
    reviews = [each for each in dossier.all("framework.review") if each.subject != dossier.chain and each.index < act.index]
    for each in reviews:
        if each.public["admitted"]:
            found.setdefault(each.public["supplier"], each.public.get("price"))
    return found if reviews else None


def _joined(dossier: Dossier) -> Outcome:
    """Of an open agreement: each review is of an application with this price, and nobody is in above the ceiling."""
    reviews, facts = dossier.all("framework.review"), dossier.facts
    lots = facts.get("lots") or [{}]
    most = lots[0].get("ceiling") or facts.get("budget", 0)
    applied = {act.public["application"]: act.public for act in dossier.all("framework.apply")}
    faults = []
    for act in reviews:
        said, asked = act.public, applied.get(act.public["application"])
        if said["admitted"] and not 0 < said["price"] <= most:
            faults.append(Text(f"{act}：价格高于协议价格上限仍然入围", f"{act}: is in at a price above the ceiling"))
        if asked is not None and (asked["supplier"], asked["price"]) != (said["supplier"], said["price"]):
            faults.append(Text(f"{act}：与申请不符", f"{act}: differs from the application"))
    number = sum(act.public["admitted"] for act in reviews)
    return outcome(faults, Text(f"审核 {len(reviews)} 份申请，{number} 家以不高于上限的价格加入",
                                f"{len(reviews)} applications reviewed; {number} are in, none above the ceiling"))  # fmt: skip
