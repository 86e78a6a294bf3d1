"""``yiwang seal``: seal a bid on the tenderer's own machine; ``yiwang seal open-own``: read the own copy.

Needs no account, no database and, with a file instead of an address, no network. The private key stays here.
"""



from __future__ import annotations

import io
import json
import mimetypes
import os
import zipfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any

import typer

from yiwang.kernel.errors import bad
from yiwang.kernel.text import Text
from yiwang.seal.payload import SealFile

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

PASSPHRASE = "YIWANG_KEY_PASSPHRASE"
"""Environment variable with the key file's passphrase; without it an encrypted key asks for it."""

_WAIT = 30


@dataclass(frozen=True)
class Notice:
    """What sealing needs of a tender: number, lots, custodians' public keys in order, how many open."""

    number: str
    lots: tuple[str, ...]
    recipients: tuple[str, ...]
    threshold: int


@dataclass(frozen=True, slots=True)
class CountedFile(SealFile):
    """A file on disk whose reading is told block by block, for the progress bar."""

    tell: Callable[[int], None] = field(default=lambda size: None, compare=False)

    def open(self) -> IO[bytes]:
        """The content, to be read from its beginning."""
        assert isinstance(self.source, Path)
        return _Counted(self.source, self.tell)


class _Counted(io.FileIO):
    def __init__(self, path: Path, tell: Callable[[int], None]) -> None:
        super().__init__(path)
        self._tell = tell

    def read(self, size: int | None = -1, /) -> bytes:
        data = super().read(size)
        self._tell(len(data))
        return data


def register(app: typer.Typer) -> None:
    """Add the command and its companion."""

    @app.callback(invoke_without_command=True)
    def seal(  # noqa: PLR0917 - one parameter per option
        context: typer.Context,
        tender: str = typer.Option("", help=_say("招标公告：网址、案卷包或 JSON 文件", "the notice: an address, a dossier or a JSON file")),
        tenderer: str = typer.Option("", help=_say("投标人的统一社会信用代码", "the tenderer's unified social credit code")),
        price: str = typer.Option("", help=_say("报价，单位元，例如 1234567.89", "price in yuan, e.g. 1234567.89")),
        document: list[Path] = typer.Option([], help=_say("投标文件，可以重复", "a document; may be repeated")),
        key: Path | None = typer.Option(None, help=_say("签名私钥文件（PEM），须已绑定到账号", "signing key (PEM), bound to the account")),
        out: Path = typer.Option(Path("bid.sealed"), help=_say("写出的密封文件", "the sealed file to write")),
        lot: str = typer.Option("", help=_say("标段；只有一个时可省略", "lot; may be left out when there is one")),
        answers: Path | None = typer.Option(None, help=_say("其他承诺，JSON 文件", "other undertakings, a JSON file")),
        own_key: Path | None = typer.Option(None, help=_say("自己的解密密钥文件，没有就新建", "own key to read the own copy; made when absent")),
        joint: list[Path] = typer.Option([], help=_say("联合体成员的同意书，每个成员一份", "a joint bid: each member's consent")),
        part: str = typer.Option("", help=_say("分册：qualification、technical 或 price", "a part sealed apart: qualification, technical or price")),
        spoil_key: Path | None = typer.Option(None, help=_say("写出一次性密钥供检查，密封件作废", "write the one-time key for a check; spoils it")),
        as_json: bool = typer.Option(False, "--json", help=_say("以 JSON 输出", "print JSON")),
    ) -> None:
        if context.invoked_subcommand is not None:
            return
        needed = {"tender": tender, "tenderer": tenderer, "document": document, "key": key}
        if part in ("", "price"):
            needed["price"] = price
        for name, given in needed.items():
            if not given:
                raise bad(name, f"请给出 --{name}", f"give --{name}")
        assert key is not None
        receipt = seal_bid(
            read_notice(tender), tenderer=tenderer, price=price, documents=document, key=read_signing_key(key), out=out,
            lot=lot, answers=answers, own_key=own_key, joint=joint, part=part, spoil_key=spoil_key, quiet=as_json,
        )  # fmt: skip
        _tell(receipt, out, as_json=as_json)

    @app.command("open-own", help=_say("用自己的密钥打开自己的副本", "open the own copy with the own key"))
    def open_own(
        sealed: Path = typer.Argument(help=_say("密封文件", "the sealed file")),
        key: Path = typer.Option(..., help=_say("密封时的 --own-key 文件", "the file of --own-key")),
        into: Path | None = typer.Option(None, help=_say("把附件写到这个文件夹", "write the documents into this folder")),
        as_json: bool = typer.Option(False, "--json", help=_say("以 JSON 输出", "print JSON")),
    ) -> None:
        show_own(sealed, key, into, as_json=as_json)


