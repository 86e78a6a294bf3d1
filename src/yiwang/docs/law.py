"""Pages made from the law: publicity, one page per rule."""

from __future__ import annotations

from yiwang.docs import names
from yiwang.docs.markdown import both, bullets, page, table
from yiwang.kernel import rules
from yiwang.kernel.publicity import Publicity, all_acts
from yiwang.kernel.text import Text
from yiwang.modules.evidence import registry

SOURCES = {
    "verified": Text("已核对原文", "read in the text of the law"),
    "general_knowledge": Text("待核对原文", "from general knowledge, to be verified"),
}
_KINDS = {
    "clock": Text("期限", "period"),
    "limit": Text("数量限制", "limit"),
    "committee": Text("评标委员会", "committee"),
    "formula": Text("评标办法", "formula"),
    "correction": Text("报价修正", "correction of a price"),
    "publicity": Text("公开", "publicity"),
}


def publicity() -> str:
    """What becomes public when."""
    rows = [_public_row(item) for item in all_acts().values()]
    heads = ("act", "行为", "何时公开 · public", "始终不公开的部分 · withheld", "依据 · law", "说明")
    return page(Text("什么在什么时候公开", "What becomes public when"), table(heads, rows))


def _public_row(item: Publicity) -> tuple[str, ...]:
    try:
        name = registry.row_of(item.act).name.zh
    except KeyError:
        name = "—"
    says = f"{item.says.zh}<br>{item.says.en}"
    return (f"`{item.act}`", name, both(names.STAGES[item.stage]), ", ".join(item.withheld) or "—", item.article, says)


def rule_pages() -> dict[str, str]:
    """One page for each rule, by file name, and their index."""
    pages = rules.all_rules()
    found = {f"rules/{item.id}.md": _rule(item) for item in pages}
    heads = ("规则 · rule", "种类 · kind", "内容 · says", "依据 · law")
    rows = [(f"[{item.id}]({item.id}.md)", both(_KINDS[item.kind]), both(item.title), item.article) for item in pages]
    found["rules/README.md"] = page(Text(f"全部规则（{len(pages)}）", f"All {len(pages)} rules"), table(heads, rows))
    return found


def _rule(item: rules.RulePage) -> str:
    force = Text("强制：不符合的不予办理", "it blocks") if item.hard else Text("提醒", "it warns")
    users = "、".join(f"[{name}](../../procedures/{name}.zh.md)" for name in item.procedures)
    facts = [
        f"编号 · id: `{item.id}`（{both(_KINDS[item.kind])}）",
        f"依据 · law: {item.article}",
        f"来源 · source: {both(SOURCES[item.source])}",
        f"效力 · force: {both(force)}",
        f"适用 · applies in: {users or '—'}",
    ]
    examples = [
        f"## 示例 · Example：{both(example.name)}\n\n" + bullets(both(line) for line in example.lines)
        for example in item.examples
    ]
    note = f"> {item.note}" if item.note else ""
    return page(item.title, bullets(facts), item.explanation.zh, item.explanation.en, note, *examples)
