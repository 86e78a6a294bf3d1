"""Does this log agree with a checkpoint that somebody noted, from a printed notice, a receipt or another person?"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import urlencode

from yiwang.desks.public import check_words, log_files, log_witnesses
from yiwang.kernel.errors import NotVisible
from yiwang.kernel.text import Text
from yiwang.tlog import merkle
from yiwang.tlog.checkpoint import Checkpoint, unverified
from yiwang.tlog.reader import TileReader
from yiwang.ui.shapes import Link
from yiwang.witness.request import format_request

SHORTEST = 16
"""Hexadecimal digits of the root that the short form on paper has; fewer would not tell two logs apart."""
_SIZE = re.compile(r"[1-9][0-9]{0,17}")
_ROOT = re.compile(rf"[0-9a-f]{{{SHORTEST},64}}")


@dataclass(frozen=True)
class Published:
    """The log as published now: its checkpoint, the signed note, and its tiles."""

    checkpoint: Checkpoint
    note: bytes
    tiles: TileReader

    def root_at(self, size: int) -> bytes:
        """Root of the first ``size`` entries, from the tiles."""
        return merkle.tree_root(size, self.tiles.hash_at)

    def proof_from(self, size: int) -> list[bytes]:
        """The consistency proof from a size to the published one."""
        return merkle.consistency_proof(size, self.checkpoint.size, self.tiles.hash_at)


@dataclass(frozen=True)
class Asked:
    """What the reader noted, as typed or scanned; a root may be its first 16 digits or more."""

    size: str
    root: str

    @property
    def faults(self) -> list[Text]:
        """What is wrong with the form of it."""
        found = []
        if not _SIZE.fullmatch(self.size):
            found.append(
                Text("条数应当是一个正整数，例如 1234", "the number of entries must be a whole number such as 1234")
            )
        if not _ROOT.fullmatch(self.root):
            form = (
                f"根指纹应当是 {SHORTEST} 到 64 位十六进制数字（0-9、a-f）",
                f"the root must be {SHORTEST} to 64 hexadecimal digits (0-9, a-f)",
            )
            found.append(Text(*form))
        return found


def seen(request: HttpRequest) -> HttpResponse:
    """Say whether the log agrees with ``?size=`` and ``?root=``, and how to check that without us."""
    asked, now = _asked(request), _published()
    verdict = _verdict(asked, now)
    log_url = request.build_absolute_uri(reverse("public:log")).rstrip("/")
    context: dict[str, Any] = {
        "asked": asked,
        "verdict": verdict,
        "now": now.checkpoint if now else None,
        "now_root": now.checkpoint.root.hex() if now else "",
        "added": now.checkpoint.size - int(asked.size) if now and verdict == "same" else 0,
        "partial": len(asked.root) < 64,
        "proof_url": f"{reverse('public:seen_proof')}?{urlencode({'size': asked.size, 'root': asked.root})}",
        "script": check_words.root_script(log_url, asked.size, asked.root) if verdict in ("same", "different") else "",
        "monitors": log_witnesses.monitors(),
        "breadcrumbs": [
            Link(Text("公开日志", "Public log"), reverse("public:log")),
            Link(Text("对照检查点", "Compare a checkpoint")),
        ],
    }
    return render(request, "desks/public/seen.html", context)


def seen_proof(request: HttpRequest) -> HttpResponse:
    """The consistency proof from the noted checkpoint to the published one, in the form that C2SP witnesses take
    (``old`` size, proof, empty line, checkpoint); 404 when the log does not agree."""
    asked, now = _asked(request), _published()
    if now is None or _verdict(asked, now) != "same":
        raise NotVisible
    old, new = int(asked.size), now.checkpoint.size
    headers = {"Content-Disposition": f'attachment; filename="consistency-{old}-{new}.txt"'}
    return HttpResponse(
        format_request(old, now.proof_from(old), now.note), content_type=log_files.TEXT, headers=headers
    )


def _asked(request: HttpRequest) -> Asked:
    """Spaces, capitals and the dots of a shortened root do not matter."""
    size = re.sub(r"[\s,]", "", request.GET.get("size", ""))
    return Asked(size, re.sub(r"[\s:…]", "", request.GET.get("root", "")).lower())


def _published() -> Published | None:
    note = log_files.published()
    if note is None:
        return None
    checkpoint = unverified(note)
    return Published(checkpoint, note, TileReader(log_files.folder(), checkpoint.size))


def _verdict(asked: Asked, now: Published | None) -> str:
    """``ask`` nothing given, ``malformed``, ``ahead`` of this log, ``same``, ``different``."""
    if not asked.size and not asked.root:
        return "ask"
    if asked.faults:
        return "malformed"
    size = int(asked.size)
    if now is None or size > now.checkpoint.size:
        return "ahead"
    return "same" if now.root_at(size).hex().startswith(asked.root) else "different"
