"""The vault (密封库): where sealed files lie until their opening. It looks the same with no bid and with thirty.

Segments of one size, full of random bytes from the start, and an index of sealed slots; see :mod:`.vault_space`,
:mod:`.vault_pool`, :mod:`.vault_index`. What is told as received is on the disk; kill -9 at any point loses nothing of it.
``docs/security/blindness.md`` says what the disk shows all the same, and to whom.
"""

from __future__ import annotations

import hashlib
import io
from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from typing import BinaryIO, cast

from django.db import transaction

from yiwang.kernel.errors import BadInput, NotVisible, Refused, bad
from yiwang.kernel.text import Text
from yiwang.kernel.verdict import Reason
from yiwang.modules.evidence import files, vault_index, vault_writing
from yiwang.modules.evidence.vault_crypt import VaultFault
from yiwang.modules.evidence.vault_index import Index, Record, locked
from yiwang.modules.evidence.vault_pool import VaultFull
from yiwang.modules.evidence.vault_reading import Reading
from yiwang.modules.evidence.vault_space import Space, folder, space, tidy
from yiwang.modules.evidence.vault_writing import OffsetDiffers, TakenOver

MOST = 4 << 30
"""Largest sealed file in bytes, 4 GiB."""

MOST_OPEN = 16
"""Uploads that one owner may have begun and not brought to an end."""

MOST_OWNED = 10 * MOST
"""Bytes of one owner, handed in or not, after which no more are taken: nobody shall fill the disk for all others."""

_PIECE = 1 << 20


@dataclass(frozen=True)
class Upload:
    """A file on its way into the vault.

    Attributes:
        id: names it; only its owner finds it.
        owner: e.g. ``bids/<tender>/<credit code>``.
        size: bytes of the whole, as announced.
        sha256: hex, as announced.
        offset: bytes that are on the disk.
        complete: the whole is there and was found to have its SHA-256.
        began: when, POSIX seconds.
    """

    id: str
    owner: str
    size: int
    sha256: str
    offset: int
    complete: bool
    began: int


def begin(owner: str, size: int, sha256: str) -> Upload:
    """Make room for a file. The same file of the same owner again gives the same upload, as far as it has come.

    Args:
        size: bytes of the whole.
        sha256: hex, of the whole.

    Raises:
        BadInput: too large, empty, no SHA-256, another size than the first time.
        Refused: too many uploads were begun and not brought to an end, or the owner has brought more than enough.
        VaultFull: there is no room.
    """
    if not 0 < size <= MOST:
        raise bad("size", f"大小应为 1 至 {MOST} 字节", f"the size must be 1 to {MOST} bytes",
                  passes=Text("不超过 4 GiB 的密封文件", "a sealed file of at most 4 GiB"))
    if len(sha256) != 64 or sha256.strip("0123456789abcdef"):
        raise bad("sha256", "SHA-256 应为 64 位小写十六进制", "the SHA-256 must be 64 lowercase hex digits")

    def standing(index: Index) -> Record | None:
        own = [record for _, record in index if record.owner == owner]
        same = next((record for record in own if record.sha256 == sha256), None)
        if same is not None and same.size != size:
            raise bad("size", f"同一文件此前声明为 {same.size} 字节", f"the same file was announced with {same.size} bytes before")
        if same is None and sum(not record.kept for record in own) >= MOST_OPEN:
            raise Refused(_TOO_MANY)
        if same is None and sum(record.size for record in own) + size > MOST_OWNED:
            raise Refused(_TOO_MUCH)
        return same

    where = space()
    slot, record = vault_writing.new(where, owner, size, sha256, standing)
    if slot >= 0:
        vault_index.sync(where.index)
    return _upload(record)


def find(id: str, owner: str) -> Upload:  # noqa: A002 (the contract's word)
    """An upload as far as it has come.

    Raises:
        NotVisible: there is none of this owner.
    """
    where = space()
    with locked(where.index, where.key) as index:
        return _upload(vault_writing.found(index, id, owner)[1])


def listed(owner: str) -> list[Upload]:
    """All uploads of an owner, the oldest first."""
    return [each for each in everything() if each.owner == owner]


