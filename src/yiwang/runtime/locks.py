"""Advisory file locks. The kernel drops them when a process ends, however it ends, so none is ever stale."""

from __future__ import annotations

import fcntl
import os
import time
from pathlib import Path

_STEP = 0.02


class FileLock:
    """One ``flock`` on one file; several processes may share it or one may hold it alone."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._handle: int | None = None

    def take(self, *, shared: bool = False, wait: float = 0.0) -> bool:
        """Take the lock, trying for ``wait`` seconds. False when another process holds it still."""
        handle = self._handle if self._handle is not None else os.open(self.path, os.O_RDWR | os.O_CREAT, 0o600)
        kind = fcntl.LOCK_SH if shared else fcntl.LOCK_EX
        end = time.monotonic() + wait
        while True:
            try:
                fcntl.flock(handle, kind | fcntl.LOCK_NB)
            except BlockingIOError:
                if time.monotonic() >= end:
                    if handle != self._handle:
                        os.close(handle)
                    return False
                time.sleep(_STEP)
            else:
                self._handle = handle
                return True

    def release(self) -> None:
        """Give the lock back; nothing happens when it is not held."""
        if self._handle is not None:
            os.close(self._handle)
            self._handle = None

    def free(self) -> bool:
        """True when nobody holds the lock at this moment (ours counts as free)."""
        if self._handle is not None:
            return True
        probe = FileLock(self.path)
        taken = probe.take()
        probe.release()
        return taken
