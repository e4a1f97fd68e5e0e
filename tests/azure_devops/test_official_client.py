"""The vendor's own Python client (package azure-devops 7.1) drives the stand-in as it would the service."""

import asyncio
import gc
import warnings
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import Any

import pytest
from starlette.types import ASGIApp

from local.azure_devops.app import create_app
from local.azure_devops.world import World
from local.standin.server import bind, server_of
from tests.judge import judged

PARENT = "System.LinkTypes.Hierarchy-Reverse"


async def _serve(app: ASGIApp) -> AsyncIterator[str]:
    listener = bind(0)
    server = server_of(app)
    running = asyncio.create_task(server.serve(sockets=[listener]))
    while not server.started:  # noqa: ASYNC110 - uvicorn says it in an attribute only
        await asyncio.sleep(0.01)
    yield f"http://127.0.0.1:{listener.getsockname()[1]}/tiny"
    server.should_exit = True
    await running


@pytest.fixture
async def address(world: World) -> AsyncIterator[str]:
    """The stand-in on a socket, every exchange judged by the reference."""
    app, seen = judged(create_app(world), "azure_devops")
    async for base in _serve(app):
        yield base
    await world.deliveries.close()
    seen.verify()
    assert seen.exchanges


@pytest.fixture
def clients(address: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    """The vendor's factory; its file caches stay in the test's folder."""
    monkeypatch.setenv("AZURE_DEVOPS_CACHE_DIR", str(tmp_path))
    from azure.devops.connection import Connection
    from msrest.authentication import BasicAuthentication

    yield Connection(base_url=address, creds=BasicAuthentication("", "pat")).clients_v7_1
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ResourceWarning)  # the client never closes its connections
        gc.collect()


def _operation(path: str, value: Any, op: str = "add") -> Any:
    from azure.devops.v7_1.work_item_tracking.models import JsonPatchOperation

    return JsonPatchOperation(op=op, path=path, value=value)


async def test_it_finds_the_projects(clients: Any) -> None:
    projects = await asyncio.to_thread(lambda: clients.get_core_client().get_projects())
    assert {one.name for one in projects} == {"Alpha", "Beta"}


async def test_it_creates_finds_reads_updates_links_deletes_and_restores_work_items(clients: Any) -> None:
    await asyncio.to_thread(lambda: _work_items(clients.get_work_item_tracking_client()))


def _work_items(wit: Any) -> None:
    from azure.devops.exceptions import AzureDevOpsServiceError
    from azure.devops.v7_1.work_item_tracking.models import Wiql, WorkItemBatchGetRequest, WorkItemDeleteUpdate

    epic = wit.create_work_item([_operation("/fields/System.Title", "An epic")], "Alpha", "Epic")
    feature = wit.create_work_item([_operation("/fields/System.Title", "A feature")], "Alpha", "Feature")
    found = wit.query_by_wiql(Wiql(query="SELECT [System.Id] FROM WorkItems WHERE [System.Title] CONTAINS 'a'"))
    assert [one.id for one in found.work_items] == [epic.id, feature.id]

    batch = WorkItemBatchGetRequest(ids=[epic.id, feature.id], fields=["System.Title"])
    assert [one.fields["System.Title"] for one in wit.get_work_items_batch(batch)] == ["An epic", "A feature"]

    test = _operation("/rev", feature.rev, "test")
    renamed = wit.update_work_item([test, _operation("/fields/System.Title", "Renamed")], feature.id)
    assert renamed.fields["System.Title"] == "Renamed"
    with pytest.raises(AzureDevOpsServiceError, match="VS403351"):
        wit.update_work_item([test, _operation("/fields/System.Title", "Again")], feature.id)

    wit.update_work_item([_operation("/relations/-", {"rel": PARENT, "url": epic.url})], feature.id)
    linked = wit.get_work_item(feature.id, expand="Relations")
    assert [(one.rel, one.url.split("/")[-1]) for one in linked.relations] == [(PARENT, str(epic.id))]

    wit.delete_work_item(feature.id)
    with pytest.raises(AzureDevOpsServiceError, match="TF401232"):
        wit.get_work_item(feature.id)
    wit.restore_work_item(WorkItemDeleteUpdate(is_deleted=False), feature.id)
    assert wit.get_work_item(feature.id).fields["System.Title"] == "Renamed"


async def test_it_manages_subscriptions(clients: Any) -> None:
    await asyncio.to_thread(lambda: _subscriptions(clients.get_service_hooks_client()))


def _subscriptions(hooks: Any) -> None:
    from azure.devops.exceptions import AzureDevOpsServiceError
    from azure.devops.v7_1.service_hooks.models import Subscription

    wanted = Subscription(
        publisher_id="tfs",
        event_type="workitem.updated",
        consumer_id="webHooks",
        consumer_action_id="httpRequest",
        publisher_inputs={"areaPath": "", "workItemType": ""},
        consumer_inputs={
            "url": "https://hooks.example/x",
            "basicAuthUsername": "azure-devops",
            "basicAuthPassword": "pass",
        },
        resource_version="1.0",
    )
    made = hooks.create_subscription(wanted)
    assert (made.status, made.consumer_inputs["basicAuthPassword"]) == ("enabled", "********")
    assert [one.id for one in hooks.list_subscriptions(publisher_id="tfs")] == [made.id]
    wanted.consumer_inputs["url"] = "https://hooks.example/y"
    assert hooks.replace_subscription(wanted, made.id).consumer_inputs["url"] == "https://hooks.example/y"
    hooks.delete_subscription(made.id)
    with pytest.raises(AzureDevOpsServiceError, match="VS400304"):
        hooks.get_subscription(made.id)
