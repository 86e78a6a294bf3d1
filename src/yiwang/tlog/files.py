"""Files that survive a crash: written beside, synced, renamed, and the folder synced too."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path

TOGETHER = 4
"""Files whose syncs are waited for at the same time: a disk (and a journal) serves several with one write."""


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


def replace_all(contents: Mapping[Path, bytes]) -> set[Path]:
    """Put many files in place, each in one step; their syncs are waited for together.

    An error leaves some in place and some not.

    Returns:
        Their folders, which the caller syncs.
    """
    _together([partial(replace, path, data) for path, data in contents.items()])
    return {path.parent for path in contents}


def replace_after(path: Path, data: bytes, folders: Iterable[Path]) -> None:
    """Put new content at ``path`` in one step, durably, when these folders are durable and not before."""
    beside = path.with_name(f".{path.name}.new")
    try:
        _together([partial(write_synced, beside, data), *(partial(sync_directory, folder) for folder in folders)])
        beside.replace(path)
    except OSError:
        beside.unlink(missing_ok=True)
        raise
    sync_directory(path.parent)


def _together(acts: Sequence[Callable[[], object]]) -> None:
    """Do all, several at a time; an error is raised when all are done."""
    with ThreadPoolExecutor(max(1, min(TOGETHER, len(acts) - 1))) as pool:
        others = [pool.submit(act) for act in acts[1:]]
        for act in acts[:1]:
            act()
        for other in others:
            other.result()
