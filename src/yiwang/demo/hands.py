"""Worker processes that play the demo city's tenders. Imports nothing of Django before it is set up."""

from __future__ import annotations

import gc
import signal
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor, as_completed
from multiprocessing import get_context
from typing import Any

_own: dict[str, Any] = {}
"""What the process keeps between tenders: the cast."""


def begin(hashed: str) -> None:
    """Set the process up and call the cast, which the parent has engaged already."""
    import django

    from yiwang.runtime.parent import end_with_parent

    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the parent
    end_with_parent(signal.SIGTERM)
    django.setup()
    from yiwang.demo import city

    _own["cast"] = city.call(hashed)
    gc.set_threshold(50_000, 20, 20)
    gc.freeze()


def play(code: str) -> str:
    """Play the tender of a code; gives the code back."""
    from yiwang.demo import city, scripts

    city.play_row(_own["cast"], next(row for row in scripts.ROWS if row.code == code))
    return code


def play_all(codes: list[str], hashed: str, processes: int) -> Iterator[str]:
    """Play all, in several processes; gives each code as it is done. What fails in a process fails here."""
    with ProcessPoolExecutor(processes, mp_context=get_context("spawn"), initializer=begin, initargs=(hashed,)) as pool:
        running = [pool.submit(play, code) for code in codes]
        try:
            for each in as_completed(running):
                yield each.result()
        finally:
            pool.shutdown(wait=True, cancel_futures=True)
