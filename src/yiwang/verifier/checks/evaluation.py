"""Checks on the evaluation: sheets, and the report computed again by the formula; candidates."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from yiwang.kernel import arithmetic, evaluation_facts, formulas, moment, price_changes
from yiwang.kernel.award_law import award_law
from yiwang.kernel.canonical import digest
from yiwang.kernel.errors import YiwangError
from yiwang.kernel.text import Text
from yiwang.verifier.checks import changes, public_draws
from yiwang.verifier.checks.closing import members_of, record_of
from yiwang.verifier.checks.numbers import tame
from yiwang.verifier.dossier import Dossier
from yiwang.verifier.report import Outcome, later, outcome


def report_of(dossier: Dossier) -> dict[str, Any]:
    """The evaluation report; {} while it is not public."""
    made = dossier.last("evaluation.conclude")
    if made is None:
        made = next(
            (act for act in dossier.all("tender.fail") if act.subject == dossier.chain and "report" in act.public), None
        )
    return made.public["report"] if made else {}


def formula(dossier: Dossier) -> Outcome:
    """The report's formula is that of the notice, and the procedure allows it."""
    report, facts = report_of(dossier), dossier.facts
    if not facts:
        return later("招标公告尚未公开", "the notice is not public yet")
    tame(facts["formula"], "formula")
    faults = [reason.message for reason in dossier.law.check_formula(facts["formula"]).reasons]
    faults += [reason.message for reason in formulas.check_formula(facts["formula"]).reasons]
    for act in [*dossier.all("tender.enter"), *dossier.all("tender.publish"), *dossier.all("tender.invite")]:
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
    faults += _corrections(dossier, declared)
    report = report_of(dossier)
    ordered = [digest(sheet) for sheet in standing_sheets(dossier)]
    if report and report["sheets"] != ordered:
        faults.append(Text("评标报告不是由这些评分表作出的", "the report was not made from these sheets"))
    return outcome(
        faults,
        Text(
            f"{len(handed)} 张评分表，先声明后评分，与报告所列一致",
            f"{len(handed)} sheets, each after a declaration, as the report lists them",
        ),
    )


def standing_sheets(dossier: Dossier) -> list[dict[str, Any]]:
    """The sheets by seat, each in its last correction; [] while they are not public."""
    handed = {act.public["seat"]: act.public["sheet"] for act in dossier.all("evaluation.submit_sheet")}
    handed |= {act.public["seat"]: act.public["sheet"] for act in dossier.all("evaluation.correct_sheet")}
    return [handed[seat] for seat in sorted(handed)]


def _corrections(dossier: Dossier, declared: dict[int, tuple[int, str]]) -> Iterator[Text]:
    """A corrected sheet replaces the one that stood, by the same person, in objective scores alone, and says why."""
    objective = {row["key"] for row in dossier.facts["formula"].get("criteria") or () if row.get("objective")}
    stood = {act.public["seat"]: act.public["sheet"] for act in dossier.all("evaluation.submit_sheet")}
    for act in dossier.all("evaluation.correct_sheet"):
        seat, sheet = act.public["seat"], act.public["sheet"]
        before = stood.get(seat)
        if (
            before is None
            or digest(before) != act.public["replaces"]
            or declared.get(seat, (0, ""))[1] != act.content["actor"]["person"]
        ):
            yield Text(f"{act}：更正的不是本人的评分表", f"{act}: does not correct the evaluator's own sheet")
        elif _without(sheet, objective) != _without(before, objective) or not act.public["reason"]:
            yield Text(
                f"{act}：更正了客观项以外的内容，或没有说明原因",
                f"{act}: corrects more than objective scores, or does not say why",
            )
        stood[seat] = sheet


def _without(sheet: dict[str, Any], keys: set[str]) -> dict[str, Any]:
    scores = {
        bid: {key: value for key, value in row.items() if key not in keys} for bid, row in sheet["scores"].items()
    }
    return {**sheet, "scores": scores}


