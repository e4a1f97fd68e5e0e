"""What keeps a connection from working is told by member, before anything is stored (issue 3, Bad input)."""

from collections.abc import Callable, Mapping
from typing import Any

import pytest

from tests.functions.conftest import Product

type Change = Callable[[dict[str, Any]], None]


def _set(path: str, value: Any) -> Change:
    *parents, last = path.strip("/").split("/")

    def change(body: dict[str, Any]) -> None:
        target = body
        for part in parents:
            target = target[part]
        target[last] = value

    return change


CASES: Mapping[str, tuple[Change, str, str]] = {
    "no organization": (
        _set("azureDevOps/url", "{devops}/nowhere"),
        "/azureDevOps/url",
        "no Azure DevOps organization",
    ),
    "unreachable organization": (_set("azureDevOps/url", "http://127.0.0.1:9/contoso"), "/azureDevOps/url", "reached"),
    "unreachable environment": (_set("oneplan/url", "http://127.0.0.1:9"), "/oneplan/url", "cannot be reached"),
    "not an allowed host": (_set("azureDevOps/url", "https://evil.example/contoso"), "/azureDevOps/url", "allowed"),
    "an inner address": (_set("oneplan/url", "https://169.254.169.254"), "/oneplan/url", "allowed"),
    "wrong key": (_set("oneplan/key", "wrong"), "/oneplan/key", "does not accept the authentication key"),
    "wrong name of the key": (_set("oneplan/keyName", "wrong"), "/oneplan/key", "does not accept"),
    "wrong token": (_set("azureDevOps/pat", "wrong"), "/azureDevOps/pat", "does not accept the access token"),
    "expired token": (_set("azureDevOps/pat", "expired-pat"), "/azureDevOps/pat", "does not accept the access token"),
    "token expired by its date": (_set("azureDevOps/patExpires", "2020-01-01"), "/azureDevOps/patExpires", "past"),
    "token that may only read": (_set("azureDevOps/pat", "read-only-pat"), "/azureDevOps/pat", "write work items"),
    "token without identities": (_set("azureDevOps/pat", "no-identity-pat"), "/azureDevOps/pat", "read people"),
    "a type that no process has": (_set("taskTypes", ["Task", "Chore"]), "/taskTypes/1", "'Chore'"),
    "levels in the wrong order": (_set("planLevelTypes", ["Feature", "Epic"]), "/planLevelTypes/1", "Epic > Feature"),
    "a level that is on no backlog": (_set("planLevelTypes", ["Epic", "Test Case"]), "/planLevelTypes/1", "no backlog"),
    "a type that OnePlan lacks": (_set("taskTypes", ["Task", "Test Suite"]), "/taskTypes/1", "work type in OnePlan"),
    "a project that is not there": (_set("scope", {"projects": ["Nowhere"]}), "/scope/projects/0", "'Nowhere'"),
    "a condition with a field that is not there": (
        _set("scope", {"wiql": "[Nothing] = 1"}),
        "/scope/wiql",
        "condition",
    ),
    "a condition that is no WIQL": (_set("scope", {"wiql": "Title is nice"}), "/scope/wiql", "condition"),
    "an owner whom nobody knows": (_set("defaultOwner", "nobody@nowhere.example"), "/defaultOwner", "nobody by"),
}


NORTHWIND, BASIC = {"projects": ["Northwind Portfolio"]}, {"projects": ["Adventure Works"]}
ORDERS: Mapping[str, tuple[dict[str, Any], list[str], str]] = {
    "an own level on top": ({"planLevelTypes": ["Initiative", "Epic", "Feature"]}, [], ""),
    "an own level below": ({"planLevelTypes": ["Epic", "Initiative"]}, ["Initiative", "Epic"], "'Northwind Portfolio'"),
    "an own level in the middle": (
        {"planLevelTypes": ["Epic", "Initiative", "Feature"], "scope": NORTHWIND},
        ["Initiative", "Epic", "Feature"],
        "Initiative > Epic > Feature",
    ),
    "a level left out": ({"planLevelTypes": ["Initiative", "Feature"], "scope": NORTHWIND}, [], ""),
    "a level that the only project lacks": (
        {"planLevelTypes": ["Epic", "Feature"], "taskTypes": ["Task"], "scope": BASIC},
        ["Epic", "Issue", "Task"],
        "work item type 'Feature'",
    ),
    "a requirement as a level, which OnePlan lacks": (
        {"planLevelTypes": ["Epic", "Issue"], "taskTypes": ["Task"], "scope": BASIC},
        ["Epic", "Feature", "Initiative", "Portfolio", "Program", "Project"],
        "Make a plan type called 'Issue' in OnePlan",
    ),
    "a requirement above a level": (
        {"planLevelTypes": ["User Story", "Epic"], "taskTypes": ["Task"]},
        ["Epic", "User Story"],
        "Epic > User Story",
    ),
    "two types of one level": (
        {"planLevelTypes": ["User Story", "Bug"], "taskTypes": ["Task"]},
        ["User Story", "Bug"],
        "the order",
    ),
    "any letter case": ({"planLevelTypes": ["EPIC", "feature"]}, [], ""),
}


@pytest.mark.parametrize("case", ORDERS)
def test_the_order_of_the_levels_is_that_of_every_process_in_scope(product: Product, case: str) -> None:
    members, allowed, said = ORDERS[case]
    with product.client() as client:
        answer = client.post("/connections/check", json=product.systems.connection(**members))
    if not said:
        assert answer.status_code == 200, answer.text
        return
    assert answer.status_code == 400, answer.text
    found = [error["allowed"] for error in answer.json()["errors"] if said in error["message"]]
    assert found[:1] == [allowed], answer.text


