"""Makes all generated pages (docs/generated, docs/procedures), writes them, or tells which are stale."""

from __future__ import annotations

from pathlib import Path

from yiwang.docs import glossary, law, procedures, promised, tables
from yiwang.docs.markdown import bullets, page
from yiwang.kernel.text import Text

FOLDER = Path("docs") / "generated"
PROCEDURES = Path("docs") / "procedures"
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
    }
    found["README.md"] = _index(found)
    return found


def _made(root: Path) -> dict[str, str]:
    """Every page that is made whole, by its name below the root."""
    places = ((FOLDER, pages(root)), (PROCEDURES, procedures.pages()))
    return {(folder / name).as_posix(): text for folder, found in places for name, text in found.items()}


def write(root: Path) -> list[str]:
    """Write what differs and remove what is no longer made; the names of the files that changed."""
    made = _made(root)
    changed = _stale(root, made)
    for name in changed:
        path = root / name
        if name == GLOSSARY.as_posix():
            path.write_text(glossary.filled(_read(path)), encoding="utf-8")
        elif name in made:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(made[name], encoding="utf-8")
        else:
            path.unlink()
    return changed


def stale(root: Path) -> list[str]:
    """Names, below the root, of files that are not as they would be made now."""
    return _stale(root, _made(root))


def _stale(root: Path, made: dict[str, str]) -> list[str]:
    folders = (root / FOLDER, root / PROCEDURES)
    there = {path.relative_to(root).as_posix() for folder in folders for path in folder.glob("**/*.md")}
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
    top.append("[procedures/](../procedures/README.md): 每种采购方式一页 · a page for each procedure")
    return page(Text("由程序生成的文档", "Generated pages"), bullets(top))
