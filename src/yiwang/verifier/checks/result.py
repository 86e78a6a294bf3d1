"""Checks on award, contract and failure: they follow from what was publicised, opened and signed."""

from __future__ import annotations

from typing import Any

from yiwang.kernel.canonical import digest
from yiwang.kernel.evaluation_facts import rank_words
from yiwang.kernel.money import yuan
from yiwang.kernel.remedies import remedy_law
from yiwang.kernel.text import Text
from yiwang.seal.joint import party_name
from yiwang.verifier.checks import admission
from yiwang.verifier.checks.closing import record_of
from yiwang.verifier.dossier import Act, Dossier
from yiwang.verifier.report import Outcome, later, outcome


def award(dossier: Dossier) -> Outcome:
    """The award goes to a candidate at the opened price; another than the first needs a reason; the notice says the same."""
    decided, notice = dossier.last("award.decide"), dossier.last("award.notify")
    if decided is None:
        return later("中标结果尚未公开", "the award is not public yet")
    faults, said = [], {key: value for key, value in decided.public.items() if key not in ("reason", "won_before", "passed_over")}
    candidate = next((item for item in dossier.candidates if item["bid"] == said["bid"]), None)
    if candidate is None:
        faults.append(Text("中标人不是推荐的候选人", "the winner is none of the candidates"))
    elif said != _facts(dossier, candidate):
        faults.append(
            Text("定标的报价、名次或单位与候选人的不同", "price, rank or firm of the award differ from the candidate's")
        )
    passed = {row["bid"] for row in decided.public.get("passed_over", ())}
    before = [item for item in dossier.candidates if item["rank"] < said["rank"] and item["bid"] not in passed]
    if before and not decided.public["reason"]:
        faults.append(
            Text("没有说明为何不由第一候选人中标（实施条例第55条）", "no reason why the first candidate does not win")
        )
    if notice is not None and notice.public["statement"] != said:
        faults.append(Text("中标通知书与定标不同", "the award notice differs from the decision"))
    who = party_name(said["tenderer_name"], [member["name"] for member in said.get("joint", [])[1:]])
    return outcome(
        faults,
        Text(
            f"{who.zh} 以 {yuan(said['price'])} 元中标，排名：{rank_words(said['rank']).zh}",
            f"{who.en} wins at {yuan(said['price'])} yuan, {rank_words(said['rank']).en}",
        ),
    )


def _facts(dossier: Dossier, candidate: dict[str, Any]) -> dict[str, Any]:
    return {
        "tender": dossier.tender,
        "title": dossier.facts["title"],
        "bid": candidate["bid"],
        "tenderer": candidate["tenderer"],
        "tenderer_name": candidate["name"],
        **{key: candidate[key] for key in ("joint",) if key in candidate},
        "price": candidate["price"],
        "rank": candidate["rank"],
    }


def contract(dossier: Dossier) -> Outcome:
    """The contract is between buyer and winner at the winning price; both signed the same content."""
    signed, notice = dossier.all("contract.sign"), dossier.last("award.notify")
    if not signed or notice is None:
        return later("合同自登记起公开", "the contract is public from its registration")
    faults, due = [], _content(dossier, notice.public["statement"])
    for act in signed:
        content = act.public["content"]
        if content != due or act.public["contract_sha256"] != digest(content):
            faults.append(
                Text(
                    f"{act}：合同内容与招标、中标结果不符",
                    f"{act}: the contract does not say what tender and award say",
                )
            )
        if act.party not in _signers(due, act.public["side"]):
            faults.append(Text(f"{act}：签署单位不是合同当事人", f"{act}: signed by none of the parties"))
    registered = dossier.last("contract.register")
    missing = {party for side in ("buyer", "supplier", "member") for party in _signers(due, side)} - {act.party for act in signed}
    if registered and missing:
        faults.append(Text("合同没有经双方（联合体的全体成员）签署就登记", "the contract was registered without the signatures of all parties"))
    if registered and registered.public["contract_sha256"] != digest(due):
        faults.append(Text(f"{registered}：登记的是另一份合同", f"{registered}: registers another contract"))
    return outcome(
        faults, Text("双方签署同一内容，价格即中标价", "both sides signed the same content at the winning price")
    )


