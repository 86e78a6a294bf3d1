"""The fingerprint of the sealing program on the command line: what the center publishes on the log, and every sealed bid names.

Over all source files of this package, in the order of their names:
``SHA-256(name SP size LF content, name SP size LF content ...)``, size in bytes and decimal. In a shell, in the package's
folder: ``for f in $(ls *.py | LC_ALL=C sort); do printf '%s %s\\n' $f $(wc -c <$f); cat $f; done | sha256sum``
"""

from __future__ import annotations

import hashlib
from functools import cache
from importlib import resources


@cache
def client_hash() -> str:
    """SHA-256 in hex over the sources of the package ``yiwang.seal``, as they are installed."""
    found = hashlib.sha256()
    files = [each for each in resources.files(__package__ or "yiwang.seal").iterdir() if each.name.endswith(".py")]
    for file in sorted(files, key=lambda each: each.name):
        content = file.read_bytes()
        found.update(f"{file.name} {len(content)}\n".encode() + content)
    return found.hexdigest()
