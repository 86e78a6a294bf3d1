"""Libraries of the chain's world raise Python's limit of recursion for the whole process when they are imported, far past
what the C stack holds: a hostile file that is nested deeply would then end the process instead of being refused.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def usual_depth() -> Iterator[None]:
    """Import such libraries inside: the limit is afterwards what it was. Our contract calls nobody and needs no depth."""
    before = sys.getrecursionlimit()
    try:
        yield
    finally:
        sys.setrecursionlimit(before)
