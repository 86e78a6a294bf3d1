"""Every kind of page, who looks at it, and where it is in the demo city: used by the tests of looks and by the pictures."""

from __future__ import annotations

import re
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer, make_server

from django.conf import settings
from django.db import connections
from django.test import Client

from tests.conftest import WHOLE
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


OF_OTHER_METHODS = """lot:L1:jia chain-second:N3:jia negotiation:N1:wu framework-open:R2:jia framework-order:R4:yi source:S2:yi
low-prices:G1:wu vote:V3:jia complaints:P1:geng"""
"""Desk pages of tenders of other methods: name, code of the demo city's tender, who looks."""
ACTS_OF_OTHER_METHODS = """tender.invite:I1:yi admission.decide:Q1:yi negotiation.talk:N1:wu negotiation.change:N1:wu
negotiation.settle:S3:jia source.publicise:S1:yi source.answer:S2:yi framework.choose:R3:yi framework.review:R2:jia
coefficient.commit:M1:center evaluation.ask_price:G1:wu evaluation.judge_price:G1:wu evaluation.explain_price:G1:bing
award.seat:V2:jia award.vote:V3:jia tender.resume:L2:geng complaint.decide:P1:geng"""
"""Pages of their acts where they wait: act, code, who."""
NOT_NOW = "framework.close:R2:jia"
"""Acts that say why not."""
PUBLIC_OF_OTHER_METHODS = "L2 N3 R1 R2 S2 V3 P1"
if WHOLE:  # pages that look like one of those above
    OF_OTHER_METHODS += """ chain-first:N2:jia negotiation-own:N1:bing framework:R1:jia source-settle:S3:jia coefficient:M1:center
    low-price-asked:G1:bing invited:I1:yi envelopes:B2:jia admitted:Q1:yi"""
    ACTS_OF_OTHER_METHODS += """ tender.invite:R4:yi draw.carry:N3:center negotiation.close:N1:wu source.object:S2:bing
    framework.apply:R2:bing complaint.accept:P1:geng complaint.return:P1:geng complaint.refuse:P1:geng complaint.resume:P1:geng
    complaint.withdraw:P1:ding"""
    NOT_NOW += " award.commit_lots:V3:jia complaint.suspend:P1:geng tender.resume:L2:jia"
    PUBLIC_OF_OTHER_METHODS += " L1 B1 S3"


def _of_other_methods() -> list[Page]:
    """Desks and acts of tenders by other methods."""
    found = [Page(f"desk-{name}", f"/desk/tenders/{{{code}}}/", who) for name, code, who in _three(OF_OTHER_METHODS)]
    for status, text in ((200, ACTS_OF_OTHER_METHODS), (409, NOT_NOW)):
        for act, code, who in _three(text):
            found.append(Page(f"act-{act}-{code}", f"/desk/tenders/{{{code}}}/{act}/", who, status, sealing=act in SEALING))
    return found


def _three(text: str) -> list[list[str]]:
    return [each.split(":") for each in text.split()]


ENTERED = """gov_negotiation gov_consultation gov_inquiry gov_single_source gov_framework_closed gov_framework_call
invited_tender prequalification two_envelope_first two_stage_first open_tender_works_separate""".split()
"""Procedures whose form to enter a tender differs."""
SEALING = {"bid.submit", "custody.provide_key", "opening.release_key", "opening.confirm", "evaluation.declare", "contract.sign", "coefficient.commit"}

