"""Resumable uploads: the tus protocol, what it refuses, and that nobody but its tenderer learns of an upload."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Callable
from datetime import timedelta
from io import BytesIO
from typing import Any

import pytest
from django.test import Client

from tests.desks.conftest import cast, play, stage  # noqa: F401  (fixtures)
from tests.door.spoiled import spoil
from yiwang.demo.play import sealed_bid
from yiwang.kernel.moment import now
from yiwang.modules.bids import acts as bids
from yiwang.modules.bids import cover, selectors, uploads
from yiwang.modules.evidence import audit, files, sequencer, vault
from yiwang.modules.tenders import acts as tenders
from yiwang.seal.manifest import CLIENT

pytestmark = pytest.mark.django_db
FIRM, RIVAL = "海天建设有限公司", "宏远市政工程有限公司"


class Tus:
    """A tus client of one person for one tender."""

    def __init__(self, player: Any, number: str) -> None:
        self.client, self.place = Client(), f"/uploads/{number}/"
        if player is not None:
            self.client.force_login(player.person)

    def ask(self, method: str, url: str, body: bytes = b"", **headers: Any) -> Any:
        """A request; ``Upload_Offset=3`` is the header Upload-Offset."""
        given = {"Tus-Resumable": "1.0.0", **{name.replace("_", "-"): str(each) for name, each in headers.items()}}
        kind = given.pop("Content-Type", "application/offset+octet-stream" if body or method == "PATCH" else "")
        return self.client.generic(method, url, body, content_type=kind, headers=given)

    def begin(self, content: bytes, **changes: Any) -> Any:
        """POST: announce a file."""
        sha256 = changes.pop("sha256", hashlib.sha256(content).hexdigest())
        given = {"Upload_Length": len(content), "Upload_Metadata": "sha256 " + base64.b64encode(sha256.encode()).decode()}
        return self.ask("POST", self.place, changes.pop("body", b""), **{**given, **changes})

    def patch(self, url: str, offset: int, piece: bytes, **headers: Any) -> Any:
        """PATCH: some bytes."""
        return self.ask("PATCH", url, piece, Upload_Offset=offset, **headers)

    def offset(self, url: str) -> int:
        """HEAD: how far it is."""
        return int(self.ask("HEAD", url)["Upload-Offset"])

    def whole(self, content: bytes, piece: int = 5_000) -> Any:
        """Begin and send all, piece by piece; the last answer."""
        url = self.begin(content)["Location"]
        for at in range(0, len(content), piece):
            got = self.patch(url, at, content[at : at + piece])
            assert got.status_code == 204, got.content
        return got


@pytest.fixture
def life(play: Callable[..., Any]) -> Any:  # noqa: F811
    """A tender that takes bids."""
    return play("tendering", bids=[])


@pytest.fixture
def firm(cast: Any) -> Any:  # noqa: F811
    """A tenderer."""
    return cast.tenderer(FIRM)


@pytest.fixture
def tus(life: Any, firm: Any) -> Tus:
    """The tenderer's client."""
    return Tus(firm, life.number)


def sealed(life: Any, player: Any) -> tuple[Any, bytes]:
    """A sealed bid."""
    return sealed_bid(life.tender, player, 80_000_00)


def code_of(got: Any) -> str:
    """The first reason of a problem."""
    assert got["Content-Type"] == "application/problem+json"
    return str(got.json()["reasons"][0]["code"])


def checksum(piece: bytes, name: str = "sha256") -> str:
    """The header Upload-Checksum."""
    return f"{name} {base64.b64encode(hashlib.new(name, piece).digest()).decode()}"


def test_what_the_server_offers(tus: Tus) -> None:
    got = Client().options(tus.place)
    assert got.status_code == 204
    assert (got["Tus-Version"], got["Tus-Max-Size"]) == ("1.0.0", str(4 << 30))
    assert set(got["Tus-Extension"].split(",")) >= {"creation", "termination", "checksum"}
    assert got["Tus-Checksum-Algorithm"].split(",") == ["sha256", "sha1"]
    assert Client().get(tus.place).status_code == 405
    assert tus.ask("PUT", tus.place).status_code == 405


