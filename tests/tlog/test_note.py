"""Signed notes: the published examples, everything malformed, trusted and unknown keys."""

from __future__ import annotations

import base64
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import given, settings
from hypothesis import strategies as st

from yiwang.tlog import note
from yiwang.tlog.cosignature import verifier_for
from yiwang.tlog.errors import NoteError

# golang.org/x/mod/sumdb/note, example_test.go (BSD-3-Clause)
PETER = "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW"
PETER_SEED = "PRIVATE+KEY+PeterNeumann+c74f20a3+AYEKFALVFGyNhPJEMzD1QIDr+Y7hfZx09iUvxdXHKDFz"
TEXT = b"If you think cryptography is the answer to your problem,\nthen you don't know what your problem is.\n"
PETER_LINE = (
    "— PeterNeumann x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM=\n"
)
ENOCH_LINE = (
    "— EnochRoot rwz+eBzmZa0SO3NbfRGzPCpDckykFXSdeX+MNtCOXm2/5n2tiOHp+vAF1aGrQ5ovTG01oOTGwnWLox33WWd1RvMc+QQ=\n"
)
PETER_NOTE = TEXT + b"\n" + PETER_LINE.encode()

# C2SP signed-note v1.0.0, the example at its beginning
QUASIMODO = (Path(__file__).parent / "vectors" / "c2sp_quasimodo.note").read_bytes()


def signer(name: str = "a.example/log", seed: int = 1) -> note.Ed25519Signer:
    return note.Ed25519Signer(name, Ed25519PrivateKey.from_private_bytes(bytes([seed]) * 32))


def trusted(*signers: note.Ed25519Signer) -> list[note.Verifier]:
    return [verifier_for(s.vkey) for s in signers]


def test_the_go_example_opens() -> None:
    opened = note.open(PETER_NOTE, [verifier_for(PETER)])
    assert opened.text == TEXT
    assert [(s.name, s.key_id.hex()) for s in opened.verified] == [("PeterNeumann", "c74f20a3")]
    assert opened.signed_by(verifier_for(PETER)) and not opened.unknown


def test_the_go_example_is_signed_byte_for_byte() -> None:
    seed = base64.b64decode(PETER_SEED.split("+", 4)[4])[1:]
    key = note.Ed25519Signer("PeterNeumann", Ed25519PrivateKey.from_private_bytes(seed))
    assert str(key.vkey) == PETER
    assert note.sign(TEXT, [key]) == PETER_NOTE


def test_the_go_example_of_a_second_signature() -> None:
    enoch = note.Ed25519Signer("EnochRoot", Ed25519PrivateKey.from_private_bytes(bytes(32)))
    _, existing = note.parse(PETER_NOTE)
    assert note.sign(TEXT, [enoch], existing) == PETER_NOTE + ENOCH_LINE.encode()
    opened = note.open(PETER_NOTE + ENOCH_LINE.encode(), [verifier_for(PETER)])
    assert [s.name for s in opened.unknown] == ["EnochRoot"]


def test_the_c2sp_example_is_split_at_its_last_empty_line() -> None:
    text, (signature,) = note.parse(QUASIMODO)
    assert text.endswith("ed è subito sera.\n".encode()) and text.count(b"\n\n") == 1
    assert (signature.name, signature.key_id.hex()) == ("quasimodo.example/salvatore", "367ba04b")
    assert len(signature.blob) == 64
    assert note.format_note(text, [signature]) == QUASIMODO


def test_a_wrong_signature_of_a_trusted_key_rejects_the_note_even_beside_a_right_one() -> None:
    one, two = signer(), signer("b.example/log", 2)
    signed = note.sign(TEXT, [one, two])
    _, (first, second) = note.parse(signed)
    bad = note.Signature(second.name, second.key_id, first.blob)
    with pytest.raises(NoteError, match=r"b\.example/log"):
        note.open(note.format_note(TEXT, [first, bad]), trusted(one, two))
    assert note.open(note.format_note(TEXT, [first, bad]), trusted(one)).unknown == (bad,)


def test_a_note_signed_only_by_strangers_is_refused() -> None:
    with pytest.raises(NoteError, match="没有可信"):
        note.open(PETER_NOTE, trusted(signer()))
    with pytest.raises(NoteError):
        note.open(PETER_NOTE, [])


def test_name_or_id_alone_does_not_make_a_key_known() -> None:
    one = signer()
    _, (right,) = note.parse(note.sign(TEXT, [one]))
    other_id = note.Signature(right.name, b"abcd", b"x" * 64)
    other_name = note.Signature("c.example", right.key_id, b"x" * 64)
    opened = note.open(note.format_note(TEXT, [other_id, other_name, right]), trusted(one))
    assert opened.verified == (right,) and opened.unknown == (other_id, other_name)


def test_two_trusted_keys_of_one_name_and_id_are_refused() -> None:
    class Twin:
        name, key_id = signer().name, signer().key_id

        def verify(self, text: bytes, signature: bytes) -> bool:
            return True

    with pytest.raises(NoteError, match="同名同号"):
        note.open(note.sign(TEXT, [signer()]), [*trusted(signer()), Twin()])
    note.open(note.sign(TEXT, [signer()]), [*trusted(signer()), *trusted(signer())])


