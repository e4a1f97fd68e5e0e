"""The whole app as it runs locally: real runtime, real Azurite, real Key Vault client against the local vault."""

import json
import re
import sys
import time
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx
import pytest
from azure.core.exceptions import ResourceNotFoundError
from azure.data.tables import TableServiceClient
from azure.storage.queue import QueueServiceClient

from local.azurite import Azurite
from local.processes import Child, start, wait_until
from local.standins import start_azure_devops, start_oneplan
from tests.functions.bodies import Systems

ROOT = Path(__file__).resolve().parents[2]
START_SECONDS = 90


@dataclass
class Product:
    """A running app. `hosts` are its child processes, whose logs the tests may read."""

    url: str
    folder: Path
    settings: dict[str, str]
    storage: str
    systems: Systems
    hosts: list[Child] = field(default_factory=list)

    def client(self) -> httpx.Client:
        return httpx.Client(base_url=f"{self.url}/api", timeout=20)

    def create_connection(self, **members: Any) -> str:
        """The id of a new connection."""
        with self.client() as client:
            answer = client.post("/connections", json=self.systems.connection(**members))
        assert answer.status_code == 201, answer.text
        return str(answer.json()["id"])

    def hook_secret(self, connection: str) -> str:
        return str(self.vault_entry(f"hook-{connection}-1")["value"])

    def vault_entry(self, name: str) -> dict[str, Any]:
        """The newest version of a secret as the vault's own file has it."""
        kept = json.loads((self.folder / "vault" / "secrets.json").read_text())
        found: dict[str, Any] = next(secret for secret in kept if secret["name"] == name)["versions"][-1]
        return found

    def vault(self) -> list[dict[str, Any]]:
        """Every secret as the vault's own file has it, the deleted ones as well."""
        kept: list[dict[str, Any]] = json.loads((self.folder / "vault" / "secrets.json").read_text())
        return kept

    def secrets(self) -> int:
        """How many secrets lie in the vault."""
        file = self.folder / "vault" / "secrets.json"
        return len(json.loads(file.read_text())) if file.exists() else 0

    def rows(self, table: str, partition: str) -> list[dict[str, Any]]:
        """The rows of a partition; none where the table was never written to."""
        with TableServiceClient.from_connection_string(self.storage) as service, suppress(ResourceNotFoundError):
            client = service.get_table_client(table)
            return [dict(row) for row in client.query_entities(f"PartitionKey eq '{partition}'")]
        return []

    def change_row(self, table: str, partition: str, row: str, **members: Any) -> None:
        with TableServiceClient.from_connection_string(self.storage) as service:
            client = service.get_table_client(table)
            client.update_entity({"PartitionKey": partition, "RowKey": row, **members})

    def messages(self, queue: str) -> list[str]:
        with (
            QueueServiceClient.from_connection_string(self.storage) as service,
            service.get_queue_client(queue) as client,
            suppress(ResourceNotFoundError),
        ):
            return [message.content for message in client.peek_messages(max_messages=32)]
        return []

    def forget_messages(self, *queues: str) -> None:
        """No message is left on them: `messages` shows 32 at most."""
        with QueueServiceClient.from_connection_string(self.storage) as service:
            for queue in queues:
                with suppress(ResourceNotFoundError):
                    service.get_queue_client(queue).clear_messages()

    def log(self) -> str:
        return "\n".join(host.output(10_000) for host in self.hosts)


def start_host(folder: Path, settings: dict[str, str], *options: str) -> tuple[Child, str]:
    """A functions host over this repository, and its URL."""
    log = folder / f"functions-{time.monotonic_ns()}.log"
    command = [sys.executable, "-m", "local.host", "--port", "0", "--app", str(ROOT), *options]
    child = start("functions", command, settings, log)
    pattern = re.compile(r"functions on (http://\S+)")
    wait_until(child, lambda: bool(pattern.search(log.read_text())), START_SECONDS)
    found = pattern.search(log.read_text())
    assert found
    return child, found[1]


def start_vault(folder: Path) -> tuple[Child, dict[str, str]]:
    """A vault in `folder`/vault, and the settings by which the app finds it."""
    log = folder / "vault.log"
    command = [sys.executable, "-m", "local.vault", "--port", "0", "--location", str(folder / "vault")]
    child = start("vault", command, None, log)
    pattern = re.compile(r"vault: (\S+) on port (\d+), trusting (\S+)")
    wait_until(child, lambda: bool(pattern.search(log.read_text())), START_SECONDS)
    found = pattern.search(log.read_text())
    assert found
    return child, {
        "KEY_VAULT_URL": found[1],
        "LOCAL_VAULT_PORT": found[2],
        "LOCAL_VAULT_CERTIFICATE": found[3],
        "LOCAL_MODE": "true",
    }


@pytest.fixture(scope="session")
def systems(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Systems]:
    """Both stand-ins, with an organization that has projects and types but no work items.

    Their limits are far away: all tests of a process share them, and save many connections a minute.
    """
    folder = tmp_path_factory.mktemp("systems")
    with pytest.MonkeyPatch.context() as patched:
        patched.setenv("RATE_SCALE", "50")
        devops = start_azure_devops(0, "default", log=folder / "azure-devops.log")
        oneplan = start_oneplan(log=folder / "oneplan.log")
    yield Systems(devops, oneplan)
    oneplan.child.stop()
    devops.child.stop()


@pytest.fixture(scope="session")
def product(azurite: Azurite, systems: Systems, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Product]:
    """The app with its queues off, so that a test can look at what was enqueued."""
    folder = tmp_path_factory.mktemp("product")
    vault, settings = start_vault(folder)
    settings |= {**systems.settings, "AzureWebJobsStorage": azurite.connection_string}
    host, url = start_host(folder, settings, "--no-queues", "--no-timers")
    yield Product(url, folder, settings, azurite.connection_string, systems, [host, vault])
    host.stop()
    vault.stop()
