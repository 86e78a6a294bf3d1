"""What custodians' programs need beside the acts: the challenge that proves possession of a key, and the drills."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from ninja import Router, Schema
from pydantic import ConfigDict, Field

from yiwang.api.auth import MEMBER, actor_in
from yiwang.api.bodies import CleanText
from yiwang.api.problems import ERRORS
from yiwang.api.shown import when
from yiwang.modules.openings import acts as openings
from yiwang.modules.openings import drill_acts, selectors

router = Router(tags=["custody"], auth=MEMBER)


class ChallengeIn(Schema):
    """For which key."""

    model_config = ConfigDict(extra="forbid")
    recipient: CleanText = Field(description="the public key that will be given, an age recipient")


class DrillChallengeIn(ChallengeIn):
    """For which key of which drill."""

    drill: int = Field(description="the drill's number", ge=1, le=2**31 - 1)


class ChallengeOut(Schema):
    """What ``yiwang custodian answer`` answers."""

    challenge: str = Field(description="text to be given back unchanged; base64 of an age file after its last dot")


class DrillKeyOut(Schema):
    """What one custodian did in a drill."""

    position: int
    body: str
    provided_at: str | None
    released_at: str | None


class DrillOut(Schema):
    """A drill of custody."""

    drill: int
    threshold: int
    opens: str | None
    ends: str | None
    reported_at: str | None
    enough: bool | None = Field(description="whether enough keys were released to open; null before the report")
    custodians: list[DrillKeyOut]


@router.post("/tenders/{number}/custody/challenge", response={200: ChallengeOut, **ERRORS}, operation_id="custody.challenge")
def challenge(request: HttpRequest, number: str, payload: ChallengeIn) -> dict[str, str]:
    """A challenge for the key that you are about to give; answer it where the secret half is. Changes nothing."""
    asked = openings.possession_challenge(actor=actor_in(request), tender=number, recipient=payload.recipient)
    return {"challenge": asked}


@router.post("/drills/challenge", response={200: ChallengeOut, **ERRORS}, operation_id="drills.challenge")
def drill_challenge(request: HttpRequest, payload: DrillChallengeIn) -> dict[str, str]:
    """The same for a drill key."""
    asked = drill_acts.possession_challenge(actor=actor_in(request), drill=payload.drill, recipient=payload.recipient)
    return {"challenge": asked}


@router.get("/drills", response={200: list[DrillOut], **ERRORS}, operation_id="drills.list")
def drills(request: HttpRequest) -> list[dict[str, Any]]:
    """The drills that you may see, the newest 50: all for the center and the supervisor, else those with a part of yours."""
    return [_drill(each) for each in selectors.drills(actor_in(request))[:50]]


def _drill(drill: Any) -> dict[str, Any]:
    keys = [
        {"position": key.position, "body": key.person.organisation.name if key.person.organisation else "",
         "provided_at": when(key.provided_at), "released_at": when(key.released_at)}
        for key in selectors.drill_keys(drill)
    ]  # fmt: skip
    return {"drill": drill.number, "threshold": drill.threshold, "opens": when(drill.opens), "ends": when(drill.ends),
            "reported_at": when(drill.reported_at), "enough": drill.report and drill.report["enough"], "custodians": keys}  # fmt: skip
