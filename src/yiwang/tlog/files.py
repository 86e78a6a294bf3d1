"""Files that survive a crash: written beside, synced, renamed, and the folder synced too."""

from __future__ import annotations

import os
from pathlib import Path


def sync_directory(directory: Path) -> None:
    """fsync a folder, so that names made in it are durable."""
    descriptor = os.open(directory, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def write_synced(path: Path, data: bytes, mode: int = 0o644, *, fresh: bool = False) -> None:
    """Write and fsync a file; the umask applies to the ``mode`` of a new one; ``fresh`` refuses an existing one."""
    kind = os.O_EXCL if fresh else os.O_TRUNC
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_CLOEXEC | kind, mode)
    try:
        view = memoryview(data)
        while view:
            view = view[os.write(descriptor, view) :]
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def replace(path: Path, data: bytes, mode: int = 0o644) -> None:
    """Put new content at ``path`` in one step. The caller syncs the folder."""
    beside = path.with_name(f".{path.name}.new")
    try:
        write_synced(beside, data, mode)
        beside.replace(path)
    except OSError:
        beside.unlink(missing_ok=True)
        raise
