"""Checks on the evaluation: sheets, and the report computed again by the formula; candidates."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from yiwang.kernel import formulas, procedures
from yiwang.kernel.canonical import digest
from yiwang.kernel.errors import YiwangError
from yiwang.kernel.text import Text
from yiwang.verifier.checks.closing import members_of, record_of
from yiwang.verifier.checks.numbers import tame
from yiwang.verifier.dossier import Dossier
from yiwang.verifier.report import Outcome, later, outcome


def report_of(dossier: Dossier) -> dict[str, Any]:
    """The evaluation report; {} while it is not public."""
    made = dossier.last("evaluation.conclude")
    if made is None:
        made = next((act for act in dossier.all("tender.fail") if "report" in act.public), None)
    return made.public["report"] if made else {}


def formula(dossier: Dossier) -> Outcome:
    """The report's formula is that of the notice, and the procedure allows it."""
    report, facts = report_of(dossier), dossier.facts
    if not facts:
        return later("招标公告尚未公开", "the notice is not public yet")
    tame(facts["formula"], "formula")
    faults = [reason.message for reason in procedures.load(facts["procedure"]).check_formula(facts["formula"]).reasons]
    faults += [reason.message for reason in formulas.check_formula(facts["formula"]).reasons]
    for act in [*dossier.all("tender.enter"), *dossier.all("tender.publish")]:
        if act.public["formula"] != facts["formula"] or act.public["number"] != dossier.tender:
            faults.append(Text(f"{act}：评标办法或编号前后不一", f"{act}: formula or number is another"))
    if report and report["formula"] != facts["formula"]:
        faults.append(Text("评标报告用的不是公告的评标办法", "the report uses another formula than the notice"))
    return outcome(
        faults,
        Text(
            f"评标办法 {facts['formula']['id']} 自公告起未变",
            f"formula {facts['formula']['id']}, unchanged since the notice",
        ),
    )


def sheets(dossier: Dossier) -> Outcome:
    """One sheet for each seat, declared before; together they are the sheets of the report."""
    handed = dossier.all("evaluation.submit_sheet")
    if not handed:
        return later("各评委的评分表自定标起公开", "the evaluators' sheets are public from the award")
    faults = []
    seats = [act.public["seat"] for act in handed]
    current = {item["seat"] for item in dossier.scratch.get("seats", [])}
    if sorted(seats) != sorted(set(seats)) or set(seats) != current:
        faults.append(Text("评分表与席位不是一一对应", "there is not one sheet for each seat"))
    declared = {
        act.public["seat"]: (act.index, act.content["actor"]["person"]) for act in dossier.all("evaluation.declare")
    }
    for act in handed:
        index, person = declared.get(act.public["seat"], (act.index, ""))
        if index >= act.index or person != act.content["actor"]["person"]:
            faults.append(Text(f"{act}：同一人没有先作回避声明", f"{act}: the same person did not declare before"))
        if act.public["sheet"]["evaluator"] != str(act.public["seat"]):
            faults.append(Text(f"{act}：评分表写的是另一席位", f"{act}: the sheet names another seat"))
    report = report_of(dossier)
    ordered = [digest(act.public["sheet"]) for act in sorted(handed, key=lambda act: act.public["seat"])]
    if report and report["sheets"] != ordered:
        faults.append(Text("评标报告不是由这些评分表作出的", "the report was not made from these sheets"))
    return outcome(
        faults,
        Text(
            f"{len(handed)} 张评分表，先声明后评分，与报告所列一致",
            f"{len(handed)} sheets, each after a declaration, as the report lists them",
        ),
    )


def ranking(dossier: Dossier) -> Outcome:
    """Totals and ranking are computed again from the opened bids and the sheets, by the formula of the notice."""
    report, handed = report_of(dossier), dossier.all("evaluation.submit_sheet")
    if not report:
        return later("评标报告自公示起公开", "the evaluation report is public from the publicity")
    tame([report, dossier.facts["formula"], [act.public["sheet"] for act in handed]], "report")
    faults = list(_report_facts(dossier, report))
    if dossier.facts["formula"].get("criteria") and not handed:
        return (
            outcome(faults, Text("", ""))
            if faults
            else later(
                "打分项待评分表公开（定标起）后才能重算",
                "scores can be recomputed once the sheets are public (from the award)",
            )
        )
    given = [act.public["sheet"] for act in sorted(handed, key=lambda act: act.public["seat"])]
    rejected = {bid["bid"]: _rejected(bid["bid"], given) if given else bid["rejected"] for bid in report["bids"]}
    facts = [formulas.BidFacts.from_json({**bid, "rejected": rejected[bid["bid"]]}) for bid in report["bids"]]
    scores = [formulas.Sheet.from_json({"evaluator": sheet["evaluator"], "scores": sheet["scores"]}) for sheet in given]
    try:
        computed = formulas.evaluate(dossier.facts["formula"], facts, scores).to_json()
    except YiwangError as error:
        return outcome(
            [*faults, Text(f"无法按评标办法计算：{error}", f"the formula cannot be computed: {error}")], Text("", "")
        )
    faults += _differences(computed, report["ranking"])
    return outcome(
        faults,
        Text(
            f"{len(facts)} 份投标按办法重算，得分与名次一致",
            f"{len(facts)} bids computed again by the formula; scores and ranks agree",
        ),
    )


