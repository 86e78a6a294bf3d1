"""``yiwang open``: open a sealed bid with keys; no database, no network, no account.

Anybody redoes an opening with the keys that were published; a tenderer reads her own copy; who spoiled an envelope to check
the sealing program opens it with its one-time key. Documents go straight to the disk, so memory stays constant.
"""

from __future__ import annotations

import io
import json
import os
import shutil
import tempfile
import zipfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any, BinaryIO

import typer

from yiwang.kernel.errors import bad
from yiwang.kernel.text import Text

if TYPE_CHECKING:
    from yiwang.seal.envelope import Header
    from yiwang.seal.manifest import DocumentEntry
    from yiwang.seal.opening import Expected, Opened
    from yiwang.seal.payload import Place

HELP = Text(
    "打开密封的投标文件：用公布的保管人密钥、自己的密钥或一次性密钥。退出码：0 相符，1 打不开或不符，2 用法或输入有误",
    "open a sealed bid with custodians' published keys, an own or a one-time key; exit codes: 0 all holds, 1 it does not, 2 bad input",
)
_IDENTITY = Text("公布的保管人密钥：文件，或密钥本身；可以重复", "a custodian's published key: a file or the key itself; may be repeated")
_RECORD = Text("案卷包：取其中公布的密钥，并与开标记录核对", "a dossier: take the keys released in it, compare with its opening record")
_OWN = Text("自己的密钥文件（--own-key），或作废信封的一次性密钥", "the own key file (--own-key), or a spoiled envelope's one-time key")
_SECRET = "AGE-SECRET-KEY-1"


@dataclass(frozen=True)
class Record:
    """What a dossier tells of an opening: the released secret keys, and what was recorded of each bid."""

    identities: tuple[str, ...]
    bids: tuple[dict[str, Any], ...]


@dataclass(frozen=True)
class Line:
    """One thing that was looked at. ``ok`` is None when there was nothing to compare with."""

    name: Text
    ok: bool | None
    said: Text
    more: dict[str, Any] = field(default_factory=dict)

    def json(self) -> dict[str, Any]:
        """For ``--json``."""
        return {"ok": self.ok, "said": str(self.said), **self.more}


def register(app: typer.Typer) -> None:
    """Add the command."""

    @app.command("open", help=str(HELP))
    def open_(  # noqa: PLR0917 - one parameter per option
        envelope: Path = typer.Argument(help=_say("密封文件", "the sealed file")),
        identity: list[str] = typer.Option([], help=str(_IDENTITY)),
        record: Path | None = typer.Option(None, help=str(_RECORD)),
        own: Path | None = typer.Option(None, help=str(_OWN)),
        out: Path | None = typer.Option(None, help=_say("写出到这个新文件夹", "write into this new folder")),
        as_json: bool = typer.Option(False, "--json", help=_say("以 JSON 输出", "print JSON")),
    ) -> None:
        if sum(map(bool, (identity, record, own))) != 1:
            raise bad("identity", "请给出 --identity、--record、--own 三者之一", "give one of --identity, --record, --own")
        if not envelope.is_file():
            raise bad("envelope", f"没有文件 {envelope}", f"there is no file {envelope}")
        known = read_record(record) if record else Record(tuple(_keys_in(identity)), ())
        one_time = _one_key(own) if own else None
        found = look(envelope, known, one_time, out, quiet=as_json)
        ok = all(line.ok is not False for line in found.lines)
        if as_json:
            print(json.dumps({"ok": ok, **found.json()}, ensure_ascii=False))
        else:
            _tell(found)
        raise typer.Exit(0 if ok else 1)


@dataclass(frozen=True)
class Found:
    """What opening an envelope showed."""

    lines: tuple[Line, ...]
    manifest: dict[str, Any] | None = None
    manifest_sha256: str = ""
    out: Path | None = None

    def json(self) -> dict[str, Any]:
        """For ``--json``."""
        told: dict[str, Any] = {name: line.json() for name, line in zip(("commitment", "decryption", "signature"), self.lines, strict=False)}
        if self.manifest is not None:
            told |= {"manifest": self.manifest, "manifest_sha256": self.manifest_sha256}
        return {**told, **({"out": str(self.out)} if self.out else {})}


