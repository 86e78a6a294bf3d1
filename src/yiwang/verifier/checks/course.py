"""Check that every act was a step of the tender's own procedure, done in a state in which the procedure allows it."""

from __future__ import annotations

from collections.abc import Iterator

from yiwang.kernel import lots, procedures
from yiwang.kernel.procedures import Procedure, ProcedureStep
from yiwang.kernel.text import Text
from yiwang.verifier.dossier import Act, Dossier
from yiwang.verifier.report import Outcome, later, outcome

SHARED = ("evaluation.sign_report",)
"""Acts of several people of which only the last leads on."""


def course(dossier: Dossier) -> Outcome:
    """Walk down the disclosed acts by the procedure's steps; where acts are not disclosed, every state that they may have
    led to is thought possible."""
    own = sorted((act for act in dossier.acts if act.subject == dossier.chain), key=lambda act: act.seq)
    if not dossier.facts or not own:
        return later("招标公告尚未公开", "the notice is not public yet")
    law = dossier.law
    steps: dict[str, list[ProcedureStep]] = {}
    for step in (*law.steps, *law.branches):
        if step.act:
            steps.setdefault(step.act, []).append(step)
    faults = list(_walk(own, steps, law))
    return outcome(faults, Text(f"{len(own)} 个行为都是“{law.name.zh}”的步骤", f"all {len(own)} acts are steps of “{law.name.en}”"))


def _walk(own: list[Act], steps: dict[str, list[ProcedureStep]], law: Procedure) -> Iterator[Text]:
    possible, seq = {"draft"}, -1
    named = _named() | steps.keys()
    for act in own:
        if act.seq != seq + 1:
            possible = _reachable(possible, steps)
        seq = act.seq
        if act.name not in steps:
            if act.name in named:
                yield Text(f"{act}：不是“{law.name.zh}”的步骤", f"{act}: is no step of “{law.name.en}”")
            continue
        here = {state for state in possible for step in steps[act.name] if state in step.states}
        if not here:
            names = "、".join(sorted(possible))
            yield Text(f"{act}：此时（{names}）不能办理", f"{act}: is not possible at this time ({names})")
            continue
        after = {_target(state, steps[act.name]) for state in here}
        possible = after | here if act.name in SHARED else after


def _target(state: str, steps: list[ProcedureStep]) -> str:
    return next((step.target for step in steps if state in step.states and step.target), state)


def _reachable(possible: set[str], steps: dict[str, list[ProcedureStep]]) -> set[str]:
    found = set(possible)
    while True:
        more = {step.target for each in steps.values() for step in each if step.target and found & set(step.states)}
        if more <= found:
            return found
        found |= more


def _named() -> frozenset[str]:
    """Acts that some procedure of the law names."""
    return frozenset(step.act for law in procedures.all_procedures() for step in (*law.steps, *law.branches) if step.act)


def _astray(dossier: Dossier) -> list[Text]:
    """A lot that failed is held again within its project, as a later lot of it; a lot carries the number of its project."""
    facts = dossier.facts
    here, before = lots.place(dossier.tender), lots.place(facts.get("retender_of", ""))
    faults = []
    if before[1] and (before[0] != here[0] or before[1] >= here[1]):
        faults.append(Text("重新招标的标段不在原项目内", "a lot is held again outside of its project"))
    if "project" in facts and facts["project"]["number"] != here[0]:
        faults.append(Text("标段编号不是本项目的", "the lot's number is not of its project"))
    return faults


def lot_order(dossier: Dossier) -> Outcome:
    """Of a project's lots nobody wins more than the notice says; who is passed over has won its most before."""
    most, decided = dossier.facts.get("project", {}).get("lots_most"), dossier.last("award.decide")
    astray = _astray(dossier)
    if astray or not most:
        return outcome(astray, Text("没有限制中标标段数", "nothing bounds how many lots one wins"))
    if decided is None:
        return later("中标结果尚未公开", "the award is not public yet")
    won, said = decided.public["won_before"], decided.public["passed_over"]
    project, here = lots.place(dossier.tender)
    faults = [
        Text(f"{row['lot']} 不是本项目在前的标段", f"{row['lot']} is no earlier lot of this project")
        for row in won
        if lots.place(row["lot"])[0] != project or not 0 < lots.place(row["lot"])[1] < here
    ]
    if len({row["lot"] for row in won}) != len(won):
        faults.append(Text("同一标段列了两次", "a lot is listed twice"))
    over = lots.passed_over(dossier.candidates, won, most)
    if over != said:
        faults.append(Text("让过的候选人与在前标段的中标结果不符", "who is passed over does not follow from the lots won before"))
    due = lots.first(dossier.candidates, over)
    if decided.public["bid"] in {row["bid"] for row in over}:
        faults.append(Text("中标人已经中满标段", "the winner has won its most already"))
    elif due is not None and decided.public["bid"] != due["bid"] and not decided.public["reason"]:
        faults.append(Text("没有说明为何不由应中标的候选人中标", "no reason why the candidate that is due does not win"))
    fine = Text(f"一人最多中 {most} 个标段，让过 {len(said)} 名候选人", f"at most {most} lots each; {len(said)} candidates passed over")
    return outcome(faults, fine)
