"""Lives of tenders in which more happens than on the straight road."""

from __future__ import annotations

from typing import Any

from yiwang.demo.play import Play
from yiwang.modules.bids import acts as bids
from yiwang.modules.experts import acts as experts
from yiwang.modules.remedies import acts as remedies
from yiwang.modules.tenders import acts as tenders


def opened(cast: Any, stage: Any, script: Any) -> Play:
    """Up to the opening: with a question, a clarification, a replaced and a withdrawn bid."""
    play = Play(cast, stage, script)
    play.enter()
    play.prepare()
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
    play.close()
    return play


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
