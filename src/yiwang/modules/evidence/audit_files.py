"""The audit of stored files: each has the content of its name; those that acts name are there; nothing else lies there."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from typing import Any

from yiwang.kernel.errors import YiwangError
from yiwang.kernel.text import Text
from yiwang.modules.evidence import blind, files, vault
from yiwang.modules.evidence.audit_memory import Memory, clock, stamp
from yiwang.modules.evidence.finding import ADDED, ALTERED, DAMAGED, REMOVED, Finding, Progress
from yiwang.modules.evidence.models import BLIND, Act

BUCKETS = tuple(f"{n:02x}" for n in range(256))
MARGIN = 600.0
"""Seconds by which a file may have been written before the clock of its check."""

STEP = 1.0
"""Seconds of work that an interrupted run may have to do again."""

WITH_FILE = ("tender.attach_document", "bid.submit", "bid.deliver")
"""Acts that name a file which was here."""

_NAME = re.compile(r"[0-9a-f]{64}")


def check(memory: Memory, due: set[str], began: float, progress: Progress) -> Iterator[Finding]:
    """Read the files of the due buckets, and of the others those that changed since their bucket was read.

    Args:
        due: buckets (first two hex digits of the name) to be read whole.
        began: when this run began; a bucket in order is remembered as read then.
    """
    lines: list[dict[str, Any]] = []
    noted = clock()
    for number, bucket in enumerate(BUCKETS, 1):
        since = -1.0 if bucket in due else memory.buckets.get(bucket, -1.0)
        before, found = clock(), list(_bucket(bucket, since))
        yield from (replace(each, since=stamp(memory.buckets.get(bucket))) for each in found)
        if not found and since < 0:
            lines.append({"files": bucket, "at": max(began, before)})
        elif found and bucket in memory.buckets:
            lines.append({"files": bucket, "at": 0})
        if clock() - noted > STEP or number == len(BUCKETS):  # each line on its own would wait for the disk
            memory.note(*lines)
            lines, noted = [], clock()
        progress("files", number, len(BUCKETS))


def _bucket(bucket: str, since: float) -> Iterator[Finding]:
    """The faults among the files of a bucket that were written or moved since a moment (POSIX seconds)."""
    folder = files.folder() / bucket
    for path in sorted(folder.iterdir()) if folder.is_dir() else []:
        where = f"files/{bucket}/{path.name}"
        if not path.is_file() or not _NAME.fullmatch(path.name) or path.name[:2] != bucket:
            yield Finding(ADDED, where, Text("不是按内容命名的文件", "is no file named by its content"))
        elif path.lstat().st_ctime >= since - MARGIN:
            yield from _file(path, where)


def _file(path: Path, where: str) -> Iterator[Finding]:
    try:
        with path.open("rb") as file:
            found = hashlib.file_digest(file, "sha256").hexdigest()
    except OSError as error:
        yield Finding(DAMAGED, where, Text(f"读不出来：{error.strerror}", f"cannot be read: {error.strerror}"))
        return
    if found != path.name:
        text = Text("内容与文件名的 SHA-256 不符", "its content does not give the SHA-256 of its name")
        yield Finding(ALTERED, where, text, "sha256", found, path.name)


def missing() -> Iterator[Finding]:
    """Files that acts name and that are gone: tender documents and sealed bids."""
    have = set(_in_vault())
    have |= {path.name for path in files.folder().glob("??/*")}
    for label, sha256 in _named():
        if sha256 not in have:
            text = Text(f"{label} 的文件不见了", f"the file of {label} is gone")
            yield Finding(REMOVED, f"files/{sha256[:2]}/{sha256}", text, act=label)


def sealed() -> Iterator[Finding]:
    """What is wrong with the vault of sealed files."""
    try:
        for where, text in vault.damages():
            yield Finding(DAMAGED, f"sealed/{where}", text)
    except YiwangError as error:
        yield from (Finding(DAMAGED, "sealed", reason.message) for reason in error.reasons)


def _in_vault() -> Iterator[str]:
    """Hashes of the files in the vault; none when it cannot be read, which :func:`sealed` tells."""
    with suppress(YiwangError):
        yield from (each.sha256 for each in vault.everything() if each.complete)


def _named() -> Iterator[tuple[str, str]]:
    found = Act.objects.filter(act__in=[*WITH_FILE, BLIND]).order_by("pk")
    for act in found.iterator(chunk_size=500):
        label = f"{act.subject}#{act.seq} {act.act}"
        try:
            public = json.loads(bytes(blind.reveal(act).canonical))["public"]
        except (YiwangError, ValueError, KeyError):
            continue  # told of where acts are read
        if act.act not in WITH_FILE:  # a commitment names a file that need not have come
            continue
        sha256 = public.get("document", {}).get("sha256") or public.get("envelope_sha256")
        if sha256:
            yield label, sha256
