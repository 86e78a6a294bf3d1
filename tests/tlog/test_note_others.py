"""Some hundred spoilt notes and verifier keys, judged by us and by golang.org/x/mod/sumdb/note: the same verdict.

Where we differ we are stricter, in the ways that ``STRICTER`` lists, and never laxer.
"""

from __future__ import annotations

import base64
import random
import re
from collections import Counter
from collections.abc import Callable, Iterator

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.asymmetric.mldsa import MLDSA44PrivateKey
from tests.tlog.outside import ask
from tests.tlog.parsers import LOG_KEY, cases

from yiwang.tlog import note
from yiwang.tlog.cosignature import MLDSA44Signer, verifier_for
from yiwang.tlog.errors import NoteError

NAME = "evidence.example/2027"
SIGNER = note.Ed25519Signer(NAME, Ed25519PrivateKey.from_private_bytes(bytes([1]) * 32))
ARCHIVE = MLDSA44Signer(NAME, MLDSA44PrivateKey.from_seed_bytes(bytes([5]) * 32), lambda: 1_800_000_000)
BODY = cases("note")[0]["data"].partition(b"\n\n")[0] + b"\n"
SIGNED = note.sign(BODY, [SIGNER])
LINE = SIGNED[len(BODY) + 1 :]
STRANGER = note.Signature("stranger.example", b"abcd", b"x" * 64).line().encode()
SPACES = " \t\v\f\r\x1c\x1f\x7f\x85\xa0\u1680\u180e\u2000\u200a\u200b\u2028\u2029\u202f\u205f\u2060\u3000\ufeff"


def by_hand() -> Iterator[bytes]:
    """What chance would not find: kinds of space, of base64, of repetition, of length."""
    for space in SPACES:
        yield SIGNED.replace(b"2027 ", f"2027{space}".encode(), 1)
        yield BODY + b"\n" + STRANGER.replace(b"r.e", f"r{space}e".encode()) + LINE
        yield note.sign(f"a{space}b\n".encode(), [SIGNER]) if space >= " " else SIGNED + space.encode()
    for end in (b"==", b"=", b"", b"===", b"=\xe2\x80\x8b", b"=\n", b"= ", b"= x"):
        yield BODY + b"\n" + LINE.rstrip(b"=\n") + end + b"\n"
    for letter in b"ABCDEFGHghwxyz01+/-_*":
        yield BODY + b"\n" + re.sub(rb".(=+\n)$", rb"%c\1" % letter, STRANGER) + LINE
    other = note.Signature(NAME, SIGNER.key_id, b"x" * 64).line().encode()
    for lines in ([LINE, LINE], [LINE, other], [other, LINE], [STRANGER, STRANGER, LINE], [STRANGER], [other], [b"", LINE], [LINE, b"\n"]):
        yield BODY + b"\n" + b"".join(lines)
    for count in (99, 100, 101):
        strangers = (note.Signature(f"s{n}.example", b"abcd", b"x").line().encode() for n in range(count - 1))
        yield BODY + b"\n" + b"".join(strangers) + LINE
        yield BODY + b"\n" + STRANGER * (count - 1) + LINE
    texts = (b"\n", b"\n\n", b"a\n\nb\n", "— a b\n".encode(), b"\n\n\n", "公\n".encode(), b"x" * 10_000 + b"\n")
    yield from (note.sign(text, [SIGNER]) for text in texts)
    yield note.sign(BODY, [SIGNER, ARCHIVE])


def by_chance(count: int) -> Iterator[bytes]:
    """Good notes with one to three bytes, pieces or lines changed, always the same ones."""
    chance = random.Random(20270401)
    seeds = [case["data"] for case in cases("note") if case["good"]]
    pieces = [b"\n", b"\n\n", b" ", b"+", b"=", "— ".encode(), b"\xc2\x85", b"\xff", b"\xed\xa0\x80", b"\r", b"A", b"\x7f", STRANGER, LINE]
    for _ in range(count):
        data = chance.choice(seeds)
        for _ in range(chance.randint(1, 3)):
            place = chance.randrange(len(data) + 1)
            if chance.random() < 0.5:  # most of what matters is near the signatures
                place = min(len(data), data.find(b"\n\n") + chance.randrange(40))
            way = chance.randrange(4)
            if way == 0:
                data = data[:place] + chance.choice(pieces) + data[place:]
            elif way == 1:
                data = data[:place] + data[place + 1 :]
            elif way == 2 and place < len(data):
                data = data[:place] + bytes([data[place] ^ 1 << chance.randrange(8)]) + data[place + 1 :]
            else:
                lines = data.split(b"\n")
                lines.insert(chance.randrange(len(lines)), chance.choice(lines))
                data = b"\n".join(lines)
        yield data


