"""Parts of a tender's desk page from the evaluation on: report, candidates, award, contract."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from django.utils.html import format_html

from yiwang.desks import wording
from yiwang.desks.called import called
from yiwang.desks.tender_parts import Section, runs_or_watches
from yiwang.kernel import moment
from yiwang.kernel.arithmetic import named as named_lines
from yiwang.kernel.arithmetic import read as read_arithmetic
from yiwang.kernel.ballots import METHODS, TIES
from yiwang.kernel.evaluation_facts import rank_words
from yiwang.kernel.text import Text, text_of
from yiwang.modules.awards import selectors as awards
from yiwang.modules.bids import selectors as bids
from yiwang.modules.contracts import selectors as contracts
from yiwang.modules.evaluations import selectors as evaluations
from yiwang.modules.evidence.actors import Actor, has_role
from yiwang.modules.parties import selectors as parties
from yiwang.ui.shapes import Fact, Tag
from yiwang.ui.show import tag_html
from yiwang.ui.tables import Column, Table, table_of


def sections(actor: Actor, tender: Any, request: HttpRequest) -> list[Section]:
    """The parts that exist by now and that the actor may see."""
    found = (_report(actor, tender), _candidates(tender), vote_section(actor, tender), _award(actor, tender), _contract(actor, tender))
    return [part for part in found if part is not None]


def _report(actor: Actor, tender: Any) -> Section | None:
    report = evaluations.report(actor, tender)
    if report is None:
        return None
    data = {
        "facts": [
            Fact(Text("形成时间", "Made"), report.made_at, "when"),
            Fact(Text("签署完成", "Signed by all"), report.signed_at, "when"),
            Fact(Text("报告指纹", "Hash of the report"), report.sha256, "hash"),
        ],
        "table": ranking_table(report.content, tender),
        "lines": arithmetic(report.content, tender),
    }
    return Section("report", Text("评标报告", "Evaluation report"), "desks/tender_parts/report.html", data)


def bidders(tender: Any) -> dict[str, str]:
    """Names of the tenderers whose bids were opened, by the evidence subject of the bid."""
    return {bid.chain: str(bid.party) for bid in bids.opened(tender)}


def ranking_table(content: dict[str, Any], tender: Any) -> Table:
    """The ranking of a report: price, scores, rank, and why a bid was rejected."""
    names = bidders(tender)
    results = content["ranking"]["results"]
    scored = any(row["total"] is not None for row in results)
    columns = [
        Column("rank", Text("排名", "Rank"), "number"),
        Column("name", Text("投标人", "Tenderer"), head=True, value=lambda row: names.get(row["bid"], row["bid"])),
        Column("price", Text("报价（元）", "Price (yuan)"), "money"),
        *(
            [
                Column("price_score", Text("价格分", "Price score"), "number"),
                Column("total", Text("总分", "Total"), "number"),
            ]
            if scored
            else []
        ),
        Column("result", Text("结论", "Result"), value=_result),
    ]
    return table_of(None, Text("排序", "Ranking"), columns, results, per_page=500)


def _result(row: dict[str, Any]) -> Any:
    """Passed or rejected as a pill; why, in a line below."""
    tag = Tag(Text("否决", "rejected"), "bad") if row["rejected"] else Tag(Text("通过", "passed"), "good")
    return format_html('{} <span class="why">{}</span>', tag_html(tag), _why(row))


def _why(row: dict[str, Any]) -> Text | str:
    reasons = [text_of(each) for each in (*row["rejected"], *row["abnormal"])]
    return Text("；".join(each.zh for each in reasons), "; ".join(each.en for each in reasons)) if reasons else ""


def arithmetic(content: dict[str, Any], tender: Any) -> list[dict[str, Any]]:
    """Each line of the arithmetic: of all together, then bid by bid."""
    common, rows = read_arithmetic(content, bidders(tender))
    return [{"name": Text("总体", "Overall"), "lines": common}, *({"name": row.name, "lines": row.lines} for row in rows)]


def opinions(content: dict[str, Any]) -> list[dict[str, Any]]:
    """What the evaluation committee says of each candidate (评定分离)."""
    return [{"name": wording.candidate(each), "lines": each.get("opinions", ())} for each in content["candidates"]]


def vote_section(actor: Actor, tender: Any) -> Section | None:
    """The vote of the award committee, where evaluation and award are separate."""
    found = evaluations.award_vote(actor, tender)
    if found is None:
        return None
    names = {bid.chain: bid.party for bid in bids.opened(tender)}
    rule = found["vote"].rule
    columns = [
        Column("round", Text("轮次", "Round"), "number"),
        Column("member", Text("成员", "Member"), head=True, value=lambda ballot: ballot.member.person.name),
        Column("choice", Text("选票", "Ballot"), value=lambda ballot: _chosen(ballot.choice, names)),
        Column("reason", Text("理由", "Reason")),
    ]
    ballots_ = [ballot for one in found["rounds"] for ballot in one]
    facts = [
        Fact(Text("定标方法", "How it votes"), METHODS[rule["method"]]),
        Fact(Text("票数相同时", "Equal votes"), TIES[rule["tie"]]),
        Fact(Text("成员", "Members"), "、".join(each.person.name for each in found["members"])),
        *(Fact(Text("计票", "Count"), line) for line in named_lines(found["outcome"].lines, {bid: str(name) for bid, name in names.items()})),
    ]
    data = {"facts": facts, "table": table_of(None, Text("记名票", "Open ballots"), columns, ballots_, per_page=500)}
    return Section("vote", Text("定标票决", "Vote on the award"), "desks/tender_parts/facts_table.html", data)


def _chosen(choice: list[str], names: dict[str, Text]) -> Text:
    found = [names[bid] for bid in choice]
    return Text("、".join(each.zh for each in found), ", ".join(each.en for each in found))


def _candidates(tender: Any) -> Section | None:
    publicity = awards.publicity(tender)
    if publicity is None:
        return None
    data = {
        "facts": [
            Fact(Text("公示开始", "From"), publicity.starts, "when"),
            Fact(Text("公示截止", "Until"), publicity.ends, "when"),
        ],
        "table": candidates_table(publicity.candidates),
    }
    return Section("candidates", Text("中标候选人", "Candidates"), "desks/tender_parts/facts_table.html", data)


def candidates_table(candidates: list[dict[str, Any]]) -> Table:
    """The publicised candidates."""
    ranked = any(each["rank"] for each in candidates)
    columns = [
        *([Column("rank", Text("排名", "Rank"), "number")] if ranked else []),
        Column("name", Text("中标候选人", "Candidate"), head=True, value=wording.candidate),
        Column("price", Text("报价（元）", "Price (yuan)"), "money"),
        Column("total", Text("总分", "Total"), "number"),
    ]
    caption = Text("中标候选人公示", "Candidates in public") if ranked else Text("中标候选人公示（不排序）", "Candidates in public (unranked)")
    return table_of(None, caption, columns, candidates)


def _award(actor: Actor, tender: Any) -> Section | None:
    award = awards.award(actor, tender)
    if award is None:
        return None
    words = called(tender)
    facts = [
        Fact(words.winner, award.party),
        Fact(words.price, award.price, "money"),
        Fact(Text("排名", "Rank"), rank_words(award.rank)),
        Fact(Text("定标时间", "Decided"), award.decided_at, "when"),
        Fact(Text(f"{words.notice.zh}发出", "Notice sent"), award.notified_at, "when"),
    ]
    if award.reason:
        facts.append(Fact(Text("改选理由", "Why not the first"), award.reason))
    return Section("award", words.result, "desks/tender_parts/facts_table.html", {"facts": facts})


def _contract(actor: Actor, tender: Any) -> Section | None:
    contract = contracts.contract(tender)
    allowed = runs_or_watches(actor, tender) or has_role("supplier", actor, tender)
    if contract is None or not (allowed or contract.registered_at):
        return None
    facts = [
        Fact(Text("合同价", "Contract price"), contract.content["price"], "money"),
        Fact(Text("合同指纹", "Hash of the contract"), contract.sha256, "hash"),
        Fact(Text("招标人签署", "Signed by the buyer"), _signed(contract.buyer_signature, contract), "tag"),
        Fact(Text("中标人签署", "Signed by the supplier"), _signed(contract.supplier_signature, contract), "tag"),
        *(
            Fact(Text(f"{each['name']}签署", f"Signed by {each['name']}"), _signed(contract.member_signatures.get(each["uscc"]), contract), "tag")
            for each in contract.content.get("members", ())
        ),
        Fact(Text("双方签署完成", "Signed by both"), contract.signed_at, "when"),
        Fact(Text("登记时间", "Registered"), contract.registered_at, "when"),
    ]
    return Section("contract", Text("合同", "Contract"), "desks/tender_parts/facts_table.html", {"facts": facts})


def _signed(signature: Any, contract: Any) -> Tag:
    """Whether one side has signed, and until when the certificate that its key rests on is valid."""
    if not signature:
        return Tag(Text("等待签署", "waiting"), "wait")
    ground = parties.rests_on(signature, contract.signed_at or moment.now())
    return Tag(Text(f"已签署（{ground.zh}）", f"signed ({ground.en})") if ground else Text("已签署", "signed"), "good")