def look(envelope: Path, known: Record, own: str | None, out: Path | None, *, quiet: bool = True) -> Found:
    """Open the envelope; with ``out``, a folder appears there with ``manifest.json`` and ``documents``, whole or not at all.

    Raises:
        BadInput: a key belongs to no custodian of this envelope, or the folder is there already.
        SealError: the file is no envelope.
    """
    from yiwang.seal.causes import SealError

    with _folder(out) as folder, _reading(envelope, quiet) as file:
        expected, recorded = _expected(file, known)
        try:
            with _opened(file, known, own, expected, _place(folder)) as opened:
                lines = (_commitment(recorded, known, opened), _decryption(opened, own), _signature(opened))
                if folder is not None:
                    _write_manifest(folder / "manifest.json", opened)
        except SealError as error:
            more = {"cause": error.cause.value, "whose": error.whose.value}
            failed = Line(_DECRYPTION, False, error.text, more)
            return Found((_commitment(recorded, known, None), failed))
        if folder is not None and out is not None:
            _appear(folder, out)
    return Found(lines, opened.manifest.json(), opened.manifest_sha256, out)


# --- keys -------------------------------------------------------------------------------------------------------------


def read_record(path: Path) -> Record:
    """Released keys and opening record of a dossier. Whether the dossier holds, ``yiwang verify`` says.

    Raises:
        BadInput: no dossier, or nothing was released in it.
    """
    if not path.is_file():
        raise bad("record", f"没有文件 {path}", f"there is no file {path}")
    try:
        with zipfile.ZipFile(path) as archive:
            acts = json.loads(archive.read("acts.json"))
        public = [each["act"]["public"] | {"_": each["act"]["act"]} for each in acts if "act" in each]
    except (KeyError, TypeError, ValueError, zipfile.BadZipFile):
        raise bad("record", f"{path.name} 不是案卷包", f"{path.name} is no dossier") from None
    released = tuple(str(each.get("identity", "")) for each in public if each["_"] == "opening.release_key")
    if not released:
        raise bad("record", "案卷包里没有公布的密钥", "no keys are released in this dossier",
                  passes=Text("开标之后下载的案卷包", "a dossier downloaded after the opening"))  # fmt: skip
    records = [each["record"] for each in public if each["_"] == "opening.open"]
    return Record(released, tuple(records[-1]["bids"]) if records else ())


def _keys_in(given: Iterable[str]) -> Iterator[str]:
    """The secret keys that were given, or stand in files that were given."""
    from yiwang.seal.keys import identity_in

    for each in given:
        text = each if each.strip().startswith(_SECRET) else _text_of(each)
        lines = [line for line in text.splitlines() if line.strip() and not line.lstrip().startswith("#")]
        if not lines:
            raise bad("identity", f"{each} 中没有密钥", f"there is no key in {each}")
        yield from map(identity_in, lines)


def _one_key(path: Path) -> str:
    from yiwang.seal.keys import identity_in

    return identity_in(_text_of(str(path)), field="own")


def _text_of(path: str) -> str:
    try:
        return Path(path).read_text(encoding="utf-8")
    except FileNotFoundError:
        raise bad("identity", f"没有文件 {path}", f"there is no file {path}") from None
    except UnicodeDecodeError:
        raise bad("identity", f"{path} 不是密钥文件", f"{path} is no key file") from None


def _by_position(header: Header, known: Record) -> dict[int, str]:
    """Each key under the place of its custodian in the envelope."""
    from yiwang.seal.causes import Cause, tenderers
    from yiwang.seal.keys import recipient_of

    places = {recipient: place for place, recipient in enumerate(header.custodians.recipients)}
    found: dict[int, str] = {}
    for identity in known.identities:
        place = places.get(recipient_of(identity))
        if place is None and known.bids:
            raise tenderers(Cause.CUSTODIANS_DIFFER)
        if place is None:
            raise bad("identity", f"公钥为 {recipient_of(identity)} 的密钥不属于这份文件的任何保管人",
                      f"the key with the public half {recipient_of(identity)} belongs to no custodian of this file",
                      passes=Text("本项目保管人公布的密钥", "keys released by this tender's custodians"))  # fmt: skip
        found[place] = identity
    return found


