"""Sealed files on their way in: whose place in the vault they get, and what is thrown away of them."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

from yiwang.kernel.errors import YiwangError
from yiwang.kernel.rules import limit
from yiwang.kernel.text import Text
from yiwang.kernel.verdict import Reason
from yiwang.modules.bids import envelopes, sealed
from yiwang.modules.bids.models import Bid
from yiwang.modules.evidence import files, vault
from yiwang.modules.evidence.actors import SYSTEM, Actor
from yiwang.modules.tenders import selectors as tenders
from yiwang.seal import envelope
from yiwang.seal.causes import Cause, SealError, tenderers

_AGE_HEADER = 4096
"""Bytes of the encrypted part in which its own header surely ends: it has at most two recipients."""

_HEADER = len(envelope.MAGIC) + envelope.MOST_HEADER + 1 + _AGE_HEADER
_PREFIX = "bids/"
_BEFORE = ("tendering", "closed")
"""States of a tender in which sealed files of it may still be needed, delivered or not."""


def owner(tender: str, uscc: str) -> str:
    """The owner, in the vault, of what a firm brings for a tender."""
    return f"{_PREFIX}{tender}/{uscc}"


def keep(chunks: Iterable[bytes], actor: Actor, tender: str, *, field: str = "file") -> files.Stored:
    """Put a sealed file that comes in one go into the vault.

    Args:
        actor: the tenderer; has an organisation.
        tender: its number.

    Raises:
        BadInput: empty, or larger than the limit (NL-16); nothing is kept then.
        VaultFull: there is no room.
    """
    return vault.put(chunks, owner(tender, actor.organisation.uscc), most=int(limit("NL-16")["most"]), field=field)


class Later(YiwangError):
    """Bytes wait until the deadline has passed, so many seconds (NL-38)."""

    status = 503

    def __init__(self, seconds: int) -> None:
        self.seconds = seconds
        super().__init__(Reason(
            "NL-38",
            Text("截止前最后一分钟只收登记；请先登记投标，文件在截止后继续上传",
                 "the last minute before the deadline is for commitments alone; commit first, the bytes go on after it"),
            passes=Text(f"{seconds} 秒后继续", f"go on in {seconds} s"),
        ))  # fmt: skip


def after_the_last_minute(tender: Any, now: datetime) -> None:
    """In a tender's last minute, when its bytes have a grace after it, they wait: whatever others do, so it tells nothing of them.

    Raises:
        Later: until when, in seconds.
    """
    if not tender.upload_grace_minutes or tender.deadline is None:
        return
    left = tender.deadline - now
    if timedelta() < left <= timedelta(minutes=limit("NL-38")["minutes"]):
        raise Later(int(left.total_seconds()) + 1)


def check_beginning(tender: Any, upload: vault.Upload, before: int) -> None:
    """Check the header of an upload as soon as it has come; one that is not sealed for this tender is given up.

    Args:
        upload: as it is now.
        before: its offset before the last bytes came.

    Raises:
        SealError: what came is no sealed file, or one for another tender, or to other custodians.
    """
    if before >= _HEADER:
        return
    try:
        with vault.peek(upload.id, upload.owner) as file:
            begin = file.read(min(upload.offset, _HEADER))
            line = begin.find(b"\n", len(envelope.MAGIC))
            needed = min(upload.size, (line + 1 if line >= 0 else envelope.MOST_HEADER + 1) + _AGE_HEADER)
            if before < needed <= upload.offset:
                envelopes.check_on_its_way(tender, file)
    except SealError:
        vault.discard(upload.id, upload.owner)
        raise


def check_first(piece: bytes, offset: int) -> None:
    """Bytes that come from an offset on must not make the beginning another one than a sealed file's.

    Raises:
        SealError: unsealed files are refused.
    """
    wanted = envelope.MAGIC[offset : offset + len(piece)]
    if not piece.startswith(wanted):
        raise tenderers(Cause.NOT_SEALED)


def tidy(now: datetime) -> int:
    """Throw away what was uploaded and never handed in, once its tender is opened or has ended, and move what a crash left
    of bids that are unveiled. To be called by the worker; these are no acts, so it gives 0.

    Args:
        now: not used: that a tender is opened decides.
    """
    numbers = {_tender_in(each.owner) for each in vault.everything()} - {""}
    for tender in tenders.visible_to(SYSTEM).filter(number__in=numbers).exclude(state__in=_BEFORE):
        _tidy(tender)
    return 0


def _tidy(tender: Any) -> None:
    named = {bid.envelope_sha256 for bid in sealed.of_tender(tender)}
    unveiled = set(Bid.objects.filter(tender=tender).values_list("envelope_sha256", flat=True))
    for each in vault.everything():
        if _tender_in(each.owner) != tender.number:
            continue
        if each.complete and each.sha256 in unveiled:
            vault.release(each.sha256)
        elif not each.complete or each.sha256 not in named:  # bids of a terminated tender stay until they are unveiled
            vault.discard(each.id, each.owner)


def _tender_in(owner_: str) -> str:
    """The tender's number in an owner's name; "" when it is another kind of owner."""
    return owner_.removeprefix(_PREFIX).rpartition("/")[0] if owner_.startswith(_PREFIX) else ""
