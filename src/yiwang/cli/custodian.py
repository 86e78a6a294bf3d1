"""``yiwang custodian``: a custodian's one-time key, made and kept on the own machine."""

from __future__ import annotations

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
        print(Text("  用 yiwang custodian print 打印恢复单；把下面的公钥填到页面上：",
                   "  print a recovery sheet with yiwang custodian print; give this public key on the page:"), file=sys.stderr)  # fmt: skip
        print(made.recipient)

    @app.command("answer", help=_say("回答持有证明的验证题", "answer a challenge that proves possession"))
    def answer(
        challenge: str = typer.Argument(help=_say("页面给出的验证题，或存有它的文件", "the challenge of the page, or a file with it")),
        key: Path = typer.Option(..., help=_say("密钥文件", "the key file")),
    ) -> None:
        from yiwang.seal import keys

        print(keys.answer(key.read_text(), keys.challenge_in(_text_or_file(challenge))).hex())

    @app.command("print", help=_say("做一张可打印的恢复单", "make a recovery sheet to print"))
    def print_sheet(
        key: Path = typer.Option(..., help=_say("密钥文件", "the key file")),
        tender: str = typer.Option("", help=_say("项目编号，印在单上", "the tender's number, printed on it")),
        body: str = typer.Option("", help=_say("单位，印在单上", "your body, printed on it")),
        person: str = typer.Option("", help=_say("姓名，印在单上", "your name, printed on it")),
        out: Path = typer.Option(Path("recovery.html"), help=_say(".html 或 .txt；已存在则拒绝", ".html or .txt; never overwritten")),
    ) -> None:
        from yiwang.cli.custodian_sheet import Sheet, as_html, as_text
        from yiwang.seal import keys

        sheet = Sheet(keys.identity_in(key.read_text(), field="key"), tender, body, person)
        write_private(out, as_text(sheet) if out.suffix == ".txt" else as_html(sheet))
        print(Text(f"✓ 恢复单在 {out}：打印，装信封封好，然后删除这个文件",
                   f"✓ the sheet is in {out}: print it, seal it in an envelope, then delete the file"), file=sys.stderr)  # fmt: skip

    @app.command("release", help=_say("开标时：核对密钥并打印，供公布", "at the opening: check the key and print it for release"))
    def release(
        key: Path = typer.Option(None, help=_say("密钥文件", "the key file")),
        typed: bool = typer.Option(False, "--typed", help=_say("没有文件：照恢复单输入 15 组", "without the file: type the recovery sheet")),
        recipient: str = typer.Option("", help=_say("登记的公钥，用来核对", "the registered public key, to check against")),
        tender: str = typer.Option("", help=_say("公告：网址、案卷包或 JSON 文件，用来核对", "the notice, to check against")),
        as_json: bool = typer.Option(False, "--json", help=_say("以 JSON 输出", "print JSON")),
    ) -> None:
        if typed == (key is not None):
            raise bad("key", "请给出 --key 或 --typed 之一", "give either --key or --typed")
        identity, public = checked_identity(_typed_in() if typed else key.read_text(), recipient, tender)
        if as_json:
            print(json.dumps({"identity": identity, "recipient": public}))
        else:
            print(Text("把下面的密钥填到公布页面上；公布后人人可见：", "give this key on the release page; it is public then:"), file=sys.stderr)
            print(identity)


def _typed_in() -> str:
    """The groups of a recovery sheet, from standard input to an empty line or its end."""
    print(Text("照恢复单输入 15 组，大小写和空格都可以；输完后空一行：",
               "type the 15 groups of the sheet, case and blanks do not matter; end with an empty line:"), file=sys.stderr)  # fmt: skip
    lines: list[str] = []
    for line in sys.stdin:
        if not line.strip():
            break
        lines.append(line)
    return "".join(lines)


def _text_or_file(given: str) -> str:
    """A text itself, or the text of the file that it names."""
    path = Path(given)
    return path.read_text() if len(given) < 200 and path.is_file() else given


def checked_identity(text: str, recipient: str, tender: str) -> tuple[str, str]:
    """The secret key in a key file and its public half, once it is known to be the right one for the tender.

    Raises:
        BadInput: neither ``recipient`` nor ``tender`` was given, or the key is another one.
    """
    from yiwang.cli.seal import read_notice
    from yiwang.seal import keys, recovery

    wanted = [recipient.strip()] if recipient else list(read_notice(tender).recipients) if tender else []
    if not wanted:
        raise bad("recipient", "请给出 --recipient 或 --tender 以便核对", "give --recipient or --tender to check against")
    identity = recovery.identity_from(text, field="key")
    public = keys.recipient_of(identity)
    if public not in wanted:
        raise bad("key", "这不是为本项目提供的密钥，没有打印", "this is not the key that was given for this tender; not printed",
                  passes=Text("当初为本项目保存的密钥文件或恢复单", "the key file or the recovery sheet of this tender"))
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
