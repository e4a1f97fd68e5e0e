"""The fixture app in a process of its own, started both ways, and queues of a test's own."""

import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import httpx
import pytest
from azure.storage.queue import QueueClient

from local.azurite import Azurite
from local.parts import start_functions

HERE = Path(__file__).parent
FIXTURE_APP = HERE / "fixture_app"
YEARLY = "0 0 0 1 1 *"


@dataclass(frozen=True)
class FixtureApp:
    """A running fixture app: its client, the queues it listens to, and its log."""

    client: httpx.Client
    taken: QueueClient
    failing: QueueClient
    poison: QueueClient
    log: Path


@pytest.fixture(scope="module", params=[(), ("--specialize",)], ids=["started", "specialized"])
def fixture_app(
    request: pytest.FixtureRequest, azurite: Azurite, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[FixtureApp]:
    taken, failing = (_queue(azurite, name) for name in ("taken", "failing"))
    settings = {
        "AzureWebJobsStorage": azurite.connection_string,
        "TAKEN_QUEUE": taken.queue_name,
        "FAILING_QUEUE": failing.queue_name,
        "TICK_SCHEDULE": YEARLY,
    }
    log = tmp_path_factory.mktemp("host") / "host.log"
    functions = start_functions(settings, log=log, app=FIXTURE_APP, options=request.param)
    poison = QueueClient.from_connection_string(azurite.connection_string, f"{failing.queue_name}-poison")
    try:
        with httpx.Client(base_url=functions.url, trust_env=False) as client, taken, failing, poison:
            yield FixtureApp(client, taken, failing, poison, log)
    finally:
        assert functions.child.stop() == 0


@pytest.fixture
def queue(azurite: Azurite) -> Iterator[QueueClient]:
    """An empty queue of this test's own."""
    with _queue(azurite, "queue") as client:
        yield client


def _queue(azurite: Azurite, name: str) -> QueueClient:
    client = QueueClient.from_connection_string(azurite.connection_string, f"{name}-{uuid.uuid4().hex}")
    client.create_queue()
    return client
