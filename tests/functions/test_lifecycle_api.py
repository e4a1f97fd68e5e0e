"""Changing, switching off, rotating and deleting a connection over the API."""

from typing import Any

import httpx
import pytest

from shared.configuration import parse_connection
from shared.connections import join_of
from tests.functions.bodies import KEY, PAT, PLAN_SAVED
from tests.functions.conftest import Product


def _made(product: Product, **members: Any) -> tuple[str, dict[str, Any], str]:
    """(id, body as it was sent, ETag) of a new connection."""
    body = product.systems.connection(**members)
    with product.client() as client:
        answer = client.post("/connections", json=body)
    assert answer.status_code == 201, answer.text
    return answer.json()["id"], body, answer.headers["etag"]


def _without_secrets(body: dict[str, Any]) -> dict[str, Any]:
    return {
        **body,
        "oneplan": {name: value for name, value in body["oneplan"].items() if name != "key"},
        "azureDevOps": {name: value for name, value in body["azureDevOps"].items() if name != "pat"},
    }


def _put(product: Product, connection: str, body: dict[str, Any], **headers: str) -> httpx.Response:
    with product.client() as client:
        return client.put(f"/connections/{connection}", json=body, headers=headers)


def _live_secrets(product: Product, connection: str) -> list[str]:
    return sorted(one["name"] for one in product.vault() if connection in one["name"] and one["deleted"] is None)


def test_a_change_without_secrets_keeps_the_stored_ones(product: Product) -> None:
    connection, body, etag = _made(product)
    changed = _put(product, connection, {**_without_secrets(body), "name": "Renamed"}, **{"If-Match": etag})
    assert (changed.status_code, changed.json()["name"], changed.headers["etag"]) == (200, "Renamed", '"2"')
    assert _live_secrets(product, connection) == sorted(
        [f"ado-pat-{connection}-1", f"oneplan-key-{connection}-1", f"hook-{connection}-1"]
    )


def test_a_connection_never_goes_over_to_another_organization(product: Product) -> None:
    connection, body, etag = _made(product)
    other = {**body["azureDevOps"], "url": body["azureDevOps"]["url"] + "-other"}
    refused = _put(product, connection, {**body, "azureDevOps": other}, **{"If-Match": etag})
    assert refused.status_code == 400
    assert [one["path"] for one in refused.json()["errors"]] == ["/azureDevOps/url"]
    assert "make a new connection" in refused.json()["detail"]


def test_new_secrets_lie_in_the_next_generation_and_the_old_ones_are_deleted(product: Product) -> None:
    connection, body, etag = _made(product)
    assert _put(product, connection, body, **{"If-Match": etag}).status_code == 200
    assert _live_secrets(product, connection) == sorted(
        [f"ado-pat-{connection}-2", f"oneplan-key-{connection}-2", f"hook-{connection}-1"]
    )
    assert product.vault_entry(f"ado-pat-{connection}-2")["expires"]


def test_a_later_expiry_of_the_token_reaches_the_vault(product: Product) -> None:
    connection, body, etag = _made(product)
    before = product.vault_entry(f"ado-pat-{connection}-1")["expires"]
    later = _without_secrets(body)
    later["azureDevOps"]["patExpires"] = "2027-10-02"
    assert _put(product, connection, later, **{"If-Match": etag}).status_code == 200
    assert product.vault_entry(f"ado-pat-{connection}-1")["expires"] == before + 86_400


def test_a_change_must_name_the_version_that_it_changes(product: Product) -> None:
    connection, body, etag = _made(product)
    missing = _put(product, connection, body)
    first = _put(product, connection, {**body, "name": "First"}, **{"If-Match": etag})
    second = _put(product, connection, {**body, "name": "Second"}, **{"If-Match": etag})
    assert (missing.status_code, first.status_code, second.status_code) == (428, 200, 412)
    assert (second.headers["etag"], second.json()["current"]["name"]) == (first.headers["etag"], "First")
    assert second.headers["content-type"] == "application/problem+json"


def test_what_the_app_notes_by_itself_does_not_outdate_a_change(product: Product) -> None:
    connection, body, etag = _made(product)
    with product.client() as client:
        assert client.get(f"/connections/{connection}").headers["etag"] == etag
    assert _put(product, connection, body, **{"If-Match": f'W/{etag}, "99"'}).status_code == 200


def test_a_change_that_cannot_work_changes_nothing(product: Product) -> None:
    connection, body, etag = _made(product)
    wrong = {**body, "azureDevOps": {**body["azureDevOps"], "pat": "wrong"}, "name": "Wrong"}
    answer = _put(product, connection, wrong, **{"If-Match": etag})
    assert (answer.status_code, answer.json()["errors"][0]["path"]) == (400, "/azureDevOps/pat")
    with product.client() as client:
        assert client.get(f"/connections/{connection}").json()["name"] == body["name"]
    assert len(_live_secrets(product, connection)) == 3


def test_a_change_may_not_join_what_another_connection_joins(product: Product) -> None:
    first, body, _ = _made(product)
    second, other, etag = _made(product)
    taken = {**other, "oneplan": {**other["oneplan"], "group": body["oneplan"]["group"].upper()}}
    answer = _put(product, second, taken, **{"If-Match": etag})
    assert (answer.status_code, first in answer.json()["detail"]) == (409, True)


