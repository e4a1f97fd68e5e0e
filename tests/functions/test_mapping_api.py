"""The field mapping over the API: fields read live, mappings checked, tried and stored (R11)."""

import copy
from typing import Any

import httpx
import pytest

from tests.functions.conftest import Product

STATE = {"azureDevOps": "System.State", "oneplan": "State", "values": [["New", "Not Started"], ["Closed", "done"]]}
NOTE = {"azureDevOps": "Custom.SponsorNote", "oneplan": "ExternalKey"}


@pytest.fixture(scope="module")
def connection(product: Product) -> str:
    return product.create_connection(name="Mapped")


@pytest.fixture
def mapping(product: Product, connection: str) -> dict[str, Any]:
    with product.client() as client:
        return dict(client.get(f"/connections/{connection}/mapping").json())


def put(
    product: Product, connection: str, body: Any, version: str | None = None, query: str = "", **more: Any
) -> httpx.Response:
    with product.client() as client:
        current = client.get(f"/connections/{connection}").headers["etag"]
        headers = {"If-Match": version or current}
        return client.put(f"/connections/{connection}/mapping{query}", json=body, headers=headers, **more)


def with_pair(mapping: dict[str, Any], table: str = "plans", **pair: Any) -> dict[str, Any]:
    changed = copy.deepcopy(mapping)
    changed[table] = [one for one in changed[table] if one["oneplan"] != pair["oneplan"]]
    changed[table].append(pair)
    return changed


def test_fields_are_shown_as_both_systems_have_them(product: Product, connection: str) -> None:
    with product.client() as client:
        found = client.get(f"/connections/{connection}/fields").json()
    plans = {one["name"]: one for one in found["plans"]["azureDevOps"]}
    there = {one["name"]: one for one in found["plans"]["oneplan"]}
    tasks = {one["name"]: one for one in found["tasks"]["oneplan"]}
    assert plans["System.Id"]["readOnly"] is True
    assert (plans["System.Title"]["type"], plans["System.Description"]["type"]) == ("text", "rich-text")
    assert {one["label"]: one["category"] for one in plans["System.State"]["choices"]}["Active"] == "InProgress"
    assert (there["State"]["type"], there["State"]["choices"][0]["label"]) == ("choice", "Not Started")
    assert (there["Start"]["readOnly"], there["PercentComplete"]["readOnly"]) == (True, True)
    assert (there["Description"]["type"], there["TargetDate"]["type"], there["Owner"]["type"]) == (
        "rich-text",
        "date",
        "person",
    )
    assert (tasks["AssignedTo"]["type"], tasks["StartDate"]["type"]) == ("people", "date")


def test_states_are_suggested_by_name_and_by_category(product: Product, connection: str) -> None:
    with product.client() as client:
        found = client.get(f"/connections/{connection}/fields").json()["plans"]["suggestions"]
    state = dict(next(one for one in found if one["oneplan"] == "State")["values"])
    assert (state["New"], state["Active"], state["Closed"]) == ("Not Started", "In Progress", "Done")
    assert (state["Resolved"], state["Removed"]) == ("Resolved", "Removed")


def test_what_is_offered_with_one_click_can_be_saved(product: Product, connection: str) -> None:
    """By its labels, as it is shown."""
    with product.client() as client:
        found = client.get(f"/connections/{connection}/fields").json()
        body = client.get(f"/connections/{connection}/mapping").json()
    for table in ("plans", "tasks"):
        taken: set[str] = set()
        for pair in found[table]["suggestions"]:
            if pair["oneplan"] not in taken:
                taken.add(pair["oneplan"])
                body[table].append(pair)
    answer = put(product, connection, body, query="?dryRun=true")
    assert answer.status_code == 200, answer.text


