"""The error of everything that the machine, not the user's input, stands in the way of."""

from __future__ import annotations

from yiwang.kernel.errors import YiwangError
from yiwang.kernel.text import Text
from yiwang.kernel.verdict import Reason


class NotReady(YiwangError):
    """The machine is not ready: a full disk, a taken port, no database. Commands end with exit code 3."""

    status = 503


def not_ready(code: str, zh: str, en: str, *, passes: Text | None = None) -> NotReady:
    """A NotReady with one reason: what stands in the way, in both languages, and what to do."""
    return NotReady(Reason(f"runtime.{code}", Text(zh, en), passes=passes))
