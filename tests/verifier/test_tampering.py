"""Whatever is changed in a dossier, verification fails and names it: each byte region, each file, each statement."""

from __future__ import annotations

import hashlib
import json
import zipfile
from collections.abc import Callable
from io import BytesIO
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

from yiwang.kernel.canonical import canonical
from yiwang.kernel.text import language
from yiwang.verifier import FAILED, Report, Unreadable, verify
from yiwang.verifier import archive as archives

from .conftest import Played

pytestmark = pytest.mark.django_db
Files = dict[str, bytes]


@pytest.fixture
def whole(played: Played) -> Files:
    """The files of the dossier at the end of the tender's life."""
    with archives.read(played.at("archived")) as archive:
        return {name: archive.read(name) for name in archive.entries}


def checked(files: Files, folder: Path, *, manifest: bool = False) -> Report:
    """Verify an archive of these files; with ``manifest`` the forger mends the manifest as well."""
    if manifest:
        value = json.loads(files["manifest.json"])
        value["files"] = {name: {"size": len(data), "sha256": hashlib.sha256(data).hexdigest()}
                          for name, data in files.items() if name != "manifest.json"}  # fmt: skip
        files = {**files, "manifest.json": canonical(value)}
    path = folder / "forged.zip"
    with path.open("wb") as out:
        archives.write(out, files)
    return verify(path)


def words(report: Report) -> str:
    """All that the report says of faults, in English."""
    token = language.set("en")
    try:
        return " | ".join(str(detail) for line in report.failed for detail in line.details)
    finally:
        language.reset(token)


