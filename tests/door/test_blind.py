"""Acts whose existence is secret: their rows say nothing, covers look like them, and nothing is lost."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.db import connection, transaction
from django.db.utils import DatabaseError

from tests.desks.conftest import FIRMS, cast, play, stage  # noqa: F401  (fixtures)
from yiwang.demo.play import Play, sealed_bid
from yiwang.kernel import moment
from yiwang.kernel.errors import YiwangError
from yiwang.modules.bids import acts as bids
from yiwang.modules.bids import sealed, uploads
from yiwang.modules.bids import selectors as bid_reads
from yiwang.modules.bids.models import Bid
from yiwang.modules.evidence import audit, blind, blinding, commitments, door, selectors, sequencer
from yiwang.modules.evidence.door import AlreadyReceived
from yiwang.modules.evidence.models import BLIND, Act

pytestmark = pytest.mark.django_db
FIRM = FIRMS[0][0]


@pytest.fixture
def life(play: Callable[..., Play]) -> Play:  # noqa: F811
    """A published tender."""
    return play("tendering")


def rows(*acts: Any) -> list[dict[str, Any]]:
    """The columns of acts as the database has them."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT * FROM evidence_act WHERE id = ANY(%s) ORDER BY id", [[act.pk for act in acts]])
        names = [column.name for column in cursor.description]
        return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]


def made_cover() -> Act:
    """A cover in the outbox."""
    row = blind.cover(moment.now())
    door.insert(row, row)
    return row


def test_a_bid_a_withdrawal_and_a_cover_have_rows_that_say_the_same(life: Play) -> None:
    first = life.submit(FIRM, 80_000_00)
    withdrawn = bids.withdraw(actor=life.cast.tenderer(FIRM).actor, tender=life.number)
    other = life.submit(FIRMS[1][0], 81_000_00)
    acts = sealed.blind.listed(f"bids/{life.number}")
    assert [act.act for act in acts] == ["bid.submit", "bid.withdraw", "bid.submit"]
    assert (withdrawn.standing, other.standing) == ("withdrawn", "submitted")
    found = rows(*acts, made_cover())
    random_ = {"id", "subject", "canonical", "entry", "request_key", "listed", "owned"}
    plain = [{name: value for name, value in row.items() if name not in random_} for row in found]
    assert plain == [plain[0]] * 4
    assert {name: value for name, value in plain[0].items() if value} == {"act": BLIND, "at": blind.NO_TIME, "private": "{}"}
    for name in random_ - {"id"}:
        assert len({bytes(row[name]) if name in ("canonical", "entry") else row[name] for row in found}) == 4, name
        assert len({len(row[name]) for row in found}) == 1, name
    everything = repr(found)
    assert first.commitment not in everything and life.number not in everything
    assert Bid.objects.count() == 0
    assert [bid.standing for bid in sealed.of_tender(life.tender)] == ["withdrawn", "submitted"]


def test_a_party_has_its_receipt_and_its_bids_and_nobody_else_has(life: Play) -> None:
    mine, rival = life.cast.tenderer(FIRM).actor, life.cast.tenderer(FIRMS[1][0]).actor
    bid = life.submit(FIRM, 80_000_00)
    sequencer.sequence_all()
    act = selectors.own_act(mine, bid.act.pk)
    assert act is not None and (act.act, act.subject, act.person_id) == ("bid.submit", bid.chain, mine.person.pk)
    assert commitments.commit(bytes(act.salt), bytes(act.canonical)) == bytes(act.entry)
    assert [each.pk for each in bid_reads.own(mine, life.tender)] == [bid.pk]
    assert bid_reads.numbers(mine) == {life.number}
    for other in (rival, life.cast.center.actor, life.cast.buyer.actor, life.cast.supervisor.actor):
        assert selectors.own_act(other, bid.act.pk) is None
        assert bid_reads.own(other, life.tender) == [] and bid_reads.numbers(other) == set()


