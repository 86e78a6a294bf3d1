"""Makes all generated pages, writes them, or tells which are stale."""

from __future__ import annotations

from pathlib import Path

from yiwang.docs import glossary, law, promised, tables
from yiwang.docs.markdown import bullets, page
from yiwang.kernel.text import Text

FOLDER = Path("docs") / "generated"
GLOSSARY = Path("docs") / "glossary.md"


def pages(root: Path) -> dict[str, str]:
    """Every generated page by its name below docs/generated. The same code and law give the same text."""
    found = {
        "states.md": tables.diagram(),
        "matrix.md": tables.matrix(),
        "acts.md": tables.acts(),
        "publicity.md": law.publicity(),
        "promises.md": promised.picture(root),
        **law.rule_pages(),
        **law.procedure_pages(),
    }
    found["README.md"] = _index(found)
    return found


def write(root: Path) -> list[str]:
    """Write what differs and remove what is no longer made; the names of the files that changed."""
    changed = stale(root)
    made = pages(root)
    for name in changed:
        path = root / name
        inside = path.relative_to(root / FOLDER).as_posix() if path.is_relative_to(root / FOLDER) else ""
        if inside and inside not in made:
            path.unlink()
        elif inside:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(made[inside], encoding="utf-8")
        else:
            path.write_text(glossary.filled(path.read_text(encoding="utf-8")), encoding="utf-8")
    return changed


def stale(root: Path) -> list[str]:
    """Names, below the root, of files that are not as they would be made now."""
    made = {(FOLDER / name).as_posix(): text for name, text in pages(root).items()}
    there = {path.relative_to(root).as_posix() for path in (root / FOLDER).glob("**/*.md")}
    found = [name for name, text in made.items() if name not in there or _read(root / name) != text]
    found += [name for name in there if name not in made]
    known = _read(root / GLOSSARY)
    if glossary.filled(known) != known:
        found.append(GLOSSARY.as_posix())
    return sorted(found)


def _read(path: Path) -> str:
    return path.read_text(encoding="utf-8")


def _index(found: dict[str, str]) -> str:
    top = [
        f"[{name}]({name}): {text.splitlines()[2].removeprefix('# ')}" for name, text in found.items() if "/" not in name
    ]
    top.append("[rules/](rules/README.md): 每条规则一页 · a page for each rule")
    top += [f"[{name}]({name})" for name in found if name.startswith("procedures/")]
    return page(Text("由程序生成的文档", "Generated pages"), bullets(top))