def test_a_bid_is_uploaded_piece_by_piece_and_handed_in(life: Any, firm: Any, tus: Tus, settings: Any) -> None:
    made, content = sealed(life, firm)
    begun = tus.begin(content)
    assert begun.status_code == 201 and begun["Tus-Resumable"] == "1.0.0"
    url, half = begun["Location"], len(content) // 2
    first = tus.patch(url, 0, content[:half])
    assert (first.status_code, first["Upload-Offset"], first.content) == (204, str(half), b"")
    looked = tus.ask("HEAD", url)
    assert (looked.status_code, looked["Upload-Offset"], looked["Upload-Length"]) == (200, str(half), str(len(content)))
    assert looked["Cache-Control"] == "no-store" and "Upload-Token" not in looked
    again = Tus(firm, life.number).begin(content)  # the browser was closed, the person signs in elsewhere
    assert (again["Location"], again["Upload-Offset"]) == (url, str(half))
    last = tus.patch(url, half, content[half:])
    assert last["Upload-Offset"] == str(len(content)) and last["Upload-Token"]
    assert not list(settings.FILES_FOLDER.rglob(made.sha256)), "the ordinary store is the wrong place"
    body = {"content": last["Upload-Token"], "manifest_sha256": made.manifest_sha256}
    done = tus.client.post(f"/api/v1/tenders/{life.number}/acts/bid.submit", body, content_type="application/json",
                           headers={"X-CSRFToken": "x"})  # fmt: skip
    assert done.status_code == 201, done.content
    assert [bid.envelope_sha256 for bid in selectors.own(firm.actor, life.tender)] == [made.sha256]
    refused = tus.ask("DELETE", url)
    assert (refused.status_code, code_of(refused)) == (409, "upload.handed_in")
    assert tus.patch(url, len(content), b"x")["Upload-Offset"] == str(len(content)) == str(tus.offset(url))


def test_a_crash_before_the_last_answer_is_made_good_when_the_client_asks_again(life: Any, firm: Any, tus: Tus) -> None:
    _, content = sealed(life, firm)
    url = tus.begin(content)["Location"]
    vault.append(url.split("/")[-2], uploads.owner(life.number, firm.actor.organisation.uscc), 0, [content])
    assert tus.ask("HEAD", url)["Upload-Token"] == tus.begin(content)["Upload-Token"] != ""


def test_a_chunk_that_is_repeated_reordered_or_too_much(life: Any, firm: Any, tus: Tus) -> None:
    _, content = sealed(life, firm)
    url = tus.begin(content)["Location"]
    early = tus.patch(url, 4_000, content[4_000:8_000])
    assert (early.status_code, early["Upload-Offset"], code_of(early)) == (409, "0", "upload.offset")
    tus.patch(url, 0, content[:4_000])
    repeated = tus.patch(url, 0, content[:4_000])
    assert (repeated.status_code, repeated["Upload-Offset"]) == (409, "4000")
    tus.patch(url, 4_000, content[4_000:8_000])
    much = tus.patch(url, 8_000, content[8_000:] + b"more")
    assert much.status_code == 422 and tus.offset(url) <= len(content)
    at = tus.offset(url)
    assert tus.patch(url, at, content[at:]).status_code == 204
    with vault.open(hashlib.sha256(content).hexdigest()) as file:
        assert file.read() == content


class Cut(BytesIO):
    """A body whose connection breaks after its bytes."""

    def read(self, size: int | None = -1, /) -> bytes:
        piece = super().read(size)
        if not piece:
            raise ConnectionResetError
        return piece


