"""On the command line."""

from __future__ import annotations

import sys
from pathlib import Path

from .whole import verify

found = list(verify(Path(sys.argv[1]).read_bytes(), Path(sys.argv[2]).read_bytes() if len(sys.argv) > 2 else None))
print("\n".join(found) or "all holds")
sys.exit(bool(found))