def price_reviews(dossier: Dossier) -> dict[str, dict[str, Any]]:
    """The reviews of abnormally low prices as their acts give them, in the form of the report."""
    seats = {item["seat"] for item in dossier.scratch.get("seats", [])}
    found: dict[str, dict[str, Any]] = {}
    for act in dossier.all("evaluation.ask_price"):
        found[act.public["bid"]] = {key: act.public[key] for key in ("grounds", "reason", "until")} | {
            "explained": False,
            "findings": [],
        }
    for act in dossier.all("evaluation.explain_price"):
        found[act.public["bid"]]["explained"] = True
    for act in dossier.all("evaluation.judge_price"):
        if act.public["seat"] in seats:
            finding = {key: act.public[key] for key in ("seat", "proven", "reason")}
            found[act.public["bid"]]["findings"].append(finding)
    for row in found.values():
        row["findings"].sort(key=lambda each: each["seat"])
    return found


def _asked(dossier: Dossier, seats: int) -> Iterator[Text]:
    """Each tenderer had its time to explain; nobody found before; every member found."""
    least, asked = award_law().minutes, {act.public["bid"]: act for act in dossier.all("evaluation.ask_price")}
    parties = {bid["bid"]: bid["tenderer"] for bid in record_of(dossier).get("bids", [])}
    explained = {}
    for act in dossier.all("evaluation.explain_price"):
        explained[act.public["bid"]] = act
        if act.party != parties.get(act.public["bid"]):
            yield Text(f"{act}：不是被要求说明的投标人", f"{act}: is not by the tenderer who was asked")
    for bid, act in asked.items():
        until = moment.from_stamp(act.public["until"])
        if (until - act.at).total_seconds() < least * 60 - 1:
            yield Text(f"{act}：说明时间少于 {least} 分钟", f"{act}: less than {least} minutes to explain")
        for finding in dossier.all("evaluation.judge_price"):
            early = bid not in explained and finding.at <= until
            if finding.public["bid"] == bid and (early or (bid in explained and finding.index < explained[bid].index)):
                yield Text(f"{finding}：说明之前就作了认定", f"{finding}: found before there was an explanation")
    for bid, row in price_reviews(dossier).items():
        if len(row["findings"]) != seats:
            yield Text(f"{bid}：不是每名评委都对异常低价作了认定", f"{bid}: not every member found on the low price")


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
    given, drawn = standing_sheets(dossier), public_draws.drawn(dossier)
    facts = [formulas.BidFacts.from_json(bid) for bid in report["bids"]]
    if given:
        facts = _facts(dossier, given, drawn)
        faults += [*_asked(dossier, len(given)), *changes.faults(dossier, len(given))]
        said = {"low_prices": price_reviews(dossier), "price_changes": changes.changes(dossier)}
        if [fact.to_json() for fact in facts] != report["bids"] or any(
            report.get(key, {}) != value for key, value in said.items()
        ):
            faults.append(Text("评标报告对投标的认定与评分表、认定和抽签不符",
                               "what the report says of the bids does not follow from sheets, findings and draw"))  # fmt: skip
    scores = [formulas.Sheet.from_json({"evaluator": sheet["evaluator"], "scores": sheet["scores"]}) for sheet in given]
    try:
        formula_ = formulas.with_drawn(dossier.facts["formula"], drawn.get("coefficient"))
        computed = formulas.evaluate(formula_, facts, scores).to_json()
    except YiwangError as error:
        return outcome(
            [*faults, Text(f"无法按评标办法计算：{error}", f"the formula cannot be computed: {error}")], Text("", "")
        )
    faults += _differences(computed, report["ranking"])
    faults += [
        Text(
            f"{row['bid']}：报价异常低，没有要求说明", f"{row['bid']}: an abnormally low price that nobody asked about"
        )
        for row in computed["results"]
        if row["abnormal"] and row["bid"] not in report.get("low_prices", {})
    ]
    faults += [reason.message for reason in formulas.check_objective(dossier.facts["formula"], scores).reasons]
    fine = Text(
        f"{len(facts)} 份投标按办法重算，得分与名次一致",
        f"{len(facts)} bids computed again by the formula; scores and ranks agree",
    )
    found = outcome(faults, fine)
    return Outcome(found.status, (*found.details, *arithmetic_lines(dossier, report))) if not faults else found


def arithmetic_lines(dossier: Dossier, report: dict[str, Any]) -> list[Text]:
    """The arithmetic line by line, under the tenderers' names, as pages show it."""
    names = {bid["bid"]: bid["tenderer_name"] for bid in record_of(dossier).get("bids", [])}
    common, rows = arithmetic.read(report, names)
    return [*common, *(Text(f"{row.name}：{line.zh}", f"{row.name}: {line.en}") for row in rows for line in row.lines)]


