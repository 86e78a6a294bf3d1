"""Overviews of center, supervisor and lender, and the draw's refusals."""

from __future__ import annotations

from typing import Any

from tests.desks.conftest import FIRMS, text_of
from yiwang.demo.cast import Cast
from yiwang.modules.remedies import acts as remedies
from yiwang.seal import draw as lottery


def test_the_center_sees_living_tenders_by_stage(cast: Cast, play: Any, desk: Any) -> None:
    play("tendering")
    play("", title="编制中的项目").enter()
    shown = text_of(desk(cast.center).get("/desk/center/", state="draft")).split("<table")[1]
    assert "编制中的项目" in shown and "城南污水管网" not in shown
    assert desk(cast.supervisor).get("/desk/center/").status_code == 404


def test_the_supervisor_sees_open_objections_and_what_is_overdue(cast: Cast, play: Any, desk: Any, stage: Any) -> None:
    life = play("publicity")
    remedies.raise_objection(actor=cast.tenderer(FIRMS[2][0]).actor, tender=life.number, text="资质存疑")
    late = play("evaluated", title="迟迟不公示的项目")
    stage.wait(days=9)
    shown = text_of(desk(cast.supervisor).get("/desk/supervision/"))
    assert "对评标结果" in shown and "逾期" in shown
    overdue = shown.split("法定期限已过而未办")[1].split("</table>")[0]
    assert late.tender.title in overdue and "公示中标候选人" in overdue
    assert desk(cast.buyer).get("/desk/supervision/").status_code == 404


def test_the_lender_reads_awards_and_nothing_earlier(cast: Cast, play: Any, desk: Any) -> None:
    life = play("awarded")
    play("publicity", title="还在公示的项目")
    shown = text_of(desk(cast.lender).get("/desk/awards/"))
    assert life.tender.award.tenderer.name in shown and "还在公示的项目" not in shown
    assert f"/tenders/{life.number}/dossier.zip" in shown
    assert desk(cast.tenderer(FIRMS[0][0])).get("/desk/awards/").status_code == 404


def test_a_committee_of_even_size_is_refused_with_its_article(cast: Cast, play: Any, desk: Any) -> None:
    life = play("opened")
    life.confirm()
    center = desk(cast.center)
    page = center.act(life.number, "draw.freeze_list", technical="2", economic="2")
    assert page.status_code == 422 and "招标投标法 第37条" in text_of(page)
    assert center.act(life.number, "draw.freeze_list").status_code == 302


def test_a_share_must_match_its_commitment(cast: Cast, play: Any, desk: Any) -> None:
    life = play("opened")
    life.confirm()
    sides = [desk(each) for each in (cast.agency, cast.center, cast.supervisor)]
    sides[1].act(life.number, "draw.freeze_list")
    early = sides[0].get(f"/desk/tenders/{life.number}/draw.reveal/")
    assert early.status_code == 409 and "提交承诺" in text_of(early)
    wrong = sides[0].act(life.number, "draw.commit", commitment="xyz")
    assert wrong.status_code == 422 and "64 位十六进制" in text_of(wrong)
    for number, side in enumerate(sides):
        assert (
            side.act(life.number, "draw.commit", commitment=lottery.commitment(bytes([number]) * 32)).status_code == 302
        )
    page = sides[1].act(life.number, "draw.reveal", share="ff" * 32)
    assert page.status_code == 422 and "与承诺不符" in text_of(page)
    assert sides[1].act(life.number, "draw.reveal", share="01" * 32).status_code == 302


def test_the_next_step_box_and_the_why_not_box_agree_with_the_table(
    cast: Cast, play: Any, desk: Any, stage: Any
) -> None:
    life = play("publicity")
    shown = text_of(desk(cast.buyer).get(f"/desk/tenders/{life.number}/"))
    blocked = shown.split('class="why-not"')[1].split("</details>")[0]
    assert "定标" in blocked and "法定期间到" in blocked
    stage.wait(days=30)
    possible = (
        text_of(desk(cast.buyer).get(f"/desk/tenders/{life.number}/")).split('class="next-step"')[1].split("</ul>")[0]
    )
    assert "award.decide" in possible