def test_the_same_request_bids_once(life: Play) -> None:
    player = life.cast.tenderer(FIRM)
    made, content = sealed_bid(life.tender, player, 80_000_00)
    given = {"tender": life.number, "content": uploads.keep([content], player.actor, life.number), "manifest_sha256": made.manifest_sha256}
    bid = bids.submit(actor=player.actor, request_key="k1", **given)
    with pytest.raises(AlreadyReceived) as repeated:
        bids.submit(actor=player.actor, request_key="k1", **given)
    assert (repeated.value.act.pk, repeated.value.act.act) == (bid.act.pk, "bid.submit")
    done = selectors.done(player.actor, "k1")
    assert done is not None and done.pk == bid.act.pk
    assert selectors.done(life.cast.center.actor, "k1") is None


def test_opening_fills_the_rows_in_with_what_was_committed_to(life: Play) -> None:
    for firm, price in FIRMS:
        life.submit(firm, price)
    replacing = life.submit(FIRM, 79_000_00)
    before = {act.pk: act for act in blind.listed(f"bids/{life.number}")}
    life.close()
    assert Bid.objects.count() == 0
    assert set(Act.objects.filter(pk__in=before).values_list("act", flat=True)) == {BLIND}
    life.open_bids()
    sequencer.sequence_all()
    for act in Act.objects.filter(pk__in=before):
        was = before[act.pk]
        assert (act.act, act.subject, act.seq, act.at) == (was.act, was.subject, was.seq, was.at)
        assert (act.person_id, act.organisation_id) == (was.person_id, was.organisation_id)
        assert commitments.commit(bytes(act.salt), bytes(act.canonical)) == bytes(act.entry)
    standings = sorted(Bid.objects.values_list("standing", flat=True))
    assert standings == ["opened", "opened", "opened", "replaced"]
    assert Bid.objects.get(pk=replacing.pk).price == 79_000_00
    assert audit.run(full=True).ok


@pytest.mark.parametrize(
    "change",
    [
        "subject = 'x'",
        "salt = 'x'",
        "act = 'bid.submit'",
        "act = 'bid.submit', salt = '\\x00', canonical = 'x'",
        "act = 'bid.submit', entry = 'x'",
    ],
)
def test_the_database_lets_a_blind_row_become_nothing_but_what_it_was(stage: Any, change: str) -> None:  # noqa: F811
    pk = made_cover().pk
    with pytest.raises(DatabaseError, match="append_only"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(f"UPDATE evidence_act SET {change} WHERE id = %s", [pk])
    act = blind.reveal(Act.objects.get(pk=pk))
    assert blind.unveil([act]) == 1
    shown = Act.objects.get(pk=pk)
    assert (shown.act, shown.subject, json.loads(bytes(shown.canonical))["act"]) == ("log.cover", act.subject, "log.cover")
    with pytest.raises(DatabaseError, match="append_only"), transaction.atomic():
        Act.objects.filter(pk=pk).update(act=BLIND)
    assert blind.unveil([act]) == 0


def test_the_key_is_for_the_program_alone(stage: Any, settings: Any) -> None:  # noqa: F811
    folder = Path(settings.LOG_FOLDER).parent / "blinding"
    act = made_cover()
    assert (folder.stat().st_mode & 0o777, (folder / "key").stat().st_mode & 0o777) == (0o700, 0o600)
    sealed_ = bytes(Act.objects.get(pk=act.pk).canonical)
    with pytest.raises(blinding.BlindingFault):
        blinding.BlindingKey(b"x" * 32).open(sealed_, bytes(act.entry))
    with pytest.raises(blinding.BlindingFault):
        blind.key().open(sealed_, b"another entry")
    with pytest.raises(blinding.BlindingFault):
        blind.key().open(sealed_[:-1] + b"x", bytes(act.entry))
    (folder / "key").chmod(0o644)
    with pytest.raises(YiwangError, match=r"0600|read by others|权限"):
        blind.key()
    (folder / "key").unlink()
    with pytest.raises(blinding.BlindingFault, match=r"missing|缺少"):
        blind.key()  # there are rows that need it: a fresh one would hide that they are lost
    assert blind.by_request("some other request") is None, "what is not secret goes on"
    blinding.load(folder, lambda: True)
    with pytest.raises(blinding.BlindingFault):
        blind.reveal(Act.objects.get(pk=act.pk))
