"""Words that the screens of objections and complaints share: kinds, standings, departments, what is late."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from yiwang.kernel import moment
from yiwang.kernel.remedies import remedy_law
from yiwang.kernel.text import Text
from yiwang.modules.remedies import complaint_rules, rules
from yiwang.modules.remedies.complaint_acts import OUTCOMES
from yiwang.ui.formats import when_text
from yiwang.ui.shapes import Tag

STANDINGS = {
    "filed": Tag(Text("待受理", "to be accepted"), "wait"),
    "returned": Tag(Text("待补正", "to be corrected"), "wait"),
    "accepted": Tag(Text("已受理", "accepted"), "open"),
    "refused": Tag(Text("不予受理", "refused"), "stopped"),
    "withdrawn": Tag(Text("已撤回", "withdrawn"), "stopped"),
}
OTHER = Text("其他事项", "another matter")


def word(tender: Any) -> Text:
    """The law's word: 异议 or 质疑."""
    return rules.track_of(tender).word


def kind_name(tender: Any, kind: str) -> Text:
    """Against what an objection or complaint is."""
    found = rules.track_of(tender).kinds.get(kind)
    return found.name if found else OTHER


def objection_tag(item: Any, now: datetime) -> Tag:
    """How an objection stands, as a pill."""
    if item.withdrawn_at:
        return Tag(Text("已撤回", "withdrawn"), "stopped")
    if item.answered_at is None:
        late = item.answer_by < now
        return Tag(Text("逾期未答复", "answer overdue"), "bad") if late else Tag(Text("待答复", "to be answered"), "wait")
    zh = word(item.tender).zh
    name = Text(f"{zh}成立", "upheld") if item.upheld else Text(f"{zh}不成立", "not upheld")
    if item.answered_at > item.answer_by:
        return Tag(Text(f"{name.zh}（逾期答复）", f"{name.en} (answered late)"), "bad")
    return Tag(name, "good" if item.upheld else "neutral")


def complaint_tag(item: Any) -> Tag:
    """How a complaint stands, as a pill."""
    if item.standing == "decided":
        return Tag(OUTCOMES[item.outcome], "good" if item.outcome == "upheld" else "neutral")
    return STANDINGS[item.standing]


def due(item: Any) -> datetime | None:
    """The moment by which the department must do the next thing in a complaint."""
    return {"filed": item.accept_by, "accepted": item.decide_by}.get(item.standing)


def line(tender: Any, item: Any) -> Text:
    """A complaint in a list to choose from."""
    name, until = kind_name(tender, item.kind), due(item)
    zh, en = f"第 {item.pk} 号　{name.zh}：{item.request}", f"No. {item.pk}, {name.en}: {item.request}"
    return Text(f"{zh}（{when_text(until)} 前）", f"{en} (before {when_text(until)})") if until else Text(zh, en)


def department(item: Any) -> Text:
    """The department that is competent for a complaint."""
    return remedy_law().departments.get(item.department, Text(item.department, item.department))


def order_name(key: str) -> Text | str:
    """What an upheld complaint leads to."""
    found = remedy_law().orders.get(key)
    return found.name if found else key


def ground_name(key: str) -> Text | str:
    """The ground on which a complaint was refused."""
    found = remedy_law().grounds.get(key)
    return found.name if found else key


def held(item: Any) -> bool:
    """Whether trading stands still because of the complaint."""
    return complaint_rules.is_held(item, moment.now())
