"""POST: every act by an address of its own, done through the door, answered with its receipt."""

from __future__ import annotations

import hashlib
import json
import uuid
from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, HttpResponse
from ninja import Body, Header, Router, Schema

from yiwang.api import acts, uploads
from yiwang.api.auth import ANYBODY, MEMBER, actor_in, check_fresh
from yiwang.api.bodies import body_of, file_fields
from yiwang.api.problems import ERRORS, cited
from yiwang.api.receipts import Receipt, receipt_json
from yiwang.api.tenders import router as listings
from yiwang.kernel import moment
from yiwang.kernel.errors import NotVisible, Refused, bad
from yiwang.modules.evidence import permits, registry
from yiwang.modules.evidence import selectors as evidence
from yiwang.modules.evidence.actors import Actor
from yiwang.modules.evidence.door import AlreadyReceived, NewKey
from yiwang.modules.openings import refusals
from yiwang.modules.tenders import selectors as tenders

router = Router(tags=["acts"])
ADDRESSES = {"tender.enter": "/tenders", "organisation.register": "/organisations", "person.bind_key": "/me/keys",
             "member.appoint": "/me/members", "member.remove": "/me/members/remove", "member.invite": "/me/members/invite",
             "member.join": "/me/organisation", "member.leave": "/me/organisation/leave", "certificate.bind": "/me/certificates",
             "certificate.revoke": "/me/certificates/revoke", "certificate.endorse": "/me/certificates/endorse",
             "reset.ask": "/resets", "reset.agree": "/resets/agree", "reset.object": "/resets/object",
             "drill.schedule": "/drills/schedule", "drill.provide_key": "/drills/keys", "drill.release_key": "/drills/releases",
             "calendar.staff": "/calendar/staffed", "calendar.close": "/calendar/closed",
             "calendar.withdraw": "/calendar/withdrawn",
             "party.ban": "/bans/record", "party.lift_ban": "/bans/lift"}  # fmt: skip


class StatementOut(Schema):
    """What to sign: the Ed25519 signature is over the statement of this kind with this content."""

    kind: str
    content: dict[str, Any]


class StatementIn(Schema):
    """What a statement may need to know."""

    sheet: str = ""
    dissent: str = ""


def perform(request: HttpRequest, act: str, api: acts.ApiAct, values: dict[str, Any], key: str) -> HttpResponse:
    """Do an act and give its receipt: 201, or 200 when the same key did it before."""
    actor = actor_in(request)
    request_key = _request_key(actor, act, key)
    earlier = evidence.done(actor, request_key) if key else None
    if earlier is None:
        check_fresh(request, act)
        try:
            for name in file_fields(api.do):
                values[name] = uploads.stored(actor, values[name], field=name, types=api.types)
            api.do(actor=actor, request_key=request_key, **values)
        except AlreadyReceived as error:
            earlier = error.act
        except Refused as error:
            refused = Refused(*cited(error.reasons, registry.row_of(act).articles))
            refused.enclosed = {**error.enclosed, **late_refusal(actor, act, values)}
            raise refused from error
    found = earlier or evidence.done(actor, request_key)
    response = HttpResponse(
        json.dumps(receipt_json(found, repeated=earlier is not None, new=earlier is None), ensure_ascii=False),
        status=200 if earlier else 201,
        content_type="application/json",
    )
    if actor.known and found is not None:
        response["Location"] = f"/api/v1/receipts/{found.pk}"
    return response


def late_refusal(actor: Actor, act: str, values: dict[str, Any]) -> dict[str, str]:
    """The signed refusal of a bid that came after the deadline, as a member of the problem; {} for everything else."""
    if act not in refusals.LATE_ACTS:
        return {}
    content = values.get("content")
    sha256 = getattr(content, "sha256", "") or str(values.get("envelope_sha256") or "")
    tender = tenders.tender(actor, values["tender"])
    lot = str(values.get("lot") or "")
    signed = refusals.late(actor, tender, act, moment.now(), lot=lot, envelope_sha256=sha256)
    return {"refusal": signed.text} if signed else {}


def _request_key(actor: Actor, act: str, key: str) -> str:
    """The caller's key bound to who asks and for what; a new one of our own when the caller gives none."""
    if len(key) > 200:
        raise bad("Idempotency-Key", "标识过长", "the key is longer than 200 characters")
    who = str(actor.person.pk) if actor.person else "public"
    bound = hashlib.sha256(f"{who}\n{act}\n{key or uuid.uuid4()}".encode()).hexdigest()
    return bound if key else NewKey(bound)


