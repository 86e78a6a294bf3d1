"""The log's side: all witnesses at once, nothing believed unchecked, back as soon as the quorum is met."""

from __future__ import annotations

import http.server
import socket
import threading
import time

import pytest
from tests.witness.conftest import KEYS, WITNESS_KEYS, log_lines, policy_of
from tests.witness.test_protocol import submit

from yiwang.tlog import note as notes
from yiwang.tlog import policy as policies
from yiwang.tlog.checkpoint import Checkpoint, sign_checkpoint
from yiwang.tlog.errors import NoteError
from yiwang.tlog.keys import LogKeys
from yiwang.witness.client import collect
from yiwang.witness.folder import policy_lines
from yiwang.witness.memory import ALARMS, STATE_TEXTS, Memory
from yiwang.witness.peer import Peer, PeerError


@pytest.fixture
def answering():
    """A witness that answers whatever it is told: ``answering(status, kind, body or function of the request)``."""
    servers = []

    def run(status, kind, body, seconds=0.0):
        class Handler(http.server.BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"
            timeout = 2

            def do_POST(self):
                request = self.rfile.read(int(self.headers["Content-Length"]))
                time.sleep(seconds)
                data = body(request) if callable(body) else body
                self.send_response(status)
                self.send_header("Content-Type", kind)
                self.send_header("Content-Length", str(len(data)))
                self.end_headers()
                self.wfile.write(data)

            def log_message(self, *args):
                pass

        servers.append(http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler))
        threading.Thread(target=servers[-1].serve_forever, args=(0.02,), daemon=True).start()
        return f"http://127.0.0.1:{servers[-1].server_port}"

    yield run
    for server in servers:
        server.shutdown()
        server.server_close()


def refused_port():
    """A URL where nobody listens."""
    with socket.socket() as sock:
        sock.bind(("127.0.0.1", 0))
        return f"http://127.0.0.1:{sock.getsockname()[1]}"


def signed(*numbers, at=None, text=None):
    """An answer with the Ed25519 cosignatures of these witnesses over the submitted checkpoint (or ``text``)."""

    def body(request):
        over = text or notes.parse(request.partition(b"\n\n")[2])[0]
        clock = (lambda: at) if at is not None else (lambda: int(time.time()))
        keys = [WITNESS_KEYS[n].cosigners(clock)[0] for n in numbers]
        return "".join(notes.Signature(k.name, k.key_id, k.sign(over)).line() for k in keys).encode()

    return body


def test_three_witnesses_follow_a_growing_log(log, start):
    ours, memory = log(), Memory()
    running = [start(number) for number in range(3)]
    policy = policy_of({n: w.url for n, w in enumerate(running)}, "all")
    for size in (0, 1, 2, 255, 256, 257, 600):
        ours.grow(size)
        collected = collect(ours.note(), ours.proof, policy, 10, memory=memory)
        assert collected.quorum and collected.cosigners == {"w0", "w1", "w2"}
        assert policy.open(collected.note).checkpoint.size == size
        assert {(r.state, r.size, r.lag) for r in collected.reports.values()} == {("cosigned", size, 0)}
        assert all(abs(r.drift) <= 2 for r in collected.reports.values())
    running[1].stop()
    ours.grow(601)
    collected = collect(ours.note(), ours.proof, policy, 10, memory=memory)
    assert not collected.quorum and collected.cosigners == {"w0", "w2"}
    assert (collected.reports["w1"].state, collected.reports["w1"].lag) == ("unreachable", 1)


def test_two_of_three_are_enough_when_one_is_down_or_slow(log, start, answering):
    ours = log(5)
    up = {n: start(n).url for n in (0, 1)}
    down = collect(ours.note(), ours.proof, policy_of({**up, 2: refused_port()}, "2"), 10, memory=Memory())
    assert down.quorum and down.cosigners == {"w0", "w1"}
    assert down.more(10).reports["w2"].state == "unreachable"
    memory, slow = Memory(), answering(200, "text/plain", signed(2), seconds=0.7)
    policy, began = policy_of({**up, 2: slow}, "2"), time.monotonic()
    first = collect(ours.note(), ours.proof, policy, 10, memory=memory)
    assert first.quorum and time.monotonic() - began < 0.6 and first.reports["w2"].state == "waiting"
    later = first.more(10)
    assert later.cosigners == {"w0", "w1", "w2"} and policy.open(later.note)
    assert memory.reports(KEYS.name)["w2"].state == "cosigned"


