"""Procedures as data: steps in order, who acts, which periods run, committee, opening, publicity and remedies.

A procedure is a YAML file in law/procedures. Loading checks it against the clock, the acts and the formulas; an error
names file, line and what is wrong. Adding a procedure takes no Python.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

from yiwang.kernel.admission import AdmissionRule
from yiwang.kernel.formula_check import check_formula
from yiwang.kernel.text import Text
from yiwang.kernel.verdict import YES, Verdict, no

ACTS = (
    "tender.enter", "tender.attach_document", "custody.appoint", "custody.replace", "custody.provide_key",
    "custody.refuse", "tender.publish",
    "clarification.ask", "clarification.answer", "objection.raise", "objection.answer", "bid.submit",
    "bid.commit", "bid.deliver", "bid.withdraw", "opening.close", "opening.release_key", "opening.open", "opening.confirm", "draw.freeze_list",
    "draw.commit", "draw.reveal", "draw.seat", "draw.decline", "evaluation.declare", "evaluation.submit_sheet",
    "evaluation.conclude", "evaluation.sign_report", "candidates.publicise", "award.decide", "award.notify",
    "contract.sign", "contract.register", "tender.archive", "tender.fail", "tender.terminate", "hall.advance",
    "hall.pause", "hall.resume", "hall.postpone", "hall.incident", "hall.ask", "hall.answer",
    "tender.invite", "admission.decide", "draw.carry", "tender.suspend", "tender.resume", "deadline.follow",
    "invitees.list", "invitees.commit", "invitees.reveal", "invitees.forfeit",
    "coefficient.commit", "coefficient.reveal", "evaluation.ask_price", "evaluation.explain_price", "evaluation.judge_price",
    "evaluation.correct_sheet", "award.seat", "award.vote", "award.commit_lots", "award.reveal_lots",
    "evaluation.correct_price", "evaluation.quantify", "evaluation.vote_price", "evaluation.confirm_price",
    "objection.withdraw", "complaint.file", "complaint.return", "complaint.correct", "complaint.accept", "complaint.refuse",
    "complaint.suspend", "complaint.resume", "complaint.decide", "complaint.withdraw",
    "negotiation.talk", "negotiation.change", "negotiation.close", "negotiation.settle", "source.publicise", "source.object",
    "source.answer", "framework.choose", "framework.apply", "framework.review", "framework.close",
    "review.record", "review.justify", "draft.revise", "draft.drop_document",
    "draw.forfeit", "coefficient.forfeit", "award.forfeit_lots",
)  # fmt: skip
"""Acts that a step may name."""

BESIDE = (
    "objection.withdraw", "complaint.file", "complaint.return", "complaint.correct", "complaint.accept", "complaint.refuse",
    "complaint.suspend", "complaint.resume", "complaint.decide", "complaint.withdraw", "tender.suspend", "tender.resume", "deadline.follow",
    "review.record", "review.justify", "draft.revise", "draft.drop_document", "coefficient.commit", "coefficient.reveal",
    "evaluation.ask_price", "evaluation.explain_price", "evaluation.judge_price", "evaluation.correct_sheet",
    "evaluation.correct_price", "evaluation.quantify", "evaluation.vote_price", "evaluation.confirm_price",
    "draw.forfeit", "coefficient.forfeit", "award.forfeit_lots",
)  # fmt: skip
"""Acts that are beside the steps of any procedure: where none names them, the transition tables alone say when they may be done."""

STATES = (
    "draft",
    "tendering",
    "closed",
    "opened",
    "evaluating",
    "evaluated",
    "admitted",
    "publicity",
    "awarded",
    "contracted",
    "archived",
    "failed",
    "terminated",
)
"""States of a tender, in the order in which it passes them."""

ROLES = ("buyer", "agency", "tenderer", "custodian", "evaluator", "center", "supervisor", "system", "award_member", "asked", "corrected")
"""Who may stand as the actor of a step."""

PARTS = ("qualification", "technical", "price")
"""Parts of a bid that a procedure may have sealed apart, in the order in which they are opened."""

STAGES = ("at_once", "opening", "publicity", "award", "contract", "archive", "never")
"""When something becomes public, from soonest to never."""


@dataclass(frozen=True, slots=True)
class ProcedureStep:
    """One step.

    Attributes:
        key: its name within the procedure; act: the act that does it, empty for what only time or another office does.
        states: states of the tender in which it happens; target: the state it leads to, or empty.
        kind: ``main`` (must happen, in order), ``optional`` (may happen) or ``side`` (must happen, off the main line).
        document: code of the document it produces, with its name; public: the stage from which it is public.
        events: clock events that it sets off; clock: rules that bound it.
    """

    key: str
    act: str
    name: Text
    actors: tuple[str, ...]
    states: tuple[str, ...]
    target: str
    kind: str
    document: str
    document_name: Text | None
    public: str
    events: tuple[str, ...]
    clock: tuple[str, ...]
    articles: tuple[str, ...]
    note: Text | None = None


@dataclass(frozen=True, slots=True)
class CommitteeRule:
    """How an evaluation committee must be made up (odd; at least ``least``; experts at least ``experts`` of it)."""

    least: int
    experts: tuple[int, int]
    article: str
    rule: str
    buyer_may_chair: bool = True
    larger_least: int = 0
    larger_when: Text | None = None

    def check(self, size: int, experts: int, *, larger: bool = False) -> Verdict:
        """Whether ``size`` members, ``experts`` of them drawn, are lawful; ``larger``: the larger case holds."""
        least = self.larger_least if larger and self.larger_least else self.least
        part, whole = self.experts
        wanted = -(-part * size // whole)
        passes = Text(
            f"{least}人以上单数，其中专家不少于{whole}分之{part}，例如{least}人中专家{-(-part * least // whole)}人",
            f"an odd number of at least {least}, at least {part}/{whole} of them experts, "
            f"e.g. {-(-part * least // whole)} experts of {least}",
        )
        if size < least or size % 2 == 0:
            return no(
                self.rule,
                Text(
                    f"评标委员会{size}人，不是{least}人以上单数",
                    f"a committee of {size} is not an odd number of at least {least}",
                ),
                article=self.article,
                field="size",
                passes=passes,
            )
        if experts < wanted or experts > size:
            return no(
                self.rule,
                Text(
                    f"{size}人中专家{experts}人，至少应为{wanted}人",
                    f"{experts} experts of {size}; at least {wanted} are needed",
                ),
                article=self.article,
                field="experts",
                passes=passes,
            )
        return YES


@dataclass(frozen=True, slots=True)
class Remedy:
    """An objection, query or complaint: who may raise it, until when, who answers by when, what stands still."""

    key: str
    name: Text
    who: Text
    raise_rule: str
    answer_rule: str
    suspends: bool
    articles: tuple[str, ...]
    act: str = ""
    answer_act: str = ""
    first: str = ""


@dataclass(frozen=True, slots=True)
class AllowedFormula:
    """A formula that the procedure allows, with the least and greatest price weight (percent of the total) if set."""

    id: str
    price_least: Decimal | None = None
    price_most: Decimal | None = None
    article: str = ""


@dataclass(frozen=True, slots=True)
class StageRule:
    """What makes a procedure the later round of a chain.

    Attributes:
        of: ids of the procedures that the earlier round may have had.
        admits: who may bid: ``admitted`` (whom the earlier round admitted), ``took_part`` (who bid in it) or
            ``invited`` (whom the buyer invites among them).
        committee: ``same`` (the earlier round's) or ``new``.
        deadline: ``own``, or ``same`` as that of the earlier round.
    """

    of: tuple[str, ...]
    admits: str = "admitted"
    committee: str = "new"
    deadline: str = "own"


@dataclass(frozen=True, slots=True)
class BidBondRule:
    """The most that may be asked as a bid bond: percent of the estimated price or budget, and fen (0: no such cap).

    A procedure without this rule knows no bid bond.
    """

    percent_most: Decimal
    fen_most: int
    rule: str
    article: str


@dataclass(frozen=True, slots=True)
class Procedure:
    """A whole procedure; see the module's docstring.

    Attributes:
        least_bids: fewer bids than this and the tender fails.
        parts: what is sealed apart, each in an envelope of its own, in the order of opening; empty: a bid comes whole.
        since, until: the first and last day on which a tender may begin under this version (None: open).
        warn_from: the day from which it is announced that this version will apply from ``since``.
        stage: set when this is the later round of a chain. award: ``ranked`` (the first candidate wins) or
            ``separate`` (评定分离: the buyer decides among unranked candidates).
        bid_bond: the cap on bid bonds; None: no bond may be asked.
        invited: only whom the buyer invites may take part. sealed: bids are sealed to custodians until the opening.
        admission: set when this round ends with an admission to a later one. priced: False when bids carry no price.
    """

    id: str
    version: int
    name: Text
    summary: Text
    track: str
    method: str
    objects: tuple[str, ...]
    since: date | None
    articles: tuple[str, ...]
    steps: tuple[ProcedureStep, ...]
    branches: tuple[ProcedureStep, ...]
    committee: CommitteeRule
    least_bids: int
    least_bids_rule: str
    least_bids_article: str
    candidates_most: int
    publicity_rule: str
    opening: Text
    opening_articles: tuple[str, ...]
    remedies: tuple[Remedy, ...]
    formulas: tuple[AllowedFormula, ...]
    by_key: dict[str, ProcedureStep] = field(default_factory=dict, compare=False)
    parts: tuple[str, ...] = ()
    until: date | None = None
    warn_from: date | None = None
    stage: StageRule | None = None
    award: str = "ranked"
    bid_bond: BidBondRule | None = None
    invited: bool = False
    sealed: bool = True
    admission: AdmissionRule | None = None
    priced: bool = True

    def step(self, key: str) -> ProcedureStep:
        """The step of that key; KeyError when there is none."""
        return self.by_key[key]

    def clock_rules(self) -> tuple[str, ...]:
        """Ids of all clock rules that steps and remedies name, each once, in order."""
        ids = [rule for step in (*self.steps, *self.branches) for rule in step.clock]
        ids += [rule for remedy in self.remedies for rule in (remedy.raise_rule, remedy.answer_rule) if rule]
        return tuple(dict.fromkeys(ids))

    def check_bids(self, number: int) -> Verdict:
        """Whether ``number`` bids suffice to open and evaluate."""
        if number >= self.least_bids:
            return YES
        message = Text(
            f"投标人{number}个，少于{self.least_bids}个，不得开标，应当重新招标",
            f"{number} bids are fewer than {self.least_bids}: no opening, the tender must be held again",
        )
        passes = Text(f"{self.least_bids}个以上投标人", f"at least {self.least_bids} tenderers")
        return no(self.least_bids_rule, message, article=self.least_bids_article, passes=passes)

    def check_formula(self, formula: dict[str, Any]) -> Verdict:
        """Whether the procedure allows the formula, and its price weight lies within the procedure's bounds."""
        allowed = next((item for item in self.formulas if item.id == formula.get("id")), None)
        if allowed is None:
            names = "、".join(item.id for item in self.formulas)
            return no(
                "formula.allowed",
                Text(
                    f"{self.name.zh}不可用办法“{formula.get('id')}”",
                    f"“{formula.get('id')}” is not allowed in {self.name.en}",
                ),
                field="formula.id",
                passes=Text(names, names),
            )
        sound = check_formula(formula)
        if not sound:
            return sound
        score = (formula.get("price") or {}).get("score") or {}
        if not score:
            return YES
        weight = Decimal(str(score["weight"]))
        least, most = allowed.price_least or Decimal(0), allowed.price_most or Decimal(100)
        if least <= weight <= most:
            return YES
        return no(
            "NL-09",
            Text(
                f"价格分权重{weight}不在{least}至{most}之间",
                f"the price weight {weight} is not within {least} to {most}",
            ),
            field="formula.price.score.weight",
            article=allowed.article,
            passes=Text(f"{least}至{most}", f"{least} to {most}"),
        )


def load(procedure_id: str, version: int | None = None, *, folder: Path | None = None) -> Procedure:
    """A procedure by its id: the newest version, or the one asked for; see :mod:`yiwang.kernel.procedure_versions`.

    Raises:
        BadInput: there is no such procedure or version. LawFault: its file is wrong.
    """
    from yiwang.kernel.procedure_versions import load as load_version

    return load_version(procedure_id, version, folder=folder)


def ids(*, folder: Path | None = None) -> tuple[str, ...]:
    """Ids of all procedures, sorted."""
    from yiwang.kernel.procedure_versions import files

    return tuple(sorted(files(folder)))


def all_procedures(*, folder: Path | None = None) -> tuple[Procedure, ...]:
    """All procedures, by id."""
    return tuple(load(name, folder=folder) for name in ids(folder=folder))


def of(procedure: str | Procedure) -> Procedure:
    """The procedure itself, or the one of that id."""
    return procedure if isinstance(procedure, Procedure) else load(procedure)


def index(steps: Iterable[ProcedureStep]) -> dict[str, ProcedureStep]:
    """Steps by key."""
    return {step.key: step for step in steps}
