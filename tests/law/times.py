"""Local moments for tests, written short, and drawn at random."""

from datetime import datetime

from hypothesis import strategies as st

from yiwang.kernel.moment import LOCAL


def local(text: str) -> datetime:
    """A local moment: ``2026-09-07`` or ``2026-09-07T09:00``."""
    return datetime.fromisoformat(text).replace(tzinfo=LOCAL)


def moments(first: str, last: str) -> st.SearchStrategy[datetime]:
    """Local moments between two days."""
    return st.integers(int(local(first).timestamp()), int(local(last).timestamp())).map(
        lambda seconds: datetime.fromtimestamp(seconds, LOCAL)
    )
