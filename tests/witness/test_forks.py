"""Two faces of one log, at the same moment, across kill -9 and restarts: at most one is ever cosigned."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import threading
import time
from concurrent.futures import ThreadPoolExecutor

import pytest
from tests.witness.conftest import KEYS, make_folder
from tests.witness.test_protocol import send, submit

from yiwang.witness.request import format_request
from yiwang.witness.state import State

SERVE = [sys.executable, "-m", "yiwang.cli", "witness", "serve", "--listen", "127.0.0.1:0", "--json"]

# A witness that is killed at a chosen place of one submission: its program is the real one, only the named step ends
# in SIGKILL.
KILLED = """
import os, signal, sys
from pathlib import Path
from yiwang.witness import service, state
from yiwang.witness.logs import read_logs
folder, logs, body, where = (Path(word) for word in sys.argv[1:5])
die = lambda *_: os.kill(os.getpid(), signal.SIGKILL)
if str(where) == "after the check":      # checked and signed, not stored
    service.Witness._next = die
if str(where) == "before the commit":    # stored, not committed
    state.State._put = lambda self, head, put=state.State._put: (put(self, head), die())
answer = service.open_witness(folder, read_logs(logs.read_bytes())).add_checkpoint(body.read_bytes())
if str(where) == "before the answer":    # committed, not answered
    die()
