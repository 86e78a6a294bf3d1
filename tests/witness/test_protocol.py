"""C2SP tlog-witness, each answer, over real HTTP."""

from __future__ import annotations

import base64
import http.client
import socket
from hashlib import sha256
from urllib.parse import urlsplit

import pytest
from tests.witness.conftest import KEYS, WITNESS_KEYS, log_lines

from yiwang.kernel.errors import BadInput, Refused
from yiwang.tlog import note as notes
from yiwang.tlog.checkpoint import Checkpoint, open_checkpoint, sign_checkpoint
from yiwang.tlog.cosignature import verifier_for
from yiwang.tlog.keys import LogKeys
from yiwang.tlog.merkle import EMPTY_ROOT
from yiwang.witness.keys import WitnessKeys
from yiwang.witness.logs import read_logs
from yiwang.witness.request import format_request
from yiwang.witness.state import State

HASH = sha256(KEYS.name.encode()).hexdigest()
COSIGNERS = [verifier_for(vkey) for vkey in WITNESS_KEYS[0].vkeys()]


def send(url, method, path, body=None, headers=None):
    connection = http.client.HTTPConnection(urlsplit(url).netloc, timeout=10)
    try:
        connection.request(method, path, body, headers or {})
        answer = connection.getresponse()
        return answer.status, answer.read(), answer.headers
    finally:
        connection.close()


def submit(running, old, proof, note):
    status, body, headers = send(running.url, "POST", "/add-checkpoint", format_request(old, proof, note))
    return status, body, headers["Content-Type"]


def test_growth_is_cosigned_by_both_keys_and_the_last_checkpoint_is_served(log, start):
    ours, witness = log(), start()
    for old, new in [(0, 0), (0, 1), (1, 255), (255, 256), (256, 257), (257, 600), (600, 600)]:
        ours.grow(new)
        status, body, _ = submit(witness, old, ours.proof(old), ours.note())
        assert status == 200
        signed = open_checkpoint(ours.note() + body, KEYS.verifiers(), witnesses=COSIGNERS, every=True)
        assert all(signed.note.signed_by(key) for key in COSIGNERS)
        served = send(witness.url, "GET", f"/{HASH}/checkpoint")
        assert served[0] == 200 and served[1] == ours.note().split(b"\n\n")[0] + b"\n\n" + served[1].split(b"\n\n")[1]
        signed = open_checkpoint(served[1], KEYS.verifiers(), witnesses=COSIGNERS, every=True)
        assert signed.checkpoint.size == new and all(signed.note.signed_by(key) for key in COSIGNERS)


def test_every_refusal_has_the_status_of_the_specification(log, start):
    ours, witness = log(20), start()
    other = log(20, fork=5)
    strange = LogKeys.create("other.example/log")
    imposter = LogKeys.create(KEYS.name)
    ours_10, body = ours.note(10), format_request(0, [], ours.note(10))
    assert send(witness.url, "GET", f"/{HASH}/checkpoint")[0] == 404
    assert submit(witness, 0, [], ours_10)[0] == 200
    checkpoint = Checkpoint(KEYS.name, 20, ours.tiles.root())
    cases = [
        ("unknown origin", 404, (0, [], sign_checkpoint(Checkpoint("other.example/log", 3, bytes(32)), strange))),
        ("key that is not trusted", 403, (10, ours.proof(10), sign_checkpoint(checkpoint, imposter))),
        ("trusted key, wrong signature", 403, (10, ours.proof(10), swapped(ours.note(20), ours.note(19)))),
        ("old beyond the checkpoint", 400, (21, [], ours.note(20))),
        ("old is not what was cosigned", 409, (9, ours.proof(9), ours.note(20))),
        ("old is zero", 409, (0, [], ours.note(20))),
        ("proof of another tree", 422, (10, other.proof(10), other.note(20))),
        ("proof with a bit flipped", 422, (10, flipped(ours.proof(10)), ours.note(20))),
        ("proof too long", 422, (10, [*ours.proof(10), bytes(32)], ours.note(20))),
        ("no proof", 422, (10, [], ours.note(20))),
        ("same size, another root", 422, (10, [], other.note(10))),
        ("proof though the size is the same", 422, (10, [bytes(32)], ours_10)),
        ("64 proof lines", 400, (10, [bytes(32)] * 64, ours.note(20))),
        ("proof line of 31 bytes", 400, (10, [bytes(31)], ours.note(20))),
    ]
    for what, status, (old, proof, note) in cases:
        answer = submit(witness, old, proof, note)
        assert answer[0] == status, (what, answer)
        assert b"\xe2\x80\x94" not in answer[1], what
        if status == 409:
            assert answer[1:] == (b"10\n", "text/x.tlog.size"), what
    assert send(witness.url, "POST", "/add-checkpoint", b"x" * 400_001)[0] == 413
    assert send(witness.url, "POST", "/", body)[0] == 404
    assert send(witness.url, "GET", "/add-checkpoint")[0] == 404
    assert send(witness.url, "GET", f"/{HASH}/tile/0/000.p/10")[0] == 404  # not a mirror
    assert submit(witness, 10, ours.proof(10), ours.note(20))[0] == 200


@pytest.mark.parametrize("body", [
    b"", b"old 0", b"old 0\n", b"old 0\n\n", b"\n\n", b"old -1\n\nx", b"old 01\n\n", b"old  1\n\n", b"OLD 1\n\n",
    b"old 9223372036854775808\n\n", b"old 0\n\xff\n\nx\n", b"old 0\n" + b"A" * 43 + b"=\n\nnot a note\n",
    b"old 0\n\n\n\n", b"old 0\r\n\r\n",
])  # fmt: skip
def test_a_malformed_body_is_a_bad_request(start, body):
    assert send(start().url, "POST", "/add-checkpoint", body)[0] == 400


