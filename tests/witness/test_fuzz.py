"""The parser of submissions and the judge of answers: any bytes give a clear answer, never a fault, never a signature."""

from __future__ import annotations

import base64
import http.client
import socket
import threading
from urllib.parse import urlsplit

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.witness.conftest import KEYS, WITNESS_KEYS, Log, log_lines, make_folder, policy_of

from yiwang.kernel.errors import BadInput
from yiwang.tlog import note as notes
from yiwang.tlog.cosignature import verifier_for
from yiwang.witness.answers import Cosigned, Fault, read_answer
from yiwang.witness.client import collect
from yiwang.witness.logs import read_logs
from yiwang.witness.memory import Memory
from yiwang.witness.peer import Answer, Peer, PeerError
from yiwang.witness.request import format_request, parse_request
from yiwang.witness.service import open_witness

QUICK = settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])

LINES = st.one_of(
    st.sampled_from(["old 0", "old 7", "old 07", "old -1", "old 99999999999999999999", "", KEYS.name, "0", "7", "x",
                     "— a b", f"— {KEYS.name} AAAA", base64.b64encode(bytes(32)).decode(), "\x00", "é", "\ud7ff"]),
    st.text(max_size=50),
    st.binary(min_size=32, max_size=32).map(lambda b: base64.b64encode(b).decode()),
)  # fmt: skip
BODIES = st.one_of(st.binary(max_size=300), st.lists(LINES, max_size=12).map(lambda lines: "\n".join(lines).encode()))


@pytest.fixture(scope="module")
def setting(tmp_path_factory):
    folder = tmp_path_factory.mktemp("fuzz")
    ours = Log(folder / "log", 12)
    make_folder(folder / "w")
    witness = open_witness(folder / "w", read_logs(log_lines().encode()))
    assert witness.add_checkpoint(format_request(0, [], ours.note(7))).status == 200
    return ours, witness


@QUICK
@given(body=BODIES)
def test_any_body(setting, body):
    _ours, witness = setting
    assert witness.add_checkpoint(body).status in (400, 403, 404)


@QUICK
@given(st.data())
def test_a_good_body_spoilt_anywhere_is_never_cosigned_as_something_else(setting, data):
    ours, witness = setting
    good = format_request(7, [], ours.note(7))  # what was cosigned may be cosigned again, so all examples are alike
    place = data.draw(st.integers(0, len(good) - 1))
    spoilt = good[:place] + data.draw(st.binary(max_size=3)) + good[place + data.draw(st.integers(0, 3)) :]
    answer = witness.add_checkpoint(spoilt)
    if answer.status == 200:  # what was spoilt did not matter: a signature line, or nothing at all
        checkpoint = parse_request(spoilt).checkpoint
        assert (checkpoint.size, checkpoint.root) == (7, ours.tiles.root(7))
    else:
        assert answer.status in (400, 403, 404, 409, 422)


@QUICK
@given(st.integers(0, 2**63 - 1), st.lists(st.binary(min_size=32, max_size=32), max_size=63))
def test_what_is_formatted_is_read_back(setting, old, proof):
    ours, _witness = setting
    request = parse_request(format_request(old, proof, ours.note()))
    assert (request.old, list(request.proof), request.checkpoint.size) == (old, proof, 12)


@QUICK
@given(status=st.sampled_from([100, 200, 204, 301, 400, 403, 404, 409, 418, 422, 429, 500, 503]),
       kind=st.sampled_from(["", "text/plain", "text/x.tlog.size", "text/x.tlog.size; a=b"]), body=BODIES)  # fmt: skip
def test_any_answer_of_a_witness(setting, status, kind, body):
    ours, _witness = setting
    keys = {"w": verifier_for(WITNESS_KEYS[0].vkeys()[0])}
    try:
        read = read_answer(Answer(status, kind, body), notes.parse(ours.note())[0], keys, 0, None)
    except Fault as fault:
        assert fault.text.zh and fault.text.en and "\n" not in fault.text.en
    else:
        assert not isinstance(read, Cosigned) and status == 409 and read >= 0


@QUICK
@given(BODIES)
def test_any_file_of_logs(data):
    with pytest.raises(BadInput):
        read_logs(data)


# Whatever comes over the wire in place of HTTP


