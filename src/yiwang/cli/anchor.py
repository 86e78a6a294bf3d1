"""``yiwang anchor``: keep checkpoints of the log on an EVM chain too, and compare them with it (docs/operations.md)."""

from __future__ import annotations

import json
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

import typer

from yiwang.kernel.text import Text

if TYPE_CHECKING:
    from yiwang.anchor.chain import Chain
    from yiwang.anchor.setup import Setup


def register(app: typer.Typer) -> None:
    """Add the commands."""
    _register_writing(app)
    _register_reading(app)


def _register_writing(app: typer.Typer) -> None:
    @app.command("key", help=_say("生成上链账户的密钥，打印地址", "make the account's key, print its address"))
    def key(as_json: bool = _json()) -> None:
        from yiwang.anchor.chain import new_key

        setup = _setup()
        setup.make_folder()
        new_key(setup.key)
        _print({"account": _account(setup), "key": str(setup.key)},
               Text(f"✓ 密钥在 {setup.key}；地址 {_account(setup)}", f"✓ the key is in {setup.key}; address {_account(setup)}"),
               as_json=as_json)  # fmt: skip

    @app.command("deploy", help=_say("部署合约，记下地址；只做一次", "deploy the contract and keep its address; once"))
    def deploy(as_json: bool = _json()) -> None:
        setup = _setup()
        address = deployed(setup, setup.chain(writing=True))
        _print({"contract": address}, Text(f"✓ 合约在 {address}", f"✓ the contract is at {address}"), as_json=as_json)

    @app.command("push", help=_say("立即写入最新检查点和所有应写而未写的", "write the newest checkpoint and all that is due, now"))
    def push(as_json: bool = _json()) -> None:
        from yiwang.cli.django import with_database

        setup = _setup()
        chain = setup.chain(writing=True)
        with with_database():
            from yiwang.anchor.due import let_fall_due
            from yiwang.anchor.push import push_all
            from yiwang.kernel import moment

            queue = setup.queue()
            let_fall_due(queue, 0, moment.now())
            done = push_all(queue, chain)
        _print({"written": done, "pending": len(queue.pending())},
               Text(f"✓ 写入 {done} 条", f"✓ {done} records written"), as_json=as_json)  # fmt: skip


def _register_reading(app: typer.Typer) -> None:
    @app.command("status", help=_say("队列、链上记录，与本日志比较；不符则退出码为 1", "queue and chain, compared with the log; exit 1 on alarm"))
    def status(
        every: bool = typer.Option(False, "--every", help=_say("比较每一条记录，不只最新的", "compare every record, not the newest only")),
        as_json: bool = _json(),
    ) -> None:
        from yiwang.cli.django import with_database

        setup = _setup()
        with with_database():
            found = status_of(setup, setup.chain(writing=False), every=every)
        _print(found, Text("\n".join(line.zh for line in _lines(found)), "\n".join(line.en for line in _lines(found))), as_json=as_json)
        raise typer.Exit(1 if found["alarms"] else 0)

    @app.command("check", help=_say("把一个检查点文件与链上记录比较", "compare a checkpoint file with the chain"))
    def check(
        checkpoint: Path = typer.Argument(help=_say("检查点文件（/log/checkpoint，案卷包内也有）", "from /log/checkpoint or a dossier")),
        url: str = typer.Option("", help=_say("链的 JSON-RPC 地址", "the chain's JSON-RPC address")),
        contract: str = typer.Option("", help=_say("合约地址", "the contract's address")),
        policy: Path | None = typer.Option(None, help=_say("您的信任策略，也核对签名", "your policy; the signatures are checked too")),
        as_json: bool = _json(),
    ) -> None:
        from dataclasses import replace

        setup = _setup()
        chain = replace(setup, url=url or setup.url, contract=contract or setup.contract).chain(writing=False)
        found = checked(chain, checkpoint.read_bytes(), policy.read_bytes() if policy else None)
        _print(found, _VERDICTS[found["verdict"]].format(**found), as_json=as_json)
        raise typer.Exit(0 if found["verdict"] == "agrees" else 1)


_VERDICTS = {
    "agrees": Text(
        "✓ 链上 {origin} 在 {size} 条处的根与检查点一致（{signed}）",
        "✓ the chain has the checkpoint's root of {origin} at size {size} ({signed})",
    ),
    "disagrees": Text(
        "✗ 警报：链上 {origin} 在 {size} 条处的根是另一个：{chain}",
        "✗ alarm: the chain has another root of {origin} at size {size}: {chain}",
    ),
    "absent": Text(
        "✗ 链上没有 {origin} 在 {size} 条处的记录；最新记录在 {newest} 条",
        "✗ the chain has no record of {origin} at size {size}; its newest is at size {newest}",
    ),
}


