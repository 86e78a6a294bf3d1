"""What a worker process of a replay does. Imports nothing of Django before it is set up."""

from __future__ import annotations

import gc
import pickle
import signal
from typing import Any

from yiwang.demo.replay.table import Auction

_own: dict[str, Any] = {}
"""What the process keeps between auctions: cast and setting."""


def begin(setting: bytes) -> None:
    """Set the process up; ``setting`` is a pickled Setting, since its class may be loaded only after Django."""
    import django

    from yiwang.runtime.parent import end_with_parent

    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the parent, which lets the running auctions end
    end_with_parent(signal.SIGTERM)
    django.setup()
    from yiwang.demo.replay import run

    _own["setting"] = pickle.loads(setting)
    _own["cast"] = run.enlist(_own["setting"], run.keys_folder(), [])
    gc.set_threshold(50_000, 20, 20)
    gc.freeze()  # what is loaded now stays: the collector need not walk it again and again


def play(auction: Auction) -> dict[str, Any]:
    """Play one auction; see :func:`yiwang.demo.replay.one.replay`."""
    from yiwang.demo.replay.one import replay

    return replay(auction, _own["cast"], _own["setting"])