PUBLIC = [
    Page("home", "/"),
    Page("tenders", "/tenders/"),
    Page("tenders-none", "/tenders/?q=zzzz"),
    Page("results", "/results/"),
    *(Page(f"tender-{code}", f"/tenders/{{{code}}}/") for code in "T1 T2 C1 O2 E1 V1 P2 W1 K1 A1 A6 F1 F2 X1 X2".split()),
    *(Page(f"tender-{code}", f"/tenders/{{{code}}}/") for code in PUBLIC_OF_OTHER_METHODS.split()),
    Page("project", "/projects/{project}/"),
    Page("opening", "/tenders/{O1}/opening/"),
    Page("hall", "/tenders/{O1}/hall/"),
    Page("notice", "/tenders/{W1}/notice/"),
    Page("joint", "/tenders/{T1}/joint/", "bing"),
    Page("chain", "/tenders/{A1}/evidence/"),
    Page("chain-blind", "/tenders/{T3}/evidence/"),
    Page("log", "/log/"),
    Page("about", "/log/about"),
    Page("witnesses", "/log/witnesses"),
    Page("seen-other", "/log/seen?size=7&root=0123456789abcdef"),
    Page("entry", "/evidence/{open}/"),
    Page("entry-blind", "/evidence/{blind}/"),
    Page("check", "/check/"),
    Page("help", "/help/"),
    Page("remedies", "/remedies/?track=construction&industry=water"),
    Page("remedies-all", "/remedies/"),
    Page("figures", "/figures/"),
    Page("items", "/items/"),
    Page("bans", "/bans/"),
    Page("programs", "/log/programs"),
    Page("tender-clock", "/tenders/{P2}/clock/"),
    Page("procedure-negotiation", "/law/procedures/gov_negotiation/"),
    Page("rehearsal", "/rehearsal/"),
    Page("trust", "/trust/"),
    Page("trust-answer", "/trust/answer/", "jia"),
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
    *(Page(f"enter-{name}", f"/desk/tenders/enter/?procedure={name}", "yi") for name in ENTERED),
    Page("review", "/desk/tenders/{D1}/review/", "jia"),
    Page("today", "/desk/today/", "yi"),
    Page("today-none", "/desk/today/", "ren"),
    Page("calendar-entries", "/desk/center/calendar/", "center"),
    Page("bans-desk", "/desk/bans/", "geng"),
    Page("figures-center", "/desk/figures/", "center"),
    Page("audit", "/desk/audit/", "geng"),
    *(Page(f"desk-tender-{code}", f"/desk/tenders/{{{code}}}/", "jia") for code in "D1 T3 C1 O2 E1 V1 P2 W1 A1 F2".split()),
    Page("desk-tender-bidder", "/desk/tenders/{T3}/", "bing"),
    Page("desk-tender-center", "/desk/tenders/{O2}/", "center"),
    Page("desk-tender-evaluator", "/desk/tenders/{E1}/", "wu"),
    Page("desk-tender-supervisor", "/desk/tenders/{E1}/", "geng"),
    *_act_pages(),
    *_of_other_methods(),
    Page("act-not-now", "/desk/tenders/{T1}/opening.open/", "jia", 409),
    Page("receipt", "/desk/receipts/{receipt}/", "bing"),
    Page("hall-console", "/desk/tenders/{O1}/hall/", "jia"),
    Page("notifications", "/desk/notifications/", "jia"),
    Page("keys", "/keys/", "bing", sealing=True),
    Page("certificates", "/account/certificates/", "bing"),
    Page("organisation", "/account/organisation/", "ren"),
    Page("own-bans", "/account/bans/", "bing"),
    Page("resets", "/account/resets/", "center"),
    Page("center", "/desk/center/", "center"),
    Page("supervision", "/desk/supervision/", "geng"),
    Page("lender", "/desk/awards/", "xin"),
    Page("custody", "/desk/custody/", "ji"),
]
PAGES = [*PUBLIC, *DESKS]


def addresses() -> dict[str, str]:
    """What stands for each ``{...}`` of a path in the city that is the default database now."""
    from yiwang.modules.bids import sealed
    from yiwang.modules.evidence.actors import SYSTEM
    from yiwang.modules.evidence.models import Act
    from yiwang.modules.tenders import selectors

    found = {each.source.partition(":")[2]: each.number for each in selectors.visible_to(SYSTEM)}
    found["project"], _, _ = found["L1"].rpartition("-")
    found["L1"], found["L2"] = f"{found['project']}-1", f"{found['project']}-2"
    blind = sealed.of_tender(selectors.tender(SYSTEM, found["T3"]))[0].act
    plain = Act.objects.get(act="award.notify", tender__number=found["A1"])
    own = Act.objects.filter(person__username="bing").order_by("pk").last()
    return {**found, "blind": str(blind.log_entry.index), "open": str(plain.log_entry.index), "receipt": str(own.pk)}


