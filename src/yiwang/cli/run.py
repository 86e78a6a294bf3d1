"""``yiwang run``: the whole center with one command."""

from __future__ import annotations

import contextlib
import importlib.util
import os
import signal
import socket
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import typer

from yiwang.kernel.errors import YiwangError
from yiwang.kernel.text import Text

_NO_WITNESSES = Text(
    "未设置见证人：日志只有中心自己的签名，别人无法知道它是否被改写。用 YIWANG_WITNESS_POLICY 指定策略文件",
    "no witnesses: the log has the center's own signature only, and nobody outside can tell whether it was rewritten. Name a"
    " policy file in YIWANG_WITNESS_POLICY",
)
_ELSEWHERE = Text(
    "数据库用户进不了数据文件夹，数据库放在 {base}",
    "the database's user cannot enter the data folder; the database is in {base}",
)


def register(app: typer.Typer) -> None:
    """Add the command."""

    at, pages = Text("监听地址", "address to listen at"), Text("网页端口", "port of the pages")
    events = Text("实时消息端口，默认为网页端口加一", "port of live events; by default the next one")
    number, city = Text("网页进程数", "number of web processes"), Text("装入演示城市", "load the demo city")
    seen = Text("演示与开发时启动三个见证人", "start three witnesses, in demonstration and development")

    @app.command(help=str(Text("启动整个交易中心，Ctrl-C 停止", "start the whole center; Ctrl-C stops it")))
    def run(
        *,
        host: str = typer.Option("127.0.0.1", envvar="YIWANG_HOST", help=str(at)),
        port: int = typer.Option(8000, envvar="YIWANG_PORT", min=1, max=65535, help=str(pages)),
        live_port: int = typer.Option(0, envvar="YIWANG_LIVE_PORT", help=str(events)),
        workers: int = typer.Option(2, min=1, envvar="YIWANG_WORKERS", help=str(number)),
        demo: bool = typer.Option(True, help=str(city)),
        witnesses: bool = typer.Option(True, help=str(seen)),
    ) -> None:
        Run(host, port, live_port or port + 1, workers=workers, demo=demo, witnesses=witnesses).run()