def everything() -> list[Upload]:
    """All uploads of everybody, the oldest first; for the program's own housekeeping."""
    return [_upload(record) for record in _records() if record.sha256]


def append(id: str, owner: str, offset: int, chunks: Iterable[bytes], *, whole: bool = False) -> int:  # noqa: A002
    """Receive bytes from an offset on; gives the offset up to which all is on the disk.

    If the pieces break off with an error, those that came are kept all the same, and the error goes on.

    Args:
        whole: keep all of the pieces or none of them: their iterator raises an error when a checksum does not fit.

    Raises:
        NotVisible: there is no such upload of this owner.
        OffsetDiffers: the received bytes end elsewhere.
        TakenOver: another call went on with the upload meanwhile.
        BadInput: more bytes than announced; those up to there are kept.
    """
    writer = vault_writing.taken(space(), id, owner, offset)
    writer.every = MOST if whole else vault_writing.EVERY
    try:
        for piece in chunks:
            writer.write(piece)
    except BaseException:
        with suppress(TakenOver):
            if not whole:
                _note(writer)
        raise
    else:
        _note(writer)
    finally:
        writer.close()
    return writer.reached


def keep(id: str, owner: str) -> files.Stored:  # noqa: A002
    """The whole has come: read it back and look whether it has its SHA-256. May be repeated.

    Raises:
        NotVisible: there is no such upload of this owner.
        OffsetDiffers: it is not complete.
        BadInput: another SHA-256; the upload is given up then.
    """
    writer = vault_writing.taken(space(), id, owner)
    record = writer.record
    try:
        if not record.kept:
            if record.offset != record.size:
                raise OffsetDiffers(record.offset)
            sha256, head = _hashed(writer.space, record)
            if sha256 != record.sha256:
                discard(id, owner)
                raise bad("sha256", "收到的内容与声明的 SHA-256 不符，请重新上传",
                          "what came does not have the SHA-256 that was announced; upload it again", code="upload.sha256")
            writer.note(kept=True, media_type=files.media_type(head))
        return _stored(writer.record)
    finally:
        writer.close()


def discard(id: str, owner: str) -> None:  # noqa: A002
    """Give an upload up, kept or not: its place is free, and the key of its bytes is gone.

    Raises:
        NotVisible: there is no such upload of this owner.
    """
    with space().changing() as index:
        slot, _ = vault_writing.found(index, id, owner)
        index.erase(slot)


def put(chunks: Iterable[bytes], owner: str, *, most: int = MOST, field: str = "file") -> files.Stored:
    """Keep a file that comes in one go, without temporary file; its length need not be known before.

    Args:
        most: largest size in bytes.
        field: the form field to name in errors.

    Raises:
        BadInput: empty or too large; nothing is kept then.
        Refused: the owner has brought more than enough.
        VaultFull: there is no room.
    """
    if sum(each.size for each in listed(owner)) > MOST_OWNED:
        raise Refused(_TOO_MUCH)
    incoming = vault_writing.Incoming(space(), owner)
    try:
        sha256, size, head = files.copy(chunks, incoming, field, most)
        kind = files.media_type(head)
        files.check(size, kind, field, None)
        incoming.finish(sha256, kind)
    except BaseException:
        incoming.give_up()
        raise
    finally:
        incoming.close()
    return files.Stored(sha256, size, kind)


def open(sha256: str) -> BinaryIO:  # noqa: A001
    """A kept file to read, seekable.

    Raises:
        FileNotFoundError: there is none in the vault.
    """
    where = space()
    record = _kept(sha256)
    if record is None:
        raise FileNotFoundError(sha256)
    return cast(BinaryIO, io.BufferedReader(Reading(where, record), _PIECE))


def peek(id: str, owner: str) -> BinaryIO:  # noqa: A002
    """An upload to read while it is on its way: of the announced size, but noise from its offset on.

    Raises:
        NotVisible: there is no such upload of this owner.
    """
    where = space()
    with locked(where.index, where.key) as index:
        record = vault_writing.found(index, id, owner)[1]
    return cast(BinaryIO, io.BufferedReader(Reading(where, record), 1 << 16))


