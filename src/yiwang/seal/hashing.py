"""Long streams: SHA-256 computed, and the disk waited for, beside the work that makes or reads the stream."""

from __future__ import annotations

import hashlib
import os
from collections import deque
from concurrent.futures import Future, ThreadPoolExecutor
from typing import IO

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
        self._thread: ThreadPoolExecutor | None = None
        self._waiting: deque[Future[None]] = deque()

    def update(self, block: bytes | memoryview) -> None:
        """Take the next block."""
        if self._thread is None:
            if len(block) < _BESIDE:
                self._hash.update(block)
                return
            self._thread = ThreadPoolExecutor(1)
        self._waiting.append(self._thread.submit(self._hash.update, block))
        if len(self._waiting) > _WAITING:
            self._waiting.popleft().result()

    def hexdigest(self) -> str:
        """The hash in hex, once all blocks are in."""
        while self._waiting:
            self._waiting.popleft().result()
        if self._thread is not None:
            self._thread.shutdown()
            self._thread = None
        return self._hash.hexdigest()


class DurableWriter:
    """Writes to an open file whose content the disk takes meanwhile, so that the last wait for it is short."""

    def __init__(self, out: IO[bytes]) -> None:
        self._out = out
        self._thread: ThreadPoolExecutor | None = None
        self._syncing: Future[None] | None = None
        self._since = 0

    def write(self, data: bytes) -> int:
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
