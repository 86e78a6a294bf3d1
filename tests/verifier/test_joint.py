"""The verifier on joint bids: members, their consents and their keys, who bids twice, who signs the contract."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date
from functools import wraps
from pathlib import Path
from typing import Any

import pytest
from django.db import transaction
from django.test import override_settings

from tests.check import node
from tests.journeys import joint
from yiwang.demo.stage import local
from yiwang.kernel import moment
from yiwang.kernel.canonical import digest
from yiwang.verifier import verify

from .forger import Rows, public_of, remade
from .independent.whole import verify as independent

pytestmark = pytest.mark.django_db
LEAD, MEMBER, TWICE, OTHER = "海天建设有限公司", "宏远机电工程有限公司", "临江路桥有限公司", "东浦建工有限公司"
ALONE = [("城东市政工程公司", 80_000_00), ("江北建设集团", 70_000_00), (TWICE, 69_000_00)]


@pytest.fixture(scope="module")
def life(django_db_setup: None, django_db_blocker: Any, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """The dossier of a tender that two firms won together, and in which one firm bid alone and in a joint bid."""
    folder = tmp_path_factory.mktemp("joint")
    with django_db_blocker.unblock(), override_settings(LOG_FOLDER=folder / "log", FILES_FOLDER=folder / "files"), transaction.atomic():
        _play(folder / "life.zip")
        transaction.set_rollback(True)
    yield folder / "life.zip"


def _play(path: Path) -> None:
    from yiwang.demo.cast import engage
    from yiwang.demo.play import Play, Script
    from yiwang.demo.stage import Stage
    from yiwang.modules.contracts import acts as contracts
    from yiwang.modules.evidence import dossier, sequencer

    stage = Stage(local(date(2026, 3, 2), 9))
    with moment.clock_at(stage):
        script = Script("联合体中标的工程", ceiling=100_000_00, minimum=60_000_00, budget=110_000_00, bids=ALONE, joint_bids=True)
        cast = engage()
        play = Play(cast, stage, script)
        play.enter()
        play.prepare()
        play.publish()
        play.submit_bids()
        lead, member, twice, other = (cast.tenderer(name) for name in (LEAD, MEMBER, TWICE, OTHER))
        joint.submit(play, [lead, member], 62_000_00)
        joint.submit(play, [other, twice], 64_000_00)
        play.until("awarded")
        content = contracts.contract_content(play.tender)
        contracts.sign(actor=member.actor, tender=play.number, **member.sign("contract", content))
        play.contract()
        sequencer.sequence_all()
        dossier.build(play.number, out=path)


def test_it_verifies_and_says_who_did_not_count(life: Path) -> None:
    report = verify(life)
    assert report.ok, report.plain()
    opening = next(line for line in report.lines if line.id == "opening")
    assert sum("招标投标法实施条例第37条" in detail.zh for detail in opening.details) == 2
    assert any(f"{LEAD}（牵头）、{MEMBER}（联合体）" in event.says.zh for event in report.timeline)


def _row(rows: Rows, name: str) -> dict[str, Any]:
    found: dict[str, Any] = next(bid for bid in public_of(rows, "opening.open")["record"]["bids"] if bid["tenderer_name"] == name)
    return found


def _mended(change: Callable[[Rows], None]) -> Callable[[Rows], None]:
    """The change with the record's digest put right."""

    @wraps(change)
    def made(rows: Rows) -> None:
        change(rows)
        public = public_of(rows, "opening.open")
        public["record_sha256"] = digest(public["record"])

    return made


@_mended
def no_member(rows: Rows) -> None:
    del _row(rows, LEAD)["joint"]


@_mended
def another_work(rows: Rows) -> None:
    _row(rows, LEAD)["joint"][1]["work"] = "机电安装，4O%"


@_mended
def another_name(rows: Rows) -> None:
    _row(rows, LEAD)["joint"][1]["name"] += "司"


@_mended
def another_key(rows: Rows) -> None:
    _row(rows, OTHER)["signer"] = _row(rows, LEAD)["joint"][0]["signer"]


@_mended
def twice_and_yet_sound(rows: Rows) -> None:
    _row(rows, TWICE).update(fault=None, price=69_000_00)


@_mended
def sound_and_yet_twice(rows: Rows) -> None:
    _row(rows, LEAD).update(fault=_row(rows, TWICE)["fault"], price=None)


