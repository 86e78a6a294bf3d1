"""The sealed files of bids, wherever they lie, and what is asked of them when they are handed in."""

from __future__ import annotations

from typing import Any, BinaryIO

from yiwang.kernel.errors import bad
from yiwang.kernel.text import Text
from yiwang.modules.evidence import files, vault
from yiwang.modules.tenders.selectors import law_of
from yiwang.seal import envelope
from yiwang.seal.manifest import Context, Custodians


def check(tender: Any, lot: str, sha256: str) -> envelope.Header:
    """The header of an envelope in the vault, which must be sealed for this tender and lot, to its custodians.

    Raises:
        SealError: it is not.
        BadInput: the file is not in the vault.
    """
    try:
        handle = vault.open(sha256)
    except FileNotFoundError:
        raise bad("content", "没有收到这个密封文件", "this sealed file has not come", code="bid.no_file",
                  passes=Text("先上传密封文件", "upload the sealed file first")) from None
    with handle:
        return _check(tender, lot, handle)


def check_on_its_way(tender: Any, handle: BinaryIO) -> envelope.Header:
    """The same of a file whose beginning has come: for one of the tender's lots, whichever its header names.

    Args:
        handle: of the announced size; its header can be read.
    """
    named, lots = envelope.read_header(handle).context.lot, [lot.number for lot in tender.lots.all()]
    return _check(tender, named if named in lots else lots[0], handle)


def _check(tender: Any, lot: str, handle: BinaryIO) -> envelope.Header:
    custodians = Custodians(tuple(tender.custody), tender.custody_threshold)
    parts = law_of(tender).parts
    return envelope.check(handle, Context(tender.number, lot), custodians, parts=parts)


def opened(sha256: str) -> BinaryIO:
    """An envelope, to read, in the vault or (unveiled) in the file store; FileNotFoundError when it is gone."""
    try:
        return vault.open(sha256)
    except FileNotFoundError:
        return files.path_of(sha256).open("rb")
