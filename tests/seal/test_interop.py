"""The browser's sealing modules, run by node, and the Python package read and write the same."""

from __future__ import annotations

import base64
import io
import json
import os
import shutil
import subprocess
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from yiwang.kernel.canonical import canonical
from yiwang.seal import age
from yiwang.seal.envelope import check, file_sha256
from yiwang.seal.keys import challenge, check_identity
from yiwang.seal.opening import Expected, open_envelope
from yiwang.seal.padme import padded_size, padme
from yiwang.seal.signing import public_text, sign_statement, verify_statement

if TYPE_CHECKING:
    from conftest import Lot

UI = Path(__file__).parents[2] / "src" / "yiwang" / "ui"
NODE = shutil.which("node")
PACKAGES = Path(os.environ.get("YIWANG_NODE_MODULES", UI / "node_modules"))

NONCE = bytes(range(32))
CONTENT = {"lot": "T/1", "scores": ["87.5", None, True], "by": "戊"}
VALUES = [
    {"b": [1, -2, {}], "a": '甲\u2028\u007f"\\/\b\f\n\r\t\u0001', "A": None, "a1": True, "": False},
    ["𠮷", "é", "e\u0301", 2**53 - 1, -(2**53) + 1, 0],
    "text",
    {"z": {"y": {"x": []}}, "10": 1, "9": 2, "_": 3},
]
SIZES = [0, 1, 2, 3, 9, 8191, 8192, 8193, 100_000, 2**31 - 1, 2**31, 2**31 + 1, 2**32 + 12345, 4 * 10**9 + 7, 2**45 + 1]


def b64(data: bytes) -> str:
    return base64.b64encode(data).decode()


def case_of(lot: Lot) -> dict[str, Any]:
    return {
        "values": VALUES,
        "sizes": SIZES,
        "signing": {
            "pkcs8": b64(lot.signer.private_bytes(Encoding.DER, PrivateFormat.PKCS8, NoEncryption())),
            "public": public_text(lot.signer),
            "content": CONTENT,
            "signature": sign_statement(lot.signer, "score-sheet", CONTENT),
        },
        "custodians": list(lot.custodians.recipients),
        "identities": [key.identity for key in lot.keys],
        "challenge": b64(challenge(lot.keys[0].recipient, NONCE)),
        "trap": b64(age.encrypt(age.new_identity().encode(), lot.keys[0].recipient)),
        "context": lot.context.json(),
        "manifest": {"tenderer": lot.tenderer, "price": lot.price, "answers": {"lead": "张三"}},
        "files": [
            {"name": file.name, "type": file.type, "content": b64(file.source)}
            for file in lot.files
            if isinstance(file.source, bytes)
        ],
    }


@pytest.fixture(scope="module")
def met(lot: Lot, envelope: bytes, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, dict[str, Any]]:
    """The folder and the result of one run of the browser's modules; skips when node or its packages are absent."""
    if NODE is None:
        pytest.skip("node is not on the path")
    if not (PACKAGES / "age-encryption").is_dir():
        pytest.skip(f"the npm package age-encryption is not in {PACKAGES} (or set YIWANG_NODE_MODULES)")
    folder = tmp_path_factory.mktemp("interop")
    shutil.copytree(UI / "js", folder / "js")
    (folder / "package.json").write_text('{"type": "module"}')
    (folder / "node_modules").symlink_to(PACKAGES.resolve(), target_is_directory=True)
    (folder / "case.json").write_text(json.dumps(case_of(lot)))
    (folder / "python.seal").write_bytes(envelope)
    script = Path(__file__).with_name("interop.test.mjs")
    run = subprocess.run([NODE, str(script), str(folder)], capture_output=True, text=True, timeout=60, check=False)
    assert run.returncode == 0, run.stderr
    return folder, json.loads((folder / "result.json").read_text())


Met = tuple[Path, dict[str, Any]]


def test_canonical_bytes_are_equal(met: Met) -> None:
    assert met[1]["canonical"] == [canonical(value).hex() for value in VALUES]


def test_padded_sizes_are_equal(met: Met) -> None:
    assert met[1]["padme"] == [padme(size) for size in SIZES]
    assert met[1]["padded"] == [padded_size(size) for size in SIZES]


def test_signatures_are_equal_and_verify(lot: Lot, met: Met) -> None:
    assert met[1]["signature"] == sign_statement(lot.signer, "score-sheet", CONTENT)
    fresh = met[1]["fresh"]
    assert verify_statement(fresh["public"], "note", CONTENT, fresh["signature"])


def test_custodian_key_from_the_browser(lot: Lot, met: Met) -> None:
    made = met[1]["custodian"]
    assert check_identity(made["identity"], made["recipient"])
    assert met[1]["answer"] == NONCE.hex()


def test_browser_seals_and_python_opens(lot: Lot, met: Met) -> None:
    envelope = io.BytesIO((met[0] / "browser.seal").read_bytes())
    told = met[1]["sealed"]
    assert (told["sha256"], told["size"]) == (file_sha256(envelope), len(envelope.getvalue()))
    assert check(envelope, lot.context, lot.custodians).client == "yiwang-web/0.1.0"
    expected = Expected(lot.context, lot.tenderer, told["sha256"])
    for subset in ((0, 1, 2), (1, 3, 4), (2, 3, 4)):
        bid = open_envelope(envelope, lot.identities(*subset), expected=expected)
        assert (bid.signature_ok, bid.manifest_sha256) == (True, told["manifestSha256"])
        assert (bid.manifest.price, bid.manifest.answers) == (lot.price, {"lead": "张三"})
        assert bid.manifest.signer == met[1]["fresh"]["public"]
        contents = {file.name: file.source for file in lot.files}
        assert {name: document.read() for name, document in bid.documents.items()} == contents
    assert lot.tenderer.encode() not in envelope.getvalue()


def test_python_seals_and_browser_opens(lot: Lot, envelope: bytes, met: Met) -> None:
    own = open_envelope(io.BytesIO(envelope), lot.identities(0, 1, 2))
    told = met[1]["opened"]
    assert (told["manifest"], told["manifestSha256"]) == (own.manifest.json(), own.manifest_sha256)
    assert {name: base64.b64decode(content) for name, content in told["documents"]} == {
        name: document.read() for name, document in own.documents.items()
    }