def test_size_zero(log, start):
    ours, witness = log(3), start()
    assert submit(witness, 0, [bytes(32)], ours.note(3))[0] == 422  # from zero the proof must be empty
    wrong = ed25519_note(f"{KEYS.name}\n0\n{base64.b64encode(bytes(32)).decode()}\n".encode())
    assert submit(witness, 0, [], wrong)[0] == 422
    stranger = notes.sign(notes.parse(wrong)[0], [notes.Ed25519Signer(KEYS.name, LogKeys.create("x").ed25519)])
    assert submit(witness, 0, [], stranger)[0] == 403
    empty = sign_checkpoint(Checkpoint(KEYS.name, 0, EMPTY_ROOT), KEYS)
    assert submit(witness, 0, [bytes(32)], empty)[0] == 422
    assert submit(witness, 0, [], empty)[0] == 200
    assert submit(witness, 0, [], empty)[0] == 200
    assert submit(witness, 0, [], ours.note(3))[0] == 200
    assert submit(witness, 0, [], empty)[:2] == (409, b"3\n")


def test_a_fork_is_kept_as_evidence_even_when_the_old_size_is_wrong(log, start):
    ours, other, witness = log(9), log(9, fork=4), start()
    assert submit(witness, 0, [], ours.note())[0] == 200
    assert submit(witness, 0, [], other.note())[0] == 409
    assert submit(witness, 9, [bytes(32)], other.note())[0] == 422
    state = State(witness.folder)
    (found,) = state.suspects()
    assert (found.kind, found.size, found.root) == ("fork", 9, other.tiles.root())
    assert open_checkpoint(found.note, KEYS.verifiers(), every=True).checkpoint.root == found.root
    state.close()


def test_one_key_of_the_log_is_enough_and_other_cosignatures_are_no_matter(log, start):
    ours, witness = log(4), start()
    text = notes.parse(ours.note())[0]
    for signer in KEYS:
        assert submit(witness, 0, [], notes.sign(text, [signer]))[0] in (200, 409)
    others = [WITNESS_KEYS[1].cosigners()[0]]
    assert submit(witness, 4, [], notes.sign(text, [*KEYS, *others]))[0] == 200
    assert WITNESS_KEYS[1].name.encode() not in send(witness.url, "GET", f"/{HASH}/checkpoint")[1]


def test_requests_follow_each_other_on_one_connection(log, start):
    ours, witness = log(50), start()
    connection = http.client.HTTPConnection(urlsplit(witness.url).netloc, timeout=10)
    for size in (1, 2, 50):
        old = {1: 0, 2: 1, 50: 2}[size]
        connection.request("POST", "/add-checkpoint", format_request(old, ours.proof(old, size), ours.note(size)))
        answer = connection.getresponse()
        assert answer.status == 200 and answer.read()
    connection.close()


@pytest.mark.parametrize("raw, status", [
    (b"POST /add-checkpoint HTTP/1.1\r\n\r\n", b"411"),
    (b"POST /add-checkpoint HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", b"411"),
    (b"POST /add-checkpoint HTTP/1.1\r\nContent-Length: 3\r\nContent-Length: 3\r\n\r\nabc", b"411"),
    (b"POST /add-checkpoint HTTP/1.1\r\nContent-Length: -3\r\n\r\nabc", b"400"),
    (b"POST /add-checkpoint HTTP/1.1\r\nContent-Length: " + b"9" * 5000 + b"\r\n\r\n", b"413"),
    (b"nonsense\r\n\r\n", b"400"),
    (b"GET /" + b"a" * 70_000 + b" HTTP/1.1\r\n\r\n", b"414"),
    (b"GET /../witness.keys HTTP/1.1\r\n\r\n", b"404"),
    (b"GET /" + HASH.encode() + b"/tile/../../witness.keys HTTP/1.1\r\n\r\n", b"404"),
    (b"HEAD / HTTP/1.1\r\n\r\n", b"200"),
])  # fmt: skip
def test_odd_http(start, raw, status):
    address = urlsplit(start().url)
    with socket.create_connection((address.hostname, address.port), timeout=10) as sock, sock.makefile("rb") as answer:
        sock.sendall(raw)
        assert status in answer.readline()


def test_keys_and_state_are_never_made_anew_by_themselves(start, tmp_path):
    witness = start()
    assert (witness.folder / "witness.keys").stat().st_mode & 0o777 == 0o600
    assert WitnessKeys.load(witness.folder).vkeys() == witness.keys.vkeys()
    (witness.folder / "witness.keys").chmod(0o640)
    with pytest.raises(BadInput, match="0640"):
        WitnessKeys.load(witness.folder)
    with pytest.raises(Refused, match="sqlite"):
        State(tmp_path)
    with pytest.raises(Refused):
        State.create(witness.folder)


def test_which_files_name_logs():
    assert list(read_logs(log_lines().encode())) == [KEYS.name]
    assert len(read_logs(log_lines().encode() + b"quorum none\n")[KEYS.name].verifiers) == 2
    for data in (b"", b"quorum none\n", b"log x\n", log_lines("http://a/").encode() + b"log http://b/\n"):
        with pytest.raises(BadInput):
            read_logs(data)


def flipped(proof):
    return [bytes([proof[0][0] ^ 1]) + proof[0][1:], *proof[1:]]


def swapped(note, other):
    """The text of one note over the signatures of another."""
    return note.split(b"\n\n")[0] + b"\n\n" + other.split(b"\n\n")[1]


def ed25519_note(text):
    return notes.sign(text, [notes.Ed25519Signer(KEYS.name, KEYS.ed25519)])
