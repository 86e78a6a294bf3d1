"""``yiwang db``: where the database is and how it does."""

from __future__ import annotations

import json
from typing import Any

import typer

from yiwang.kernel.text import Text

_NAMES = {
    "kind": Text("种类", "kind"),
    "version": Text("版本", "version"),
    "database": Text("数据库", "database"),
    "socket": Text("套接字", "socket"),
    "folder": Text("文件夹", "folder"),
    "log": Text("日志", "log"),
    "programs": Text("程序", "programs"),
    "bytes": Text("大小（字节）", "size in bytes"),
    "checksums": Text("数据校验", "data checksums"),
    "durable": Text("同步写盘", "fsync"),
    "changes": Text("待更新的表变更", "table changes that wait"),
}


def register(app: typer.Typer) -> None:
    """Add the command."""

    @app.command(
        help=str(
            Text(
                "数据库的位置、版本、大小；没有运行时先启动",
                "where the database is, its version and size; starts it when needed",
            )
        )
    )
    def db(as_json: bool = typer.Option(False, "--json", help=str(Text("以 JSON 输出", "print JSON")))) -> None:
        facts = gathered()
        if as_json:
            print(json.dumps(facts, ensure_ascii=False))
            return
        for key, value in facts.items():
            print(f"{_NAMES[key]}: {value}")


def gathered() -> dict[str, Any]:
    """What ``yiwang db`` prints."""
    import psycopg

    from yiwang.cli.django import with_database
    from yiwang.runtime import preflight
    from yiwang.runtime.binaries import binaries_for
    from yiwang.runtime.database import database_url

    with with_database(schema=False) as held, psycopg.connect(database_url()) as connection:
        row = connection.execute(
            "SELECT current_setting('server_version'), current_database(), pg_database_size(current_database()), "
            "current_setting('data_checksums'), current_setting('fsync')"
        ).fetchone()
        assert row is not None
        version, name, size, checksums, sync = row
        facts: dict[str, Any] = {"kind": "embedded" if held else "DATABASE_URL", "version": version, "database": name}
        if held:
            facts |= {"socket": str(held.place.sockets), "folder": str(held.place.cluster), "log": str(held.place.log),
                      "programs": str(binaries_for(held.place.cluster).folder)}  # fmt: skip
        return facts | {"bytes": size, "checksums": checksums == "on", "durable": sync == "on",
                        "changes": preflight.check_schema()}  # fmt: skip
