"""Checking in the visitor's browser: by node over many forged files, and on the real pages, with and without a network."""

from __future__ import annotations

import base64
import hashlib
import json
import random
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.asymmetric.mldsa import MLDSA44PrivateKey

from tests.browser.conftest import CHROMIUM
from tests.verifier.forger import Rows, public_of, remade
from yiwang.kernel.canonical import canonical, digest
from yiwang.seal.commitment import commitments_root
from yiwang.seal.shapes import to_base64
from yiwang.tlog import Checkpoint, LogKeys, TileLog, sign_checkpoint
from yiwang.tlog import note as notes
from yiwang.tlog.cosignature import Ed25519Cosigner, MLDSA44Signer
from yiwang.ui import build
from yiwang.verifier import archive, verify
from yiwang.verifier.checks.witnessed import rests_on
from yiwang.verifier.dossier import read_acts
from yiwang.verifier.trust import policy_text

from .node import NODE, WHY_NOT, checked
from .papers import Papers, played

BY_NODE = [
    pytest.mark.django_db,
    pytest.mark.skipif(NODE is None or bool(WHY_NOT), reason=WHY_NOT or "node is not on the path"),
]
ON_A_PAGE = [
    pytest.mark.browser,
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(CHROMIUM is None, reason="Chromium is not installed: browser tests skipped"),
    pytest.mark.skipif(not build.up_to_date(), reason="the front end is not built (make setup): browser tests skipped"),
]


def _marked(marks: list[pytest.MarkDecorator]) -> Callable[[Any], Any]:
    def mark(test: Any) -> Any:
        for each in marks:
            test = each(test)
        return test

    return mark


by_node, on_a_page = _marked(BY_NODE), _marked(ON_A_PAGE)
SHARED = ("archive", "checkpoint", "log", "chain", "private", "documents", "closing")
"""Checks that the verifier and the browser both name so."""


@pytest.fixture(scope="module")
def papers(django_db_setup: None, django_db_blocker: Any, tmp_path_factory: pytest.TempPathFactory) -> Papers:
    return played(tmp_path_factory.mktemp("papers"), django_db_blocker)


# --- files that somebody altered -------------------------------------------------------------------------------------


def _files(path: Path) -> dict[str, bytes]:
    with archive.read(path) as opened:
        return {name: opened.read(name) for name in opened.entries}


def _write(path: Path, files: dict[str, bytes], *, manifest: bool) -> Path:
    """An archive of these files with right checksums; with a right manifest, too, when asked for."""
    if manifest:
        facts = {
            name: {"size": len(data), "sha256": hashlib.sha256(data).hexdigest()}
            for name, data in files.items()
            if name != "manifest.json"
        }
        files = {**files, "manifest.json": canonical({**json.loads(files["manifest.json"]), "files": facts})}
    with path.open("wb") as out:
        archive.write(out, files)
    return path


def _flipped(data: bytes, at: int) -> bytes:
    return data[:at] + bytes([data[at] ^ 1]) + data[at + 1 :]


def _altered(dossier: Path, folder: Path) -> Iterator[Path]:
    """The dossier with one byte of each file flipped: in place, in a sound archive, and under a sound manifest as well;
    with each file left out, and one too many."""
    whole, files, chance = dossier.read_bytes(), _files(dossier), random.Random(3)
    for n in range(40):
        path = folder / f"raw-{n}.zip"
        path.write_bytes(_flipped(whole, chance.randrange(len(whole))))
        yield path
    for n, (name, data) in enumerate(files.items()):
        for m in range(2):
            changed = {**files, name: _flipped(data, chance.randrange(len(data)))}
            yield _write(folder / f"sound-{n}-{m}.zip", changed, manifest=False)
            if name not in ("manifest.json", "README.txt"):
                yield _write(folder / f"manifest-{n}-{m}.zip", changed, manifest=True)
        less = {other: content for other, content in files.items() if other != name}
        yield _write(folder / f"less-{n}.zip", less, manifest=name != "manifest.json")
    yield _write(folder / "more.zip", {**files, "documents/" + "0" * 64: b"x"}, manifest=True)


