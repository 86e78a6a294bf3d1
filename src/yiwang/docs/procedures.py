"""docs/procedures: each procedure as its YAML says it, in Chinese and in English: what somebody must know to run one."""

from __future__ import annotations

from collections.abc import Callable

from yiwang.docs import names
from yiwang.docs.markdown import bullets, page, table
from yiwang.kernel import failures, suspension
from yiwang.kernel.clock_book import ClockBook, Rule
from yiwang.kernel.formula_book import template
from yiwang.kernel.procedures import Procedure, ProcedureStep, StageRule, all_procedures
from yiwang.kernel.text import Text

Say = Callable[[Text], str]

RULES = "../generated/rules"
_KINDS = {
    "main": Text("依次", "in order"),
    "optional": Text("可以", "may"),
    "side": Text("另行", "besides"),
}
_ADMITS = {
    "admitted": Text("前一轮通过的投标人", "whom the earlier round admitted"),
    "took_part": Text("参加了前一轮的投标人", "who took part in the earlier round"),
    "invited": Text("采购人从前一轮中邀请的投标人", "whom the buyer invites among those of the earlier round"),
}


def pages() -> dict[str, str]:
    """Every page by its name below docs/procedures."""
    found, everything = {}, all_procedures()
    for item in everything:
        found[f"{item.id}.zh.md"] = _page(item, lambda text: text.zh)
        found[f"{item.id}.en.md"] = _page(item, lambda text: text.en)
    found["README.md"] = _index(everything)
    return found


def _index(procedures: tuple[Procedure, ...]) -> str:
    parts = []
    tracks = {
        "construction": Text("工程建设项目招标投标", "Construction tendering"),
        "gov_procurement": Text("政府采购", "Government procurement"),
    }
    for track, name in tracks.items():
        rows = [
            f"[{item.name.zh}]({item.id}.zh.md) · [{item.name.en}]({item.id}.en.md)"
            for item in procedures
            if item.track == track
        ]
        parts += [f"## {name.zh} · {name.en}", bullets(rows)]
    return page(Text("采购方式", "Procedures"), *parts, "怎样增加一种 · How to add one: [add-a-procedure.md](../add-a-procedure.md)")


def _page(item: Procedure, say: Say) -> str:
    book = ClockBook.load()
    parts = [
        say(item.summary), bullets(_facts(item, say)),
        _title(say, "步骤", "Steps"), _steps(item.steps, say),
        *([_title(say, "中途可能发生的", "What may happen on the way"), _steps(item.branches, say)] if item.branches else []),
        _title(say, "暂停、失败以后、终止", "Suspension, failure, termination"), bullets(_stops(item, say)),
        _title(say, "期限", "Periods"), _periods(item, book, say),
        _title(say, "开标", "Opening"), say(item.opening), "；".join(item.opening_articles),
        _title(say, "评审机构", "Committee"), bullets(_committee(item, say)),
        _title(say, "公开", "Publicity"), bullets(_publicity(item, book, say)),
        _title(say, "评审办法", "Formulas allowed"), bullets(_formulas(item, say)),
        _title(say, "救济", "Remedies"), bullets(_remedies(item, book, say)),
    ]  # fmt: skip
    return page(Text(say(item.name), say(item.name)), *parts)


def _title(say: Say, zh: str, en: str) -> str:
    return f"## {say(Text(zh, en))}"


def _facts(item: Procedure, say: Say) -> list[str]:
    """What is particular, in a line each."""
    found = [f"{say(Text('依据', 'Law'))}: {'；'.join(item.articles)}",
             f"{say(Text('编号与版本', 'Id and version'))}: `{item.id}` v{item.version}"]  # fmt: skip
    for text, day in ((Text("施行", "In force from"), item.since), (Text("止于", "Until"), item.until)):
        if day is not None:
            found.append(f"{say(text)}: {day}")
    least = Text(f"少于 {item.least_bids} 个不得开标（评审）", f"fewer than {item.least_bids} are not opened")
    found.append(f"{say(Text('投标（响应）', 'Bids'))}: {say(least)}；{item.least_bids_article}")
    if item.stage is not None:
        found.append(_stage(item, item.stage, say))
    if item.invited:
        found.append(say(Text("只有受邀请的才能参加", "only those invited may take part")))
    if item.parts:
        found.append(f"{say(Text('分册密封', 'Sealed apart'))}: {', '.join(item.parts)}")
    if not item.sealed:
        found.append(say(Text("响应文件不密封给保管人", "responses are not sealed to custodians")))
    if item.award == "separate":
        found.append(say(Text("评定分离：候选人不排序，由招标人定标", "evaluation and award apart: the buyer chooses among unranked candidates")))
    found.append(_bond(item, say))
    return found


