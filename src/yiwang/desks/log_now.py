"""The log in the frame of every page: the checkpoint in the footer, and the notice while witnesses are away or contradict
our clock.

The checkpoint is the newest that the quorum cosigned; before the first of them, the newest signed one.

Both are asked for once and kept in the process: the checkpoint until the published file changes, and neither for more
than a few seconds. So most pages ask the database nothing for their frame.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from django.conf import settings
from django.core.cache import cache
from django.http import HttpRequest
from django.urls import reverse
from django.utils.http import urlencode

from yiwang.kernel.text import Text
from yiwang.modules.evidence import witness_clock, witnessing
from yiwang.tlog.policy import Policy
from yiwang.tlog.tiles import CHECKPOINT
from yiwang.ui import shapes

SECONDS = 3
"""How long what was asked is kept at most."""


@dataclass(frozen=True, slots=True)
class Now:
    """What the frame of a page says of the log. ``size`` 0: nothing was published yet."""

    size: int = 0
    root: str = ""
    at: datetime | None = None
    witnesses: int = 0
    quorum: bool = True
    notice: Text | None = None

    def footer(self, request: HttpRequest) -> shapes.Checkpoint | None:
        """The checkpoint for the footer, with the address that says whether the log still agrees with it."""
        if self.at is None:
            return None
        url = seen_url(self.size, self.root)
        full = request.build_absolute_uri(url)
        return shapes.Checkpoint(self.size, self.root, self.at, url, self.witnesses, full, self.quorum)

    def banner(self) -> shapes.Link | None:
        """The notice above the page, None when all is well."""
        return shapes.Link(self.notice, reverse("public:witnesses")) if self.notice else None


def now() -> Now:
    """The log now, at most :data:`SECONDS` old."""
    key = _key()
    found: Now | None = cache.get(key)
    if found is None:
        found = _ask()
        cache.set(key, found, SECONDS)
    return found


def seen_url(size: int, root: str) -> str:
    """The page that compares a checkpoint with the log; ``root`` in hexadecimal."""
    return f"{reverse('public:seen')}?{urlencode({'size': size, 'root': root})}"


def houses(policy: Policy | None, cosigners: tuple[str, ...]) -> int:
    """How many witnesses these keys belong to: one with two keys stands in the policy twice, under one key name."""
    if policy is None:
        return 0
    return len({policy.witnesses[name].vkey.name for name in cosigners if name in policy.witnesses})


def _ask() -> Now:
    seen = witnessing.latest() or witnessing.newest()
    notice = witnessing.notice() or witness_clock.notice()
    if seen is None:
        return Now(notice=notice)
    count = houses(witnessing.policy(), seen.cosigners)
    return Now(seen.size, seen.root.hex(), seen.at, count, seen.quorum, notice)


def _key() -> str:
    """Another key for each published checkpoint, so that a new one shows at once."""
    return f"log-now:{published()}"


def published() -> str:
    """Names the published checkpoint; another one has another name."""
    path = Path(settings.LOG_FOLDER) / CHECKPOINT
    try:
        state = path.stat()
    except FileNotFoundError:
        return str(path)
    return f"{path}:{state.st_ino}:{state.st_mtime_ns}"
