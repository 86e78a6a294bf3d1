"""Deputies act when the rule lets them; custodians who cannot say so; one without a key is replaced."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any

import pytest

from tests.custody.conftest import deputy_of, give
from yiwang.demo.cast import player
from yiwang.kernel.errors import BadInput, Refused
from yiwang.modules.evidence import sequencer
from yiwang.modules.evidence.audit_rows import BUSINESS
from yiwang.modules.evidence.findings import Scope
from yiwang.modules.evidence.models import Act
from yiwang.modules.openings import acts as openings
from yiwang.modules.openings import audit, selectors
from yiwang.modules.openings.custody_law import custody_law
from yiwang.modules.tenders import audit as tenders_audit
from yiwang.seal import keys

assert "yiwang.modules.openings.audit" in BUSINESS


def publics(act: str) -> list[dict[str, Any]]:
    found = Act.objects.filter(act=act).order_by("pk")
    return [json.loads(bytes(each.canonical))["public"] for each in found]


def sound(life: Any) -> None:
    """The rows are what the acts say."""
    scope = Scope(frozenset({life.number}))
    assert list(audit.findings(scope)) == [] and list(tenders_audit.findings(scope)) == []


def publish(life: Any, cast: Any) -> None:
    """The rest of a draft, up to the closed tender."""
    from yiwang.modules.evidence import files
    from yiwang.modules.tenders import acts as tenders

    content = files.store([b"tender document"], types=files.TYPES)
    tenders.attach_document(actor=life.host.actor, tender=life.number, kind="tender_document", title="招标文件", filename="a.txt", content=content)
    life.publish()
    life.submit_bids()
    sequencer.sequence_all()
    life.close()
    sequencer.sequence_all()


def test_a_deputy_gives_the_key_a_day_before_the_planned_publication(appointed: Any, cast: Any, deputies: Any, stage: Any) -> None:
    custodian = cast.custodians[0]
    deputy = deputies[custodian.person.username]
    with pytest.raises(Refused) as caught:
        give(appointed, deputy)
    reason = caught.value.reasons[0]
    seat = selectors.custodians(appointed.tender)[0]
    assert reason.code == "custody.deputy_waits" and reason.after == seat.keys_by - custody_law().deputy_before
    stage.to(reason.after)
    give(appointed, deputy)
    told = publics("custody.provide_key")[-1]
    assert told["rule"] == "CU-03/key" and told["for"] == custodian.person.pseudonym(appointed.tender.chain)
    assert selectors.custodians(appointed.tender)[0].key_by_deputy
    with pytest.raises(Refused):
        give(appointed, custodian)
    sound(appointed)


def test_a_custodian_who_declares_it_cannot_be_done_frees_the_deputy_and_the_seat(appointed: Any, cast: Any, deputies: Any) -> None:
    first, second = cast.custodians[:2]
    openings.refuse(actor=first.actor, tender=appointed.number, reason="因公外出")
    give(appointed, deputies[first.person.username])
    assert publics("custody.provide_key")[-1]["rule"] == "CU-03/refused"
    give(appointed, second)
    openings.refuse(actor=second.actor, tender=appointed.number, reason="密钥文件丢失")
    seat = selectors.custodians(appointed.tender)[1]
    assert seat.recipient == "" and seat.refusal == "密钥文件丢失" and publics("custody.refuse")[-1]["void"]
    sound(appointed)
    fresh = deputy_of(cast.custodians[4], "新人")
    for each in (first, deputies[first.person.username]):
        with pytest.raises(BadInput):
            openings.replace_custodian(actor=appointed.host.actor, tender=appointed.number, position=1, custodian=each.person.username)
    with pytest.raises(BadInput) as caught:
        openings.replace_custodian(actor=appointed.host.actor, tender=appointed.number, position=0, custodian=fresh.person.username)
    assert caught.value.reasons[0].field == "position"
    with pytest.raises(BadInput):  # she is the deputy of the fifth
        openings.replace_custodian(actor=appointed.host.actor, tender=appointed.number, position=1, custodian=fresh.person.username)
    stranger = player(
        "substitute", "候补", organisation=cast.custodians[1].actor.organisation, duty="custodian")
    openings.replace_custodian(actor=appointed.host.actor, tender=appointed.number, position=1, custodian="substitute",
                               deputy=deputies[second.person.username].person.username)  # fmt: skip
    give(appointed, stranger)
    seat = selectors.custodians(appointed.tender)[1]
    assert (seat.person.username, seat.refused_at) == ("substitute", None)
    sound(appointed)


def test_a_deputy_releases_after_the_wait_and_the_bids_open(appointed: Any, cast: Any, deputies: Any, stage: Any) -> None:
    made = [give(appointed, each) for each in cast.custodians]
    publish(appointed, cast)
    first = cast.custodians[0]
    deputy = deputies[first.person.username]
    with pytest.raises(Refused) as caught:
        openings.release_key(actor=deputy.actor, tender=appointed.number, identity=made[0].identity)
    assert caught.value.reasons[0].after == appointed.tender.deadline + timedelta(minutes=15)
    for each, key in zip(cast.custodians[1:3], made[1:3], strict=True):
        openings.release_key(actor=each.actor, tender=appointed.number, identity=key.identity)
    with pytest.raises(Refused):
        openings.open_bids(actor=appointed.host.actor, tender=appointed.number)
    stage.wait(minutes=16)
    with pytest.raises(BadInput) as wrong:
        openings.release_key(actor=deputy.actor, tender=appointed.number, identity=keys.new_custodian_key().identity)
    assert wrong.value.reasons[0].code == "custody.wrong_key"
    openings.release_key(actor=deputy.actor, tender=appointed.number, identity=made[0].identity)
    told = publics("opening.release_key")[-1]
    assert told["rule"] == "CU-03/release" and told["for"] == first.person.pseudonym(appointed.tender.chain)
    opening = openings.open_bids(actor=appointed.host.actor, tender=appointed.number)
    assert [bid["fault"] for bid in opening.record["bids"]] == [None] * 3
    sequencer.sequence_all()
    sound(appointed)


def test_a_custodian_who_refuses_at_the_opening_does_not_hold_it_up(appointed: Any, cast: Any, deputies: Any) -> None:
    made = [give(appointed, each) for each in cast.custodians]
    publish(appointed, cast)
    openings.refuse(actor=cast.custodians[0].actor, tender=appointed.number, reason="本单位不同意公布")
    assert not publics("custody.refuse")[-1]["void"]
    with pytest.raises(Refused) as again:
        openings.refuse(actor=cast.custodians[0].actor, tender=appointed.number, reason="再说一遍")
    assert again.value.reasons[0].code == "custody.refused"
    deputy = deputies[cast.custodians[0].person.username]
    openings.release_key(actor=deputy.actor, tender=appointed.number, identity=made[0].identity)
    assert publics("opening.release_key")[-1]["rule"] == "CU-03/refused"
    for each, key in zip(cast.custodians[1:3], made[1:3], strict=True):
        openings.release_key(actor=each.actor, tender=appointed.number, identity=key.identity)
    openings.open_bids(actor=appointed.host.actor, tender=appointed.number)
    sound(appointed)


def test_deputies_are_of_the_same_body_and_have_one_part(play: Any, cast: Any, deputies: Any) -> None:
    life = play()
    life.enter()
    names = [each.person.username for each in cast.custodians]
    wrong = [
        {names[0]: deputies[names[1]].person.username},
        {names[0]: names[1]},
        {"nobody": deputies[names[1]].person.username},
        {names[0]: cast.center.person.username},
    ]
    for given in wrong:
        with pytest.raises(BadInput) as caught:
            openings.appoint_custodians(actor=life.host.actor, tender=life.number, custodians=names, deputies=given)
        assert caught.value.reasons[0].field == "deputies"
    assert not selectors.custodians(life.tender)


def test_a_reason_is_asked_for(appointed: Any, cast: Any) -> None:
    for reason in ("", " ", "长" * 2001):
        with pytest.raises(BadInput):
            openings.refuse(actor=cast.custodians[0].actor, tender=appointed.number, reason=reason)