@by_node
def test_no_byte_of_a_dossier_can_be_altered_unnoticed(papers: Papers, tmp_path: Path) -> None:
    cases = [papers.awarded, *_altered(papers.awarded, tmp_path)]
    sound, *altered = checked(tmp_path, [{"file": str(path), "trust": papers.vkeys} for path in cases])
    assert sound["outcome"] == "ok", sound
    unnoticed = [path.name for path, found in zip(cases[1:], altered, strict=True) if found["outcome"] != "failed"]
    assert unnoticed == [] and len(altered) > 90


def _late(rows: Rows) -> None:
    bid = next(row for row in rows if "act" in row and row["act"]["act"] == "bid.submit")
    bid["index"] = max(row["index"] for row in rows) + 1


def _mend(rows: Rows) -> None:
    public = public_of(rows, "opening.open")
    public["record_sha256"] = digest(public["record"])


def _left_out(rows: Rows) -> None:
    gone = public_of(rows, "opening.open")["record"]["bids"].pop(0)
    rows.remove(next(row for row in rows if "act" in row and row["act"]["subject"] == gone["bid"]))
    _mend(rows)


def _slipped_in(rows: Rows) -> None:
    close, record = public_of(rows, "opening.close"), public_of(rows, "opening.open")["record"]
    close["commitments"].pop()
    close["count"] -= 1
    close["bids_root"] = record["bids_root"] = commitments_root(close["commitments"])
    _mend(rows)


def _another_envelope(rows: Rows) -> None:
    public_of(rows, "bid.submit")["envelope_sha256"] = "0" * 64


def _another_document(rows: Rows) -> None:
    public_of(rows, "tender.publish")["documents"][0]["sha256"] = "0" * 64


def _missing_act(rows: Rows) -> None:
    rows.remove(next(row for row in rows if "act" in row and row["act"]["act"] == "draw.commit"))


FORGED: dict[Callable[[Rows], None], str] = {
    _late: "closing", _left_out: "record", _slipped_in: "record", _another_envelope: "record",
    _another_document: "documents", _missing_act: "chain",
}  # fmt: skip


@by_node
def test_a_log_made_anew_does_not_hide_a_wrong_and_the_verifier_says_the_same(papers: Papers, tmp_path: Path) -> None:
    paths = [papers.closed, papers.awarded]
    for change in FORGED:
        folder = tmp_path / change.__name__
        folder.mkdir()
        paths.append(remade(papers.awarded, folder, change))
    found = checked(tmp_path, [{"file": str(path)} for path in paths])
    assert [each["outcome"] for each in found[:2]] == ["ok", "ok"]
    for each, line in zip(found[2:], FORGED.values(), strict=True):
        assert each["lines"][line] == "failed", each
    for path, each in zip(paths, found, strict=True):
        said = {line.id: line.status.replace("not_applicable", "later") for line in verify(path).lines}
        for name in SHARED:
            # Bids under the closing root that the record leaves out: the browser tells it in a line of its own.
            mine = "failed" if name == "closing" and each["lines"]["record"] == "failed" else each["lines"][name]
            assert mine == said[name], (path, name, each)


def _witnessed(path: Path, data: Path) -> dict[str, bytes]:
    """The files of a dossier as if two witnesses had cosigned: its checkpoint, and one before each act that waits."""
    files, keys, log = _files(path), LogKeys.load(data / "keys"), TileLog(data / "log")
    size = json.loads(files["manifest.json"])["size"]
    witnesses = [
        Ed25519Cosigner("one.example/w", Ed25519PrivateKey.generate(), lambda: 1_770_000_000),
        MLDSA44Signer("two.example/w", MLDSA44PrivateKey.generate(), lambda: 1_770_000_060),
    ]
    acts, hidden = read_acts(files["acts.json"])
    chain = f"tender/{json.loads(files['manifest.json'])['tender']}"
    sizes = {index + 1 for _, index in rests_on(acts, hidden, chain)}
    for each in sizes | {size}:
        note = sign_checkpoint(Checkpoint(keys.name, each, log.root(each)), keys)
        text, existing = notes.parse(note)
        files["checkpoint" if each == size else f"checkpoints/{each}"] = notes.sign(text, witnesses, existing)
    proofs = json.loads(files["proofs.json"])
    proofs["consistency"] |= {str(each): [to_base64(h) for h in log.consistency_proof(each, size)] for each in sizes}
    lines = [f"witness w{n} {witness.vkey}\n" for n, witness in enumerate(witnesses)]
    policy = "".join(lines) + "group both all w0 w1\nquorum both\n"
    return {**files, "proofs.json": canonical(proofs), "policy": policy_text(keys.vkeys_text(), policy).encode()}


