"""Whatever bytes come: the parsers of the log accept them or raise their own error, in both languages, and no other.

Starts from the kept inputs of ``corpus/`` (see its README) and spoils them. Witness: tests/witness/test_fuzz.py.
"""

from __future__ import annotations

import json
from contextlib import suppress
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.tlog.independent import Tree
from tests.tlog.independent import path as tile_path
from tests.tlog.parsers import PARSERS, Parser, cases

from yiwang.kernel.errors import YiwangError
from yiwang.tlog import layout, merkle, served
from yiwang.tlog.cosignature import verifier_for
from yiwang.tlog.errors import KeyFileError, LogDamaged, NoteError, ProofError
from yiwang.tlog.keys import FILE, LogKeys
from yiwang.tlog.note import Verifier
from yiwang.tlog.tiles import TileLog

EACH = [pytest.param(name, case, id=f"{name}: {case['what']}") for name in PARSERS for case in cases(name)]

PIECES = [b"", b"\n", b"\n\n", b"\r\n", b" ", b"\t", b"\0", b"\x7f", b"\xff", b"\xc2\x85", b"\xc2\xa0", b"\xe2\x80\xa8", b"+", b"=",
          b"-", b"0", b"/", "— ".encode(), "٣".encode(), b"\xed\xa0\x80", b"\xef\xbb\xbf", b"none", b"index ", b"A" * 43 + b"="]  # fmt: skip


def readable(error: YiwangError) -> bool:
    """It says something in both languages, in one line that can be printed."""
    texts = [text for reason in error.reasons for text in (reason.message.zh, reason.message.en)]
    return bool(texts) and all(text and "\n" not in text and text.encode() for text in texts)


def meets_contract(parser: Parser, data: bytes) -> bool:
    """Gives whether it was accepted."""
    try:
        read = parser.read(data)
    except parser.errors as error:
        assert readable(error)
        return False
    assert parser.write is None or parser.write(read) == data
    return True


@pytest.mark.parametrize(("name", "case"), EACH)
def test_kept_inputs(name: str, case: dict[str, Any]) -> None:
    assert meets_contract(PARSERS[name], case["data"]) is case["good"]


@st.composite
def spoilt(draw: st.DrawFn, seeds: list[bytes]) -> bytes:
    """One of the seeds with pieces cut, put in, doubled or exchanged, by bytes and by lines."""
    data = draw(st.sampled_from(seeds))
    for _ in range(draw(st.integers(1, 3))):
        low = draw(st.integers(0, len(data)))
        high = min(len(data), low + draw(st.integers(0, 40)))
        way = draw(st.integers(0, 4))
        if way == 0:
            data = data[:low] + draw(st.sampled_from(PIECES)) + data[high:]
        elif way == 1:
            data = data[:low] + draw(st.binary(max_size=4)) + data[low:]
        elif way == 2 and low < len(data):
            data = data[:low] + bytes([data[low] ^ 1 << draw(st.integers(0, 7))]) + data[low + 1 :]
        elif way == 3:
            data = data[:high] + data[low:high] + data[high:]
        else:
            lines = data.split(b"\n")
            lines.insert(draw(st.integers(0, len(lines) - 1)), lines.pop(draw(st.integers(0, len(lines) - 1))))
            data = b"\n".join(lines)
    return data


@pytest.mark.parametrize("name", PARSERS)
def test_spoilt_inputs(name: str) -> None:
    seeds = [case["data"] for case in cases(name) if len(case["data"]) < 5000]
    good = [case["data"] for case in cases(name) if case["good"]]

    @settings(max_examples=100, deadline=None)
    @given(st.one_of(spoilt(good), spoilt(seeds), st.binary(max_size=200)))
    def holds(data: bytes) -> None:
        meets_contract(PARSERS[name], data)

    holds()


