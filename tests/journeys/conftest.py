"""A stage with an accelerated clock, a cast, plays on them, programs at the API; files and log in the test's folder."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from tests.engaged import by_copy, engaged
from tests.witness.quorum import quorum  # noqa: F401  (a fixture)
from yiwang.demo.cast import Cast, Player
from yiwang.demo.play import Play, Script
from yiwang.demo.stage import Stage, local
from yiwang.kernel import moment
from yiwang.promises.plugin import pytest_runtest_logreport, pytest_runtest_setup  # noqa: F401  (keeps outcomes)

BIDS = [("城东市政工程公司", 80_000_00), ("江北建设集团", 70_000_00), ("海门路桥公司", 50_000_00), ("临港工程公司", 90_000_00)]


@pytest.fixture(autouse=True)
def folders(settings: Any, tmp_path: Path) -> None:
    """Log and files of this test alone."""
    settings.LOG_FOLDER = tmp_path / "log"
    settings.FILES_FOLDER = tmp_path / "files"


@pytest.fixture
def stage(transactional_db: None) -> Iterator[Stage]:
    """The accelerated clock; runs for the whole test."""
    clock = Stage(local(date(2026, 3, 2), 9))
    with moment.clock_at(clock):
        yield clock


@pytest.fixture
def cast(stage: Stage) -> Cast:
    """Everybody who plays."""
    return engaged()


@pytest.fixture
def play(cast: Cast, stage: Stage, request: pytest.FixtureRequest) -> Callable[..., Play]:
    """``play("publicity", category="goods")``: a tender played until a state."""
    through = by_copy(request)

    def played(state: str, **script: Any) -> Play:
        given = {"title": "城南污水管网改造工程", "ceiling": 100_000_00, "minimum": 60_000_00, "budget": 110_000_00,
                 "bids": BIDS, **script}  # fmt: skip
        return through(cast, stage, Script(**given), state)

    return played


class _Routes:
    """The API alone, at its address."""

    urlpatterns: list[Any] = []


@pytest.fixture(autouse=True)
def routes(settings: Any) -> None:
    """The API at /api/v1/, whatever else the site serves."""
    from django.urls import path

    from yiwang.api.api import urls

    _Routes.urlpatterns = _Routes.urlpatterns or [path("api/v1/", urls)]
    settings.ROOT_URLCONF = _Routes


class Program:
    """A program that speaks to the API for one person, and keeps that person's signing key to itself."""

    def __init__(self, player: Player | None) -> None:
        self.client, self.player = Client(), player
        if player is not None:
            self.client.force_login(player.person)

    def get(self, path: str, status: int = 200, **query: str) -> Any:
        """The JSON (or bytes) of a GET."""
        return self._read(self.client.get(f"/api/v1{path}", query), status)

    def post(self, path: str, body: Any = None, status: int = 201, key: str = "") -> Any:
        """The JSON of a POST."""
        headers = {"Idempotency-Key": key} if key else {}
        response = self.client.post(f"/api/v1{path}", body or {}, content_type="application/json", headers=headers)
        return self._read(response, status)

    def upload(self, content: bytes) -> str:
        """The token of an uploaded file."""
        file = SimpleUploadedFile("file", content)
        return str(self._read(self.client.post("/api/v1/files", {"file": file}), 201)["token"])

    def act(self, number: str, act: str, status: int = 201, **body: Any) -> Any:
        """Do an act on a tender."""
        return self.post(f"/tenders/{number}/acts/{act}", body, status)

    def sign(self, number: str, act: str, **body: Any) -> Any:
        """Fetch an act's statement, sign it, do the act."""
        assert self.player is not None
        given = {name: json.dumps(value) if isinstance(value, dict) else value for name, value in body.items()}
        said = self.post(f"/tenders/{number}/acts/{act}/statement", given, 200)
        return self.act(number, act, **body, **self.player.sign(said["kind"], said["content"]))

    def _read(self, response: Any, status: int) -> Any:
        content = b"".join(response.streaming_content) if response.streaming else response.content
        assert response.status_code == status, content.decode(errors="replace")
        return json.loads(content) if "json" in response["Content-Type"] else content


@pytest.fixture
def program() -> Callable[[Player | None], Program]:
    """``program(player)``, or ``program(None)`` for the public."""
    return Program
