"""``yiwang joint``: agree on a joint bid (联合体) by files that members pass on; nothing is sent anywhere.

``propose`` writes the agreement, ``sign`` a member's consent, ``show`` says what files hold and what is missing.
``yiwang seal --joint`` takes the consents of all members.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import typer

from yiwang.kernel.errors import bad
from yiwang.kernel.text import Text

if TYPE_CHECKING:
    from yiwang.seal.joint import Member


def register(app: typer.Typer) -> None:
    """Add the commands."""

    @app.command("propose", help=_say("牵头人拟定联合体协议", "the lead writes the proposal"))
    def propose(
        tender: str = typer.Option(..., help=_say("招标公告：网址、案卷包或 JSON 文件", "the notice: an address, a dossier or a JSON file")),
        member: list[str] = typer.Option(..., help=_say("信用代码=承担的工作，牵头人在前", "CODE=its share of the work; the lead first")),
        name: list[str] = typer.Option([], help=_say("信用代码=单位名称，只供阅读", "CODE=name, for the reader's eye alone")),
        lot: str = typer.Option("", help=_say("标段；只有一个时可省略", "lot; may be left out when there is one")),
        out: Path = typer.Option(Path("joint-proposal.json"), help=_say("写出的提议文件", "the proposal to write")),
    ) -> None:
        write(out, proposal(tender, lot, member, name))
        print(Text(f"✓ 提议已写入 {out}，请交给每个成员签名", f"✓ the proposal is in {out}; every member signs it"))

    @app.command("sign", help=_say("成员核对提议并签名", "a member signs a proposal"))
    def sign(
        file: Path = typer.Argument(help=_say("提议文件", "the proposal")),
        tenderer: str = typer.Option(..., help=_say("自己单位的信用代码", "the own organisation's credit code")),
        key: Path = typer.Option(..., help=_say("签名私钥文件（PEM），须已绑定到账号", "signing key (PEM), bound to the account")),
        out: Path = typer.Option(Path("joint-consent.json"), help=_say("写出的同意书", "the consent to write")),
    ) -> None:
        write(out, consent(file, tenderer, key))
        print(Text(f"✓ 同意书已写入 {out}，请交给牵头人", f"✓ the consent is in {out}; give it to the lead"))

    @app.command("show", help=_say("说明提议和同意书的内容，缺少谁的同意", "say what proposal and consents hold, and whose is missing"))
    def show(
        files: list[Path] = typer.Argument(help=_say("提议或同意书文件", "proposals or consents")),
        as_json: bool = typer.Option(False, "--json", help=_say("以 JSON 输出", "print JSON")),
    ) -> None:
        told = shown(files)
        if as_json:
            print(json.dumps(told, ensure_ascii=False))
        else:
            _tell(told)
        if told["missing"]:
            raise typer.Exit(1)


def proposal(tender: str, lot: str, member: Sequence[str], name: Sequence[str]) -> dict[str, Any]:
    """The proposal for a tender's lot; ``member`` and ``name`` are ``CODE=text``. BadInput when something is not right."""
    from yiwang.cli.seal import checked_code, chosen_lot, read_notice
    from yiwang.seal import joint

    notice = read_notice(tender)
    shares = [(checked_code(code), work) for code, work in (_pair(each, "member") for each in member)]
    names = {checked_code(code): text for code, text in (_pair(each, "name") for each in name)}
    return joint.propose(notice.number, chosen_lot(notice, lot), shares, names)


def consent(file: Path, tenderer: str, key: Path) -> dict[str, Any]:
    """A member's consent to a proposal. BadInput when it is none, or the member is not in it."""
    from yiwang.cli.seal import checked_code, read_signing_key
    from yiwang.seal import joint, signing

    agreed, _ = joint.read_proposal(read(file))
    private = read_signing_key(key)
    signature = signing.sign_statement(private, joint.STATEMENT, agreed.json())
    return joint.consent(agreed, checked_code(tenderer), signing.public_text(private), signature)


def consents_in(paths: Sequence[Path], tender: str, lot: str) -> tuple[Member, ...]:
    """The members, lead first, out of the consent files of all of them, for this tender and lot. BadInput otherwise."""
    from yiwang.seal import joint

    return joint.join([read(path) for path in paths], tender=tender, lot=lot)


def shown(paths: Sequence[Path]) -> dict[str, Any]:
    """The agreement in files that must all be about one, names where a proposal gives them, and who has not signed.

    Raises:
        BadInput: a file is neither proposal nor consent, a signature is wrong, or they are about different agreements.
    """
    from yiwang.seal import joint

    names: dict[str, str] = {}
    signed: set[str] = set()
    found = []
    for data in map(read, paths):
        if isinstance(data, dict) and data.get("kind") == joint.PROPOSAL:
            agreed, more = joint.read_proposal(data)
            names |= more
        else:
            agreed, member = joint.read_consent(data)
            signed.add(member.tenderer)
        found.append(agreed)
    if any(each != found[0] for each in found):
        raise bad("files", "这些文件说的不是同一份协议", "these files are not about one and the same agreement")
    missing = [share.tenderer for share in found[0].shares if share.tenderer not in signed]
    return {"statement": found[0].json(), "names": names, "missing": missing}


def read(path: Path) -> Any:
    """The JSON in a file; BadInput when there is none."""
    try:
        return json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise bad("joint", f"没有文件 {path}", f"there is no file {path}") from None
    except ValueError:
        raise bad("joint", f"{path.name} 不是 JSON 文件", f"{path.name} is not JSON") from None


def write(path: Path, value: dict[str, Any]) -> None:
    """Write a file to pass on."""
    path.write_text(json.dumps(value, ensure_ascii=False, indent=2) + "\n", encoding="utf-8")


def _pair(text: str, field: str) -> tuple[str, str]:
    code, mark, rest = text.partition("=")
    if not mark or not rest.strip():
        raise bad(field, f"“{text}”应写成 信用代码=内容", f"write “{text}” as CODE=text")
    return code.strip(), rest.strip()


def _tell(told: dict[str, Any]) -> None:
    said = told["statement"]
    print(Text(f"项目 {said['tender']} 标段 {said['lot']}", f"tender {said['tender']} lot {said['lot']}"))
    for number, member in enumerate(said["members"]):
        code = member["tenderer"]
        lead = "" if number else str(Text("（牵头）", " (lead)"))
        state = Text("未签名", "not signed") if code in told["missing"] else Text("已签名", "signed")
        print(f"  {code} {told['names'].get(code, '')}{lead}  {member['work']}  {state}")


def _say(zh: str, en: str) -> str:
    return str(Text(zh, en))
