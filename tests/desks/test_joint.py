"""The page of joint bids keeps the secret; a joint bid shows on every page that names who bids."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from tests.desks.conftest import Desk, fields_of, text_of
from tests.journeys import joint
from tests.seal.test_copies import rewrapped
from yiwang.demo.cast import Cast
from yiwang.demo.play import Play
from yiwang.kernel.errors import BadInput
from yiwang.modules.evidence import sequencer
from yiwang.modules.evidence.models import Act
from yiwang.modules.tenders.models import Tender
from yiwang.runtime.scrub import scrubbed

LEAD, MEMBER = "海天建设有限公司", "宏远机电工程有限公司"
TOGETHER = f"{LEAD}（牵头）、{MEMBER}（联合体）"
BIDS = [("城东市政工程公司", 80_000_00), ("江北建设集团", 70_000_00), ("临港工程公司", 90_000_00)]


@pytest.fixture
def tendering(play: Callable[..., Play]) -> Play:
    """A tender that takes bids, joint ones too."""
    played = play("draft", bids=BIDS, joint_bids=True)
    played.prepare()
    played.publish()
    sequencer.sequence_all()
    return played


def test_the_page_is_there_for_everybody_and_takes_nothing(tendering: Play, cast: Cast) -> None:
    address, firm = f"/tenders/{tendering.number}/joint/", cast.tenderer(LEAD)
    reader, before = Desk(firm), Act.objects.count()
    reader.get(address)  # the first visit notes the session
    page = Client().get(address)
    assert page.status_code == 200
    html = text_of(page)
    assert "招标投标法 第31条" in html
    compose = re.search(r'<form class="form joint-form".*?</template>', html, re.S)
    assert compose is not None
    assert not re.findall(r'<(?:input|select|textarea)[^>]*\sname="', compose[0]), "no field has a name that a form could send"
    with CaptureQueriesContext(connection) as asked:
        signed_in = text_of(reader.get(address))
    assert joint.code(firm) in signed_in
    assert not [each["sql"] for each in asked if re.match(r"(INSERT|UPDATE|DELETE)", each["sql"])]
    assert Act.objects.count() == before


def test_the_program_s_log_does_not_say_for_which_tender_the_page_was_asked() -> None:
    assert scrubbed("Internal Server Error: /tenders/YW2026-0001/joint/") == "Internal Server Error: /tenders/***/joint/"


def test_the_notice_says_whether_joint_bids_are_accepted(tendering: Play, play: Callable[..., Play]) -> None:
    public = Client()
    page = text_of(public.get(f"/tenders/{tendering.number}/"))
    assert f"/tenders/{tendering.number}/joint/" in page
    other = play("tendering")
    page = text_of(public.get(f"/tenders/{other.number}/"))
    assert "不接受" in page
    assert f"/tenders/{other.number}/joint/" not in page
    assert "一律无效" in text_of(public.get(f"/tenders/{other.number}/joint/"))


def test_the_buyer_says_so_when_entering_the_tender(cast: Cast) -> None:
    address = "/desk/tenders/enter/?procedure=open_tender_works&formula=lowest_price_within_bounds"
    host = Desk(cast.agency)
    typed = {"title": "河道整治", "budget": "1000000", "counterpart": joint.code(cast.buyer), "joint_bids_allowed": "on"}
    given = {**fields_of(host.get(address)), **typed}
    page = host.post(address, **given)
    assert page.status_code == 302, text_of(page)
    made = Tender.objects.get(title="河道整治")
    assert made.joint_bids_allowed
    assert b'"joint_bids_allowed":true' in bytes(made.acts.get(act="tender.enter").canonical)


def test_pages_name_all_members(tendering: Play, cast: Cast) -> None:
    lead, member = cast.tenderer(LEAD), cast.tenderer(MEMBER)
    joint.submit(tendering, [lead, member], 62_000_00)
    tendering.submit_bids()
    public = Client()
    for each in (f"/tenders/{tendering.number}/", f"/tenders/{tendering.number}/joint/"):
        assert MEMBER not in text_of(public.get(each)), "nobody knows before the opening"
    tendering.close()
    tendering.open_bids()
    sequencer.sequence_all()
    number = tendering.number
    for each in (f"/tenders/{number}/", f"/tenders/{number}/opening/"):
        assert TOGETHER in text_of(public.get(each)), each
    assert TOGETHER in text_of(Desk(tendering.host).get(f"/desk/tenders/{number}/"))
    assert TOGETHER in text_of(public.get(f"/tenders/{number}/hall/"))
    tendering.until("awarded")
    sequencer.sequence_all()
    for each in ("/", "/results/", f"/tenders/{number}/", f"/tenders/{number}/notice/"):
        assert TOGETHER in text_of(public.get(each)), each
    contract = text_of(Desk(member).get(f"/desk/tenders/{number}/contract.sign/"))
    assert f"{MEMBER}（联合体）" in contract
    outsider = cast.tenderer(BIDS[0][0])
    assert Desk(outsider).get(f"/desk/tenders/{number}/contract.sign/").status_code == 404


def test_the_same_bytes_by_another_firm_are_refused(tendering: Play, cast: Cast) -> None:
    lead, member = cast.tenderer(LEAD), cast.tenderer(MEMBER)
    made, content = joint.sealed(tendering.tender, lead, 62_000_00, ())
    joint.hand_in(tendering, lead, made, content)
    with pytest.raises(BadInput) as caught:
        joint.hand_in(tendering, member, made, content)
    assert caught.value.reasons[0].code == "bid.duplicate"


def test_a_rewrapped_copy_by_another_firm_does_not_open(tendering: Play, cast: Cast) -> None:
    lead, thief = cast.tenderer(LEAD), cast.tenderer(MEMBER)
    made, content = joint.sealed(tendering.tender, lead, 62_000_00, ())
    joint.hand_in(tendering, lead, made, content)
    copy = rewrapped(content, client="yiwang/9.9.9")
    joint.hand_in(tendering, thief, made, copy)
    tendering.submit_bids()
    tendering.close()
    tendering.open_bids()
    rows = {row["tenderer_name"]: row for row in tendering.tender.opening.record["bids"]}
    assert (rows[MEMBER]["fault"]["cause"], rows[MEMBER]["fault"]["whose"]) == ("context_differs", "tenderer")
    assert rows[LEAD]["fault"] is None
