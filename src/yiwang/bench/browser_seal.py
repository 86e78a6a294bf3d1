"""Sealing in Chromium: the sealing worker of the bid page on a file of 512 MiB, into the browser's own file system.

Timed in the page, from handing the file to the worker until the envelope is whole: hashing the document, signing, the
keybox of five custodians, encryption, hashing and writing the envelope. The reference is the age program on the same file.
"""

from __future__ import annotations

import functools
import secrets
import shutil
import tempfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

from django.conf import settings

from yiwang.bench.figure import Figure
from yiwang.bench.sealing import Runs
from yiwang.demo.cast import made_up_uscc
from yiwang.seal import keys

SIZE = 512 * 1024 * 1024
ROUNDS, AT_LEAST = 3, 60.0
"""Times; MB (10^6 bytes) a second to reach."""

_BUILD = Path(__file__).parents[1] / "ui" / "static" / "build"
_PAGE = "<!doctype html><title>bench</title><input type=file>"
_SEAL = """async ([custodians, tenderer]) => {
  const { createSigningKey } = await import("/signing.js");
  const worker = new Worker("/seal-worker.js", { type: "module" });
  await new Promise((ready) => { worker.onmessage = ready; });
  const [blob] = document.querySelector("input").files;
  const files = [{ name: "标书.pdf", type: "application/pdf", blob }];
  const context = { tender: "BENCH-1", lot: "1", round: 1 };
  const bid = { manifest: { tenderer, price: 80000000 }, files, custodians, k: 3, signingKey: await createSigningKey(), context,
                client: "yiwang-web/bench" };
  const began = performance.now();
  const sealed = await new Promise((resolve, reject) => {
    worker.onmessage = ({ data }) => data.sealed ? resolve(data.sealed) : data.failed && reject(new Error(data.failed.en));
    worker.onerror = (event) => reject(new Error(event.message));
    worker.postMessage({ bid, path: ["bench", "bid.sealed"] });
  });
  worker.terminate();
  return [(performance.now() - began) / 1000, sealed.size, sealed.engine];
}"""


def run(size: int = SIZE, rounds: int = ROUNDS) -> list[Figure]:
    """Both in turns; the quickest of each counts."""
    program, chromium = shutil.which("age") or shutil.which("rage"), _chromium()
    if program is None:
        raise RuntimeError("neither age nor rage is installed (Debian package: age)")
    taken, theirs = list[float](), Runs()
    with tempfile.TemporaryDirectory(dir=settings.DATA, prefix="browser-") as name, _served(Path(name)) as address:
        document = Path(name) / "document.bin"
        with document.open("wb") as out:
            for _ in range(size >> 20):
                out.write(secrets.token_bytes(1 << 20))
        recipients = [keys.new_custodian_key().recipient for _ in range(5)]
        for _ in range(rounds):
            theirs.run([program, "-r", recipients[0], "-o", f"{name}/plain.age", str(document)])
            taken.append(_sealed(chromium, address, document, recipients, Path(name)))
    rate = size / 1e6 / min(taken)
    return [Figure("browser_seal.rate", rate, "MB/s", f"{Path(program).name}, the same file", size / 1e6 / min(theirs.wall),
                   f">= {AT_LEAST:g} MB/s", rate >= AT_LEAST)]  # fmt: skip


def _sealed(chromium: str, address: str, document: Path, recipients: list[str], folder: Path) -> float:
    """Seconds of one sealing, in a browser of its own."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as started:
        flags = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]
        context = started.chromium.launch_persistent_context(folder / "profile", executable_path=chromium, args=flags)
        page = context.new_page()
        page.set_default_timeout(600_000)
        page.goto(f"{address}/bench.html")
        page.set_input_files("input", document)
        seconds, size, _ = page.evaluate(_SEAL, [recipients, made_up_uscc("测速一号建设工程有限公司")])
        context.close()
    shutil.rmtree(folder / "profile", ignore_errors=True)
    if size <= document.stat().st_size:
        raise RuntimeError("the envelope is smaller than its document")
    return float(seconds)


def _chromium() -> str:
    found = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    if found is None:
        raise RuntimeError("Chromium is not installed")
    return found


@contextmanager
def _served(folder: Path) -> Iterator[str]:
    """The built modules and an empty page, at an address of this machine."""
    site = folder / "site"
    shutil.copytree(_BUILD, site)
    (site / "bench.html").write_text(_PAGE)
    server = ThreadingHTTPServer(("127.0.0.1", 0), functools.partial(_Quiet, directory=str(site)))
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}"
    finally:
        server.shutdown()
        server.server_close()


class _Quiet(SimpleHTTPRequestHandler):
    def log_message(self, *_: Any) -> None:
        """Nothing."""
