"""Every kind of page in both languages: content policy, nothing inline, nothing from elsewhere, every label translated;
and no form is taken without its token."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.db import connection
from django.test import Client

from tests.browser.pages import PAGES, Page, addresses, url_of
from tests.site import expectations as expect
from tests.site.asking import filled, routes
from tests.site.html import CJK
from tests.site.html import Page as Html
from tests.site.people import clients

pytestmark = [pytest.mark.usefixtures("binhai"), pytest.mark.django_db]


@pytest.fixture(scope="module")
def people(binhai: Any) -> dict[str, Client]:
    """A browser for each person."""
    return clients()


@pytest.fixture(scope="module")
def places(binhai: Any) -> dict[str, str]:
    """What stands for each place in the path of a page."""
    return addresses()


@pytest.fixture(scope="module")
def data(binhai: Any) -> list[str]:
    """What the city's people wrote: names and titles stay as they are in whatever language; the longest first."""
    found: set[str] = set()
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT title FROM tenders_tender UNION SELECT name FROM parties_organisation UNION SELECT name FROM parties_person"
            " UNION SELECT title FROM tenders_document UNION SELECT filename FROM tenders_document UNION SELECT title FROM tenders_lot"
            " UNION SELECT text FROM remedies_objection UNION SELECT question FROM tenders_clarification"
            " UNION SELECT title FROM tenders_project UNION SELECT request FROM remedies_complaint"
            " UNION SELECT text FROM negotiations_sourceobjection UNION SELECT statement FROM negotiations_application"
        )
        found |= {row[0] for row in cursor.fetchall()}
    return sorted(filter(None, found), key=len, reverse=True)


def policy_of(response: Any) -> dict[str, list[str]]:
    """The content security policy: directive to sources."""
    header = response.headers.get("Content-Security-Policy", "")
    return {part.split()[0]: part.split()[1:] for part in header.split(";") if part.strip()}


def faults_of(response: Any, lang: str, data: list[str]) -> list[str]:
    """What is wrong with a page."""
    policy = policy_of(response)
    found = []
    if policy.get("default-src") != ["'none'"] or policy.get("script-src") != ["'self'"] or policy.get("style-src") != ["'self'"]:
        found.append(f"content policy {policy}")
    sources = {source for name, each in policy.items() for source in each if name != "connect-src"}
    if sources - {"'none'", "'self'", "data:"}:
        found.append(f"content policy lets in {sorted(sources)}")
    if response.headers.get("X-Content-Type-Options") != "nosniff" or response.headers.get("X-Frame-Options") != "DENY":
        found.append("headers")
    if "html" not in response.headers["Content-Type"]:
        return found
    page = Html(response.content.decode())
    found += page.faults
    if page.language != {"zh": "zh-Hans", "en": "en"}[lang] or response.headers["Content-Language"] != page.language:
        found.append(f"language is {page.language!r}")
    if len(page.headings) != 1 or not page.headings[0].strip():
        found.append(f"first headings: {page.headings}")
    if lang == "en":
        found += [f"not English: {words[:80]}" for words in page.words if CJK.search(_without(words, data))]
    return found


def _without(words: str, data: list[str]) -> str:
    for each in data:
        if not CJK.search(words):
            break
        words = words.replace(each, "")
        head = re.match(r"^.{6,}…$", words)
        if head and each.startswith(words[:-1]):  # a long title cut short
            words = ""
    return words


@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize("page", PAGES, ids=[page.name for page in PAGES])
def test_page(people: dict[str, Client], places: dict[str, str], data: list[str], page: Page, lang: str) -> None:
    url = url_of(page, places)
    response = people[page.person].get(url, headers={"Accept-Language": lang})
    samples = page.name == "catalogue"  # its names of firms and people are made up in Chinese
    faults = [each for each in faults_of(response, lang, data) if not (samples and each.startswith("not English"))]
    assert response.status_code == page.status
    assert faults == [], "\n".join(faults)


EXEMPT = {"ui/language", "ui/theme"}
"""They set a cookie of the display and nothing else; every public page holds their forms and stays cacheable."""


def test_no_form_is_taken_without_its_token(places: dict[str, str]) -> None:
    from yiwang.modules.evidence.models import Act, Notification
    from yiwang.modules.parties.models import Person

    def state() -> tuple[int, ...]:
        return Act.objects.count(), Notification.objects.exclude(read_at=None).count(), Person.objects.count()

    before, wrong = state(), []
    for who, client in clients(enforce_csrf_checks=True).items():
        for route, _ in routes():
            number = places["T1"]
            url = filled(route, number, "0" * 64).replace("<str:act>", "tender.terminate").replace("<act>", "tender.publish")
            url = re.sub(r"<int:\w+>", "0", re.sub(r"<uuid:\w+>", "0" * 8 + "-0000-0000-0000-" + "0" * 12, url))
            url = re.sub(r"<[\w:]*(procedure|rule|path|token)>", "x", url)
            status = client.post(url, {"q": "1"}).status_code
            allowed = {302} if route in EXEMPT else {401, 403, 404, 405} if route.startswith(("api/", "uploads/")) else {403}
            if route.startswith("log/"):
                allowed = {403, 405}  # files of the log are for GET and HEAD alone
            if not who and route == "api/v1/organisations":
                allowed = {400, 415, 422}  # anybody may register, with no session to misuse
            if status not in allowed:
                wrong.append(f"POST {url} by {who or 'anonymous'}: {status}")
    assert wrong == []
    assert state() == before


def test_every_act_page_posts_back_to_itself_and_refuses_strangers(people: dict[str, Client], places: dict[str, str]) -> None:
    number = places["T1"]
    for act in expect.ACTS:
        for who in ("xin", "ren"):
            assert people[who].post(f"/desk/tenders/{number}/{act}/", {"confirmed": "1"}).status_code == 404