def _stage(item: Procedure, stage: StageRule, say: Say) -> str:
    names_ = "、".join(f"`{name}`" for name in stage.of)
    committee = Text("沿用原评标委员会", "the same committee") if stage.committee == "same" else Text("另组评标委员会", "a new committee")
    deadline = Text("与前一轮同时截止", "the same deadline") if stage.deadline == "same" else Text("截止时间另定", "a deadline of its own")
    if any(step.act == "invitees.list" for step in item.steps):
        zh = f"可以接在 {names_} 之后，从其通过的供应商中随机抽取；也可以从供应商库选取或者书面推荐的名单中抽取"
        en = f"may follow {names_}, then whom to invite is drawn among whom that admitted; else from a pool or a written recommendation"
        return say(Text(zh, en))
    zh = f"后一轮，前一轮为 {names_}；参加者：{_ADMITS[stage.admits].zh}；{committee.zh}；{deadline.zh}"
    en = f"a later round after {names_}; open to: {_ADMITS[stage.admits].en}; {committee.en}; {deadline.en}"
    return say(Text(zh, en))


def _bond(item: Procedure, say: Say) -> str:
    bond = item.bid_bond
    if bond is None:
        return say(Text("投标保证金：本文件未作规定", "Bid bond: this file says nothing of it"))
    most = f"{bond.percent_most}%" + (f", {bond.fen_most // 100} {say(Text('元', 'yuan'))}" if bond.fen_most else "")
    return f"{say(Text('投标保证金最高', 'Bid bond, at most'))}: {most}；{bond.article}"


def _steps(steps: tuple[ProcedureStep, ...], say: Say) -> str:
    heads = [say(each) for each in (Text("步骤", "step"), Text("由谁", "by"), Text("阶段", "state"), Text("次序", "order"),
             Text("文件", "document"), Text("公开", "public"), Text("期限", "periods"), Text("依据", "law"))]  # fmt: skip
    return table(heads, [_step(step, say) for step in steps])


def _step(step: ProcedureStep, say: Say) -> tuple[str, ...]:
    comma = say(Text("、", ", "))
    states = comma.join(say(names.state(code)) for code in step.states)
    moved = f"{states} → {say(names.state(step.target))}" if step.target else states
    name = f"{say(step.name)} `{step.act}`" if step.act else say(step.name)
    if step.note is not None:
        name += f"<br>{say(step.note)}"
    return (
        name, comma.join(say(names.role(code)) for code in step.actors), moved, say(_KINDS[step.kind]),
        say(step.document_name) if step.document_name else "—", say(names.STAGES[step.public]),
        comma.join(map(_link, step.clock)) or "—", "；".join(step.articles),
    )  # fmt: skip


def _stops(item: Procedure, say: Say) -> list[str]:
    """How a tender stands still and goes on, what follows when it fails, who may end it and until when."""
    who = {code: say(names.role(role)) for role, codes in suspension.BY_ROLE.items() for code in codes if role != "agency"}
    article = suspension.ARTICLES[1 if item.track == "gov_procurement" else 0]
    kinds = "；".join(f"{say(suspension.KINDS[code])}（{by}）" for code, by in who.items())
    found = [f"{say(Text('暂停和恢复', 'Suspended, and let go on'))} `tender.suspend` `tender.resume`: {kinds}；{article}"]
    fails = any(step.act == "tender.fail" for step in item.branches)
    for row in failures.consequences() if fails else ():
        if row.track == item.track and _may_fail(item, row.cause):
            often = Text("再次失败", "failed again") if row.again else Text("失败以后", "after a failure")
            options = "、".join(say(option.name) for option in row.options)
            found.append(f"{say(often)}: {say(row.says)} → {options}；{row.article}")
    for step in item.branches:
        if step.act == "tender.terminate":
            states = say(Text("、", ", ")).join(say(names.state(code)) for code in step.states)
            found.append(f"{say(step.name)} `{step.act}`: {states}；{'；'.join(step.articles)}")
    return found


