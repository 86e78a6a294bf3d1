"""Every kind of page, who looks at it, and where it is in the demo city: used by the tests of looks and by the pictures."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

from tests.site.expectations import WAITING


@dataclass(frozen=True)
class Page:
    """A kind of page.

    Attributes:
        name: of the kind.
        path: with ``{T1}`` for the number of the demo city's tender of that code, ``{open}`` and ``{blind}`` for log
            indexes, ``{receipt}`` for the reader's newest act.
        person: who looks at it; '' has not signed in.
        status: what it answers.
        sealing: it needs JavaScript, since it signs or seals on the reader's own device.
    """

    name: str
    path: str
    person: str = ""
    status: int = 200
    sealing: bool = False


def _act_pages() -> list[Page]:
    """The page of each act, on the first desk on which it waits."""
    found = []
    for act, where in WAITING.items():
        code, _, people = where.split()[0].partition(":")
        person = people.split(",")[0]
        found.append(Page(f"act-{act}", f"/desk/tenders/{{{code}}}/{act}/", person, sealing=act in SEALING))
    return found


SEALING = {"bid.submit", "custody.provide_key", "opening.release_key", "opening.confirm", "evaluation.declare", "contract.sign"}

PUBLIC = [
    Page("home", "/"),
    Page("tenders", "/tenders/"),
    Page("tenders-none", "/tenders/?q=zzzz"),
    Page("results", "/results/"),
    *(Page(f"tender-{code}", f"/tenders/{{{code}}}/") for code in "T1 T2 C1 O2 E1 V1 P2 W1 K1 A1 A6 F1 F2 X1 X2".split()),
    Page("opening", "/tenders/{O1}/opening/"),
    Page("notice", "/tenders/{W1}/notice/"),
    Page("chain", "/tenders/{A1}/evidence/"),
    Page("chain-blind", "/tenders/{T3}/evidence/"),
    Page("log", "/log/"),
    Page("entry", "/evidence/{open}/"),
    Page("entry-blind", "/evidence/{blind}/"),
    Page("check", "/check/"),
    Page("help", "/help/"),
    Page("tour", "/tour/"),
    Page("law", "/law/"),
    Page("calendar", "/law/calendar/"),
    Page("procedure", "/law/procedures/open_tender_works/"),
    Page("rule", "/law/KY-01/"),
    Page("login", "/login/"),
    Page("register", "/register/"),
    Page("not-found", "/nowhere/", status=404),
    Page("catalogue", "/ui/"),
]

DESKS = [
    *(Page(f"desk-{who}", "/desk/", who) for who in "jia yi bing wu ji center geng xin ren".split()),
    Page("my-tenders", "/desk/tenders/", "jia"),
    Page("enter", "/desk/tenders/enter/", "jia"),
    Page("enter-works", "/desk/tenders/enter/?procedure=open_tender_works&formula=comprehensive_score", "yi"),
    *(Page(f"desk-tender-{code}", f"/desk/tenders/{{{code}}}/", "jia") for code in "D1 T3 C1 O2 E1 V1 P2 W1 A1 F2".split()),
    Page("desk-tender-bidder", "/desk/tenders/{T3}/", "bing"),
    Page("desk-tender-center", "/desk/tenders/{O2}/", "center"),
    Page("desk-tender-evaluator", "/desk/tenders/{E1}/", "wu"),
    Page("desk-tender-supervisor", "/desk/tenders/{E1}/", "geng"),
    *_act_pages(),
    Page("act-not-now", "/desk/tenders/{T1}/opening.open/", "jia", 409),
    Page("receipt", "/desk/receipts/{receipt}/", "bing"),
    Page("notifications", "/desk/notifications/", "jia"),
    Page("keys", "/keys/", "bing", sealing=True),
    Page("center", "/desk/center/", "center"),
    Page("supervision", "/desk/supervision/", "geng"),
    Page("lender", "/desk/awards/", "xin"),
    Page("custody", "/desk/custody/", "ji"),
]
PAGES = [*PUBLIC, *DESKS]


def addresses() -> dict[str, str]:
    """What stands for each ``{...}`` of a path in the city that is the default database now."""
    from yiwang.modules.bids.models import Bid
    from yiwang.modules.evidence.actors import SYSTEM
    from yiwang.modules.evidence.models import Act
    from yiwang.modules.tenders import selectors

    found = {each.source.partition(":")[2]: each.number for each in selectors.visible_to(SYSTEM)}
    blind = Bid.objects.filter(tender__number=found["T3"]).first().act
    plain = Act.objects.get(act="award.notify", tender__number=found["A1"])
    own = Act.objects.filter(person__username="bing").order_by("pk").last()
    return {**found, "blind": str(blind.log_entry.index), "open": str(plain.log_entry.index), "receipt": str(own.pk)}


def url_of(page: Page, found: dict[str, Any]) -> str:
    """The page's address in the city."""
    return re.sub(r"\{(\w+)\}", lambda place: found[place[1]], page.path)
