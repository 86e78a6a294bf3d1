"""Tenderers of a burst: their tenders, accounts and sealed envelopes made beforehand, and one handing in by HTTP.

Used by the bench of the deadline's burst and by the tests that kill processes in the middle of one.
"""

from __future__ import annotations

import base64
import http.client
import json
import secrets
import time
import uuid
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from email.message import Message
from typing import Any
from urllib.parse import quote

from django.conf import settings
from django.test import Client

from yiwang.demo.cast import Cast
from yiwang.demo.play import Play, Script, sealed_bid
from yiwang.demo.stage import Stage
from yiwang.kernel import moment
from yiwang.seal import manifest

HOST = "127.0.0.1"
PATIENCE = 60.0
"""Seconds that a tenderer waits for one answer."""

BEFORE = timedelta(days=40)
"""How long before now the tenders are begun: so that a deadline in a minute is lawful."""


@dataclass
class Tenderer:
    """One who bids: whom she is, what she has sealed, and what the server acknowledged.

    Attributes:
        keys: Idempotency-Key of each act, so that a request whose answer was lost can be sent again.
        committed: the receipt of ``bid.commit``, or None.
        delivered: the receipt of ``bid.deliver``, or None.
        other_headers: of a session in a second browser, where one was begun.
    """

    tender: str
    uscc: str
    username: str
    headers: dict[str, str]
    envelope: bytes
    sha256: str
    manifest_sha256: str
    keys: dict[str, str] = field(default_factory=lambda: {act: uuid.uuid4().hex for act in ("bid.commit", "bid.deliver")})
    committed: dict[str, Any] | None = None
    delivered: dict[str, Any] | None = None
    other_headers: dict[str, str] = field(default_factory=dict)

    @property
    def commitment(self) -> str:
        """The commitment in the acknowledged receipt."""
        assert self.committed is not None
        said: str = json.loads(self.committed["canonical"])["public"]["commitment"]
        return said


class NotTaken(Exception):
    """The server answered with a refusal or a fault: its status, what it said, and in how many seconds to come again."""

    def __init__(self, status: int, said: bytes, after: int = 0) -> None:
        super().__init__(f"{status}: {said[:300].decode(errors='replace')}")
        self.status, self.after = status, after


def tenders(cast: Cast, count: int, *, grace: int) -> list[Play]:
    """So many tenders whose custodians have given their keys; the bytes may finish so many minutes after the deadline."""
    plays = []
    for number in range(count):
        script = Script(f"测速截标项目{number}", ceiling=100_000_000, upload_grace_minutes=grace)
        play = Play(cast, Stage(moment.now() - BEFORE), script).until("draft")
        with moment.clock_at(play.stage):
            play.prepare()
        plays.append(play)
    return plays


def publish(plays: list[Play], deadline: datetime) -> None:
    """Let the notices of the tenders go out, with this deadline."""
    for play in plays:
        play.script.deadline = deadline
        with moment.clock_at(play.stage):
            play.publish()


def tenderers(cast: Cast, plays: list[Play], count: int) -> list[Tenderer]:
    """So many firms with an account each, signed in, with an envelope sealed for one of the tenders, in turns."""
    made = []
    open_ = [play.tender for play in plays]
    for number in range(count):
        player, tender = cast.tenderer(f"测速截标{number}建设有限公司"), open_[number % len(open_)]
        sealed, content = sealed_bid(tender, player, 80_000_000 + number)
        made.append(
            Tenderer(tender.number, player.actor.organisation.uscc, player.person.username, session(player.person), content,
                     sealed.sha256, sealed.manifest_sha256)
        )  # fmt: skip
    return made


def session(person: Any) -> dict[str, str]:
    """Headers of a session of its own, with its token against forged requests."""
    client = Client()
    client.force_login(person)
    token = secrets.token_hex(16)
    cookie = client.cookies[settings.SESSION_COOKIE_NAME].value
    return {
        "Cookie": f"{settings.SESSION_COOKIE_NAME}={cookie}; {settings.CSRF_COOKIE_NAME}={token}",
        "X-CSRFToken": token,
    }


def commit(link: http.client.HTTPConnection, who: Tenderer) -> None:
    """Commit to the envelope. NotTaken when refused, OSError or HTTPException when there was no answer."""
    who.committed = act(link, who, "bid.commit", {
        "envelope_sha256": who.sha256, "envelope_size": len(who.envelope), "manifest_sha256": who.manifest_sha256,
        "client": manifest.CLIENT,
    })  # fmt: skip


def deliver(link: http.client.HTTPConnection, who: Tenderer) -> None:
    """Upload the bytes and hand them in; errors as :func:`commit`."""
    who.delivered = act(link, who, "bid.deliver", {"content": upload(link, who)})


def act(link: http.client.HTTPConnection, who: Tenderer, name: str, values: dict[str, Any]) -> dict[str, Any]:
    """Do an act by the API; its receipt."""
    headers = {**who.headers, "Content-Type": "application/json", "Idempotency-Key": who.keys[name]}
    return ask(link, "POST", f"/api/v1/tenders/{quote(who.tender)}/acts/{name}", json.dumps(values).encode(), headers)


def upload(link: http.client.HTTPConnection, who: Tenderer) -> str:
    """Upload the envelope by the tus protocol, going on where an earlier try broke off; the token that names it."""
    folder, coded = f"/uploads/{quote(who.tender)}/", base64.b64encode(who.sha256.encode()).decode()
    announced = {**_TUS, **who.headers, "Upload-Length": str(len(who.envelope)), "Upload-Metadata": f"sha256 {coded}"}
    for _ in range(_TRIES):
        try:
            said = exchange(link, "POST", folder, who.envelope, announced)[0]
            place = said["Location"]
            while (at := int(said["Upload-Offset"])) < len(who.envelope):
                said = exchange(link, "PATCH", place, who.envelope[at:], {**_TUS, **who.headers, "Upload-Offset": str(at)})[0]
        except NotTaken as error:
            if error.status not in (http.client.CONFLICT, http.client.SERVICE_UNAVAILABLE):
                raise
            refused = error  # her other browser sends the same file: announced again, it is as far as either has come
            time.sleep(error.after)
        else:
            token: str = said["Upload-Token"]
            return token
    raise refused


def ask(link: http.client.HTTPConnection, method: str, path: str, body: bytes | None, headers: dict[str, str]) -> Any:
    """One request; the JSON of its answer. Errors as :func:`commit`."""
    return json.loads(exchange(link, method, path, body, headers)[1])


def exchange(
    link: http.client.HTTPConnection, method: str, path: str, body: bytes | None, headers: dict[str, str]
) -> tuple[Message, bytes]:
    """One request; headers and body of its answer. Errors as :func:`commit`."""
    try:
        link.request(method, path, body, headers)
        answer = link.getresponse()
        said = answer.read()
    except BaseException:
        link.close()  # half an exchange: the next request begins anew
        raise
    if answer.status not in (http.client.OK, http.client.CREATED, http.client.NO_CONTENT):
        raise NotTaken(answer.status, said, int(answer.headers.get("Retry-After", 0)))
    return answer.headers, said


_TRIES = 5
_TUS = {"Tus-Resumable": "1.0.0", "Content-Type": "application/offset+octet-stream"}
