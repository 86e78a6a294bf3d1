"""Writing into the vault: one writer of an upload at a time, a later one takes over; what is told as received is on the disk."""

from __future__ import annotations

import secrets
import time
from collections.abc import Callable
from dataclasses import replace

from yiwang.kernel.errors import NotVisible, YiwangError, bad
from yiwang.kernel.text import Text
from yiwang.kernel.verdict import Reason
from yiwang.modules.evidence import vault_index
from yiwang.modules.evidence.vault_index import Index, Record, locked
from yiwang.modules.evidence.vault_pool import Extent, Pool, blocks_for
from yiwang.modules.evidence.vault_space import Space, allocate, enough

EVERY = 16 << 20
"""The usual number of bytes after which a writer notes how far it is."""

SMALL = 1 << 20
"""Bytes of a file of unknown length that are held in memory before room is taken for it."""


class OffsetDiffers(YiwangError):
    """The bytes do not go on where the received ones end; ``offset`` is where that is."""

    status = 409

    def __init__(self, offset: int) -> None:
        self.offset = offset
        zh, en = f"已收到 {offset} 字节，请从那里继续", f"{offset} bytes have been received; go on from there"
        super().__init__(Reason("upload.offset", Text(zh, en), field="Upload-Offset", passes=Text(str(offset), str(offset))))


class TakenOver(YiwangError):
    """Another window or program goes on with the same upload."""

    status = 409

    def __init__(self) -> None:
        super().__init__(
            Reason("upload.taken_over", Text("另一个窗口正在上传这个文件，或它已被取消",
                                             "another window goes on with this upload, or it was given up"),
                   passes=Text("查询已收到多少字节，从那里继续", "ask how many bytes have come and go on from there"))
        )  # fmt: skip


class Writer:
    """Writes an upload's bytes from where they end. To be closed.

    Attributes:
        slot: the upload's slot in the index.
        record: the upload as last noted.
        reached: bytes written, on the disk or not.
        every: bytes after which it waits for the disk and notes how far it is.
    """

    def __init__(self, space: Space, slot: int, record: Record) -> None:
        self.space, self.slot, self.record, self.reached = space, slot, record, record.offset
        self.pool, self.every = space.pool(), EVERY
        self._stream = space.key.stream(record.id, record.offset)

    def write(self, piece: bytes) -> None:
        """Write some more.

        Raises:
            BadInput: more bytes than were announced.
            TakenOver: somebody else writes now.
        """
        if self.reached + len(piece) > self.record.size:
            raise bad("Upload-Length", "收到的内容比声明的长", "more bytes came than were announced",
                      passes=Text(f"{self.record.size} 字节", f"{self.record.size} bytes"))
        hidden = self._stream.update(piece)
        with locked(self.space.index, self.space.key) as index:
            self._check(index)
            self.pool.at_ns = index.at_ns
            self.pool.write(self.record.extents, self.reached, hidden)
        self.reached += len(piece)
        if self.reached - self.record.offset >= self.every:
            self.commit()

    def commit(self, **changes: object) -> None:
        """Wait until all is on the disk, and note it with other changes of the record.

        Raises:
            TakenOver: somebody else writes now.
        """
        self.pool.sync()
        self.note(offset=self.reached, **changes)

    def note(self, **changes: object) -> None:
        """Change the record, durably."""
        with self.space.changing() as index:
            self._check(index)
            self.record = replace(self.record, **changes)  # type: ignore[arg-type]
            index.write(self.slot, self.record)

    def extend(self, size: int) -> None:
        """Take room for more bytes than were announced: a file whose length nobody has told.

        Raises:
            VaultFull: there is none.
        """
        more = blocks_for(size) - sum(count for _, count in self.record.extents)

        def take(index: Index, pool: Pool) -> bool:
            self._check(index)
            found = allocate(self.space, index, pool, more)
            if found is None or len(self.record.extents) + len(found) > vault_index.MOST_EXTENTS:
                return False
            self.record = replace(self.record, size=size, extents=(*self.record.extents, *found))
            index.write(self.slot, self.record)
            return True

        if more > 0:
            enough(self.space, more, take)
        else:
            self.record = replace(self.record, size=size)

    def close(self) -> None:
        """Close the files."""
        self.pool.close()

    def _check(self, index: Index) -> None:
        found = index.get(self.slot)
        if found is None or found.id != self.record.id or found.writer != self.record.writer:
            raise TakenOver