def url_of(page: Page, found: dict[str, Any]) -> str:
    """The page's address in the city."""
    return re.sub(r"\{(\w+)\}", lambda place: found[place[1]], page.path)


class Quiet(WSGIRequestHandler):
    """Says nothing of each request. Browsers open connections ahead and may never ask anything there."""

    timeout = 10.0

    def log_message(self, *args: Any) -> None:
        """Nothing."""


class Server(WSGIServer):
    """A few threads, as browsers ask for several files at once. Each keeps its connection to the database: one for each
    request would cost as much as many a page."""

    def __init__(self, *given: Any) -> None:
        super().__init__(*given)
        self._links: list[Any] = []
        self._threads = ThreadPoolExecutor(16, initializer=lambda: self._links.append(connections["default"]))

    def process_request(self, request: Any, client_address: Any) -> None:
        """Hand the request to a thread."""
        self._threads.submit(self._answer, request, client_address)

    def _answer(self, request: Any, client_address: Any) -> None:
        try:
            self.finish_request(request, client_address)
        except OSError:
            pass  # the browser went away, or asked nothing
        except Exception:
            self.handle_error(request, client_address)
        finally:
            self.shutdown_request(request)

    def server_close(self) -> None:
        """End the threads and their connections."""
        super().server_close()
        self._threads.shutdown()
        for link in self._links:
            link.inc_thread_sharing()  # closed by another thread than the one that opened it
            link.close()


@contextmanager
def serving() -> Iterator[str]:
    """The site on a port of its own for the length of a block; gives its address. It serves the default database."""
    from django.core.wsgi import get_wsgi_application

    server = make_server("127.0.0.1", 0, get_wsgi_application(), Server, Quiet)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


class Visitors:
    """The cast before one browser on a served city: a tab for each language and kind of profile, in which one after the other
    is signed in, since a profile of its own for everybody costs a process each. ``complaints``: what the browser did not like.
    """

    def __init__(self, browser: Any, address: str) -> None:
        self.browser, self.address = browser, address
        self.complaints: list[str] = []
        self._sessions: dict[str, str] = {}
        self._pages: dict[Any, Any] = {}
        self._signed_in: dict[Any, str] = {}

    def page(self, person: str, lang: str = "zh", *, width: int = 1440, height: int = 900, script: bool = True, **options: Any) -> Any:
        """The tab of this kind, with this person signed in; what another did there before is over."""
        key = (lang, script, *sorted(options.items()))
        if key not in self._pages:
            context = self.browser.new_context(
                base_url=self.address, locale={"zh": "zh-CN", "en": "en-GB"}[lang], java_script_enabled=script,
                viewport={"width": width, "height": height}, timezone_id="Asia/Shanghai", reduced_motion="reduce", **options,
            )  # fmt: skip
            made = context.new_page()
            made.set_default_timeout(60_000)
            made.on("pageerror", lambda error: self.complaints.append(str(error)))
            made.on("console", lambda line: self.complaints.append(line.text) if "Content Security" in line.text else None)
            made.on("request", lambda asked: None if asked.url.startswith((self.address, "data:")) else self._elsewhere(asked.url))
            self._pages[key] = made
        tab = self._pages[key]
        if self._signed_in.get(key) != person:
            tab.context.clear_cookies()
            if person:
                tab.context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": self._session(person), "url": self.address}])
            self._signed_in[key] = person
        tab.set_viewport_size({"width": width, "height": height})
        return tab

    def close(self) -> None:
        """Close all profiles."""
        for page in self._pages.values():
            page.context.close()

    def _elsewhere(self, url: str) -> None:
        if "/live/" not in url:  # live events come from the port beside this one
            self.complaints.append(f"asked another host: {url}")

    def _session(self, person: str) -> str:
        if person not in self._sessions:
            from yiwang.modules.parties import selectors

            client = Client()
            client.force_login(selectors.person_named(person))
            self._sessions[person] = client.cookies[settings.SESSION_COOKIE_NAME].value
        return self._sessions[person]