@pytest.mark.parametrize("body", [Cut, BytesIO], ids=["reset", "truncated"])
def test_what_came_before_the_connection_broke_counts(life: Any, firm: Any, tus: Tus, body: type[BytesIO]) -> None:
    _, content = sealed(life, firm)
    url = tus.begin(content)["Location"]
    tus.client.generic("PATCH", url, **{
        "wsgi.input": body(content[:3_000]), "CONTENT_LENGTH": str(len(content)), "CONTENT_TYPE": "application/offset+octet-stream",
        "HTTP_TUS_RESUMABLE": "1.0.0", "HTTP_UPLOAD_OFFSET": "0"})  # fmt: skip
    assert tus.offset(url) == 3_000
    assert tus.patch(url, 3_000, content[3_000:]).status_code == 204


def test_a_chunk_with_a_wrong_checksum_does_not_count(life: Any, firm: Any, tus: Tus) -> None:
    _, content = sealed(life, firm)
    url = tus.begin(content)["Location"]
    assert tus.patch(url, 0, content[:5_000], Upload_Checksum=checksum(content[:5_000])).status_code == 204
    wrong = tus.patch(url, 5_000, content[5_000:9_000], Upload_Checksum=checksum(b"else"))
    assert wrong.status_code == 460 and tus.offset(url) == 5_000
    for header in ("md5 abc", "sha256 §", "sha256"):
        assert tus.patch(url, 5_000, content[5_000:], Upload_Checksum=header.encode("ascii", "replace").decode()).status_code in (400, 460)
    assert tus.offset(url) == 5_000
    assert tus.patch(url, 5_000, content[5_000:], Upload_Checksum=checksum(content[5_000:], "sha1"))["Upload-Token"]


def test_unsealed_files_are_refused_and_nothing_of_them_stays(life: Any, firm: Any, tus: Tus) -> None:
    plain = b"%PDF-1.7 our price is 80,000 " * 1_000
    url = tus.begin(plain)["Location"]
    refused = tus.patch(url, 0, plain)
    assert (refused.status_code, code_of(refused), tus.offset(url)) == (422, "seal.not_sealed", 0)
    _, content = sealed(life, firm)
    pretends = content[:15] + plain
    url = tus.begin(pretends)["Location"]
    assert tus.patch(url, 0, pretends).status_code == 422
    assert tus.ask("HEAD", url).status_code == 404, "given up"
    short = tus.begin(b"ya")["Location"]
    assert tus.patch(short, 0, b"y").status_code == 204
    assert tus.patch(short, 1, b"a").status_code == 422


def test_a_bid_for_another_tender_is_refused_as_soon_as_its_header_is_here(
    play: Any, life: Any, firm: Any, tus: Tus  # noqa: F811
) -> None:
    _, content = sealed(play("tendering", bids=[]), firm)
    content += b"\0" * (1 << 20)
    url = tus.begin(content)["Location"]
    refused = tus.patch(url, 0, content[:60_000])
    assert refused.status_code == 422 and code_of(refused).startswith("seal.")
    assert tus.ask("HEAD", url).status_code == 404


def test_another_content_than_was_announced_is_refused(life: Any, firm: Any, tus: Tus) -> None:
    _, content = sealed(life, firm)
    changed = content[:-1] + bytes([content[-1] ^ 1])
    url = tus.begin(content)["Location"]
    refused = tus.patch(url, 0, changed)
    assert (refused.status_code, code_of(refused)) == (422, "upload.sha256")
    assert tus.whole(content)["Upload-Token"]


def test_nobody_else_finds_an_upload(life: Any, firm: Any, tus: Tus, cast: Any) -> None:  # noqa: F811
    _, content = sealed(life, firm)
    url = tus.begin(content)["Location"]
    tus.patch(url, 0, content[:100])
    people = (cast.tenderer(RIVAL), cast.buyer, cast.center, cast.supervisor, cast.custodians[0])
    for player in people:
        other = Tus(player, life.number)
        for got in (other.ask("HEAD", url), other.patch(url, 100, content[100:]), other.ask("DELETE", url)):
            assert got.status_code == 404
    for got in (Tus(None, life.number).ask("HEAD", url), Tus(None, life.number).begin(content)):
        assert got.status_code == 401
    assert Tus(cast.tenderer(RIVAL), life.number).begin(content)["Location"] != url
    assert Tus(cast.buyer, life.number).begin(content).status_code == 403
    assert tus.ask("HEAD", url.replace(life.number, "YW1999-0001")).status_code == 404
    assert tus.offset(url) == 100