def _may_fail(item: Procedure, cause: str) -> bool:
    """Whether a tender under the procedure can fail for a cause."""
    if cause == "too_few_admitted":
        return item.admission is not None
    if cause == "earlier_ended":
        return item.stage is not None and item.stage.deadline == "same"
    return True


def _link(rule: str) -> str:
    return f"[{rule}]({RULES}/{rule}.md)"


def _periods(item: Procedure, book: ClockBook, say: Say) -> str:
    heads = [say(each) for each in (Text("规则", "rule"), Text("内容", "says"), Text("依据", "law"), Text("效力", "force"))]
    return table(heads, [_period(book.rule(rule), say) for rule in item.clock_rules()])


def _period(rule: Rule, say: Say) -> tuple[str, ...]:
    force = Text("必须遵守", "binds") if rule.hard else Text("提醒", "warns")
    days = "".join(f"；{word}{day}" for word, day in (("≥ ", rule.since), ("≤ ", rule.ended)) if day is not None)
    return (_link(rule.id), say(rule.title), say(rule.cited), say(force) + days)


def _committee(item: Procedure, say: Say) -> list[str]:
    rule = item.committee
    if not rule.least:
        return [say(Text("不组成评审机构", "no committee sits"))]
    part, whole = rule.experts
    size = Text(
        f"{rule.least}人以上单数，专家不少于{whole}分之{part}", f"an odd number of at least {rule.least}, experts at least {part}/{whole}"
    )
    found = [say(size)]
    if rule.larger_least and rule.larger_when:
        larger = Text(
            f"{rule.larger_when.zh}的，{rule.larger_least}人以上单数", f"{rule.larger_least} or more for a {rule.larger_when.en}"
        )
        found.append(say(larger))
    if not rule.buyer_may_chair:
        found.append(say(Text("采购人代表不得担任组长", "the purchaser's representative must not chair")))
    return [*found, rule.article]


def _publicity(item: Procedure, book: ClockBook, say: Say) -> list[str]:
    """The period of publicity, and every document with the moment from which it is public."""
    found = []
    if item.publicity_rule:
        rule = book.rule(item.publicity_rule)
        found.append(f"{_link(rule.id)} {say(rule.title)}（{say(rule.cited)}）")
    found.append(say(Text(f"候选人最多 {item.candidates_most} 名", f"at most {item.candidates_most} candidates")))
    shown = {step.document_name: step.public for step in (*item.steps, *item.branches) if step.document_name}
    return found + [f"{say(name)}: {say(names.STAGES[stage])}" for name, stage in shown.items()]


def _formulas(item: Procedure, say: Say) -> list[str]:
    found = []
    for each in item.formulas:
        bounds = f"（{each.price_least or 0}%–{each.price_most or 100}%）" if each.price_least or each.price_most else ""
        article = f"；{each.article}" if each.article else ""
        found.append(f"[{say(template(each.id).name)}]({RULES}/formula.{each.id}.md){bounds}{article}")
    return found


def _remedies(item: Procedure, book: ClockBook, say: Say) -> list[str]:
    found = []
    for each in item.remedies:
        first = next((other for other in item.remedies if other.key == each.first), None)
        after = f"（{say(Text('须先', 'only after'))}{say(first.name)}）" if first else ""
        stands = Text("暂停交易", "trading stands still") if each.suspends else Text("不停止交易", "trading goes on")
        until, answer = book.rule(each.raise_rule), book.rule(each.answer_rule)
        found.append(
            f"{say(each.name)}{after}：{say(each.who)}；{say(Text('提出', 'raised'))} {_link(until.id)} {say(until.length)}；"
            f"{say(Text('答复', 'answered'))} {_link(answer.id)} {say(answer.length)}；{say(stands)}；{'；'.join(each.articles)}"
        )
    return found
