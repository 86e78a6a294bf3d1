"""``python -m yiwang.verifier DOSSIER...``: for outsiders who installed only this. Exit codes: 0, 1 failed, 2 unreadable."""

from __future__ import annotations

import sys

from yiwang.verifier.command import main

if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
