"""What each address of the site answers to whom. A new address needs a line here, else test_every_url fails.

An answer is a status for everybody (``*``) with exceptions by person; ``""`` is somebody who has not signed in.
"""

from __future__ import annotations

from tests.site.people import CODES, Looked

Answer = dict[str, int]

EVERYBODY: Answer = {"*": 200}
SIGNED_IN: Answer = {"*": 200, "": 302}
API_MEMBERS: Answer = {"*": 200, "": 401}
ONLY_POST: Answer = {"*": 405}
NOWHERE: Answer = {"*": 404}


def only(*people: str) -> Answer:
    """A desk that exists for some people."""
    return {"*": 404, "": 302, **dict.fromkeys(people, 200)}


PLAIN: dict[str, Answer] = {
    "": EVERYBODY,
    "tenders/": EVERYBODY,
    "results/": EVERYBODY,
    "log/": EVERYBODY,
    "log/about": EVERYBODY,
    "log/witnesses": EVERYBODY,
    "log/programs": EVERYBODY,
    "log/seen": EVERYBODY,
    "log/seen/proof": NOWHERE,  # without a checkpoint to prove from
    "log/checkpoint": EVERYBODY,
    "log/vkeys": EVERYBODY,
    "log/handover.json": NOWHERE,  # the city's log keeps its keys
    "log/policy": EVERYBODY,
    "check/": EVERYBODY,
    "check/yiwang-check.html": EVERYBODY,
    "trust/": EVERYBODY,
    "trust/answer/": SIGNED_IN,
    "rehearsal/": EVERYBODY,
    "rehearsal/open": ONLY_POST,
    "help/": EVERYBODY,
    "hall/clock": EVERYBODY,
    "tour/": EVERYBODY,
    "tour/clock/": ONLY_POST,
    "law/": EVERYBODY,
    "law/calendar/": EVERYBODY,
    "robots.txt": EVERYBODY,
    "favicon.ico": {"*": 301},
    "health": EVERYBODY,
    "login/": {"*": 302, "": 200},
    "logout/": ONLY_POST,
    "register/": EVERYBODY,
    "login/passkey/": ONLY_POST,
    "keys/": SIGNED_IN,
    "account/": SIGNED_IN,
    "account/confirm/": SIGNED_IN,
    "account/totp/": SIGNED_IN,
    "account/password/": SIGNED_IN,
    "account/passkeys/": ONLY_POST,
    "account/passkeys/options/": ONLY_POST,
    "account/factors/remove/": ONLY_POST,
    "account/recovery-codes/": ONLY_POST,
    "account/sessions/end/": ONLY_POST,
    "account/members/": only("jia", "yi", "bing", "ding"),
    "account/members/link/": ONLY_POST,
    "account/organisation/": SIGNED_IN,
    "account/bans/": only("jia", "yi", "bing", "ding", "ji", "center", "geng", "xin"),
    "account/resets/": only("jia", "yi", "bing", "ding", "center"),
    "account/resets/object/": ONLY_POST,
    "account/certificates/": only("jia", "yi", "bing", "ding"),
    "account/certificates/factor/": only(),  # nobody of the city has a certificate
    "login/statement/": NOWHERE,
    "api/v1/me/members": ONLY_POST,
    "api/v1/me/members/remove": ONLY_POST,
    "api/v1/me/members/invite": ONLY_POST,
    "api/v1/me/organisation": ONLY_POST,
    "api/v1/me/organisation/leave": ONLY_POST,
    "api/v1/me/certificates": ONLY_POST,
    "api/v1/me/certificates/revoke": ONLY_POST,
    "api/v1/me/certificates/endorse": ONLY_POST,
    "api/v1/me/certificates/statement": {"*": 422, "": 401},  # of which purpose must be said
    "api/v1/resets": ONLY_POST,
    "api/v1/resets/agree": ONLY_POST,
    "api/v1/resets/object": ONLY_POST,
    "desk/": SIGNED_IN,
    "desk/custody/": SIGNED_IN,
    "desk/custody/drills/": only("ji", "center", "geng"),
    "desk/custody/drills/schedule/": only("center"),
    "desk/tenders/": SIGNED_IN,
    "desk/notifications/": SIGNED_IN,
    "desk/tenders/enter/": only("jia", "yi"),
    "desk/center/": only("center"),
    "desk/center/calendar/": only("center"),
    "desk/today/": SIGNED_IN,
    "calendar.ics": EVERYBODY,
    "api/v1/calendar": EVERYBODY,
    "api/v1/calendar/staffed": ONLY_POST,
    "api/v1/calendar/closed": ONLY_POST,
    "api/v1/calendar/withdrawn": ONLY_POST,
    "desk/supervision/": only("geng"),
    "desk/audit/": only("geng", "center"),
    "desk/awards/": only("xin"),
    "bans/": EVERYBODY,
    "remedies/": EVERYBODY,
    "figures/": EVERYBODY,
    "items/": EVERYBODY,
    "desk/bans/": only("geng"),
    "desk/figures/": only("center", "geng"),
    "api/v1/bans": EVERYBODY,
    "api/v1/bans/record": ONLY_POST,
    "api/v1/bans/lift": ONLY_POST,
    "api/v1/figures": EVERYBODY,
    "api/v1/items": EVERYBODY,
    "ui/": EVERYBODY,
    "ui/form/": EVERYBODY,
    "ui/desk/": EVERYBODY,
    "ui/live/": EVERYBODY,
    "ui/language": ONLY_POST,
    "ui/theme": ONLY_POST,
    "api/v1/": NOWHERE,
    "api/v1/openapi.json": EVERYBODY,
    "api/v1/tenders": EVERYBODY,
    "api/v1/rules": EVERYBODY,
    "api/v1/procedures": EVERYBODY,
    "api/v1/log/checkpoint": EVERYBODY,
    "api/v1/log/covers": EVERYBODY,
    "api/v1/log/vkeys": EVERYBODY,
    "api/v1/me": API_MEMBERS,
    "api/v1/me/keys": ONLY_POST,
    "api/v1/organisations": ONLY_POST,
    "api/v1/drills": API_MEMBERS,
    "api/v1/drills/challenge": ONLY_POST,
    "api/v1/drills/schedule": ONLY_POST,
    "api/v1/drills/keys": ONLY_POST,
    "api/v1/drills/releases": ONLY_POST,
    "api/v1/files": ONLY_POST,
}
"""Addresses without arguments."""

