"""Language and theme of a request."""

from __future__ import annotations

import asyncio

import pytest
from django.http import HttpRequest, HttpResponse
from django.test import AsyncRequestFactory, Client

from yiwang.kernel.text import Text, language
from yiwang.ui.language import LanguageMiddleware


@pytest.mark.parametrize(
    ("header", "expected"),
    [
        ("", "zh-Hans"),
        ("en-GB,en;q=0.9", "en"),
        ("fr,en;q=0.8,zh;q=0.9", "zh-Hans"),
        ("de", "zh-Hans"),
        ("en;q=0", "zh-Hans"),
        ("en;q=nonsense", "zh-Hans"),
    ],
)
def test_language_from_the_browser(header: str, expected: str) -> None:
    assert Client(headers={"accept-language": header}).get("/ui/").headers["Content-Language"] == expected


def test_language_link_wins_and_is_kept(client: Client) -> None:
    page = client.get("/ui/?lang=en")
    assert page.headers["Content-Language"] == "en" and page.cookies["lang"].value == "en"
    assert '<html lang="en"' in page.content.decode() and "设计系统" not in page.content.decode()
    assert client.get("/ui/").headers["Content-Language"] == "en"


def test_unknown_language_changes_nothing(client: Client) -> None:
    page = client.get("/ui/?lang=xx")
    assert page.headers["Content-Language"] == "zh-Hans" and "lang" not in page.cookies


def test_language_does_not_leak_into_the_next_request(client: Client) -> None:
    client.get("/ui/?lang=en")
    assert language.get() == "zh"


def test_set_language_by_form_goes_back(client: Client) -> None:
    answer = client.post("/ui/language", {"lang": "en", "next": "/ui/form/?a=1"})
    assert answer.status_code == 302 and answer.headers["Location"] == "/ui/form/?a=1"
    assert client.get("/ui/").headers["Content-Language"] == "en"
    assert client.get("/ui/language").status_code == 405


@pytest.mark.parametrize("target", ["https://evil.example/", "//evil.example", "javascript:alert(1)"])
def test_switches_never_lead_to_another_site(client: Client, target: str) -> None:
    assert client.post("/ui/language", {"lang": "en", "next": target}).headers["Location"] == "/"
    assert client.post("/ui/theme", {"theme": "dark", "next": target}).headers["Location"] == "/"


def test_theme_is_kept_and_written_on_the_page(client: Client) -> None:
    client.post("/ui/theme", {"theme": "dark", "next": "/ui/"})
    assert 'data-theme="dark"' in client.get("/ui/").content.decode()
    client.post("/ui/theme", {"theme": "<script>", "next": "/ui/"})
    assert 'data-theme="dark"' in client.get("/ui/").content.decode()


def test_hostile_theme_cookie_is_ignored(client: Client) -> None:
    client.cookies["theme"] = '"><script>'
    assert 'data-theme="auto"' in client.get("/ui/").content.decode()


def test_middleware_speaks_in_async_views_too() -> None:
    async def view(request: HttpRequest) -> HttpResponse:
        return HttpResponse(str(Text("甲", "A")))

    answer = asyncio.run(LanguageMiddleware(view)(AsyncRequestFactory().get("/?lang=en")))  # type: ignore[arg-type]
    assert answer.content == b"A" and answer.headers["Content-Language"] == "en"


def test_djangos_own_messages_follow(client: Client) -> None:
    from django.utils.translation import gettext

    from yiwang.ui.language import speaking

    with speaking("en"):
        assert gettext("Enter a whole number.") == "Enter a whole number."
    with speaking("zh"):
        assert gettext("Enter a whole number.") != "Enter a whole number."
