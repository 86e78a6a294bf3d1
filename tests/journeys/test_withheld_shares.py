"""A side of a draw commits and never reveals: nobody has seen a share to judge by, it is put on record, and the draw goes on by rule."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from tests.journeys.rounds import audited, in_browser, verified
from yiwang.demo.play import Play, wait_for_log
from yiwang.demo.script import SEATS
from yiwang.kernel.errors import BadInput, Refused
from yiwang.kernel.formula_book import template
from yiwang.modules.evidence import selectors as evidence
from yiwang.modules.evidence import sequencer
from yiwang.modules.evidence.actors import PUBLIC
from yiwang.modules.evidence.disclosure import disclose
from yiwang.modules.experts import acts as experts
from yiwang.modules.openings import coefficient_acts
from yiwang.seal import draw as lottery
from yiwang.seal.public_draw import FORFEITED
from yiwang.verifier import run, verify
from yiwang.verifier.dossier import Dossier

BIDS = [("城东市政工程公司", 9_585_000_00), ("江北建设集团", 9_610_000_00), ("海门路桥公司", 9_705_000_00)]
CHOICES = ["0", "0.01", "0.02", "0.03"]
HOST, CENTER, SUPERVISOR = b"h" * 32, b"c" * 32, b"s" * 32


def formula() -> dict[str, Any]:
    drawn = {"price.score.benchmark.reduction": None, "price.score.benchmark.choices": CHOICES, "price.score.benchmark.trim": []}
    return template("comprehensive_score").formula(drawn)


def test_who_keeps_a_share_back_gains_nothing(play: Callable[..., Play], tmp_path: Path, settings: Any) -> None:
    settings.ROOT_URLCONF = "yiwang.site.urls"
    life = play("opened", procedure="open_tender_works", formula=formula(), bids=BIDS, minimum=None, ceiling=10_000_000_00)
    life.confirm()
    _in_the_hall(life)
    _of_the_committee(life)
    life.until("awarded")
    found = verified(life.number, tmp_path)
    assert (found["coefficient"], found["draw"], found["draw.beacon"]) == ("ok", "ok", "ok")
    in_browser(tmp_path, life.number)
    audited(life.number)
    _tampered(tmp_path / f"{life.number}.zip")


def _names(life: Play) -> list[str]:
    sequencer.sequence_all()
    return [each.act.act for each in disclose(life.number, PUBLIC).shown]


def _in_the_hall(life: Play) -> None:
    """Host and center alone give shares: the supervisor stands in, lest the center's alone remains."""
    cast, number = life.cast, life.number
    for side, share in ((life.host, HOST), (cast.center, CENTER)):
        coefficient_acts.commit(actor=side.actor, tender=number, commitment=lottery.commitment(share))
    wait_for_log(evidence.acts_of(life.tender).last())
    with pytest.raises(Refused, match="交易中心先公开"):
        coefficient_acts.reveal(actor=life.host.actor, tender=number, share=HOST.hex())
    coefficient_acts.reveal(actor=cast.center.actor, tender=number, share=CENTER.hex())
    assert "coefficient.reveal" not in _names(life)  # the host cannot see what would come out
    with pytest.raises(Refused, match="30 分钟"):
        coefficient_acts.forfeit(actor=cast.supervisor.actor, tender=number, party="host", share=SUPERVISOR.hex())
    life.stage.wait(minutes=31)
    with pytest.raises(Refused, match="监督部门登记"):
        coefficient_acts.forfeit(actor=cast.center.actor, tender=number, party="host")
    with pytest.raises(BadInput, match="64 位"):
        coefficient_acts.forfeit(actor=cast.supervisor.actor, tender=number, party="host")
    client = Client()
    client.force_login(cast.supervisor.person)
    page = f"/desk/tenders/{number}/coefficient.forfeit/"
    shown = client.get(page).content.decode()
    assert 'name="share"' in shown and 'value="host"' in shown and 'data-draw="stand-in"' in shown
    assert client.post(page, {"party": "host", "share": SUPERVISOR.hex(), "request_key": "a" * 32}).status_code == 302
    drawn = life.tender.opening.drawn
    assert drawn["coefficient"] in CHOICES and drawn["shares"]["host"]["forfeited"]
    assert {"coefficient.reveal", "coefficient.forfeit"} <= set(_names(life))
    with pytest.raises(Refused):  # too late, and there is no second draw
        coefficient_acts.reveal(actor=life.host.actor, tender=number, share=HOST.hex())


def _of_the_committee(life: Play) -> None:
    cast, number = life.cast, life.number
    experts.freeze_list(actor=cast.center.actor, tender=number, seats=SEATS)
    for side, share in ((life.host, HOST), (cast.center, CENTER), (cast.supervisor, SUPERVISOR)):
        drawn = experts.commit(actor=side.actor, tender=number, commitment=lottery.commitment(share))
    wait_for_log(drawn.last_commit)
    experts.reveal(actor=cast.center.actor, tender=number, share=CENTER.hex())
    life.stage.wait(hours=25)
    with pytest.raises(BadInput, match="另一方"):
        experts.forfeit(actor=life.host.actor, tender=number, party="host")
    experts.forfeit(actor=cast.center.actor, tender=number, party="host")
    with pytest.raises(Refused, match="分钟"):  # the supervisor's time begins anew
        experts.forfeit(actor=life.host.actor, tender=number, party="supervisor")
    life.stage.wait(hours=25)
    with pytest.raises(Refused, match="至少要有一方"):
        experts.forfeit(actor=life.host.actor, tender=number, party="supervisor")
    experts.reveal(actor=cast.supervisor.actor, tender=number, share=SUPERVISOR.hex())
    experts.seat(actor=cast.center.actor, tender=number)
    assert life.tender.draw.shares["host"]["share"] == FORFEITED
    life.stage.wait(hours=2)


def _tampered(path: Path) -> None:
    def early(acts: list[Any]) -> None:
        act = next(act for act in acts if act.name == "draw.forfeit")
        act.content["at"] = (act.at - timedelta(hours=2)).strftime("%Y-%m-%dT%H:%M:%SZ")

    def chosen(acts: list[Any]) -> None:
        next(act for act in acts if act.name == "draw.forfeit").public["share"] = "ab" * 32

    def by_the_center(acts: list[Any]) -> None:
        next(act for act in acts if act.name == "coefficient.forfeit").content["actor"]["role"] = "center"

    for change, check in ((early, "draw"), (chosen, "draw"), (by_the_center, "coefficient")):
        with pytest.MonkeyPatch.context() as patch:

            def altered(*given: Any, change: Callable[[list[Any]], None] = change) -> Dossier:
                change(given[2])
                return Dossier(*given)

            patch.setattr(run, "Dossier", altered)
            assert check in {line.id for line in verify(path).failed}, change.__name__