@by_node
def test_who_cosigned_and_what_waited_for_them(papers: Papers, tmp_path: Path) -> None:
    files = _witnessed(papers.awarded, papers.awarded.parent / "data")
    earlier = sorted((name for name in files if name.startswith("checkpoints/")), key=lambda name: int(name[12:]))
    text, signatures = notes.parse(files["checkpoint"])
    one_left = {**files, "checkpoint": notes.format_note(text, signatures[:-1])}
    own = files["policy"].decode()
    made = {
        "sound": files,
        "quorum": one_left,
        "unknown": {
            **files,
            "policy": own.replace(own.splitlines()[3] + "\n", "").replace("all w0 w1", "all w0").encode(),
        },
        "gap": {name: data for name, data in files.items() if name != earlier[2]},
        "misnamed": {
            **{name: data for name, data in files.items() if name != earlier[2]},
            earlier[2] + "0": files[earlier[2]],
        },
        "too many": {**files, "checkpoints/1": files[earlier[0]]},
    }
    paths = [_write(tmp_path / f"{name}.zip", each, manifest=True) for name, each in made.items()]
    found = checked(tmp_path, [*({"file": str(path)} for path in paths), {"file": str(paths[0]), "trust": own}])
    states = [tuple(each["lines"].get(name) for name in ("checkpoint", "policy", "witnessed")) for each in found]
    assert [each["outcome"] for each in found] == ["ok", *["failed"] * 5, "ok"], found
    assert states == [("ok",) * 3, ("ok", "failed", "ok"), ("failed", None, None),
                      *[("ok", "ok", "failed")] * 3, ("ok",) * 3], found  # fmt: skip
    assert any("one.example/w 2026-02-02" in line and "two.example/w" in line for line in found[0]["details"])
    for path, each in zip(paths, found, strict=False):
        report = verify(path)
        said = {line.id: line.status for line in report.lines}
        assert [each["lines"].get(name) for name in ("checkpoint", "policy")] == [
            said.get("checkpoint"),
            said.get("policy"),
        ]
        assert (each["outcome"] == "ok") == report.ok, report.plain()


@by_node
def test_receipts(papers: Papers, tmp_path: Path) -> None:
    receipt, origin = papers.receipt.read_text(), papers.vkeys.split("+")[0]
    extra = next(line for line in receipt.splitlines() if line.startswith("extra "))
    content = json.loads(base64.b64decode(extra[6:]))
    content["act"]["public"]["envelope_size"] += 1
    made = {
        "content": receipt.replace(extra, "extra " + base64.b64encode(canonical(content)).decode()),
        "index": receipt.replace("\nindex ", "\nindex 1"),
        "cut": receipt.replace(receipt.splitlines()[4] + "\n", ""),
        "origin": receipt.replace(f"\n{origin}\n", f"\n{origin}x\n", 1),
        "empty": receipt[:40],
    }
    for name, text in made.items():
        (tmp_path / name).write_text(text)
    cases = [
        {"file": str(papers.receipt), "trust": papers.vkeys},
        {"file": str(papers.receipt)},
        {"file": str(papers.proof), "trust": papers.vkeys, "entry": papers.entry},
        {"file": str(papers.proof), "trust": papers.vkeys},
        {"file": str(papers.proof), "trust": papers.vkeys, "entry": "00" + papers.entry[2:]},
        *({"file": str(tmp_path / name), "trust": papers.vkeys} for name in made),
    ]
    found = checked(tmp_path, cases)
    assert [each["outcome"] for each in found] == ["ok", "unsure", "ok", "unsure", *["failed"] * 6]
    assert found[1]["lines"] == {"entry": "ok", "included": "ok", "checkpoint": "unsure"}


# --- on the page -----------------------------------------------------------------------------------------------------


def _states(page: Any) -> dict[str, str]:
    page.wait_for_selector(".check-report")
    found: dict[str, str] = page.eval_on_selector_all(
        "[data-line]", "all => Object.fromEntries(all.map((each) => [each.dataset.line, each.dataset.status]))"
    )
    return found