def test_a_size_that_was_not_known_is_learnt_from_the_witness(log, start):
    ours, witness = log(50), start()
    policy = policy_of({0: witness.url}, "all")
    assert submit(witness, 0, [], ours.note(20))[0] == 200
    asked = []

    def proof_for(old):
        assert threading.current_thread() is threading.main_thread()
        asked.append(old)
        return ours.proof(old)

    memory = Memory()
    assert collect(ours.note(), proof_for, policy, 10, memory=memory).quorum
    assert collect(ours.note(), proof_for, policy, 10, memory=memory).quorum  # again, for a fresh time
    assert asked == [20]


@pytest.mark.parametrize("status, kind, body, state", [
    (200, "text/plain", b"garbage", "invalid"),
    (200, "text/plain", b"", "invalid"),
    (200, "text/html", b"<html>\xff\x00" * 1000, "invalid"),
    (200, "text/plain", b"\xe2\x80\x94 w0.example AAAA\n", "invalid"),
    (200, "text/plain", b"x" * 200_000, "unreachable"),
    (200, "text/plain", signed(1), "invalid"),  # a key that is not the policy's for it
    (200, "text/plain", signed(0, at=1_600_000_000), "invalid"),  # stale: an old cosignature, kept and shown again
    (200, "text/plain", signed(0, at=2**62), "invalid"),
    (200, "text/plain", signed(0, text=f"other.example\n5\n{'A' * 43}=\n".encode()), "invalid"),
    (200, "text/plain", signed(0, text=f"{KEYS.name}\n4\n{'A' * 43}=\n".encode()), "invalid"),
    (409, "text/x.tlog.size", b"9\n", "ahead"),
    (409, "text/x.tlog.size", b"3\n", "busy"),  # says so again and again
    (409, "text/x.tlog.size", b"-3\n", "invalid"),
    (409, "text/x.tlog.size", b"", "invalid"),
    (409, "text/plain", b"fork!", "forked"),
    (422, "text/plain", b"no", "forked"),
    (404, "text/plain", b"", "refused"),
    (403, "text/plain", b"", "refused"),
    (400, "text/plain", b"", "invalid"),
    (302, "text/plain", b"", "invalid"),
    (503, "text/plain", b"copying", "busy"),
])  # fmt: skip
def test_what_a_bad_witness_says_is_reported_and_never_accepted(log, answering, status, kind, body, state):
    ours = log(5)
    policy = policy_of({0: answering(status, kind, body)}, "all")
    collected = collect(ours.note(), ours.proof, policy, 10, memory=Memory())
    report = collected.reports["w0"]
    assert (report.state, collected.quorum, collected.cosigners) == (state, False, frozenset())
    assert notes.parse(collected.note)[0] == notes.parse(ours.note())[0] and b"w0.example" not in collected.note
    assert report.error and str(report.text()) and STATE_TEXTS[state].en in report.text().en
    assert (state in ALARMS) == (state in ("ahead", "forked", "invalid"))


def test_text_smuggled_in_before_a_signature_is_not_taken_for_the_checkpoint(log, answering):
    """The answer is put behind the checkpoint's text; an empty line in it would make another text of it."""
    ours = log(5)
    text = notes.parse(ours.note())[0]

    def body(request):
        key = WITNESS_KEYS[0].cosigners()[1]
        return b"more\n\n" + notes.Signature(key.name, key.key_id, key.sign(text)).line().encode()

    collected = collect(ours.note(), ours.proof, policy_of({0: answering(200, "text/plain", body)}, "all", kind=1), 10,
                        memory=Memory())  # fmt: skip
    assert (collected.reports["w0"].state, collected.quorum) == ("invalid", False)


