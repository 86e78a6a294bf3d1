"""Children that end with their parent, even when the parent is killed with SIGKILL (Linux)."""

from __future__ import annotations

import ctypes
import os
import signal
import sys

_PR_SET_PDEATHSIG = 1
_prctl = ctypes.CDLL(None, use_errno=True).prctl if sys.platform == "linux" else None


def end_with_parent(sent: signal.Signals = signal.SIGTERM) -> None:
    """Ask the kernel to send this process ``sent`` when its parent ends. Nothing happens outside Linux.

    To be called in the child after any change of user, since that change clears the request.
    """
    if _prctl is not None:
        _prctl(_PR_SET_PDEATHSIG, int(sent), 0, 0, 0)


def follow(parent: int, sent: signal.Signals = signal.SIGTERM) -> None:
    """As :func:`end_with_parent`, and end at once when ``parent`` (its process id) has already gone."""
    end_with_parent(sent)
    if os.getppid() != parent:
        os.kill(os.getpid(), sent)
