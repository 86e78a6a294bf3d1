"""The picture of the promise table: rows and the tests that prove them. Whether they pass: ``yiwang promises``."""

from __future__ import annotations

from pathlib import Path

from yiwang.docs.markdown import both, page, table
from yiwang.kernel.text import Text
from yiwang.promises.table import KINDS, promises
from yiwang.promises.tests_of import marked


def picture(root: Path) -> str:
    """All rows, part by part."""
    tests = marked(root)
    parts: dict[str, list[tuple[str, ...]]] = {}
    have = whole = 0
    for row in promises():
        proving = [item.node for item in tests if row.id in item.promises]
        have += bool(proving)
        whole += bool(proving) and row.still is None
        kind = "、".join(KINDS[code].zh for code in row.kind.split(","))
        shown = "<br>".join(f"`{node}`" for node in proving) or "—"
        if row.still is not None:
            shown += f"<br>尚缺：{row.still.zh} · still to come: {row.still.en}"
        parts.setdefault(both(row.part), []).append((row.id, row.quote, kind, f"{row.must.zh}<br>{row.must.en}", shown))
    heads = ("", "承诺原文", "种类", "必须做到 · what must work", "验收测试 · tests")
    body = [f"## {name}\n\n{table(heads, rows)}" for name, rows in parts.items()]
    total = len(promises())
    says = Text(
        f"共 {total} 条：{whole} 条已由端到端测试完整证明，{have - whole} 条证明了一部分。是否通过：`yiwang promises`。",
        f"{total} rows: {whole} proven whole by end-to-end tests, {have - whole} in part. "
        "Whether they pass: `yiwang promises`.",
    )
    return page(Text("承诺对照表", "The promise table"), says.zh, says.en, *body)
