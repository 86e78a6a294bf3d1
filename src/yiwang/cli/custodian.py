"""``yiwang custodian``: a custodian's one-time key, made and kept on the own machine."""



from __future__ import annotations

import base64
import binascii
import json
import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import typer

from yiwang.kernel.errors import bad
from yiwang.kernel.text import Text

if TYPE_CHECKING:
    from yiwang.seal.keys import CustodianKey


def register(app: typer.Typer) -> None:
    """Add the commands."""

    @app.command("new", help=_say("生成一次性密钥，打印公钥", "make a one-time key, print its public half"))
    def new(
        tender: str = typer.Option("", help=_say("项目编号，写进文件作说明", "the tender's number, a note in the file")),
        out: Path = typer.Option(Path("custody.key"), help=_say("密钥文件；已存在则拒绝", "the key file; never overwritten")),
        as_json: bool = typer.Option(False, "--json", help=_say("以 JSON 输出", "print JSON")),
    ) -> None:
        from yiwang.seal.keys import new_custodian_key

        made = new_custodian_key()
        write_private(out, key_text(made, tender))
        if as_json:
            print(json.dumps({"file": str(out), "recipient": made.recipient}))
            return
        print(Text(f"✓ 密钥已存入 {out}，请妥善保管", f"✓ the key is in {out}; keep it safe"), file=sys.stderr)
        print(Text("  把下面的公钥填到页面上：", "  give this public key on the page:"), file=sys.stderr)
        print(made.recipient)

    @app.command("answer", help=_say("回答持有证明的验证题", "answer a challenge that proves possession"))
    def answer(
        challenge: str = typer.Argument(help=_say("验证题，base64，或存有它的文件", "the challenge, base64, or a file with it")),
        key: Path = typer.Option(..., help=_say("密钥文件", "the key file")),
    ) -> None:
        from yiwang.seal.keys import answer as reply

        text = Path(challenge).read_text() if Path(challenge).is_file() else challenge
        try:
            data = base64.b64decode("".join(text.split()), validate=True)
        except (binascii.Error, ValueError):
            raise bad("challenge", "验证题不是 base64", "the challenge is not base64") from None
        print(reply(key.read_text(), data).hex())

    @app.command("release", help=_say("开标时：核对密钥并打印，供公布", "at the opening: check the key and print it for release"))
    def release(
        key: Path = typer.Option(..., help=_say("密钥文件", "the key file")),
        recipient: str = typer.Option("", help=_say("登记的公钥，用来核对", "the registered public key, to check against")),
        tender: str = typer.Option("", help=_say("公告：网址、案卷包或 JSON 文件，用来核对", "the notice, to check against")),
        as_json: bool = typer.Option(False, "--json", help=_say("以 JSON 输出", "print JSON")),
    ) -> None:
        identity, public = checked_identity(key.read_text(), recipient, tender)
        if as_json:
            print(json.dumps({"identity": identity, "recipient": public}))
        else:
            print(Text("把下面的密钥填到公布页面上；公布后人人可见：", "give this key on the release page; it is public then:"), file=sys.stderr)
            print(identity)


def checked_identity(text: str, recipient: str, tender: str) -> tuple[str, str]:
    """The secret key in a key file and its public half, once it is known to be the right one for the tender.

    Raises:
        BadInput: neither ``recipient`` nor ``tender`` was given, or the key is another one.
    """
    from yiwang.cli.seal import read_notice
    from yiwang.seal import keys

    wanted = [recipient.strip()] if recipient else list(read_notice(tender).recipients) if tender else []
    if not wanted:
        raise bad("recipient", "请给出 --recipient 或 --tender 以便核对", "give --recipient or --tender to check against")
    identity = keys.identity_in(text)
    public = keys.recipient_of(identity)
    if public not in wanted:
        raise bad("key", "这不是为本项目提供的密钥，没有打印", "this is not the key that was given for this tender; not printed",
                  passes=Text("当初为本项目保存的密钥文件", "the key file that was saved for this tender"))
    return identity, public


def key_text(key: CustodianKey, note: str) -> str:
    """The text of a key file: a standard age identity file."""
    label = " ".join(note.split())
    return f"# 一网 保管人密钥 yiwang custodian key\n# {label}\n# public key: {key.recipient}\n{key.identity}\n"


def write_private(path: Path, text: str) -> None:
    """Write a file that only its owner can read.

    Raises:
        BadInput: it exists; keys are never overwritten.
    """
    try:
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        raise bad("out", f"{path} 已存在，密钥文件不会被覆盖", f"{path} exists; key files are never overwritten") from None
    with os.fdopen(handle, "w") as file:
        file.write(text)


def _say(zh: str, en: str) -> str:
    return str(Text(zh, en))
