"""Run as a program beside the running center: its database as text, by ``pg_dump`` where there is one."""

from __future__ import annotations

import json
import subprocess

import psycopg


def main() -> None:
    """Print the dump as JSON."""
    from yiwang.cli.django import with_database

    with with_database(schema=False):
        from yiwang.runtime.binaries import binaries_for
        from yiwang.runtime.database import data_folder, database_url
        from yiwang.runtime.place import place_of

        program = binaries_for(place_of(data_folder()).cluster).folder / "pg_dump"
        if program.exists():
            text = subprocess.run([program, "--dbname", database_url()], check=True, capture_output=True).stdout.decode()
        else:
            text = tables(database_url())
    print(json.dumps({"dump": text}))


def tables(url: str) -> str:
    """Every row of every table as text."""
    with psycopg.connect(url) as link:
        names = link.execute("SELECT schemaname, tablename FROM pg_tables WHERE schemaname NOT IN ('pg_catalog', 'information_schema')")
        return "\n".join(
            str(row) for schema, table in names.fetchall() for row in link.execute(f'SELECT t::text FROM "{schema}"."{table}" t').fetchall()  # type: ignore[arg-type]
        )


if __name__ == "__main__":
    main()