print(answer.status)
"""


@pytest.fixture
def two_faces(log):
    """The log grown to 10, and two ways on to 20."""
    first, second = log(20, fork=10, mark="a"), log(20, fork=10, mark="b")
    assert first.note(10).split(b"\n\n")[0] == second.note(10).split(b"\n\n")[0]
    assert first.tiles.root() != second.tiles.root()
    return first, second


def test_of_two_forks_at_once_one_wins(two_faces, start):
    first, second = two_faces
    witness = start()
    submit(witness, 0, [], first.note(10))
    bodies = [format_request(10, face.proof(10, size), face.note(size)) for face in two_faces for size in (12, 15, 20)]
    with ThreadPoolExecutor(12) as pool:
        answers = list(pool.map(lambda body: send(witness.url, "POST", "/add-checkpoint", body)[0], bodies * 2))
    assert sorted(set(answers)) == [200, 409]
    head = head_of(witness.folder)
    winner = first if head.root == first.tiles.root(head.size) else second
    # those of one tree and size are the same checkpoint; a fork of the winner had no chance
    assert answers.count(200) == 1 and head.root == winner.tiles.root(head.size)
    loser = second if winner is first else first
    assert submit(witness, head.size, loser.proof(head.size) if head.size < 20 else [], loser.note())[0] == 422
    assert head_of(witness.folder) == head


def test_forks_at_once_in_the_state_file_of_two_processes(two_faces, tmp_path):
    """Threads of one process share a lock; this is the lock of the file alone."""
    make_folder(tmp_path / "w")
    states = [State(tmp_path / "w"), State(tmp_path / "w")]
    barrier, won = threading.Barrier(2), []

    def judge(state, face):
        barrier.wait()
        with state.changing(KEYS.name) as slot:
            if slot.head.size == 0:
                time.sleep(0.05)
                slot.head = type(slot.head)(KEYS.name, 20, face.tiles.root(), b"n", b"c", 20, 1)
                won.append(face)

    threads = [threading.Thread(target=judge, args=pair) for pair in zip(states, two_faces, strict=True)]
    [thread.start() for thread in threads]
    [thread.join() for thread in threads]
    assert len(won) == 1 and states[0].head(KEYS.name).root == won[0].tiles.root()
    [state.close() for state in states]


@pytest.mark.parametrize("where, size", [("after the check", 10), ("before the commit", 10), ("before the answer", 20)])
def test_kill_9_inside_a_submission_never_lets_both_forks_pass(two_faces, start, tmp_path, where, size):
    first, second = two_faces
    witness = start()
    submit(witness, 0, [], first.note(10))
    witness.server.shutdown()
    (tmp_path / "body").write_bytes(format_request(10, first.proof(10), first.note()))
    words = [witness.folder, logs_file(tmp_path), tmp_path / "body", where]
    program = [sys.executable, "-c", KILLED, *map(str, words)]
    ended = subprocess.run(program, capture_output=True, timeout=60, check=False)
    assert (ended.returncode, ended.stdout) == (-signal.SIGKILL, b"")
    assert head_of(witness.folder).size == size
    again = start()
    if size == 20:  # the first face is held to, though its cosignature never left: the second has no way in
        assert submit(again, 10, second.proof(10), second.note())[:2] == (409, b"20\n")
        assert submit(again, 20, [], second.note())[0] == 422
        assert submit(again, 20, [], first.note())[0] == 200
    else:  # nothing left the process, so the other may come first; then the first is refused
        assert submit(again, 10, second.proof(10), second.note())[0] == 200
        assert submit(again, 10, first.proof(10), first.note())[0] == 409
        assert submit(again, 20, [], first.note())[0] == 422


def test_kill_9_at_any_time_of_a_busy_witness(log, tmp_path):
    """The real program, killed three times under load of two faces; all it ever cosigned is one history."""
    faces = [log(300, fork=20, mark="a"), log(300, fork=20, mark="b")]
    make_folder(tmp_path / "w")
    words = [*SERVE, "--folder", str(tmp_path / "w"), "--logs", str(logs_file(tmp_path))]
    cosigned: dict[int, set[int]] = {0: set(), 1: set()}
    sizes = [0, 0]
    for delay in (0.05, 0.15, 0.3):
        with subprocess.Popen(words, stdout=subprocess.PIPE) as process:
            url = json.loads(process.stdout.readline())["url"]
            threading.Timer(delay, os.kill, (process.pid, signal.SIGKILL)).start()
            threads = [threading.Thread(target=push, args=(url, faces[n], n, sizes, cosigned)) for n in (0, 1)]
            [thread.start() for thread in threads]
            [thread.join() for thread in threads]
            assert process.wait() == -signal.SIGKILL
    beyond = [{size for size in cosigned[n] if size > 20} for n in (0, 1)]
    assert cosigned[0] | cosigned[1] and not (beyond[0] and beyond[1])
    state = State(tmp_path / "w")
    head = state.head(KEYS.name)
    assert head.size >= max(cosigned[0] | cosigned[1])
    assert head.root in {face.tiles.root(head.size) for face in faces}
    state.close()


def push(url, face, number, sizes, cosigned):
    """Submit one entry after the other until the witness is gone."""
    old = sizes[number]
    while old < 300:
        new = old + 1
        try:
            status, body, _ = send(url, "POST", "/add-checkpoint", format_request(old, face.proof(old, new), face.note(new)))
        except OSError:
            break
        if status == 200:
            cosigned[number].add(new)
            old = new
        elif status == 409 and int(body) < 300:
            old = int(body)
        else:
            break
    sizes[number] = old


def test_a_restarted_witness_goes_on_where_it_was(log, start):
    ours = log(600)
    for old, new in [(0, 3), (3, 256), (256, 600)]:
        witness = start()
        assert submit(witness, old, ours.proof(old, new), ours.note(new))[0] == 200
        witness.server.shutdown()
    assert head_of(witness.folder).size == 600


def test_the_file_itself_refuses_to_go_back(log, start):
    ours, witness = log(9), start()
    submit(witness, 0, [], ours.note())
    state = State(witness.folder)
    for change in ("size = 3", "root = zeroblob(32)"):
        with pytest.raises(Exception, match="never goes back"):
            state._db.execute(f"UPDATE head SET {change}")
    with pytest.raises(Exception, match="stays"):
        state._db.execute("DELETE FROM head")
    state.close()


def test_a_full_disk_is_no_cosignature(log, start):
    ours, witness = log(9), start()
    submit(witness, 0, [], ours.note(4))
    witness.witness._state._db.execute("PRAGMA max_page_count = 1")
    witness.witness._state._db.execute("PRAGMA query_only = ON")  # what a read-only or full disk amounts to
    assert submit(witness, 4, ours.proof(4), ours.note())[0] == 503
    witness.witness._state._db.execute("PRAGMA query_only = OFF")
    assert head_of(witness.folder).size == 4
    assert submit(witness, 4, ours.proof(4), ours.note())[0] == 200


def head_of(folder):
    state = State(folder)
    try:
        return state.head(KEYS.name)
    finally:
        state.close()


def logs_file(folder):
    path = folder / "logs"
    path.write_text("".join(f"log {vkey}\n" for vkey in KEYS.vkeys()))
    return path