OPENED = ("O1", "O2", "E1", "E2", "V1", "P2", "P3", "W1", "W2", "K1", "A1", "F2")
"""Tenders whose bids were opened; F1 failed for want of bids, the terminated ones were never opened."""
AWARDED = ("W1", "W2", "K1", "A1")

ON_A_TENDER: dict[str, tuple[str, tuple[str, ...]]] = {
    "tenders/<str:number>/": ("public", ()),
    "tenders/<str:number>/evidence/": ("public", ()),
    "tenders/<str:number>/opening/": ("public", OPENED),
    "tenders/<str:number>/hall/": ("public", ()),
    "tenders/<str:number>/joint/": ("public", ()),
    "tenders/<str:number>/notice/": ("public", AWARDED),
    "tenders/<str:number>/dossier.zip": ("public", ()),
    "tenders/<str:number>/calendar.ics": ("public", ()),
    "tenders/<str:number>/clock/": ("reader", ()),
    "tenders/<str:number>/documents/<str:sha256>/": ("reader", ()),
    "desk/tenders/<str:number>/": ("desk", ()),
    "desk/tenders/<str:number>/documents/<str:sha256>/": ("desk", ()),
    "desk/tenders/<str:number>/hall/": ("host", ()),
    "desk/tenders/<str:number>/review/": ("reviewed", ()),
    "api/v1/tenders/<number>/review": ("reviewed by API", ()),
    "api/v1/tenders/<number>": ("reader", ()),
    "api/v1/tenders/<number>/steps": ("reader", ()),
    "api/v1/tenders/<number>/acts": ("reader", ()),
    "api/v1/tenders/<number>/documents/<sha256>": ("reader", ()),
    "api/v1/tenders/<number>/dossier": ("reader", ()),
}
"""Who may see it (``public``: what all may see; ``reader``: what this reader may see; ``desk``: that, signed in;
``host``: the host and the center, once the notice is out), and the tenders that have such a page; ``()``: all."""

INSIDERS = ("host", "custodian", "center")
"""Who knows of a tender before its notice is out."""