NOTES = list(dict.fromkeys([*(case["data"] for case in cases("note")), *by_hand(), *by_chance(600)]))


def ours(data: bytes) -> tuple[bytes, int, int] | None:
    """Text, number of verified signatures, number of others; None when refused."""
    try:
        opened = note.open(data, [verifier_for(LOG_KEY)])
    except NoteError:
        return None
    return opened.text, len(opened.verified), len(opened.unknown)


def loose_base64(data: bytes) -> bool:
    """Bits left over after the last byte. RFC 4648 section 3.5: "MAY choose to reject". One signature, one form."""
    found = re.findall(rb"(?m)^\xe2\x80\x94 \S+ (\S+)$", data)
    return any(base64.b64encode(base64.b64decode(value)) != value for value in found if len(value) % 4 == 0)


def wrong_after_right(data: bytes) -> bool:
    """A wrong signature of a trusted key behind a right one: signed-note, "MUST reject" if any known key's fails."""
    _text, signatures = note.parse(data)
    known = [s.blob for s in signatures if (s.name, s.key_id) == (NAME, SIGNER.key_id)]
    return len(set(known)) > 1


STRICTER: dict[str, Callable[[bytes], bool]] = {"loose base64": loose_base64, "wrong after right": wrong_after_right}


def test_the_same_notes_are_accepted_and_refused() -> None:
    differ: Counter[str] = Counter()
    verdicts: Counter[bool] = Counter()
    for data, theirs in zip(NOTES, ask({"do": "note", "note": data, "vkey": LOG_KEY} for data in NOTES), strict=True):
        mine = ours(data)
        verdicts[mine is not None] += 1
        if mine is None and "error" not in theirs:
            reason = next((name for name, applies in STRICTER.items() if applies(data)), None)
            assert reason, data
            differ[reason] += 1
        elif mine is not None:
            assert "error" not in theirs, (data, theirs)
            assert mine == (base64.b64decode(theirs["text"]), theirs["known"], theirs["other"]), data
    assert verdicts[True] > 80 and verdicts[False] > 400, verdicts
    assert set(differ) == set(STRICTER), differ


def spoilt_keys() -> Iterator[str]:
    yield from (case["text"] for case in cases("vkey"))
    chance = random.Random(20270402)
    for space in SPACES:
        name = f"a{space}b"
        yield f"{name}+{note.key_id(name, 1, bytes(32)).hex()}+{base64.b64encode(bytes([1]) + bytes(32)).decode()}"
    for _ in range(200):
        place = chance.randrange(len(LOG_KEY))
        yield LOG_KEY[:place] + chance.choice(["", "+", "=", "A", "é", " ", "0"]) + LOG_KEY[place + chance.randrange(2) :]


def test_the_same_verifier_keys_are_accepted_and_refused() -> None:
    keys = list(dict.fromkeys(spoilt_keys()))
    accepted = 0
    for key, theirs in zip(keys, ask({"do": "vkey", "vkey": key} for key in keys), strict=True):
        try:
            kind: int | None = note.parse_vkey(key).kind
        except NoteError:
            kind = None
        accepted += kind is not None
        if "error" not in theirs and kind is None:
            # Go also reads ids in capitals, line ends inside of base64, and names that no note can have
            assert "\n" in key or any(c < " " for c in key) or key.split("+")[1] != key.split("+")[1].lower(), key
        elif "error" not in theirs:
            assert kind == note.ED25519, key
        else:  # cosignature keys are unknown to x/mod, not malformed
            assert kind in (None, note.ED25519_COSIGNATURE, note.MLDSA44_COSIGNATURE), key
    assert accepted > 4


@pytest.mark.parametrize("size", [note.MAX_NOTE, note.MAX_NOTE + 1])
def test_a_note_of_a_megabyte(size: int) -> None:
    """Where notes are fetched, the checksum database's client has this limit; we have it where they are read."""
    data = note.sign(b"x" * (size - 1 - len(LINE) - 1) + b"\n", [SIGNER])
    assert len(data) == size
    assert "error" not in ask([{"do": "note", "note": data, "vkey": LOG_KEY}])[0]
    assert (ours(data) is not None) is (size <= note.MAX_NOTE)
