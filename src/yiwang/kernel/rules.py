"""The catalogue of rules: every period, limit, committee rule, formula and stage of publicity, one page each."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from yiwang.kernel import corrections
from yiwang.kernel.calendar import Calendar, NoArrangement
from yiwang.kernel.clock_book import ClockBook, Rule
from yiwang.kernel.clock_count import Pause, count
from yiwang.kernel.errors import BadInput
from yiwang.kernel.formula_book import FormulaTemplate, all_templates
from yiwang.kernel.lawfile import law_path, read
from yiwang.kernel.procedures import Procedure, all_procedures
from yiwang.kernel.publicity import Publicity, all_acts
from yiwang.kernel.text import Text
from yiwang.kernel.verdict import Reason

_START = datetime(2026, 9, 7, 1, 0, tzinfo=UTC)
_UNTIL = datetime(2026, 9, 14, 9, 0, tzinfo=UTC)
_STAGES = {
    "at_once": Text("行为完成时", "at once"),
    "opening": Text("开标时起", "from the opening"),
    "publicity": Text("公示候选人时起", "from the publicity of the candidates"),
    "award": Text("定标时起", "from the award"),
    "contract": Text("合同登记时起", "from the registration of the contract"),
    "archive": Text("归档时起", "from the archiving"),
    "never": Text("不公开", "never"),
}


@dataclass(frozen=True, slots=True)
class RuleExample:
    """A worked example: its name and its lines."""

    name: Text
    lines: tuple[Text, ...]


@dataclass(frozen=True, slots=True)
class RulePage:
    """All that a page about one rule says.

    Attributes:
        id: stable id (``GC-01``, ``NL-05``, ``committee.open_tender_works``, ``formula.comprehensive_score``,
            ``publicity.bid.submit``). kind: ``clock``, ``limit``, ``committee``, ``formula``, ``correction`` or ``publicity``.
        source: ``verified`` or ``general_knowledge``. hard: True when it blocks, False when it only warns.
        procedures: ids of the procedures that use it.
    """

    id: str
    kind: str
    title: Text
    article: str
    explanation: Text
    examples: tuple[RuleExample, ...]
    source: str
    hard: bool = True
    procedures: tuple[str, ...] = ()
    note: str = ""


def all_rules() -> list[RulePage]:
    """Every rule of the law folder, in a fixed order."""
    procedures = all_procedures()
    pages = [_clock_page(rule, procedures) for rule in ClockBook.load()]
    pages += _limit_pages(procedures)
    pages += [_committee_page(procedure) for procedure in procedures]
    pages += [_formula_page(item, procedures) for item in all_templates()]
    pages += [_correction_page(order, procedures) for order in corrections.orders()]
    pages += [_publicity_page(item, procedures) for item in all_acts().values()]
    return pages


def rule_page(rule_id: str) -> RulePage:
    """The page of one rule; BadInput when there is none."""
    for page in all_rules():
        if page.id == rule_id:
            return page
    raise BadInput(Reason("rule", Text(f"没有编号为“{rule_id}”的规则", f"there is no rule “{rule_id}”"), field="rule"))


def _clock_page(rule: Rule, procedures: tuple[Procedure, ...]) -> RulePage:
    example = RuleExample(Text("推算示例", "Worked count"), _count_lines(rule))
    zh = [f"{rule.title.zh}。依据：{rule.cited.zh}。", "必须遵守，否则不予办理。" if rule.hard else "仅作提醒。"]
    en = [
        f"{rule.title.en.capitalize()}. Law: {rule.cited.en}.",
        "It blocks the act." if rule.hard else "It only warns.",
    ]
    if rule.paused_by:
        zh.append("有法定中止事由时，中止的时间不计入。")
        en.append("Time during which the clock is lawfully stopped is not counted.")
    users = tuple(item.id for item in procedures if rule.id in item.clock_rules())
    return RulePage(
        rule.id,
        "clock",
        rule.title,
        rule.article,
        Text("".join(zh), " ".join(en)),
        (example,),
        rule.source,
        rule.hard,
        users,
        rule.note,
    )


def _count_lines(rule: Rule, pauses: tuple[Pause, ...] = ()) -> tuple[Text, ...]:
    try:
        return tuple(count(rule, _START, Calendar.load(), until=_UNTIL, pauses=pauses).arithmetic)
    except NoArrangement as error:
        return tuple(reason.message for reason in error.reasons)


def limit(rule: str) -> dict[str, Any]:
    """The data of a limit of law/limits.yaml by its id; KeyError when there is none."""
    rows: list[dict[str, Any]] = read(law_path("limits.yaml")).need(("limits",), list)
    return {row["id"]: row for row in rows}[rule]


def _limit_pages(procedures: tuple[Procedure, ...]) -> list[RulePage]:
    file = read(law_path("limits.yaml"))
    pages = []
    for number, row in enumerate(file.need(("limits",), list)):
        at = ("limits", number)
        users = tuple(item.id for item in procedures if row["id"] in (item.least_bids_rule, item.committee.rule))
        says = file.text((*at, "says"))
        title, article = file.text((*at, "title")), file.need((*at, "article"), str)
        source = file.one_of((*at, "source"), ("verified", "general_knowledge"))
        pages.append(RulePage(file.need((*at, "id"), str), "limit", title, article, says, (), source, True, users))
    return pages


def _committee_page(procedure: Procedure) -> RulePage:
    rule = procedure.committee
    part, whole = rule.experts
    title = Text(f"{procedure.name.zh}：评标委员会", f"{procedure.name.en}: evaluation committee")
    zh = f"成员为{rule.least}人以上单数，专家不少于{whole}分之{part}。"
    en = f"An odd number of at least {rule.least} members, at least {part}/{whole} of them experts."
    if rule.larger_least and rule.larger_when:
        zh += f"{rule.larger_when.zh}的，{rule.larger_least}人以上单数。"
        en += f" At least {rule.larger_least} for a {rule.larger_when.en}."
    if not rule.buyer_may_chair:
        zh += "采购人代表不得担任组长。"
        en += " The purchaser's representative must not chair."
    lines = tuple(_seats(size, part, whole) for size in (rule.least, rule.least + 2, rule.least + 4))
    examples = (RuleExample(Text("人数与专家", "Members and experts"), lines),)
    return RulePage(
        f"committee.{procedure.id}",
        "committee",
        title,
        rule.article,
        Text(zh, en),
        examples,
        "verified",
        True,
        (procedure.id,),
    )


def _seats(size: int, part: int, whole: int) -> Text:
    experts = -(-part * size // whole)
    return Text(f"{size}人：专家至少{experts}人", f"{size} members: at least {experts} experts")


def _formula_page(item: FormulaTemplate, procedures: tuple[Procedure, ...]) -> RulePage:
    examples = []
    for example in item.examples:
        ranking = example.run()
        lines = [*ranking.lines]
        for result in ranking.results:
            rank = Text(
                f"第{result.rank}名" if result.rank else "不予通过",
                f"rank {result.rank}" if result.rank else "rejected",
            )
            lines.append(Text(f"{result.bid}：{rank.zh}", f"{result.bid}: {rank.en}"))
            lines.extend((*result.lines, *result.rejected, *result.abnormal))
        examples.append(RuleExample(example.name, tuple(lines)))
    users = tuple(p.id for p in procedures if any(allowed.id == item.id for allowed in p.formulas))
    return RulePage(
        f"formula.{item.id}",
        "formula",
        item.name,
        "；".join(item.articles),
        item.says,
        tuple(examples),
        item.source,
        True,
        users,
    )


def _correction_page(order: corrections.CorrectionOrder, procedures: tuple[Procedure, ...]) -> RulePage:
    users = tuple(p.id for p in procedures if p.track == order.track and any(step.act == "evaluation.correct_price" for step in p.branches + p.steps))
    zh = "；".join(f"（{number}）{rule.says.zh}" for number, rule in enumerate(order.rules, start=1))
    en = "; ".join(f"({number}) {rule.says.en}" for number, rule in enumerate(order.rules, start=1))
    says = Text(
        f"依次适用：{zh}。修正后的报价请投标人书面确认，至少给 {order.minutes} 分钟；不确认或者逾期不答复的，投标无效。",
        f"In this order: {en}. The tenderer is asked to confirm the corrected price in writing and has at least {order.minutes} "
        "minutes; a bid whose price is refused or left unanswered is invalid.",
    )
    article = "；".join(dict.fromkeys((*(rule.article for rule in order.rules), order.confirm_article)))
    examples = tuple(RuleExample(name, lines) for name, lines in order.examples)
    known = "verified" if {order.source, *(rule.source for rule in order.rules)} == {"verified"} else "general_knowledge"
    return RulePage(f"correction.{order.id}", "correction", order.name, article, says, examples, known, True, users)


def _publicity_page(item: Publicity, procedures: tuple[Procedure, ...]) -> RulePage:
    users = tuple(p.id for p in procedures if any(step.act == item.act for step in (*p.steps, *p.branches)))
    name = _act_name(item.act, procedures)
    when = _STAGES[item.stage]
    public_zh = when.zh if item.stage == "never" else f"{when.zh}公开"
    title = Text(f"{name.zh}：{public_zh}", f"{name.en}: public {when.en}")
    return RulePage(f"publicity.{item.act}", "publicity", title, item.article, item.says, (), "verified", True, users)


def _act_name(act: str, procedures: tuple[Procedure, ...]) -> Text:
    for procedure in procedures:
        for step in (*procedure.steps, *procedure.branches):
            if step.act == act:
                return step.name
    return Text(act, act)