def of_tender(route: str, person: str, tender: Looked) -> int:
    """The expected status of one of :data:`ON_A_TENDER`."""
    kind, codes = ON_A_TENDER[route]
    if kind.startswith("reviewed"):
        if kind == "reviewed" and not person:
            return 302
        watches = person == "center" or (person == "geng" and tender.state != "draft")
        return 200 if watches or tender.has(person, "host") else 404
    if kind in ("desk", "host") and not person:
        return 302
    known = tender.state != "draft" or (kind in ("reader", "desk") and tender.has(person, *INSIDERS))
    if kind == "host":
        known = known and tender.has(person, "host", "center")
    there = (not codes or tender.code in codes) and ("sha256" not in route or bool(tender.document))
    return 200 if known and there else 404


LIVING = ("tendering", "closed", "opened", "evaluating", "evaluated", "admitted", "publicity", "awarded")

PUBLISHED = ("tendering", "closed", "opened", "evaluating", "evaluated", "publicity", "awarded")
DEALT_IN = (*PUBLISHED, "contracted", "archived", "failed", "terminated")
"""A complaint is decided though the tender has ended."""
"""States between the notice and the contract."""

ACTS: dict[str, tuple[tuple[str, ...], tuple[str, ...]]] = {
    "tender.attach_document": (("host",), ("draft",)),
    "custody.appoint": (("host",), ("draft",)),
    "custody.replace": (("host",), ("draft",)),
    "custody.provide_key": (("custodian",), ("draft",)),
    "custody.refuse": (("custodian",), ("draft", "tendering", "closed")),
    "tender.publish": (("host",), ("draft",)),
    "tender.terminate": (("buyer",), ("draft", "tendering", "closed", "opened", "evaluating", "evaluated", "publicity")),
    "tender.suspend": (("host", "supervisor"), LIVING),
    "tender.resume": (("host", "supervisor"), LIVING),
    "clarification.ask": (("tenderer",), ("tendering",)),
    "clarification.answer": (("host",), ("tendering",)),
    "objection.raise": (("tenderer",), ("tendering", "opened", "publicity")),
    "objection.answer": (("host",), ("tendering", "opened", "publicity")),
    "bid.submit": (("tenderer",), ("tendering",)),
    "bid.deliver": (("tenderer",), ("tendering", "closed")),
    "bid.withdraw": (("tenderer",), ("tendering",)),
    "opening.release_key": (("custodian",), ("closed",)),
    "opening.open": (("host", "center"), ("closed",)),
    "opening.confirm": (("host", "center", "bidder"), ("opened",)),
    "hall.advance": (("host", "center"), ("closed", "opened")),
    "hall.pause": (("host", "center"), ("closed", "opened")),
    "hall.resume": (("host", "center"), ("closed", "opened")),
    "hall.incident": (("host", "center"), ("closed", "opened")),
    "hall.postpone": (("host", "center"), ("closed",)),
    "hall.ask": (("bidder",), ("opened",)),
    "hall.answer": (("host", "center"), ("opened",)),
    "draw.freeze_list": (("center",), ("opened",)),
    "draw.commit": (("host", "center", "supervisor"), ("opened",)),
    "draw.reveal": (("host", "center", "supervisor"), ("opened",)),
    "draw.forfeit": (("host", "center", "supervisor"), ("opened",)),
    "draw.seat": (("center",), ("opened",)),
    "draw.decline": (("evaluator",), ("evaluating",)),
    "tender.invite": (("host",), ()),  # no tender of the city is by invitation or in rounds
    "admission.decide": (("host",), ()),
    "invitees.list": (("host",), ()),
    "invitees.commit": (("host", "center"), ()),
    "invitees.reveal": (("host", "center"), ()),
    "invitees.forfeit": (("host",), ()),
    "draw.carry": (("center",), ()),
    "evaluation.declare": (("evaluator",), ("evaluating",)),
    "evaluation.submit_sheet": (("evaluator",), ("evaluating",)),
    "evaluation.conclude": (("evaluator",), ("evaluating",)),
    "evaluation.sign_report": (("evaluator",), ("evaluating",)),
    "coefficient.commit": (("host", "center"), ("opened",)),
    "coefficient.reveal": (("host", "center"), ("opened",)),
    "coefficient.forfeit": (("host", "center", "supervisor"), ("opened",)),
    "evaluation.correct_sheet": (("evaluator",), ("evaluating",)),
    "evaluation.correct_price": (("evaluator",), ("evaluating",)),
    "evaluation.quantify": (("evaluator",), ("evaluating",)),
    "evaluation.vote_price": (("evaluator",), ("evaluating",)),
    "evaluation.confirm_price": (("corrected",), ("evaluating",)),
    "evaluation.ask_price": (("evaluator",), ("evaluating",)),
    "evaluation.explain_price": (("asked",), ("evaluating",)),
    "evaluation.judge_price": (("evaluator",), ("evaluating",)),
    "award.seat": (("buyer",), ("evaluated", "publicity")),
    "award.vote": (("award_member",), ("evaluated", "publicity")),
    "award.commit_lots": (("host", "center", "supervisor"), ("evaluated", "publicity")),
    "award.reveal_lots": (("host", "center", "supervisor"), ("evaluated", "publicity")),
    "award.forfeit_lots": (("host", "center", "supervisor"), ("evaluated", "publicity")),
    "candidates.publicise": (("host",), ("evaluated",)),
    "award.decide": (("buyer",), ("publicity",)),
    "award.notify": (("buyer",), ("publicity",)),
    "contract.sign": (("buyer", "supplier"), ("awarded",)),
    "contract.register": (("host",), ("awarded",)),
    "tender.archive": (("center",), ("contracted",)),
    "review.record": (("host",), ("draft",)),
    "review.justify": (("host",), ("draft",)),
    "draft.revise": (("host",), ("draft",)),
    "draft.drop_document": (("host",), ("draft",)),
    "negotiation.talk": (("evaluator",), ("evaluating",)),
    "negotiation.change": (("evaluator",), ("evaluating",)),
    "negotiation.close": (("evaluator",), ("evaluating",)),
    "negotiation.settle": (("host",), ("opened",)),
    "source.publicise": (("host",), ("draft",)),
    "source.object": (("tenderer",), ("draft",)),
    "source.answer": (("host",), ("draft",)),
    "objection.withdraw": (("objector",), ("tendering", "opened", "publicity")),
    "complaint.file": (("tenderer",), (*PUBLISHED, "contracted")),
    "complaint.correct": (("complainant",), DEALT_IN),
    "complaint.withdraw": (("complainant",), DEALT_IN),
    "complaint.return": (("supervisor",), DEALT_IN),
    "complaint.accept": (("supervisor",), DEALT_IN),
    "complaint.refuse": (("supervisor",), DEALT_IN),
    "complaint.suspend": (("supervisor",), PUBLISHED),
    "complaint.resume": (("supervisor",), DEALT_IN),
    "complaint.decide": (("supervisor",), DEALT_IN),
    "framework.choose": (("host",), ("draft",)),
    "framework.apply": (("tenderer",), ("tendering",)),
    "framework.review": (("host",), ("tendering",)),
    "framework.close": (("host",), ("tendering",)),
}
"""Each act's page: the parts that have it, and the states in which the act is possible at all. A page of somebody
else's act does not exist (404); an own act that is not possible now says why not (409)."""

