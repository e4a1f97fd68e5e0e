"""The API's description is that of the app: every function has its entry, and every answer is as it says."""

import os
from typing import Any

import httpx
import jsonschema_rs
import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
)

import function_app
from functions.description import OPERATIONS
from functions.openapi import description, routes
from tests.functions.bodies import KEY, PAT
from tests.functions.conftest import Product

FOUND = routes(module.bp for module in function_app.MODULES)
# CASES are for all operations together: 300 in CI, 2,000 in `make soak`.
EACH = max(1, int(os.environ.get("CASES", "300")) // len(FOUND))
CHECKS = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
]


def test_every_http_function_is_described_and_nothing_else() -> None:
    assert set(FOUND) == set(OPERATIONS)


def test_the_description_is_served_and_is_openapi(product: Product) -> None:
    with product.client() as client:
        served = client.get("/openapi.json").json()
    assert served == description(FOUND)
    operations = [one for path in served["paths"].values() for one in path.values()]
    assert {one["operationId"] for one in operations} == set(OPERATIONS)
    assert [one["operationId"] for one in operations if not one["summary"]] == []
    for name, schema in served["components"]["schemas"].items():
        whole = {"components": served["components"], "$ref": f"#/components/schemas/{name}"}
        assert jsonschema_rs.validator_for(whole), schema


@pytest.fixture(scope="module")
def connection(product: Product) -> str:
    """With a mapping, people and versions of its own."""
    return product.create_connection(name="Fuzzed")


SCHEMA = schemathesis.openapi.from_dict(description(FOUND))


@pytest.mark.parametrize("name", FOUND)
def test_no_request_makes_the_app_fail_and_every_answer_is_as_described(
    product: Product, connection: str, name: str
) -> None:
    """Half of the requests are to a connection that there is, and name its present version."""
    method, path, _ = FOUND[name]
    operation = SCHEMA[path][method.upper()]
    count = 0

    @given(case=operation.as_strategy())
    @settings(
        max_examples=EACH,
        deadline=None,
        derandomize=True,
        database=None,
        phases=[Phase.explicit, Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    def holds(case: schemathesis.Case) -> None:
        nonlocal count
        count += 1
        if count % 2 and "connection" in (case.path_parameters or {}) and name != "delete_connection":
            case.path_parameters["connection"] = connection
        if count % 2 and OPERATIONS[name].condition:
            case.headers["If-Match"] = "*"
        response = case.call(base_url=product.url, timeout=60)
        case.validate_response(response, checks=CHECKS)

    holds()


def test_every_answer_of_a_connection_that_there_is_is_as_described(product: Product) -> None:
    """The answers that chance seldom reaches."""
    connection = product.create_connection(name="Described")
    document = description(FOUND)
    places = {"connection": connection, "version": "1"}
    with product.client() as client:
        for name, (method, path, _) in FOUND.items():
            if method == "get" and path.count("{") == path.count("{connection}") + path.count("{version}"):
                query = {"workItem": 1} if name == "explain_item" else {}
                answer = client.get(path.removeprefix("/api").format(**places), params=query)
                assert answer.status_code == 200, (name, answer.text)
                _holds(document, method, path, answer)
        users = {"overrides": {"someone@elsewhere.example": "jamal@contoso.com"}}
        _holds(
            document,
            "put",
            "/api/connections/{connection}/users",
            client.put(f"/connections/{connection}/users", json=users, headers={"If-Match": "*"}),
        )
        discovered = client.post("/discover", json={"connection": connection})
        _holds(document, "post", "/api/discover", discovered)
        rotated = client.post(f"/connections/{connection}/rotate")
        _holds(document, "post", "/api/connections/{connection}/rotate", rotated)
        body = {**product.systems.connection(name="Described again"), "oneplan": {"group": "x", "keyName": "x"}}
        refused = client.put(f"/connections/{connection}", json=body, headers={"If-Match": '"1"'})
        assert refused.status_code == 412
        _holds(document, "put", "/api/connections/{connection}", refused)
        deleted = client.delete(f"/connections/{connection}")
        _holds(document, "delete", "/api/connections/{connection}", deleted)
    assert PAT not in str(document)
    assert KEY not in str(document)


def _holds(document: dict[str, Any], method: str, path: str, answer: httpx.Response) -> None:
    described = document["paths"][path][method]["responses"][str(answer.status_code)]
    media = answer.headers["content-type"].partition(";")[0]
    schema = described["content"][media]["schema"]
    assert set(described.get("headers", {})) <= {name.title() for name in answer.headers} | {"ETag"}
    if media.endswith("json"):
        whole = {"components": document["components"], **schema}
        found = [error.message for error in jsonschema_rs.validator_for(whole).iter_errors(answer.json())]
        assert found == [], (path, found, answer.text[:500])