def seal_bid(
    notice: Notice,
    *,
    tenderer: str,
    price: str,
    documents: list[Path],
    key: Ed25519PrivateKey,
    out: Path,
    lot: str = "",
    answers: Path | None = None,
    own_key: Path | None = None,
    joint: Sequence[Path] = (),
    part: str = "",
    spoil_key: Path | None = None,
    quiet: bool = False,
) -> dict[str, Any]:
    """Seal a bid into ``out``, write ``out.json`` beside it and give what that holds.

    With ``spoil_key`` the envelope is for a check only: its one-time key is written there, and the receipt says "spoiled".

    Raises:
        BadInput: a price, code, file name, lot, part, consent or notice is not right; nothing is left on the disk then.
    """
    from yiwang.cli.custodian import write_private
    from yiwang.cli.joint import consents_in
    from yiwang.kernel.money import fen_of
    from yiwang.seal import envelope
    from yiwang.seal.manifest import Context, Custodians

    if spoil_key is not None and spoil_key.exists():
        raise bad("spoil_key", f"{spoil_key} 已存在，密钥文件不会被覆盖", f"{spoil_key} exists; key files are never overwritten")
    context = Context(notice.number, chosen_lot(notice, lot), part=checked_part(part))
    fen = fen_of(price, field="price") if price else None
    members = consents_in(joint, context.tender, context.lot) if joint else ()
    bid = envelope.Bid(context, checked_code(tenderer), fen, _answers(answers), joint=members)
    custodians = Custodians(notice.recipients, notice.threshold)
    with _progress(documents, quiet) as tell:
        files = [_document(path, tell) for path in documents]
        own = own_recipient(own_key) if own_key is not None else None
        sealed = envelope.seal_to(out, bid, files, custodians, key, own_recipient=own)
    receipt = {
        "v": 1,
        **context.json(),
        "envelope_sha256": sealed.sha256,
        "size": sealed.size,
        "manifest_sha256": sealed.manifest_sha256,
    }
    if spoil_key is not None:
        receipt["spoiled"] = True
        write_private(spoil_key, f"# one-time key of a spoiled envelope\n# sha256: {sealed.sha256}\n{sealed.identity}\n")
    out.with_name(out.name + ".json").write_text(json.dumps(receipt, ensure_ascii=False, indent=2) + "\n")
    return receipt


def show_own(sealed: Path, key: Path, into: Path | None, *, as_json: bool) -> None:
    """Open the own copy and print what it says; with ``into``, write its documents."""
    from yiwang.kernel.money import yuan
    from yiwang.seal.opening import open_own

    with sealed.open("rb") as file, open_own(file, key.read_text()) as opened:
        manifest = opened.manifest.json()
        if into is not None:
            into.mkdir(parents=True, exist_ok=True)
            for name, document in opened.documents.items():
                (into / name).write_bytes(document.read())
    if as_json:
        print(json.dumps({"manifest": manifest, "manifest_sha256": opened.manifest_sha256}, ensure_ascii=False))
        return
    context = manifest["context"]
    print(Text(f"项目 {context['tender']} 标段 {context['lot']}", f"tender {context['tender']} lot {context['lot']}"))
    for member in manifest.get("joint", {}).get("members", ()):
        print(Text(f"联合体成员 {member['tenderer']}：{member['work']}", f"member {member['tenderer']}: {member['work']}"))
    if manifest["price"] is not None:
        print(Text(f"报价 {yuan(manifest['price'])} 元", f"price {yuan(manifest['price'])} yuan"))
    for entry in manifest["documents"]:
        print(f"  {entry['name']}  {entry['size']:,}  {entry['sha256']}")
    print(Text(f"清单哈希 {opened.manifest_sha256}", f"manifest hash {opened.manifest_sha256}"))


