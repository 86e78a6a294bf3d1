"""``yiwang docs``: write docs/generated, or tell which pages are stale."""

from __future__ import annotations

import json
from pathlib import Path

import typer

from yiwang.kernel.errors import bad
from yiwang.kernel.text import Text


def register(app: typer.Typer) -> None:
    """Add the command."""

    clone = typer.Option(None, "--root", help=str(Text("代码仓库的根目录", "root of the clone")))

    @app.command(help=str(Text("生成 docs/generated 下的文档", "write the pages of docs/generated")))
    def docs(
        check: bool = typer.Option(False, "--check", help=str(Text("只检查，过时则退出码为 1", "only look; exit code 1 when stale"))),
        as_json: bool = typer.Option(False, "--json", help=str(Text("以 JSON 输出", "print JSON"))),
        folder: Path | None = clone,
    ) -> None:
        from yiwang.cli.django import setup
        from yiwang.promises.tests_of import root

        setup()
        from yiwang.docs import write

        place = folder or root()
        if place is None or not (place / write.GLOSSARY).is_file():
            raise bad("root", "这里不是代码仓库", "this is no clone of the repository",
                      passes=Text("用 --root 指定代码仓库", "name the clone with --root"))
        changed = write.stale(place) if check else write.write(place)
        if as_json:
            print(json.dumps({"ok": not (check and changed), "changed": changed}, ensure_ascii=False))
        elif not changed:
            print(Text("文档都是最新的", "all pages are up to date"))
        else:
            for name in changed:
                print(name)
            print(Text(f"过时 {len(changed)} 页，请执行 yiwang docs", f"{len(changed)} stale; run: yiwang docs") if check
                  else Text(f"已写 {len(changed)} 页", f"{len(changed)} pages written"))  # fmt: skip
        if check and changed:
            raise typer.Exit(1)
