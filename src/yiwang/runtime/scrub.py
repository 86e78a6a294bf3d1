"""A logging filter that takes secrets out of messages: passwords in addresses, keys and tokens in fields, who bids where."""

from __future__ import annotations

import logging
import re

_PASSWORD_IN_URL = re.compile(r"(\w+://[^\s:/@]+):[^\s@]+@")
_FIELD = re.compile(
    r"(?i)\b(password|passwd|secret|token|csrfmiddlewaretoken|sessionid|yiwang_session|authorization|cookie)"
    r"(['\"]?\s*[=:]\s*)(?:(?:bearer|basic)\s+)?['\"]?[^\s'\",;&]+"
)
_BIDDING = re.compile(r"(/tenders/)[^/\s]+(/(?:(?:acts/)?bid\.|joint/))")
"""An address at which somebody tried to bid, or agreed on a joint bid: for which tender is a secret before the opening."""
_UPLOAD = re.compile(r"(/uploads/)[^\s'\"]+")
"""An address to which somebody uploads a sealed bid."""
_INVITATION = re.compile(r"(/invitation/)[^\s'\"]+")
"""A link by which its holder sets the password of an account."""
_AGE_KEY = re.compile(r"AGE-SECRET-KEY-[0-9A-Z-]+")


def scrubbed(message: str) -> str:
    """The message with every secret replaced by ``***``."""
    message = _PASSWORD_IN_URL.sub(r"\1:***@", message)
    message = _FIELD.sub(r"\1\2***", message)
    message = _BIDDING.sub(r"\1***\2", message)
    message = _UPLOAD.sub(r"\1***", message)
    message = _INVITATION.sub(r"\1***", message)
    return _AGE_KEY.sub("AGE-SECRET-KEY-***", message)


class Scrub(logging.Filter):
    """Rewrites each record before it is written; nothing is dropped."""

    def filter(self, record: logging.LogRecord) -> bool:
        """Replace the message and its arguments by the scrubbed text."""
        record.msg = scrubbed(record.getMessage())
        record.args = ()
        return True
