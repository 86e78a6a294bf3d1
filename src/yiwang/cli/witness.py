"""``yiwang witness``: cosign another party's log; no Django, no PostgreSQL."""

from __future__ import annotations

import json
import signal
import sys
import threading
from pathlib import Path
from typing import Any

import typer

from yiwang.kernel.errors import bad
from yiwang.kernel.text import Text


def register(app: typer.Typer) -> None:
    """Add the commands."""

    @app.command("init", help=_say("生成见证人的密钥与状态，打印公钥", "make a witness's keys and state, print its public keys"))
    def init(
        folder: Path = typer.Option(..., help=_say("新文件夹", "a new folder")),
        name: str = typer.Option(..., help=_say("名称，如 witness.example/caizheng", "name, e.g. witness.example/finance")),
        url: str = typer.Option("", help=_say("日志一方可达的网址", "the URL at which the log can reach it")),
        mirror: bool = typer.Option(False, "--mirror", help=_say("同时保存日志的完整副本", "also keep a full copy of the log")),
        as_json: bool = typer.Option(False, "--json", help=_say("以 JSON 输出", "print JSON")),
    ) -> None:
        _init(folder, name, url, mirror=mirror, as_json=as_json)

    @app.command("serve", help=_say("启动见证服务（C2SP tlog-witness）", "run the witness (C2SP tlog-witness)"))
    def serve(
        *,
        folder: Path = typer.Option(..., help=_say("见证人的文件夹", "the witness's folder")),
        logs: Path = typer.Option(..., "--policy-or-logs", "--logs", help=_say("策略文件或 log 行", "a policy file, or log lines")),
        listen: str = typer.Option("127.0.0.1:7380", help=_say("地址:端口，端口 0 由系统选", "address:port; port 0: the system chooses")),
        mirror: bool = typer.Option(False, "--mirror", help=_say("保存完整副本（首次签名前可改）", "keep a full copy (decided at first)")),
        as_json: bool = typer.Option(False, "--json", help=_say("以 JSON 输出", "print JSON")),
        quiet: bool = typer.Option(False, "--quiet", help=_say("启动后不输出", "say nothing once it runs")),
    ) -> None:
        _serve(folder, logs, _address(listen), mirror=mirror, as_json=as_json, quiet=quiet)

    @app.command("status", help=_say("见证到哪里、何时、拒绝过什么", "what was cosigned, when, and what was refused"))
    def status(
        folder: Path = typer.Option(..., help=_say("见证人的文件夹", "the witness's folder")),
        as_json: bool = typer.Option(False, "--json", help=_say("以 JSON 输出", "print JSON")),
    ) -> None:
        from yiwang.witness.folder import status as look

        found = look(folder)
        print(json.dumps(found, ensure_ascii=False) if as_json else "\n".join(map(str, _lines(found))))
        if any(refused["kind"] == "fork" for refused in found["refused"]):
            raise typer.Exit(1)


def _init(folder: Path, name: str, url: str, *, mirror: bool, as_json: bool) -> None:
    from yiwang.witness.folder import create, policy_lines

    keys = create(folder, name, mirror=mirror)
    label = "".join(c if c.isalnum() else "-" for c in name)
    lines = policy_lines(keys, label, url)
    if as_json:
        print(json.dumps({"name": name, "vkeys": list(map(str, keys.vkeys())), "policy": lines}, ensure_ascii=False))
        return
    print(Text(f"✓ 见证人已建在 {folder}，密钥不要复制、不要外传", f"✓ the witness is in {folder}; never copy or pass on its key file"),
          file=sys.stderr)  # fmt: skip
    print(Text("  把以下各行交给日志一方，放进策略文件：", "  give these lines to the log's operator for the policy file:"),
          file=sys.stderr)  # fmt: skip
    print(lines, end="")


def _serve(folder: Path, logs: Path, at: tuple[str, int], *, mirror: bool, as_json: bool, quiet: bool) -> None:
    from yiwang.witness.folder import held
    from yiwang.witness.logs import read_logs
    from yiwang.witness.server import WitnessServer
    from yiwang.witness.service import open_witness
    from yiwang.witness.state import State

    known = read_logs(logs.read_bytes())
    state = State(folder)
    if mirror:
        state.set_mirror(True)
    state.close()
    with held(folder), WitnessServer(open_witness(folder, known), *at) as server:
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, lambda *_: threading.Thread(target=server.shutdown).start())
        started = {"url": server.url, "name": server.witness.keys.name, "logs": sorted(known)}
        if not quiet:
            print(json.dumps(started, ensure_ascii=False) if as_json else _started(started), flush=True)
        server.serve_forever()


def _address(listen: str) -> tuple[str, int]:
    host, colon, port = listen.rpartition(":")
    if not colon or not (port.isascii() and port.isdigit()) or int(port) > 65_535:
        form = Text("地址:端口，如 127.0.0.1:7380", "address:port, for example 127.0.0.1:7380")
        raise bad("listen", f"不是地址和端口：{listen}", f"not an address and port: {listen}", passes=form)
    return host.strip("[]") or "127.0.0.1", int(port)


def _started(started: dict[str, Any]) -> Text:
    names = ", ".join(started["logs"])
    return Text(f"✓ {started['name']} 在 {started['url']} 见证：{names}", f"✓ {started['name']} at {started['url']} witnesses: {names}")


def _lines(found: dict[str, Any]) -> list[Text]:
    mode = Text("（镜像）", " (mirror)") if found["mirror"] else Text("", "")
    lines = [Text(f"{found['name']}{mode.zh}", f"{found['name']}{mode.en}")]
    for log in found["logs"]:
        at = log["cosigned_at"] or "-"
        lines.append(Text(f"  {log['origin']}：{log['size']} 条，最近见证 {at}，根 {log['root'][:16]}…",
                          f"  {log['origin']}: {log['size']} entries, last cosigned {at}, root {log['root'][:16]}..."))  # fmt: skip
    kinds = {"fork": Text("✗ 分叉的铁证", "✗ proof of a fork"), "proof": Text("· 证明不成立的提交", "· a submission without valid proof")}
    for refused in found["refused"]:
        kind = kinds[refused["kind"]]
        lines.append(Text(f"  {kind.zh}：{refused['origin']} {refused['size']} 条 {refused['at']} 根 {refused['root'][:16]}…",
                          f"  {kind.en}: {refused['origin']} size {refused['size']} {refused['at']} root {refused['root'][:16]}..."))  # fmt: skip
    return lines


def _say(zh: str, en: str) -> str:
    return str(Text(zh, en))
