"""``yiwang open``: an envelope opens with published keys, an own key or a record; what does not hold is said."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import zipfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from yiwang.cli.open import Record, look, read_record
from yiwang.kernel.errors import BadInput
from yiwang.seal import envelope as sealing
from yiwang.seal import keys
from yiwang.seal.commitment import bid_commitment
from yiwang.seal.payload import SealFile

if TYPE_CHECKING:
    from conftest import Lot

SALT = bytes(32)


def command(*words: str | Path) -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, "YIWANG_LANG": "en"}
    return subprocess.run([sys.executable, "-m", "yiwang.cli", "open", *map(str, words)], check=False, timeout=60,
                          capture_output=True, text=True, env=environment)  # fmt: skip


@pytest.fixture
def bid(lot: Lot, tmp_path: Path) -> Path:
    path = tmp_path / "bid.sealed"
    path.write_bytes(lot.seal()[0])
    return path


def facts(lot: Lot, path: Path, changes: dict[str, Any] | None = None) -> dict[str, Any]:
    """What an opening record says of the bid in a file."""
    with path.open("rb") as file:
        sha256 = sealing.file_sha256(file)
        file.seek(0)
        manifest = look(path, Record(tuple(key.identity for key in lot.keys), ()), None, None).manifest_sha256
    fixed = {"tender": lot.context.tender, "lot": lot.context.lot, "round": 1, "tenderer": lot.tenderer, "envelope_sha256": sha256}
    commitment = bid_commitment(SALT, lot.context.lot, lot.tenderer, sha256, manifest)
    return {**fixed, "commit_salt": SALT.hex(), "commitment": commitment, **(changes or {})}


def dossier(lot: Lot, path: Path, *bids: dict[str, Any]) -> Path:
    released = [{"act": {"act": "opening.release_key", "public": {"position": n, "identity": lot.keys[n].identity}}} for n in (0, 2, 4)]
    opened = [{"act": {"act": "opening.open", "public": {"record": {"bids": list(bids)}}}}] if bids else []
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("acts.json", json.dumps([{"hidden": True}, *released, *opened]))
    return path


def test_published_keys_open_it_and_nothing_is_overwritten(lot: Lot, bid: Path, tmp_path: Path) -> None:
    for place in (1, 3):
        (tmp_path / f"{place}.key").write_text(f"# custodian\n{lot.keys[place].identity}\n")
    words = (bid, "--identity", tmp_path / "1.key", "--identity", tmp_path / "3.key", "--identity", lot.keys[4].identity,
             "--out", tmp_path / "opened")  # fmt: skip
    done = command(*words, "--json")
    assert done.returncode == 0, done.stderr
    told = json.loads(done.stdout)
    assert (told["ok"], told["commitment"]["ok"], told["decryption"]["ok"], told["signature"]["ok"]) == (True, None, True, True)
    assert told["manifest"]["price"] == lot.price
    signed = json.loads((tmp_path / "opened" / "manifest.json").read_bytes())
    assert signed["manifest"] == told["manifest"] and signed["signature"]
    for file in lot.files:
        assert (tmp_path / "opened" / "documents" / file.name).read_bytes() == file.source
    again = command(*words)
    assert again.returncode == 2 and "nothing is overwritten" in again.stderr
    assert sorted(path.name for path in tmp_path.iterdir()) == ["1.key", "3.key", "bid.sealed", "opened"]


def test_two_keys_of_three_open_nothing(lot: Lot, bid: Path, tmp_path: Path) -> None:
    done = command(bid, "--identity", lot.keys[0].identity, "--identity", lot.keys[1].identity, "--out", tmp_path / "opened")
    assert done.returncode == 1
    assert "✗ decryption: too few keys" in done.stdout
    assert [path.name for path in tmp_path.iterdir()] == ["bid.sealed"]


def test_record_gives_keys_and_what_was_committed_to(lot: Lot, bid: Path, tmp_path: Path) -> None:
    known = read_record(dossier(lot, tmp_path / "dossier.zip", facts(lot, bid)))
    assert [line.ok for line in look(bid, known, None, None).lines] == [True, True, True]
    assert [line.ok for line in look(bid, read_record(dossier(lot, tmp_path / "keys.zip")), None, None).lines] == [None, True, True]


@pytest.mark.parametrize(
    ("changes", "lines"),
    [
        ({"commitment": "00" * 32}, [False, True, True]),
        ({"commit_salt": "11" * 32}, [False, True, True]),
        ({"envelope_sha256": "00" * 32}, [False, True, True]),
        ({"tenderer": "91420100MA4KMXYZ1B"}, [True, False]),
        ({"lot": "T-2027-001/2"}, [True, False]),
    ],
)
def test_record_that_says_otherwise(lot: Lot, bid: Path, tmp_path: Path, changes: dict[str, Any], lines: list[bool]) -> None:
    known = read_record(dossier(lot, tmp_path / "dossier.zip", facts(lot, bid, changes)))
    assert [line.ok for line in look(bid, known, None, tmp_path / "out").lines] == lines
    assert (tmp_path / "out").exists() == (len(lines) == 3)


def test_own_key_and_one_time_key_open_it(lot: Lot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    one_time = keys.new_custodian_key()
    monkeypatch.setattr(sealing.age, "new_identity", lambda: one_time.identity)
    own = keys.new_custodian_key()
    path = tmp_path / "bid.sealed"
    path.write_bytes(lot.seal(own_recipient=own.recipient)[0])
    for key in (own, one_time):
        found = look(path, Record((), ()), key.identity, None)
        assert found.manifest is not None and found.manifest["price"] == lot.price
        assert [line.ok for line in found.lines] == [None, True, True]


def test_invalid_signature_is_shown_with_what_it_was_to_sign(lot: Lot, bid: Path) -> None:
    payload = lot.payload_of(bid.read_bytes())
    length = int.from_bytes(payload[:8], "big")
    signed = json.loads(payload[8 : 8 + length])
    signed["signature"] = "A" * 86 + "=="
    head = sealing.canonical(signed)
    bid.write_bytes(lot.forge(payload[:8] + head + payload[8 + length :]))
    found = look(bid, Record(tuple(key.identity for key in lot.keys[:3]), ()), None, None)
    assert [line.ok for line in found.lines] == [None, True, False]
    assert found.manifest is not None and found.manifest["price"] == lot.price


def test_bad_input_is_named(lot: Lot, bid: Path, tmp_path: Path) -> None:
    stranger = keys.new_custodian_key()
    with pytest.raises(BadInput, match=stranger.recipient):
        look(bid, Record((stranger.identity,), ()), None, None)
    (tmp_path / "no.zip").write_text("no")
    with pytest.raises(BadInput, match=r"no\.zip"):
        read_record(tmp_path / "no.zip")
    (tmp_path / "plain").write_text("%PDF-1.7")
    assert command(bid, "--own", tmp_path / "absent").returncode == 2
    assert command(tmp_path / "plain", "--identity", lot.keys[0].identity).returncode == 1


def test_memory_stays_small_whatever_the_size(lot: Lot, tmp_path: Path) -> None:
    size = 160 * 1024 * 1024
    with (tmp_path / "large.bin").open("wb") as file:
        file.truncate(size)
    path = tmp_path / "bid.sealed"
    sealing.seal_to(path, lot.bid, [SealFile("large.bin", "application/octet-stream", tmp_path / "large.bin")], lot.custodians, lot.signer)
    words = [str(path), "--out", str(tmp_path / "opened")]
    for key in lot.keys[1:4]:
        words += ["--identity", key.identity]
    program = (
        "from yiwang.cli import main\n"
        "try: main()\nexcept SystemExit as end: code = end.code\n"
        "peak = next(line.split()[1] for line in open('/proc/self/status') if line.startswith('VmHWM'))\n"
        "print(code or 0, int(peak) // 1024)"
    )
    done = subprocess.run([sys.executable, "-c", program, "open", *words, "--json"], capture_output=True, text=True, check=True, timeout=120)
    code, peak = map(int, done.stdout.splitlines()[-1].split())
    assert code == 0 and (tmp_path / "opened" / "documents" / "large.bin").stat().st_size == size
    assert peak < 110, "MiB: a third less than the file"
