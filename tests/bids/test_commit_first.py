"""Commit first, deliver later: every order at the door, up to the opening record."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from tests.bids.conftest import FIRST, GRACE, SECOND, THIRD, Floor
from yiwang.kernel import moment
from yiwang.kernel.errors import BadInput, Refused, YiwangError
from yiwang.modules.bids import acts as bids
from yiwang.modules.bids import cover, sealed, selectors
from yiwang.modules.bids.models import Bid
from yiwang.modules.evidence import audit, blind, sequencer
from yiwang.modules.evidence.door import AlreadyReceived
from yiwang.modules.evidence.models import Act
from yiwang.modules.openings import acts as openings
from yiwang.modules.openings import jobs
from yiwang.seal.causes import SealError
from yiwang.seal.commitment import commitments_root
from yiwang.seal.manifest import CLIENT

pytestmark = pytest.mark.django_db
Floors = Callable[..., Floor]


def codes(error: pytest.ExceptionInfo[YiwangError]) -> set[str]:
    """The rules that a refusal names."""
    return {reason.code for reason in error.value.reasons}


def others(here: Floor) -> None:
    """Two more firms bid, so that the lawful number is reached with one more."""
    here.submit(SECOND)
    here.submit(THIRD, 82_000_00)


def test_a_bid_that_was_committed_to_in_time_may_finish_in_the_grace(floor: Floors) -> None:
    here = floor()
    others(here)
    made = here.seal(FIRST, 79_000_00)
    bid = here.commit(FIRST, made)
    assert (bid.standing, bid.client, bid.envelope_size) == ("committed", CLIENT, len(made.content))
    here.life.close()
    here.after_deadline(minutes=GRACE - 1)
    assert here.deliver(FIRST, made).standing == "submitted"
    record = here.open()
    assert {"undelivered", "replaced"} & record.keys() == set()
    assert {each["price"] for each in record["bids"]} == {79_000_00, 81_000_00, 82_000_00}
    assert commitments_root(each["commitment"] for each in record["bids"]) == record["bids_root"]
    row = Bid.objects.get(pk=bid.pk)
    assert row.standing == "opened" and row.delivery is not None and row.delivery.act == "bid.deliver"
    assert json.loads(bytes(row.delivery.canonical))["public"]["client"] == CLIENT
    assert audit.run(full=True).ok


def test_before_the_deadline_bytes_may_come_without_any_grace(floor: Floors) -> None:
    here = floor(grace=0)
    made = here.seal(FIRST)
    here.commit(FIRST, made)
    assert here.standings() == ["committed"]
    here.deliver(FIRST, made)
    assert here.standings() == ["submitted"]
    late = here.seal(SECOND)
    here.commit(SECOND, late)
    here.after_deadline(seconds=0)
    with pytest.raises(Refused) as refused:
        here.deliver(SECOND, late)
    assert codes(refused) == {"bytes.late"}


def test_after_the_grace_nothing_is_taken_and_the_record_says_what_never_came(floor: Floors) -> None:
    here = floor()
    others(here)
    old = here.submit(FIRST, 83_000_00)
    made = here.seal(FIRST, 79_000_00)
    pending = here.commit(FIRST, made)
    here.life.close()
    assert len(here.life.tender.opening.bids_root) == 64 and here.life.tender.opening.count == 4
    here.after_deadline(minutes=GRACE)
    with pytest.raises(Refused, match="10") as refused:
        here.deliver(FIRST, made)
    assert codes(refused) == {"bytes.late"}
    record = here.open()
    assert [each["bid"] for each in record["undelivered"]] == [pending.chain]
    assert record["undelivered"][0]["fault"] | {"zh": "", "en": ""} == {
        "cause": "not_delivered", "whose": "tenderer", "zh": "", "en": "",
    }  # fmt: skip
    assert old.chain in {each["bid"] for each in record["bids"]}, "the older bid stands"
    everything = [*record["bids"], *record["undelivered"]]
    assert commitments_root(each["commitment"] for each in everything) == record["bids_root"]
    assert Bid.objects.get(pk=pending.pk).standing == "undelivered"
    assert audit.run(full=True).ok


def test_a_replacement_that_finishes_in_the_grace_is_told_with_what_it_replaced(floor: Floors) -> None:
    here = floor()
    others(here)
    old, made = here.submit(FIRST, 83_000_00), here.seal(FIRST, 79_000_00)
    new = here.commit(FIRST, made)
    assert here.standings()[-2:] == ["submitted", "committed"]
    here.life.close()
    here.deliver(FIRST, made)
    record = here.open()
    assert [(each["bid"], each["by"]) for each in record["replaced"]] == [(old.chain, new.chain)]
    assert {each["price"] for each in record["bids"]} == {79_000_00, 81_000_00, 82_000_00}
    everything = [*record["bids"], *record["replaced"]]
    assert commitments_root(each["commitment"] for each in everything) == record["bids_root"]
    assert Bid.objects.get(pk=old.pk).standing == "replaced"
    assert audit.run(full=True).ok


def test_two_browsers_of_one_tenderer_the_later_commitment_wins_whichever_comes_first(floor: Floors) -> None:
    here = floor()
    one, two = here.seal(FIRST, 80_000_00), here.seal(FIRST, 79_000_00)
    here.commit(FIRST, one)
    here.commit(FIRST, two)
    here.deliver(FIRST, two)
    assert here.standings() == ["replaced", "submitted"]
    with pytest.raises(Refused):  # nothing of hers waits any more
        here.deliver(FIRST, one)
    three = here.seal(FIRST, 78_000_00)
    here.commit(FIRST, three)
    with pytest.raises(BadInput) as refused:
        here.deliver(FIRST, one)
    assert codes(refused) == {"bid.not_pending"}
    here.deliver(FIRST, three)
    assert here.standings() == ["replaced", "replaced", "submitted"]


def test_what_is_on_its_way_can_be_withdrawn_with_what_it_was_to_replace(floor: Floors) -> None:
    here = floor()
    here.submit(FIRST)
    made = here.seal(FIRST)
    here.commit(FIRST, made)
    here.withdraw(FIRST)
    assert here.standings() == ["withdrawn", "withdrawn"]
    with pytest.raises(Refused) as refused:
        here.deliver(FIRST, made)
    assert codes(refused) == {"bid.none_pending"}
    with pytest.raises(Refused):
        here.withdraw(FIRST)
    again = here.seal(FIRST)
    here.commit(FIRST, again)
    here.deliver(FIRST, again)
    assert here.standings()[-1] == "submitted"
    here.after_deadline(seconds=1)
    with pytest.raises(Refused):
        here.withdraw(FIRST)


def test_nobody_commits_after_the_deadline_nor_delivers_what_was_not_committed_to(floor: Floors) -> None:
    here = floor()
    made, other = here.seal(FIRST), here.seal(FIRST)
    here.commit(FIRST, made)
    for wrong in (lambda: here.deliver(FIRST, other), lambda: here.deliver(FIRST, made, lot="2")):
        with pytest.raises(BadInput) as refused:
            wrong()
        assert codes(refused) == {"bid.not_committed"}
    here.after_deadline(seconds=0)
    with pytest.raises(Refused) as late:
        here.commit(FIRST, other)
    assert codes(late) == {"deadline"}


def test_the_same_envelope_twice_and_another_firms_envelope(floor: Floors) -> None:
    here = floor()
    made = here.seal(FIRST)
    here.commit(FIRST, made)
    for firm in (FIRST, SECOND):
        with pytest.raises(BadInput) as refused:
            here.commit(firm, made)
        assert codes(refused) == {"bid.duplicate"}
    with pytest.raises(BadInput) as refused:
        bids.submit(actor=here.actor(SECOND), tender=here.number, content=here.store(SECOND, made.content),
                    manifest_sha256=made.sealed.manifest_sha256)  # fmt: skip
    assert codes(refused) == {"bid.duplicate"}
    mine = here.seal(SECOND)
    here.commit(SECOND, mine)
    with pytest.raises(BadInput) as refused:  # the other's file does not fulfil the own commitment
        here.deliver(SECOND, made)
    assert codes(refused) == {"bid.not_committed"}


def test_what_is_delivered_must_be_sealed_for_this_tender_and_by_the_program_named(floor: Floors) -> None:
    here = floor()
    made = here.seal(FIRST)
    stored = here.store(FIRST, b"not sealed at all")
    here.commit(FIRST, made, envelope_sha256=stored.sha256, envelope_size=stored.size)
    with pytest.raises(SealError) as unsealed:
        bids.deliver(actor=here.actor(FIRST), tender=here.number, content=stored)
    assert codes(unsealed) == {"seal.not_sealed"}
    here.commit(FIRST, made, client="another/1.0")
    with pytest.raises(SealError, match=r"another/1\.0"):
        here.deliver(FIRST, made)
    assert here.standings() == ["committed", "committed"]


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"envelope_sha256": "A" * 64}, "envelope_sha256"),
        ({"manifest_sha256": "0" * 63}, "manifest_sha256"),
        ({"envelope_size": 0}, "envelope_size"),
        ({"envelope_size": 2**32 + 1}, "envelope_size"),
        ({"client": ""}, "client"),
        ({"client": "密封"}, "client"),
        ({"client": "x" * 201}, "client"),
        ({"lot": "7"}, "lot"),
    ],
)
def test_a_malformed_commitment_is_refused_by_field(floor: Floors, changes: dict[str, Any], field: str) -> None:
    here = floor()
    with pytest.raises(BadInput) as refused:
        here.commit(FIRST, here.seal(FIRST), **changes)
    assert [reason.field for reason in refused.value.reasons] == [field]
    assert here.standings() == []


def test_the_same_request_commits_and_delivers_once(floor: Floors) -> None:
    here = floor()
    made = here.seal(FIRST)
    bid = here.commit(FIRST, made, request_key="k1")
    with pytest.raises(AlreadyReceived) as repeated:
        here.commit(FIRST, made, request_key="k1")
    assert repeated.value.act.pk == bid.act.pk
    done = here.deliver(FIRST, made, request_key="k2")
    with pytest.raises(AlreadyReceived) as again:
        here.deliver(FIRST, made, request_key="k2")
    assert again.value.act.pk == done.delivery.pk
    with pytest.raises(Refused):  # without the key: there is nothing to deliver any more
        here.deliver(FIRST, made)


def test_no_key_is_released_and_nothing_opened_before_the_grace_is_over(floor: Floors) -> None:
    here = floor()
    others(here)
    here.submit(FIRST)
    here.life.close()
    here.after_deadline(minutes=GRACE, seconds=-1)
    with pytest.raises(Refused, match="10") as refused:
        here.life.release_keys(here.life.cast.custodians[:1])
    assert codes(refused) == {"bytes.awaited"}
    with pytest.raises(Refused) as unopened:
        openings.open_bids(actor=here.life.host.actor, tender=here.number)
    assert "bytes.awaited" in codes(unopened)
    assert len(here.open()["bids"]) == 3


def test_too_few_are_counted_at_closing_and_again_when_the_grace_is_over(floor: Floors) -> None:
    here = floor()
    others(here)
    made = here.seal(FIRST)
    here.commit(FIRST, made)
    here.life.close()
    assert here.life.tender.state == "closed", "the third may still come"
    here.after_deadline(minutes=GRACE - 1)
    assert jobs.close_due(moment.now()) == 0
    here.after_deadline(minutes=GRACE)
    assert jobs.close_due(moment.now()) == 1
    assert here.life.tender.state == "failed"
    act = Act.objects.get(act="tender.fail")
    public = json.loads(bytes(act.canonical))["public"]
    assert (public["reason"], public["tenderers"], public["count"], len(public["undelivered"])) == ("too_few_bids", 2, 3, 1)
    sequencer.sequence_all()
    assert audit.run(full=True).ok


def test_without_a_grace_bids_that_never_came_do_not_count_at_closing(floor: Floors) -> None:
    here = floor(grace=0)
    others(here)
    here.commit(FIRST, here.seal(FIRST))
    here.life.close()
    assert here.life.tender.state == "failed"


def test_a_replacement_on_its_way_makes_no_second_tenderer(floor: Floors) -> None:
    here = floor()
    here.submit(FIRST)
    here.submit(SECOND)
    here.commit(FIRST, here.seal(FIRST))
    here.life.close()
    assert here.life.tender.state == "failed"


def test_who_may_send_bytes(floor: Floors) -> None:
    here = floor()
    made = here.seal(FIRST)
    size, sha256 = made.sealed.size, made.sealed.sha256

    def may(firm: str, hash_: str = sha256, size_: int = size) -> bool:
        return bool(selectors.may_upload(here.actor(firm), here.life.tender, hash_, size_))

    assert may(FIRST) and may(SECOND), "before the deadline everybody who may bid"
    assert not may(FIRST, size_=2**32 + 1) and not may(FIRST, size_=0)
    assert not selectors.may_upload(here.life.cast.center.actor, here.life.tender, sha256, size)
    here.commit(FIRST, made)
    others(here)
    here.life.close()
    assert may(FIRST)
    assert not may(FIRST, hash_="0" * 64) and not may(FIRST, size_=size + 1) and not may(SECOND)
    here.after_deadline(minutes=GRACE)
    assert not may(FIRST)


def test_acts_of_a_commitment_and_a_delivery_look_like_covers(floor: Floors) -> None:
    here = floor()
    made = here.seal(FIRST)
    here.commit(FIRST, made, client="x" * 200)
    here.commit(SECOND, here.seal(SECOND), request_key="k" * 64)
    here.submit(THIRD)
    done = here.commit(FIRST, here.seal(FIRST))
    here.withdraw(FIRST)
    row = blind.cover(moment.now())
    found = sealed.blind.listed(f"bids/{here.number}")
    assert [act.act for act in found] == ["bid.commit", "bid.commit", "bid.submit", "bid.commit", "bid.withdraw"]
    rows = Act.objects.filter(pk__in=[act.pk for act in found])
    assert {(len(bytes(each.canonical)), each.act, each.subject[:6]) for each in rows} == {
        (len(bytes(row.canonical)), "blind", "blind/")
    }
    assert done.act.act == "bid.commit"
    assert Bid.objects.count() == 0


def test_covers_go_on_through_the_grace(floor: Floors) -> None:
    here = floor()
    others(here)
    here.submit(FIRST)
    deadline, hour = here.life.tender.deadline, cover.rhythms()[0]
    assert cover.rhythm_at(deadline + timedelta(minutes=GRACE - 1)) == hour
    here.life.close()
    assert cover.rhythm_at(deadline + timedelta(minutes=GRACE)) == hour, "the last deliveries are not to stand alone"
    assert cover.rhythm_at(deadline + timedelta(minutes=GRACE, seconds=11)) is None


def test_a_hash_of_another_tender_does_not_hold_up_the_opening(floor: Floors) -> None:
    """Somebody commits to the hash of another tender's envelope; both tenders are opened all the same."""
    one, two = floor(), floor()
    for here in (one, two):
        others(here)
        here.submit(FIRST)
    taken = sealed.of_tender(one.life.tender)[0]
    two.commit(FIRST, two.seal(FIRST), envelope_sha256=taken.envelope_sha256)
    one.life.close()
    two.life.close()
    assert len(one.open()["bids"]) == 3
    assert [each["envelope_sha256"] for each in two.open()["undelivered"]] == [taken.envelope_sha256]


def test_the_grace_is_a_fact_of_the_notice_and_bounded(floor: Floors) -> None:
    here = floor()
    notice = json.loads(bytes(Act.objects.get(act="tender.publish", subject=f"tender/{here.number}").canonical))
    assert notice["public"]["upload_grace_minutes"] == GRACE
    without = floor(grace=0)
    notice = json.loads(bytes(Act.objects.get(act="tender.publish", subject=f"tender/{without.number}").canonical))
    assert "upload_grace_minutes" not in notice["public"]
    with pytest.raises(BadInput) as refused:
        floor(grace=61)
    assert codes(refused) == {"NL-15"}