# --- opening ----------------------------------------------------------------------------------------------------------


def _expected(file: BinaryIO, known: Record) -> tuple[Expected, dict[str, Any] | None]:
    """What the record says of this very file, for the opener, and the record's own entry."""
    from yiwang.seal.envelope import file_sha256, read_header
    from yiwang.seal.opening import Expected

    if not known.bids:
        return Expected(), None
    sha256 = file_sha256(file)
    bid = next((each for each in known.bids if each["envelope_sha256"] == sha256), None)
    if bid is None:
        return Expected(), None
    context = replace(read_header(file).context, tender=bid["tender"], lot=bid["lot"], round=bid["round"])
    return Expected(context, bid["tenderer"], sha256), bid


def _opened(file: BinaryIO, known: Record, own: str | None, expected: Expected, place: Place) -> Opened:
    from yiwang.seal.envelope import read_header
    from yiwang.seal.opening import open_envelope, open_own

    if own is not None:
        return open_own(file, own, expected=expected, demand_signature=False, place=place)
    identities = _by_position(read_header(file), known)
    return open_envelope(file, identities, expected=expected, demand_signature=False, place=place)


_COMMITMENT, _DECRYPTION, _SIGNATURE = Text("承诺", "commitment"), Text("解密", "decryption"), Text("签名", "signature")


def _commitment(bid: dict[str, Any] | None, known: Record, opened: Opened | None) -> Line:
    """The file and what is inside it against what was committed to before the deadline."""
    from yiwang.seal.commitment import bid_commitment

    if bid is None and known.bids:
        return Line(_COMMITMENT, False, Text("开标记录中没有这份文件的哈希", "no bid of the opening record has this file's hash"))
    if bid is None:
        return Line(_COMMITMENT, None, Text("没有开标记录可比对（--record）", "no opening record to compare with (--record)"))
    if opened is None:
        return Line(_COMMITMENT, True, Text("文件哈希与记录一致", "the file's hash is the recorded one"))
    salt = bytes.fromhex(bid["commit_salt"])
    made = bid_commitment(salt, bid["lot"], opened.manifest.tenderer, bid["envelope_sha256"], opened.manifest_sha256)
    more = {"commitment": made, "recorded": bid["commitment"]}
    if made != bid["commitment"]:
        return Line(_COMMITMENT, False, Text("内容不是投标时所承诺的", "the content is not what was committed to"), more)
    return Line(_COMMITMENT, True, Text(f"文件与内容都是投标时所承诺的（{made}）", f"file and content are those committed to ({made})"), more)


def _decryption(opened: Opened, own: str | None) -> Line:
    custodians, sha256 = opened.header.custodians, opened.manifest_sha256
    if own is not None:
        said = Text(f"已打开，清单哈希 {sha256}", f"opened; manifest hash {sha256}")
    else:
        said = Text(f"{len(custodians.recipients)} 位保管人中 {custodians.k} 位的密钥已打开，清单哈希 {sha256}",
                    f"opened with the keys of {custodians.k} of {len(custodians.recipients)} custodians; manifest hash {sha256}")  # fmt: skip
    boxes = list(opened.faulty_boxes)
    if boxes:
        said = Text(f"{said.zh}；密钥盒 {'、'.join(boxes)} 有误", f"{said.en}; keybox entry {', '.join(boxes)} is faulty")
    return Line(_DECRYPTION, not boxes, said, {"faulty_boxes": boxes})


