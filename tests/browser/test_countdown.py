"""The countdown on the bid page and the public page follows the center's clock, and says how far the visitor's is off."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any


def test_the_countdown_says_how_far_the_visitors_clock_is_off(
    city: Callable[..., Any], visitor: Callable[..., Any], cast: Any, stage: Any
) -> None:
    play = city(bids=[])
    play.until("tendering")
    stage.to(play.tender.deadline)
    stage.wait(minutes=-12)
    for page, url in (
        (visitor(), f"/tenders/{play.number}/"),
        (visitor(cast.tenderer("海天建设有限公司")), f"/desk/tenders/{play.number}/bid.submit/"),
    ):
        page.goto(url)
        page.wait_for_selector("[data-clock].clock-wrong")  # the stage stands in March, the visitor in another month
        assert " 天，" in page.inner_text("[data-clock]")  # months, not millions of seconds
        assert "您的时钟快" in page.inner_text("[data-clock]") and "已按中心时钟校正" in page.inner_text("[data-clock]")
        left = page.inner_text("[data-left]")
        assert "还剩 11 分" in left or "还剩 12 分" in left, left