def test_a_saved_mapping_is_the_mapping_and_a_run_agrees_on_it(product: Product, mapping: dict[str, Any]) -> None:
    connection = product.create_connection(name="Saved")
    answer = put(product, connection, with_pair(mapping, **STATE))
    assert answer.status_code == 200, answer.text
    with product.client() as client:
        read = client.get(f"/connections/{connection}/mapping")
        runs = {one["id"]: one for one in client.get(f"/connections/{connection}/runs").json()["runs"]}
    assert read.json() == answer.json()["mapping"]
    assert read.headers["etag"] == answer.headers["etag"] == '"2"'
    pair = read.json()["plans"][-1]
    assert (pair["kind"], pair["values"]) == ("choice", [["New", "Not Started"], ["Closed", "Done"]])
    assert runs[answer.json()["run"]]["state"] == "queued"
    assert sorted(one["state"] for one in runs.values()) == ["queued", "replaced"]


def test_the_same_mapping_again_is_no_change(product: Product, mapping: dict[str, Any]) -> None:
    connection = product.create_connection(name="Again")
    first = put(product, connection, with_pair(mapping, **STATE))
    again = put(product, connection, first.json()["mapping"])
    assert (again.status_code, again.headers["etag"]) == (200, first.headers["etag"])
    assert "run" not in again.json()


def test_a_dry_run_stores_nothing_and_shows_what_one_item_would_become(
    product: Product, connection: str, mapping: dict[str, Any]
) -> None:
    fields = {"System.Title": "Tried", "Custom.SponsorNote": "Ask Jamal"}
    act = {"act": "create", "project": "Contoso Retail", "type": "Epic", "fields": fields}
    made = httpx.post(f"{product.systems.azure_devops.root}/__control/act", json=act).json()
    number = made.get("id") or made["result"]["id"]
    answer = put(product, connection, with_pair(mapping, **NOTE), query=f"?dryRun=true&workItem={number}")
    assert answer.status_code == 200, answer.text
    trial = answer.json()["trial"]
    (note,) = [one for one in trial["fields"] if one["oneplan"] == "ExternalKey"]
    assert (trial["workItem"], trial["created"], answer.json()["touchedItems"]) == (number, True, 0)
    assert note["held"] == {"azureDevOps": "Ask Jamal", "oneplan": None}
    assert note["written"] == {"oneplan": "Ask Jamal"}
    with product.client() as client:
        assert client.get(f"/connections/{connection}/mapping").json() == mapping


def test_a_mapping_that_cannot_be_used_is_refused(product: Product, connection: str, mapping: dict[str, Any]) -> None:
    body = with_pair(mapping, azureDevOps="System.CommentCount", oneplan="Colour")
    answer = put(product, connection, body)
    assert (answer.status_code, answer.headers["content-type"]) == (400, "application/problem+json")
    (error,) = answer.json()["errors"]
    assert (error["path"], error["message"]) == ("/plans/4/oneplan", "plans in OnePlan have no field 'Colour'")
    assert {"State", "Priority"} <= set(error["allowed"])
    with product.client() as client:
        assert client.get(f"/connections/{connection}/mapping").json() == mapping


@pytest.mark.parametrize(("header", "status"), [(None, 428), ('"7"', 412), ("seven", 400)])
def test_a_change_names_the_version_that_it_changes(
    product: Product, connection: str, mapping: dict[str, Any], header: str | None, status: int
) -> None:
    with product.client() as client:
        headers = {"If-Match": header} if header else {}
        answer = client.put(f"/connections/{connection}/mapping", json=mapping, headers=headers)
    assert answer.status_code == status
    if status == 412:
        assert answer.headers["etag"] == '"1"'


@pytest.mark.parametrize(
    "query", ["?dryRun=maybe", "?dryRun=true&workItem=x", "?workItem=1", "?dryRun=true&workItem=0"]
)
def test_a_wrong_question_is_refused(product: Product, connection: str, mapping: dict[str, Any], query: str) -> None:
    assert put(product, connection, mapping, query=query).status_code == 400
