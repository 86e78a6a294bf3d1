"""The built browser modules as they are served: their names and hashes."""

from __future__ import annotations

import base64
import hashlib
from pathlib import Path

from django.conf import settings
from django.contrib.staticfiles import finders
from django.contrib.staticfiles.storage import staticfiles_storage
from django.templatetags.static import static

FOLDER = "build"
_known: dict[tuple[str, str, int], bytes] = {}


def names() -> list[str]:
    """File names of the bundles that were built, in order."""
    stamp = finders.find(f"{FOLDER}/inputs.sha256")
    return sorted(path.name for path in Path(stamp).parent.glob("*.js")) if stamp else []


def sha256_of(name: str) -> str:
    """SHA-256 of a bundle in hex, as the log says it; '' when it was not built.

    Args:
        name: its file's name, ``bid-seal.js``.
    """
    return _digest(name, "sha256").hex()


def integrity(name: str) -> str:
    """The ``integrity`` of a script tag (W3C Subresource Integrity); '' when the bundle was not built."""
    digest = _digest(name, "sha384")
    return f"sha384-{base64.b64encode(digest).decode()}" if digest else ""


def address(name: str) -> str:
    """The address of a bundle; '' when it was not built."""
    return static(f"{FOLDER}/{name}") if finders.find(f"{FOLDER}/{name}") else ""


def _digest(name: str, algorithm: str) -> bytes:
    path = path_of(name)
    if path is None:
        return b""
    key = algorithm, str(path), path.stat().st_mtime_ns
    if key not in _known:
        _known[key] = hashlib.new(algorithm, path.read_bytes()).digest()
    return _known[key]


def path_of(name: str) -> Path | None:
    """Where the bundle lies that is served: where it was collected, in production; else where it was built. None without."""
    path = f"{FOLDER}/{name}"
    if not settings.STATIC_ROOT:
        found = finders.find(path)
        return Path(found) if found else None
    try:
        stored = getattr(staticfiles_storage, "stored_name", lambda name: name)(path)
    except ValueError:  # not collected
        return None
    collected = Path(settings.STATIC_ROOT) / stored
    return collected if collected.is_file() else None
