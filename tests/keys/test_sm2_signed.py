"""A document signed with SM2 by the host's certificate device: bound, checked at the door, and by the dossier's verifier."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from gmalg import SM2

from yiwang.demo.play import Play, Script
from yiwang.kernel.errors import BadInput
from yiwang.modules.evidence import dossier, files
from yiwang.modules.evidence.sequencer import sequence_all
from yiwang.modules.parties import acts as parties
from yiwang.modules.tenders import acts as tenders
from yiwang.seal import sm2
from yiwang.seal.shapes import to_base64
from yiwang.seal.signing import statement_message
from yiwang.verifier.run import verify


class Device:
    """A certificate device: holds an SM2 key, signs statements."""

    def __init__(self) -> None:
        self._secret, point = SM2().generate_keypair()
        self._point = point
        self.public = sm2.public_text(point)

    def sign(self, kind: str, content: Any) -> str:
        return to_base64(b"".join(SM2(self._secret, sm2.IDENTITY, self._point).sign(statement_message(kind, content))))


@pytest.fixture
def prepared(cast: Any, stage: Any) -> tuple[Play, Device]:
    """A tender before its notice, whose host has bound an SM2 key."""
    play, device = Play(cast, stage, Script(title="污水管网改造", ceiling=100_000_00, minimum=60_000_00)), Device()
    play.enter()
    play.prepare()
    proof = device.sign("bind-key", {"public": device.public})
    parties.bind_key(actor=play.host.actor, public=device.public, proof=proof, device="UKey")
    return play, device


def attach(play: Play, device: Device, content: bytes, signed: bytes) -> None:
    kept = files.store([content])
    statement = tenders.document_statement(play.number, files.store([signed]))
    tenders.attach_document(
        actor=play.host.actor, tender=play.number, kind="drawing", title="", filename="图.txt", content=kept,
        public=device.public, signature=device.sign("document", statement),
    )  # fmt: skip


def test_a_document_signed_with_sm2_is_accepted_and_verified(prepared: tuple[Play, Device], tmp_path: Path) -> None:
    play, device = prepared
    attach(play, device, "图纸".encode(), "图纸".encode())
    play.publish()
    sequence_all()
    dossier.build(play.number, play.host.actor, out=tmp_path / "dossier.zip")
    report = verify(tmp_path / "dossier.zip")
    assert report.ok, report
    lines = {line.id: line for line in report.lines}
    assert lines["signatures"].status == "ok"
    assert "1 " in lines["signatures"].details[0].en and "1 " in lines["keys"].details[0].en


def test_a_signature_over_another_document_is_refused_and_nothing_is_attached(prepared: tuple[Play, Device]) -> None:
    play, device = prepared
    with pytest.raises(BadInput) as caught:
        attach(play, device, "图纸".encode(), "另一张图纸".encode())
    assert caught.value.reasons[0].field == "signature"
    assert play.tender.documents.filter(kind="drawing").count() == 0


def test_an_sm2_key_without_proof_is_not_bound(prepared: tuple[Play, Device]) -> None:
    play, device = prepared
    other = Device()
    proof = device.sign("bind-key", {"public": other.public})
    with pytest.raises(BadInput):
        parties.bind_key(actor=play.host.actor, public=other.public, proof=proof)
