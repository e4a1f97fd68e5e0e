"""Versions of a configuration, and the configuration as a file with a schema (R12)."""

from typing import Any

import jsonschema_rs
import pytest

from functions.yaml_text import LIMIT, MEDIA_TYPE, parse
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


def put_yaml(product: Product, connection: str, text: str | bytes, version: str = "*", kind: str = MEDIA_TYPE) -> Any:
    with product.client() as client:
        return client.put(
            f"/connections/{connection}/configuration.yaml",
            content=text,
            headers={"If-Match": version, "Content-Type": kind},
        )


def exported(product: Product, connection: str) -> str:
    with product.client() as client:
        return client.get(f"/connections/{connection}/configuration.yaml").text


def test_importing_what_was_exported_changes_nothing(product: Product, connection: str) -> None:
    text = exported(product, connection)
    answer = put_yaml(product, connection, text, '"2"')
    assert (answer.status_code, answer.json()["version"], answer.json()["changes"]) == (200, 2, []), answer.text
    assert "run" not in answer.json()
    assert exported(product, connection) == text


def test_an_edited_file_is_taken_in_with_all_its_parts_and_an_earlier_version_restored(product: Product) -> None:
    connection = product.create_connection(name="Edited")
    text = exported(product, connection)
    edited = text.replace("  share: 0.1", "  share: 0.5").replace("name: Edited", "name: Edited again")
    edited = edited.replace(
        "    - azureDevOps: System.AssignedTo\n      oneplan: Owner\n      direction: both",
        "    - azureDevOps: System.AssignedTo\n      oneplan: Owner\n      direction: to-oneplan",
    ).replace("overrides: {}", "overrides:\n    uwe@elsewhere.example: jamal@contoso.com")
    answer = put_yaml(product, connection, edited)
    assert answer.status_code == 200, answer.text
    changes = {one["path"]: one["after"] for one in answer.json()["changes"]}
    assert changes.pop("/people/overrides/uwe@elsewhere.example")
    assert changes == {
        "/connection/name": "Edited again",
        "/connection/brake/share": 0.5,
        "/mapping/plans/System.AssignedTo = Owner/direction": "to-oneplan",
    }
    with product.client() as client:
        assert client.get(f"/connections/{connection}").json()["brake"]["share"] == 0.5
        restored = client.post(f"/connections/{connection}/versions/1/restore")
        assert restored.status_code == 200, restored.text
        latest = client.get(f"/connections/{connection}/versions").json()["current"]
        audit = client.get(f"/connections/{connection}/audit").json()["changes"]
    assert restored.json()["version"] == latest > answer.json()["version"]
    assert exported(product, connection).splitlines()[2:] == text.splitlines()[2:]
    assert [one["action"] for one in audit][:2] == ["restored version 1", "imported"]


@pytest.mark.parametrize(
    ("change", "path"),
    [
        (("direction: both", "direction: up"), "/mapping/plans/0/direction"),
        (("oneplan: ExternalKey", "oneplan: Nothing"), "/mapping/plans/4/oneplan"),
        (("planLevelTypes: [Epic, Feature]", "planLevelTypes: [Feature, Epic]"), "/connection/planLevelTypes/1"),
        (("overrides: {}", "overrides: {a: nobody@nowhere.example}"), "/people/overrides/a"),
        (("people:", "colour: red\npeople:"), "/colour"),
    ],
)
def test_a_file_that_cannot_be_used_is_refused_whole(
    product: Product, connection: str, change: tuple[str, str], path: str
) -> None:
    text = exported(product, connection)
    edited = text.replace(*change, 1).replace("name: Versioned", "name: Renamed")
    assert change[1] in edited
    answer = put_yaml(product, connection, edited)
    assert (answer.status_code, [one["path"] for one in answer.json()["errors"]]) == (400, [path]), answer.text
    assert exported(product, connection) == text


@pytest.mark.parametrize(
    ("text", "kind", "version", "status"),
    [
        (b"a: 1\na: 2\n", MEDIA_TYPE, "*", 400),
        (b"a: &x 1\nb: *x\n", MEDIA_TYPE, "*", 400),
        (b"{}", "application/json", "*", 415),
        (b"a: " + b"x" * LIMIT, MEDIA_TYPE, "*", 413),
        (b"{}", MEDIA_TYPE, '"9"', 412),
    ],
)
def test_what_is_no_file_is_refused(
    product: Product, connection: str, text: bytes, kind: str, version: str, status: int
) -> None:
    assert put_yaml(product, connection, text, version, kind).status_code == status


def test_a_deleted_connection_is_there_again_under_its_id_with_its_mapping(product: Product) -> None:
    connection = product.create_connection(name="Comes back")
    text = exported(product, connection)
    with product.client() as client:
        assert client.delete(f"/connections/{connection}").status_code == 200
        missing = put_yaml(product, connection, text)
        assert [one["path"] for one in missing.json()["errors"]] == [
            "/connection/oneplan/key",
            "/connection/azureDevOps/pat",
        ]
        with_secrets = text.replace("    keyName:", f"    key: {KEY}\n    keyName:")
        with_secrets = with_secrets.replace("    patName:", f"    pat: {PAT}\n    patName:")
        nobody = with_secrets.replace("overrides: {}", "overrides:\n    a@b.example: nobody@nowhere.example")
        assert nobody != with_secrets
        assert [one["path"] for one in put_yaml(product, connection, nobody).json()["errors"]] == [
            "/people/overrides/a@b.example"
        ]
        assert client.get(f"/connections/{connection}").status_code == 404, "it must not be there yet"
        answer = put_yaml(product, connection, with_secrets)
        assert (answer.status_code, answer.json()["id"]) == (200, connection), answer.text
        assert client.get(f"/connections/{connection}").json()["state"] == "ready"
    assert exported(product, connection).splitlines()[2:] == text.splitlines()[2:]
