"""Yes, or no with a reason: the answer of every rule and every permit."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

from yiwang.kernel.text import Text


@dataclass(frozen=True, slots=True)
class Reason:
    """Why something is refused.

    Attributes:
        code: stable id of the rule or condition (``GC-01``, ``state``, ``role``, ``field.price``).
        message: what is wrong, for the user.
        article: the law's article, e.g. ``招标投标法 第24条``; empty when no law is involved.
        field: the form field or JSON key at fault; empty when none is.
        passes: what would pass, for the user.
        after: the moment from which it would pass, when waiting helps.
    """

    code: str
    message: Text
    article: str = ""
    field: str = ""
    passes: Text | None = None
    after: datetime | None = None


@dataclass(frozen=True, slots=True)
class Verdict:
    """Allowed when there are no reasons against it."""

    reasons: tuple[Reason, ...] = field(default=())

    @property
    def ok(self) -> bool:
        """True when nothing stands against it."""
        return not self.reasons

    def __bool__(self) -> bool:
        return self.ok

    def __and__(self, other: Verdict) -> Verdict:
        return Verdict(self.reasons + other.reasons)


YES = Verdict()


def no(code: str, message: Text, **more: object) -> Verdict:
    """A refusal with one reason; keyword arguments as in :class:`Reason`."""
    return Verdict((Reason(code, message, **more),))  # type: ignore[arg-type]


def verdict(condition: object, code: str, message: Text, **more: object) -> Verdict:
    """YES when the condition holds, else :func:`no` with the rest."""
    return YES if condition else no(code, message, **more)
