"""Headers of static files: the sealing worker has a content policy of its own."""

from __future__ import annotations

from wsgiref.headers import Headers

SEALING_WORKER = "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; worker-src 'self'"
"""It may compile the WebAssembly that is part of it, and start itself once more as its helper; it may reach no network, so
what is sealed in it cannot leave it but as the sealed file. Pages stay without WebAssembly."""


def add_headers(headers: Headers, path: str, url: str) -> None:
    """Called by WhiteNoise for each file."""
    if "/seal-worker." in url and url.endswith(".js"):
        headers["Content-Security-Policy"] = SEALING_WORKER
