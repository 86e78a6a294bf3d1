"""The log's Ed25519 key in a PKCS#11 token behind the same interface as a file; SoftHSM stands for the HSM."""

from __future__ import annotations

import multiprocessing
import stat
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from yiwang.tlog import pkcs11
from yiwang.tlog.checkpoint import Checkpoint, open_checkpoint, sign_checkpoint
from yiwang.tlog.errors import KeyFileError
from yiwang.tlog.keys import FILE, LogKeys
from yiwang.tlog.pkcs11 import Token

ORIGIN = "evidence.example/2027"


@pytest.fixture
def keys(in_environment: Token, request: pytest.FixtureRequest) -> LogKeys:
    """Keys whose Ed25519 half was made in the token under a label of this test's own."""
    return LogKeys.create_in_token(ORIGIN, request.node.name)


def test_a_checkpoint_signed_by_the_token_is_like_any_other(keys: LogKeys, tmp_path: Path) -> None:
    path = keys.save(tmp_path)
    loaded = LogKeys.load(tmp_path)
    signed = sign_checkpoint(Checkpoint(ORIGIN, 7, bytes(32)), loaded)
    assert open_checkpoint(signed, keys.verifiers(), every=True).checkpoint.size == 7
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    first, second = path.read_text().splitlines()
    assert first == f"PKCS11+{keys.vkeys()[0]} {keys.ed25519.label}"  # type: ignore[union-attr]
    assert second.startswith("PRIVATE+KEY+")


def test_the_private_key_does_not_leave_the_token(keys: LogKeys, in_environment: Token) -> None:
    import pkcs11 as library

    with pkcs11.open_session(in_environment) as session:
        key = session.get_key(object_class=library.ObjectClass.PRIVATE_KEY, label=keys.ed25519.label)  # type: ignore[union-attr]
        assert key[library.Attribute.SENSITIVE] and not key[library.Attribute.EXTRACTABLE]
        with pytest.raises(library.PKCS11Error):
            key[library.Attribute.VALUE]


def test_keys_load_without_the_token_and_say_what_is_missing_when_they_are_to_sign(
    keys: LogKeys, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    keys.save(tmp_path)
    monkeypatch.delenv("YIWANG_PKCS11_PIN_FILE")
    loaded = LogKeys.load(tmp_path)
    assert loaded.vkeys() == keys.vkeys()
    with pytest.raises(KeyFileError) as caught:
        sign_checkpoint(Checkpoint(ORIGIN, 1, bytes(32)), loaded)
    assert caught.value.reasons[0].field == "YIWANG_PKCS11_PIN_FILE"


def test_a_pin_file_that_others_can_read_is_refused(in_environment: Token, tmp_path: Path) -> None:
    pin = tmp_path / "pin"
    pin.write_text("271828\n")
    pin.chmod(0o644)
    with pytest.raises(KeyFileError, match="0644"):
        pkcs11.generate("readable", replace(in_environment, pin_file=pin))
    pin.chmod(0o600)
    pin.write_text("\n")
    with pytest.raises(KeyFileError, match="空"):
        pkcs11.generate("empty", replace(in_environment, pin_file=pin))


def test_a_wrong_token_module_or_key_is_named(keys: LogKeys, in_environment: Token, tmp_path: Path) -> None:
    with pytest.raises(KeyFileError, match="没有这个标签"):
        pkcs11.generate("x", replace(in_environment, label="another"))
    with pytest.raises(KeyFileError, match=r"none\.so"):
        pkcs11.generate("x", replace(in_environment, module=tmp_path / "none.so"))
    missing = pkcs11.TokenKey("no such key", keys.ed25519.public_key().public_bytes_raw())
    with pytest.raises(KeyFileError, match="没有密钥 no such key"):
        missing.sign(b"data")


def test_a_token_that_signs_with_another_key_is_found_out(keys: LogKeys, in_environment: Token) -> None:
    other = LogKeys.create(ORIGIN)
    public = other.ed25519.public_key().public_bytes_raw()
    confused = pkcs11.TokenKey(keys.ed25519.label, public)  # type: ignore[union-attr]
    with pytest.raises(KeyFileError, match="不是密钥文件记载的"):
        confused.sign(b"data")


def test_a_key_in_the_token_is_never_overwritten(keys: LogKeys, in_environment: Token) -> None:
    with pytest.raises(KeyFileError, match="已有"):
        LogKeys.create_in_token(ORIGIN, keys.ed25519.label)  # type: ignore[union-attr]


def test_a_damaged_token_line_is_refused(keys: LogKeys, tmp_path: Path) -> None:
    path = keys.save(tmp_path)
    good = path.read_text()
    other = LogKeys.create("b.example").vkeys()[0]
    for damaged in (good.replace("PKCS11+", "PKCS12+"), good.replace(str(keys.vkeys()[0]), str(other)), good[9:]):
        path.write_text(damaged)
        with pytest.raises(KeyFileError, match="损坏"):
            LogKeys.load(tmp_path)
    assert path.name == FILE


def _in_child(work: Callable[[], object]) -> str:
    """What the work gives in a forked process, or the sentence of its error."""
    here, there = multiprocessing.get_context("fork").Pipe(duplex=False)

    def run() -> None:
        try:
            there.send(str(work()))
        except KeyFileError as error:
            there.send(str(error))

    child = multiprocessing.get_context("fork").Process(target=run)
    child.start()
    answer = here.recv() if here.poll(20) else "no answer"
    child.join(20)
    return str(answer)


@pytest.mark.filterwarnings("ignore:This process .* is multi-threaded:DeprecationWarning")
def test_a_child_process_opens_a_session_of_its_own(keys: LogKeys) -> None:
    keys.ed25519.sign(b"here")
    signature = bytes.fromhex(_in_child(lambda: keys.ed25519.sign(b"there").hex()))
    keys.ed25519.public_key().verify(signature, b"there")
    keys.ed25519.public_key().verify(keys.ed25519.sign(b"here"), b"here")


@pytest.mark.filterwarnings("ignore:This process .* is multi-threaded:DeprecationWarning")
def test_a_wrong_pin_is_named(keys: LogKeys, in_environment: Token, tmp_path: Path) -> None:
    pin = tmp_path / "pin"
    pin.write_text("999999")
    pin.chmod(0o600)
    wrong = replace(in_environment, pin_file=pin)
    assert "PIN 不对" in _in_child(lambda: pkcs11.generate("x", wrong))
