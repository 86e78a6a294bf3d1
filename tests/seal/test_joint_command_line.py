"""``yiwang joint`` and ``yiwang seal --joint --part``: what they write opens; what is wrong they name, and write nothing."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path
from typing import Any

import pytest

from tests.seal.joint_vectors import LEAD, MEMBER, NAMES, SHARES, THIRD
from tests.seal.test_age_program import STEPS
from yiwang.cli import joint, seal, sign
from yiwang.kernel.errors import BadInput, YiwangError
from yiwang.seal import keys
from yiwang.seal.opening import open_envelope

MEMBERS = [f"{code}={work}" for code, work in SHARES]


@pytest.fixture
def custody() -> list[keys.CustodianKey]:
    return [keys.new_custodian_key() for _ in range(3)]


@pytest.fixture
def notice(custody: list[keys.CustodianKey], tmp_path: Path) -> str:
    path = tmp_path / "notice.json"
    recipients = [key.recipient for key in custody]
    path.write_text(json.dumps({"number": "W2027-0001", "lots": [{"number": "1"}], "custody": {"threshold": 2, "recipients": recipients}}))
    return str(path)


@pytest.fixture
def consents(notice: str, tmp_path: Path) -> list[Path]:
    joint.write(tmp_path / "proposal.json", joint.proposal(notice, "", MEMBERS, [f"{c}={n}" for c, n in NAMES.items()]))
    made = []
    for code in (LEAD, MEMBER):
        sign.new_key(tmp_path / f"{code}.pem")
        made.append(tmp_path / f"{code}.json")
        joint.write(made[-1], joint.consent(tmp_path / "proposal.json", code, tmp_path / f"{code}.pem"))
    return made


def sealed(notice: str, tmp_path: Path, **changes: Any) -> dict[str, Any]:
    document = tmp_path / "标书.txt"
    document.write_text("投标文件" * 500)
    if not (tmp_path / f"{LEAD}.pem").exists():
        sign.new_key(tmp_path / f"{LEAD}.pem")
    given = {"tenderer": LEAD, "price": "1,234.50", "documents": [document], "out": tmp_path / "bid.sealed", **changes}
    return seal.seal_bid(seal.read_notice(notice), key=seal.read_signing_key(tmp_path / f"{LEAD}.pem"), quiet=True, **given)


def manifest(tmp_path: Path, custody: list[keys.CustodianKey]) -> dict[str, Any]:
    with (tmp_path / "bid.sealed").open("rb") as file, open_envelope(file, {0: custody[0].identity, 2: custody[2].identity}) as opened:
        return opened.manifest.json()


def test_a_joint_bid_from_the_command_line_opens(notice: str, custody: list[keys.CustodianKey], consents: list[Path], tmp_path: Path) -> None:
    sealed(notice, tmp_path, joint=consents[::-1])
    members = manifest(tmp_path, custody)["joint"]["members"]
    assert [(member["tenderer"], member["work"]) for member in members] == list(SHARES)


def test_show_says_whose_consent_is_missing(consents: list[Path], tmp_path: Path) -> None:
    told = joint.shown([tmp_path / "proposal.json", consents[1]])
    assert (told["missing"], told["names"]) == ([LEAD], NAMES)
    assert joint.shown(consents)["missing"] == []


def test_consents_are_needed_from_all_and_for_this_lot(notice: str, consents: list[Path], tmp_path: Path) -> None:
    for given in (consents[:1], [*consents, consents[0]]):
        with pytest.raises(YiwangError) as caught:
            sealed(notice, tmp_path, joint=given)
        assert caught.value.reasons[0].field == "joint"
    other = json.loads(Path(notice).read_text()) | {"number": "W2027-0002"}
    (tmp_path / "other.json").write_text(json.dumps(other))
    with pytest.raises(YiwangError, match="W2027-0002"):
        sealed(str(tmp_path / "other.json"), tmp_path, joint=consents)
    assert not list(tmp_path.glob("bid.sealed*"))


def test_a_stranger_cannot_consent(consents: list[Path], tmp_path: Path) -> None:
    with pytest.raises(BadInput):
        joint.consent(tmp_path / "proposal.json", THIRD, tmp_path / f"{MEMBER}.pem")


@pytest.mark.parametrize(
    "member",
    [[MEMBERS[0]], [MEMBERS[0], MEMBERS[0]], [MEMBERS[0], "91110000000000JH2D=工作"], [MEMBERS[0], MEMBER]],
    ids=["one", "twice", "code", "no work"],
)
def test_proposals_that_cannot_be(notice: str, member: list[str]) -> None:
    with pytest.raises(BadInput):
        joint.proposal(notice, "", member, [])


@pytest.mark.parametrize("part", ["qualification", "technical", "price"])
def test_parts_are_sealed_apart_and_the_age_program_opens_them(
    notice: str, custody: list[keys.CustodianKey], part: str, tmp_path: Path
) -> None:
    sealed(notice, tmp_path, part=part, price="1,234.50" if part == "price" else "")
    said = manifest(tmp_path, custody)
    assert (said["context"]["part"], said["price"]) == (part, 1_234_50 if part == "price" else None)
    (tmp_path / "bid.sealed").rename(tmp_path / "bid.seal")
    for index in (1, 2):
        (tmp_path / f"key{index}").write_text(custody[index].identity + "\n")
    steps = STEPS.replace('"1-2-4"', '"1-2"').replace(" | age -d -i key4", "")
    subprocess.run(["sh", "-c", steps], cwd=tmp_path, check=True, timeout=60)
    assert json.loads((tmp_path / "manifest.json").read_bytes())["manifest"] == said


@pytest.mark.parametrize(("part", "price"), [("technical", "1.00"), ("price", ""), ("commercial", "1.00")])
def test_a_price_where_none_belongs_is_not_sealed(notice: str, part: str, price: str, tmp_path: Path) -> None:
    with pytest.raises(BadInput) as caught:
        sealed(notice, tmp_path, part=part, price=price)
    assert caught.value.reasons[0].field == ("part" if part == "commercial" else "price")
    assert not list(tmp_path.glob("bid.sealed*"))
