"""The API: ``path("api/v1/", yiwang.api.api.urls)``. Its description is at /api/v1/openapi.json (OpenAPI 3.1)."""

from __future__ import annotations

import json
from typing import Any

from django.conf import settings
from django.db import DataError
from django.http import Http404, HttpRequest, HttpResponse
from ninja import NinjaAPI, Router
from ninja.errors import HttpError, ValidationError

from yiwang.api import custody, doing, figures, law, log, me, problems, receipts, reviews, tenders, uploads
from yiwang.api.auth import ANYBODY
from yiwang.kernel.errors import NotVisible, YiwangError

_ABOUT = """\
Everything that pages do, as JSON. Amounts are integer fen, scores decimal text, moments RFC 3339 in UTC.
Sign in with HTTP Basic (programs, by an account without second factor; tokens of their own come later) or a session and
its CSRF header (browsers; some acts want a fresh confirmation, 403 `step_up`). An error is RFC 9457 problem JSON that
names the field, the rule, the law's article and what would pass. POST an act with an `Idempotency-Key` and a
retry never does it twice. Nothing about bids is told to anybody but their tenderer before the opening."""
_SECURITY: dict[str, list[dict[str, list[str]]]] = {
    "Member": [{"basic": []}, {"session": []}],
    "Anybody": [{}, {"basic": []}, {"session": []}],
}


class Api(NinjaAPI):
    """The API with what OpenAPI cannot be told by annotations: two ways to sign in, the media type of problems."""

    def __init__(self, **options: Any) -> None:
        super().__init__(**options)
        self._described: dict[str, Any] = {}

    def get_openapi_schema(self, **options: Any) -> Any:
        """The OpenAPI 3.1 description; it takes a second to make and never changes, so it is made once a process."""
        asked = json.dumps(options, sort_keys=True, default=str)
        if asked not in self._described:
            self._described[asked] = self._describe(**options)
        return self._described[asked]

    def _describe(self, **options: Any) -> Any:
        schema = super().get_openapi_schema(**options)
        schema["components"]["securitySchemes"] = {
            "basic": {"type": "http", "scheme": "basic"},
            "session": {"type": "apiKey", "in": "cookie", "name": settings.SESSION_COOKIE_NAME},
        }
        for path in schema["paths"].values():
            for operation in path.values():
                _finish(operation)
        return schema


def _finish(operation: dict[str, Any]) -> None:
    """Say who may ask, and that errors are problem JSON."""
    names = [name for row in operation.get("security", []) for name in row]
    operation["security"] = _SECURITY["Member" if "Member" in names else "Anybody"]
    for code, response in operation["responses"].items():
        content = response.get("content", {})
        if int(code) >= 400 and "application/json" in content:
            response["content"] = {problems.MEDIA_TYPE: content.pop("application/json")}
    if not any(int(code) < 400 for code in operation["responses"]):
        operation["responses"] = {200: {"description": "OK"}, **operation["responses"]}


api = Api(
    title="一网 yiwang",
    version="1",
    description=_ABOUT,
    docs_url=None,
    urls_namespace="api",
    auth=ANYBODY,
)
_HANDLERS: dict[type[Exception], Any] = {
    YiwangError: problems.from_error,
    ValidationError: problems.from_validation,
    HttpError: problems.from_http,
    Http404: problems.not_found,
    DataError: lambda request, error: problems.from_error(request, problems.bad_text("body")),
    Exception: problems.from_fault,
}
for _kind, _handler in _HANDLERS.items():
    api.add_exception_handler(_kind, _handler)

doing.mount()
rest = Router()


@rest.api_operation(["GET", "POST", "PUT", "PATCH", "DELETE"], "/{path:path}", auth=None, include_in_schema=False)
def nowhere(request: HttpRequest, path: str) -> HttpResponse:
    """Any other address: 404 in the same form."""
    raise NotVisible


for router in (
    tenders.router, doing.router, custody.router, uploads.router, receipts.router, law.router, log.router, me.router,
    reviews.router, figures.router, rest,
):  # fmt: skip
    api.add_router("", router)

urls = api.urls
