"""Hostile dossiers: whatever is changed in one, the answer is a report that fails or Unreadable, soon, and never a crash.

``corpus/`` keeps what once was, or could have been, trouble. A file ``<part>--<what>`` takes the place of that part of a sound
dossier, whose manifest is then mended as a forger would; ``archive--<what>`` is a dossier by itself.
"""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from yiwang.kernel.canonical import canonical
from yiwang.verifier import Report, Unreadable, verify
from yiwang.verifier import archive as archives
from yiwang.verifier.page import page

from .conftest import Played

pytestmark = pytest.mark.django_db
CORPUS = Path(__file__).with_name("corpus")
Files = dict[str, bytes]
quick = settings(max_examples=15, deadline=None, suppress_health_check=list(HealthCheck))
"""Each example verifies a whole dossier, some tens of milliseconds."""


class Sound(dict[str, bytes]):
    """The files of a sound dossier; said in few words when a test fails."""

    def __repr__(self) -> str:
        return f"<{len(self)} files>"


@pytest.fixture(scope="module")
def sound(played: Played) -> Sound:
    """A dossier with witnesses, score sheets and all."""
    with archives.read(played.folder / "witnessed.zip") as archive:
        return Sound({name: archive.read(name) for name in archive.entries})


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where made dossiers lie."""
    return tmp_path_factory.mktemp("fuzz")


def mended(files: Files) -> Files:
    """With a manifest that fits, where the one there can be read."""
    try:
        value = json.loads(files["manifest.json"])
        value["files"] = {name: {"size": len(data), "sha256": hashlib.sha256(data).hexdigest()}
                          for name, data in files.items() if name != "manifest.json"}  # fmt: skip
        return {**files, "manifest.json": canonical(value)}
    except (ValueError, TypeError, KeyError):
        return files


def judged(files: Files, folder: Path) -> Report:
    """The report on an archive of these files; it can be shown in every form."""
    path = folder / "made.zip"
    with path.open("wb") as out:
        archives.write(out, files)
    report = verify(path)
    shown(report)
    return report


def shown(report: Report) -> None:
    """In every form, in which nothing unseen or unescaped is left."""
    json.dumps(report.json())
    assert "\x1b" not in report.plain() and "\u202e" not in report.plain()
    from yiwang.kernel import moment

    assert "<script" not in page(report, file="<script>x", sha256="", at=moment.now())


@pytest.mark.parametrize("path", sorted(CORPUS.iterdir()), ids=lambda path: path.name)
def test_corpus(sound: Sound, place: Path, path: Path) -> None:
    part, _, _ = path.name.partition("--")
    if part == "archive":
        try:
            report = verify(path)
        except Unreadable:
            return
        shown(report)
    else:
        report = judged(mended({**sound, part: path.read_bytes()}), place)
    assert not report.ok


@quick
@given(data=st.data())
def test_any_value_in_a_json_part(sound: Sound, place: Path, data: st.DataObject) -> None:
    """One value somewhere in acts, proofs or manifest becomes another; the form stays canonical and the manifest fits."""
    part = data.draw(st.sampled_from(["acts.json", "proofs.json", "manifest.json"]))
    value = json.loads(sound[part])
    spot, key = _somewhere(value, data)
    before = spot[key]
    spot[key] = data.draw(_VALUES)
    files = {**sound, part: canonical(value)}
    report = judged(mended(files) if part != "manifest.json" else files, place)
    assert report.ok == (spot[key] == before and type(spot[key]) is type(before))


@quick
@given(data=st.data())
def test_a_value_left_out_of_a_json_part(sound: Sound, place: Path, data: st.DataObject) -> None:
    part = data.draw(st.sampled_from(["acts.json", "proofs.json", "manifest.json"]))
    value = json.loads(sound[part])
    spot, key = _somewhere(value, data)
    del spot[key]
    files = {**sound, part: canonical(value)}
    assert not judged(mended(files) if part != "manifest.json" else files, place).ok


@quick
@given(data=st.data())
def test_any_bytes_in_a_part(sound: Sound, place: Path, data: st.DataObject) -> None:
    """Policy and keys are the center's own word: another policy may hold, but only with the log's very keys."""
    part = data.draw(st.sampled_from(["policy", "log.vkeys", "checkpoint", "acts.json", "proofs.json", "README.txt"]))
    start = data.draw(st.integers(0, len(sound[part])))
    cut, junk = data.draw(st.integers(0, 40)), data.draw(st.binary(max_size=40))
    changed = sound[part][:start] + junk + sound[part][start + cut :]
    report = judged(mended({**sound, part: changed}), place)
    if part != "policy":
        assert report.ok == (changed == sound[part])
    elif report.ok:
        assert changed.startswith(b"".join(b"log %s\n" % line for line in sound["log.vkeys"].splitlines()))


@quick
@given(data=st.data())
def test_any_bytes_of_the_container(sound: Sound, place: Path, data: st.DataObject) -> None:
    """Cut, doubled, moved or foreign bytes anywhere in the archive."""
    path = place / "whole.zip"
    with path.open("wb") as out:
        archives.write(out, sound)
    whole = path.read_bytes()
    start, length = data.draw(st.integers(0, len(whole))), data.draw(st.integers(0, 400))
    piece = data.draw(
        st.sampled_from([b"", whole[start : start + length] * 2, whole[-length:], b"PK\x03\x04", b"\xff" * 4])
    )
    path.write_bytes(whole[:start] + piece + whole[start + length :])
    try:
        report = verify(path)
    except Unreadable:
        return
    shown(report)
    assert report.ok == (path.read_bytes() == whole)


_VALUES = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-(2**53) + 1, 2**53 - 1),
    st.sampled_from(["", "0", "-1", "1e999999999", "NaN", "tender/x", "../../etc/passwd", "\x1b[31m", "\u202e", "<script>"]),
    st.sampled_from(["00" * 32, "2026-03-02T01:00:00Z", "9999-12-31T23:59:59Z", "0001-01-01T00:00:00Z"]),
    st.text(max_size=20),
    st.just([]),
    st.just({}),
    st.lists(st.integers(0, 3), max_size=3),
)  # fmt: skip


def _somewhere(value: Any, data: st.DataObject) -> tuple[Any, Any]:
    """A container in the value and a key of it, at any depth."""
    while True:
        keys = sorted(value) if isinstance(value, dict) else list(range(len(value)))
        key = data.draw(st.sampled_from(keys))
        below = value[key]
        if not isinstance(below, dict | list) or not below or data.draw(st.integers(0, 9)) == 0:
            return value, key
        value = below
