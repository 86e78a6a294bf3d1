"""Errors as RFC 9457 problem JSON, made from the same Reasons that pages and command line show."""

from __future__ import annotations

import json
import logging
from collections.abc import Iterable
from dataclasses import replace
from typing import Any

from django.http import HttpRequest, HttpResponse
from ninja import Schema
from ninja.errors import HttpError, ValidationError
from pydantic import ConfigDict, Field

from yiwang.kernel.errors import BadInput, NotVisible, Refused, YiwangError
from yiwang.kernel.moment import stamp
from yiwang.kernel.text import Text
from yiwang.kernel.verdict import Reason

MEDIA_TYPE = "application/problem+json"
_log = logging.getLogger(__name__)


class Words(Schema):
    """A sentence in both languages."""

    zh: str
    en: str


class ReasonOut(Schema):
    """Why something is refused: rule, law, field, and what would pass."""

    code: str = Field(description="id of the rule or condition")
    message: Words
    article: str = Field(description="the law's article; empty when no law is involved")
    field: str = Field(description="the JSON key or parameter at fault; empty when none is")
    passes: Words | None = Field(description="what would pass")
    after: str | None = Field(description="the moment (RFC 3339, UTC) from which it would pass, when waiting helps")


class Problem(Schema):
    """RFC 9457 problem details."""

    model_config = ConfigDict(title="Problem")
    type: str
    title: str
    status: int
    detail: str
    reasons: list[ReasonOut]
    refusal: str | None = Field(
        None, description="only for a bid after the deadline: the signed refusal (C2SP signed note), to be kept; not stored here"
    )


KINDS: dict[int, tuple[str, Text]] = {
    400: ("malformed", Text("请求无法读取", "The request cannot be read")),
    401: ("unauthenticated", Text("请先登录", "Sign in first")),
    403: ("forbidden", Text("不由您办理", "Not for you to do")),
    404: ("not-found", Text("没有找到", "Not found")),
    405: ("method", Text("这个地址不接受这种方法", "This address does not take that method")),
    409: ("refused", Text("不能办理", "Refused")),
    422: ("bad-input", Text("填写有误", "Bad input")),
    429: ("wait", Text("失败次数过多，请五分钟后再试", "Too many failures; try again in five minutes")),
    413: ("too-large", Text("文件过大", "Too large")),
    460: ("checksum", Text("校验和不符", "The checksum differs")),
    500: ("fault", Text("程序故障", "A fault of the program")),
    503: ("later", Text("请稍候再来", "Come again in a moment")),
    507: ("full", Text("没有空间了", "No room")),
}
ERRORS: dict[int, type[Problem]] = dict.fromkeys((400, 401, 403, 404, 409, 422), Problem)


def words(text: Text | None) -> dict[str, str] | None:
    """Both languages as JSON."""
    return None if text is None else {"zh": text.zh, "en": text.en}


def reason_json(reason: Reason) -> dict[str, Any]:
    """A Reason as :class:`ReasonOut` has it."""
    return {
        "code": reason.code,
        "message": words(reason.message),
        "article": reason.article,
        "field": reason.field,
        "passes": words(reason.passes),
        "after": stamp(reason.after) if reason.after else None,
    }


def cited(reasons: Iterable[Reason], articles: Iterable[str]) -> tuple[Reason, ...]:
    """The reasons, each with an article: its own, else those of the act. No block without citation."""
    law = "；".join(articles)
    return tuple(reason if reason.article else replace(reason, article=law) for reason in reasons)


def problem(status: int, *reasons: Reason, enclosed: dict[str, str] | None = None) -> HttpResponse:
    """The response for reasons with a status; ``enclosed`` are further members (RFC 9457 section 3.2)."""
    kind, title = KINDS.get(status, KINDS[400])
    body = {
        "type": f"urn:yiwang:problem:{kind}",
        "title": str(title),
        "status": status,
        "detail": "; ".join(str(reason.message) for reason in reasons),
        "reasons": [reason_json(reason) for reason in reasons],
        **(enclosed or {}),
    }
    response = HttpResponse(json.dumps(body, ensure_ascii=False), status=status, content_type=MEDIA_TYPE)
    if status == 401:
        response["WWW-Authenticate"] = 'Basic realm="yiwang", charset="UTF-8"'
    return response


def from_error(request: HttpRequest, error: YiwangError) -> HttpResponse:
    """A kernel error. Not being of the role is 403, and 401 for somebody who has not signed in."""
    if isinstance(error, Refused) and any(reason.code == "role" for reason in error.reasons):
        actor = getattr(request, "actor", None)
        return problem(403 if actor is not None and actor.known else 401, *error.reasons)
    return problem(error.status, *error.reasons, enclosed=error.enclosed)


def from_validation(request: HttpRequest, error: ValidationError) -> HttpResponse:
    """What does not have the form of the schema, field by field."""
    return problem(422, *(_schema_reason(row) for row in error.errors))


def from_http(request: HttpRequest, error: HttpError) -> HttpResponse:
    """What the framework refuses: no sign-in, no CSRF token, a body that is no JSON."""
    kind, title = KINDS.get(error.status_code, KINDS[400])
    message = title if error.status_code != 400 else Text("请求正文不是 JSON", "the request's body is not JSON")
    return problem(error.status_code, Reason(kind, message))


def from_fault(request: HttpRequest, error: Exception) -> HttpResponse:
    """A fault of ours: logged with its traceback, told without it."""
    _log.error("fault in %s %s", request.method, request.path, exc_info=error)
    return problem(500, Reason("fault", Text("程序出现故障，已经记录", "a fault of the program; it has been logged")))


def not_found(request: HttpRequest, error: Exception) -> HttpResponse:
    """Django's own 404 as ours."""
    return problem(404, *NotVisible().reasons)


def _schema_reason(row: dict[str, Any]) -> Reason:
    place = [str(part) for part in row.get("loc", ()) if part not in ("body", "query", "path", "payload")]
    field = ".".join(place)
    said = str(row.get("msg", ""))
    missing = row.get("type") == "missing"
    zh = f"缺少 {field}" if missing else f"{field} 的形式不对：{said}"
    en = f"{field} is missing" if missing else f"{field} does not have the right form: {said}"
    passes = Text("见 /api/v1/openapi.json 中的模式", "see the schema in /api/v1/openapi.json")
    return Reason(f"schema.{row.get('type', 'value')}", Text(zh, en), field=field, passes=passes)


def bad_text(field: str) -> BadInput:
    """Text that no database takes."""
    return BadInput(Reason("schema.text", Text("含有不可用的字符", "holds a character that cannot be kept"), field=field))
