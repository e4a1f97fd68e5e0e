"""Each queue has its worker: what has a use case is done, anything else is recorded, once, and never lost."""

import json
import time
from base64 import b64decode, b64encode
from collections.abc import Iterator
from contextlib import suppress
from datetime import timedelta
from typing import Any

import pytest
from azure.core.exceptions import ResourceExistsError
from azure.storage.queue import QueueServiceClient

from local.azurite import running_azurite
from shared.messages import QUEUES, SyncMessage, decode
from tests.functions.bodies import Systems
from tests.functions.conftest import Product, start_host, start_vault
from tests.functions.test_inventory import QUEUES as QUEUE_OF
from tests.functions.test_inventory import run


@pytest.fixture(scope="module")
def working(systems: Systems, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Product]:
    """The app with its queue listeners on, over a storage of its own."""
    folder = tmp_path_factory.mktemp("working")
    with running_azurite() as storage:
        vault, settings = start_vault(folder)
        settings |= {**systems.settings, "AzureWebJobsStorage": storage.connection_string}
        host, url = start_host(folder, settings, "--no-timers")
        yield Product(url, folder, settings, storage.connection_string, systems, [host, vault])
        host.stop()
        vault.stop()


def recorded(product: Product, queue: str, text: str) -> dict[str, Any] | None:
    """The recorded message whose text holds `text`, once there is one; None after five seconds without."""
    deadline = time.monotonic() + 5
    while time.monotonic() < deadline:
        found = next((row for row in product.rows("unhandled", queue) if text in row["text"]), None)
        if found:
            return found
        time.sleep(0.05)
    return None


def test_a_message_without_a_use_case_is_recorded_by_its_worker(working: Product) -> None:
    connection = working.create_connection(name="Through")
    message = SyncMessage(connection, "person", kind="tree")
    with (
        QueueServiceClient.from_connection_string(working.storage) as service,
        service.get_queue_client("sync-hooks") as client,
    ):
        with suppress(ResourceExistsError):
            client.create_queue()
        client.send_message(b64encode(message.encode().encode()).decode())
    row = recorded(working, "sync-hooks", f'"connection":"{connection}"')
    assert row is not None
    assert row["reason"] == "tree of the connection"


@pytest.mark.parametrize("queue", QUEUES)
def test_each_queue_has_its_worker(working: Product, queue: str) -> None:
    text = f"unreadable in {queue}"
    with (
        QueueServiceClient.from_connection_string(working.storage) as service,
        service.get_queue_client(queue) as client,
    ):
        with suppress(ResourceExistsError):
            client.create_queue()
        client.send_message(b64encode(text.encode()).decode())
    assert recorded(working, queue, text) is not None


@pytest.mark.parametrize("text", ["", "not json", "{}", '{"v": 99}', "ünïcode \U0001f600"])
def test_an_unreadable_message_is_recorded_with_its_reason(product: Product, text: str) -> None:
    assert run(product, "work_bulk", text).status_code == 202


@pytest.mark.parametrize(("name", "queue"), QUEUE_OF.items())
def test_each_worker_runs_in_the_runtime(product: Product, name: str, queue: str) -> None:
    text = f"by hand to {queue}"
    assert run(product, name, text).status_code == 202
    assert any(row["text"] == text for row in product.rows("unhandled", queue))


def test_the_dispatcher_queues_a_due_sync_once(product: Product) -> None:
    """The first run sets the due times; a run after them sends one message and moves them on."""
    connection = product.create_connection(name="Due", schedule={"incrementalMinutes": 1})
    run(product, "dispatch_due_syncs", "")
    due = {row["RowKey"]: row["due"] for row in product.rows("due", connection)}
    assert set(due) == {"incremental", "full", "hooks", "projects"}
    product.change_row("due", connection, "incremental", due=due["incremental"].replace(year=2020))
    run(product, "dispatch_due_syncs", "")
    run(product, "dispatch_due_syncs", "")
    sent = [one.kind for one in received(product, "sync-timers") if one.connection == connection]
    assert sent.count("incremental") == 1


def test_a_changed_schedule_counts_from_the_next_minute_on(product: Product) -> None:
    """What was due by the old one, a day ahead, is not waited for; nor is there one more full sync at the old hour."""
    connection = product.create_connection(name="Rescheduled", schedule={"incrementalMinutes": 1440})
    run(product, "dispatch_due_syncs", "")
    before = {one["RowKey"]: one["due"] for one in product.rows("due", connection)}
    (row,) = [one for one in product.rows("connections", "connections") if one["RowKey"] == connection]
    configuration = json.loads(row["configuration"])
    configuration["schedule"] |= {"incrementalMinutes": 5, "fullAt": "23:59", "timeZone": "UTC"}
    product.change_row("connections", "connections", connection, configuration=json.dumps(configuration))
    run(product, "dispatch_due_syncs", "")
    due = {one["RowKey"]: one["due"] for one in product.rows("due", connection)}
    assert due["incremental"] < before["incremental"] - timedelta(hours=23)
    assert (due["full"].hour, due["full"].minute) == (23, 59)


def received(product: Product, queue: str) -> list[SyncMessage]:
    """Every message of the queue, those of other tests among them; nobody listens there."""
    with (
        QueueServiceClient.from_connection_string(product.storage) as service,
        service.get_queue_client(queue) as client,
    ):
        return [decode(b64decode(one.content).decode()) for one in client.receive_messages(messages_per_page=32)]


def test_a_disabled_connection_is_not_dispatched(product: Product) -> None:
    connection = product.create_connection(name="Asleep", enabled=False)
    run(product, "dispatch_due_syncs", "")
    assert product.rows("due", connection) == []
