"""Errors that users see. Each carries Reasons; pages, command line and API show the same object."""

from __future__ import annotations

from yiwang.kernel.text import Text
from yiwang.kernel.verdict import Reason


class YiwangError(Exception):
    """Base of all errors with a message for the user."""

    status = 400

    def __init__(self, *reasons: Reason) -> None:
        self.reasons = reasons
        self.enclosed: dict[str, str] = {}
        """What goes with the error beside its reasons, as further members of the API's problem JSON."""
        super().__init__("; ".join(str(reason.message) for reason in reasons))


class Refused(YiwangError):
    """The door refused an act: wrong state, wrong role, or a rule of law."""

    status = 409


class BadInput(YiwangError):
    """A field or line does not have the form or value that it must have."""

    status = 422


class NotVisible(YiwangError):
    """The object does not exist for this reader (its very existence may be secret)."""

    status = 404

    def __init__(self) -> None:
        super().__init__(Reason("not_found", Text("没有这一页，或您无权查看", "No such page, or not for you to see")))


def bad(field: str, zh: str, en: str, *, passes: Text | None = None, code: str = "", article: str = "") -> BadInput:
    """A BadInput for one field: what is wrong in both languages and what would pass."""
    return BadInput(Reason(code or f"field.{field}", Text(zh, en), field=field, passes=passes, article=article))