@_mended
def damaged_instead_of_twice(rows: Rows) -> None:
    _row(rows, TWICE)["fault"]["cause"] = "damaged"


def joint_bids_not_accepted(rows: Rows) -> None:
    for name in ("tender.enter", "tender.publish"):
        del public_of(rows, name)["joint_bids_allowed"]


def member_without_key(rows: Rows) -> None:
    signer = _row(rows, LEAD)["joint"][1]["signer"]
    rows.remove(next(row for row in rows if "act" in row and row["act"]["public"].get("public") == signer))


def member_of_another_firm(rows: Rows) -> None:
    signer = _row(rows, LEAD)["joint"][1]["signer"]
    act = next(row["act"] for row in rows if "act" in row and row["act"]["public"].get("public") == signer)
    act["public"]["organisation"] = act["actor"]["party"] = _row(rows, LEAD)["tenderer"]


def candidate_alone(rows: Rows) -> None:
    del public_of(rows, "candidates.publicise")["candidates"][0]["joint"]


def winner_alone(rows: Rows) -> None:
    del public_of(rows, "award.decide")["joint"]


def contract_without_the_member(rows: Rows) -> None:
    rows.remove(next(row for row in rows if "act" in row and row["act"]["act"] == "contract.sign" and row["act"]["public"]["side"] == "member"))


@pytest.mark.parametrize(
    ("change", "check"),
    [
        (no_member, "opening"), (another_work, "opening"), (another_name, "opening"), (another_name, "organisations"),
        (another_key, "opening"), (twice_and_yet_sound, "opening"), (sound_and_yet_twice, "opening"),
        (damaged_instead_of_twice, "opening"), (joint_bids_not_accepted, "opening"), (member_without_key, "opening"),
        (member_of_another_firm, "opening"), (candidate_alone, "candidates"), (winner_alone, "award"),
        (contract_without_the_member, "contract"),
    ],
)  # fmt: skip
def test_a_wrong_about_members_is_named(life: Path, tmp_path: Path, change: Callable[[Rows], None], check: str) -> None:
    report = verify(remade(life, tmp_path, change))
    failed = {line.id for line in report.failed}
    assert check in failed, report.plain()
    assert not failed & {"archive", "checkpoint", "log"}


def test_an_honest_one_made_anew_verifies(life: Path, tmp_path: Path) -> None:
    report = verify(remade(life, tmp_path, lambda rows: None))
    failed = {line.id for line in report.failed}
    assert failed <= {"draw.beacon"}, report.plain()  # the beacon of the draw is a root of the old log


def test_a_program_written_from_the_page_alone_agrees(life: Path, tmp_path: Path) -> None:
    assert list(independent(life.read_bytes())) == []
    for change in (no_member, another_work, twice_and_yet_sound, joint_bids_not_accepted, member_without_key):
        folder = tmp_path / change.__name__
        folder.mkdir()
        assert any(found.startswith("opening") for found in independent(remade(life, folder, change).read_bytes())), change


def test_each_byte_of_a_joint_envelope_counts(life: Path, tmp_path: Path) -> None:
    """A flipped byte in a sealed joint bid: the archive's own check and that of its files say so."""
    import zipfile

    with zipfile.ZipFile(life) as archive:
        name = next(each for each in archive.namelist() if each.startswith("bids/"))
        content = archive.read(name)
    data = life.read_bytes()
    at = data.index(content)
    for offset in (0, len(content) // 2, len(content) - 1):
        changed = bytearray(data)
        changed[at + offset] ^= 1
        path = tmp_path / "changed.zip"
        path.write_bytes(bytes(changed))
        failed = {line.id for line in verify(path).failed}
        assert "archive" in failed


@pytest.mark.skipif(bool(node.WHY_NOT) or node.NODE is None, reason=node.WHY_NOT or "node is not on the path")
def test_the_browser_finds_it_sound_too(life: Path, tmp_path: Path) -> None:
    sound, changed = node.checked(tmp_path / "node", [{"file": str(life)}, {"file": str(remade(life, tmp_path, another_work_unmended))}])
    assert sound["outcome"] == "ok", sound["details"]
    assert changed["lines"]["record"] == "failed"


def another_work_unmended(rows: Rows) -> None:
    _row(rows, LEAD)["joint"][1]["work"] = "别的工作"
