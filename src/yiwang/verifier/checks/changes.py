"""Corrections of prices and priced deviations: the committee's proposals and votes, the tenderers' answers, computed again."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from yiwang.kernel import corrections, deviations, moment, price_changes
from yiwang.kernel.canonical import digest
from yiwang.kernel.errors import YiwangError
from yiwang.kernel.text import Text
from yiwang.verifier.checks.closing import record_of
from yiwang.verifier.checks.numbers import tame
from yiwang.verifier.dossier import Act, Dossier

PROPOSED = {"evaluation.correct_price": "correction", "evaluation.quantify": "deviation"}


def proposals(dossier: Dossier) -> list[Act]:
    """The acts that propose something of a price, by their order in the log."""
    return sorted((act for name in PROPOSED for act in dossier.all(name)), key=lambda act: act.index)


def changes(dossier: Dossier) -> dict[str, list[dict[str, Any]]]:
    """The rows by bid as the acts give them, in the form of the report."""
    seats = {item["seat"] for item in dossier.scratch.get("seats", [])}
    rows: dict[int, dict[str, Any]] = {}
    found: dict[str, list[dict[str, Any]]] = {}
    for act in proposals(dossier):
        public, kind = act.public, PROPOSED[act.name]
        content = (
            {"order": public["order"], "figures": public["figures"]} if kind == "correction" else public["quantities"]
        )
        row = {
            "kind": kind, "content": content, "reason": public["reason"], "seat": public["seat"],
            "votes": [{"seat": public["seat"], "agree": True, "reason": ""}], "until": None, "confirmed": None,
        }  # fmt: skip
        rows[public["change"]] = row
        found.setdefault(public["bid"], []).append(row)
    for act in dossier.all("evaluation.vote_price"):
        row = rows[act.public["change"]]
        row["votes"].append({key: act.public[key] for key in ("seat", "agree", "reason")})
        row["until"] = act.public.get("until", row["until"])
    for act in dossier.all("evaluation.confirm_price"):
        rows[act.public["change"]]["confirmed"] = act.public["statement"]["confirmed"]
    for row in rows.values():
        row["votes"] = sorted((vote for vote in row["votes"] if vote["seat"] in seats), key=lambda vote: vote["seat"])
    return found


def faults(dossier: Dossier, size: int) -> Iterator[Text]:
    """What is wrong with proposals, votes and answers; ``size``: members of the committee."""
    made = proposals(dossier)
    tame([act.public for act in made], "price_changes")
    if [act.public["change"] for act in made] != list(range(1, len(made) + 1)):
        yield Text("报价修正和偏差量化的序号不连续", "proposals upon prices are not numbered one after the other")
    prices = {bid["bid"]: bid for bid in record_of(dossier).get("bids", [])}
    declared = {act.public["seat"]: act for act in dossier.all("evaluation.declare")}
    for act in [*made, *dossier.all("evaluation.vote_price")]:
        member = declared.get(act.public["seat"])
        if (
            member is None
            or member.index > act.index
            or member.content["actor"]["person"] != act.content["actor"]["person"]
        ):
            yield Text(f"{act}：不是已声明的该席位评委所为", f"{act}: is not by the declared evaluator of that seat")
    for act in made:
        yield from _proposal(dossier, act, prices[act.public["bid"]]["price"])
    yield from _votes(dossier, size)
    yield from _answers(dossier, {act.public["change"]: act for act in made}, prices)


def _proposal(dossier: Dossier, act: Act, quoted: int) -> Iterator[Text]:
    """Rules and figures give the stated price; the rules are those of the procedure's track; units are within their bounds."""
    public = act.public
    try:
        if act.name == "evaluation.quantify":
            deviations.read_quantities(dossier.facts["formula"], public["quantities"])
            return
        found = price_changes.corrected(public, quoted)
    except YiwangError as error:
        yield Text(f"{act}：{error}", f"{act}: {error}")
        return
    order = corrections.order_for(dossier.law.track)
    if (public["order"], public["quoted"], public["corrected"]) != (order.id, quoted, found.price):
        yield Text(f"{act}：修正后的报价应为 {found.price} 分", f"{act}: the corrected price is {found.price} fen")
    if not order.minutes <= public["minutes"] <= order.most_minutes:
        yield Text(f"{act}：确认时间不合规定", f"{act}: the time to confirm is not lawful")