class Run:
    """One start of the center, told line by line."""

    def __init__(self, host: str, port: int, live_port: int, *, workers: int, demo: bool, witnesses: bool) -> None:
        from rich.console import Console

        self.host, self.port, self.live_port, self.workers, self.demo = host, port, live_port, workers, demo
        self.witnesses = witnesses
        self.console = Console(highlight=False)
        self.began = time.monotonic()

    def run(self) -> None:
        """Check, start, watch, stop."""
        from yiwang.cli import django
        from yiwang.runtime import preflight

        signal.signal(signal.SIGTERM, signal.default_int_handler)  # before the group takes over: end in order too
        with self.step(Text("检查端口与数据文件夹", "checking ports and the data folder")):
            preflight.check_port(self.host, self.port)
            preflight.check_port(self.host, self.live_port)
        policy = self._policy()
        with contextlib.ExitStack() as stack:
            with self.step(Text("启动数据库", "starting the database")):
                held = stack.enter_context(django.with_database(schema=False))
            if held is not None and held.place.elsewhere:
                self.tell(_ELSEWHERE.format(base=held.place.base))
            self._prepare(external=held is None)
            self._serve(held, policy)
        self.tell(Text("已全部停止", "all stopped"))

    def _policy(self) -> Path | None:
        """The operator's witness policy, checked; None: none is given, then a demonstration brings its own.

        What this process itself does (loading the demo city) waits for no witness.
        """
        from yiwang.runtime import witness_policy, witnesses
        from yiwang.runtime.database import data_folder
        from yiwang.runtime.mode import is_production

        given, found = witness_policy.POLICY in os.environ, witness_policy.policy_file(data_folder())
        os.environ[witness_policy.POLICY] = witness_policy.NO_WITNESSES
        if not given and not is_production() and witnesses.own(data_folder()):
            return None
        self.witnesses = False
        if found is not None:
            witness_policy.check_policy(found)
        return found

    @contextlib.contextmanager
    def step(self, what: Text) -> Iterator[None]:
        """One step of the start: a moving sign while it lasts, its seconds when it is done."""
        began = time.monotonic()
        try:
            with self.console.status(str(what)):
                yield
        except YiwangError:
            self.console.print(f"[red]✗[/] {what}")
            raise
        self.console.print(f"[green]✓[/] {what} [dim]{time.monotonic() - began:.1f} s[/]")

    def tell(self, what: Text) -> None:
        """One line for the user."""
        self.console.print(f"· {what}", markup=False)

    def _prepare(self, *, external: bool) -> None:
        from django.conf import settings
        from django.core.management import call_command
        from django.db import connections

        from yiwang.cli import django
        from yiwang.runtime import preflight

        with self.step(Text("更新数据库表", "bringing the tables up to date")):
            pending = preflight.check_schema()
            if not external:
                django.migrate()
            elif pending:
                django.refuse_older(pending)
        if settings.PRODUCTION:
            with self.step(Text("收集静态文件", "collecting static files")):
                call_command("collectstatic", interactive=False, verbosity=0)
        elif self.demo and (demo := _demo()):
            self.tell(Text("装入演示城市", "loading the demo city"))
            demo.ensure(self.tell)
        connections.close_all()

    def _serve(self, held: Any, policy: Path | None) -> None:
        from yiwang.runtime.processes import Group, live, web, worker
        from yiwang.runtime.witness_policy import NO_WITNESSES, POLICY

        beside: list[Any] = []
        if policy is None:
            policy, beside = self._own_witnesses()
        children = [web(self.host, self.port, workers=self.workers), live(self.host, self.live_port), worker()]
        for child in children:
            child.environment["YIWANG_LIVE_PORT"] = str(self.live_port)
            child.environment[POLICY] = str(policy or NO_WITNESSES)

        def watch() -> None:
            if held is not None:
                with contextlib.suppress(YiwangError):  # told by the processes that miss it; tried again in a second
                    if held.ensure():
                        self.tell(Text("数据库守护进程曾意外退出，已重新启动",
                                       "the database's keeper had ended; it runs again"))  # fmt: skip

        self.tell(Text("启动网页、实时消息与后台进程", "starting web, live and worker"))
        Group([*beside, *children], self.tell, watch).run(self._announced)
        self.tell(Text("正在停止", "stopping"))

    def _own_witnesses(self) -> tuple[Path | None, list[Any]]:
        """Policy and processes of a demonstration's three witnesses; nothing where they are not wanted."""
        from django.conf import settings

        from yiwang.modules.evidence.sequencer import the_log
        from yiwang.runtime import witnesses

        if settings.PRODUCTION:
            self.tell(_NO_WITNESSES)
        if not self.witnesses:
            return None, []
        with self.step(Text("准备三个演示见证人", "preparing three demo witnesses")):
            return witnesses.for_demonstration(settings.DATA, the_log().keys.vkeys(), self.live_port + 1)

    def _announced(self) -> bool:
        """True once the pages answer; then the address and the accounts have been printed."""
        for port in (self.port, self.live_port):
            try:
                socket.create_connection((_reachable(self.host), port), timeout=0.2).close()
            except OSError:
                return False
        seconds = time.monotonic() - self.began
        self.console.print(f"\n[bold]http://{_named(self.host)}:{self.port}/[/]   [dim]{seconds:.1f} s[/]\n")
        self._accounts()
        self.console.print(str(Text("按 Ctrl-C 停止", "Ctrl-C stops")))
        return True

    def _accounts(self) -> None:
        from django.conf import settings

        demo = None if settings.PRODUCTION or not self.demo else _demo()
        if demo is None:
            return
        from rich.table import Table

        table = Table(title=str(Text("演示账号", "demo accounts")), title_justify="left")
        for heading in (Text("登录名", "login"), Text("密码", "password"), Text("身份", "who")):
            table.add_column(str(heading))
        for account in demo.accounts():
            table.add_row(str(account.login), str(account.password), str(account.role))
        self.console.print(table)


def _demo() -> Any:
    """The package of the demo city: ``ensure(tell)`` loads what is missing, ``accounts()`` lists logins.

    None when it is not installed (a production image may leave it out).
    """
    if importlib.util.find_spec("yiwang.demo") is None:
        return None
    from yiwang import demo

    return demo if hasattr(demo, "ensure") and hasattr(demo, "accounts") else None


def _reachable(host: str) -> str:
    return {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(host, host)


def _named(host: str) -> str:
    """The host as a reader types it. Passkeys and cookies want ``localhost``, not its number."""
    name = {"127.0.0.1": "localhost", "0.0.0.0": "localhost", "::": "localhost", "::1": "localhost"}.get(host, host)
    return f"[{name}]" if ":" in name else name
