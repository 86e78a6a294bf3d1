"""Asks the site for addresses as each of the cast."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.http.response import HttpResponseBase
from django.test import Client
from django.urls import URLPattern, get_resolver


def routes(patterns: Any = None, before: str = "") -> Iterator[tuple[str, URLPattern]]:
    """Every address that the site's resolver knows."""
    for each in get_resolver().url_patterns if patterns is None else patterns:
        route = before + str(each.pattern)
        if isinstance(each, URLPattern):
            yield route, each
        else:
            yield from routes(each.url_patterns, route)


def filled(route: str, number: str, sha256: str) -> str:
    """The address of a tender's page."""
    for name, value in (("number", number), ("sha256", sha256)):
        route = route.replace(f"<str:{name}>", value).replace(f"<{name}>", value)
    return f"/{route}"


class Asked:
    """What was asked for, and what differed from its expectation."""

    def __init__(self, people: dict[str, Client]) -> None:
        self.people = people
        self.times = 0
        self.wrong: list[str] = []

    def ask(self, who: str, url: str, expected: int) -> HttpResponseBase:
        """Fetch an address as somebody."""
        answer = self.people[who].get(url)
        if answer.streaming:
            answer.start = b"".join(answer.streaming_content)[:4]
        self.times += 1
        if answer.status_code != expected:
            self.wrong.append(f"{who or 'anonymous'} {url}: {answer.status_code}, not {expected}")
        return answer

    def check(self) -> None:
        """Fail with everything that differed."""
        assert self.wrong == [], "\n".join(self.wrong)
