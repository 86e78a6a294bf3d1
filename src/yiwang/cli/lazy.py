"""The command line's root: commands live in a file each and are loaded only when one is called.

A file ``yiwang/cli/<name>.py`` has a function ``register(app: typer.Typer) -> None``. With one command in it that
command is ``yiwang <name>``; with several they are ``yiwang <name> <command>``. Its line in :data:`COMMANDS` is what
``yiwang --help`` shows; a line without a file is not shown.
"""

from __future__ import annotations

import importlib
import json
import sys
from pathlib import Path
from typing import Any

import typer
from typer.core import TyperCommand, TyperGroup

from yiwang.cli.codes import code_of
from yiwang.kernel.errors import YiwangError
from yiwang.kernel.text import Text

COMMANDS: dict[str, Text] = {
    "run": Text(
        "启动整个交易中心：数据库、网页、实时消息、后台", "start the whole center: database, web, live, worker"
    ),
    "demo": Text("装入演示城市，列出演示账号", "load the demo city, list its accounts"),
    "replay": Text("用真实拍卖数据重演完整流程", "replay real auctions through the whole procedure"),
    "verify": Text("核验案卷包，不需要数据库和网络", "check a dossier; no database, no network"),
    "audit": Text("核对数据库、文件与日志", "check database and files against the log"),
    "seal": Text("在本机密封投标文件", "seal a bid on this machine"),
    "joint": Text("联合体投标：拟定协议、成员签名", "joint bids: propose the agreement, sign as a member"),
    "open": Text("打开密封的投标文件，核对承诺与签名", "open a sealed bid; check commitment and signature"),
    "sign": Text("生成签名密钥，签署声明", "make a signing key, sign statements"),
    "custodian": Text("保管人：生成密钥、公布密钥", "custodians: make keys, publish keys"),
    "witness": Text("见证人：为日志的检查点签名", "be a witness: cosign a log's checkpoints"),
    "keys": Text("日志的密钥：生成、查看、更换、年度交接", "the log's keys: make, show, rotate, hand over to a new year"),
    "anchor": Text("把日志的检查点也存到区块链上，并与之比对", "keep the log's checkpoints on a chain too, and compare"),
    "law": Text("查询法定期限与规则", "ask for statutory periods and rules"),
    "promises": Text("逐条列出承诺及其验收测试", "list each promise and its acceptance tests"),
    "bench": Text("性能测量，每项附参照值", "measure, each figure beside its reference"),
    "docs": Text("生成 docs/generated 下的文档", "write the pages of docs/generated"),
    "worker": Text("只启动后台进程", "run the worker alone"),
    "migrate": Text("建立或更新数据库表", "make or update the database's tables"),
    "db": Text("数据库的位置与状态", "where the database is and how it does"),
    "manage": Text("Django 管理命令", "commands of Django"),
}
_HERE = Path(__file__).resolve().parent


def existing() -> list[str]:
    """Names of the commands whose file exists, in the table's order."""
    return [name for name in COMMANDS if (_HERE / f"{name}.py").exists() or (_HERE / name / "__init__.py").exists()]


class LazyGroup(TyperGroup):
    """The group of all commands; listing them imports none of them."""

    listing = False

    def list_commands(self, ctx: Any) -> list[str]:
        """Names in the table's order."""
        return existing()

    def get_command(self, ctx: Any, cmd_name: str) -> Any:
        """Load a command's file; None when there is no such command."""
        if cmd_name not in existing():
            return None
        if self.listing:
            return TyperCommand(cmd_name, help=str(COMMANDS[cmd_name]))
        if cmd_name not in self.commands:
            app = typer.Typer(add_completion=False, rich_markup_mode=None, help=str(COMMANDS[cmd_name]))
            importlib.import_module(f"yiwang.cli.{cmd_name}").register(app)
            command = typer.main.get_command(app)
            command.name = cmd_name
            self.commands[cmd_name] = command
        return self.commands[cmd_name]

    def format_help(self, ctx: Any, formatter: Any) -> None:
        """The help page, from the table alone."""
        self.listing = True
        try:
            super().format_help(ctx, formatter)
        finally:
            self.listing = False

    def invoke(self, ctx: Any) -> Any:
        """Run the command; an error with a message for the user ends it with one sentence and its exit code."""
        try:
            return super().invoke(ctx)
        except YiwangError as error:
            show(error, as_json="--json" in sys.argv)
            raise typer.Exit(code_of(error)) from None


def show(error: YiwangError, *, as_json: bool) -> None:
    """Write an error: sentences for people to the standard error, JSON for machines to the standard output."""
    if as_json:
        print(json.dumps({"ok": False, "reasons": [_plain(reason) for reason in error.reasons]}, ensure_ascii=False))
        return
    for reason in error.reasons:
        place = f"{reason.field}: " if reason.field else ""
        article = f" [{reason.article}]" if reason.article else ""
        print(f"✗ {place}{reason.message}{article}", file=sys.stderr)
        if reason.passes is not None:
            print(f"  → {reason.passes}", file=sys.stderr)


def _plain(reason: Any) -> dict[str, Any]:
    plain = {"code": reason.code, "message": str(reason.message), "field": reason.field, "article": reason.article,
             "passes": str(reason.passes) if reason.passes else "",
             "after": reason.after.isoformat() if reason.after else ""}  # fmt: skip
    return {key: value for key, value in plain.items() if value}