def _votes(dossier: Dossier, size: int) -> Iterator[Text]:
    """Each member votes once on a proposal; the time to confirm begins when more than half agree, and is as long as proposed."""
    proposed = {act.public["change"]: act for act in proposals(dossier)}
    voted = {(number, act.public["seat"]) for number, act in proposed.items()}
    agree = dict.fromkeys(proposed, 1)
    for act in dossier.all("evaluation.vote_price"):
        number, change = act.public["change"], proposed.get(act.public["change"])
        key = (number, act.public["seat"])
        if change is None or key in voted or change.index > act.index or change.public["bid"] != act.public["bid"]:
            yield Text(
                f"{act}：重复表决，或者表决的不是已有的提议", f"{act}: votes twice, or on nothing that was proposed"
            )
            continue
        voted.add(key)
        agree[number] += act.public["agree"]
        if not act.public["agree"] and not act.public["reason"]:
            yield Text(f"{act}：不同意而没有说明理由", f"{act}: is against it without a reason")
        if "until" in act.public and (agree[number] * 2 <= size or not _long_enough(act, change)):
            yield Text(f"{act}：没有过半数同意就请投标人确认，或者确认的截止时间不对",
                       f"{act}: asks the tenderer before more than half agree, or gives it another time than proposed")  # fmt: skip
    for rows in changes(dossier).values():
        for row in rows:
            taken = price_changes.accepted(row, size)
            if taken and row["kind"] == "correction" and row["until"] is None:
                yield Text("修正获得通过，而没有请投标人确认", "a correction was taken, and the tenderer was not asked")
            if not taken and not price_changes.dropped(row, size):
                yield Text("表决没有结束就形成了报告", "the report was made before a vote was over")


def _long_enough(act: Act, change: Act) -> bool:
    """The time to confirm that a vote began is the proposed one, of a correction."""
    seconds = (moment.from_stamp(act.public["until"]) - act.at).total_seconds()
    return change.name == "evaluation.correct_price" and round(seconds / 60) == change.public["minutes"]


def _answers(dossier: Dossier, proposed: dict[int, Act], prices: dict[str, Any]) -> Iterator[Text]:
    """The tenderer itself answers, once and in time, to just this correction; silence counts only after the time is over."""
    until = {
        act.public["change"]: moment.from_stamp(act.public["until"])
        for act in dossier.all("evaluation.vote_price")
        if "until" in act.public
    }
    answered: set[int] = set()
    for act in dossier.all("evaluation.confirm_price"):
        number, said = act.public["change"], act.public["statement"]
        change = proposed.get(number)
        if change is None or number in answered or number not in until or act.at > until[number]:
            yield Text(
                f"{act}：答复的不是待确认的修正，或者逾期", f"{act}: answers no correction that waits, or too late"
            )
            continue
        answered.add(number)
        content = {"order": change.public.get("order"), "figures": change.public.get("figures")}
        due = {
            "tender": dossier.tender, "bid": change.public["bid"], "quoted": change.public.get("quoted"),
            "corrected": change.public.get("corrected"), "confirmed": said["confirmed"], "correction_sha256": digest(content),
        }  # fmt: skip
        if (
            said != due
            or act.public["bid"] != change.public["bid"]
            or act.party != prices[change.public["bid"]]["tenderer"]
        ):
            yield Text(f"{act}：不是该投标人对该修正的答复", f"{act}: is not this tenderer's answer to this correction")
    made = dossier.last("evaluation.conclude")
    for number, end in until.items():
        if number not in answered and made is not None and made.at <= end:
            yield Text("确认时间没有结束就形成了报告", "the report was made before the time to confirm was over")