def test_a_session_needs_the_csrf_header(life: Any, firm: Any) -> None:
    made = Tus(firm, life.number)
    made.client = Client(enforce_csrf_checks=True)
    made.client.force_login(firm.person)
    _, content = sealed(life, firm)
    assert made.begin(content).status_code == 403
    page = made.client.get(f"/desk/tenders/{life.number}/bid.submit/").content.decode()
    token = page.partition('name="csrfmiddlewaretoken" value="')[2].partition('"')[0]
    begun = made.begin(content, X_CSRFToken=token)
    assert begun.status_code == 201
    assert made.patch(begun["Location"], 0, content).status_code == 403
    assert made.patch(begun["Location"], 0, content, X_CSRFToken=token).status_code == 204


def test_a_program_signs_in_with_its_account(life: Any, firm: Any) -> None:
    firm.person.set_password("a long pass phrase")
    firm.person.save()
    program = Tus(None, life.number)
    basic = base64.b64encode(f"{firm.person.username}:a long pass phrase".encode()).decode()
    _, content = sealed(life, firm)
    begun = program.begin(content, Authorization=f"Basic {basic}")
    assert begun.status_code == 201
    assert program.patch(begun["Location"], 0, content, Authorization=f"Basic {basic}")["Upload-Token"]
    assert program.begin(content, Authorization="Basic eDp5").status_code == 401


def test_giving_up_and_the_method_in_a_header(life: Any, firm: Any, tus: Tus) -> None:
    _, content = sealed(life, firm)
    url = tus.begin(content)["Location"]
    got = tus.ask("POST", url, content[:50], Upload_Offset=0, X_HTTP_Method_Override="PATCH")
    assert (got.status_code, tus.offset(url)) == (204, 50)
    assert tus.ask("DELETE", url).status_code == 204
    assert tus.ask("HEAD", url).status_code == tus.ask("DELETE", url).status_code == 404
    with_body = tus.begin(content, body=content[:70])
    assert (with_body.status_code, with_body["Upload-Offset"]) == (201, "70")


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"Tus_Resumable": "0.2.2"}, 412),
        ({"Upload_Length": "-5"}, 400),
        ({"Upload_Length": "x"}, 400),
        ({"Upload_Length": str((4 << 30) + 1)}, 409),
        ({"Upload_Length": "0"}, 409),
        ({"Upload_Metadata": "sha256 %%%"}, 400),
        ({"Upload_Metadata": ""}, 422),
        ({"sha256": "ABC"}, 422),
    ],
)
def test_a_request_that_is_wrong_is_refused_and_begins_nothing(
    life: Any, firm: Any, tus: Tus, headers: dict[str, str], status: int
) -> None:
    _, content = sealed(life, firm)
    got = tus.begin(content, **headers)
    assert got.status_code == status, got.content
    assert got.json()["reasons"][0]["message"]["zh"]
    assert vault.everything() == []
    assert (got.status_code == 412) == ("Tus-Version" in got)


def test_a_body_of_another_kind_or_without_length(life: Any, firm: Any, tus: Tus) -> None:
    _, content = sealed(life, firm)
    url = tus.begin(content)["Location"]
    assert tus.patch(url, 0, content, Content_Type="application/octet-stream").status_code == 415
    assert tus.ask("PATCH", url, content).status_code == 400, "no offset"
    assert tus.offset(url) == 0


def test_after_the_deadline_nothing_is_taken(life: Any, firm: Any, tus: Tus, stage: Any) -> None:  # noqa: F811
    _, content = sealed(life, firm)
    url = tus.begin(content)["Location"]
    tus.patch(url, 0, content[:100])
    stage.to(life.tender.deadline)
    late = tus.patch(url, 100, content[100:])
    assert late.status_code == 409 and late.json()["reasons"][0]["article"]
    assert tus.begin(content).status_code == 409
    assert tus.offset(url) == 100