ONLY_API = ("bid.commit",)
"""Acts without a page, done by the browser's programs through the API."""

NO_PAGE = (*ONLY_API,
           "opening.close", "tender.fail", "deadline.follow", "organisation.register", "person.bind_key", "member.appoint", "member.remove",
           "tender.enter", "audit.report", "client.publish", "log.rotate", "log.succeed", "log.begin",
           "drill.schedule", "drill.provide_key", "drill.release_key",
           "drill.report", "member.invite", "member.join", "member.leave", "certificate.bind", "certificate.revoke",
           "calendar.staff", "calendar.close", "calendar.withdraw",
           "certificate.endorse", "reset.ask", "reset.agree", "reset.object", "reset.carry_out", "party.ban", "party.lift_ban", "nothing.such")
"""Acts without a page of their own on a tender."""

WAITING: dict[str, str] = {
    "tender.attach_document": "D1:jia,yi D2:jia,yi",
    "custody.appoint": "D1:jia,yi D2:jia,yi",
    "custody.replace": "D2:jia,yi",
    "custody.provide_key": "D2:ji",
    "custody.refuse": "D2:ji T1:ji T2:ji T3:ji C1:ji",
    "tender.terminate": " ".join(f"{code}:jia" for code in "D1 D2 T1 T2 T3 C1 O1 O2 E1 E2 V1 P2 P3".split()),
    "tender.suspend": " ".join(f"{code}:jia,yi,geng" for code in "T1 T2 T3 C1 O1 O2 E1 E2 V1 P2 P3 W1 W2".split()),
    "clarification.ask": "T1:bing,ding T2:bing,ding T3:bing,ding",
    "clarification.answer": "T1:jia,yi T2:jia,yi T3:jia,yi",
    "objection.raise": " ".join(f"{code}:bing,ding" for code in "T1 T2 T3 O1 O2 P2 P3".split()),
    "objection.answer": "T3:jia,yi P2:jia,yi",
    "objection.withdraw": "T3:ding P2:ding",
    "complaint.file": " ".join(f"{code}:bing,ding" for code in "T1 T2 T3 C1 O1 O2 E1 E2 V1 P2 P3 W1 W2 K1".split()),
    "bid.submit": "T1:bing,ding T2:bing,ding T3:bing,ding",
    "bid.withdraw": "T3:bing,ding",
    "opening.release_key": "C1:ji",
    "opening.confirm": "O1:jia,yi,bing,ding,center O2:jia,bing,ding",
    "hall.advance": "C1:jia,yi,center O1:jia,yi,center O2:jia,yi,center",
    "hall.pause": "C1:jia,yi,center O1:jia,yi,center O2:jia,yi,center",
    "hall.incident": "C1:jia,yi,center O1:jia,yi,center O2:jia,yi,center",
    "hall.postpone": "C1:jia,yi,center",
    "hall.ask": "O1:bing,ding O2:bing,ding",
    "draw.freeze_list": "O2:center",
    "draw.decline": "E1:wu E2:wu",
    "evaluation.declare": "E1:wu E2:wu",
    "candidates.publicise": "V1:jia,yi",
    "award.decide": "P3:jia",
    "contract.sign": "W1:jia W2:bing",
    "tender.archive": "K1:center",
    "review.record": "D1:jia,yi D2:jia,yi",
    "draft.revise": "D1:jia,yi D2:jia,yi",
    "draft.drop_document": "D2:jia,yi",
}
"""In the demo city, on whose desk each act can be done at once: code:people. Everything else answers 409."""