def _facts(dossier: Dossier, given: list[dict[str, Any]], drawn: dict[str, Any]) -> list[formulas.BidFacts]:
    """What the formula reads of each bid, from record, sheets, findings and draw."""
    reviews, changed = price_reviews(dossier), changes.changes(dossier)
    return [
        evaluation_facts.bid_facts(
            dossier.facts["formula"], bid, place, given, reviews=reviews, changes=changed, lots=drawn.get("order", ())
        )
        for place, bid in enumerate(_sound(dossier))
    ]


def _sound(dossier: Dossier) -> list[dict[str, Any]]:
    """The bids of the record that are evaluated, by price and commitment."""
    sound = [bid for bid in record_of(dossier).get("bids", []) if bid["fault"] is None]
    return sorted(sound, key=lambda bid: (bid["price"] is None, bid["price"] or 0, bid["commitment"]))


def _report_facts(dossier: Dossier, report: dict[str, Any]) -> Iterator[Text]:
    made = dossier.last("evaluation.conclude")
    if made is not None and digest(report) != made.public["report_sha256"]:
        yield Text("评标报告与其摘要不符", "the report does not give its digest")
    if report["tender"] != dossier.tender:
        yield Text("评标报告属于另一项目", "the report is of another tender")
    drawn = public_draws.drawn(dossier)
    if report.get("drawn", {}) != drawn:
        yield Text(
            "评标报告所用的系数或签号不是公开抽取的", "the report uses another coefficient or lots than were drawn"
        )
    sound = _sound(dossier)
    opened = [{"bid": bid["bid"], "price": bid["price"], "order": place} for place, bid in enumerate(sound)]
    if [{key: bid[key] for key in ("bid", "price", "order")} for bid in report["bids"]] != opened:
        yield Text("评标报告的投标或报价与开标记录不同", "bids or prices of the report differ from the opening record")
    rates = {
        row["code"]: str(row["rate"]) for row in (dossier.facts["formula"].get("price") or {}).get("deductions") or ()
    }
    claimed = {bid["bid"]: bid.get("claims", {}) for bid in sound}
    yield from _changed(report)
    for bid in report["bids"]:
        wrong = [
            each
            for each in bid["deductions"]
            if each["code"] not in claimed.get(bid["bid"], {}) or rates.get(each["code"]) != each["rate"]
        ]
        lot = drawn["order"].index(bid["bid"]) + 1 if bid["bid"] in drawn.get("order", ()) else None
        if wrong or bid["adjustments"] or bid["lot"] != lot:
            yield Text("评标报告有无据可查的价格调整", "the report adjusts prices without evidence")
            return


def _changed(report: dict[str, Any]) -> Iterator[Text]:
    """What the report's own list of proposals gives is what it reads of each bid; so it is checked before the acts are public."""
    rows, size = report.get("price_changes", {}), len(report["sheets"])
    for bid in report["bids"]:
        due = price_changes.facts(rows.get(bid["bid"], ()), size)
        units = {key: str(value) for key, value in due["deviations"]}
        if bid.get("correction") != due["correction"] or bid.get("deviations", {}) != units:
            yield Text(
                f"{bid['bid']}：报价修正或偏差量化与表决不符",
                f"{bid['bid']}: its correction or deviations do not follow from the votes",
            )


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
    most = dossier.law.candidates_most
    given, separate = standing_sheets(dossier), dossier.law.award == "separate"
    first = evaluation_facts.recommended(formulas.Ranking.from_json(report["ranking"]), most, separate=separate)
    due = [
        {
            **row,
            "tenderer": names[row["bid"]]["tenderer"],
            "name": names[row["bid"]]["tenderer_name"],
            **members_of(names[row["bid"]]),
            **({"opinions": evaluation_facts.opinions(row["bid"], given)} if separate and given else {}),
        }
        for row in first
    ]
    if separate and not given:  # what the members say of each is public with their sheets
        report = {
            **report,
            "candidates": [
                {key: value for key, value in row.items() if key != "opinions"} for row in report["candidates"]
            ],
        }
    faults = []
    if report["candidates"] != due:
        faults.append(
            Text("报告的候选人不是名次靠前的投标", "the report's candidates are not the first of the ranking")
        )
    public, whole = dossier.last("candidates.publicise"), report_of(dossier)
    if public and (
        public.public["candidates"] != whole["candidates"] or public.public["report_sha256"] != digest(whole)
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
