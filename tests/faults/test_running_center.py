"""Faults in the middle of the burst, to a real center: nothing acknowledged is lost, nothing counts unseen, nothing leaks.

``YIWANG_FAULT_ROUNDS=50`` kills fifty times; by default each kind of process is killed once.
"""

from __future__ import annotations

import base64
import dataclasses
import http.client
import os
import random
import signal
import socket
import threading
import time
import uuid
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from urllib.parse import quote

import pytest

from tests.faults.center import Center, running, together
from tests.faults.prepare import token_of
from yiwang.bench.tenderers import NotTaken, Tenderer, act, ask, commit, deliver, exchange, upload

VICTIMS = ("one web process", "worker", "database", "live", "web")
"""The sequencer of the log works in the worker."""
pytestmark = pytest.mark.whole
ROUNDS = int(os.environ.get("YIWANG_FAULT_ROUNDS", str(len(VICTIMS))))
AT_ONCE = 4
OTHERS = 9
"""Tenderers that the other tests need."""

TUS = {"Tus-Resumable": "1.0.0", "Content-Type": "application/offset+octet-stream"}


@pytest.fixture(scope="module")
def center() -> Iterator[Center]:
    with running(ROUNDS * AT_ONCE + OTHERS) as started:
        yield started


def test_killed_processes_lose_no_acknowledged_bid(center: Center) -> None:
    chance, done = random.Random(20270131), list[Tenderer]()
    for number in range(ROUNDS):
        name = VICTIMS[number % len(VICTIMS)]
        pid, bidders = center.victim(name), center.take(AT_ONCE)
        killer = threading.Timer(chance.uniform(0, 0.5), os.kill, (pid, signal.SIGKILL))
        killer.start()
        raised = together([partial(center.persist, who) for who in bidders])
        killer.join()
        assert raised == [None] * AT_ONCE, f"round {number}: {name} was killed; {center.output.read_text()[-3000:]}"
        assert center.victim(name) != pid
        done += bidders
    link = center.link()
    for who in done:
        for receipt in (who.committed, who.delivered):
            assert receipt is not None
            kept = ask(link, "GET", f"/api/v1/receipts/{receipt['act']}", None, who.headers)
            assert (kept["entry"], kept["canonical"]) == (receipt["entry"], receipt["canonical"])


def test_two_browsers_of_one_tenderer(center: Center) -> None:
    both, twice = center.take(2)
    other = dataclasses.replace(both, headers=both.other_headers, keys={name: uuid.uuid4().hex for name in both.keys})
    for step in (commit, deliver):
        raised = [error for error in together([partial(step, center.link(), both), partial(step, center.link(), other)]) if error]
        assert len(raised) == 1 and isinstance(raised[0], NotTaken) and 400 <= raised[0].status < 500, raised
        both.committed = both.committed or other.committed
    again = dataclasses.replace(twice, headers=twice.other_headers)  # the same request twice, as a double click sends it
    for step in (commit, deliver):
        assert together([partial(step, center.link(), twice), partial(step, center.link(), again)]) == [None, None]
    assert twice.committed and again.committed and twice.committed["act"] == again.committed["act"]
    center.bid += [both, twice]


def test_copy_of_anothers_envelope_is_refused(center: Center) -> None:
    owner, copier = center.take(2)
    copier.tender = owner.tender
    center.persist(owner)
    copy = dataclasses.replace(copier, envelope=owner.envelope, sha256=owner.sha256, manifest_sha256=owner.manifest_sha256)
    with pytest.raises(NotTaken) as refused:
        commit(center.link(), copy)
    assert refused.value.status < 500
    with pytest.raises(NotTaken) as refused:
        act(center.link(), dataclasses.replace(copy, keys={"bid.submit": uuid.uuid4().hex}), "bid.submit",
            {"content": upload(center.link(), copy), "manifest_sha256": copy.manifest_sha256})  # fmt: skip
    assert refused.value.status < 500


def test_pieces_repeated_reordered_and_cut_off(center: Center) -> None:
    [who] = center.take(1)
    commit(center.link(), who)
    place, link = begun(center, who), center.link()
    half = len(who.envelope) // 2

    def patch(at: int, piece: bytes, **headers: str) -> int:
        try:
            return int(exchange(link, "PATCH", place, piece, {**TUS, **who.headers, "Upload-Offset": str(at), **headers})[0]["Upload-Offset"])
        except NotTaken as error:
            return -error.status

    assert patch(0, who.envelope[:1000]) == 1000
    assert patch(0, who.envelope[:1000]) == -409, "repeated"
    assert patch(half, who.envelope[half:]) == -409, "the second half before the first"
    wrong = base64.b64encode(bytes(20)).decode()
    assert patch(1000, who.envelope[1000:2000], **{"Upload-Checksum": f"sha1 {wrong}"}) == -460
    cut_off(center, who, place, 1000, who.envelope[1000:half])
    reached = int(exchange(link, "HEAD", place, None, {**TUS, **who.headers})[0]["Upload-Offset"])
    assert 1000 <= reached <= half
    assert patch(reached, who.envelope[reached:] + b"more") < 0, "longer than announced"
    reached = int(exchange(link, "HEAD", place, None, {**TUS, **who.headers})[0]["Upload-Offset"])
    if reached < len(who.envelope):
        assert patch(reached, who.envelope[reached:]) == len(who.envelope)
    deliver(center.link(), who)
    center.bid.append(who)