def test_a_hyperlink_that_an_import_only_connection_asks_for_is_said_to_have_no_effect(product: Product) -> None:
    asked = {"writeHyperlink": True, "options": {"allowOnePlanEdits": False}}
    connection = product.create_connection(name="Imports only", **asked)
    with product.client() as client:
        (warning,) = client.get(f"/connections/{connection}").json()["warnings"]
    assert (warning["path"], "import-only" in warning["message"]) == ("/writeHyperlink", True)


@pytest.mark.parametrize("case", CASES)
def test_what_cannot_work_is_told_by_member_and_nothing_is_stored(product: Product, case: str) -> None:
    change, path, said = CASES[case]
    body = product.systems.connection()
    change(body)
    body["azureDevOps"]["url"] = body["azureDevOps"]["url"].replace("{devops}", product.systems.azure_devops.root)
    stored, secrets = len(product.rows("connections", "connections")), product.secrets()
    with product.client() as client:
        answer = client.post("/connections", json=body)
    assert answer.status_code == 400, answer.text
    assert answer.headers["content-type"] == "application/problem+json"
    told = [error["message"] for error in answer.json()["errors"] if error["path"] == path]
    assert any(said in message for message in told), answer.text
    assert (len(product.rows("connections", "connections")), product.secrets()) == (stored, secrets)


def test_a_type_in_both_lists_is_refused(product: Product) -> None:
    body = product.systems.connection(taskTypes=["Task", "Epic"])
    with product.client() as client:
        answer = client.post("/connections", json=body)
    assert (answer.status_code, "one only" in answer.json()["detail"]) == (400, True)


def test_allowed_values_are_named(product: Product) -> None:
    body = product.systems.connection(planLevelTypes=["Feature", "Epic"])
    with product.client() as client:
        errors = client.post("/connections", json=body).json()["errors"]
    assert [error["allowed"] for error in errors] == [["Epic", "Feature"]]


def test_a_read_only_token_is_enough_for_an_import_only_connection(product: Product) -> None:
    body = product.systems.connection(options={"allowOnePlanEdits": False})
    body["azureDevOps"]["pat"] = "read-only-pat"
    with product.client() as client:
        answer = client.post("/connections", json=body)
    assert answer.status_code == 201, answer.text


def test_the_same_organization_is_not_joined_twice_to_one_group(product: Product) -> None:
    body = product.systems.connection()
    with product.client() as client:
        first, second = client.post("/connections", json=body), client.post("/connections", json=body)
    assert (first.status_code, second.status_code) == (201, 409)
    assert first.json()["id"] in second.json()["detail"]


def test_a_sync_of_an_unknown_kind_names_those_that_there_are(product: Product) -> None:
    connection = product.create_connection(name="Kinds")
    with product.client() as client:
        answer = client.post(f"/connections/{connection}/sync", json={"kind": "sideways"})
        unknown = client.get(f"/connections/{connection}/runs/nothing")
        wrong = client.get(f"/connections/{connection}/items/explain", params={"workItem": "x"})
    assert (answer.status_code, answer.json()["errors"][0]["allowed"][0]) == (400, "full")
    assert (unknown.status_code, wrong.status_code) == (404, 400)


@pytest.mark.parametrize(
    ("members", "path"),
    [
        ({"kind": "item"}, "/side"),
        ({"kind": "tree", "side": "sideways", "itemId": 4}, "/side"),
        ({"kind": "item", "side": "azure-devops"}, "/itemId"),
        ({"kind": "item", "side": "azure-devops", "itemId": "four"}, "/itemId"),
        ({"kind": "item", "side": "azure-devops", "itemId": 0}, "/itemId"),
        ({"kind": "tree", "side": "oneplan", "itemId": "5f0c2e0a-0000-4000-8000-00000000abcd"}, "/itemId"),
        ({"kind": "tree", "side": "oneplan", "itemId": "a/b"}, "/itemId"),
    ],
)
def test_a_sync_of_one_item_must_name_one(product: Product, members: dict[str, Any], path: str) -> None:
    connection = product.create_connection(name="One item")
    with product.client() as client:
        answer = client.post(f"/connections/{connection}/sync", json=members)
    assert (answer.status_code, [one["path"] for one in answer.json()["errors"]]) == (400, [path])


def test_every_kind_of_sync_begins_a_run_of_its_kind(product: Product) -> None:
    """An incremental run is joined by the next one; a full one goes on beside it, and so do any number of items."""
    connection = product.create_connection(name="Kinds of runs")
    item = {"side": "azure-devops", "itemId": 4}
    with product.client() as client:
        for body in (
            {"kind": "incremental"},
            {"kind": "incremental"},
            {"kind": "item", **item},
            {"kind": "tree", **item},
        ):
            assert client.post(f"/connections/{connection}/sync", json=body).status_code == 202
        kinds = [one["kind"] for one in client.get(f"/connections/{connection}/runs").json()["runs"]]
    assert sorted(kinds) == ["full", "incremental", "item", "tree"]


def test_asking_twice_for_a_sync_gives_the_run_that_is_under_way(product: Product) -> None:
    connection = product.create_connection(name="Twice")
    with product.client() as client:
        runs = {client.post(f"/connections/{connection}/sync", json={"kind": "full"}).json()["run"] for _ in range(3)}
        listed = client.get(f"/connections/{connection}/runs").json()["runs"]
    assert [one["id"] for one in listed] == list(runs)
