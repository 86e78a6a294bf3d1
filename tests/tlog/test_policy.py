"""Trust policies (tlog-policy): quorums, groups in groups, and every malformed line named by its number."""

from __future__ import annotations

from itertools import combinations

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.asymmetric.mldsa import MLDSA44PrivateKey

from yiwang.tlog import note
from yiwang.tlog.checkpoint import Checkpoint, sign_checkpoint
from yiwang.tlog.cosignature import Ed25519Cosigner, MLDSA44Signer
from yiwang.tlog.errors import NoteError, PolicyError
from yiwang.tlog.keys import LogKeys
from yiwang.tlog.policy import parse

KEYS = LogKeys.create("evidence.example/2027")
LOG = "".join(f"log {vkey}\n" for vkey in KEYS.vkeys())
SIGNED = sign_checkpoint(Checkpoint(KEYS.name, 5, bytes(32)), KEYS)


def cosigner(number: int) -> Ed25519Cosigner | MLDSA44Signer:
    seed = bytes([number]) * 32
    if number % 2:
        return Ed25519Cosigner(f"w{number}.example", Ed25519PrivateKey.from_private_bytes(seed))
    return MLDSA44Signer(f"w{number}.example", MLDSA44PrivateKey.from_seed_bytes(seed))


WITNESSES = {f"{'X' if n < 4 else 'Y'}{n}": cosigner(n) for n in range(1, 7)}
LINES = "".join(f"witness {name} {key.vkey}\n" for name, key in WITNESSES.items())

# The shape of the specification's own example policy
EXAMPLE = f"""# our policy
{LOG}
 {LINES}
group X-witnesses 2 X1 X2 X3
group Y-witnesses any\tY4 Y5 Y6
\t
group X-and-Y all X-witnesses Y-witnesses
quorum X-and-Y
"""


def cosigned(*names: str) -> bytes:
    text, existing = note.parse(SIGNED)
    return note.sign(text, [WITNESSES[name] for name in names], existing)


def test_the_example_accepts_exactly_two_of_x_and_one_of_y() -> None:
    policy = parse(EXAMPLE.encode())
    for count in range(7):
        for names in combinations(WITNESSES, count):
            enough = sum(n[0] == "X" for n in names) >= 2 and any(n[0] == "Y" for n in names)
            assert policy.satisfied_by(frozenset(names)) is enough


def test_the_example_checks_real_cosignatures() -> None:
    policy = parse(EXAMPLE.encode())
    assert policy.open(cosigned("X1", "X2", "Y4")).checkpoint.size == 5
    with pytest.raises(PolicyError, match="X1, X2, X3"):
        policy.open(cosigned("X1", "X2", "X3"))
    with pytest.raises(PolicyError):
        policy.open(SIGNED)


def test_quorum_none_needs_only_the_log() -> None:
    for line in LOG.splitlines():
        assert parse(f"{line}\nquorum none\n".encode()).open(SIGNED).checkpoint.origin == KEYS.name


def test_a_single_witness_as_quorum() -> None:
    policy = parse((LOG + LINES + "quorum Y4\n").encode())
    policy.open(cosigned("Y4"))
    with pytest.raises(PolicyError):
        policy.open(cosigned("X1"))


def test_cosignatures_without_the_log_are_not_enough() -> None:
    text, _ = note.parse(SIGNED)
    with pytest.raises(NoteError):
        parse(EXAMPLE.encode()).open(note.sign(text, WITNESSES.values()))
    with pytest.raises(NoteError):
        parse((LINES + "quorum none\n").encode()).open(cosigned("X1"))


def test_a_wrong_cosignature_of_a_listed_witness_rejects_all() -> None:
    text, signatures = note.parse(cosigned("X1", "X2", "Y4", "Y5"))
    *good, last = signatures
    bad = note.Signature(last.name, last.key_id, last.blob[:-1] + bytes([last.blob[-1] ^ 1]))
    with pytest.raises(NoteError):
        parse(EXAMPLE.encode()).open(note.format_note(text, [*good, bad]))


def test_urls_and_names_beyond_ascii() -> None:
    data = (LOG + f"witness 公证处 {WITNESSES['X1'].vkey} https://w.example/公证\nquorum 公证处\n").encode()
    policy = parse(data)
    assert policy.witnesses["公证处"].url == "https://w.example/公证"
    policy.open(cosigned("X1"))
    parse(data.replace("公证处".encode(), b"\xff\xfe"))


X1, X2 = WITNESSES["X1"].vkey, WITNESSES["X2"].vkey


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("", 1),
        (LOG, 3),
        ("quorum none", 1),
        ("quorum none\nquorum none\n", 2),
        ("quorum a\n", 1),
        ("quorum\n", 1),
        ("quorum none none\n", 1),
        ("Quorum none\n", 1),
        ("log\nquorum none\n", 1),
        ("log nonsense\nquorum none\n", 1),
        (f"log {X1}\nquorum none\n", 1),
        (f"witness a {KEYS.vkeys()[0]}\nquorum none\n", 1),
        (f"{LOG}{LOG}quorum none\n", 3),
        (f"witness a {X1}\nwitness b {X1}\nquorum none\n", 2),
        (f"witness a {X1}\nwitness a {X2}\nquorum none\n", 2),
        (f"witness none {X1}\nquorum none\n", 1),
        (f"witness a {X1} url more\nquorum none\n", 1),
        (f"witness a {X1}\ngroup a any a\nquorum none\n", 2),
        (f"witness a {X1}\ngroup g any\nquorum none\n", 2),
        (f"witness a {X1}\ngroup g 0 a\nquorum none\n", 2),
        (f"witness a {X1}\ngroup g 2 a\nquorum none\n", 2),
        (f"witness a {X1}\ngroup g +1 a\nquorum none\n", 2),
        (f"witness a {X1}\ngroup g some a\nquorum none\n", 2),
        (f"witness a {X1}\ngroup g 1 a a\nquorum none\n", 2),
        (f"witness a {X1}\ngroup g any a\ngroup h any a\nquorum none\n", 3),
        (f"witness a {X1}\ngroup g any none\nquorum none\n", 2),
        (f"witness a {X1}\ngroup g any g\nquorum none\n", 2),
        (f"group g any a\nwitness a {X1}\nquorum g\n", 1),
        ("quorum none\r\n", 1),
        ("# comment\n\nquorum\x0bnone\n", 3),
        ("quorum\u00a0none\n", 1),
        ("#" * 1_000_001, 1),
    ],
    ids=lambda value: str(value) if isinstance(value, int) else "",  # keys are random; xdist wants the same names
)
def test_malformed_policies_name_the_line(text: str, line: int) -> None:
    with pytest.raises(PolicyError) as error:
        parse(text.encode())
    assert error.value.reasons[0].field == f"line {line}"
