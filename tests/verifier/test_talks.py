"""Talks, settled results and orders are derived again from what their acts say; each departure is told."""

from __future__ import annotations

from typing import Any

import pytest

from yiwang.kernel import formulas
from yiwang.kernel.canonical import digest
from yiwang.verifier.checks import talks
from yiwang.verifier.dossier import Act, Dossier

NUMBER = "YW2026-0001"
LOWEST = {"id": "gov_lowest_price", "version": 1, "rank_by": "price", "price": {"stacking": "multiplicative"}, "ties": ["reported"]}
BIDS = [{"bid": f"bid/{code}", "tenderer": code, "price": 100 + n, "fault": None} for n, code in enumerate("ABC")]
TALKS = [("negotiation.talk", {"bid": row["bid"], "supplier": row["tenderer"], "round": 1, "present": [1, 2, 3]}) for row in BIDS]
CHANGE = ("negotiation.change", {"change": 1, "kind": "technical", "text": "…", "to": ["A", "B", "C"], "confirmed": True})
END = ("negotiation.close", {"talks": {row["bid"]: 1 for row in BIDS}, "changes": 1, "quote_hours": 24, "requirements": ""})


def dossier(*said: tuple[str, dict[str, Any]]) -> Dossier:
    """A dossier that holds the opening record and these acts, in this order."""
    opened = ("opening.open", {"record": {"bids": BIDS}})
    acts = [
        Act(index, "", "", {"act": name, "actor": {"role": "", "party": "", "person": ""}, "at": "2026-03-02T01:00:00Z",
                            "subject": f"tender/{NUMBER}", "seq": index, "public": public})
        for index, (name, public) in enumerate((("tender.publish", {"formula": LOWEST}), opened, *said))
    ]  # fmt: skip
    found = Dossier(None, NUMBER, acts, [], {}, None, None)  # type: ignore[arg-type]
    found.scratch["seats"] = [{"seat": n} for n in (1, 2, 3)]
    return found


def test_talks_with_all_and_changes_told_to_all_are_in_order() -> None:
    assert talks.talks(dossier(*TALKS, CHANGE, END)).status == "ok"


@pytest.mark.parametrize(
    "said",
    [
        pytest.param((*TALKS[:2], CHANGE, END), id="one supplier was left out"),
        pytest.param((*TALKS, ("negotiation.change", {**CHANGE[1], "to": ["A", "B"]}), END), id="not told to all"),
        pytest.param((*TALKS, ("negotiation.change", {**CHANGE[1], "confirmed": False}), END), id="not confirmed"),
        pytest.param((("negotiation.talk", {**TALKS[0][1], "present": [1]}), *TALKS[1:], CHANGE, END), id="not all members"),
        pytest.param((*TALKS[:2], CHANGE, END, TALKS[2]), id="after the end"),
        pytest.param((*TALKS, CHANGE, ("evaluation.submit_sheet", {}), END), id="judged before the end"),
    ],
)
def test_a_departure_is_told(said: tuple[tuple[str, dict[str, Any]], ...]) -> None:
    assert talks.talks(dossier(*said)).status == "failed"


def settled(prices: dict[str, int], **more: Any) -> tuple[str, dict[str, Any]]:
    facts = [formulas.BidFacts(bid, price, order=n) for n, (bid, price) in enumerate(prices.items())]
    ranking = formulas.evaluate(LOWEST, facts, [])
    report = {"formula": LOWEST, "bids": [fact.to_json() for fact in facts], "ranking": ranking.to_json(),
              "candidates": [{"bid": row.bid} for row in ranking.candidates(3)], **more}  # fmt: skip
    return "negotiation.settle", {"report": report, "report_sha256": digest(report)}


def test_a_result_follows_from_the_opened_quotes_alone() -> None:
    true = {row["bid"]: row["price"] for row in BIDS}
    assert talks.settled(dossier(settled(true))).status == "ok"
    assert talks.settled(dossier(settled({**true, "bid/C": 50}))).status == "failed"
    assert talks.settled(dossier(settled(true, candidates=[{"bid": "bid/C"}]))).status == "failed"
    assert talks.settled(dossier(settled(dict.fromkeys(true, 99), agreed=99))).status == "failed"  # more than one source


@pytest.mark.parametrize(
    ("manner", "chosen", "more", "status"),
    [
        ("compete", ["A", "B", "C"], {}, "ok"),
        ("compete", ["A", "B"], {}, "failed"),
        ("turn", ["B"], {"turn": 5}, "failed"),  # B's turn, and yet A and C quoted
        ("direct", ["A", "B", "C"], {"reason": "…"}, "failed"),
    ],
)
def test_whom_an_order_goes_to_follows_from_the_list(manner: str, chosen: list[str], more: dict[str, Any], status: str) -> None:
    said = ("framework.choose", {"framework": NUMBER, "manner": manner, "listed": ["A", "B", "C"], "chosen": chosen, **more})
    assert talks.order(dossier(said)).status == status


def test_prices_above_the_agreement_are_told() -> None:
    """A quote above its own price that is not rejected; a supplier that joined above the ceiling."""
    order = ("framework.choose", {"listed": ["A"], "chosen": ["A"], "prices": {"A": 99}, "quantity": 1})
    assert talks.settled(dossier(order, settled({row["bid"]: row["price"] for row in BIDS}))).status == "failed"
    joined = {"application": 1, "supplier": "A", "admitted": True, "price": 101}
    open_ = dossier(("framework.review", joined))
    open_.facts["budget"] = 100
    assert talks.order(open_).status == "failed"
    open_.facts["budget"] = 101
    assert talks.order(open_).status == "ok"