def _report_facts(dossier: Dossier, report: dict[str, Any]) -> Iterator[Text]:
    made = dossier.last("evaluation.conclude")
    if made is not None and digest(report) != made.public["report_sha256"]:
        yield Text("评标报告与其摘要不符", "the report does not give its digest")
    if report["tender"] != dossier.tender:
        yield Text("评标报告属于另一项目", "the report is of another tender")
    sound = [bid for bid in record_of(dossier).get("bids", []) if bid["fault"] is None]
    sound.sort(key=lambda bid: (bid["price"], bid["commitment"]))
    opened = [{"bid": bid["bid"], "price": bid["price"], "order": place} for place, bid in enumerate(sound)]
    if [{key: bid[key] for key in ("bid", "price", "order")} for bid in report["bids"]] != opened:
        yield Text("评标报告的投标或报价与开标记录不同", "bids or prices of the report differ from the opening record")
    if any(bid["deductions"] or bid["adjustments"] or bid["lot"] is not None for bid in report["bids"]):
        yield Text("评标报告有无据可查的价格调整", "the report adjusts prices without evidence")


def _rejected(bid: str, given: list[dict[str, Any]]) -> list[str]:
    """The reasons for which more than half of the committee rejects a bid."""
    against = [sheet["review"][bid]["reason"] for sheet in given if not sheet["review"][bid]["pass"]]
    return against if len(against) * 2 > len(given) else []


def _differences(computed: dict[str, Any], reported: dict[str, Any]) -> Iterator[Text]:
    if computed == reported:
        return
    before = {row["bid"]: row for row in reported["results"]}
    plain = True
    for row in computed["results"]:
        other = before.get(row["bid"], {})
        for key in ("rank", "total", "price_score", "evaluated"):
            if row[key] != other.get(key):
                plain = False
                yield Text(
                    f"{row['bid']}：{key} 应为 {row[key]}，报告为 {other.get(key)}",
                    f"{row['bid']}: {key} is {row[key]}, the report says {other.get(key)}",
                )
    if plain:
        yield Text("评标报告的计算过程与重算不同", "the report's arithmetic differs from the computation")


def candidates(dossier: Dossier) -> Outcome:
    """The candidates are the first of the ranking; the publicity names just these."""
    report = report_of(dossier)
    if not report:
        return later("中标候选人尚未公示", "candidates are not public yet")
    tame(report["ranking"], "ranking")
    names = {bid["bid"]: bid for bid in record_of(dossier).get("bids", [])}
    most = procedures.load(dossier.facts["procedure"]).candidates_most
    first = formulas.Ranking.from_json(report["ranking"]).candidates(most)
    due = [
        {"bid": row.bid, "tenderer": names[row.bid]["tenderer"], "name": names[row.bid]["tenderer_name"], "price": row.price,
         **members_of(names[row.bid]), "total": None if row.total is None else str(row.total), "rank": row.rank}
        for row in first
    ]  # fmt: skip
    faults = []
    if report["candidates"] != due:
        faults.append(
            Text("报告的候选人不是名次靠前的投标", "the report's candidates are not the first of the ranking")
        )
    public = dossier.last("candidates.publicise")
    if public and (
        public.public["candidates"] != report["candidates"] or public.public["report_sha256"] != digest(report)
    ):
        faults.append(
            Text(f"{public}：公示的不是报告的候选人", f"{public}: publicises others than the report's candidates")
        )
    return outcome(faults, Text(f"{len(due)} 名候选人与名次一致", f"{len(due)} candidates as ranked"))


def signed_by_all(dossier: Dossier) -> Outcome:
    """Every member of the committee signed the report, or dissented in writing."""
    signed = dossier.all("evaluation.sign_report")
    if not signed:
        return later("评标报告的签字自定标起公开", "the report's signatures are public from the award")
    seats = {item["seat"] for item in dossier.scratch.get("seats", [])}
    missing = seats - {act.public["seat"] for act in signed}
    faults = [
        Text(f"评委 {seat} 没有签署评标报告", f"evaluator {seat} did not sign the report") for seat in sorted(missing)
    ]
    people = {act.public["seat"]: act.content["actor"]["person"] for act in dossier.all("evaluation.declare")}
    faults += [
        Text(f"{act}：不是该席位的评委签署", f"{act}: is not by the evaluator of that seat")
        for act in signed
        if people.get(act.public["seat"]) != act.content["actor"]["person"]
    ]
    dissents = sum(bool(act.public["statement"]["dissent"]) for act in signed)
    return outcome(
        faults,
        Text(
            f"{len(signed)} 名评委签署，{dissents} 份不同意见",
            f"{len(signed)} evaluators signed, {dissents} with a dissent",
        ),
    )
