"""Checks before anything starts. Each failure is one clear sentence and what to do (:class:`NotReady`)."""

from __future__ import annotations

import errno
import os
import shutil
import socket
import uuid
from pathlib import Path
from typing import TYPE_CHECKING

from yiwang.kernel.text import Text
from yiwang.runtime.notready import NotReady, not_ready

if TYPE_CHECKING:
    import psycopg

ROOM = 256 * 2**20
"""Bytes that must be free on the disk of the data folder before a start: the first database takes about 60 MB."""
OLDEST_SERVER = 15
_PROBE = b"\0" * 2**16


def check_folder(data: Path) -> None:
    """The data folder can be made, written and synced, and its disk is not full.

    Raises:
        NotReady: ``runtime.unwritable`` or ``runtime.disk_full``.
    """
    probe = data / f".probe-{uuid.uuid4().hex}"
    try:
        data.mkdir(parents=True, exist_ok=True)
        handle = os.open(probe, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        try:
            os.write(handle, _PROBE)
            os.fsync(handle)
        finally:
            os.close(handle)
            probe.unlink()
    except OSError as error:
        raise _folder_problem(data, error) from None
    free = shutil.disk_usage(data).free
    if free < ROOM:
        raise _full(data, free)


def check_port(host: str, port: int) -> None:
    """Nobody listens at this address yet and we may.

    Raises:
        NotReady: ``runtime.port_taken``, ``runtime.port_forbidden`` or ``runtime.address``.
    """
    other = Text(f"换一个端口：yiwang run --port {port + 10}", f"choose another port: yiwang run --port {port + 10}")
    try:
        family, kind, proto, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
        with socket.socket(family, kind, proto) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind(address)
    except OSError as error:
        if error.errno == errno.EADDRINUSE:
            raise not_ready("port_taken", f"端口 {host}:{port} 已被另一个程序占用",
                            f"the port {host}:{port} is taken by another program", passes=other) from None  # fmt: skip
        if error.errno == errno.EACCES:
            raise not_ready("port_forbidden", f"无权使用端口 {port}",
                            f"the port {port} is not allowed to this user", passes=other) from None  # fmt: skip
        raise not_ready("address", f"本机没有地址 {host}", f"this machine has no address {host}",
                        passes=Text("改用 --host 127.0.0.1", "use --host 127.0.0.1")) from None  # fmt: skip


def check_database(url: str) -> None:
    """The database answers, is new enough, and stores Unicode.

    Raises:
        NotReady: ``runtime.database_*``; the password is never repeated.
    """
    import psycopg

    try:
        with psycopg.connect(url, connect_timeout=5) as connection:
            version = connection.info.server_version // 10000
            encoding = connection.info.parameter_status("server_encoding")
    except (psycopg.OperationalError, psycopg.ProgrammingError) as error:
        raise _connection_problem(url, error) from None
    if version < OLDEST_SERVER:
        raise not_ready("database_old", f"数据库是 PostgreSQL {version}，需要 {OLDEST_SERVER} 或更新",
                        f"the database is PostgreSQL {version}; {OLDEST_SERVER} or newer is needed")  # fmt: skip
    if encoding != "UTF8":
        raise not_ready("database_encoding", f"数据库编码是 {encoding}，必须是 UTF8",
                        f"the database's encoding is {encoding}; it must be UTF8")  # fmt: skip


def check_schema() -> int:
    """The database's tables are not newer than this code; the number of migrations that are still to be applied.

    Raises:
        NotReady: ``runtime.schema_newer`` names the first migration that this code does not know.
    """
    from django.db import connection
    from django.db.migrations.executor import MigrationExecutor

    executor = MigrationExecutor(connection)
    ours = {app for app, _ in executor.loader.disk_migrations}
    unknown = sorted(key for key in executor.loader.applied_migrations if key not in executor.loader.disk_migrations
                     and key[0] in ours and key not in executor.loader.replacements)  # fmt: skip
    if unknown:
        name = ".".join(unknown[0])
        raise not_ready(
            "schema_newer",
            f"数据库比这份程序新：其中已有本程序不认识的变更 {name}",
            f"the database is newer than this program: it has the change {name}, unknown here",
            passes=Text("更新程序后再启动；或用 YIWANG_DATA 另选数据文件夹",
                        "update the program and start again; or choose another data folder in YIWANG_DATA"),
        )  # fmt: skip
    return len(executor.migration_plan(executor.loader.graph.leaf_nodes()))


def _folder_problem(data: Path, error: OSError) -> NotReady:
    if error.errno in (errno.ENOSPC, errno.EDQUOT):
        return _full(data, 0)
    return not_ready(
        "unwritable",
        f"无法写入数据文件夹 {data}（{error.strerror}）",
        f"the data folder {data} cannot be written ({error.strerror})",
        passes=Text("改正其权限，或用 YIWANG_DATA 另选一个", "mend its rights, or choose another in YIWANG_DATA"),
    )


def _full(data: Path, free: int) -> NotReady:
    least, have = ROOM // 2**20, free // 2**20
    return not_ready(
        "disk_full",
        f"数据文件夹 {data} 所在磁盘只剩 {have} MB，至少需要 {least} MB",
        f"the disk of the data folder {data} has only {have} MB left; at least {least} MB are needed",
        passes=Text("腾出空间，或用 YIWANG_DATA 选别的磁盘", "free some space, or choose another disk in YIWANG_DATA"),
    )


_KINDS = (
    ("28", "database_login", "数据库拒绝了用户名或密码", "the database refuses this user or password"),
    ("3D000", "database_absent", "服务器上没有这个数据库", "the server has no database of this name"),
    ("53300", "database_busy", "数据库连接数已满", "the database has no connection left"),
    ("57P03", "database_starting", "数据库正在启动", "the database is starting up"),
)
_WORDS = (
    (("resolve host", "translate host"), "database_host", "找不到数据库主机", "the database's host is not found"),
    (("refused", "No such file"), "database_down", "该地址没有数据库在运行", "no database runs at this address"),
    (("timeout", "timed out"), "database_silent", "数据库主机没有应答", "the database's host does not answer"),
    (("password authentication", "no password supplied", 'role "', "pg_hba.conf"), *_KINDS[0][1:]),
    (("does not exist",), *_KINDS[1][1:]),
)


def _connection_problem(url: str, error: psycopg.Error) -> NotReady:
    from yiwang.runtime.url import django_database

    entry = django_database(url)
    where = f"{entry['HOST'] or 'localhost'}{':' + entry['PORT'] if entry['PORT'] else ''}/{entry['NAME']}"
    what = Text(
        "检查 DATABASE_URL，或删去它使用自带数据库", "check DATABASE_URL, or unset it to use the built-in database"
    )
    said = str(error)
    for code, name, zh, en in _KINDS:
        if (error.sqlstate or "").startswith(code):
            return not_ready(name, f"{zh}（{where}）", f"{en} ({where})", passes=what)
    for words, name, zh, en in _WORDS:
        if any(word in said for word in words):
            return not_ready(name, f"{zh}（{where}）", f"{en} ({where})", passes=what)
    return not_ready("database", f"无法连接数据库（{where}）", f"the database cannot be reached ({where})", passes=what)
