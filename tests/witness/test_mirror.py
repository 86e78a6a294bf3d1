"""A mirror cosigns only what it has copied and hashed itself, and serves the copy as tlog-tiles."""

from __future__ import annotations

import functools
import http.server
import shutil
import threading

import pytest
from tests.witness.conftest import KEYS
from tests.witness.test_forks import head_of
from tests.witness.test_protocol import HASH, send, submit

from yiwang.kernel.errors import Refused
from yiwang.tlog import layout
from yiwang.tlog.checkpoint import Checkpoint, sign_checkpoint
from yiwang.tlog.tiles import TileLog
from yiwang.witness.mirror import Mirror, MirrorBehind, MirrorConflict
from yiwang.witness.source import FolderSource
from yiwang.witness.state import State


class Quiet(http.server.SimpleHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    timeout = 2

    def log_message(self, *args):
        pass


@pytest.fixture
def static():
    """Serve a folder as static files."""
    servers = []

    def serve(folder):
        handler = functools.partial(Quiet, directory=str(folder))
        servers.append(http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler))
        threading.Thread(target=servers[-1].serve_forever, args=(0.02,), daemon=True).start()
        return f"http://127.0.0.1:{servers[-1].server_port}"

    yield serve
    for server in servers:
        server.shutdown()
        server.server_close()


@pytest.mark.parametrize("over_http", [False, True])
def test_the_copy_grows_with_the_log_and_is_the_log(log, start, static, over_http):
    ours = log(1)
    source = static(ours.tiles.directory) if over_http else f"file://{ours.tiles.directory}"
    witness = start(mirror=True, source=source)
    old = 0
    for size in (0, 1, 2, 255, 256, 257, 600):
        ours.grow(size)
        assert submit(witness, old, ours.proof(old, size), ours.note(size))[0] == 200
        old = size
        copy = TileLog(witness.folder / "mirror" / HASH)
        copy.check()
        assert (copy.size, copy.root()) == (size, ours.tiles.root(size))
        assert copy.checkpoint() == send(witness.url, "GET", f"/{HASH}/checkpoint")[1]
    for path in files_of(600):
        assert send(witness.url, "GET", f"/{HASH}/{path}")[1] == (ours.tiles.directory / path).read_bytes(), path
    assert send(witness.url, "GET", f"/{HASH}/tile/0/002.p/7")[0] == 404  # no such partial tile is needed at 600
    for path in ("tile/0/003", "tile/0/000.p/256", "tile/entries/2", "tile/00/000", "tile/2/000", "tile/0/x000/000"):
        assert send(witness.url, "GET", f"/{HASH}/{path}")[0] == 404, path


def files_of(size):
    for level, width in enumerate(layout.edges(size)):
        for name in (level, "entries") if level == 0 else (level,):
            yield from (layout.tile_path(name, n) for n in range(size // 256 ** (level + 1)))
            if width:
                yield layout.tile_path(name, size // 256 ** (level + 1), width)


def test_entries_that_are_not_those_of_the_checkpoint_are_neither_kept_nor_cosigned(log, start):
    ours = log(300)
    witness = start(mirror=True, source=f"file://{ours.tiles.directory}")
    bundle = ours.tiles.directory / "tile/entries/000"
    good = bundle.read_bytes()
    for bad in (good.replace(b"entry 7", b"entry 8", 1), good[:-1], b""):
        bundle.write_bytes(bad)
        assert submit(witness, 0 if bad[:3] == good[:3] and len(bad) == len(good) else 300, [], ours.note())[0] == 422
        assert TileLog(witness.folder / "mirror" / HASH).size == 0
        assert send(witness.url, "GET", f"/{HASH}/checkpoint")[0] == 404
    bundle.write_bytes(good)
    assert submit(witness, 300, [], ours.note())[0] == 200


def test_a_log_whose_files_cannot_be_had_waits_and_no_other_tree_comes_in_between(log, start):
    ours, other = log(10), log(10, fork=3)
    away = ours.tiles.directory.with_name("away")
    witness = start(mirror=True, source=f"file://{ours.tiles.directory}")
    shutil.move(ours.tiles.directory, away)
    assert submit(witness, 0, [], sign_checkpoint(Checkpoint(KEYS.name, 10, ours.tiles.root()), KEYS))[0] == 503
    assert (head_of(witness.folder).size, head_of(witness.folder).cosigned) == (10, b"")
    shutil.copytree(other.tiles.directory, ours.tiles.directory)  # the log shows its other face
    assert submit(witness, 10, [], other.note())[0] == 422
    assert submit(witness, 10, [], ours.note())[0] == 422  # right checkpoint, wrong entries
    shutil.rmtree(ours.tiles.directory)
    shutil.move(away, ours.tiles.directory)
    assert submit(witness, 10, [], ours.note())[0] == 200


def test_a_copy_that_ran_out_of_time_goes_on_where_it_stopped(log, tmp_path):
    ours = log(2000)
    reads = []

    class Counted(FolderSource):
        def read(self, path, seconds):
            reads.append(path)
            return super().read(path, seconds)

    ticks = iter(range(1000))
    mirror = Mirror(tmp_path / "m", Counted(ours.tiles.directory), timer=lambda: next(ticks))
    target = Checkpoint(KEYS.name, 2000, ours.tiles.root())
    with pytest.raises(MirrorBehind):
        mirror.catch_up(target, 3.5)
    assert 0 < len(reads) < 8 and mirror.size == 0
    mirror.catch_up(target, 500)
    assert len(reads) == len(set(reads)) == 8 and mirror.size == 2000
    with pytest.raises(MirrorConflict):
        mirror.catch_up(Checkpoint(KEYS.name, 1000, ours.tiles.root(1000)), 500)


def test_one_key_makes_one_statement(log, start):
    ours = log(3)
    plain, mirror = start(0), start(1, mirror=True, source=f"file://{ours.tiles.directory}")
    for witness, other_mode in ((plain, True), (mirror, False)):
        assert submit(witness, 0, [], ours.note())[0] == 200
        state = State(witness.folder)
        with pytest.raises(Refused, match=r"mode|模式"):
            state.set_mirror(other_mode)
        state.close()