def has(sha256: str) -> bool:
    """Whether a kept file is in the vault."""
    return _kept(sha256) is not None


def stored(sha256: str, owner: str) -> files.Stored:
    """An owner's kept file.

    Raises:
        NotVisible: there is none.
    """
    for record in _records():
        if (record.kept, record.sha256, record.owner) == (True, sha256, owner):
            return _stored(record)
    raise NotVisible


def release(sha256: str) -> None:
    """It need not be secret any longer: copy a kept file into the ordinary store, as it is, and free its place.

    The place is freed when the database transaction around is committed. A file that is not in the vault is left alone.
    """
    try:
        file = open(sha256)
    except FileNotFoundError:
        return
    with file:
        files.place(iter(partial(file.read, _PIECE), b""), sha256)
    transaction.on_commit(partial(_free, sha256), robust=True)


def damages() -> Iterator[tuple[str, Text]]:
    """What is wrong with the vault: where (a slot or a kept file's SHA-256), and what. Reads all kept files."""
    if not folder().exists():
        return
    where = space()
    with locked(where.index, where.key) as index:
        broken, records = index.damaged(), [record for _, record in index if record.kept]
    for slot in broken:
        yield f"index/{slot}", Text("目录项打不开，原来的内容丢失", "the slot does not open; what it said is lost")
    for record in records:
        try:
            same = _hashed(where, record)[0] == record.sha256
        except (VaultFault, OSError) as error:
            yield record.sha256, Text(f"读不出来：{error}", f"cannot be read: {error}")
            continue
        if not same and has(record.sha256):
            yield record.sha256, Text("内容与其 SHA-256 不符", "its content does not give its SHA-256")


def _free(sha256: str) -> None:
    """Without waiting for the disk: should that be lost, the worker's tidying frees it again."""
    where = space()
    with locked(where.index, where.key, exclusive=True) as index:
        for slot, record in list(index):
            if record.kept and record.sha256 == sha256:
                index.erase(slot)


def _note(writer: vault_writing.Writer) -> None:
    if writer.reached > writer.record.offset:
        writer.commit()


def _hashed(where: Space, record: Record) -> tuple[str, bytes]:
    """Hex SHA-256 of an upload's bytes as they lie on the disk, and the first 8 KiB."""
    hasher = hashlib.sha256()
    with Reading(where, record) as file:
        head = piece = file.read(_PIECE)
        while piece:
            hasher.update(piece)
            piece = file.read(_PIECE)
    return hasher.hexdigest(), head[:8192]


def _kept(sha256: str) -> Record | None:
    return next((record for record in _records() if record.kept and record.sha256 == sha256), None)


def _records() -> list[Record]:
    if not (folder() / "index").exists():
        return []  # to look needs no vault; that one is gone which should be here shows in what is missing
    where = space()
    with locked(where.index, where.key) as index:
        return sorted((record for _, record in index), key=lambda record: record.began)


def _stored(record: Record) -> files.Stored:
    return files.Stored(record.sha256, record.size, record.media_type)


def _upload(record: Record) -> Upload:
    return Upload(record.id, record.owner, record.size, record.sha256, record.offset, record.kept, record.began)


_TOO_MANY = Reason(
    "upload.too_many",
    Text(f"您已开始 {MOST_OPEN} 个上传而没有完成", f"you have begun {MOST_OPEN} uploads and not brought them to an end"),
    passes=Text("完成或取消其中一个", "finish one of them or give it up"),
)

_TOO_MUCH = Reason(
    "upload.too_much",
    Text(f"您为本项目上传的文件合计超过 {MOST_OWNED >> 30} GiB", f"you have uploaded more than {MOST_OWNED >> 30} GiB for this tender"),
    passes=Text("取消不再需要的上传", "give up uploads that are not needed any more"),
)

__all__ = [
    "MOST", "BadInput", "OffsetDiffers", "TakenOver", "Upload", "VaultFault", "VaultFull", "append", "begin", "damages",
    "discard", "everything", "find", "folder", "has", "keep", "listed", "open", "peek", "put", "release", "stored", "tidy",
]  # fmt: skip