@settings(max_examples=100, deadline=None)
@given(spoilt([case["data"] for case in cases("note") if case["good"]]))
def test_a_spoilt_note_is_never_taken_for_another_checkpoint(data: bytes) -> None:
    signed = cases("note")[0]["data"].partition(b"\n\n")[0]
    extended = next(case["data"] for case in cases("note") if case["what"] == "an extension line").partition(b"\n\n")[0]
    with suppress(NoteError):
        assert PARSERS["note"].read(data)[0] in (signed + b"\n", extended + b"\n")


# Signatures and proofs

VERIFIERS = [verifier_for(case["text"]) for case in cases("vkey")[:3]]
SIGNED = cases("note")[1]["data"].partition(b"\n\n")[0] + b"\n"
BLOBS = st.one_of(st.binary(max_size=80), *(st.binary(min_size=n, max_size=n) for n in (64, 72, 2428)))


@settings(max_examples=60, deadline=None)
@given(st.sampled_from(VERIFIERS), st.one_of(st.just(SIGNED), spoilt([SIGNED]), st.binary(max_size=50)), BLOBS)
def test_no_key_takes_just_any_bytes_for_its_signature(key: Verifier, text: bytes, blob: bytes) -> None:
    assert key.verify(text, blob) is False


SIZES = st.one_of(st.integers(-2, 9), st.integers(-(2**70), 2**70), st.sampled_from([2**63 - 1, 2**63, 2**64]))
HASHES = st.binary(min_size=31, max_size=33)


@settings(max_examples=150, deadline=None)
@given(SIZES, SIZES, HASHES, HASHES, st.lists(HASHES, max_size=70))
def test_any_proof_proves_or_is_refused(one: int, two: int, first: bytes, second: bytes, proof: list[bytes]) -> None:
    """Hashes by chance prove nothing, but that a tree is itself and that everything grows from nothing."""
    with pytest.raises(ProofError):
        merkle.verify_inclusion(one, two, first, proof, second + b"x")
    for check in (merkle.verify_consistency, merkle.verify_growth):
        try:
            check(one, two, first, second, proof)
        except ProofError as error:
            assert readable(error)
        else:
            assert not proof and (one == 0 or (one == two and first == second))


# Addresses of tiles

SIZE = 70_000
TREE = Tree(lambda number: b"%d" % (number % 7), lambda start, stop: (start % 7, stop - start))


