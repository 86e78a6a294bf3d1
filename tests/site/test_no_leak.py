"""Before the opening nothing that anybody can fetch tells whether anybody bids, let alone what."""

from __future__ import annotations

import base64
from collections.abc import Callable
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from django.test import Client

from tests.desks.conftest import cast, play, stage  # noqa: F401  (fixtures)
from tests.site.watched import addresses, answer
from tests.site.worlds import differences, imagined, seen, watchers  # noqa: F401
from yiwang.modules.bids import acts as bids
from yiwang.modules.bids import uploads
from yiwang.modules.evidence import sequencer
from yiwang.modules.tenders import acts as tenders
from yiwang.seal import envelope
from yiwang.seal.manifest import Context, Custodians
from yiwang.seal.payload import SealFile

pytestmark = pytest.mark.django_db

BIDDERS = ["海天建设有限公司", "宏远市政工程有限公司", "临江路桥有限公司", "北湾建工集团有限公司", "南屏水务工程有限公司"]


@pytest.fixture
def two(play: Callable[..., Any], cast: Any) -> tuple[Any, Any]:  # noqa: F811
    """Two tenders that take bids; the firms are registered, nobody has bid yet."""
    for firm in BIDDERS:
        cast.tenderer(firm)
    made = [play(title=title, bids=[(firm, 80_000_00) for firm in BIDDERS]) for title in ("城南污水管网改造工程", "城北污水管网改造工程")]
    for each in made:
        each.enter()
        each.prepare()
    for each in made:
        each.publish()
    sequencer.sequence_all()
    return made[0], made[1]


def test_a_question_shows_to_the_host_alone_and_without_who_asked(
    two: tuple[Any, Any], watchers: dict[str, Client], settings: Any, tmp_path: Path, cast: Any  # noqa: F811
) -> None:
    looked, beside = two
    views = []
    for number, asked in enumerate((beside, looked)):
        with imagined(settings, tmp_path / f"imagined-{number}"):
            actor = cast.tenderer(BIDDERS[0]).actor
            tenders.ask(actor=actor, tender=asked.number, question="图纸第三页的标高以哪一处为准？")
            sequencer.sequence_all()
            few = ("public", "buyer", "agency", "supervisor", "other tenderer")
            views.append(seen({name: watchers[name] for name in few}, looked.tender))
    told = ("buyer ", "agency ")
    found = [each for each in differences(*views) if not each.startswith(told)]
    assert found == [], "\n".join(found)
    assert {each.split()[0] for each in differences(*views)} == {"buyer", "agency"}
    for_hosts = {key: body.decode(errors="replace") for key, (_, _, body) in views[1].items() if key[0] in ("buyer", "agency")}
    assert any("图纸第三页的标高" in text for text in for_hosts.values())
    assert [key for key, text in for_hosts.items() if BIDDERS[0] in text] == []


def token_of(firm: str) -> str:
    """A word that stands nowhere but in this firm's bid."""
    return f"canary-{BIDDERS.index(firm)}-" + "qzj7x" * 4


def seal_with_token(play: Any, firm: str) -> None:  # noqa: F811
    """Submit a bid whose answers, document name and document text hold the firm's token."""
    bidder, out = play.cast.tenderer(firm), BytesIO()
    tender, token = play.tender, token_of(firm)
    bid = envelope.Bid(Context(tender.number, "1"), bidder.actor.organisation.uscc, 81_000_00, {"note": f"{token}-answer"})
    letter = SealFile(f"{token}-name.txt", "text/plain", f"投标函\n{token}-letter\n".encode())
    sealed = envelope.seal(bid, [letter], Custodians(tuple(tender.custody), tender.custody_threshold), bidder.key, out)
    stored = uploads.keep([out.getvalue()], bidder.actor, tender.number)
    bids.submit(actor=bidder.actor, tender=tender.number, content=stored, manifest_sha256=sealed.manifest_sha256)


def spellings(token: str) -> list[bytes]:
    """A token as it may lie in bytes: itself, in hexadecimal, in base64 at each of the three offsets."""
    raw = token.encode()
    coded = [base64.b64encode(b" " * shift + raw)[4 if shift else 0 : -4] for shift in range(3)]
    return [raw, raw.hex().encode(), raw.hex().upper().encode(), *coded]


def in_database() -> dict[str, bytes]:
    """Every row of every table as text."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT schemaname, tablename FROM pg_tables WHERE schemaname NOT IN ('pg_catalog', 'information_schema')")
        tables = cursor.fetchall()
        found = {}
        for schema, table in tables:
            cursor.execute(f'SELECT coalesce(string_agg(t::text, chr(10)), \'\') FROM "{schema}"."{table}" t')
            found[f"table {table}"] = cursor.fetchone()[0].encode()
    return found


def in_folders(*folders: Any) -> dict[str, bytes]:
    """Every file below some folders."""
    return {f"file {path}": path.read_bytes() for folder in folders for path in Path(folder).rglob("*") if path.is_file()}


def holding(places: dict[str, bytes], firms: list[str]) -> list[str]:
    """The places that hold the token of one of these firms."""
    wanted = [spelling for firm in firms for spelling in spellings(token_of(firm))]
    return [place for place, content in places.items() if any(spelling in content for spelling in wanted)]


def in_answers(clients: dict[str, Client], tender: Any) -> dict[str, bytes]:
    """What everybody, the bidders included, can fetch."""
    urls = list(addresses(tender.number, tender.documents.first().sha256, ()))
    return {f"{who} {url}": answer(client, url)[2] for who, client in clients.items() for url in urls}


def test_the_canary_in_each_bid_is_nowhere_before_the_opening_and_where_it_should_be_after(
    two: tuple[Any, Any], watchers: dict[str, Client], settings: Any, cast: Any, caplog: Any, capfd: Any  # noqa: F811
) -> None:
    caplog.set_level("DEBUG")
    looked = two[0]
    clients = {name: watchers[name] for name in ("public", "buyer", "center", "supervisor", "custodian")}
    for firm in BIDDERS:
        seal_with_token(looked, firm)
    for firm in BIDDERS[:2]:
        clients[firm] = Client()
        clients[firm].force_login(cast.tenderer(firm).person)
    sequencer.sequence_all()
    for moment in ("while bids are taken", "after the closing"):
        places = {**in_answers(clients, looked.tender), **in_database(), **in_folders(Path(settings.LOG_FOLDER).parent)}
        assert len(places) > 500
        out, err = capfd.readouterr()
        places |= {"log output": caplog.text.encode(), "standard output": out.encode(), "standard error": err.encode()}
        assert holding(places, BIDDERS) == [], moment
        if moment == "while bids are taken":
            looked.close()
            sequencer.sequence_all()
    looked.open_bids()
    sequencer.sequence_all()
    for firm in BIDDERS:
        assert "table bids_bid" in holding(in_database(), [firm]), "the opened manifest stands in the bids"
        assert len(holding(in_folders(settings.FILES_FOLDER), [firm])) == 1, "the opened letter lies in the store"
    public = in_answers({"public": Client(), "supervisor": clients["supervisor"]}, looked.tender)
    letters = [place for place, content in public.items() if b"-letter" in content]
    assert letters == [], "what a bid says beyond the opening record is the committee's alone"
