"""The log as files over HTTP: what C2SP tlog-tiles asks for, exactly, and nothing else of the log's folder.

No test here may use the database, so none of these addresses does.
"""

from __future__ import annotations

import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from wsgiref.simple_server import make_server

import pytest
from django.core.wsgi import get_wsgi_application
from django.test import Client

from tests.browser.pages import Quiet, Server
from tests.desks.conftest import Grow
from yiwang.desks.public.check_words import root_script
from yiwang.modules.evidence import sequencer
from yiwang.tlog import layout, policy
from yiwang.tlog.checkpoint import open_checkpoint
from yiwang.tlog.merkle import CompactRange, leaf_hash
from yiwang.witness.mirror import Mirror, MirrorConflict
from yiwang.witness.source import source_for

FOREVER = "public, max-age=31536000, immutable"
TILE = "application/octet-stream"

@pytest.fixture
def web() -> Client:
    """Somebody's program; it has cookies of this site, for what that is worth."""
    client = Client(headers={"accept-language": "en"})
    client.cookies["yiwang_session"] = "0123456789abcdef0123456789abcdef"
    client.cookies["lang"] = "en"
    return client


def is_for_everybody(answer: Any) -> bool:
    """Whether anybody may cache it and any site's scripts may read it."""
    private = {"Set-Cookie", "Content-Language", "Vary"} & set(answer.headers)
    return not private and not answer.cookies and answer["Access-Control-Allow-Origin"] == "*"


def test_an_empty_log_has_no_files(grow: Grow, web: Client) -> None:
    for path in ("checkpoint", "tile/0/000", "tile/0/000.p/1", "tile/entries/000"):
        answer = web.get(f"/log/{path}")
        assert answer.status_code == 404 and is_for_everybody(answer)


def test_checkpoint(grow: Grow, web: Client) -> None:
    note = grow(5)
    answer = web.get("/log/checkpoint")
    assert answer.content == note == (sequencer.the_log().tiles.directory / "checkpoint").read_bytes()
    assert answer["Content-Type"] == "text/plain; charset=utf-8" and answer["Cache-Control"] == "public, max-age=2"
    assert int(answer["Content-Length"]) == len(note) and is_for_everybody(answer)
    assert open_checkpoint(answer.content, sequencer.the_log().keys.verifiers(), every=True).checkpoint.size == 5
    again = web.get("/log/checkpoint", headers={"if-none-match": answer["ETag"]})
    assert (again.status_code, again.content) == (304, b"") and again["Access-Control-Allow-Origin"] == "*"
    grow(6)
    newer = web.get("/log/checkpoint", headers={"if-none-match": answer["ETag"]})
    assert newer.status_code == 200 and newer["ETag"] != answer["ETag"]


SIZES = (5, 300, 65_536 + 3)


TILES = {
    "tile/0/000": 256,
    "tile/0/255": 256,
    "tile/0/256.p/3": 3,
    "tile/1/000": 256,
    "tile/2/000.p/1": 1,
    "tile/0/000.p/5": 5,  # of an older checkpoint, dropped since: cut from the full tile
    "tile/0/001.p/44": 44,
}


