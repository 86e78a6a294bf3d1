"""The screens of scored methods, walked in one tender's life: coefficient, sheet with opinions, low price, correction, vote."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.core.exceptions import ValidationError

from tests.desks.conftest import fields_of, text_of
from tests.journeys.test_scored_methods import BIDS, LOW, formula
from yiwang.demo import scored
from yiwang.desks.buyer import deviation_field, formula_fields
from yiwang.kernel import formulas, moment
from yiwang.kernel.formula_book import template
from yiwang.kernel.text import Text
from yiwang.modules.evaluations import selectors as evaluations
from yiwang.seal import draw as lottery

DECLARED = dict.fromkeys(("relative", "authority", "interest", "punished"), "on")


def test_the_screens_of_scored_methods(play: Callable[..., Any], desk: Any, cast: Any, stage: Any) -> None:
    life = play("opened", procedure="open_tender_works_separate", formula=formula(), bids=BIDS, minimum=None, ceiling=10_000_000_00)
    number, host, center = life.number, desk(life.host), desk(cast.center)
    for side, share in ((host, b"1" * 32), (center, b"2" * 32)):
        assert side.act(number, "coefficient.commit", commitment=lottery.commitment(share)).status_code == 302
    page = center.get(f"/desk/tenders/{number}/coefficient.reveal/")
    assert 'data-draw="coefficient"' in text_of(page)
    assert "交易中心先公开" in text_of(host.get(f"/desk/tenders/{number}/coefficient.reveal/"))
    assert center.act(number, "coefficient.reveal", share="ab" * 32).status_code == 422
    for side, share in ((center, b"2" * 32), (host, b"1" * 32)):
        assert side.act(number, "coefficient.reveal", share=share.hex()).status_code == 302
    hall = text_of(host.client.get(f"/tenders/{number}/hall/"))
    assert f"浮动系数 {life.tender.opening.drawn['coefficient']}" in hall
    life.until("evaluating")
    committee = [each for _, each in life._committee()]
    for place, each in enumerate(committee):
        at = desk(each)
        assert at.act(number, "evaluation.declare", **DECLARED).status_code == 302
        fields = _sheet(life, "15" if place else "14")
        missing = at.post(f"/desk/tenders/{number}/evaluation.submit_sheet/", **{**fields, **_opinions(life, "")})
        assert missing.status_code == 422 and "优势、不足和风险" in text_of(missing)
        assert at.act(number, "evaluation.submit_sheet", **fields).status_code == 302
    first = desk(committee[0])
    page = first.get(f"/desk/tenders/{number}/evaluation.conclude/")
    assert page.status_code == 409 and "客观项" in text_of(page)
    corrected = {name: "15" for name in fields_of(first.get(f"/desk/tenders/{number}/evaluation.correct_sheet/")) if name.startswith("s")}
    assert first.act(number, "evaluation.correct_sheet", **corrected, reason="漏看一项业绩").status_code == 302
    low = next(bid for bid in evaluations.opened(life.tender) if bid.tenderer.name == LOW)
    assert "触及异常低价标准" in text_of(first.get(f"/desk/tenders/{number}/evaluation.ask_price/"))
    assert first.act(number, "evaluation.ask_price", bid=low.chain).status_code == 302
    assert desk(cast.tenderer(BIDS[0][0])).get(f"/desk/tenders/{number}/evaluation.explain_price/").status_code == 404
    asked = desk(cast.tenderer(LOW))
    assert "低于" in text_of(asked.get(f"/desk/tenders/{number}/evaluation.explain_price/"))
    assert asked.act(number, "evaluation.explain_price", explanation="有库存，附采购合同").status_code == 302
    for each in committee:
        page = desk(each).get(f"/desk/tenders/{number}/evaluation.judge_price/")
        assert "有库存" in text_of(page)
        assert desk(each).act(number, "evaluation.judge_price", bid=low.chain, proven="no", reason="合同与本项目无关").status_code == 302
    assert "公开抽取的浮动系数" in text_of(first.get(f"/desk/tenders/{number}/evaluation.conclude/"))
    life.report()
    life.until("publicity")
    _vote(life, desk, cast, stage)


def _vote(life: Any, desk: Any, cast: Any, stage: Any) -> None:
    number, members = life.number, scored.award_members(life)
    buyer, names = desk(cast.buyer), "\n".join(each.person.username for each in members)
    assert buyer.act(number, "award.seat", members="ding-1", method="absolute", tie="price", rounds="2").status_code == 422
    assert buyer.act(number, "award.seat", members=names, method="absolute", tie="price", rounds="2").status_code == 302
    stage.to(moment.from_stamp(life.tender.events["candidate_publicity.end"]))
    chosen = life.tender.report.content["candidates"][1]["bid"]
    for each in (*members[1:], members[0]):
        page = desk(each).get(f"/desk/tenders/{number}/award.vote/")
        assert "方案扎实" in text_of(page)  # what the evaluators say stands beside the ballot
        assert desk(each).act(number, "award.vote", **{"choice-1": chosen, "reason": "综合最优"}).status_code == 302
    shown = text_of(buyer.get(f"/desk/tenders/{number}/"))
    assert "定标票决" in shown and "综合最优" in shown and "本项目不实行" not in shown
    public = f"/tenders/{number}/"
    assert "综合最优" not in text_of(desk(cast.lender).client.get(public))
    life.until("awarded")
    shown = text_of(desk(cast.lender).client.get(public))
    assert "综合最优" in shown and "由定标委员会票决" in shown and "第 0 名" not in shown


def _opinions(life: Any, text: str) -> dict[str, str]:
    return {f"opinion-{bid.id.hex}": text for bid in evaluations.opened(life.tender)}


def _sheet(life: Any, record: str) -> dict[str, str]:
    found = _opinions(life, "方案扎实，工期偏紧")
    for bid in evaluations.opened(life.tender):
        found |= {f"pass-{bid.id.hex}": "yes", f"score-{bid.id.hex}-design": "20", f"score-{bid.id.hex}-record": record}
    return found


def test_a_buyer_types_coefficients_and_deductions() -> None:
    choices, deductions = (formula_fields.field_of(path, Text("甲", "a")) for path in (formula_fields.CHOICES, formula_fields.DEDUCTIONS))
    assert choices is not None and deductions is not None
    assert choices.clean("0，0.01 0.02") == ["0", "0.01", "0.02"] and choices.clean("") is None
    (row,) = deductions.clean("小微 企业 12.5%\n")
    assert (row["code"], row["rate"], row["name"]["zh"]) == ("d1", "0.125", "小微 企业")
    for field, text in ((choices, "0 half"), (deductions, "小微企业"), (deductions, "小微企业 十")):
        with pytest.raises(ValidationError):
            field.clean(text)
    drawn = formula_fields.settled({formula_fields.CHOICES: ["0", "0.01"], formula_fields.REDUCTION: "0"})
    assert formulas.to_draw(template("comprehensive_score").formula(drawn)) == (("0", "0.01"), False)
    assert template("gov_lowest_price").formula({formula_fields.DEDUCTIONS: [row]})["price"]["deductions"] == [row]


def test_the_entry_form_asks_for_them_and_the_bid_form_for_claims(play: Callable[..., Any], desk: Any, cast: Any) -> None:
    page = desk(cast.buyer).get("/desk/tenders/enter/", procedure="open_tender_works", formula="comprehensive_score")
    assert page.status_code == 200 and "公布的浮动系数" in text_of(page) and "用空格分开" in text_of(page)
    allowed = [{"code": "small", "rate": "0.1", "name": {"zh": "小微企业", "en": "small enterprise"}}]
    given = template("gov_comprehensive_score").formula({"price.deductions": allowed})
    life = play("tendering", category="goods", procedure="gov_open_tender_goods", formula=given, minimum=None)
    shown = text_of(desk(cast.tenderer("海天建设有限公司")).get(f"/desk/tenders/{life.number}/bid.submit/"))
    assert 'data-answer="deduction.small"' in shown and "小微企业" in shown


def test_the_screens_of_corrected_prices_and_priced_deviations(play: Callable[..., Any], desk: Any, cast: Any) -> None:
    late = deviation_field.field(Text("量化", "standards")).clean("迟延工期 日 4000 60\n多预付款 个百分点 0.03% 20")
    assert late is not None and [(row["key"], row.get("fen"), row.get("of_price")) for row in late] == [("d1", 400_000, None), ("d2", None, "0.0003")]
    given = template("evaluated_lowest_price").formula({"deviations": late})
    life = play("evaluating", formula=given, bids=BIDS[:3], minimum=None, ceiling=12_000_000_00, budget=12_000_000_00)
    number, committee = life.number, [each for _, each in life._committee()]
    scored.score(life)
    first, bids = desk(committee[0]), {bid.tenderer.name: bid.chain for bid in evaluations.opened(life.tender)}
    assert "迟延工期：每日加 4,000.00 元，最多 60 日" in text_of(first.client.get(f"/tenders/{number}/"))
    page = first.get(f"/desk/tenders/{number}/evaluation.correct_price/")
    assert "以大写金额为准" in text_of(page) and "玖佰伍拾捌万伍仟元整" in text_of(page)
    typed = {"bid": bids[BIDS[0][0]], "words": "玖佰万元整", "lines": "", "detail": "", "reason": "投标函第2页", "minutes": "30"}
    address = f"/desk/tenders/{number}/evaluation.correct_price/"
    assert first.post(address, **{**typed, "words": ""}).status_code == 422
    assert first.post(address, **{**typed, "lines": "土方 九"}).status_code == 422
    review = first.post(address, **typed)
    assert review.status_code == 200 and "修正后的报价 9,000,000.00 元" in text_of(review)
    assert first.act(number, "evaluation.correct_price", **typed, confirmed="1").status_code == 302
    units = {"bid": bids[BIDS[1][0]], "d-d1": "30", "d-d2": "", "reason": "附录"}
    assert first.post(f"/desk/tenders/{number}/evaluation.quantify/", **{**units, "d-d1": "61"}).status_code == 422
    assert first.act(number, "evaluation.quantify", **units, confirmed="1").status_code == 302
    asked = desk(cast.tenderer(BIDS[0][0]))
    assert asked.get(f"/desk/tenders/{number}/evaluation.confirm_price/").status_code == 404
    for each in committee[1:3]:
        page = desk(each).get(f"/desk/tenders/{number}/evaluation.vote_price/")
        assert "30 日 × 4,000.00 元 = 120,000.00 元" in text_of(page)
        assert desk(each).act(number, "evaluation.vote_price", change="2", agree="no", reason="").status_code == 422
        for change in ("1", "2"):
            assert desk(each).act(number, "evaluation.vote_price", change=change, agree="yes", reason="").status_code == 302
    assert desk(cast.tenderer(BIDS[1][0])).get(f"/desk/tenders/{number}/evaluation.confirm_price/").status_code == 404
    page = asked.get(f"/desk/tenders/{number}/evaluation.confirm_price/")
    assert "修正后的报价 9,000,000.00 元" in text_of(page) and "确认截止" in text_of(page)
    assert "答复修正报价" in text_of(asked.get("/desk/"))  # it waits on the tenderer's desk
    assert asked.act(number, "evaluation.confirm_price", answer="yes").status_code == 302
    assert "已书面确认" in text_of(first.get(f"/desk/tenders/{number}/evaluation.correct_price/"))
    shown = text_of(first.get(f"/desk/tenders/{number}/evaluation.conclude/"))
    assert "修正后的报价 9,000,000.00 元" in shown and "评审价 9,730,000.00 元" in shown
