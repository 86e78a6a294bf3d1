"""Commit first on the pages: the grace is told beforehand, the receipt says what is missing, the record what never came."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from tests.bids.conftest import FIRST, GRACE, SECOND, THIRD, Floor
from tests.desks.conftest import Desk, fields_of, text_of
from yiwang.modules.evidence import sequencer
from yiwang.modules.tenders import selectors as tenders

pytestmark = pytest.mark.django_db
Floors = Callable[..., Floor]


def sent(content: bytes) -> SimpleUploadedFile:
    """A file as a browser sends it."""
    return SimpleUploadedFile("bid.sealed", content)


@pytest.fixture
def here(floor: Floors) -> Floor:
    """Two firms have bid; the first has committed to a file."""
    here = floor()
    here.submit(SECOND)
    here.submit(THIRD)
    here.made = here.seal(FIRST, 79_000_00)  # type: ignore[attr-defined]
    here.bid = here.commit(FIRST, here.made)  # type: ignore[attr-defined]
    sequencer.sequence_all()
    return here


def desk_of(here: Floor, firm: str) -> Desk:
    """Somebody of the firm, signed in."""
    return Desk(here.life.cast.tenderer(firm))


def test_the_notice_tells_the_grace_and_the_hall_counts_it_down(here: Floor) -> None:
    public = Client()
    page = text_of(public.get(f"/tenders/{here.number}/"))
    assert "补传宽限" in page and f"{GRACE} 分钟" in page
    assert public.get(f"/api/v1/tenders/{here.number}").json()["upload_grace_minutes"] == GRACE
    here.life.close()
    here.after_deadline(minutes=1)
    hall = text_of(public.get(f"/tenders/{here.number}/hall/"))
    assert "等待在途的密封文件传完" in hall and f"补传宽限 {GRACE} 分钟" in hall
    here.after_deadline(minutes=GRACE)
    assert "等待在途的密封文件传完" not in text_of(public.get(f"/tenders/{here.number}/hall/"))


def test_the_receipt_of_a_commitment_says_what_is_missing_until_it_is_there(here: Any) -> None:
    desk = desk_of(here, FIRST)
    url = f"/desk/receipts/{here.bid.act.pk}/"
    page = text_of(desk.get(url))
    assert "已登记，文件还没有传完" in page and here.bid.envelope_sha256[:8] in page and here.bid.client in page
    assert desk_of(here, SECOND).get(url).status_code == 404
    done = here.deliver(FIRST, here.made)
    sequencer.sequence_all()
    assert "已登记，文件还没有传完" not in text_of(desk.get(url))
    page = text_of(desk.get(f"/desk/receipts/{done.delivery.pk}/"))
    assert here.bid.envelope_sha256[:8] in page and here.bid.client in page


def test_the_file_is_handed_in_on_a_page_of_its_own_also_in_the_grace(here: Any) -> None:
    desk, url = desk_of(here, FIRST), f"/desk/tenders/{here.number}/bid.deliver/"
    assert "已登记，文件未传完" in text_of(desk.get(url))
    here.life.close()
    here.after_deadline(minutes=1)
    assert "传完密封文件" in text_of(desk.get("/desk/")), "it waits on the desk"
    assert "传完密封文件" not in text_of(desk_of(here, SECOND).get("/desk/"))
    refused = desk.post(url, request_key="k0", file=sent(b"another file"))
    assert refused.status_code == 422 and "您没有登记过这个文件的摘要" in text_of(refused)
    assert desk.act(here.number, "bid.deliver", file=sent(here.made.content)).status_code == 302
    assert here.standings() == ["submitted"] * 3
    for firm in (FIRST, SECOND):
        page = desk_of(here, firm).get(url)
        assert page.status_code == 409 and "没有等待补传的投标" in text_of(page)
    assert Desk(here.life.cast.buyer).get(url).status_code == 404


def test_pages_of_the_opening_tell_what_never_came(here: Any) -> None:
    here.submit(FIRST, 83_000_00)
    here.commit(FIRST, here.seal(FIRST, 78_000_00))
    here.life.close()
    here.open()
    for url in (f"/tenders/{here.number}/", f"/tenders/{here.number}/opening/", f"/tenders/{here.number}/hall/"):
        page = text_of(Client().get(url))
        assert "登记了但文件没有传来的" in page and FIRST in page, url
    assert "登记了但文件没有传来的" in text_of(Desk(here.life.cast.center).get(f"/desk/tenders/{here.number}/"))
    own = here.life.cast.tenderer(FIRST)
    client = Client()
    client.force_login(own.person)
    rows = client.get(f"/api/v1/tenders/{here.number}").json()["own_bids"]
    assert {row["standing"] for row in rows} == {"undelivered", "replaced", "opened"}


def test_a_grace_can_be_set_when_a_tender_is_entered(here: Floor) -> None:
    at = Desk(here.life.cast.buyer)
    url = "/desk/tenders/enter/?procedure=open_tender_works&formula=lowest_price_within_bounds"
    page = at.get(url)
    assert "补传宽限（分钟）" in text_of(page)
    given = {**fields_of(page), "title": "补传宽限的工程", "budget": "1000000", "category": "works"}
    assert at.post(url, **{**given, "upload_grace_minutes": "61"}).status_code == 422
    assert at.post(url, **{**given, "upload_grace_minutes": "15"}).status_code == 302
    assert tenders.visible_to(at.player.actor).get(title="补传宽限的工程").upload_grace_minutes == 15