def deployed(setup: Setup, chain: Chain) -> str:
    """Deploy the contract and keep its address.

    Raises:
        AnchorError: there is a contract already, or the chain refused.
    """
    from yiwang.anchor.errors import AnchorError, ChainAway
    from yiwang.anchor.push import MINED_WITHIN

    if setup.contract:
        raise AnchorError(f"合约已在 {setup.contract}", f"the contract is at {setup.contract} already", field="contract")
    signed = chain.deployment()
    chain.send(signed)
    end = time.monotonic() + MINED_WITHIN
    while (mined := chain.mined(signed.hash)) is None and time.monotonic() < end:
        time.sleep(0.5)
    if mined is None:
        raise ChainAway(f"部署交易 {signed.hash} 还没有进入区块", f"the deployment {signed.hash} is not in a block yet")
    if not mined.ok:
        raise AnchorError("链拒绝了部署", "the chain refused the deployment", field="contract")
    setup.make_folder()
    setup.keep_contract(mined.contract)
    return mined.contract


def checked(chain: Chain, note: bytes, policy: bytes | None = None) -> dict[str, Any]:
    """A checkpoint against the chain: ``verdict`` is agrees, disagrees or absent.

    Raises:
        NoteError, PolicyError: malformed, or not signed as the policy asks.
    """
    from yiwang.tlog.checkpoint import unverified
    from yiwang.tlog.policy import parse

    signed = Text("未核对签名", "signatures not checked")
    if policy is not None:
        parse(policy).open(note)
        signed = Text("签名符合策略", "signed as the policy asks")
    said = unverified(note)
    theirs, newest = chain.root_at(said.origin, said.size), chain.latest(said.origin)
    verdict = "absent" if theirs is None else "agrees" if theirs == said.root else "disagrees"
    return {"verdict": verdict, "origin": said.origin, "size": said.size, "root": said.root.hex(),
            "chain": theirs.hex() if theirs else "", "newest": newest[0] if newest else 0, "signed": str(signed)}  # fmt: skip


def status_of(setup: Setup, chain: Chain, *, every: bool) -> dict[str, Any]:
    """Queue, pause, and the chain's records compared with our log. Needs the database."""
    from yiwang.anchor.due import root_at
    from yiwang.anchor.push import compare
    from yiwang.tlog.checkpoint import unverified

    queue = setup.queue()
    from yiwang.modules.evidence import witnessing

    seen, pause, last = witnessing.newest(), queue.pause(), queue.newest()
    origins = {unverified(seen.note.encode()).origin} if seen else set()
    origins |= {last[0]} if last else set()
    alarms = [alarm for origin in sorted(origins) for alarm in compare(chain, origin, root_at, every=every)]
    newest = {origin: found[0] for origin in sorted(origins) if (found := chain.latest(origin))}
    return {
        "contract": setup.contract, "newest": newest, "written": queue.done(), "pending": [each.size for each in queue.pending()],
        "failures": pause.tries if pause else 0, "why": pause.why if pause else "",
        "next_try": pause.until.isoformat() if pause else "",
        "alarms": [{"origin": a.origin, "size": a.size, "chain": a.chain.hex(), "log": a.ours.hex() if a.ours else ""} for a in alarms],
    }  # fmt: skip


def _lines(found: dict[str, Any]) -> list[Text]:
    lines = [Text(f"合约 {found['contract']}", f"contract {found['contract']}")]
    for origin, size in found["newest"].items():
        lines.append(Text(f"  {origin}：链上最新 {size} 条", f"  {origin}: the chain's newest is at size {size}"))
    written, pending = found["written"], len(found["pending"])
    lines.append(Text(f"  已写 {written} 条，待写 {pending} 条", f"  {written} written, {pending} pending"))
    if found["failures"]:
        tries, until, why = found["failures"], found["next_try"], found["why"]
        lines.append(Text(f"  连续失败 {tries} 次，{until} 再试：{why}", f"  failed {tries} times, next try {until}: {why}"))
    return lines + [_alarm(each["origin"], each["size"], each["chain"][:16], each["log"][:16]) for each in found["alarms"]]


def _alarm(origin: str, size: int, chain: str, ours: str) -> Text:
    zh = f"是 {ours}…" if ours else "没有这么多条"
    en = f"{ours}..." if ours else "is smaller"
    return Text(
        f"✗ 警报：{origin} 在 {size} 条处，链上是 {chain}…，本日志{zh}",
        f"✗ alarm: {origin} at size {size}: the chain has {chain}..., this log {en}",
    )


def _setup() -> Setup:
    from yiwang.anchor.setup import Setup
    from yiwang.runtime.database import data_folder

    return Setup.read(data_folder())


def _account(setup: Setup) -> str:
    from eth_account import Account

    from yiwang.anchor.chain import read_key

    return str(Account.from_key(read_key(setup.key)).address)


def _print(found: dict[str, Any], words: Text, *, as_json: bool) -> None:
    print(json.dumps(found, ensure_ascii=False) if as_json else words, file=sys.stdout)


def _json() -> Any:
    return typer.Option(False, "--json", help=_say("以 JSON 输出", "print JSON"))


def _say(zh: str, en: str) -> str:
    return str(Text(zh, en))
