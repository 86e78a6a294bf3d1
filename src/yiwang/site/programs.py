"""Which programs seal bids here: the browser's bundles as they are served, and the command line's package."""

from __future__ import annotations

import logging

from yiwang import __version__
from yiwang.kernel.errors import YiwangError
from yiwang.modules.evidence import programs
from yiwang.seal.program import client_hash
from yiwang.ui import bundles

COMMAND = "yiwang.seal"
"""Under which name the log has the command line's package; bundles have their files' names."""

_log = logging.getLogger(__name__)


def now() -> dict[str, str]:
    """Name -> SHA-256 in hex, of what runs now."""
    return {COMMAND: client_hash(), **{name: bundles.sha256_of(name) for name in bundles.names()}}


def publish() -> bool:
    """Put them on the log when they have changed; the worker does so when it starts. Whether it did."""
    try:
        return programs.publish(__version__, now())
    except (OSError, YiwangError):
        _log.exception("the hashes of the sealing programs could not be published")
        return False