@pytest.mark.parametrize(
    ("first", "second", "same"),
    [
        ("https://dev.azure.com/contoso", "https://contoso.visualstudio.com", True),
        ("https://dev.azure.com/contoso", "https://DEV.azure.com:443/Contoso/", True),
        ("https://contoso.visualstudio.com/", "https://dev.azure.com/fabrikam", False),
        ("https://tfs.example/one", "https://tfs.example/two", False),
    ],
)
def test_an_organization_is_one_under_every_form_of_its_url(first: str, second: str, same: bool) -> None:
    def joins(url: str) -> str:
        return join_of(
            parse_connection(
                {
                    "name": "x",
                    "oneplan": {"group": "G", "keyName": "k", "key": "k"},
                    "azureDevOps": {"url": url, "patName": "p", "pat": "p", "patExpires": "2027-01-01"},
                    "planLevelTypes": ["Epic"],
                    "taskTypes": [],
                }
            )
        )

    assert (joins(first) == joins(second)) is same


def test_disabling_and_enabling_can_be_said_twice(product: Product) -> None:
    connection, _, _ = _made(product)
    with product.client() as client:
        states = [
            client.post(f"/connections/{connection}/{word}").json()["enabled"]
            for word in ("disable", "disable", "enable", "enable")
        ]
        etag = client.get(f"/connections/{connection}").headers["etag"]
        outdated = client.post(f"/connections/{connection}/disable", headers={"If-Match": '"1"'})
    assert (states, etag, outdated.status_code) == ([False, False, True, True], '"3"', 412)


def test_a_rotation_shows_the_new_secret_once_and_both_are_taken(product: Product) -> None:
    connection, _, _ = _made(product)
    before = product.hook_secret(connection)
    with product.client() as client:
        answer = client.post(f"/connections/{connection}/rotate")
        after = answer.json()["hookSecret"]
        given = [
            client.post(f"/hooks/oneplan/{connection}", params={"key": key}, json=PLAN_SAVED).status_code
            for key in (before, after, "wrong")
        ]
        shown = client.get(f"/connections/{connection}").text
    assert (answer.status_code, answer.headers["cache-control"], given) == (200, "no-store", [202, 202, 401])
    assert after != before
    assert after not in shown


def test_a_check_tells_the_steps_and_stores_nothing(product: Product) -> None:
    body, before = product.systems.connection(), (len(product.rows("connections", "connections")), product.secrets())
    with product.client() as client:
        right = client.post("/connections/check", json=body)
        body["azureDevOps"]["pat"] = "wrong"
        wrong = client.post("/connections/check", json=body)
    assert {name: one["state"] for name, one in right.json()["steps"].items()} == dict.fromkeys(
        ("credentials", "permissions", "types"), "done"
    )
    assert (wrong.status_code, wrong.json()["errors"][0]["path"]) == (400, "/azureDevOps/pat")
    assert (len(product.rows("connections", "connections")), product.secrets()) == before


def test_a_deleted_connection_is_gone_and_made_again_has_its_id(product: Product) -> None:
    connection, body, _ = _made(product)
    with product.client() as client:
        deleted = client.delete(f"/connections/{connection}")
        again, listed = client.delete(f"/connections/{connection}"), client.get("/connections").json()["connections"]
        hook = client.post(f"/hooks/oneplan/{connection}", params={"key": "x"}, json={"Id": "x"})
    assert (deleted.status_code, deleted.json()["state"], again.status_code, hook.status_code) == (
        200,
        "deleted",
        404,
        404,
    )
    assert connection not in [one["id"] for one in listed]
    assert _live_secrets(product, connection) == []
    with product.client() as client:
        made = client.post("/connections", json=body)
    assert (made.status_code, made.json()["id"], made.json()["state"]) == (201, connection, "ready")
    assert f"ado-pat-{connection}-1" not in _live_secrets(product, connection)
    assert len(_live_secrets(product, connection)) == 3


def test_the_audit_names_who_what_and_when_but_no_value(product: Product) -> None:
    connection, body, etag = _made(product)
    _put(product, connection, {**body, "name": "Renamed", "retentionDays": 30}, **{"If-Match": etag})
    with product.client() as client:
        client.post(f"/connections/{connection}/rotate")
        answer = client.get(f"/connections/{connection}/audit")
    changes = answer.json()["changes"]
    assert [one["action"] for one in changes] == ["rotated", "changed", "created"]
    assert {one["who"] for one in changes} == {"local"}
    assert changes[1]["paths"] == ["/name", "/retentionDays", "/oneplan/key", "/azureDevOps/pat"]
    assert not [secret for secret in (PAT, KEY, "Renamed") if secret in answer.text]


@pytest.mark.parametrize(
    ("text", "path"),
    [
        ('{"name": "a", "name": "b"}', "/name"),
        ('{"oneplan": {"key": "a", "key": "b"}}', "/oneplan/key"),
        ('{"scope": {"tags": [1, {"x/y": 1, "x/y": 2}]}}', "/scope/tags/1/x~1y"),
    ],
)
def test_a_member_that_is_there_twice_is_named(product: Product, text: str, path: str) -> None:
    with product.client() as client:
        answer = client.post("/connections", content=text, headers={"Content-Type": "application/json"})
    assert (answer.status_code, answer.json()["errors"]) == (400, [{"path": path, "message": "is there twice"}])


def test_a_number_that_json_does_not_know_is_refused(product: Product) -> None:
    with product.client() as client:
        answer = client.post("/connections", content='{"brake": NaN}', headers={"Content-Type": "application/json"})
    assert (answer.status_code, answer.json()["detail"]) == (400, "the body is not JSON")
