"""Connections over the API: stored whole or not at all, and never with a secret in the answer."""

import copy
from datetime import UTC, datetime
from typing import Any

import pytest

from tests.functions.bodies import KEY, PAT, PAT_EXPIRES, Systems
from tests.functions.conftest import Product


def without(systems: Systems, path: str) -> dict[str, Any]:
    body = copy.deepcopy(systems.connection())
    *parents, last = path.strip("/").split("/")
    target = body
    for part in parents:
        target = target[part]
    del target[last]
    return body


def test_a_created_connection_can_be_read_and_listed(product: Product) -> None:
    with product.client() as client:
        created = client.post("/connections", json=product.systems.connection())
        read = client.get(f"/connections/{created.json()['id']}")
        listed = client.get("/connections").json()["connections"]
    assert created.status_code == 201
    assert created.headers["location"] == f"/api/connections/{created.json()['id']}"
    run = created.json().pop("run")
    assert {**read.json(), "run": run} == created.json()
    assert read.json() in listed
    assert read.headers["etag"] == created.headers["etag"]
    assert created.json()["state"] == "ready"


def test_no_answer_holds_a_secret(product: Product) -> None:
    with product.client() as client:
        created = client.post("/connections", json=product.systems.connection())
        texts = [created.text, client.get("/connections").text, client.get("/health").text]
    secrets = [PAT, KEY, product.hook_secret(created.json()["id"])]
    assert not [secret for secret in secrets for text in texts if secret in text]


def test_the_pat_expires_in_the_vault_when_it_expires_in_azure_devops(product: Product) -> None:
    connection = product.create_connection(name="Expiry")
    expires = datetime.fromtimestamp(product.vault_entry(f"ado-pat-{connection}-1")["expires"], UTC)
    assert expires.date().isoformat() == PAT_EXPIRES


@pytest.mark.parametrize(
    "path",
    [
        "/name",
        "/oneplan",
        "/oneplan/group",
        "/oneplan/keyName",
        "/oneplan/key",
        "/azureDevOps",
        "/azureDevOps/url",
        "/azureDevOps/pat",
        "/azureDevOps/patName",
        "/azureDevOps/patExpires",
        "/planLevelTypes",
        "/taskTypes",
    ],
)
def test_a_missing_member_is_named_and_nothing_is_stored(product: Product, path: str) -> None:
    before = len(product.rows("connections", "connections"))
    with product.client() as client:
        answer = client.post("/connections", json=without(product.systems, path))
    assert answer.status_code == 400
    assert answer.headers["content-type"] == "application/problem+json"
    assert [error["path"] for error in answer.json()["errors"]] == [path]
    assert len(product.rows("connections", "connections")) == before


def test_an_unknown_connection_is_404(product: Product) -> None:
    with product.client() as client:
        answer = client.get("/connections/nobody")
    assert (answer.status_code, answer.json()["status"]) == (404, 404)


@pytest.mark.parametrize(("content", "kind", "status"), [(b"{", "application/json", 400), (b"{}", "text/plain", 415)])
def test_a_body_that_is_no_json_is_refused(product: Product, content: bytes, kind: str, status: int) -> None:
    with product.client() as client:
        answer = client.post("/connections", content=content, headers={"Content-Type": kind})
    assert answer.status_code == status


def test_a_body_over_one_mebibyte_is_413(product: Product) -> None:
    with product.client() as client:
        assert client.post("/connections", json={"name": "x" * 1_100_000}).status_code == 413


def test_a_host_name_that_is_not_loopback_has_no_role(product: Product) -> None:
    """A page elsewhere whose name resolves to loopback must not reach the API of a local run."""
    with product.client() as client:
        answer = client.get("/connections", headers={"Host": "evil.example"})
    assert answer.status_code == 401
