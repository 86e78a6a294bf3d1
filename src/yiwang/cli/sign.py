"""``yiwang sign``: a personal signing key on the own machine, and signatures over statements, for API and pages."""



from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

import typer

from yiwang.cli import certificate
from yiwang.cli.seal import PASSPHRASE, read_signing_key
from yiwang.kernel.errors import bad
from yiwang.kernel.text import Text


def register(app: typer.Typer) -> None:
    """Add the commands."""

    @app.command("keygen", help=_say("生成签名密钥，打印绑定所需的公钥和证明", "make a signing key, print what binding it needs"))
    def keygen(
        out: Path = typer.Option(Path("key.pem"), help=_say("私钥文件；已存在则拒绝", "the private key; never overwritten")),
        passphrase: bool = typer.Option(
            False, "--passphrase", help=_say(f"用口令加密（或用环境变量 {PASSPHRASE}）", f"encrypt it (or set {PASSPHRASE})")
        ),
    ) -> None:
        print(json.dumps(new_key(out, _passphrase(asked=passphrase))))
        print(Text(f"✓ 私钥已存入 {out}", f"✓ the private key is in {out}"), file=sys.stderr)

    @app.command("statement", help=_say("对一份声明签名，打印公钥和签名", "sign a statement, print public key and signature"))
    def statement(
        content: Path = typer.Argument(help=_say("声明内容，JSON 文件", "the statement's content, a JSON file")),
        kind: str = typer.Option(..., help=_say("声明种类，例如 score-sheet", "kind of statement, e.g. score-sheet")),
        key: Path = typer.Option(..., help=_say("私钥文件（PEM）", "the private key (PEM)")),
    ) -> None:
        print(json.dumps(signed(kind, _read(content), key)))

    certificate.register(app)


def new_key(out: Path, passphrase: str = "") -> dict[str, str]:
    """Write a new key and give ``public`` and ``proof`` as binding takes them. BadInput when the file exists."""
    from yiwang.seal import signing

    key = signing.new_signing_key()
    try:
        signing.write_key(out, key, passphrase)
    except FileExistsError:
        raise bad("out", f"{out} 已存在，密钥文件不会被覆盖", f"{out} exists; key files are never overwritten") from None
    public = signing.public_text(key)
    return {"public": public, "proof": signing.sign_statement(key, "bind-key", {"public": public})}


def signed(kind: str, content: Any, key: Path) -> dict[str, str]:
    """``public`` and ``signature`` over a statement. BadInput when it cannot be signed."""
    from yiwang.seal import signing

    private = read_signing_key(key)
    try:
        signature = signing.sign_statement(private, kind, content)
    except (ValueError, TypeError) as error:
        raise bad("content", str(error), str(error)) from None
    return {"public": signing.public_text(private), "signature": signature}


def _read(path: Path) -> Any:
    try:
        return json.loads(path.read_text())
    except ValueError as error:
        raise bad("content", f"{path.name} 不是 JSON：{error}", f"{path.name} is not JSON: {error}") from None


def _passphrase(*, asked: bool) -> str:
    import os

    given = os.environ.get(PASSPHRASE, "")
    if given or not asked:
        return given
    return str(typer.prompt(_say("密钥口令", "Passphrase"), hide_input=True, confirmation_prompt=True, err=True))


def _say(zh: str, en: str) -> str:
    return str(Text(zh, en))
