"""How far people trust the center: marks by role, objections by month, how often results are checked."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client
from django.utils import translation

from yiwang.kernel.errors import BadInput
from yiwang.modules.evidence import sequencer
from yiwang.modules.outreach import selectors, services
from yiwang.modules.outreach.models import Fetched, Opinion
from yiwang.modules.outreach.survey_law import survey
from yiwang.modules.remedies import acts as remedies
from yiwang.modules.remedies.selectors import answered_by_month

FIRMS = ("甲建设有限公司", "乙建设有限公司", "丙建设有限公司", "丁建设有限公司", "戊建设有限公司")


@pytest.fixture(autouse=True)
def site(routes: None, settings: Any) -> None:
    """The pages too, not the API alone."""
    settings.ROOT_URLCONF = "yiwang.site.urls"


def browser(player: Any) -> Client:
    client = Client()
    client.force_login(player.person)
    return client


def answers(mark: int, **more: str) -> dict[str, str]:
    return {"role": "tenderer", **dict.fromkeys(survey().questions, str(mark)), **more}


@pytest.mark.promise("S091")
def test_marks_by_role_objections_and_checks(play: Callable[..., Any], cast: Any) -> None:
    played = play("publicity", bids=[(firm, 80_000_00 + n) for n, firm in enumerate(FIRMS)])
    for n, firm in enumerate(FIRMS[:4]):
        answer = browser(cast.tenderer(firm)).post("/trust/answer/", answers(5 - n))
        assert answer.status_code == 302, answer.content.decode()
    few = Client().get("/trust/").content.decode()
    assert "少于 5 份" in few and selectors.marks_by_role()[0].means["fair"] is None
    last = browser(cast.tenderer(FIRMS[4]))
    last.post("/trust/answer/", answers(2))
    last.post("/trust/answer/", answers(1))  # a second answer takes the place of the first
    assert Opinion.objects.count() == len(FIRMS)
    (row,) = selectors.marks_by_role()
    assert (row.role, row.answers, set(row.means.values())) == ("tenderer", 5, {Decimal("3.0")})

    raised = remedies.raise_objection(actor=cast.tenderer(FIRMS[1]).actor, tender=played.number, text="业绩得分有误")
    assert "还没有答复过的异议" in Client().get("/trust/").content.decode()
    remedies.answer(actor=played.host.actor, tender=played.number, objection=raised.pk, text="已复核，维持原结果", upheld=False)
    taken = Client().get(f"/tenders/{played.number}/dossier.zip")
    b"".join(taken.streaming_content)
    page = Client().get("/trust/").content.decode()
    assert Fetched.objects.get(what="dossier").times == 1
    assert ">3.0<" in page
    (month,) = answered_by_month()
    assert (month.answered, month.upheld) == (1, 0) and month.month in page


def test_what_is_wrong_is_named(play: Callable[..., Any], cast: Any) -> None:
    player = cast.tenderer(FIRMS[0])
    answer = browser(player).post("/trust/answer/", answers(3, fair=""))
    assert answer.status_code == 422 and "结果是按公布的规则得出的" in answer.content.decode()
    with pytest.raises(BadInput) as wrong:
        services.give_opinion(actor=player.actor, role="tenderer", marks=dict.fromkeys(survey().questions, 6))
    assert wrong.value.reasons[0].field == "fair"
    with pytest.raises(BadInput):
        services.give_opinion(actor=player.actor, role="supervisor", marks=dict.fromkeys(survey().questions, 3))
    assert not Opinion.objects.exists()
    with translation.override("en"):
        assert Client().get("/trust/").status_code == 200


def test_nobody_is_counted_before_the_opening(play: Callable[..., Any]) -> None:
    played = play("tendering")
    sequencer.sequence_all()
    b"".join(Client().get(f"/tenders/{played.number}/dossier.zip").streaming_content)
    assert not Fetched.objects.exists()
