"""The text of a signed refusal: one form only, and never a checkpoint."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from yiwang.kernel.errors import BadInput
from yiwang.seal.refusal import Head, Refusal, is_refusal, parse
from yiwang.tlog.checkpoint import parse_body
from yiwang.tlog.errors import NoteError

NINE = datetime(2026, 11, 24, 1, 30, tzinfo=UTC)
WHOLE = Refusal("bid.submit", "YW2026-0001", "1", "913502001234567890", "ab" * 32, NINE, NINE, 812,
                Head("evidence.example/2026", 900, bytes(32)), "evidence.example/2026+00000000+AQ==")  # fmt: skip
BARE = Refusal("bid.commit", "YW2026-0001", "", "913502001234567890", "", NINE, NINE, None, None, "k")


@pytest.mark.parametrize("said", [WHOLE, BARE])
def test_what_is_written_is_read_again(said: Refusal) -> None:
    assert parse(said.text()) == said
    assert is_refusal(said.text()) and said.late


@pytest.mark.parametrize("said", [WHOLE, BARE])
def test_a_refusal_is_never_a_checkpoint_of_the_same_key(said: Refusal) -> None:
    with pytest.raises(NoteError):
        parse_body(said.text())


@pytest.mark.parametrize(
    "change",
    [
        (b"reason late", b"reason early"), (b"act bid.submit", b"act bid"), (b"lot 1", b"lot  1"), (b"lot 1\n", b"lot 1\nlot 2\n"),
        (b"envelope ab", b"envelope AB"), (b"01:30:00Z", b"01:30Z"), (b"closing 812", b"closing 0812"), (b" 900 ", b" +900 "),
        (b" 900 ", b"  "), (b"\ntender", b"\r\ntender"), (b"v1", b"v2"), (b"tender YW2026-0001\n", b""), (b"key ", b"key"),
    ],
)  # fmt: skip
def test_any_other_form_is_refused(change: tuple[bytes, bytes]) -> None:
    text = WHOLE.text()
    assert change[0] in text
    with pytest.raises(BadInput):
        parse(text.replace(*change, 1))
