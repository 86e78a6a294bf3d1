"""The parser of submissions and the judge of answers: any bytes give a clear answer, never a fault, never a signature."""

from __future__ import annotations

import base64

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.witness.conftest import KEYS, WITNESS_KEYS, Log, log_lines, make_folder

from yiwang.kernel.errors import BadInput
from yiwang.tlog import note as notes
from yiwang.tlog.cosignature import verifier_for
from yiwang.witness.answers import Cosigned, Fault, read_answer
from yiwang.witness.logs import read_logs
from yiwang.witness.peer import Answer
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