@pytest.fixture(scope="module")
def log(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The files of a log around entries 0 and 69,999."""
    folder = tmp_path_factory.mktemp("log")
    for name, data in {
        "tile/0/000": TREE.tile(0, 0, 256), "tile/0/273.p/112": TREE.tile(0, 273, 112), "tile/1/001.p/17": TREE.tile(1, 1, 17),
        "tile/2/000.p/1": TREE.tile(2, 0, 1), "tile/entries/000": TREE.bundle(0, 256), "tile/entries/273.p/112": TREE.bundle(273, 112),
    }.items():  # fmt: skip
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(data)
    return folder


@settings(max_examples=200, deadline=None)
@given(st.sampled_from([0, 1, 2, 63, "entries"]), st.integers(0, 2**64), st.integers(1, 256))
def test_paths_are_those_of_the_plain_rule(level: int | str, index: int, width: int) -> None:
    assert layout.tile_path(level, index, width) == tile_path(level, index, width)


ADDRESSES = [b"tile/0/000", b"tile/0/273.p/112", b"tile/1/001.p/17", b"tile/2/000.p/1", b"tile/entries/000", b"tile/entries/273.p/112",
             b"tile/0/x000/000", b"tile/0/00", b"tile/64/000", b"tile/0/000.p/256", b"tile/0/000.p/0", b"tile/0/../state", b"tile/0//etc/passwd",
             b"tile/entries/x001/x234/067", "tile/0/００0".encode(), b"tile/0/000.p/07", b"tile/8/0/000", b"tile/-1/000", b"checkpoint"]  # fmt: skip


@settings(max_examples=300, deadline=None)
@given(data=st.one_of(spoilt(ADDRESSES), st.sampled_from(ADDRESSES)))
def test_what_is_served_is_the_tile_of_that_address_or_nothing(log: Path, data: bytes) -> None:
    path = data.decode("utf-8", "surrogateescape")
    found = served.tile(log, path, SIZE)
    if found is not None:
        _tile, level, rest = path.split("/", 2)
        name, _, part = rest.partition(".p/")
        number, width = int(name.replace("/", "").replace("x", "")), int(part or 256)
        assert tile_path(level if level == "entries" else int(level), number, width) == path
        made = TREE.bundle(number, width) if level == "entries" else TREE.tile(int(level), number, width)
        assert found == made


@pytest.mark.parametrize("address", ["tile/0/000", "tile/0/273.p/112", "tile/0/000.p/7", "tile/entries/000.p/5"])
def test_what_is_there_is_served(log: Path, address: str) -> None:
    assert served.tile(log, address, SIZE)


@pytest.mark.parametrize("address", ["tile/0/273.p/113", "tile/0/273", "tile/1/001.p/18", "tile/2/000.p/2", "tile/3/000.p/1"])
def test_nothing_beyond_the_checkpoint_is_served(log: Path, address: str) -> None:
    assert served.tile(log, address, SIZE) is None


# Files of our own that something else wrote over

ROOT = b'{"root": "' + b"0" * 64 + b'", "size": '
STATE = [b"", b"null", b"[]", b"{}", b'{"root": 5, "size": 0}', b'{"root": "", "size": 0}', b'{"root": "00", "size": 1}', ROOT + b"-1}",
         ROOT + b"1e3}", ROOT + b"true}", ROOT + b"1267650600228229401496703205376}", b"[" * 200_000, b'{"size": ' + b"9" * 5000 + b"}"]  # fmt: skip


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> dict[str, bytes]:
    """The files of a log of three entries."""
    folder = tmp_path_factory.mktemp("small")
    TileLog(folder).append([b"a", b"b", b"c"])
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def opens_or_is_damaged(small: dict[str, bytes], name: str, data: bytes) -> None:
    with TemporaryDirectory() as folder:
        for part, content in {**small, name: data}.items():
            (Path(folder) / part).parent.mkdir(parents=True, exist_ok=True)
            (Path(folder) / part).write_bytes(content)
        try:
            opened = TileLog(Path(folder))
        except LogDamaged as error:
            assert readable(error)
        else:  # an empty state is an empty log; otherwise nothing else opens
            assert list(opened.entries(0, opened.size)) == [b"a", b"b", b"c"] or (name == "state" and opened.size == 0)


@pytest.mark.parametrize("data", STATE, ids=lambda data: repr(data[:60]))
def test_kept_states(small: dict[str, bytes], data: bytes) -> None:
    opens_or_is_damaged(small, "state", data)


@pytest.mark.parametrize("name", ["state", "checkpoint", "tile/0/000.p/3", "tile/entries/000.p/3"])
def test_any_content_of_a_log_s_own_files(small: dict[str, bytes], name: str) -> None:
    note = cases("note")[0]["data"]

    @settings(max_examples=60, deadline=None)
    @given(st.one_of(spoilt([small.get(name, note)]), spoilt([*STATE[3:11], note]), st.binary(max_size=120)))
    def holds(data: bytes) -> None:
        opens_or_is_damaged(small, name, data)

    holds()


KEYS = LogKeys.create("evidence.example/2027")


@settings(max_examples=100, deadline=None)
@given(st.data())
def test_any_content_of_the_key_file(data: st.DataObject) -> None:
    with TemporaryDirectory() as folder:
        path = KEYS.save(Path(folder))
        good = path.read_bytes()
        path.write_bytes(data.draw(st.one_of(spoilt([good]), st.binary(max_size=200))))
        try:
            assert LogKeys.load(Path(folder)).vkeys() == KEYS.vkeys()
            assert path.read_bytes().splitlines() == good.splitlines()
        except KeyFileError as error:
            assert readable(error) and FILE in str(error)


def test_the_kept_inputs_are_readable_and_distinct() -> None:
    for name in PARSERS:
        found = cases(name)
        assert len({case["data"] for case in found}) == len({case["what"] for case in found}) == len(found) > 5
        assert any(case["good"] for case in found) and json.dumps(found[0]["what"]).isascii()
