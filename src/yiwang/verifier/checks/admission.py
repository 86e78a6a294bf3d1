"""Checks on chains of rounds: who was invited, whom a round admitted, and that nobody else took part in the later one."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from yiwang.kernel import invitees, procedures
from yiwang.kernel.admission import lists
from yiwang.kernel.canonical import digest
from yiwang.kernel.invitees import invitee_law
from yiwang.kernel.text import Text
from yiwang.seal import public_draw
from yiwang.verifier.checks import public_draws
from yiwang.verifier.checks.closing import record_of
from yiwang.verifier.dossier import Act, Dossier
from yiwang.verifier.report import Outcome, later, outcome

Row = dict[str, Any]
LEAST_INVITED = 3
"""招标投标法 第17条."""
INVITEES = ("invitees.commit", "invitees.reveal", "invitees.forfeit")


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
    faults += invitees_drawn(dossier, named)
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


def invitees_drawn(dossier: Dossier, named: list[str]) -> Iterator[Text]:
    """Where the procedure has invitees drawn: the list is lawful, the draw follows from its parts, the first were invited."""
    if not any(step.act == "invitees.list" for step in dossier.law.steps):
        return
    made = dossier.all("invitees.list")
    if len(made) != 1:
        yield Text("没有一份备选供应商名单", "there is not one list of candidates")
        return
    said = made[0].public
    codes, way = [row["uscc"] for row in said["listed"]], invitee_law().ways.get(said["way"])
    yield from (reason.message for reason in invitee_law().faults(said["way"], codes, said["number"], said["watchers"], said["ground"]))
    earlier = _of_earlier(dossier)
    if way is not None and way.earlier and earlier is not None and codes != [row["tenderer"] for row in earlier.public["admitted"]]:
        yield Text("备选名单不是资格预审通过的名单", "the list is not whom the prequalification admitted")
    if way is not None and way.earlier != bool(dossier.facts.get("stage_of")):
        yield Text("名单的产生方式与有无资格预审不符", "the way does not fit whether there was a prequalification")
    commits = dossier.all(INVITEES[0])
    if any(act.index < made[0].index for act in commits):
        yield Text("名单在承诺之后才确定", "the list was fixed after a commitment")
    due = public_draw.process(invitees.PURPOSE, dossier.tender, invitees.PARTIES, among=codes)
    yield from public_draws.drawn_again(dossier, INVITEES, due)
    last = dossier.last(INVITEES[1])
    chosen = last.public.get("order", [])[: said["number"]] if last is not None else []
    if not chosen or last is None or last.public.get("chosen") != chosen or named != chosen:
        yield Text("受邀请人不是抽取次序的前几名", "those invited are not the first of the order that was drawn")


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


def ended_together(dossier: Dossier, act: Act) -> Iterator[Text]:
    """A second envelope that ended with its first: the first had ended by the act named, and all that was closed is returned."""
    number = dossier.facts.get("stage_of", "")
    named = [each for each in dossier.acts if each.subject == f"tender/{number}" and each.name in ("tender.fail", "tender.terminate")]
    rule = dossier.law.stage
    if rule is None or rule.deadline != "same" or act.public["earlier"] != number or not number:
        yield Text(f"{act}：不是两个信封的第二信封", f"{act}: is no second of two envelopes")
    if not any(each.entry == act.public["entry"] and each.index < act.index for each in named):
        yield Text(f"{act}：第一信封没有在此之前结束", f"{act}: the first envelope had not ended before")
    close = dossier.last("opening.close")
    back = act.public.get("returned", {}).get("commitments", [])
    if close is not None and not set(back) <= set(close.public["commitments"]):
        yield Text(f"{act}：退还的不是截止时的密封文件", f"{act}: returns other files than were there at the closing")
    if close is not None and "returned" not in act.public:
        yield Text(f"{act}：没有载明退还的密封文件", f"{act}: does not name the sealed files that are returned")
    if dossier.all("opening.open"):
        yield Text(f"{act}：此前已经开启", f"{act}: it had been opened before")


def as_admitted(dossier: Dossier, tenderer: str, members: list[str]) -> bool:
    """After a prequalification a joint bid keeps its members (招标投标法实施条例 第37条)."""
    rule, earlier = dossier.law.stage, _of_earlier(dossier)
    after = rule is not None and any(procedures.load(each).method == "prequalification" for each in rule.of)
    if not after or earlier is None:
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
