"""The table part of docs/glossary.md: the law's words beside the code's names."""

from __future__ import annotations

from yiwang.docs import names
from yiwang.docs.markdown import table
from yiwang.modules.evidence import registry
from yiwang.modules.evidence.actors import ROLES

BEGIN, END = "<!-- begin: made by `yiwang docs` -->", "<!-- end -->"


def filled(text: str) -> str:
    """The page with the part between the marks made anew; ValueError when a mark is missing."""
    before, rest = text.split(BEGIN)
    _, after = rest.split(END)
    return f"{before}{BEGIN}\n\n{tables()}\n\n{END}{after}"


def tables() -> str:
    """States, roles, acts and modules."""
    states = [(item.name.zh, f"`{code}`", item.name.en) for each in registry.TABLES.values() for code, item in each.states.items()]
    roles = [(item.name.zh, f"`{code}`", item.name.en) for code, item in ROLES.items()]
    acts = [(row.name.zh, f"`{row.act}`", row.name.en) for row in registry.rows()]
    modules = [(text.zh, f"`{name}`", text.en) for name, text in names.MODULES.items()]
    parts = (("状态 · States", states), ("角色 · Roles", roles), ("行为 · Acts", acts), ("模块 · Modules", modules))
    return "\n\n".join(f"## {title}\n\n{table(('中文', 'code', 'English'), rows)}" for title, rows in parts)
