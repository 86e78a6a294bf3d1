"""Copies of another's envelope: what a copier can change is outside the seal, and what is inside gives it away."""

from __future__ import annotations

import dataclasses
import io
from typing import TYPE_CHECKING

import pytest

from yiwang.seal import age
from yiwang.seal.causes import Cause, SealError, Whose
from yiwang.seal.envelope import MAGIC, _header_line, _keybox, check, file_sha256, read_header
from yiwang.seal.manifest import Context
from yiwang.seal.opening import Expected, open_envelope

if TYPE_CHECKING:
    from tests.seal.conftest import Lot

RIVAL = "91420100MA4KMXYZ2B"


def rewrapped(envelope: bytes, *, context: Context | None = None, client: str = "") -> bytes:
    """The same keybox and payload under another header: all that a copier without keys can change."""
    header = read_header(io.BytesIO(envelope))
    line = _header_line(context or header.context, header.custodians, header.keybox, client or header.client)
    return MAGIC + line + b"\n" + envelope[header.payload_at :]


def fault(lot: Lot, envelope: bytes, context: Context, tenderer: str) -> tuple[Cause, Whose]:
    """Cause and side at fault when it is opened as handed in for that context by that firm."""
    expected = Expected(context, tenderer, file_sha256(io.BytesIO(envelope)))
    with pytest.raises(SealError) as caught:
        open_envelope(io.BytesIO(envelope), lot.identities(0, 1, 2), expected=expected)
    return caught.value.cause, caught.value.whose


DIFFERS = (Cause.CONTEXT_DIFFERS, Whose.TENDERER)


def test_a_copy_handed_in_by_another_firm_does_not_open_as_hers(lot: Lot, envelope: bytes) -> None:
    assert fault(lot, envelope, lot.context, RIVAL) == DIFFERS


@pytest.mark.parametrize(
    "change", [{"tender": "T-2027-002"}, {"lot": "T-2027-001/2"}, {"round": 2}, {"part": "technical"}], ids=lambda change: next(iter(change))
)
def test_a_copy_under_another_context_is_accepted_and_does_not_open(lot: Lot, envelope: bytes, change: dict[str, str]) -> None:
    context = dataclasses.replace(lot.context, **change)
    copy = rewrapped(envelope, context=context)
    assert check(io.BytesIO(copy), context, lot.custodians, parts=("technical", "price") if context.part else ()).context == context
    assert fault(lot, copy, context, lot.tenderer) == DIFFERS
    assert fault(lot, copy, context, RIVAL) == DIFFERS


def test_a_copy_that_names_another_client_does_not_open(lot: Lot, envelope: bytes) -> None:
    copy = rewrapped(envelope, client="yiwang/9.9.9")
    assert file_sha256(io.BytesIO(copy)) != file_sha256(io.BytesIO(envelope))
    assert fault(lot, copy, lot.context, lot.tenderer) == DIFFERS
    assert fault(lot, copy, lot.context, RIVAL) == DIFFERS


def test_a_payload_under_a_keybox_of_the_copiers_own_does_not_open(lot: Lot, envelope: bytes) -> None:
    payload = envelope[read_header(io.BytesIO(envelope)).payload_at :]
    header = _header_line(lot.context, lot.custodians, _keybox(age.new_identity(), lot.custodians), "yiwang/0.1.0")
    assert fault(lot, MAGIC + header + b"\n" + payload, lot.context, RIVAL) == (Cause.DAMAGED, Whose.TENDERER)