def _signature(opened: Opened) -> Line:
    from yiwang.seal.manifest import SignedManifest

    signed, signer = SignedManifest(opened.manifest, opened.signature), opened.manifest.signer
    if not signed.signature_ok:
        return Line(_SIGNATURE, False, Text("签名无效", "the signature is not valid"), {"signer": signer})
    if strangers := signed.unsigned_members:
        return Line(_SIGNATURE, False, Text(f"联合体成员 {'、'.join(strangers)} 的签名无效",
                                            f"the signature of member {', '.join(strangers)} is not valid"))  # fmt: skip
    return Line(_SIGNATURE, True, Text(f"有效，公钥 {signer}", f"valid, by the key {signer}"), {"signer": signer})


# --- files ------------------------------------------------------------------------------------------------------------


@contextmanager
def _folder(out: Path | None) -> Iterator[Path | None]:
    """A private folder beside the wanted one; removed unless it was moved there. BadInput when that one is in use."""
    if out is None:
        yield None
        return
    if out.exists() and (not out.is_dir() or any(out.iterdir())):
        raise bad("out", f"{out} 已有内容，不会覆盖", f"{out} is there already; nothing is overwritten",
                  passes=Text("一个新的文件夹", "a new folder"))  # fmt: skip
    out.parent.mkdir(parents=True, exist_ok=True)
    folder = Path(tempfile.mkdtemp(prefix=f".{out.name}-", dir=out.parent))
    try:
        (folder / "documents").mkdir()
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _place(folder: Path | None) -> Place:
    """Documents go into the folder; without one they are only checked."""

    def place(entry: DocumentEntry) -> IO[bytes]:
        return (folder / "documents" / entry.name if folder else Path(os.devnull)).open("w+b")

    return place


def _write_manifest(path: Path, opened: Opened) -> None:
    """Manifest and signature as they stand in the payload."""
    from yiwang.seal.manifest import SignedManifest

    path.write_bytes(SignedManifest(opened.manifest, opened.signature).encode())


def _appear(folder: Path, out: Path) -> None:
    if out.exists():
        out.rmdir()
    folder.rename(out)


class _Counted(io.BufferedReader):
    """A file whose reading is told, for the progress bar."""

    tell_of: Any = None

    def read(self, size: int | None = -1, /) -> bytes:
        data = super().read(size)
        self.tell_of(len(data))
        return data


@contextmanager
def _reading(path: Path, quiet: bool) -> Iterator[BinaryIO]:
    """The file, open; a bar over its bytes unless quiet."""
    if quiet:
        with path.open("rb") as file:
            yield file
        return
    from rich.console import Console
    from rich.progress import Progress

    with Progress(console=Console(stderr=True), transient=True) as bar, _Counted(io.FileIO(path)) as counted:
        task = bar.add_task(_say("打开", "opening"), total=path.stat().st_size)
        counted.tell_of = lambda size: bar.advance(task, size)
        yield counted


# --- the terminal -----------------------------------------------------------------------------------------------------

_MARKS = {True: "✓", False: "✗", None: "·"}


def _tell(found: Found) -> None:
    from yiwang.kernel.money import yuan

    for line in found.lines:
        print(Text(f"{_MARKS[line.ok]} {line.name.zh}：{line.said.zh}", f"{_MARKS[line.ok]} {line.name.en}: {line.said.en}"))
    manifest = found.manifest
    if manifest is None:
        return
    context = manifest["context"]
    part = f" {context['part']}" if "part" in context else ""
    print(Text(f"项目 {context['tender']} 标段 {context['lot']}{part}", f"tender {context['tender']} lot {context['lot']}{part}"))
    print(Text(f"投标人 {manifest['tenderer']}", f"tenderer {manifest['tenderer']}"))
    for member in manifest.get("joint", {}).get("members", ()):
        print(Text(f"  联合体成员 {member['tenderer']}：{member['work']}", f"  member {member['tenderer']}: {member['work']}"))
    if manifest["price"] is not None:
        print(Text(f"报价 {yuan(manifest['price'])} 元", f"price {yuan(manifest['price'])} yuan"))
    for entry in manifest["documents"]:
        print(f"  {entry['name']}  {entry['size']:,}  {entry['sha256']}")
    if found.out is not None:
        print(Text(f"已写到 {found.out}", f"written to {found.out}"))


def _say(zh: str, en: str) -> str:
    return str(Text(zh, en))
