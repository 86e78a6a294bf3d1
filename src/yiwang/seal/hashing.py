"""Long streams: SHA-256 computed, and the disk waited for, beside the work that makes or reads the stream."""

from __future__ import annotations

import hashlib
import os
from collections import deque
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from typing import IO, Self

from yiwang.seal.agestream import Writer

_BESIDE = 128 * 1024
"""Blocks from this size on are hashed in a thread of their own: hashing gives way to other Python code meanwhile."""
_WAITING = 8
"""Blocks that may wait to be hashed, so that memory stays constant."""
_AT_ONCE = 32 * 1024 * 1024
"""Bytes after whose writing the disk is asked to take them."""


class StreamHash:
    """Takes blocks as ``hashlib`` does. A block must not be changed after it was given."""

    def __init__(self) -> None:
        self._hash = hashlib.sha256()
        self._beside = _Beside(self._hash.update)

    def update(self, block: bytes | memoryview) -> None:
        """Take the next block."""
        self._beside.take(block)

    def hexdigest(self) -> str:
        """The hash in hex, once all blocks are in."""
        self._beside.finish()
        return self._hash.hexdigest()


class HashingWriter:
    """Passes blocks on to a file and keeps their SHA-256 and count; a context, at whose end nothing is under way any more.

    A block must not be changed after it was given. What the file raises may come through later only, at the end at the latest.
    """

    def __init__(self, out: Writer) -> None:
        self.size = 0
        self._out = out
        self._hash = hashlib.sha256()
        self._beside = _Beside(self._take)

    def write(self, data: bytes | memoryview) -> int:
        """Take bytes."""
        self.size += len(data)
        self._beside.take(data)
        return len(data)

    def hexdigest(self) -> str:
        """The hash in hex, once all blocks have been passed on."""
        self._beside.finish()
        return self._hash.hexdigest()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *exc: object) -> None:
        self._beside.stop()

    def _take(self, data: bytes | memoryview) -> None:
        self._hash.update(data)
        self._out.write(data)


class _Beside:
    """Does the same work on blocks in their order; on large ones in a thread of its own, beside what the caller does."""

    def __init__(self, work: Callable[[bytes | memoryview], object]) -> None:
        self._work = work
        self._thread: ThreadPoolExecutor | None = None
        self._waiting: deque[Future[object]] = deque()

    def take(self, block: bytes | memoryview) -> None:
        if self._thread is None:
            if len(block) < _BESIDE:
                self._work(block)
                return
            self._thread = ThreadPoolExecutor(1)
        self._waiting.append(self._thread.submit(self._work, block))
        if len(self._waiting) > _WAITING:
            self._waiting.popleft().result()

    def finish(self) -> None:
        """Return once all blocks are done; raise what the first failure raised."""
        while self._waiting:
            self._waiting.popleft().result()
        self.stop()

    def stop(self) -> None:
        """Begin no further block, and wait for the one under way."""
        if self._thread is not None:
            self._thread.shutdown(cancel_futures=True)
            self._thread = None


class DurableWriter:
    """Writes to an open file whose content the disk takes meanwhile, so that the last wait for it is short."""

    def __init__(self, out: IO[bytes]) -> None:
        self._out = out
        self._thread: ThreadPoolExecutor | None = None
        self._syncing: Future[None] | None = None
        self._since = 0

    def write(self, data: bytes | memoryview) -> int:
        """Take bytes; OSError when the disk fails."""
        self._out.write(data)
        self._since += len(data)
        if self._since >= _AT_ONCE and (self._syncing is None or self._syncing.done()):
            if self._syncing is not None:
                self._syncing.result()
            self._thread = self._thread or ThreadPoolExecutor(1)
            self._syncing, self._since = self._thread.submit(os.fdatasync, self._out.fileno()), 0
        return len(data)

    def finish(self) -> None:
        """Return once all that was written is on the disk; OSError when it is not. The file stays open."""
        self.stop()
        self._out.flush()
        os.fsync(self._out.fileno())

    def stop(self) -> None:
        """Wait for what is under way; before the file is closed."""
        if self._thread is not None:
            self._thread.shutdown()
            self._thread = None
        if self._syncing is not None:
            syncing, self._syncing = self._syncing, None
            syncing.result()
