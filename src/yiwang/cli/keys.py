"""``yiwang keys``: the log's keys, their change, and the hand-over to the next year's log (docs/security/keys.md)."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import typer

from yiwang.kernel.errors import bad
from yiwang.kernel.text import Text

if TYPE_CHECKING:
    from yiwang.tlog.keys import LogKeys


def register(app: typer.Typer) -> None:
    """Add the commands."""
    _register_making(app)
    _register_changing(app)
    _register_reading(app)


def _register_making(app: typer.Typer) -> None:
    @app.command("init", help=_say("首次启动前生成日志密钥", "make the log's keys, before the first start"))
    def init(
        origin: str = typer.Argument(help=_say("日志名称，如 evidence.<中心>/{year}", "the log's name, e.g. evidence.<center>/{year}")),
        token: bool = _token(),
        label: str = _label(),
        as_json: bool = _json(),
    ) -> None:
        from yiwang.runtime.database import data_folder
        from yiwang.tlog.keys import named

        folder = data_folder() / "keys"
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        if (folder.parent / "log" / "checkpoint").exists():
            raise bad("origin", "已经有日志，不能再从头生成密钥", "there is a log already; its keys cannot begin anew",
                      passes=Text("yiwang keys rotate", "yiwang keys rotate"))  # fmt: skip
        keys = _maker(token=token, label=label)(named(origin))
        keys.save(folder)
        _print(_made(keys), as_json=as_json)

    @app.command("prepare", help=_say("先备好下一套密钥，以便告知见证人", "make the next keys ahead, so that witnesses can be told"))
    def prepare(
        origin: str = typer.Option("", help=_say("下一年日志的名称；不填：只换密钥", "the next year's log; empty: new keys only")),
        token: bool = _token(),
        label: str = _label(),
        as_json: bool = _json(),
    ) -> None:
        from yiwang.cli.django import with_database

        with with_database():
            from yiwang.modules.evidence import succession

            _print(_made(succession.prepare(origin, _maker(token=token, label=label))), as_json=as_json)


def _register_changing(app: typer.Typer) -> None:
    @app.command("rotate", help=_say("更换本日志的密钥（新旧密钥共同签署）", "change the log's keys; old and new ones sign"))
    def rotate(token: bool = _token(), label: str = _label(), as_json: bool = _json()) -> None:
        from yiwang.cli.django import with_database

        with with_database():
            from yiwang.modules.evidence import succession

            succession.rotate(_maker(token=token, label=label))
            _print(_state(), as_json=as_json)

    @app.command("succeed", help=_say("结束本年日志，启用下一年的", "end the year's log and begin the next"))
    def succeed(
        origin: str = typer.Argument(help=_say("新日志的名称，如 evidence.<中心>/2028", "the next log's name, e.g. evidence.<center>/2028")),
        token: bool = _token(),
        label: str = _label(),
        lost: bool = typer.Option(False, "--lost", help=_say("旧密钥已遗失，由新日志单独声明", "the old keys are lost; the new log alone tells")),
        as_json: bool = _json(),
    ) -> None:
        from yiwang.cli.django import with_database

        with with_database():
            from yiwang.modules.evidence import succession

            succession.succeed(origin, _maker(token=token, label=label), lost=lost)
            _print(_state(), as_json=as_json)


def _register_reading(app: typer.Typer) -> None:
    @app.command("show", help=_say("日志的名称、公钥和历次更替", "the log's name, verifier keys, and how they followed one another"))
    def show(as_json: bool = _json()) -> None:
        from yiwang.cli.django import with_database

        with with_database():
            _print(_state(), as_json=as_json)

    @app.command("follow", help=_say("从您信任的旧公钥推到现用的公钥，离线", "from old keys that you trust to those in force; offline"))
    def follow(
        handover: Path = typer.Argument(help=_say("交接文件，来自 /log/handover.json", "the file from /log/handover.json")),
        trust: Path = typer.Option(..., help=_say("您信任的公钥，每行一把（log.vkeys）", "verifier keys that you trust, one a line (log.vkeys)")),
        as_json: bool = _json(),
    ) -> None:
        from yiwang.tlog.note import parse_vkey
        from yiwang.verifier.handover import follow as followed

        trusted = [parse_vkey(line) for line in trust.read_text(encoding="utf-8").splitlines()]
        vkeys = [str(key) for key in followed(handover.read_bytes(), trusted)]
        print(json.dumps({"vkeys": vkeys}) if as_json else "\n".join(vkeys))


def _maker(*, token: bool, label: str) -> Callable[[str], LogKeys]:
    from yiwang.tlog.keys import LogKeys

    return (lambda origin: LogKeys.create_in_token(origin, label)) if token else LogKeys.create


def _made(keys: LogKeys) -> dict[str, Any]:
    return {"origin": keys.name, "vkeys": list(map(str, keys.vkeys())), "place": _place(keys)}


def _place(keys: LogKeys) -> str:
    from yiwang.tlog.pkcs11 import TokenKey

    return f"pkcs11:{keys.ed25519.label}" if isinstance(keys.ed25519, TokenKey) else "file"


def _state() -> dict[str, Any]:
    from django.conf import settings

    from yiwang.modules.evidence import years
    from yiwang.modules.evidence.sequencer import the_log

    log = the_log()
    periods = [{"origin": each.origin, "from_size": each.start, "vkeys": list(each.vkeys)} for each in years.history(log.tiles.directory)]
    prepared = years.prepared(years.keys_folder(Path(settings.LOG_FOLDER)))
    return {**_made(log.keys), "periods": periods, "prepared": _made(prepared) if prepared else None}


def _print(found: dict[str, Any], *, as_json: bool) -> None:
    if as_json:
        print(json.dumps(found, ensure_ascii=False))
        return
    where = found["place"].removeprefix("pkcs11:")
    held = Text("密钥在文件中", "keys in a file") if found["place"] == "file" else Text(
        f"Ed25519 密钥在密码设备中（{where}）", f"the Ed25519 key is in a token ({where})")  # fmt: skip
    print(Text(f"{found['origin']}：{held.zh}", f"{found['origin']}: {held.en}"), file=sys.stderr)
    for period in found.get("periods", [])[:-1]:
        print(Text(f"  此前：{period['origin']}，自 {period['from_size']} 条起", f"  before: {period['origin']}, from size {period['from_size']}"),
              file=sys.stderr)  # fmt: skip
    if found.get("prepared"):
        print(Text(f"  已备好：{found['prepared']['origin']}", f"  prepared: {found['prepared']['origin']}"), file=sys.stderr)
        print("".join(f"log {vkey}\n" for vkey in found["prepared"]["vkeys"]), end="", file=sys.stderr)
    what = Text("  公钥（交见证人和公众，经第二渠道核对）：", "  verifier keys, for witnesses and the public:")
    print(what, file=sys.stderr)
    print("".join(f"log {vkey}\n" for vkey in found["vkeys"]), end="")


def _token() -> Any:
    return typer.Option(False, "--token", help=_say("Ed25519 密钥在 PKCS#11 设备内生成", "make the Ed25519 key inside the PKCS#11 token"))


def _label() -> Any:
    return typer.Option("", help=_say("设备内密钥的标签；默认为日志名称", "the key's label in the token; by default the log's name"))


def _json() -> Any:
    return typer.Option(False, "--json", help=_say("以 JSON 输出", "print JSON"))


def _say(zh: str, en: str) -> str:
    return str(Text(zh, en))