def test_one_byte_of_each_file(whole: Files, tmp_path: Path) -> None:
    for name in whole:
        data = bytearray(whole[name])
        data[len(data) // 2] ^= 1
        report = checked({**whole, name: bytes(data)}, tmp_path)
        assert not report.ok and name in words(report), name


def test_one_byte_of_each_file_with_the_manifest_mended(whole: Files, tmp_path: Path) -> None:
    for name in whole.keys() - {"manifest.json"}:
        for place in (0, len(whole[name]) // 3, len(whole[name]) - 1):
            data = bytearray(whole[name])
            data[place] ^= 1
            assert not checked({**whole, name: bytes(data)}, tmp_path, manifest=True).ok, (name, place)


@pytest.mark.parametrize("mended", [False, True])
def test_each_file_removed(whole: Files, tmp_path: Path, mended: bool) -> None:
    for name in whole:
        rest = {other: data for other, data in whole.items() if other != name}
        report = checked(rest, tmp_path, manifest=mended and name != "manifest.json")
        assert not report.ok and name.split("/")[-1] in words(report), name


@pytest.mark.parametrize("mended", [False, True])
def test_two_files_swapped(whole: Files, tmp_path: Path, mended: bool) -> None:
    names = sorted(whole.keys() - {"manifest.json"})
    for one, two in pairwise(names):
        report = checked({**whole, one: whole[two], two: whole[one]}, tmp_path, manifest=mended)
        assert not report.ok, (one, two)


@pytest.mark.parametrize("name", ["documents/" + "0" * 64, "bids/" + "0" * 64, "notes.txt", "acts.json.bak", "x/y"])
def test_a_file_added(whole: Files, tmp_path: Path, name: str) -> None:
    for mended in (False, True):
        report = checked({**whole, name: b"more"}, tmp_path, manifest=mended)
        assert not report.ok and name in words(report)


def test_no_byte_of_the_archive_is_beyond_checking(played: Played, tmp_path: Path) -> None:
    data = played.at("tendering").read_bytes()
    path = tmp_path / "one-bit.zip"
    content = _content_bytes(played.at("tendering"))
    for place in [n for n in range(len(data)) if n not in content] + sorted(content)[:: max(1, len(content) // 300)]:
        changed = bytearray(data)
        changed[place] ^= 0x10
        path.write_bytes(changed)
        try:
            assert not verify(path).ok, place
        except Unreadable:
            assert place < 4


def _content_bytes(path: Path) -> set[int]:
    with archives.read(path) as archive:
        return {n for entry in archive.entries.values() for n in range(entry.start, entry.start + entry.size)}


@pytest.mark.parametrize(
    "change",
    [
        lambda data: data + b"\n",
        lambda data: data[:-1],
        lambda data: data[:-2] + b"\x05\x00hello",
        lambda data: b"PK\x03\x04" + data,
        lambda data: data[: len(data) // 2],
    ],
)
def test_garbage_around_the_archive(played: Played, tmp_path: Path, change: Callable[[bytes], bytes]) -> None:
    path = tmp_path / "garbage.zip"
    path.write_bytes(change(played.at("archived").read_bytes()))
    assert not verify(path).ok


def test_another_zip_of_the_same_files_is_refused(whole: Files, tmp_path: Path) -> None:
    path = tmp_path / "packed.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as other:
        for name, data in whole.items():
            other.writestr(name, data)
    assert not verify(path).ok


def test_not_a_dossier(tmp_path: Path) -> None:
    (tmp_path / "text").write_text("no zip")
    (tmp_path / "empty").write_bytes(b"")
    for name in ("text", "empty", "absent"):
        with pytest.raises(Unreadable):
            verify(tmp_path / name)


def test_any_unzip_program_reads_it(played: Played, whole: Files) -> None:
    with zipfile.ZipFile(played.at("archived")) as archive:
        assert archive.testzip() is None
        assert {info.filename: archive.read(info) for info in archive.infolist()} == whole


def test_zip64_where_offsets_ask_for_it(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(archives, "FULL", 150)
    files = {f"{n}": bytes([n]) * 100 for n in range(9)}
    out = BytesIO()
    size = archives.write(out, files)
    assert size == len(out.getvalue())
    (tmp_path / "large.zip").write_bytes(out.getvalue())
    with archives.read(tmp_path / "large.zip") as archive:
        assert {name: archive.read(name) for name in archive.entries} == files
    with zipfile.ZipFile(out) as other:
        assert {info.filename: other.read(info) for info in other.infolist()} == files


# --- what a forger would rather change: statements, with all that he can compute himself mended -----------------------


def edited(whole: Files, change: Callable[[list[dict[str, Any]]], object]) -> Files:
    """The files with acts.json changed."""
    rows = json.loads(whole["acts.json"])
    change(rows)
    return {**whole, "acts.json": canonical(rows)}


def row_of(rows: list[dict[str, Any]], name: str) -> dict[str, Any]:
    return next(row for row in rows if "act" in row and row["act"]["act"] == name)


def test_a_changed_price_is_named(whole: Files, tmp_path: Path) -> None:
    def cheaper(rows: list[dict[str, Any]]) -> None:
        row_of(rows, "opening.open")["act"]["public"]["record"]["bids"][0]["price"] -= 100

    report = checked(edited(whole, cheaper), tmp_path, manifest=True)
    failed = {line.id for line in report.failed}
    assert {"log", "opening"} <= failed
    assert "the sealed price is" in words(report)


def test_a_changed_score_is_named(played: Played, tmp_path: Path) -> None:
    with archives.read(played.at("scored")) as archive:
        files = {name: archive.read(name) for name in archive.entries}

    def better(rows: list[dict[str, Any]]) -> None:
        sheet = row_of(rows, "evaluation.submit_sheet")["act"]["public"]["sheet"]
        for marks in sheet["scores"].values():
            marks["technical"] = "39.9"

    report = checked(edited(files, better), tmp_path, manifest=True)
    assert {"log", "signatures", "sheets", "ranking"} <= {line.id for line in report.failed}
    assert "evaluation.submit_sheet" in words(report)


@pytest.mark.parametrize(
    ("name", "check"),
    [
        ("bid.submit", "closing"),
        ("person.bind_key", "signatures"),
        ("organisation.register", "organisations"),
        ("opening.confirm", "chain"),
        ("draw.commit", "draw"),
        ("draw.reveal", "draw"),
        ("evaluation.submit_sheet", "sheets"),
        ("evaluation.sign_report", "report"),
        ("contract.sign", "contract"),
        ("opening.release_key", "opening"),
    ],
)
def test_an_act_left_out_is_noticed(whole: Files, tmp_path: Path, name: str, check: str) -> None:
    def without(rows: list[dict[str, Any]]) -> None:
        rows.remove(row_of(rows, name))

    report = checked(edited(whole, without), tmp_path, manifest=True)
    assert check in {line.id for line in report.failed}


def test_an_act_hidden_instead_of_shown_still_counts(whole: Files, tmp_path: Path) -> None:
    """Hiding the content of an act keeps chain and log whole, and what rested on it fails."""

    def blind(rows: list[dict[str, Any]]) -> None:
        row = row_of(rows, "evaluation.submit_sheet")
        del row["act"], row["salt"]

    report = checked(edited(whole, blind), tmp_path, manifest=True)
    failed = {line.id for line in report.failed}
    assert "chain" not in failed and "log" not in failed and "sheets" in failed


def test_a_changed_private_part_is_named(played: Played, tmp_path: Path) -> None:
    with archives.read(played.at("archived-supervisor")) as archive:
        files = {name: archive.read(name) for name in archive.entries}

    def other(rows: list[dict[str, Any]]) -> None:
        next(row for row in rows if "private" in row)["private"]["more"] = 1

    report = checked(edited(files, other), tmp_path, manifest=True)
    assert [line.id for line in report.failed] == ["private"]


def test_every_failure_has_a_sentence_in_both_languages(whole: Files, tmp_path: Path) -> None:
    report = checked({**whole, "acts.json": b"[]"}, tmp_path, manifest=True)
    assert report.failed
    for line in report.lines:
        for text in (line.title, line.basis, *line.details):
            assert text.zh and text.en
    assert any(line.status == FAILED for line in report.lines)


def test_a_readme_of_an_earlier_version_stays_valid(whole: Files, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Wording may improve; dossiers that lie in archives must not break for it. Any other text fails."""
    from yiwang.verifier import run

    files = {**whole, "README.txt": b"as it was once\n"}
    assert not checked(files, tmp_path, manifest=True).ok
    monkeypatch.setattr(run, "EARLIER", frozenset({hashlib.sha256(files["README.txt"]).hexdigest()}))
    assert checked(files, tmp_path, manifest=True).ok
