"""A fresh SoftHSM token, as the distribution's package gives it; stage, cast and plays as for journeys."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

import pytest

from tests.journeys.conftest import cast, folders, play, stage  # noqa: F401  (fixtures)
from yiwang.tlog.pkcs11 import Token

PIN = "271828"
_PLACES = ("softhsm", "x86_64-linux-gnu/softhsm", "aarch64-linux-gnu/softhsm")
MODULES = [Path("/usr/lib", place, "libsofthsm2.so") for place in _PLACES]


_made: list[Token] = []


@pytest.fixture(scope="session")
def softhsm(tmp_path_factory: pytest.TempPathFactory) -> Token:
    """A token with the label ``yiwang``, empty at first; one a process, whoever imports this fixture: SoftHSM reads its
    place from the environment once, and a forked child reads it anew.
    """
    if _made:
        return _made[0]
    module = next((path for path in MODULES if path.exists()), None)
    if module is None or shutil.which("softhsm2-util") is None:
        pytest.skip("SoftHSM is not on this machine (distribution package softhsm2)")
    pytest.importorskip("pkcs11", reason="the extra pkcs11 (python-pkcs11) is not installed")
    folder = tmp_path_factory.mktemp("softhsm")
    (folder / "tokens").mkdir()
    settings = folder / "softhsm2.conf"
    settings.write_text(f"directories.tokendir = {folder}/tokens\nobjectstore.backend = file\nlog.level = ERROR\n")
    pin = folder / "pin"
    pin.write_text(f"{PIN}\n")
    pin.chmod(0o600)
    os.environ["SOFTHSM2_CONF"] = str(settings)
    make = ["softhsm2-util", "--init-token", "--free", "--label", "yiwang", "--pin", PIN, "--so-pin", "31415926"]
    subprocess.run(make, check=True, capture_output=True)
    _made.append(Token(module, "yiwang", pin))
    return _made[0]


@pytest.fixture
def in_environment(softhsm: Token, monkeypatch: pytest.MonkeyPatch) -> Token:
    """The environment names the token, as an operator's does."""
    monkeypatch.setenv("YIWANG_PKCS11_MODULE", str(softhsm.module))
    monkeypatch.setenv("YIWANG_PKCS11_TOKEN", softhsm.label)
    monkeypatch.setenv("YIWANG_PKCS11_PIN_FILE", str(softhsm.pin_file))
    return softhsm
