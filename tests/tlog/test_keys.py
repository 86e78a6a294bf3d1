"""The log's key file: private, atomic, never over another, read by others' programs."""

from __future__ import annotations

import json
import stat
from pathlib import Path

import pytest

from yiwang.tlog import note
from yiwang.tlog.checkpoint import Checkpoint, open_checkpoint, sign_checkpoint
from yiwang.tlog.errors import KeyFileError, NoteError
from yiwang.tlog.keys import FILE, LogKeys


def test_saved_keys_are_private_and_the_folder_is_left_as_it_was(keys: LogKeys, tmp_path: Path) -> None:
    tmp_path.chmod(0o755)
    path = keys.save(tmp_path)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE(tmp_path.stat().st_mode) == 0o755
    assert [p.name for p in tmp_path.iterdir()] == [FILE]


def test_loaded_keys_sign_for_the_saved_ones(keys: LogKeys, tmp_path: Path) -> None:
    keys.save(tmp_path)
    loaded = LogKeys.load(tmp_path)
    assert loaded.vkeys() == keys.vkeys()
    signed = sign_checkpoint(Checkpoint(keys.name, 1, bytes(32)), loaded)
    open_checkpoint(signed, keys.verifiers(), every=True)


def test_keys_are_never_overwritten(keys: LogKeys, tmp_path: Path) -> None:
    before = keys.save(tmp_path).read_bytes()
    with pytest.raises(KeyFileError, match="已存在"):
        LogKeys.create(keys.name).save(tmp_path)
    assert (tmp_path / FILE).read_bytes() == before
    assert [p.name for p in tmp_path.iterdir()] == [FILE]


def test_a_key_file_that_others_can_read_is_refused(keys: LogKeys, tmp_path: Path) -> None:
    keys.save(tmp_path).chmod(0o640)
    with pytest.raises(KeyFileError, match="0640"):
        LogKeys.load(tmp_path)


def test_missing_folder_and_missing_file(keys: LogKeys, tmp_path: Path) -> None:
    with pytest.raises(KeyFileError):
        keys.save(tmp_path / "none")
    assert not (tmp_path / "none").exists()
    with pytest.raises(KeyFileError):
        LogKeys.load(tmp_path)


def test_a_damaged_key_file_is_refused(keys: LogKeys, tmp_path: Path) -> None:
    path = keys.save(tmp_path)
    good = path.read_bytes()
    lines = good.splitlines(keepends=True)
    other = LogKeys.create("b.example")
    (tmp_path / "b").mkdir()
    mixed = other.save(tmp_path / "b").read_bytes().splitlines(keepends=True)
    damaged = [b"", lines[0], good[:-10], good[100:], lines[1] + lines[0], lines[0] + mixed[1], good + lines[0]]
    damaged += [good.replace(b"PRIVATE", b"PUBLIC"), good.replace(b"+KEY+", b"+KEY+x")]
    for content in damaged:
        path.write_bytes(content)
        with pytest.raises(KeyFileError):
            LogKeys.load(tmp_path)


def test_keys_made_by_the_go_implementation_load(tmp_path: Path) -> None:
    published = json.loads((Path(__file__).parent / "vectors" / "go_cosignatures.json").read_text())
    path = tmp_path / FILE
    path.write_text("".join(f"{line}\n" for line in published["skeys"]))
    path.chmod(0o600)
    assert LogKeys.load(tmp_path).vkeys_text().splitlines() == published["log_vkeys"]


def test_vkeys_text_is_one_key_a_line(keys: LogKeys) -> None:
    lines = keys.vkeys_text().splitlines()
    assert [note.parse_vkey(line).kind for line in lines] == [note.ED25519, note.MLDSA44_COSIGNATURE]
    assert "PRIVATE" not in repr(keys) and keys.name in repr(keys)


@pytest.mark.parametrize("name", ["", "a b", "a+b", "志" * 86])
def test_names_that_a_log_cannot_have(name: str) -> None:
    with pytest.raises(NoteError):
        LogKeys.create(name)
