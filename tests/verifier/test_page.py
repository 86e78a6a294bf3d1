"""The report as one HTML file: nothing is loaded, nothing of the dossier becomes markup, both languages are whole."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from html.parser import HTMLParser
from pathlib import Path

import pytest

from yiwang.kernel import publicity
from yiwang.kernel.canonical import canonical
from yiwang.verifier import verify
from yiwang.verifier.command import main
from yiwang.verifier.page import page
from yiwang.verifier.safe import visible
from yiwang.verifier.words import ACTS, ROLES

from .conftest import Played
from .test_fuzz import Sound, judged, mended, place, sound  # noqa: F401  (fixtures)

pytestmark = pytest.mark.django_db
AT = datetime(2026, 11, 24, 8, tzinfo=UTC)
LOADS = {"src", "href", "srcset", "action", "data", "poster", "style", "background"}


class Reader(HTMLParser):
    """What elements and attributes a page has, and its text by language."""

    def __init__(self, made: str) -> None:
        super().__init__()
        self.tags: set[str] = set()
        self.attributes: set[str] = set()
        self.text = {"zh": "", "en": "", "": ""}
        self._stack: list[tuple[str, str]] = []
        self.feed(made)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        self.attributes |= {name for name, _ in attrs}
        language = dict(attrs).get("lang")
        if tag not in ("meta", "input", "br"):
            self._stack.append(
                (tag, language if language in ("zh", "en") else self._stack[-1][1] if self._stack else "")
            )

    def handle_endtag(self, tag: str) -> None:
        assert self._stack.pop()[0] == tag, "elements are nested as they are closed"

    def handle_data(self, data: str) -> None:
        self.text[self._stack[-1][1] if self._stack else ""] += data


def made(played: Played, name: str) -> str:
    return page(verify(played.folder / f"{name}.zip"), file=f"{name}.zip", sha256="ab" * 32, at=AT)


@pytest.mark.parametrize("name", ["tendering", "archived", "scored", "failed", "eventful", "witnessed"])
def test_one_file_that_loads_nothing(played: Played, name: str) -> None:
    text = made(played, name)
    found = Reader(text)
    assert not found.attributes & LOADS and not found.tags & {"script", "img", "link", "iframe", "form", "object"}
    assert "url(" not in text and "@import" not in text and "default-src 'none'" in text
    assert all(not attribute.startswith("on") for attribute in found.attributes)


def test_it_says_all_that_the_report_says(played: Played) -> None:
    report = verify(played.folder / "witnessed.zip")
    found = Reader(page(report, file="witnessed.zip", sha256="ab" * 32, at=AT)).text
    for line in report.lines:
        for text in (line.title, line.basis, *line.details):
            assert visible(text.zh) in found["zh"] + found[""] and visible(text.en) in found["en"] + found[""]
    for text in (*report.trust, report.verdict):
        assert text.zh in found["zh"] and text.en in found["en"]
    for event in report.timeline:
        assert event.name.zh in found["zh"] and f"#{event.index}" in found[""] and visible(event.who) in found[""]
    assert "2026年11月24日（周二）16:00:00" in found["zh"] and "24 Nov 2026, 16:00:00" in found["en"]
    for witness in report.json()["policy"]["witnesses"]:
        assert witness["name"] in found[""]


def test_faults_come_first(played: Played, tmp_path: Path) -> None:
    broken = tmp_path / "broken.zip"
    broken.write_bytes(played.at("archived").read_bytes() + b"!")
    text = page(verify(broken), file="broken.zip", sha256="", at=AT)
    assert text.index("不符之处") < text.index("SHA-256") and "核验不通过" in text and "中标结果" not in text


def test_a_hostile_dossier_stays_text(sound: Sound, place: Path) -> None:  # noqa: F811
    rows = json.loads(sound["acts.json"])
    bad = "<script>alert(1)</script>\" onload=x '\u202e\x1b[31m&lt;"
    for row in rows:
        public = row.get("act", {}).get("public", {})
        if "title" in public:
            public["title"] = bad
        if row.get("act", {}).get("act") == "organisation.register":
            public["name"] = bad
        if "document" in public:
            public["document"]["title"] = bad
    report = judged(mended({**sound, "acts.json": canonical(rows)}), place)
    assert not report.ok
    text = page(report, file=bad, sha256="", at=AT)
    found = Reader(text)
    assert "script" not in found.tags and not any(name.startswith("on") for name in found.attributes)
    assert "\u202e" not in text and "\x1b" not in text and "\\u{202e}" in text and "\\u{1b}" in text
    assert "\x1b" not in report.plain() and "\\u{1b}" in report.plain()


def test_on_the_command_line(played: Played, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    out = tmp_path / "report.html"
    path = str(played.at("archived"))
    assert main([path, "--html", str(out), "--lang", "en"]) == 0
    text = out.read_text("utf-8")
    assert '<html lang="en">' in text and 'id="en" aria-label="English" checked' in text
    assert main([path, "--html", str(out), "--lang", "zh", "--json"]) == 0
    value = json.loads(capsys.readouterr().out.splitlines()[-1])["dossiers"][0]
    assert '<html lang="zh-CN">' in out.read_text("utf-8")
    assert {"policy", "checkpoint", "timeline"} <= value.keys() and value["timeline"][0]["act"] == "tender.enter"
    assert main([path, path, "--html", str(out)]) == 2
    assert main([path, "--html", str(tmp_path / "nowhere" / "report.html")]) == 2
    assert main([str(tmp_path / "absent.zip"), "--html", str(out)]) == 2


def test_the_centers_own_words() -> None:
    """The verifier may not import the transition tables; it calls acts and roles as they do."""
    from yiwang.modules.evidence import actors, registry

    names = {row.act: row.name for row in registry.rows()}
    assert {act: names[act] for act in ACTS} == ACTS
    public = {act for act in publicity.all_acts() if act != "clarification.ask"}
    assert public <= ACTS.keys(), "every act that the law makes public has a name here"
    assert {code: actors.ROLES[code].name for code in ROLES} == ROLES
