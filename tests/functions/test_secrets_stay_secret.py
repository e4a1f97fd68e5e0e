"""No secret is anywhere but in the vault: logs, tables, queues and answers are searched after a whole run."""

from base64 import b64decode, b64encode
from contextlib import suppress
from urllib.parse import quote

import httpx
import pytest
from azure.data.tables import TableServiceClient
from azure.storage.blob import BlobServiceClient
from azure.storage.queue import QueueServiceClient

from local.azurite import Azurite
from tests.functions.bodies import KEY, PAT, PLAN_SAVED, UPDATED, Systems
from tests.functions.conftest import Product, start_host, start_vault


@pytest.fixture(scope="module")
def used(
    azurite: Azurite, systems: Systems, tmp_path_factory: pytest.TempPathFactory
) -> tuple[Product, list[str], list[str]]:
    """An app that was used in every way, good and bad; its secrets, and the text of all its answers."""
    folder = tmp_path_factory.mktemp("secrets")
    vault, settings = start_vault(folder)
    settings |= {**systems.settings, "AzureWebJobsStorage": azurite.connection_string}
    host, url = start_host(folder, settings)
    product = Product(url, folder, settings, azurite.connection_string, systems, [host, vault])
    connection = product.create_connection(name="Secrets")
    secret = product.hook_secret(connection)
    answers = exercise(product, connection, secret)
    rotated = change(product, connection, answers)
    vault.kill()
    answers += exercise(product, "secrets-unknown", secret)
    host.stop()
    return product, [PAT, KEY, secret, rotated, (folder / "vault" / "token").read_text()], answers


def exercise(product: Product, connection: str, secret: str) -> list[str]:
    hook, event = f"/hooks/azure-devops/{connection}", f"/hooks/oneplan/{connection}"
    with product.client() as client:
        answers: list[httpx.Response] = [
            client.post(hook, json=UPDATED, auth=("azure-devops", secret)),
            client.post(hook, json=UPDATED, auth=("azure-devops", secret + "x")),
            client.post(hook, content=b"{", auth=("azure-devops", secret)),
            client.post(event, params={"key": secret}, json=PLAN_SAVED),
            client.post(event, params={"key": secret}, content=secret),
            client.get(event, params={"key": secret}),
            client.post("/connections", json={**product.systems.connection(), "name": ""}),
            client.post("/connections", json={**product.systems.connection(), "azureDevOps": {"pat": PAT, "url": PAT}}),
            client.post("/connections", json={**product.systems.connection(), "oneplan": KEY}),
            client.post("/connections", json=product.systems.connection()),
            client.get("/connections"),
            client.get(f"/connections/{connection}"),
            client.get("/health"),
        ]
    return [f"{answer.status_code} {answer.headers} {answer.text}" for answer in answers]


def change(product: Product, connection: str, answers: list[str]) -> str:
    """The connection is changed in every way; the hook secret of its rotation, the one answer that may hold one."""
    path, other = f"/connections/{connection}", product.create_connection(name="Other")
    with product.client() as client:
        read = client.get(path)
        told = ("id", "state", "steps", "run", "warnings")
        members = {name: value for name, value in read.json().items() if name not in told}
        members["oneplan"]["key"], members["azureDevOps"]["pat"] = KEY, PAT
        rotated = str(client.post(f"{path}/rotate").json()["hookSecret"])
        version = {"If-Match": "*"}
        asked = [
            client.put(path, json=members, headers=version),
            client.put(path, json={**members, "azureDevOps": {**members["azureDevOps"], "url": PAT}}, headers=version),
            client.put(path, json=members),
            client.post("/connections/check", json=members),
            client.post(f"{path}/disable"),
            client.post(f"{path}/enable"),
            client.get(path),
            client.get(f"{path}/health"),
            client.get(f"{path}/audit"),
            client.post("/pause"),
            client.post("/resume"),
            client.delete(f"/connections/{other}"),
        ]
    assert asked[0].status_code == 200, asked[0].text
    answers += [f"{answer.status_code} {answer.headers} {answer.text}" for answer in asked]
    return rotated


def forms(secret: str) -> set[str]:
    """A secret as it is, as in a query, and in Base64 as in a Basic header or a queue message."""
    basic = b64encode(f"azure-devops:{secret}".encode()).decode()
    return {secret, quote(secret), basic, b64encode(f":{secret}".encode()).decode()}


def readable(message: str) -> str:
    """A queue's message as it is, and what it says where it is Base64; other tests leave plain ones in the storage."""
    with suppress(ValueError):
        return message + b64decode(message, validate=True).decode()
    return message


def found_in(text: str, secrets: list[str]) -> list[str]:
    return [form for secret in secrets for form in forms(secret) if form in text]


def test_no_answer_holds_a_secret(used: tuple[Product, list[str], list[str]]) -> None:
    _, secrets, answers = used
    assert [found for answer in answers for found in found_in(answer, secrets)] == []


def test_no_log_holds_a_secret(used: tuple[Product, list[str], list[str]]) -> None:
    product, secrets, _ = used
    log = product.log()
    assert "answered 503" in log, "the run must have logged something"
    assert found_in(log, secrets) == []


def test_no_table_holds_a_secret(used: tuple[Product, list[str], list[str]]) -> None:
    product, secrets, _ = used
    with TableServiceClient.from_connection_string(product.storage) as service:
        tables = {
            table.name: str(list(service.get_table_client(table.name).list_entities()))
            for table in service.list_tables()
        }
    assert {"connections", "runs"} <= set(tables)
    assert {name: found_in(text, secrets) for name, text in tables.items() if found_in(text, secrets)} == {}


def test_no_queue_holds_a_secret(used: tuple[Product, list[str], list[str]]) -> None:
    product, secrets, _ = used
    with QueueServiceClient.from_connection_string(product.storage) as service:
        names = [queue.name for queue in service.list_queues()]
    texts = [readable(message) for name in names for message in product.messages(name)]
    assert found_in("\n".join(texts), secrets) == []


def test_no_blob_holds_a_secret(used: tuple[Product, list[str], list[str]]) -> None:
    product, secrets, _ = used
    with BlobServiceClient.from_connection_string(product.storage) as service:
        runs = service.get_container_client("runs")
        bodies = {one.name: runs.download_blob(one.name).readall().decode() for one in runs.list_blobs()}
    assert bodies
    assert {name: found_in(body, secrets) for name, body in bodies.items() if found_in(body, secrets)} == {}


def test_the_search_finds_a_secret_in_each_of_its_forms() -> None:
    for form in forms("abc+/="):
        assert found_in(f"x {form} y", ["abc+/="])
