"""An upload in the vault as a file to read."""

from __future__ import annotations

import io

from yiwang.modules.evidence.vault_index import Record
from yiwang.modules.evidence.vault_space import Space


class Reading(io.RawIOBase):
    """An upload's bytes, read and shown piece by piece."""

    def __init__(self, where: Space, record: Record) -> None:
        self._record, self._key, self._pool = record, where.key, where.pool()
        self._at = 0
        self._stream, self._streamed = where.key.stream(record.id, 0), 0

    def readable(self) -> bool:
        """It is."""
        return True

    def seekable(self) -> bool:
        """It is."""
        return True

    def tell(self) -> int:
        """The position in bytes."""
        return self._at

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        """Go to a position in bytes."""
        base = (0, self._at, self._record.size)[whence]
        if base + offset < 0:
            raise ValueError("negative position")
        self._at = base + offset
        return self._at

    def read(self, size: int = -1) -> bytes:
        """The next bytes, fewer only at the end."""
        left = max(0, self._record.size - self._at)
        count = left if size is None or size < 0 else min(size, left)
        if not count:
            return b""
        hidden = self._pool.read(self._record.extents, self._at, count)
        if self._streamed != self._at:
            self._stream = self._key.stream(self._record.id, self._at)
        shown = self._stream.update(hidden)
        self._at = self._streamed = self._at + count
        return shown

    def readinto(self, buffer: object) -> int:
        """As :meth:`read`, into a buffer."""
        view = memoryview(buffer).cast("B")  # type: ignore[arg-type]
        piece = self.read(len(view))
        view[: len(piece)] = piece
        return len(piece)

    def close(self) -> None:
        """Close the files."""
        self._pool.close()
        super().close()