def test_in_the_last_minute_bytes_wait_for_the_grace_whatever_others_do(
    play: Callable[..., Any],  # noqa: F811
    firm: Any,
    stage: Any,  # noqa: F811
) -> None:
    life = play("tendering", bids=[], upload_grace_minutes=10)
    tus, deadline = Tus(firm, life.number), life.tender.deadline
    made, content = sealed(life, firm)
    stage.to(deadline - timedelta(seconds=61))
    url = tus.begin(content)["Location"]
    assert tus.patch(url, 0, content[:100]).status_code == 204
    stage.to(deadline - timedelta(seconds=20))
    for later in (tus.patch(url, 100, content[100:]), tus.begin(content)):
        assert (later.status_code, code_of(later), later["Retry-After"]) == (503, "NL-38", "21")
    assert tus.offset(url) == 100
    bids.commit(actor=firm.actor, tender=life.number, envelope_sha256=made.sha256, envelope_size=made.size,
                manifest_sha256=made.manifest_sha256, client=CLIENT)  # fmt: skip
    stage.to(deadline + timedelta(seconds=1))
    assert tus.patch(url, 100, content[100:])["Upload-Token"]


def test_what_was_never_handed_in_is_thrown_away_once_the_bids_are_opened(
    life: Any, firm: Any, tus: Tus, cast: Any, stage: Any  # noqa: F811
) -> None:
    for name in (FIRM, RIVAL, "临江路桥有限公司"):
        life.submit(name, 81_000_00)
    handed_in = {each.sha256 for each in vault.everything()}
    life.submit(FIRM, 80_500_00)
    _, other = sealed(life, firm)
    assert tus.whole(other)["Upload-Token"]
    url = tus.begin(other + b"x")["Location"]
    uploads.tidy(now())
    assert len(vault.everything()) == 6
    life.close()
    uploads.tidy(now())
    assert len(vault.everything()) == 6
    life.open_bids()
    assert all(files.path_of(sha256).is_file() for sha256 in handed_in), "the replaced one, too"
    uploads.tidy(now())
    assert not vault.has(hashlib.sha256(other).hexdigest()) and tus.ask("HEAD", url).status_code == 404
    assert not files.path_of(hashlib.sha256(other).hexdigest()).exists()


def test_bids_of_a_terminated_tender_stay_until_they_are_unveiled(
    life: Any, firm: Any, tus: Tus, cast: Any, stage: Any  # noqa: F811
) -> None:
    bid = life.submit(FIRM, 81_000_00)
    _, other = sealed(life, firm)
    tus.whole(other)
    tenders.terminate(actor=cast.buyer.actor, tender=life.number, reason="资金未落实")
    uploads.tidy(now())
    assert [each.sha256 for each in vault.everything()] == [bid.envelope_sha256]
    sequencer.sequence_all()
    stage.wait(hours=1)
    cover.disclose(now())
    assert files.path_of(bid.envelope_sha256).is_file()


def test_a_bid_is_taken_from_the_vault_alone(life: Any, firm: Any) -> None:
    made, content = sealed(life, firm)
    with pytest.raises(Exception, match=r"没有收到|not come"):
        bids.submit(actor=firm.actor, tender=life.number, content=files.store([content]), manifest_sha256=made.manifest_sha256)


def test_the_audit_names_a_sealed_file_that_is_damaged_or_gone(life: Any) -> None:
    damaged, gone = life.submit(FIRM, 81_000_00), life.submit(RIVAL, 82_000_00)
    sequencer.sequence_all()
    assert audit.run(full=True).ok
    spoil(damaged.envelope_sha256)
    lost = next(each for each in vault.everything() if each.sha256 == gone.envelope_sha256)
    vault.discard(lost.id, lost.owner)
    found = {(each.kind, each.where) for each in audit.run().findings}
    assert found == {
        ("damaged", f"sealed/{damaged.envelope_sha256}"),
        ("removed", f"files/{gone.envelope_sha256[:2]}/{gone.envelope_sha256}"),
    }