# --- the tender's notice ----------------------------------------------------------------------------------------------


def read_notice(place: str) -> Notice:
    """The notice from an address of the API, a JSON file, or a dossier (zip).

    Raises:
        BadInput: nothing is there, or it names no custodians.
    """
    if place.startswith(("http://", "https://")):
        return notice_in(_fetched(place))
    path = Path(place)
    if not path.is_file():
        raise bad("tender", f"没有文件 {place}", f"there is no file {place}",
                  passes=Text("公告的 API 网址、案卷包或 JSON 文件", "the notice's API address, a dossier or a JSON file"))
    if zipfile.is_zipfile(path):
        return _in_dossier(path)
    try:
        return notice_in(json.loads(path.read_text()))
    except ValueError:
        raise bad("tender", f"{place} 不是 JSON", f"{place} is not JSON") from None


def notice_in(data: Any) -> Notice:
    """The notice in what the API or the published act says."""
    if isinstance(data, dict) and isinstance(data.get("public"), dict):
        data = data["public"]
    try:
        custody = data["custody"]
        lots = tuple(str(lot["number"]) for lot in data["lots"])
        recipients, threshold = tuple(custody["recipients"]), custody["threshold"]
        number = str(data["number"])
    except (KeyError, TypeError):
        raise bad("tender", "这不是招标公告：缺少编号、标段或保管人", "this is no notice: number, lots or custodians are missing") from None
    if not recipients:
        raise bad("tender", "公告尚未发布：还没有保管人公钥", "the notice is not out yet: there are no custodians' keys")
    return Notice(number, lots, recipients, int(threshold))


def chosen_lot(notice: Notice, lot: str) -> str:
    """The lot that was named, or the only one. BadInput otherwise."""
    if not lot and len(notice.lots) == 1:
        return notice.lots[0]
    if lot not in notice.lots:
        shown = "、".join(notice.lots)
        raise bad("lot", f"请用 --lot 指定标段：{shown}", f"name the lot with --lot: {shown.replace('、', ', ')}")
    return lot


def _fetched(url: str) -> Any:
    from urllib.error import URLError
    from urllib.request import urlopen

    try:
        with urlopen(url, timeout=_WAIT) as answer:  # the user's own choice of address
            return json.loads(answer.read())
    except URLError as error:
        raise bad("tender", f"打不开 {url}：{error.reason}", f"cannot open {url}: {error.reason}") from None
    except ValueError:
        raise bad("tender", f"{url} 给出的不是 JSON", f"{url} does not give JSON",
                  passes=Text("形如 …/api/v1/tenders/编号 的网址", "an address like …/api/v1/tenders/NUMBER")) from None


def _in_dossier(path: Path) -> Notice:
    try:
        with zipfile.ZipFile(path) as archive:
            acts = json.loads(archive.read("acts.json"))
    except (KeyError, ValueError, zipfile.BadZipFile):
        raise bad("tender", f"{path.name} 不是案卷包", f"{path.name} is no dossier") from None
    for each in acts:
        content = each.get("act", {})
        if isinstance(content, dict) and content.get("act") in ("tender.publish", "tender.invite"):
            return notice_in(content)
    raise bad("tender", "案卷包里没有招标公告", "the dossier holds no notice")


# --- what is sealed -----------------------------------------------------------------------------------------------------


def checked_code(text: str) -> str:
    """A unified social credit code with a right check digit; BadInput otherwise."""
    from stdnum.cn import uscc
    from stdnum.exceptions import ValidationError

    try:
        return str(uscc.validate(text.strip().upper()))
    except ValidationError:
        raise bad("tenderer", f"{text} 不是有效的统一社会信用代码", f"{text} is not a valid unified social credit code",
                  article="GB 32100-2015") from None


