"""Our stream of the age format against the age library and the age program: the same files, the same refusals."""

from __future__ import annotations

import io
import os
import shutil
import subprocess
from pathlib import Path

import pyrage
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from yiwang.seal import age, agestream

IDENTITY = age.new_identity()
RECIPIENT = age.recipient_of(IDENTITY)
THEIRS = pyrage.x25519.Identity.from_str(IDENTITY)
SIZES = (0, 1, 65535, 65536, 65537, 4 * 65536 - 1, 4 * 65536, 4 * 65536 + 1, 1_000_003)


class Slow(io.BytesIO):
    """A source that gives a few bytes at a time, as a socket does."""

    def read(self, size: int | None = -1) -> bytes:
        return super().read(min(size or 0, 4093) if size is not None and size >= 0 else 4093)


def ours(data: bytes) -> bytes:
    """The plaintext by our code. Damaged otherwise."""
    out = io.BytesIO()
    agestream.decrypt(io.BytesIO(data), out, IDENTITY)
    return out.getvalue()


def theirs(data: bytes) -> bytes | None:
    """The plaintext by the library, None when it refuses."""
    try:
        return bytes(pyrage.decrypt(data, [THEIRS]))
    except (pyrage.DecryptError, OSError):
        return None


def made(data: bytes, *others: str) -> bytes:
    out = io.BytesIO()
    agestream.encrypt(io.BytesIO(data), out, [*others, RECIPIENT])
    return out.getvalue()


@pytest.mark.parametrize("size", SIZES)
def test_either_reads_what_the_other_writes(size: int) -> None:
    data = os.urandom(size)
    assert theirs(made(data, age.recipient_of(age.new_identity()))) == data
    assert ours(pyrage.encrypt(data, [pyrage.x25519.Identity.generate().to_public(), THEIRS.to_public()])) == data
    slow = io.BytesIO()
    agestream.decrypt(Slow(made(data)), slow, IDENTITY)
    assert slow.getvalue() == data


@pytest.mark.parametrize("size", [0, 65536, 3 * 65536 + 5])
def test_cut_short_lengthened_and_rearranged_files_are_refused(size: int) -> None:
    whole = made(os.urandom(size))
    body = whole.index(b"\n--- ") + 5 + 43 + 1 + 16
    chunk = 65536 + 16
    swapped = whole[:body] + whole[body + chunk : body + 2 * chunk] + whole[body : body + chunk] + whole[body + 2 * chunk :]
    for bad in (whole[:-1], whole[:-16], whole[:-17], whole[:body], whole[: body + chunk], whole + b"\0", whole + bytes(16),
                whole + whole[body:], swapped if size > chunk else b""):  # fmt: skip
        if bad != whole:
            assert theirs(bad) is None
            with pytest.raises(agestream.Damaged):
                ours(bad)


def test_another_key_opens_nothing() -> None:
    with pytest.raises(agestream.Damaged, match="no stanza"):
        agestream.decrypt(io.BytesIO(made(b"x")), io.BytesIO(), age.new_identity())


@pytest.mark.parametrize("name", ["base64 padding", "stray bits", "short share", "three arguments", "lower case", "grease", "low order", "no stanza"])
def test_headers_that_are_odd_are_judged_as_by_the_library(name: str) -> None:
    whole = made(b"plain")
    share = whole.split(b"X25519 ")[1].split(b"\n")[0]
    odd = {
        "base64 padding": whole.replace(share, share + b"="),
        "stray bits": whole.replace(share, share[:-1] + (b"B" if share[-1:] != b"B" else b"C")),
        "short share": whole.replace(share, share[:-2]),
        "three arguments": whole.replace(share, share + b" more"),
        "lower case": whole.replace(b"X25519", b"x25519"),
        "grease": whole.replace(b"-> X25519", b"-> a-grease b\n\n-> X25519"),
        "low order": whole.replace(share, b"A" * 43),
        "no stanza": whole[:22] + whole[whole.index(b"--- ") :],
    }[name]
    assert odd != whole
    assert theirs(odd) is None
    with pytest.raises(agestream.Damaged):
        ours(odd)


WHOLE = made(b"plain text of a bid" * 9)


@settings(max_examples=400, deadline=None)
@given(at=st.integers(0, len(WHOLE) - 1), to=st.binary(max_size=3), cut=st.integers(0, 3))
def test_whatever_is_changed_neither_opens_or_both_say_the_same(at: int, to: bytes, cut: int) -> None:
    changed = WHOLE[:at] + to + WHOLE[at + cut :]
    found: bytes | None
    try:
        found = ours(changed)
    except agestream.Damaged:
        found = None
    assert found == theirs(changed)


@pytest.mark.skipif(shutil.which("age") is None, reason="the age program is not installed (Debian package: age)")
@pytest.mark.parametrize("size", [0, 4 * 65536, 700_001])
def test_the_age_program_reads_it_and_is_read(tmp_path: Path, size: int) -> None:
    data = os.urandom(size)
    (tmp_path / "key").write_text(IDENTITY + "\n")
    (tmp_path / "ours.age").write_bytes(made(data))
    opened = subprocess.run(["age", "-d", "-i", tmp_path / "key", tmp_path / "ours.age"], check=True, capture_output=True, timeout=30)
    assert opened.stdout == data
    sealed = subprocess.run(["age", "-r", RECIPIENT], input=data, check=True, capture_output=True, timeout=30)
    assert ours(sealed.stdout) == data
