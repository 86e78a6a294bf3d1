"""The OpenAPI description is true: what schemathesis makes of it finds no fault of the server."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from typing import Any

import hypothesis
import pytest
import schemathesis
from django.core.wsgi import get_wsgi_application
from schemathesis.checks import not_a_server_error

from yiwang.api import acts, doing
from yiwang.api.bodies import GIVEN
from yiwang.demo.play import Play
from yiwang.modules.evidence import registry

EXAMPLES = 5


def test_every_act_has_an_address_or_is_the_systems() -> None:
    known = {**acts.ON_A_TENDER, **acts.ELSEWHERE}
    assert {row.act for row in registry.rows()} == {*known, *acts.BY_THE_SYSTEM}
    assert set(doing.ADDRESSES) == set(acts.ELSEWHERE)


def test_the_description_names_every_act_with_its_parameters(program: Any, transactional_db: None) -> None:
    schema = program(None).get("/openapi.json")
    assert schema["openapi"].startswith("3.1")
    operations = {row["operationId"]: row for path in schema["paths"].values() for row in path.values()}
    for act, api in {**acts.ON_A_TENDER, **acts.ELSEWHERE}.items():
        body = operations[act]["requestBody"]["content"]["application/json"]["schema"]
        name = body["$ref"].rsplit("/", 1)[1] if "$ref" in body else body["allOf"][0]["$ref"].rsplit("/", 1)[1]
        wanted = set(inspect.signature(api.do).parameters) - set(GIVEN)
        assert set(schema["components"]["schemas"][name].get("properties", {})) == wanted, act
        assert {"400", "401", "403", "404", "409", "422"} <= set(operations[act]["responses"])


def test_no_get_ends_in_a_fault(play: Callable[..., Play]) -> None:
    played = play("opened")
    schema = schemathesis.openapi.from_wsgi("/api/v1/openapi.json", get_wsgi_application()).include(method="GET")
    tried = 0
    for result in schema.get_all_operations():
        operation = result.ok()
        assert operation is not None
        tried += 1
        _try(operation, played.number)
    assert tried >= 14


def _try(operation: Any, number: str) -> None:
    @hypothesis.settings(
        max_examples=EXAMPLES, deadline=None, database=None, derandomize=True,
        suppress_health_check=list(hypothesis.HealthCheck),
    )  # fmt: skip
    @hypothesis.given(case=operation.as_strategy(), real=hypothesis.strategies.booleans())
    def call(case: Any, real: bool) -> None:
        if real and "number" in case.path_parameters:
            case.path_parameters["number"] = number
        response = case.call()
        case.validate_response(response, checks=[not_a_server_error])

    call()


@pytest.mark.parametrize("path", ["/tenders?page=0", "/tenders?page=x", "/tenders?q=%00", "/tenders/%00", "/tenders?state=gone"])
def test_odd_addresses_are_answered_with_422(path: str, program: Any, transactional_db: None) -> None:
    assert program(None).get(path, 422)["status"] == 422
