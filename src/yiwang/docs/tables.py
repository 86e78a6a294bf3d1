"""Pages made from the transition tables: state diagrams, who may do what, the list of acts."""

from __future__ import annotations

import inspect
import sys

from yiwang.docs import names
from yiwang.docs.markdown import both, bullets, page, table
from yiwang.kernel.publicity import all_acts
from yiwang.kernel.text import Text
from yiwang.kernel.transitions import Guard, State, Transition
from yiwang.modules.evidence import registry
from yiwang.modules.evidence.actors import ROLES


def diagram() -> str:
    """The life of a tender as a state diagram, and what each state means."""
    tender = registry.TABLES["tender"]
    lines = ["stateDiagram-v2"]
    lines += [f"    state \"{item.name.zh} {item.name.en}\" as {code}" for code, item in tender.states.items()]
    for row in registry.rows():
        lines += _edges(row, tender.states)
    lines += [f"    {code} --> [*]" for code, item in tender.states.items() if item.final]
    meanings = table(
        ("state", "状态", "name", "meaning"),
        [(f"`{code}`", item.name.zh, item.name.en, both(item.meaning)) for code, item in tender.states.items()],
    )
    stays = bullets(
        f"`{row.act}` {both(row.name)}: {both(names.states(row.sources))}"
        for row in registry.rows()
        if row.sources and not row.target
    )
    return page(
        Text("招标项目的状态", "The states of a tender"),
        "```mermaid\n" + "\n".join(lines) + "\n```",
        meanings,
        "## 不改变状态的行为 · Acts that leave the state as it is",
        stays,
    )


def _edges(row: Transition, states: dict[str, State]) -> list[str]:
    if row.target not in states:
        return []
    label = f"{row.name.zh} {row.act}"
    return [f"    {source} --> {row.target}: {label}" for source in row.sources or ("[*]",)]


def matrix() -> str:
    """Who may do what: acts by roles."""
    used = [code for code in ROLES if any(code in row.roles for row in registry.rows())]
    heads = ["act", "行为", *(f"{ROLES[code].name.zh}<br>{code}" for code in used)]
    rows = [
        [f"`{row.act}`", row.name.zh, *("●" if code in row.roles else "" for code in used)] for row in registry.rows()
    ]
    idle = [code for code in ROLES if code not in used]
    unused = f"没有行为的角色 · Roles without an act: {', '.join(f'{ROLES[code].name.zh} `{code}`' for code in idle)}" if idle else ""
    return page(Text("谁可以办理什么", "Who may do what"), table(heads, rows), unused)


def acts() -> str:
    """Every act with its conditions, law and publicity."""
    return page(Text("行为清单", "The acts"), *(_act(row) for row in registry.rows()))


def _act(row: Transition) -> str:
    told = both(names.roles(row.tells)) if row.tells else "—"
    facts = [
        f"由谁办理 · by: {both(names.roles(row.roles))}",
        f"从 · from: {both(names.states(row.sources)) if row.sources else '（新建 · creates it）'}",
        f"到 · to: {_target(row)}",
        f"依据 · law: {'；'.join(row.articles)}",
        f"公开 · public: {_public(row.act)}",
        f"告知 · tells: {told}",
    ]
    if row.by_time:
        facts.append("到时由系统办理 · done by the system once its time has come")
    if row.witnessed:
        facts.append("等待见证人联署 · waits for a quorum of witnesses")
    guards = [f"条件 · condition: {guard_text(guard)}" for guard in registry.guards_of(row)]
    return f"## {both(row.name)} `{row.act}`\n\n" + bullets([*facts, *guards])


def _target(row: Transition) -> str:
    if not row.target:
        return "（状态不变 · the state stays）"
    states = registry.TABLES["tender"].states
    return both(states[row.target].name) if row.target in states else row.target


def _public(act: str) -> str:
    known = all_acts().get(act)
    if known is None:
        return "不属于项目的行为 · not an act of a tender"
    return f"{both(names.STAGES[known.stage])}（{known.article}）"


def guard_text(guard: Guard) -> str:
    """What a condition says of itself; one that a maker made is told by the maker and what it was given."""
    if guard.__doc__:
        return _first(guard.__doc__)
    maker = getattr(sys.modules[guard.__module__], guard.__qualname__.split(".")[0])
    given = inspect.getclosurevars(guard).nonlocals
    return f"{_first(maker.__doc__ or '')} ({', '.join(str(given[name]) for name in sorted(given))})"


def _first(doc: str) -> str:
    return " ".join(doc.strip().split("\n\n")[0].split())
