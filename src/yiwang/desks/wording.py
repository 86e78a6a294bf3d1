"""Words that several screens share: states as pills, disciplines, sides of the draw."""

from __future__ import annotations

from typing import Any

from django.utils.html import format_html
from django.utils.safestring import SafeString

from yiwang.kernel import formula_book, procedures
from yiwang.kernel.errors import BadInput
from yiwang.kernel.text import Text
from yiwang.modules.evidence import registry
from yiwang.modules.evidence.actors import ROLES, Actor, roles_towards
from yiwang.seal.joint import party_name
from yiwang.ui.shapes import Tag, TagKind

STATE_KINDS: dict[str, TagKind] = {
    "draft": "neutral", "tendering": "open", "closed": "wait", "opened": "wait", "evaluating": "wait",
    "evaluated": "wait", "admitted": "good", "publicity": "open", "awarded": "good", "contracted": "good", "archived": "final",
    "failed": "bad", "terminated": "stopped",
}  # fmt: skip

DISCIPLINES = {"technical": Text("技术", "technical"), "economic": Text("经济", "economic")}

SIDES = {
    "host": Text("招标人一方", "the buying side"),
    "center": Text("交易中心", "trading center"),
    "supervisor": Text("行政监督部门", "supervisor"),
}

FUNDING = {
    "government": Text("财政资金", "public budget"),
    "state": Text("国有企业资金", "state-owned enterprise"),
    "private": Text("非国有资金", "private funds"),
}


def capital(text: Text) -> Text:
    """A text with a capital first letter in English: acts and roles are named in lower case in the tables."""
    return Text(text.zh, text.en[:1].upper() + text.en[1:])


def state_name(code: str) -> Text:
    """The name of a tender's state."""
    return registry.TABLES["tender"].states[code].name


def state_tag(tender: Any) -> Tag:
    """A tender's state as a pill."""
    return Tag(state_name(tender.state), STATE_KINDS[tender.state])


def number(tender: Any) -> SafeString:
    """A tender's number, never broken over two lines."""
    return format_html('<span class="tender-number">{}</span>', tender.number)


def state_choices() -> list[tuple[str, Text]]:
    """All states for a filter."""
    return [(code, state.name) for code, state in registry.TABLES["tender"].states.items()]


def my_roles(actor: Actor, tender: Any) -> Text:
    """What the actor is in a tender, in words. Being anybody who could bid is no role to show."""
    codes = [code for code in roles_towards(actor, tender) if code not in ("tenderer", "person", "public")]
    return Text("、".join(ROLES[code].name.zh for code in codes), ", ".join(ROLES[code].name.en for code in codes))


def formula_name(formula: dict[str, Any]) -> Text | str:
    """The name of an evaluation formula."""
    try:
        return formula_book.template(str(formula.get("id", ""))).name
    except BadInput:
        return str(formula.get("id", ""))


def procedure_name(procedure: str) -> Text:
    """The name of a procedure."""
    return procedures.load(procedure).name


def discipline(code: str) -> Text | str:
    """The name of a discipline of experts."""
    return DISCIPLINES.get(code, code)


def candidate(row: dict[str, Any]) -> Text:
    """A candidate of the report, by name: of a joint bid all members."""
    return party_name(row["name"], [member["name"] for member in row.get("joint", ())][1:])


def suppliers(content: dict[str, Any]) -> Text:
    """The supplier of a contract, by name: of a joint bid all members."""
    return party_name(content["supplier"]["name"], [member["name"] for member in content.get("members", ())])
