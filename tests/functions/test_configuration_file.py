"""Versions of a configuration, and the configuration as a file with a schema (R12)."""

from typing import Any

import jsonschema_rs
import pytest

from functions.yaml_text import parse
from tests.functions.bodies import KEY, PAT
from tests.functions.conftest import Product

NOTE = {"azureDevOps": "Custom.SponsorNote", "oneplan": "ExternalKey", "direction": "to-oneplan"}


@pytest.fixture(scope="module")
def connection(product: Product) -> str:
    """With two versions: the second maps a field more."""
    made = product.create_connection(name="Versioned")
    with product.client() as client:
        read = client.get(f"/connections/{made}/mapping")
        body = read.json()
        body["plans"].append(NOTE)
        answer = client.put(f"/connections/{made}/mapping", json=body, headers={"If-Match": read.headers["etag"]})
    assert answer.status_code == 200, answer.text
    return made


def get(product: Product, path: str) -> Any:
    with product.client() as client:
        answer = client.get(path)
    assert answer.status_code == 200, answer.text
    return answer.json()


def test_every_version_is_kept_and_says_what_it_changed(product: Product, connection: str) -> None:
    found = get(product, f"/connections/{connection}/versions")
    assert ([one["version"] for one in found["versions"]], found["current"]) == ([2, 1], 2)
    changes = get(product, f"/connections/{connection}/versions/2/diff")
    assert (changes["against"], [one["path"] for one in changes["changes"]]) == (
        1,
        ["/mapping/plans/Custom.SponsorNote = ExternalKey"],
    )
    assert (changes["changes"][0]["before"], changes["changes"][0]["after"]["kind"]) == (None, "text")
    back = get(product, f"/connections/{connection}/versions/1/diff?against=2")["changes"]
    assert [(one["path"], one["after"]) for one in back] == [("/mapping/plans/Custom.SponsorNote = ExternalKey", None)]


@pytest.mark.parametrize(
    ("path", "status"), [("3/diff", 404), ("x/diff", 404), ("2/diff?against=9", 404), ("2/diff?against=x", 400)]
)
def test_a_version_that_there_is_not_is_refused(product: Product, connection: str, path: str, status: int) -> None:
    with product.client() as client:
        assert client.get(f"/connections/{connection}/versions/{path}").status_code == status


def test_the_exported_file_keeps_its_schema_and_holds_no_secret(product: Product, connection: str) -> None:
    with product.client() as client:
        exported = client.get(f"/connections/{connection}/configuration.yaml")
        schema = client.get("/schemas/configuration.json").json()
    assert exported.headers["content-type"].startswith("application/yaml")
    assert exported.text.startswith(f"# yaml-language-server: $schema={product.url}/api/schemas/configuration.json\n")
    document = parse(exported.content)
    assert [one.message for one in jsonschema_rs.validator_for(schema).iter_errors(_dated(document))] == []
    assert document["mapping"]["plans"][-1]["oneplan"] == "ExternalKey"
    assert not [secret for secret in (PAT, KEY, product.hook_secret(connection)) if secret in exported.text]


def _dated(document: Any) -> Any:
    """YAML reads a date where JSON has a text."""
    systems = document["connection"]
    return {
        **document,
        "connection": {
            **systems,
            "azureDevOps": {**systems["azureDevOps"], "patExpires": str(systems["azureDevOps"]["patExpires"])},
        },
    }


@pytest.mark.parametrize(
    ("path", "value"),
    [("mapping.plans.0.direction", "up"), ("connection.planLevelTypes", []), ("connection.colour", "red")],
)
def test_the_schema_refuses_what_the_import_refuses(product: Product, connection: str, path: str, value: Any) -> None:
    document = _dated(get_yaml(product, connection))
    target: Any = document
    *parents, last = path.split(".")
    for name in parents:
        target = target[int(name)] if isinstance(target, list) else target[name]
    target[last] = value
    schema = get(product, "/schemas/configuration.json")
    assert not jsonschema_rs.validator_for(schema).is_valid(document)


def get_yaml(product: Product, connection: str) -> Any:
    with product.client() as client:
        return parse(client.get(f"/connections/{connection}/configuration.yaml").content)


def test_the_schema_explains_every_member_of_a_pair(product: Product) -> None:
    schema = get(product, "/schemas/configuration.json")
    pair = schema["$defs"]["PairConfiguration"]["properties"]
    assert [name for name, one in pair.items() if "description" not in one] == []
    assert pair["azureDevOps"]["examples"] == ["System.Title", "Microsoft.VSTS.Common.Priority"]
