"""Whatever goes wrong, the answer is 503 (Azure DevOps sends again), never 500 (it would not)."""

from collections.abc import Callable, Iterator
from pathlib import Path

import httpx
import pytest
from azure.data.tables import TableServiceClient

from local.azurite import start_azurite
from local.processes import Child
from tests.functions.bodies import PLAN_SAVED, UPDATED, Systems
from tests.functions.conftest import Product, start_host, start_vault


def all_routes(url: str, connection: str) -> dict[str, httpx.Response]:
    with httpx.Client(base_url=f"{url}/api", timeout=30) as client:
        hook = f"/hooks/azure-devops/{connection}"
        return {
            "azure devops": client.post(hook, json=UPDATED, auth=("azure-devops", "x")),
            "oneplan": client.post(f"/hooks/oneplan/{connection}", params={"key": "x"}, json=PLAN_SAVED),
            "health": client.get("/health"),
            "list": client.get("/connections"),
        }


def statuses(answers: dict[str, httpx.Response]) -> dict[str, int]:
    return {name: answer.status_code for name, answer in answers.items()}


@pytest.fixture
def host(tmp_path: Path) -> Iterator[Callable[..., str]]:
    """Starts hosts with the settings given; all end with the test."""
    running: list[Child] = []

    def start(settings: dict[str, str]) -> str:
        child, url = start_host(tmp_path, settings, "--no-queues", "--no-timers")
        running.append(child)
        return url

    yield start
    for child in running:
        child.stop()


def test_azurite_stopped_is_503_and_started_again_is_202(
    tmp_path: Path, systems: Systems, host: Callable[..., str]
) -> None:
    storage = start_azurite(tmp_path / "azurite.log", location=tmp_path / "azurite")
    vault, settings = start_vault(tmp_path)
    url = host({**settings, **systems.settings, "AzureWebJobsStorage": storage.connection_string})
    product = Product(url, tmp_path, settings, storage.connection_string, systems)
    connection = product.create_connection()
    secret = product.hook_secret(connection)
    assert set(statuses(all_routes(url, connection)).values()) == {401, 200}
    storage.stop()
    assert set(statuses(all_routes(url, connection)).values()) == {503}
    ports = (storage.blob_port, storage.queue_port, storage.table_port)
    again = start_azurite(tmp_path / "azurite2.log", ports, tmp_path / "azurite")
    with httpx.Client(base_url=f"{url}/api", timeout=30) as client:
        answer = client.post(f"/hooks/oneplan/{connection}", params={"key": secret}, json=PLAN_SAVED)
    assert answer.status_code == 202
    again.stop()
    vault.stop()


def test_a_vault_that_does_not_answer_is_503(product: Product, tmp_path: Path, host: Callable[..., str]) -> None:
    connection = product.create_connection(name="No vault")
    url = host({**product.settings, "LOCAL_VAULT_PORT": "9"})
    answers = statuses(all_routes(url, connection))
    assert (answers["azure devops"], answers["oneplan"]) == (503, 503)


def test_an_exception_is_503_and_says_nothing_of_its_inside(product: Product) -> None:
    """A row that cannot be read raises in the middle of a use case."""
    broken = {"PartitionKey": "connections", "RowKey": "broken-1", "state": "ready", "configuration": "{", "schema": 1}
    with TableServiceClient.from_connection_string(product.storage) as service:
        table = service.get_table_client("connections")
        table.create_entity(broken)
        answers = all_routes(product.url, "broken-1")
        table.delete_entity("connections", "broken-1")
    assert statuses(answers) == {"azure devops": 503, "oneplan": 503, "health": 503, "list": 503}
    assert not [answer for answer in answers.values() if "Traceback" in answer.text or "KeyError" in answer.text]


def test_a_row_of_a_newer_schema_is_503(product: Product) -> None:
    newer = {"PartitionKey": "connections", "RowKey": "newer-1", "schema": 2}
    with TableServiceClient.from_connection_string(product.storage) as service:
        table = service.get_table_client("connections")
        table.create_entity(newer)
        answers = all_routes(product.url, "newer-1")
        table.delete_entity("connections", "newer-1")
    assert statuses(answers)["oneplan"] == 503


@pytest.mark.parametrize(
    ("changed", "named"), [({"RATE_SCALE": "fast"}, "RATE_SCALE"), ({"KEY_VAULT_URL": ""}, "KEY_VAULT_URL")]
)
def test_a_wrong_setting_is_503_and_named(
    product: Product, host: Callable[..., str], changed: dict[str, str], named: str
) -> None:
    url = host({**product.settings, "AzureWebJobsStorage": product.storage, **changed})
    answers = all_routes(url, "any-1")
    assert set(statuses(answers).values()) == {503}
    assert all(named in answer.json()["detail"] for answer in answers.values())