def begun(center: Center, who: Tenderer) -> str:
    """The address of an upload that was announced, without bytes."""
    coded = base64.b64encode(who.sha256.encode()).decode()
    headers = {**who.headers, "Tus-Resumable": "1.0.0", "Upload-Length": str(len(who.envelope)), "Upload-Metadata": f"sha256 {coded}"}
    place: str = exchange(center.link(), "POST", f"/uploads/{quote(who.tender)}/", None, headers)[0]["Location"]
    return place


def cut_off(center: Center, who: Tenderer, place: str, at: int, piece: bytes) -> None:
    """Send a part of what was promised, then let the line break."""
    lines = {**TUS, **who.headers, "Host": "localhost", "Upload-Offset": str(at), "Content-Length": str(len(piece))}
    head = f"PATCH {place} HTTP/1.1\r\n" + "".join(f"{name}: {value}\r\n" for name, value in lines.items()) + "\r\n"
    with socket.create_connection(("127.0.0.1", center.port), timeout=20) as line:
        line.sendall(head.encode() + piece[: len(piece) // 2])
        time.sleep(0.3)


def test_full_disk_takes_nothing_half_and_loses_nothing(center: Center) -> None:
    """What is acknowledged on a full disk counts like any other; what is not is a fault that says so, and can be tried again."""
    if not center.bounded:
        pytest.skip("no file system in memory can be mounted here: a full disk is not tried")
    before, who = center.take(2)
    center.persist(before)
    filler = center.data / "filler"
    fill(filler)
    with pytest.raises(OSError, match="space"):
        (center.data / "more").write_bytes(bytes(1 << 20))
    try:
        commit(center.link(), who)
        deliver(center.link(), who)
    except NotTaken as error:
        assert error.status >= 500, error
    except (OSError, http.client.HTTPException):
        pass  # a process that could not go on; it is started again
    (center.data / "more").unlink()
    filler.unlink()
    center.persist(who)


def fill(path: Path) -> None:
    """Write until nothing more goes onto the disk."""
    with path.open("ab", buffering=0) as file:
        size = 1 << 20
        while size >= 512:
            try:
                file.write(b"\xff" * size)
            except OSError:
                size //= 2


def test_each_acknowledged_bid_counts_once_and_none_that_its_tenderer_does_not_see(center: Center) -> None:
    assert len(center.bid) >= AT_ONCE * ROUNDS
    for number, found in center.seen().items():
        own = {who.uscc: [who.commitment] for who in center.bid if who.tender == number}
        standing = {uscc: [key for key, state in bids.items() if state == "submitted"] for uscc, bids in found["seen"].items()}
        assert standing == own
        assert sorted(found["counted"]) == sorted(each for bids in standing.values() for each in bids)


def spellings(token: str) -> list[bytes]:
    """A token as it may lie in bytes: itself, as UTF-16, in hexadecimal, in base64 at each of the three offsets."""
    raw = token.encode()
    coded = [base64.b64encode(b" " * shift + raw)[4 if shift else 0 : -4] for shift in range(3)]
    return [raw, token.encode("utf-16-le"), raw.hex().encode(), raw.hex().upper().encode(), *coded]


def test_no_bid_shows_on_the_disk_in_the_database_or_in_the_output(center: Center) -> None:
    """The canary of the design, on what real processes leave: data folder, database files and their dump, all output."""
    places: dict[str, bytes] = {"output": center.output.read_bytes(), "dump": center.program("dump")["dump"].encode()}
    for path in center.data.rglob("*"):
        if path.is_file():
            places[str(path.relative_to(center.data))] = path.read_bytes()
    common = token_of(0).removeprefix("canary0000")
    found = [place for place, content in places.items() if any(spelling in content for spelling in spellings(common))]
    assert found == []
    number = center.bid[0].tender.encode()
    assert number in places["dump"], "what is public is found"
    assert any(number in content for place, content in places.items() if place.startswith("postgres/")) or not (center.data / "postgres").is_dir()


def test_the_closing_entry_decides_even_when_the_webs_clock_is_hours_behind(center: Center) -> None:
    in_time, late = center.take(2)
    late.tender = in_time.tender
    center.persist(in_time)
    closed = center.program("close", in_time.tender)
    assert in_time.commitment in closed["commitments"]
    with pytest.raises(NotTaken) as refused:
        commit(center.link(), late)
    assert 400 <= refused.value.status < 500
    assert ask(center.link(), "GET", f"/api/v1/receipts/{in_time.committed['act']}", None, in_time.headers)["seq"] == 0  # type: ignore[index]
