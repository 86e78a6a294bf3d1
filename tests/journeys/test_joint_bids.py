"""Joint bids: two firms bid together and win; firms that bid twice, strangers named as members, and where none may."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.journeys import joint
from yiwang.demo.play import Play
from yiwang.kernel.errors import YiwangError
from yiwang.modules.contracts import acts as contracts
from yiwang.modules.evidence import audit, dossier, sequencer
from yiwang.modules.evidence.actors import PUBLIC, has_role
from yiwang.modules.experts.models import Expert
from yiwang.verifier.run import verify

LEAD, MEMBER = "海天建设有限公司", "宏远机电工程有限公司"


def row_of(play: Play, name: str) -> dict[str, Any]:
    """The row of a tenderer in the opening record."""
    rows = [row for row in play.tender.opening.record["bids"] if row["tenderer_name"] == name]
    assert len(rows) == 1
    return dict(rows[0])


def report(play: Play, folder: Path) -> Any:
    """What the verifier says of the tender's dossier."""
    sequencer.sequence_all()
    path = folder / f"{play.number}.zip"
    dossier.build(play.number, PUBLIC, out=path)
    found = verify(path)
    assert found.ok, [str(detail) for line in found.lines if line.status == "failed" for detail in line.details]
    return found


def no_findings() -> None:
    """The audit finds every row as the acts tell it."""
    assert [each.json() for each in audit.run(full=True).findings] == []


@pytest.fixture
def tendering(play: Callable[..., Play]) -> Callable[..., Play]:
    """A tender that takes bids, joint ones too unless told otherwise; three firms have bid alone."""

    def made(*, joint_bids: bool = True) -> Play:
        played = play("draft", joint_bids=joint_bids)
        played.prepare()
        played.publish()
        played.submit_bids()
        return played

    return made


@pytest.mark.promise("S045")
def test_a_joint_bid_of_two_firms_wins_and_the_dossier_verifies(tendering: Callable[..., Play], tmp_path: Path) -> None:
    play = tendering()
    lead, member = play.cast.tenderer(LEAD), play.cast.tenderer(MEMBER)
    expert = Expert.objects.filter(active=True).order_by("code").first()
    expert.employer = joint.code(member)
    expert.save()
    joint.submit(play, [lead, member], 62_000_00)
    assert not has_role("bidder", member.actor, play.tender)

    play.close()
    play.open_bids()
    row = row_of(play, LEAD)
    assert row["price"] == 62_000_00
    assert [(each["tenderer"], each["name"], each["work"]) for each in row["joint"]] == [
        (joint.code(lead), LEAD, "土建施工，60%"), (joint.code(member), MEMBER, "机电安装，40%")
    ]  # fmt: skip
    assert has_role("bidder", member.actor, play.tender)
    report(play, tmp_path)

    play.until("publicity")
    first = play.tender.publicity.candidates[0]
    assert [each["name"] for each in first["joint"]] == [LEAD, MEMBER]
    assert expert.code not in {each["code"] for each in play.tender.draw.eligible}
    play.until("awarded")
    award = play.tender.award
    assert str(award.party) == f"{LEAD}（牵头）、{MEMBER}（联合体）"
    assert [each["name"] for each in award.notice["statement"]["joint"]] == [LEAD, MEMBER]

    content = contracts.contract_content(play.tender)
    assert content["members"] == [{"uscc": joint.code(member), "name": MEMBER}]
    for each in (play.cast.buyer, lead):
        contracts.sign(actor=each.actor, tender=play.number, **each.sign("contract", content))
    with pytest.raises(YiwangError) as caught:
        contracts.register(actor=play.host.actor, tender=play.number)
    assert caught.value.reasons[0].code == "contract.unsigned"
    contracts.sign(actor=member.actor, tender=play.number, **member.sign("contract", content))
    contracts.register(actor=play.host.actor, tender=play.number)
    play.archive()
    found = report(play, tmp_path)
    assert any(f"{LEAD}（牵头）、{MEMBER}（联合体）" in each.says.zh for each in found.timeline)
    no_findings()


def test_who_bids_twice_makes_all_the_bids_invalid(tendering: Callable[..., Play], tmp_path: Path) -> None:
    play = tendering()
    lead, member, other = (play.cast.tenderer(name) for name in (LEAD, MEMBER, "临江路桥有限公司"))
    joint.submit(play, [lead, member], 62_000_00)
    joint.submit(play, [other, member], 63_000_00)
    alone = play.submit(MEMBER, 61_000_00)
    play.close()
    play.open_bids()
    for name in (LEAD, MEMBER, "临江路桥有限公司"):
        fault = row_of(play, name)["fault"]
        assert (fault["cause"], fault["whose"]) == ("bids_twice", "tenderer"), name
        assert joint.code(member) in fault["zh"]
        assert "实施条例第37条" in fault["zh"]
        assert row_of(play, name)["price"] is None
    sound = [row["tenderer_name"] for row in play.tender.opening.record["bids"] if row["fault"] is None]
    assert sorted(sound) == sorted(name for name, _ in play.script.bids)
    assert alone.chain in {row["bid"] for row in play.tender.opening.record["bids"]}
    report(play, tmp_path)
    no_findings()


def test_nobody_is_made_a_member_without_consent(tendering: Callable[..., Play], tmp_path: Path) -> None:
    """A rival cannot void a firm's bid by naming it as a member: another's key is not its own."""
    play = tendering()
    rival, accomplice = play.cast.tenderer(LEAD), play.cast.tenderer("临江路桥有限公司")
    victim = play.cast.tenderer(play.script.bids[1][0])
    joint.submit(play, [rival, victim], 62_000_00, signers=[rival, accomplice])
    play.close()
    play.open_bids()
    fault = row_of(play, LEAD)["fault"]
    assert (fault["cause"], fault["whose"]) == ("member_signature", "tenderer")
    assert "joint" not in row_of(play, LEAD)
    assert row_of(play, play.script.bids[1][0])["fault"] is None
    report(play, tmp_path)
    no_findings()


def test_where_the_notice_does_not_accept_them_a_joint_bid_is_invalid(tendering: Callable[..., Play], tmp_path: Path) -> None:
    play = tendering(joint_bids=False)
    lead, member = play.cast.tenderer(LEAD), play.cast.tenderer(MEMBER)
    joint.submit(play, [lead, member], 62_000_00)
    play.close()
    play.open_bids()
    fault = row_of(play, LEAD)["fault"]
    assert (fault["cause"], fault["whose"]) == ("joint_not_allowed", "tenderer")
    report(play, tmp_path)
    no_findings()