def _signers(content: dict[str, Any], side: str) -> list[str]:
    """Credit codes of who signs for a side; of a joint bid every member signs (招标投标法 第31条)."""
    if side == "member":
        return [member["uscc"] for member in content.get("members", ())]
    return [content[side]["uscc"]] if side in ("buyer", "supplier") else []


def _content(dossier: Dossier, won: dict[str, Any]) -> dict[str, Any]:
    facts = dossier.facts
    bid = next(item for item in record_of(dossier)["bids"] if item["bid"] == won["bid"])
    members = [{"uscc": member["tenderer"], "name": member["name"]} for member in bid.get("joint", [])[1:]]
    return {
        "tender": dossier.tender,
        "title": facts["title"],
        "buyer": facts["buyer"],
        "supplier": {"uscc": won["tenderer"], "name": won["tenderer_name"]},
        **({"members": members} if members else {}),
        "price": won["price"],
        "documents": [document["sha256"] for document in facts["documents"]],
        "bid": {"envelope_sha256": bid["envelope_sha256"], "manifest_sha256": bid["manifest_sha256"]},
    }


def failure(dossier: Dossier) -> Outcome:
    """A failed tender failed for a lawful reason: too few bids, none that remains, a department's decision, or, of two envelopes,
    because the first had ended; a second envelope that the system ended with the first, too.
    """
    ended = [act for name in ("tender.fail", "tender.terminate") for act in dossier.all(name) if act.subject == dossier.chain]
    failed = next((act for act in ended if act.name == "tender.fail" or "earlier" in act.public), None)
    if failed is None:
        return later("招标没有失败", "the tender has not failed")
    if "earlier" in failed.public:
        return _ended_together(dossier, failed)
    checks = {"too_few_bids": _too_few, "too_few_admitted": admission.failed, "decision": _voided}
    return checks.get(failed.public["reason"], _all_rejected)(dossier, failed)


def _ended_together(dossier: Dossier, failed: Act) -> Outcome:
    fine = Text("第一信封已经结束，密封文件未开启退还", "the first envelope had ended; the sealed files are returned unopened")
    return outcome(list(admission.ended_together(dossier, failed)), fine)


def _too_few(dossier: Dossier, failed: Act) -> Outcome:
    least = dossier.law.least_bids
    missing, listed = failed.public.get("undelivered", []), failed.public["commitments"]
    count = failed.public.get("tenderers", failed.public["count"])
    faults = [] if count < least else [Text(f"有 {count} 份投标，不少于 {least} 份", f"{count} bids are not fewer than {least}")]
    if count > len(listed) - len(missing) or not set(missing) <= set(listed):
        faults.append(Text("投标人数与承诺清单不符", "so many tenderers do not follow from the commitments"))
    return outcome(faults, Text(f"{count} 份投标，少于 {least} 份", f"{count} bids, fewer than {least}"))


def _all_rejected(dossier: Dossier, failed: Act) -> Outcome:
    ranked = [row for row in failed.public["report"]["ranking"]["results"] if row["rank"] is not None]
    faults = [Text("仍有投标未被否决", "a bid remains that was not rejected")] if ranked else []
    return outcome(faults, Text("全部投标被否决", "all bids were rejected"))


def _voided(dossier: Dossier, failed: Act) -> Outcome:
    """The department's decision on a complaint came before, has that number, and says that the award is void."""
    orders = remedy_law().orders
    decided = [
        act
        for act in dossier.all("complaint.decide")
        if act.seq < failed.seq and act.public["number"] == failed.public["number"] and act.public["outcome"] == "upheld"
    ]
    sound = any(act.public["order"] in orders and orders[act.public["order"]].effect == "void" for act in decided)
    faults = [] if sound else [Text("没有认定中标无效的处理决定", "no decision says that the award is void")]
    number = failed.public["number"]
    return outcome(faults, Text(f"投诉处理决定 {number} 认定中标无效", f"decision {number} on a complaint: the award is void"))