def test_sixteen_signatures_and_more_are_read_but_not_a_flood() -> None:
    signers = [signer(f"w{n}.example", n) for n in range(1, 101)]
    assert len(note.open(note.sign(TEXT, signers[:16]), trusted(*signers[:16])).verified) == 16
    assert len(note.open(note.sign(TEXT, signers), trusted(*signers)).verified) == 100
    with pytest.raises(NoteError, match="100"):
        note.parse(note.sign(TEXT, [*signers, signer("w101.example", 101)]))


def test_a_repeated_line_counts_once() -> None:
    line = PETER_LINE.encode()
    assert len(note.open(PETER_NOTE + line, [verifier_for(PETER)]).verified) == 1


@pytest.mark.parametrize(
    "broken",
    [
        b"",
        b"\n\n",
        TEXT,
        TEXT + b"\n",
        PETER_NOTE[:-1],
        PETER_NOTE + b"\n",
        PETER_NOTE + b"x\n",
        PETER_NOTE.replace("— ".encode(), b"- "),
        PETER_NOTE.replace("— ".encode(), "—".encode()),
        PETER_NOTE.replace("— ".encode(), "—  ".encode()),
        PETER_NOTE.replace(b"PeterNeumann ", b"Peter+Neumann "),
        PETER_NOTE.replace(b"PeterNeumann ", "Peter\u00a0Neumann ".encode()),
        PETER_NOTE.replace(b"PeterNeumann ", b"PeterNeumann  "),
        PETER_NOTE.replace(b"nAM=", b"nAN="),
        PETER_NOTE.replace(b"nAM=", b"nAM"),
        PETER_NOTE.replace(b"nAM=", b"nAM= "),
        PETER_NOTE.replace(b"nAM=", "nAＭ=".encode()),
        PETER_NOTE.replace(b"nAM=", b"nA-="),
        TEXT + "\n— PeterNeumann x08gow==\n".encode(),
        PETER_NOTE.replace(b"\n", b"\r\n"),
        PETER_NOTE.replace(b"your", b"yo\x00ur"),
        PETER_NOTE.replace(b"your", b"yo\tur"),
        PETER_NOTE.replace(b"your", b"yo\xffur"),
        b"x" * note.MAX_NOTE + PETER_NOTE,
    ],
)
def test_malformed_notes(broken: bytes) -> None:
    with pytest.raises(NoteError):
        note.open(broken, [verifier_for(PETER)])


@settings(deadline=None)
@given(st.integers(0, len(PETER_NOTE) * 8 - 1))
def test_no_bit_of_a_note_can_be_changed(bit: int) -> None:
    changed = bytearray(PETER_NOTE)
    changed[bit // 8] ^= 1 << bit % 8
    with pytest.raises(NoteError):
        note.open(bytes(changed), [verifier_for(PETER)])


@settings(deadline=None)
@given(st.text(st.characters(exclude_categories=["Cc", "Cs"], include_characters="\n")))
def test_any_text_survives_signing(text: str) -> None:
    body = text.encode() + b"\n"
    opened = note.open(note.sign(body, [signer()]), trusted(signer()))
    assert opened.text == body


@pytest.mark.parametrize("text", [b"no newline", b"", b"bell \x07\n", b"\xff\n"])
def test_texts_that_cannot_be_signed(text: bytes) -> None:
    with pytest.raises(NoteError):
        note.sign(text, [signer()])


def test_a_note_needs_a_signature() -> None:
    with pytest.raises(NoteError):
        note.sign(TEXT, [])


@pytest.mark.parametrize("name", ["", "a b", "a+b", "a\u2003b", "a\nb"])
def test_key_names_that_are_not_allowed(name: str) -> None:
    with pytest.raises(NoteError):
        signer(name)


@pytest.mark.parametrize(
    "vkey",
    [
        "",
        "PeterNeumann",
        "PeterNeumann+c74f20a3",
        PETER.replace("c74f20a3", "c74f20a4"),
        PETER.replace("c74f20a3", "C74F20A3"),
        PETER.replace("Peter", "Petra"),
        PETER.replace("Peter", "Peter "),
        PETER[:-1],
        PETER[:-4],
        PETER.replace("+ARpc", "+A!pc"),
        "bananas.sigstore.dev+12344556",  # these four: transparency-dev/formats, note_cosigv1_test.go (Apache-2.0)
        "rekor.sigstore.dev+12345678+THIS_IS_NOT_BASE64!",
        "rekor.sigstore.dev+12345678+AwEB",
        "rekor.sigstore.dev+00000000+AwEB",
    ],
)
def test_malformed_verifier_keys(vkey: str) -> None:
    with pytest.raises(NoteError):
        verifier_for(vkey)


@pytest.mark.parametrize(
    "vkey",
    [
        PETER,
        "TEST+7997405c+AQcC+FTVKf0jlTdHDY3rbevmnKxxPjigCXlVtGe6RIr6",  # formats, note_cosigv1_test.go
        "remora.n621.de+da77ade7+BOvN63jn/bLvkieywe8R6UYAtVtNbZpXh34x7onlmtw2",
    ],
)
def test_published_verifier_keys_are_read_and_written(vkey: str) -> None:
    assert str(note.parse_vkey(vkey)) == vkey
