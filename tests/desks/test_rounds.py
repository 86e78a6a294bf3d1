"""Rounds and invitations at the desks: who goes on is decided and invited there, and no page betrays who applied."""

from __future__ import annotations

import secrets
from datetime import date
from typing import Any

from django.test import Client

from tests.desks.conftest import text_of
from yiwang.demo import chain
from yiwang.demo.cast import Cast
from yiwang.demo.stage import local
from yiwang.modules.evidence import sequencer
from yiwang.seal import draw

FIRMS = ["海天建设有限公司", "宏远市政工程有限公司", "临江路桥有限公司"]
UNPRICED = [(firm, None) for firm in FIRMS]
PRICED = [(firm, 80_000_00 + n) for n, firm in enumerate(FIRMS)]
PUBLIC_PAGES = ("/tenders/{n}/", "/tenders/{n}/hall/", "/tenders/{n}/evidence/", "/api/v1/tenders/{n}", "/api/v1/tenders/{n}/acts")


def betrayed(number: str, client: Any) -> list[str]:
    """Pages of a tender on which the name of a firm stands, for this reader."""
    found = []
    for page in PUBLIC_PAGES:
        answer = client.get(page.format(n=number))
        assert answer.status_code == 200, page
        found += [page for firm in FIRMS if firm in answer.content.decode()]
    return found


def test_a_prequalification_is_decided_and_its_tender_sent_to_those_who_passed(cast: Cast, play: Any, desk: Any) -> None:
    first = play("tendering", procedure="prequalification", ceiling=None, minimum=None, bids=UNPRICED)
    page = text_of(desk(cast.tenderer(FIRMS[0])).get(f"/desk/tenders/{first.number}/bid.submit/"))
    assert "本轮不报价" in page and 'id="seal-price"' not in page
    first.until("opened")
    assert betrayed(first.number, Client()) == []
    first.until("evaluated")
    host = desk(cast.agency)
    assert all(firm in text_of(host.get(f"/desk/tenders/{first.number}/admission.decide/")) for firm in FIRMS)
    host.act(first.number, "admission.decide")
    assert first.tender.state == "admitted"
    assert "/desk/tenders/enter/?procedure=prequalified_tender" in text_of(host.get(f"/desk/tenders/{first.number}/"))
    assert betrayed(first.number, Client()) == []
    rival = desk(cast.tenderer("旁观建设有限公司"))
    shown = text_of(rival.get(f"/desk/tenders/{first.number}/"))
    assert not any(firm in shown for firm in FIRMS)
    assert "本单位通过了本轮" in text_of(desk(cast.tenderer(FIRMS[0])).get(f"/desk/tenders/{first.number}/"))

    second = chain.following(first, "prequalified_tender", ceiling=100_000_00, bids=PRICED)
    second.enter()
    second.prepare()
    invitation = text_of(host.get(f"/desk/tenders/{second.number}/tender.invite/"))
    assert all(firm in invitation for firm in FIRMS)
    host.act(second.number, "tender.invite")
    assert second.tender.state == "tendering" and len(second.tender.invitees) == 3
    assert Client().get(f"/tenders/{second.number}/").status_code == 404
    assert rival.get(f"/desk/tenders/{second.number}/").status_code == 404
    assert desk(cast.tenderer(FIRMS[1])).get(f"/desk/tenders/{second.number}/").status_code == 200
    second.until("opened")
    shown = text_of(Client().get(f"/tenders/{first.number}/"))
    assert all(firm in shown for firm in FIRMS) and second.number in shown


def both_closed(play: Any, look: Any = None) -> tuple[Any, Any]:
    """Two envelopes of three firms, both closed by one deadline; ``look(first, second)`` before the second is published."""
    first = play("draft", procedure="two_envelope_first", ceiling=None, minimum=None, bids=UNPRICED)
    second = chain.following(first, "two_envelope_second", ceiling=100_000_00, bids=PRICED)
    second.enter()
    first.script.deadline = second.script.deadline = local(date(2026, 3, 30), 9, 30)
    first.until("tendering")
    second.prepare()
    if look is not None:
        look(first, second)
    second.publish()
    for played in (first, second):
        played.submit_bids()
    for played in (first, second):
        played.close()
    first.until("admitted")
    return first, second


def test_a_second_envelope_is_judged_by_the_committee_that_sat(cast: Cast, play: Any, desk: Any) -> None:
    def look(first: Any, second: Any) -> None:
        page = desk(cast.agency).get(f"/desk/tenders/{second.number}/tender.publish/")
        assert 'value="2026-03-30T09:30"' in text_of(page)

    first, second = both_closed(play, look)
    assert all(firm in text_of(Client().get(f"/tenders/{first.number}/")) for firm in FIRMS)
    second.until("opened")
    second.confirm()
    desk(cast.center).act(second.number, "draw.carry")
    assert second.tender.state == "evaluating"
    assert second.tender.draw.seats.count() == first.tender.draw.seats.count() == 5


def test_invited_suppliers_are_listed_and_drawn_at_the_desks(cast: Cast, play: Any, desk: Any) -> None:
    lowest = {"id": "gov_lowest_price", "version": 1, "rank_by": "price", "ties": ["reported"]}
    played = play("draft", procedure="gov_invited_tender", category="goods", minimum=None, formula=lowest, bids=PRICED)
    host, center, number = desk(cast.agency), desk(cast.center), played.number
    form = host.get("/desk/tenders/enter/?procedure=gov_invited_tender&formula=gov_lowest_price")
    assert 'name="invitees"' not in text_of(form) and "书面推荐" in text_of(form)
    names = (*FIRMS, *chain.MORE_FIRMS[:3])
    codes = [cast.tenderer(name).actor.organisation.uscc for name in names]
    given = {"way": "recommended", "ground": "滨采函〔2026〕7号", "watchers": "甲建国\n甲晓梅"}
    short = host.act(number, "invitees.list", **given, candidates="\n".join(codes[:5]))
    assert short.status_code == 422 and "应当有 6 家以上" in text_of(short) and codes[4] in text_of(short)  # nothing typed is lost
    assert host.act(number, "invitees.list", **given, candidates="\n".join(codes)).status_code == 302
    page = text_of(host.get(f"/desk/tenders/{number}/"))
    assert all(name in page for name in names) and "滨采函" in page and "甲晓梅" not in page
    shares = {center: secrets.token_bytes(32), host: secrets.token_bytes(32)}
    for side, share in shares.items():
        assert side.act(number, "invitees.commit", commitment=draw.commitment(share)).status_code == 302
    sequencer.sequence_all()
    assert host.get(f"/desk/tenders/{number}/invitees.reveal/").status_code == 409  # the center reveals first
    assert host.get(f"/desk/tenders/{number}/invitees.forfeit/").status_code == 409  # and has its time
    for side, share in shares.items():
        assert side.act(number, "invitees.reveal", share=share.hex()).status_code == 302
    assert len(played.tender.invitees) == 3
    played.prepare()
    invitation = text_of(host.get(f"/desk/tenders/{number}/tender.invite/"))
    chosen = {name for name, code in zip(names, codes, strict=True) if code in played.tender.invitees}
    assert {name for name in names if f"<li>{name}</li>" in invitation} == chosen
    assert Client().get(f"/tenders/{number}/").status_code == 404
    out = next(name for name, code in zip(names, codes, strict=True) if code not in played.tender.invitees)
    assert desk(cast.tenderer(out)).get(f"/desk/tenders/{number}/").status_code == 404