def _on_a_tender(act: str, api: acts.ApiAct) -> Callable[..., HttpResponse]:
    def view(request: HttpRequest, number: str, payload: Any, idempotency_key: Any = "") -> HttpResponse:
        if not tenders.is_visible(actor_in(request), number):
            raise NotVisible
        return perform(request, act, api, {**_values(payload), "tender": number}, idempotency_key)

    return _typed(view, api, act)


def _elsewhere(act: str, api: acts.ApiAct) -> Callable[..., HttpResponse]:
    def view(request: HttpRequest, payload: Any, idempotency_key: Any = "") -> HttpResponse:
        return perform(request, act, api, _values(payload), idempotency_key)

    return _typed(view, api, act)


def _typed(view: Any, api: acts.ApiAct, act: str) -> Any:
    schema = body_of(act, api.do)
    optional = not any(field.is_required() for field in schema.model_fields.values())
    view.__annotations__ = {**view.__annotations__, "payload": schema, "idempotency_key": str, "request": HttpRequest,
                            "number": str, "return": HttpResponse}  # fmt: skip
    names = view.__code__.co_varnames[: view.__code__.co_argcount]
    given = Body(schema()) if optional else Body(...)
    key = Header("", alias="Idempotency-Key", description="the same key again gives the first receipt, not a second act")
    view.__defaults__ = (given, key)
    view.__annotations__ = {name: kind for name, kind in view.__annotations__.items() if name in (*names, "return")}
    return view


def _values(payload: Schema) -> dict[str, Any]:
    return {name: getattr(payload, name) for name in type(payload).model_fields}


def _description(act: str, api: acts.ApiAct) -> str:
    row = registry.row_of(act)
    doc = (api.do.__doc__ or "").strip().split("\n\n")[0].replace("\n    ", " ")
    signed = f"\n\nSigned: GET /tenders/{{number}}/acts/{act}/statement gives what to sign." if api.statement else ""
    law = "；".join(row.articles)
    return f"{row.name.zh} · {row.name.en}. {doc}\n\nRoles: {', '.join(row.roles)}. Law: {law}.{signed}"


def mount() -> None:
    """Give every act its address. Called once the tables of all modules are registered."""
    for act, api in {**acts.ON_A_TENDER, **acts.ELSEWHERE}.items():
        on_tender = act in acts.ON_A_TENDER
        path = f"/tenders/{{number}}/acts/{act}" if on_tender else ADDRESSES[act]
        view = _on_a_tender(act, api) if on_tender else _elsewhere(act, api)
        place = listings if act == "tender.enter" else router  # one address, one router: GET and POST /tenders
        place.post(
            path,
            tags=["acts"],
            auth=ANYBODY if act == "organisation.register" else MEMBER,
            response={201: Receipt, 200: Receipt, **ERRORS},
            operation_id=act,
            summary=str(registry.row_of(act).name.en),
            description=_description(act, api),
        )(view)


def _statement(request: HttpRequest, number: str, act: str, given: dict[str, str]) -> dict[str, Any]:
    actor = actor_in(request)
    tender = tenders.tender(actor, number)
    api = acts.ON_A_TENDER.get(act)
    if api is None or api.statement is None:
        raise NotVisible
    row = registry.row_of(act)
    if not permits.role_for(row, actor, tender):
        raise Refused(*cited(permits.may(row, actor, tender, moment.now()).reasons, row.articles))
    kind, content = api.statement(actor, tender, given)
    return {"kind": kind, "content": content}


_SIGNED = "/tenders/{number}/acts/{act}/statement"


@router.get(_SIGNED, auth=MEMBER, response={200: StatementOut, **ERRORS}, operation_id="statements.get")
def statement(request: HttpRequest, number: str, act: str, sheet: str = "", dissent: str = "") -> dict[str, Any]:
    """What you sign for an act. ``sheet``: JSON text, for a score sheet; ``dissent``: for the report."""
    return _statement(request, number, act, {"sheet": sheet, "dissent": dissent})


@router.post(_SIGNED, auth=MEMBER, response={200: StatementOut, **ERRORS}, operation_id="statements.make")
def statement_of(request: HttpRequest, number: str, act: str, payload: StatementIn) -> dict[str, Any]:
    """The same for long parameters; changes nothing."""
    return _statement(request, number, act, {"sheet": payload.sheet, "dissent": payload.dissent})
