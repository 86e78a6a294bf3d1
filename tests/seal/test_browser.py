"""In a real Chromium: a signing key survives a reload and cannot be taken out; a bid sealed there opens here."""

from __future__ import annotations

import base64
import io
import json
import mimetypes
import os
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import Page, Route, sync_playwright

from yiwang.seal.opening import Expected, open_envelope
from yiwang.seal.signing import verify_statement

if TYPE_CHECKING:
    from conftest import Lot

UI = Path(__file__).parents[2] / "src" / "yiwang" / "ui"
PACKAGES = Path(os.environ.get("YIWANG_NODE_MODULES", UI / "node_modules"))
CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
ORIGIN = "https://yiwang.test"
IMPORTS = {
    "age-encryption": "/node_modules/age-encryption/dist/index.js",
    "@scure/base": "/node_modules/@scure/base/index.js",
    **{f"@noble/{name}/": f"/node_modules/@noble/{name}/" for name in ("ciphers", "curves", "hashes", "post-quantum")},
}
START = f'<!doctype html><script type="importmap">{json.dumps({"imports": IMPORTS})}</script>'

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(CHROMIUM is None, reason="no Chromium on this machine"),
    pytest.mark.skipif(
        not (PACKAGES / "age-encryption").is_dir(), reason=f"no npm package age-encryption in {PACKAGES}"
    ),
]

KEEP = """async () => {
  const { createSigningKey, keepSigningKey } = await import("/js/signing.js");
  const key = await createSigningKey();
  await keepSigningKey("account-1", key);
  return key.publicKey;
}"""

SIGN = """async () => {
  const { keptSigningKey, signStatement, forgetSigningKey } = await import("/js/signing.js");
  const key = await keptSigningKey("account-1");
  const signature = await signStatement(key, "score-sheet", { score: "87.5" });
  const taken = await crypto.subtle.exportKey("pkcs8", key.privateKey).then(() => true, () => false);
  await forgetSigningKey("account-1");
  return { publicKey: key.publicKey, signature, taken, left: await keptSigningKey("account-1") ?? null };
}"""

SEAL = """async ({ custodians, context, manifest }) => {
  const { createSigningKey } = await import("/js/signing.js");
  const { sealBid } = await import("/js/seal.js");
  const { toBase64 } = await import("/js/encoding.js");
  const files = [new File([new Uint8Array(300000).fill(7)], "图纸.bin", { type: "application/octet-stream" })];
  const signingKey = await createSigningKey();
  const sealed = await sealBid({ manifest, files, custodians, k: 3, signingKey, context });
  return { ...sealed, envelope: toBase64(new Uint8Array(await sealed.envelope.arrayBuffer())) };
}"""

DOWNLOAD = """async () => {
  const { newCustodianKey, downloadKey } = await import("/js/custodian.js");
  const key = await newCustodianKey();
  downloadKey(key.identity, key.recipient, "T-2027-001/1");
  return key;
}"""


def serve(route: Route) -> None:
    path = route.request.url.removeprefix(ORIGIN)
    if path == "/":
        route.fulfill(body=START, content_type="text/html")
        return
    file = PACKAGES / path.removeprefix("/node_modules/") if path.startswith("/node_modules/") else UI / path[1:]
    if file.is_file():
        route.fulfill(path=file, content_type=mimetypes.types_map[".js"])
    else:
        route.fulfill(status=404)


@pytest.fixture(scope="module")
def page() -> Iterator[Page]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        page = browser.new_page()
        page.route("**/*", serve)
        page.goto(f"{ORIGIN}/")
        yield page
        browser.close()


def test_signing_key_is_kept_and_cannot_be_taken_out(page: Page) -> None:
    public = page.evaluate(KEEP)
    page.reload()
    found = page.evaluate(SIGN)
    assert (found["publicKey"], found["taken"], found["left"]) == (public, False, None)
    assert verify_statement(public, "score-sheet", {"score": "87.5"}, found["signature"])


def test_bid_sealed_in_the_browser_opens_here(lot: Lot, page: Page) -> None:
    manifest = {"tenderer": lot.tenderer, "price": lot.price}
    case = {"custodians": list(lot.custodians.recipients), "context": lot.context.json(), "manifest": manifest}
    told = page.evaluate(SEAL, case)
    envelope = io.BytesIO(base64.b64decode(told["envelope"]))
    bid = open_envelope(envelope, lot.identities(1, 2, 4), expected=Expected(lot.context, lot.tenderer, told["sha256"]))
    assert bid.manifest_sha256 == told["manifestSha256"]
    assert bid.documents["图纸.bin"].read() == b"\x07" * 300_000


def test_custodian_key_file_is_downloaded_and_is_an_age_identity(page: Page, tmp_path: Path) -> None:
    with page.expect_download() as waiting:
        key = page.evaluate(DOWNLOAD)
    assert waiting.value.suggested_filename == "custodian-T-2027-001-1.key"
    waiting.value.save_as(tmp_path / "key")
    text = (tmp_path / "key").read_text()
    assert text.splitlines()[-1] == key["identity"]
    assert f"# public key: {key['recipient']}" in text
