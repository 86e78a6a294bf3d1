"""Checks on draws in public: the float coefficient of the opening hall, the lots of the award committee's vote, the invitees."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from yiwang.kernel import ballots, formulas
from yiwang.kernel.award_law import award_law
from yiwang.kernel.errors import YiwangError
from yiwang.kernel.text import Text
from yiwang.seal import public_draw
from yiwang.seal.shapes import from_base64
from yiwang.tlog.merkle import verify_consistency
from yiwang.verifier.checks import shares
from yiwang.verifier.checks.closing import record_of
from yiwang.verifier.dossier import Act, Dossier
from yiwang.verifier.report import Outcome, later, outcome

HALL = ("coefficient.commit", "coefficient.reveal", "coefficient.forfeit")
AWARD = ("award.commit_lots", "award.reveal_lots", "award.forfeit_lots")


def drawn(dossier: Dossier) -> dict[str, Any]:
    """What was drawn in the hall: ``{"coefficient", "order"}``; {} while nothing was."""
    last = _last(dossier, HALL)
    if last is None or "seed" not in last.public:
        return {}
    return {"coefficient": last.public["coefficient"], "order": last.public["order"]}


def _last(dossier: Dossier, names: tuple[str, ...]) -> Act | None:
    """The act by which the last share came to stand."""
    given = shares.settled(dossier, *names)[1]
    return given[-1] if given else None


def coefficient(dossier: Dossier) -> Outcome:
    """The coefficient (and the lots) follow from the shares and the beacon; all was committed after the opening."""
    facts = dossier.facts
    choices, lots = formulas.to_draw(facts["formula"]) if facts else ((), False)
    if not choices and not lots:
        return later("评标办法没有要公开抽取的系数或签号", "the formula asks for no coefficient or lots drawn in public")
    if not dossier.all(HALL[0]):
        late = dossier.last("evaluation.conclude")
        return (
            outcome([Text(f"{late}：没有公开抽取就评标", f"{late}: evaluated without the public draw")], Text("", ""))
            if late
            else later("尚未公开抽取", "not drawn yet")
        )
    bids = [bid["bid"] for bid in record_of(dossier).get("bids", []) if bid["fault"] is None] if lots else []
    due = public_draw.process("coefficient", dossier.tender, ("host", "center"), choices=choices, among=bids)
    faults = list(drawn_again(dossier, HALL, due))
    found = drawn(dossier)
    if not found:
        return outcome(faults, Text("各方已承诺，尚未全部公开", "committed, not all revealed yet"))
    said = found["coefficient"]
    zh, en = (f"浮动系数 {said}", f"coefficient {said}") if said is not None else ("签号次序", "the order of lots")
    return outcome(faults, Text(f"{zh} 由各方随机数和日志根重算一致", f"{en}, computed again from shares and a root of the log"))


def drawn_again(dossier: Dossier, names: tuple[str, ...], due: Mapping[str, Any]) -> Iterator[Text]:
    """One draw again: what was drawn from, commitments, shares, beacon, result.

    Args:
        names: the acts that commit, reveal, and (where there is one) name who did not.
    """
    commits, reveals = shares.settled(dossier, *names)
    committed = {act.public["party"]: act.public["commitment"] for act in commits}
    for act in commits:
        if act.public["process"] != due:
            yield Text(f"{act}：抽取的不是应当抽取的", f"{act}: draws from something else than it should")
    if len(committed) != len(commits) or not committed.keys() <= set(due["parties"]):
        yield Text(f"{names[0]}：有一方提交了两次承诺，或不是应当参加的一方", f"{names[0]}: a side committed twice, or is none of those who should")
    yield from shares.faults(commits, reveals, ordered=len(names) > 2)
    given = {act.public["party"]: act.public["share"] for act in reveals}
    if not reveals:
        return
    yield from _beacon(dossier, commits, reveals)
    result = reveals[-1].public
    if sorted(given) != sorted(due["parties"]):
        if "seed" in result:
            yield Text(f"{reveals[-1]}：各方没有都公开就得出结果", f"{reveals[-1]}: a result before all revealed")
        return
    wanted = public_draw.result(due, given, result["beacon"]["root"])
    if {key: result.get(key) for key in wanted} != wanted:
        yield Text(f"{reveals[-1]}：抽取结果不是由随机数和日志根算出的", f"{reveals[-1]}: the result does not follow from shares and root")


def _beacon(dossier: Dossier, commits: list[Act], reveals: list[Act]) -> Iterator[Text]:
    beacon = reveals[0].public["beacon"]
    size = beacon["size"]
    for act in reveals:
        if act.public["beacon"] != beacon:
            yield Text(f"{act}：载明的是另一信标", f"{act}: states another beacon")
    if not max((act.index for act in commits), default=-1) < size <= reveals[0].index:
        yield Text(f"信标（{size} 条）不在全部承诺之后、首次公开随机数之前",
                   f"the beacon (at {size}) is not after all commitments and before the first share was revealed")  # fmt: skip
    try:
        path = [from_base64(value, "hash", size=32) for value in dossier.proofs["consistency"][str(size)]]
        verify_consistency(size, dossier.checkpoint.size, bytes.fromhex(beacon["root"]), dossier.checkpoint.root, path)
    except (YiwangError, ValueError, KeyError) as error:
        yield Text(f"信标不是本日志 {size} 条时的根（{error}）", f"the beacon is not this log's root at {size} ({error})")


def vote(dossier: Dossier) -> Outcome:
    """The award committee's ballots are counted again by its rule; the award goes to whom they chose (评定分离)."""
    seated, decided = dossier.last("award.seat"), dossier.last("award.decide")
    if not dossier.facts or dossier.law.award != "separate":
        return later("本项目不实行评定分离", "evaluation and award are not separate here")
    if decided is None:
        return later("中标结果尚未公开", "the award is not public yet")
    if seated is None:
        return outcome([Text("没有组建定标委员会", "no award committee was seated")], Text("", ""))
    report = (dossier.last("evaluation.conclude") or seated).public.get("report", {})
    prices = {item["bid"]: item["price"] for item in report.get("candidates", ())}
    members = {item["number"]: item["person"] for item in seated.public["members"]}
    faults = [reason.message for reason in award_law().size(len(members)).reasons]
    evaluators = {act.content["actor"]["person"] for act in dossier.all("evaluation.declare")}
    faults += [
        Text(f"定标委员会 {number} 号是评标委员会成员", f"member {number} sat in the evaluation committee")
        for number, person in members.items()
        if person in evaluators
    ]
    faults += _ballots(dossier, members, seated)
    cast = dossier.all("award.vote")
    rounds = [
        [act.public["statement"]["choice"] for act in cast if act.public["statement"]["round"] == number]
        for number in range(1, max((act.public["statement"]["round"] for act in cast), default=0) + 1)
    ]
    try:
        open_ = ballots.outcome(seated.public["rule"], prices, rounds)
        order = None
        if open_.lots:
            due = public_draw.process("award", dossier.tender, ("host", "center", "supervisor"), among=open_.lots)
            faults += drawn_again(dossier, AWARD, due)
            last = _last(dossier, AWARD)
            order = last.public.get("order") if last else None
        found = ballots.outcome(seated.public["rule"], prices, rounds, order)
    except YiwangError as error:
        return outcome([*faults, Text(f"票决无法重算：{error}", f"the vote cannot be counted: {error}")], Text("", ""))
    if found.winner != decided.public["bid"]:
        faults.append(Text(f"票决的是 {found.winner}，定标的是另一家", f"the vote chose {found.winner}, the award is another"))
    fine = found.lines[-1] if found.lines else Text("", "")
    return outcome(faults, Text(f"{len(members)} 名成员、{len(rounds)} 轮票决重算一致；{fine.zh}",
                                f"{len(members)} members, {len(rounds)} rounds counted again; {fine.en}"))  # fmt: skip


def _ballots(dossier: Dossier, members: dict[int, str], seated: Act) -> Iterator[Text]:
    """Each member once a round, in person, the head last."""
    cast = dossier.all("award.vote")
    for act in cast:
        if act.content["actor"]["person"] != members.get(act.public["member"]) or act.index < seated.index:
            yield Text(f"{act}：不是该成员本人的票", f"{act}: is not by that member")
    for number in {act.public["statement"]["round"] for act in cast}:
        here = [act.public["member"] for act in cast if act.public["statement"]["round"] == number]
        if sorted(here) != sorted(members):
            yield Text(f"第 {number} 轮不是每名成员一票", f"round {number}: not one ballot of each member")
        elif here[-1] != 1:
            yield Text(f"第 {number} 轮负责人不是最后投票", f"round {number}: the head did not vote last")
