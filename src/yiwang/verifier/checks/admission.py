"""Checks on chains of rounds: who was invited, whom a round admitted, and that nobody else took part in the later one."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from yiwang.kernel.admission import lists
from yiwang.kernel.canonical import digest
from yiwang.kernel.text import Text
from yiwang.verifier.checks.closing import record_of
from yiwang.verifier.dossier import Act, Dossier
from yiwang.verifier.report import Outcome, later, outcome

Row = dict[str, Any]
LEAST_INVITED = 3
"""招标投标法 第17条."""


def invitation(dossier: Dossier) -> Outcome:
    """At least three were invited, or just those whom the earlier round admitted; only they bid."""
    sent, record = dossier.last("tender.invite"), record_of(dossier)
    if sent is None:
        return later("没有投标邀请书，或者尚未公开", "there is no invitation, or it is not public yet")
    named = [row["uscc"] for row in sent.public["invited"]]
    faults = [Text("同一单位受邀请两次", "one organisation was invited twice")] if len(set(named)) != len(named) else []
    stage_of = dossier.facts.get("stage_of", "")
    least = LEAST_INVITED if dossier.law.method == "invited_tender" else dossier.law.least_bids
    if not stage_of and len(named) < least:
        faults.append(Text(f"只邀请了 {len(named)} 家", f"only {len(named)} were invited"))
    earlier = _of_earlier(dossier)
    rule = dossier.law.stage
    passed = [row["tenderer"] for row in earlier.public["admitted"]] if earlier else []
    some = rule is not None and rule.admits == "invited"  # of an order under a framework agreement: see checks.talks
    if earlier is not None and (not set(named) <= set(passed) if some else sorted(passed) != sorted(named)):
        faults.append(Text("受邀请人不是前一轮通过的名单", "those invited are not whom the earlier round admitted"))
    faults += [Text(f"{bid['bid']}：投标人没有受到邀请", f"{bid['bid']}: its tenderer was not invited")
               for name in ("bids", "undelivered") for bid in record.get(name, ()) if bid["tenderer"] not in named]  # fmt: skip
    known = "，即前一轮通过的名单" if earlier else ""
    known_en = ", those whom the earlier round admitted" if earlier else ""
    return outcome(faults, Text(f"邀请 {len(named)} 家{known}，投标人都在其中", f"{len(named)} invited{known_en}; all tenderers are among them"))


def admitted(dossier: Dossier) -> Outcome:
    """The round's list follows from the committee's report; of a second envelope only admitted tenderers' bids are opened."""
    decided = next((act for act in dossier.all("admission.decide") if act.subject == dossier.chain), None)
    if decided is not None:
        faults = list(_follows(dossier, decided.public))
        rule = dossier.law.admission
        count = len(decided.public["admitted"])
        if rule is not None and not rule.check(count):
            faults.append(Text(f"只通过 {count} 家，应当重新进行", f"only {count} were admitted; the round is to be held again"))
        return outcome(faults, Text(f"通过 {count} 家，由评审报告得出", f"{count} admitted, as the committee's report says"))
    earlier, record = _of_earlier(dossier), record_of(dossier)
    if earlier is None or not record or "tender.invite" in {act.name for act in dossier.acts}:
        return later("没有通过名单，或者尚未公开", "there is no admission, or it is not public yet")
    faults = [*_second_envelopes(record, earlier), *_scores_kept(dossier, record, earlier)]
    return outcome(faults, Text(
        f"只开启了通过第一信封的 {len(record['bids'])} 份报价", f"only the {len(record['bids'])} prices of those admitted were opened"))  # fmt: skip


def failed(dossier: Dossier, act: Act) -> Outcome:
    """A round that failed because too few were admitted: so the report says."""
    rule, count = dossier.law.admission, act.public["admitted"]
    faults = [] if act.private is None or digest(act.private) == act.public["lists_sha256"] else [
        Text("名单与其摘要不符", "the lists do not give their digest")]  # fmt: skip
    if rule is None or rule.check(count):
        faults.append(Text(f"通过 {count} 家，不构成失败", f"{count} were admitted: the round has not failed"))
    return outcome(faults, Text(f"只通过 {count} 家", f"only {count} were admitted"))


def as_admitted(dossier: Dossier, tenderer: str, members: list[str]) -> bool:
    """After a prequalification a joint bid keeps its members (招标投标法实施条例 第37条)."""
    rule, earlier = dossier.law.stage, _of_earlier(dossier)
    if rule is None or "prequalification" not in rule.of or earlier is None:
        return True
    row = next((row for row in earlier.public["admitted"] if row["tenderer"] == tenderer), None)
    return row is None or {member["tenderer"] for member in row.get("joint", ())} == set(members)


def _of_earlier(dossier: Dossier) -> Act | None:
    chain = f"tender/{dossier.facts.get('stage_of', '')}"
    return next((act for act in dossier.all("admission.decide") if act.subject == chain), None)


def _follows(dossier: Dossier, public: Row) -> Iterator[Text]:
    """The lists computed again from report and opening record."""
    made = dossier.last("evaluation.conclude")
    report = made.public["report"] if made else None
    if (digest(report) if report is not None else None) != public.get("report_sha256"):
        yield Text("通过名单依据的是另一份报告", "the list rests on another report")
    due = lists(report, record_of(dossier))
    if [public["admitted"], public["others"]] != list(due):
        yield Text("通过名单不是由评审报告和开标记录得出的", "the list does not follow from the report and the opening record")


def _scores_kept(dossier: Dossier, record: Row, earlier: Act) -> Iterator[Text]:
    """What was scored with the first envelope counts unchanged, where the whole committee sits again."""
    made, again = dossier.last("evaluation.conclude"), dossier.last("draw.carry")
    if made is None or again is None or again.public["left"] or dossier.all("draw.decline"):
        return
    tenderers = {bid["bid"]: bid["tenderer"] for bid in record["bids"]}
    before = {row["tenderer"]: row.get("scores", {}) for row in earlier.public["admitted"]}
    for row in made.public["report"]["ranking"]["results"]:
        given = before.get(tenderers.get(row["bid"], ""), {})
        for key in sorted(given.keys() & row["scores"].keys()):
            if given[key] != row["scores"][key]:
                yield Text(f"{row['bid']}：{key} 与第一信封的得分不同", f"{row['bid']}: {key} is not what was scored with the first envelope")


def _second_envelopes(record: Row, earlier: Act) -> Iterator[Text]:
    passed = {row["tenderer"] for row in earlier.public["admitted"]}
    for bid in record["bids"]:
        if bid["tenderer"] not in passed:
            yield Text(f"{bid['bid']}：没有通过第一信封，报价却被开启", f"{bid['bid']}: did not pass the first envelope, yet was opened")
    for bid in record.get("returned", ()):
        if bid["tenderer"] in passed:
            yield Text(f"{bid['bid']}：通过了第一信封，报价却没有开启", f"{bid['bid']}: passed the first envelope, yet stays closed")