@on_a_page
def test_the_page_checks_what_is_dropped_and_sends_nothing(
    papers: Papers, visitor: Any, faults: Any, shot: Any, settings: Any, tmp_path: Path
) -> None:
    settings.LOG_FOLDER, settings.FILES_FOLDER = tmp_path / "log", tmp_path / "files"
    page = visitor()
    page.goto("/check/")
    page.wait_for_selector("#check-file")
    shot(page, "check-empty")
    sent: list[str] = []
    page.context.set_offline(True)
    page.on("request", lambda request: sent.append(request.url))
    page.set_input_files("#check-file", papers.awarded)
    assert set(_states(page).values()) == {"ok", "later"}
    assert "核验通过" in page.inner_text(".check-verdict") and "79,900.00" in page.inner_text(".check-report")
    assert faults(page) == []
    shot(page, "check-good")

    bad = tmp_path / "bad.zip"
    bad.write_bytes(_flipped(papers.awarded.read_bytes(), 60_000))
    page.set_input_files("#check-file", bad)
    page.wait_for_selector(".notice-error")
    assert _states(page) == {"archive": "failed"} and "核验不通过" in page.inner_text(".check-verdict")
    shot(page, "check-bad")

    page.set_input_files("#check-file", papers.receipt)
    page.wait_for_selector(".notice-warn")
    assert _states(page)["checkpoint"] == "unsure"
    keys = tmp_path / "log.vkeys"
    keys.write_text(papers.vkeys)
    page.set_input_files("#check-file", keys)  # keys go to their field, and what is there is checked anew
    page.wait_for_selector(".notice-success")
    assert set(_states(page).values()) == {"ok"}
    assert page.input_value("#check-trust") == papers.vkeys
    shot(page, "check-receipt")

    page.set_input_files("#check-file", {"name": "x.pdf", "mimeType": "application/pdf", "buffer": b"%PDF"})
    page.wait_for_selector(".notice-error")
    assert "这不是案卷包" in page.inner_text(".check-results")
    # The one address asked for is that of the split-view alarm, which every page loads by itself.
    assert [url for url in sent if "remembered-check" not in url] == []


@on_a_page
def test_the_saved_page_checks_from_the_disk_and_can_connect_to_nothing(
    papers: Papers, visitor: Any, browser: Any, faults: Any, shot: Any, settings: Any, tmp_path: Path
) -> None:
    settings.LOG_FOLDER, settings.FILES_FOLDER = tmp_path / "log", tmp_path / "files"
    page = visitor(width=390, lang="en")
    page.goto("/check/")
    page.wait_for_selector("#check-file")
    shot(page, "check-empty-en-phone")
    with page.expect_download() as download:
        page.click("a[download]")
    saved = tmp_path / "yiwang-check.html"
    download.value.save_as(saved)
    assert hashlib.sha256(saved.read_bytes()).hexdigest() in page.inner_text("aside, .page-aside")
    assert page.request.get("/check/yiwang-check.html").headers["content-disposition"].startswith("attachment")

    context = browser.new_context(viewport={"width": 390, "height": 800}, locale="en-GB", offline=True)
    alone = context.new_page()
    complaints: list[str] = []
    alone.on("pageerror", lambda error: complaints.append(str(error)))
    alone.goto(saved.as_uri())
    alone.set_input_files("#check-file", papers.closed)
    assert set(_states(alone).values()) == {"ok", "later"} and "Verified" in alone.inner_text(".check-verdict")
    assert complaints == [] and faults(alone) == []
    assert alone.evaluate("document.documentElement.scrollWidth") <= 390
    shot(alone, "check-alone-en-phone")
    alone.click("button[data-lang='zh-Hans']")
    assert "核验通过" in alone.inner_text(".check-verdict") and alone.title().startswith("离线核验")
    shot(alone, "check-alone-zh-phone")
    refused = "fetch('https://example.org/').then(() => 'sent', (error) => String(error))"
    assert alone.evaluate(refused).startswith("TypeError")
    assert any("connect-src" in line or "default-src" in line for line in _violations(alone))
    context.close()


def _violations(page: Any) -> list[str]:
    found: list[str] = page.evaluate(
        "() => new Promise((done) => { document.addEventListener('securitypolicyviolation', "
        "(event) => done([event.violatedDirective]), { once: true }); fetch('https://example.org/').catch(() => {}); })"
    )
    return found
