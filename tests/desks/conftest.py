"""The cast at the desks: everybody signs in with Django's test client, on a clock that the test moves."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from datetime import date
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest
from django.core.cache import cache
from django.test import Client

from tests.engaged import by_copy, engaged
from yiwang.demo.cast import Cast, Player
from yiwang.demo.play import Play, Script
from yiwang.demo.stage import Stage, local
from yiwang.kernel import moment
from yiwang.modules.evidence import sequencer
from yiwang.tlog.checkpoint import Checkpoint, sign_checkpoint

FIRMS = [("海天建设有限公司", 83_400_00), ("宏远市政工程有限公司", 79_900_00), ("临江路桥有限公司", 91_250_00)]


@pytest.fixture
def stage(db: None, settings: Any, tmp_path: Any) -> Iterator[Stage]:
    """A Monday morning in March; files and log in a folder of their own."""
    settings.LOG_FOLDER, settings.FILES_FOLDER = tmp_path / "log", tmp_path / "files"
    cache.clear()
    made = Stage(local(date(2026, 3, 2), 9))
    with moment.clock_at(made):
        yield made


@pytest.fixture
def cast(stage: Stage) -> Cast:
    """The standing cast of nine and their colleagues."""
    return engaged()


@pytest.fixture
def play(cast: Cast, stage: Stage, request: pytest.FixtureRequest) -> Callable[..., Play]:
    """``play("opened")``: a tender played until a state."""
    through = by_copy(request)

    def made(state: str = "", **changes: Any) -> Play:
        script = Script(**{"title": "城南污水管网改造工程（二期）", "ceiling": 100_000_00, "minimum": 60_000_00,
                           "budget": 110_000_00, "bids": FIRMS, **changes})  # fmt: skip
        played = through(cast, stage, script, state) if state else Play(cast, stage, script)
        sequencer.sequence_all()
        return played

    return made


Grow = Callable[..., bytes]


@pytest.fixture
def grow(settings: Any, tmp_path: Path) -> Iterator[Grow]:
    """``grow(5, 300)``: the log's files grow to these sizes; a checkpoint of the last one is published, unless told
    otherwise. The database knows nothing of it."""
    settings.LOG_FOLDER, settings.WITNESS_POLICY = tmp_path / "log", None

    def to(*sizes: int, publish: bool = True) -> bytes:
        log = sequencer.the_log()
        for size in sizes:
            log.tiles.append([f"entry {index}".encode() for index in range(log.tiles.size, size)])
        note = sign_checkpoint(Checkpoint(log.origin, log.tiles.size, log.tiles.root()), log.keys)
        if publish:
            log.tiles.publish(note)
        return note

    yield to
    sequencer.forget()


class Desk:
    """A person at the own desk: pages and posts, signatures made with the own key as the browser would."""

    def __init__(self, player: Player) -> None:
        self.player, self.client = player, Client()
        self.client.force_login(player.person)

    def get(self, url: str, **data: Any) -> Any:
        """A page."""
        return self.client.get(url, data)

    def post(self, url: str, **data: Any) -> Any:
        """Send a form."""
        return self.client.post(url, data)

    def act(self, number: str, act: str, **data: Any) -> Any:
        """Open an act's screen, send its form with what it already holds changed by ``data``, sign when asked to."""
        url = f"/desk/tenders/{number}/{act}/"
        page = self.get(url)
        assert page.status_code == 200, text_of(page)
        fields = {**fields_of(page), **data}
        if "data-sign-kind" not in text_of(page):
            page = self.post(url, **fields)
            fields = fields_of(page) if page.status_code == 200 else {}
        if page.status_code == 200 and "data-sign-kind" in text_of(page):
            fields |= self.player.sign(*signed_of(page))
            page = self.post(url, **fields)
        elif page.status_code == 200 and "confirmed" in text_of(page):
            page = self.post(url, **fields, confirmed="1")
        sequencer.sequence_all()
        return page


@pytest.fixture
def desk() -> Callable[[Player], Desk]:
    """``desk(cast.buyer)``: that person, signed in."""
    return Desk


def text_of(page: Any) -> str:
    """A page's HTML."""
    return str(page.content.decode())


class _Form(HTMLParser):
    """What the page's first large form would send: values of inputs, chosen options, text areas."""

    def __init__(self) -> None:
        super().__init__()
        self.fields: dict[str, Any] = {}
        self.sign: dict[str, str] = {}
        self._inside, self._area, self._select, self._main = False, "", "", False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        found = {name: value or "" for name, value in attrs}
        if tag == "main":
            self._main = True
        if tag == "form" and self._main and not self.fields:
            self._inside = True
            self.sign = {name: value for name, value in found.items() if name.startswith("data-sign")}
        if not self._inside:
            return
        name, kind = found.get("name", ""), found.get("type", "text")
        if tag == "input" and name and (kind not in ("radio", "checkbox", "file", "submit") or "checked" in found):
            self._add(name, found.get("value", ""), several=kind == "checkbox")
        elif tag == "textarea":
            self._area, self.fields[name] = name, ""
        elif tag == "select":
            self._select = name
        elif tag == "option" and self._select and ("selected" in found or self._select not in self.fields):
            self.fields[self._select] = found.get("value", "")

    def _add(self, name: str, value: str, *, several: bool) -> None:
        earlier = self.fields.get(name)
        if earlier is None:
            self.fields[name] = [value] if several else value
        else:
            self.fields[name] = [*(earlier if isinstance(earlier, list) else [earlier]), value]

    def handle_data(self, data: str) -> None:
        if self._area:
            self.fields[self._area] += data.lstrip("\n") if not self.fields[self._area] else data

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self._inside = False
        elif tag == "textarea":
            self._area = ""
        elif tag == "select":
            self._select = ""


def _parsed(page: Any) -> _Form:
    reader = _Form()
    reader.feed(text_of(page))
    return reader


def fields_of(page: Any) -> dict[str, Any]:
    """The values that the form of a page would send unchanged."""
    return {name: value for name, value in _parsed(page).fields.items() if name != "csrfmiddlewaretoken"}


def signed_of(page: Any) -> tuple[str, Any]:
    """Kind and content of the statement that a review page asks to sign."""
    sign = _parsed(page).sign
    return sign["data-sign-kind"], json.loads(sign["data-sign-content"])
