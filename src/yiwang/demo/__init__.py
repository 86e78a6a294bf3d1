"""The demo city, the player that takes tenders through their lives, and the replay of real auctions.

What the site and the command line use; everything is imported only when called.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from yiwang.kernel.text import Text

if TYPE_CHECKING:
    from yiwang.demo.city import Account, Progress

__all__ = ["accounts", "custody_key_file", "ensure", "load_if_empty"]


def accounts() -> list[Account]:
    """The demo accounts: ``username`` (also ``login``), ``name``, ``role``, ``password``."""
    from yiwang.demo import city

    return city.accounts()


def custody_key_file(username: str, tender: str) -> str | None:
    """A demo custodian's key file for a tender, so that a newcomer can play custodian; None outside the demo."""
    from yiwang.demo import city

    return city.custody_key_file(username, tender)


def load_if_empty(progress: Progress | None = None) -> bool:
    """Load the demo city when the database is empty or an earlier load did not end; True when it was loaded.

    Args:
        progress: told (done, total, what) after each step.
    """
    from yiwang.demo import city

    return city.load_if_empty(progress or (lambda done, total, what: None))


def ensure(tell: Callable[[Text], object]) -> bool:
    """The same, telling a line now and then."""

    def progress(done: int, total: int, what: Text) -> None:
        if done in (1, total) or done % 8 == 0:
            tell(Text(f"{done}/{total} {what.zh}", f"{done}/{total} {what.en}"))

    return load_if_empty(progress)