def new(space: Space, owner: str, size: int, sha256: str, standing: Callable[[Index], Record | None]) -> tuple[int, Record]:
    """A fresh upload with room for its bytes, unless ``standing`` finds one in the index: slot (-1 then) and record.

    Raises:
        VaultFull: there is no room.
    """
    made: list[tuple[int, Record]] = []

    def take(index: Index, pool: Pool) -> bool:
        earlier = standing(index)
        if earlier is not None:
            made.append((-1, earlier))
            return True
        extents = allocate(space, index, pool, blocks_for(size))
        if extents is None:
            return False
        slot, word = index.vacant(), secrets.token_hex(4)
        record = Record(secrets.token_hex(16), owner, sha256, size, 0, extents, int(time.time()), word)
        index.write(slot, record)
        made.append((slot, record))
        return True

    enough(space, blocks_for(size), take)
    return made[0]


def taken(space: Space, id_: str, owner: str, offset: int | None = None) -> Writer:
    """The writer of an upload from now on; whoever wrote before cannot go on.

    Args:
        offset: where the bytes are to go on; None: wherever they end.

    Raises:
        NotVisible: there is no such upload of this owner.
        OffsetDiffers: they end elsewhere.
    """
    with locked(space.index, space.key, exclusive=True) as index:
        slot, record = found(index, id_, owner)
        if offset is not None and offset != record.offset:
            raise OffsetDiffers(record.offset)
        if not record.kept:
            record = replace(record, writer=secrets.token_hex(4))
            index.write(slot, record)
    return Writer(space, slot, record)


def found(index: Index, id_: str, owner: str) -> tuple[int, Record]:
    """Slot and record of an upload.

    Raises:
        NotVisible: there is no such upload of this owner.
    """
    for slot, record in index:
        if record.id == id_ and record.owner == owner and record.sha256:
            return slot, record
    raise NotVisible


class Incoming:
    """A file whose length nobody has told, on its way into the vault; ``write`` takes its pieces."""

    def __init__(self, space: Space, owner: str) -> None:
        self.space, self.owner = space, owner
        self.writer: Writer | None = None
        self._held = bytearray()

    def write(self, piece: bytes) -> None:
        """Take a piece. Room is taken when it no longer fits in memory, and doubled as needed."""
        self._held += piece
        if len(self._held) > SMALL:
            self._spill(0)

    def finish(self, sha256: str, media_type: str) -> None:
        """All has come: what was too much room is given back, and the file is kept."""
        self._spill(len(self._held) if self.writer is None else 0)
        writer = self.writer
        assert writer is not None  # made by the spilling
        size = writer.reached
        if self._have(sha256):
            self.give_up()
            return
        writer.commit(sha256=sha256, size=size, media_type=media_type, kept=True,
                      extents=_cut(writer.record.extents, blocks_for(size)))  # fmt: skip

    def give_up(self) -> None:
        """Nothing stays."""
        if self.writer is not None:
            with self.space.changing() as index:
                index.erase(self.writer.slot)

    def close(self) -> None:
        """Close the files."""
        if self.writer is not None:
            self.writer.close()

    def _have(self, sha256: str) -> bool:
        with locked(self.space.index, self.space.key) as index:
            return any(each.kept and (each.sha256, each.owner) == (sha256, self.owner) for _, each in index)

    def _spill(self, exactly: int) -> None:
        held, self._held = bytes(self._held), bytearray()
        if self.writer is None:
            slot, record = new(self.space, self.owner, exactly or 4 * SMALL, "", lambda _: None)
            self.writer = Writer(self.space, slot, record)
        if self.writer.reached + len(held) > self.writer.record.size:
            self.writer.extend(2 * (self.writer.reached + len(held)))
        self.writer.write(held)


def _cut(extents: tuple[Extent, ...], blocks: int) -> tuple[Extent, ...]:
    kept = []
    for first, count in extents:
        if blocks > 0:
            kept.append((first, min(count, blocks)))
            blocks -= count
    return tuple(kept)