def checked_part(part: str) -> str:
    """A part's name, or '' for a whole bid. BadInput otherwise."""
    from yiwang.seal.manifest import PARTS

    if part and part not in PARTS:
        names = "、".join(PARTS)
        raise bad("part", f"没有分册 {part}", f"there is no part {part}", passes=Text(names, names.replace("、", ", ")))
    return part


def read_signing_key(path: Path) -> Ed25519PrivateKey:
    """The signing key; asks for its passphrase when it has one and the environment does not give it."""
    from yiwang.seal.signing import read_key

    passphrase = os.environ.get(PASSPHRASE, "")
    if not passphrase and b"ENCRYPTED" in path.read_bytes()[:64]:
        passphrase = typer.prompt(_say("密钥口令", "Passphrase of the key"), hide_input=True, err=True)
    return read_key(path, passphrase)


def own_recipient(path: Path) -> str:
    """The public half of the own key; a new key file (0600) is made when there is none."""
    from yiwang.cli.custodian import key_text, write_private
    from yiwang.seal import keys

    if path.exists():
        return keys.recipient_of(path.read_text())
    made = keys.new_custodian_key()
    write_private(path, key_text(made, "own copy"))
    return made.recipient


def _document(path: Path, tell: Callable[[int], None]) -> SealFile:
    from yiwang.seal.manifest import check_name
    from yiwang.seal.shapes import ShapeError

    if not path.is_file():
        raise bad("document", f"没有文件 {path}", f"there is no file {path}")
    try:
        name = check_name(path.name)
    except ShapeError:
        raise bad("document", f"文件名“{path.name}”不能用，请改名", f"the file name “{path.name}” cannot be used; rename it") from None
    kind = mimetypes.guess_type(name)[0] or "application/octet-stream"
    return CountedFile(name, kind, path, tell=tell)


def _answers(path: Path | None) -> dict[str, Any]:
    if path is None:
        return {}
    from yiwang.kernel.canonical import canonical

    try:
        found = json.loads(path.read_text())
        canonical(found)
    except (ValueError, TypeError) as error:
        raise bad("answers", f"{path.name}：{error}", f"{path.name}: {error}") from None
    if not isinstance(found, dict):
        raise bad("answers", f"{path.name} 应是一个 JSON 对象", f"{path.name} must be a JSON object")
    return found


# --- the terminal -------------------------------------------------------------------------------------------------------


class _progress:
    """A bar over the bytes of all documents, each read twice (hash, then encryption); none when quiet."""

    def __init__(self, documents: list[Path], quiet: bool) -> None:
        self.total = 2 * sum(path.stat().st_size for path in documents if path.is_file())
        self.quiet = quiet
        self.stop: Callable[[], None] = lambda: None

    def __enter__(self) -> Callable[[int], None]:
        if self.quiet:
            return lambda size: None
        from rich.console import Console
        from rich.progress import Progress

        bar = Progress(console=Console(stderr=True), transient=True)
        bar.start()
        self.stop = bar.stop
        task = bar.add_task(_say("密封", "sealing"), total=self.total)
        return lambda size: bar.advance(task, size)

    def __exit__(self, *exc: object) -> None:
        self.stop()


def _tell(receipt: dict[str, Any], out: Path, *, as_json: bool) -> None:
    if as_json:
        print(json.dumps({**receipt, "file": str(out)}, ensure_ascii=False))
        return
    beside = f"{out}.json"
    print(Text(f"✓ 已密封 {out}（{receipt['size']:,} 字节）", f"✓ sealed {out} ({receipt['size']:,} bytes)"))
    print(Text(f"  文件哈希 {receipt['envelope_sha256']}", f"  file hash     {receipt['envelope_sha256']}"))
    print(Text(f"  清单哈希 {receipt['manifest_sha256']}", f"  manifest hash {receipt['manifest_sha256']}"))
    if receipt.get("spoiled"):
        print(Text("  只供检查：yiwang open --own 一次性密钥 密封文件；正式投标请重新密封",
                   "  for a check only: yiwang open --own ONE-TIME-KEY FILE; seal anew for the bid"))  # fmt: skip
        return
    print(Text(f"  在投标页面上传 {out} 和 {beside}", f"  upload {out} and {beside} on the bid page"))


def _say(zh: str, en: str) -> str:
    return str(Text(zh, en))
