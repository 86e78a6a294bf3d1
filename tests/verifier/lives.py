"""Lives of tenders in which more happens than on the straight road."""

from __future__ import annotations

from typing import Any

from yiwang.demo.cast import player
from yiwang.demo.play import Play
from yiwang.modules.bids import acts as bids
from yiwang.modules.experts import acts as experts
from yiwang.modules.openings import acts as openings
from yiwang.modules.remedies import acts as remedies
from yiwang.modules.tenders import acts as tenders


def opened(cast: Any, stage: Any, script: Any) -> Play:
    """Up to the opening: with a question, a clarification, a replaced and a withdrawn bid; of two that were committed to
    the bytes of one come in the grace, those of the other never.
    """
    script.upload_grace_minutes = 5
    play = Play(cast, stage, script)
    play.enter()
    play.prepare()
    _another_custodian(play)
    play.publish()
    (first, price), *_, (last, _) = script.bids
    asker = cast.tenderer(first)
    question = tenders.ask(actor=asker.actor, tender=play.number, question="管径是多少？")
    tenders.clarify(
        actor=play.host.actor, tender=play.number, answer="DN800。", clarification=question.pk, affects_bids=False
    )
    play.submit(first, price + 1000_00)
    play.submit_bids()
    bids.withdraw(actor=cast.tenderer(last).actor, tender=play.number)
    replacing = play.commit(first, price)
    play.commit(script.bids[1][0], script.bids[1][1] - 500_00)
    play.close()
    stage.wait(minutes=2)
    play.deliver(first, replacing)
    return play


def _another_custodian(play: Play) -> None:
    """A custodian refuses; the key that she gave is void, and the buyer puts a colleague of hers in her place."""
    leaver = play.cast.custodians[0]
    openings.refuse(actor=leaver.actor, tender=play.number, reason="因公外出")
    name = f"{leaver.person.username}-{play.number.lower()}"
    fresh = player(name, "代班保管人", organisation=leaver.actor.organisation, duty="custodian")
    openings.replace_custodian(actor=play.host.actor, tender=play.number, position=0, custodian=name)
    play.custodians[0] = fresh
    play.provide_key(fresh)


def eventful(cast: Any, stage: Any, script: Any) -> Play:
    """To the archive: as :func:`opened`, then an evaluator steps aside and the result is objected to."""
    play = opened(cast, stage, script)
    play.open_bids()
    play.confirm()
    play.draw()
    _, leaver = play._committee()[0]
    experts.decline(actor=leaver.actor, tender=play.number, reason="出差")
    play.score()
    play.report()
    play.publicise()
    loser = cast.tenderer(script.bids[0][0])
    item = remedies.raise_objection(actor=loser.actor, tender=play.number, text="对评分有疑问")
    remedies.answer(actor=play.host.actor, tender=play.number, objection=item.pk, text="评分无误")
    play.award()
    play.contract()
    play.archive()
    return play