SIGNED = {"opening.confirm": OPENED, "evaluation.declare": CODES, "contract.sign": AWARDED}
"""Acts whose statement the API gives to be signed, and the tenders in which there is something to sign already; those
of the sheet, the report and the notice depend on what is given or made first (tests/api)."""

OTHER_ROUTES = {
    "desk/calendar/<str:token>.ics",  # tests/desks/test_calendar
    "projects/<str:number>/",  # tests/desks/test_entry_procedures
    "invitation/<uuid:pk>/<str:token>/",
    "account/certificates/endorse/<int:pk>/",  # tests/parties/test_pages
    "account/certificates/statement/<str:purpose>/",
    "login/second/",
    "evidence/<int:index>/",
    "evidence/<int:index>/content.json",
    "evidence/<int:index>/proof",
    "tenders/<str:number>/hall/now/<str:lang>/",  # tests/desks/test_hall
    "uploads/<str:number>/",  # tests/site/test_uploads
    "uploads/<str:number>/<str:upload>/",
    "log/tile/<path:rest>",
    "log/ended/<str:name>/<path:rest>",
    "tenders/<str:number>/decisions/<str:sha256>/",  # tests/journeys/test_remedies
    "law/procedures/<str:procedure>/",
    "law/<str:rule>/",
    "api/v1/rules/<rule>",
    "api/v1/<path:path>",
    "api/v1/receipts/<act>",
    "api/v1/tenders/<number>/acts/<act>/statement",
    "api/v1/tenders/<number>/custody/challenge",  # tests/custody
    "desk/custody/challenge/<str:number>/",
    "desk/custody/drills/<int:number>/",
    "desk/custody/drills/<int:number>/challenge/",
    "desk/receipts/<int:pk>/",
    "desk/tenders/<str:number>/<str:act>/",
    "desk/tenders/<str:number>/bids/<uuid:bid>/documents/<str:sha256>/",
}
"""Addresses with a test of their own in test_every_url or test_act_pages."""


def of_act(act: str, person: str, tender: Looked) -> int:
    """The expected status of an act's page."""
    if not person:
        return 302
    roles, _ = ACTS.get(act, ((), ()))
    if not tender.has(person, *roles) or (tender.state == "draft" and not tender.has(person, *INSIDERS)):
        return 404
    return 200 if f"{tender.code}:{person}" in waiting(act) else 409


def waiting(act: str) -> set[str]:
    """``code:person`` for each page on which the act can be done."""
    found = set()
    for group in WAITING.get(act, "").split():
        code, _, people = group.partition(":")
        found |= {f"{code}:{person}" for person in people.split(",")}
    return found