class Wire:
    """A listener that sends back what it is told, byte for byte; with a ``witness``, it passes the request on instead."""

    def __init__(self) -> None:
        self.server = socket.create_server(("127.0.0.1", 0))
        self.url = f"http://127.0.0.1:{self.server.getsockname()[1]}"
        self.said, self.witness = b"", ""
        threading.Thread(target=self._serve, daemon=True).start()

    def _serve(self) -> None:
        while True:
            try:
                connection, _ = self.server.accept()
            except OSError:
                return
            with connection:
                connection.settimeout(5)
                try:
                    connection.sendall(self._answer(self._request(connection)))
                except OSError:
                    continue

    @staticmethod
    def _request(connection: socket.socket) -> bytes:
        data = b""
        while b"\r\n\r\n" not in data:
            data += connection.recv(65_536) or b"\r\n\r\n"
        head, _, body = data.partition(b"\r\n\r\n")
        length = next((int(line[15:]) for line in head.lower().split(b"\r\n") if line.startswith(b"content-length:")), 0)
        while len(body) < length:
            body += connection.recv(65_536)
        return body

    def _answer(self, body: bytes) -> bytes:
        if not self.witness:
            return self.said
        link = http.client.HTTPConnection(urlsplit(self.witness).netloc, timeout=5)
        link.request("POST", f"{urlsplit(self.witness).path}/add-checkpoint", body)
        with link.getresponse() as response:
            data, kind = response.read(), response.headers["Content-Type"]
        link.close()
        head = f"HTTP/1.1 {response.status} x\r\nContent-Type: {kind}\r\nContent-Length: {len(data)}\r\nConnection: close\r\n\r\n"
        return head.encode() + data


@pytest.fixture
def wire():
    made = Wire()
    yield made
    made.server.close()


HEADS = st.sampled_from([b"", b"HTTP/1.1 200 OK\r\n", b"HTTP/1.1 409 x\r\nContent-Type: text/x.tlog.size\r\n", b"HTTP/9.9 200 OK\r\n",
                         b"HTTP/1.1 -1 x\r\n", b"HTTP/1.1 99999999999999999999 x\r\n", b"HTTP/1.1 100 Continue\r\n\r\n",
                         b"ICY 200 OK\r\n", b"SSH-2.0-x\r\n", b"\x16\x03\x01\x02\x00", b"HTTP/1.1 200 OK\r\nX: " + b"y" * 70_000 + b"\r\n",
                         b"HTTP/1.1 200 OK\r\n" + b"X: y\r\n" * 200])  # fmt: skip
CHUNKED = b"Transfer-Encoding: chunked\r\n\r\n"
FIELDS = st.sampled_from([b"Content-Length: 5\r\n\r\n", b"Content-Length: -5\r\n\r\n", b"Content-Length: 99999999999\r\n\r\n",
                          b"Content-Length: x\r\n\r\n", CHUNKED, CHUNKED + b"zz\r\n", CHUNKED + b"FFFFFFFFFFFF\r\n",
                          b"Content-Type: \xff\xfe\r\n\r\n", b"\x00\x1b[31m\r\n\r\n", b"\r\n", b""])  # fmt: skip


@QUICK
@given(head=HEADS, fields=FIELDS, body=BODIES)
def test_any_bytes_in_place_of_an_answer(wire, head, fields, body):
    wire.said = head + fields + body
    try:
        answer = Peer(wire.url).exchange("POST", "add-checkpoint", b"x", seconds=5, limit=1000)
    except PeerError as error:
        assert str(error).isprintable(), str(error)
    else:
        assert len(answer.body) <= 1000


LIES = [b"", b"\x00" * 50, b"HTTP/1.1 200 OK\r\n\r\ngarbage", b"HTTP/1.1 409 x\r\nContent-Type: text/x.tlog.size\r\n\r\n-1\n",
        b"HTTP/1.1 422 x\r\n\r\n", b"HTTP/1.1 503 x\r\n\r\n", b"HTTP/1.1 409 x\r\nContent-Type: text/plain\r\n\r\nfork\n"]  # fmt: skip


def test_a_witness_that_talked_nonsense_is_heard_again_when_it_is_well(setting, wire, start):
    """Nothing of the nonsense is kept: not in the checkpoint, and not against the witness."""
    ours, _witness = setting
    real, memory, policy = start(1), Memory(), policy_of({1: wire.url}, "all")
    for wire.said in LIES:
        collected = collect(ours.note(7), lambda old: ours.proof(old, 7), policy, 10, memory=memory)
        assert not collected.quorum and collected.note == ours_as_sent(ours, collected.note)
    wire.witness = real.url
    collected = collect(ours.note(7), lambda old: ours.proof(old, 7), policy, 10, memory=memory)
    assert (collected.quorum, collected.cosigners) == (True, {"w1"})


def ours_as_sent(ours, note):
    """The note when it carries the log's own signatures and no other."""
    text, signatures = notes.parse(note)
    names = {signature.name for signature in signatures}
    return note if names == {KEYS.name} and text == notes.parse(ours.note(7))[0] else b""