def test_a_fork_of_the_log_and_a_log_set_back_are_seen(log, start):
    ours, other, memory = log(20), log(30, fork=10), Memory()
    witness = start()
    policy = policy_of({0: witness.url}, "all")
    assert collect(ours.note(), ours.proof, policy, 10, memory=memory).quorum
    forked = collect(other.note(), other.proof, policy, 10, memory=memory)
    assert (forked.reports["w0"].state, forked.quorum) == ("forked", False)
    set_back = collect(ours.note(15), lambda old: ours.proof(old, 15), policy, 10, memory=Memory())
    assert (set_back.reports["w0"].state, set_back.reports["w0"].lag) == ("ahead", -5)
    rewritten = collect(other.note(20), other.proof, policy, 10, memory=Memory())
    assert rewritten.reports["w0"].state == "forked"


def test_a_witness_that_forgot_what_it_saw_is_not_trusted(log, answering):
    ours, memory = log(5), Memory()
    url = answering(409, "text/x.tlog.size", b"2\n")
    memory.learn(url, KEYS.name, 4)
    collected = collect(ours.note(), ours.proof, policy_of({0: url}, "all"), 10, memory=memory)
    assert collected.reports["w0"].state == "invalid" and "4" in collected.reports["w0"].error.en


def test_both_keys_of_a_witness_come_in_one_answer(log, start):
    ours, witness = log(5), start()
    text = log_lines() + policy_lines(witness.keys, "finance", witness.url) + "quorum finance\n"
    policy = policies.parse(text.encode())
    collected = collect(ours.note(), ours.proof, policy, 10, memory=Memory())
    assert collected.more(10).cosigners == {"finance-ed25519", "finance-mldsa44"}
    assert collected.note.count(b"w0.example") == 2


def test_cosignatures_that_the_note_has_already_count_and_stay(log, start):
    ours, witness = log(5), start()
    text, mine = notes.parse(ours.note())
    note = notes.sign(text, [WITNESS_KEYS[1].cosigners()[0]], mine)
    collected = collect(note, ours.proof, policy_of({0: witness.url, 1: ""}, "all"), 10, memory=Memory())
    assert collected.quorum and collected.cosigners == {"w0", "w1"} and collected.reports["w1"].state == "no_url"


def test_a_checkpoint_that_the_log_did_not_sign_is_not_sent_at_all(log, start):
    ours, witness = log(5), start()
    imposter = sign_checkpoint(Checkpoint(KEYS.name, 5, ours.tiles.root()), LogKeys.create(KEYS.name))
    for note in (imposter, b"garbage"):
        with pytest.raises(NoteError):
            collect(note, ours.proof, policy_of({0: witness.url}, "all"), 1, memory=Memory())


def test_what_the_caller_s_proof_raises_comes_out(log, start):
    ours, witness = log(5), start()
    submit(witness, 0, [], ours.note(2))
    with pytest.raises(ZeroDivisionError):
        collect(ours.note(), lambda old: [bytes(1 // 0)], policy_of({0: witness.url}, "all"), 0.5, memory=Memory())


def test_a_witness_that_never_ends_its_answer_costs_the_timeout_and_no_more():
    with socket.create_server(("127.0.0.1", 0)) as server:

        def drip():
            connection, _ = server.accept()
            with connection:
                try:
                    connection.sendall(b"HTTP/1.1 200 OK\r\n")
                    for _ in range(100):
                        connection.sendall(b"X-More: 1\r\n")
                        time.sleep(0.05)
                except OSError:
                    return

        thread = threading.Thread(target=drip, daemon=True)
        thread.start()
        began = time.monotonic()
        peer = Peer(f"http://127.0.0.1:{server.getsockname()[1]}/w")
        with pytest.raises(PeerError):
            peer.exchange("POST", "add-checkpoint", b"x", seconds=0.5, limit=10)
        assert time.monotonic() - began < 2
        thread.join(5)


@pytest.mark.parametrize("url", ["ftp://a/", "http://", "a", "http://a:b/", "http://a/?q", "http://[/"])
def test_a_policy_with_a_url_that_is_none(log, url):
    collected = collect(log(3).note(), lambda old: [], policy_of({0: url}, "all"), 5, memory=Memory())
    assert (collected.reports["w0"].state, collected.quorum) == ("no_url", False)
