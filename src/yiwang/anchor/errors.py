"""Errors of anchoring, in both languages."""

from __future__ import annotations

from yiwang.kernel.errors import YiwangError
from yiwang.kernel.text import Text
from yiwang.kernel.verdict import Reason


class AnchorError(YiwangError):
    """Anchoring is not set up as it must be, or the chain refused what was asked."""

    def __init__(self, zh: str, en: str, *, field: str = "", passes: Text | None = None) -> None:
        super().__init__(Reason("anchor", Text(zh, en), field=field, passes=passes))


class ChainAway(AnchorError):
    """The chain does not answer. Nothing is lost: what was due stays due."""

    status = 503


class Disagrees(AnchorError):
    """The chain holds another root than the log: an alarm."""

    status = 409
