"""``yiwang law check``, ``lock``, ``new-version``: the files of procedures, and of a center's own clock rules and formulas."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import typer

from yiwang.kernel.errors import bad
from yiwang.kernel.text import Text, language


def register(app: typer.Typer) -> None:
    """Add the commands."""
    place = typer.Option(None, "--folder", help=str(Text("采购方式文件所在的文件夹", "folder of the procedures' files")))
    as_json_option = typer.Option(False, "--json", help=str(Text("输出 JSON", "print JSON")))

    @app.command(help=str(Text("检查采购方式、期限规则或评审办法的文件", "check a file of a procedure, periods or a formula; faults by line")))
    def check(
        file: Path = typer.Argument(help=str(Text("YAML 文件", "the YAML file"))),
        as_json: bool = as_json_option,
    ) -> None:
        answer = checked(file)
        if as_json:
            print(json.dumps(answer, ensure_ascii=False, indent=2))
        else:
            for fault in answer["faults"]:
                print(fault[language.get()])
            if answer["ok"]:
                print(Text(f"{file.name}：正确", f"{file.name}: sound"))
        if not answer["ok"]:
            raise typer.Exit(1)

    @app.command(help=str(Text("锁定尚未锁定的版本", "lock versions that are not locked yet")))
    def lock(folder: Path | None = place, as_json: bool = as_json_option) -> None:
        from yiwang.kernel import lawfile, procedure_lock

        _told(procedure_lock.lock(folder or lawfile.law_path("procedures")), as_json)

    @app.command("new-version", help=str(Text("保存现行版本，开始新版本", "keep the present version and begin a new one")))
    def new_version(
        procedure: str = typer.Argument(help=str(Text("采购方式", "the procedure"))),
        folder: Path | None = place,
        as_json: bool = as_json_option,
    ) -> None:
        from yiwang.kernel import procedure_lock

        _told(procedure_lock.begin_version(procedure, folder), as_json)


def checked(file: Path) -> dict[str, Any]:
    """Whether a procedure's, a formula's or a clock's file is sound, and by line what is not; BadInput when there is no such
    file. What a procedure names is looked for beside it and in the law that comes with the program.
    """
    from yiwang.kernel import lawfile
    from yiwang.kernel.lawfile import LawFault

    if not file.is_file():
        raise bad("file", f"没有文件 {file}", f"there is no file {file}")
    place = file.resolve()
    own = place.parent.parent if place.parent.name in ("procedures", "formulas") else place.parent
    try:
        with lawfile.using(own):
            _read(place)
    except LawFault as fault:
        rows = [{"place": each.field, "zh": each.message.zh, "en": each.message.en} for each in fault.reasons]
        return {"ok": False, "faults": rows}
    return {"ok": True, "faults": []}


def _read(file: Path) -> None:
    """Read a file of law as what it is; LawFault."""
    from yiwang.kernel import formula_book, lawfile
    from yiwang.kernel.clock_book import ClockBook
    from yiwang.kernel.procedure_file import read_procedure

    data = lawfile.read(file).data
    if isinstance(data, dict) and "rules" in data:
        ClockBook.of_program().with_file(lawfile.read(file))
    elif isinstance(data, dict) and "formula" in data:
        formula_book.read_template(file)
    else:
        for each in read_procedure(file, ClockBook.load()).formulas:
            formula_book.template(each.id)


def _told(names: tuple[str, ...], as_json: bool) -> None:
    if as_json:
        print(json.dumps({"ok": True, "changed": list(names)}, ensure_ascii=False))
    else:
        print("\n".join(names) or str(Text("没有变化", "nothing changed")))
