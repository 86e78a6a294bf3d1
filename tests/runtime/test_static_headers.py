"""The sealing worker may compile its WebAssembly and reach no network; every other file has no policy of its own."""

from __future__ import annotations

from wsgiref.headers import Headers

import pytest

from yiwang.site.static_headers import add_headers


@pytest.mark.parametrize(("url", "has"), [
    ("/static/build/seal-worker.js", True),
    ("/static/build/seal-worker.0123456789ab.js", True),
    ("/static/build/bid-seal.js", False),
    ("/static/build/seal-worker.js.LEGAL.txt", False),
])  # fmt: skip
def test_only_the_worker_has_a_policy(url: str, has: bool) -> None:
    headers = Headers()
    add_headers(headers, "", url)
    policy = headers["Content-Security-Policy"] or ""
    assert ("wasm-unsafe-eval" in policy) is has and ("connect-src" not in policy)
