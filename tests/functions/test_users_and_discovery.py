"""Who is who, and what both systems offer before a connection is saved (R3, R23)."""

from typing import Any

import pytest

from local.azure_devops.seed.people import UNKNOWN_TO_ONEPLAN
from local.standins import ORGANIZATION
from tests.functions.bodies import KEY, NOBODY, PAT
from tests.functions.conftest import Product


@pytest.fixture(scope="module")
def connection(product: Product) -> str:
    return product.create_connection(name="People")


def put(product: Product, connection: str, body: Any) -> Any:
    with product.client() as client:
        version = client.get(f"/connections/{connection}").headers["etag"]
        return client.put(f"/connections/{connection}/users", json=body, headers={"If-Match": version})


def test_a_person_given_by_mail_is_kept_by_id_and_shown_as_matched(product: Product, connection: str) -> None:
    stranger = UNKNOWN_TO_ONEPLAN.unique_name.upper()
    answer = put(product, connection, {"overrides": {stranger: "Jamal@Contoso.com"}})
    assert (answer.status_code, answer.headers["etag"]) == (200, '"2"'), answer.text
    (match,) = answer.json()["matches"]
    assert (match["uniqueName"], match["by"], match["oneplan"]["mail"]) == (
        stranger.casefold(),
        "override",
        "jamal@contoso.com",
    )
    assert answer.json()["overrides"] == {stranger.casefold(): match["oneplan"]["id"]}
    assert "run" in answer.json()
    with product.client() as client:
        read = client.get(f"/connections/{connection}/users")
    assert (read.json()["matches"], read.headers["etag"]) == ([match], '"2"')
    again = put(product, connection, {"overrides": answer.json()["overrides"]})
    assert (again.headers["etag"], "run" in again.json()) == ('"2"', False)


def test_somebody_whom_oneplan_does_not_know_is_refused(product: Product, connection: str) -> None:
    answer = put(product, connection, {"overrides": {"CONTOSO/x": "nobody@nowhere.example"}})
    assert (answer.status_code, answer.json()["errors"][0]["path"]) == (400, "/overrides/CONTOSO~1x")


def test_what_both_systems_offer_is_found_without_saving(product: Product) -> None:
    before = len(product.rows("connections", "connections"))
    found = discover(product)
    retail = next(one for one in found["azureDevOps"]["projects"] if one["name"] == "Contoso Retail")
    assert [level["types"] for level in retail["levels"]] == [["Epic"], ["Feature"], ["User Story", "Bug"], ["Task"]]
    assert (retail["bugTypes"], retail["areas"][0]) == (["Bug"], "Contoso Retail")
    northwind = next(one for one in found["azureDevOps"]["projects"] if one["name"] == "Northwind Portfolio")
    assert northwind["levels"][0] == {"name": "Initiatives", "kind": "portfolio", "types": ["Initiative"]}
    assert {"Epic", "Feature"} <= set(found["oneplan"]["planTypes"])
    assert "User Story" in found["oneplan"]["workTypes"]
    assert len(product.rows("connections", "connections")) == before


def discover(product: Product, **changes: Any) -> Any:
    body = {
        "oneplan": {"url": product.systems.oneplan.root, "keyName": "demo", "key": KEY},
        "azureDevOps": {"url": f"{product.systems.azure_devops.root}/{ORGANIZATION}", "pat": PAT},
        **changes,
    }
    with product.client() as client:
        answer = client.post("/discover", json={name: one for name, one in body.items() if one is not None})
    return answer.json()


def test_stored_credentials_discover_as_well(product: Product, connection: str) -> None:
    found = discover(product, connection=connection, oneplan=None, azureDevOps=None)
    assert {"azureDevOps", "oneplan"} <= set(found)


@pytest.mark.parametrize(
    ("changes", "path"),
    [
        ({"azureDevOps": {"url": "{devops}/contoso", "pat": "wrong"}, "oneplan": None}, "/azureDevOps/pat"),
        ({"azureDevOps": {"url": "{devops}/nothing", "pat": PAT}, "oneplan": None}, "/azureDevOps/url"),
        ({"azureDevOps": {"url": NOBODY, "pat": PAT}, "oneplan": None}, "/azureDevOps/url"),
        ({"azureDevOps": {"url": "http://]p", "pat": PAT}, "oneplan": None}, "/azureDevOps/url"),
        ({"azureDevOps": {"url": "https://10.0.0.1/x", "pat": PAT}, "oneplan": None}, "/azureDevOps/url"),
        ({"oneplan": {"url": "{oneplan}", "keyName": "demo", "key": "wrong"}, "azureDevOps": None}, "/oneplan/key"),
        ({"oneplan": None, "azureDevOps": None}, ""),
        ({"connection": "x"}, ""),
    ],
)
def test_what_a_system_refuses_is_named(product: Product, changes: dict[str, Any], path: str) -> None:
    places = {"devops": product.systems.azure_devops.root, "oneplan": product.systems.oneplan.root}
    for one in changes.values():
        if isinstance(one, dict):
            one["url"] = one["url"].format(**places)
    answer = discover(product, **changes)
    assert (answer["status"], [error["path"] for error in answer["errors"]]) == (400, [path])
