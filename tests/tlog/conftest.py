"""Keys that the log tests share."""

from __future__ import annotations

import pytest

from yiwang.tlog.keys import LogKeys


@pytest.fixture(scope="session")
def keys() -> LogKeys:
    """Both keys of a log."""
    return LogKeys.create("evidence.example/2027")