def test_tiles(grow: Grow, web: Client) -> None:
    grow(*SIZES)
    entries = [f"entry {index}".encode() for index in range(SIZES[-1])]
    for path, width in TILES.items():
        answer = web.get(f"/log/{path}")
        assert answer.status_code == 200 and answer["Content-Type"] == TILE and answer["Cache-Control"] == FOREVER
        assert is_for_everybody(answer) and int(answer["Content-Length"]) == len(answer.content) == 32 * width
        level, number = int(path.split("/")[1]), int(path.split("/")[2][:3])
        hashes = layout.split_tile(answer.content)
        for offset in {0, width // 2, width - 1}:
            start = (number * 256 + offset) << (8 * level)
            assert hashes[offset] == mth(entries[start : start + (1 << (8 * level))])


def mth(entries: list[bytes]) -> bytes:
    """MTH of RFC 6962, by another way than the tiles were made."""
    tree = CompactRange(0, [])
    for entry in entries:
        tree.append(leaf_hash(entry))
    return tree.root()


@pytest.mark.parametrize(("path", "first", "count"), [("000", 0, 256), ("001", 256, 256), ("002.p/3", 512, 3), ("000.p/5", 0, 5)])
def test_entry_bundles(grow: Grow, web: Client, path: str, first: int, count: int) -> None:
    grow(5, 515)
    answer = web.get(f"/log/tile/entries/{path}")
    assert layout.split_bundle(answer.content) == [f"entry {first + number}".encode() for number in range(count)]
    assert answer["Content-Type"] == TILE and answer["Cache-Control"] == FOREVER and is_for_everybody(answer)


NOT_THERE = """0/000.p/256 0/000.p/0 0/000.p/05 0/000.p/ 0/000.p 0/002 0/002.p/4 0/002.p/2 0/003 0/003.p/1 1/000 1/000.p/3 1/001
2/000 2/000.p/1 63/000 64/000 00/000 01/000 -1/000 0/0 0/00 0/0000 0/x000/000 0/x000/x000/000 0/X000/001 0/000/ 0/001/000 0//000
entries/0 entries/002 entries/003 entries/002.p/4 entries/x000/000 entries/000.p/256 Entries/000 entries 0 0/ data/000
0/../../state 0/../../../keys/log.keys ../state ../.lock ../checkpoint 0/.000.new 0/%30%30%30x ０/000 0/００0 0/000%00""".split()


def test_only_canonical_addresses_under_the_checkpoint_exist(grow: Grow, web: Client) -> None:
    grow(5, 515)
    for path in NOT_THERE:
        answer = web.get(f"/log/tile/{path}")
        assert answer.status_code == 404, path
        assert "immutable" not in answer["Cache-Control"]


def test_other_files_of_the_folder_are_not_served(grow: Grow, web: Client, db: None) -> None:
    grow(5)
    for path in ("state", ".lock", "history.json", "tile", "tile/", "tile/0/000%0a", "checkpoint/", "keys"):
        assert web.get(f"/log/{path}").status_code == 404, path


def test_what_is_written_but_not_published_is_not_there_yet(grow: Grow, web: Client) -> None:
    grow(250)
    grow(600, publish=False)
    assert web.get("/log/tile/0/000").status_code == web.get("/log/tile/0/001").status_code == 404
    assert web.get("/log/tile/0/000.p/251").status_code == 404
    assert len(web.get("/log/tile/0/000.p/250").content) == 250 * 32, "its file went when the full one came"
    assert len(layout.split_bundle(web.get("/log/tile/entries/000.p/250").content)) == 250
    grow()
    assert web.get("/log/tile/0/000").status_code == 200


def test_a_tile_that_is_missing_or_cut_short_is_not_served(grow: Grow, web: Client) -> None:
    grow(300)
    file = sequencer.the_log().tiles.directory / "tile" / "0" / "000"
    file.write_bytes(file.read_bytes()[:-1])
    assert web.get("/log/tile/0/000").status_code == 404
    file.unlink()
    assert web.get("/log/tile/0/000").status_code == 404


@pytest.mark.parametrize("path", ["checkpoint", "tile/0/000", "tile/entries/001.p/44", "vkeys", "policy"])
def test_methods(grow: Grow, web: Client, path: str) -> None:
    grow(300)
    read, head = web.get(f"/log/{path}"), web.head(f"/log/{path}")
    assert (head.status_code, head.content) == (200, b"") and head["Content-Length"] == read["Content-Length"]
    for method in (web.post, web.put, web.delete, web.options):
        refused = method(f"/log/{path}")
        assert refused.status_code == 405 and refused["Allow"] == "GET, HEAD"


def test_keys_and_policy(grow: Grow, web: Client) -> None:
    note = grow(5)
    keys = web.get("/log/vkeys")
    assert keys.content.decode() == sequencer.the_log().keys.vkeys_text() and is_for_everybody(keys)
    answer = web.get("/log/policy")
    assert answer["Content-Type"] == "text/plain; charset=utf-8" and is_for_everybody(answer)
    read = policy.parse(answer.content)
    assert read.open(note).checkpoint.size == 5 and read.quorum == "none"
    assert {party.url for party in read.logs} == {"http://testserver/log"}


def test_a_policy_that_cannot_be_read_is_not_published(grow: Grow, web: Client, settings: Any, tmp_path: Path) -> None:
    settings.WITNESS_POLICY = tmp_path / "witness.policy"
    settings.WITNESS_POLICY.write_text("quorum nobody\n")
    answer = web.get("/log/policy")
    assert answer.status_code == 503 and answer["Cache-Control"] == "no-store"


@pytest.fixture
def address() -> Iterator[str]:
    """The site on a port of its own; gives the log's URL prefix."""
    server = make_server("127.0.0.1", 0, get_wsgi_application(), Server, Quiet)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}/log"
    server.shutdown()
    server.server_close()
    thread.join()


def test_the_whole_log_is_walked_over_http(grow: Grow, address: str, tmp_path: Path) -> None:
    source = source_for(address)
    note = grow(7, 600)
    read = source.read("checkpoint", 5)
    assert read == note
    keys = policy.parse(source.read("policy", 5) or b"")
    mirror = Mirror(tmp_path / "copy", source)
    mirror.catch_up(keys.open(read).checkpoint, 20)
    assert mirror.size == 600
    grow(1100)
    newer = keys.open(source.read("checkpoint", 5) or b"").checkpoint
    mirror.catch_up(newer, 20)
    assert (mirror.size, sequencer.the_log().tiles.root()) == (1100, newer.root)


def test_a_walk_finds_a_log_that_is_not_what_was_signed(grow: Grow, address: str, tmp_path: Path) -> None:
    note = grow(300)
    bundle = sequencer.the_log().tiles.directory / "tile" / "entries" / "000"
    bundle.write_bytes(bundle.read_bytes().replace(b"entry 17", b"entry 71"))
    with pytest.raises(MirrorConflict):
        Mirror(tmp_path / "copy", source_for(address)).catch_up(policy.parse(source_for(address).read("policy", 5) or b"").open(note).checkpoint, 20)


@pytest.mark.parametrize("size", [1, 7, 600])
def test_the_program_on_the_page_recomputes_a_root(grow: Grow, address: str, size: int) -> None:
    grow(1, 7, 600)
    root = sequencer.the_log().tiles.root(size).hex()
    assert run(root_script(address, str(size), root[:16])) == f"the same {root}"
    assert run(root_script(address, str(size), "0" * 16)) == f"DIFFERENT {root}"


def run(script: str) -> str:
    """What a program prints in a Python that has nothing but its own library."""
    done = subprocess.run([sys.executable, "-I", "-S", "-c", script], capture_output=True, text=True, timeout=30, check=True)
    return done.stdout.strip()
