"""The clients over real sockets: an answer that never comes, a connection that is cut, an exempt address."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import httpx
import pytest
from starlette.types import ASGIApp

from local.azure_devops.app import create_app as azure_devops_app
from local.azure_devops.seed import organization
from local.azure_devops.world import World as AzureDevOpsWorld
from local.oneplan.app import create_app as oneplan_app
from local.oneplan.world import World as OnePlanWorld
from local.standin.server import bind, server_of
from shared.adapters.azure_devops.client import AzureDevOps
from shared.adapters.azure_devops.patch import Patch
from shared.adapters.azure_devops.reading import PatAuth
from shared.adapters.azure_devops.reading import read as read_azure_devops
from shared.adapters.hosts import AllowedHosts
from shared.adapters.http import RemoteHttp
from shared.adapters.oneplan.client import OnePlan
from shared.adapters.oneplan.plans import PlanWrite
from shared.adapters.oneplan.reading import KeyAuth
from shared.adapters.oneplan.reading import read as read_oneplan
from shared.core.errors import HostNotAllowed, UnknownOutcome, Unreachable

SHORT = httpx.Timeout(0.3)


@asynccontextmanager
async def serving(app: ASGIApp) -> AsyncIterator[str]:
    """The app on a free port of this machine; its base address."""
    listener = bind(0)
    server = server_of(app)
    running = asyncio.create_task(server.serve(sockets=[listener]))
    while not server.started:  # noqa: ASYNC110 - uvicorn says it in an attribute only
        await asyncio.sleep(0.01)
    yield f"http://127.0.0.1:{listener.getsockname()[1]}"
    server.should_exit = True
    await running


async def test_a_plan_whose_answer_never_comes_was_created_and_is_said_to_be_perhaps() -> None:
    world = OnePlanWorld()
    async with serving(oneplan_app(world)) as base:
        allowed = AllowedHosts((base,))
        http = RemoteHttp(f"{base}/api", KeyAuth("demo", "demo-key"), read_oneplan, allowed, timeout=SHORT)
        async with OnePlan(http) as client:
            kind = next(one for one in await client.config.plan_types() if one.name == "Epic")
            world.faults.apply({"rules": [{"kind": "answer-lost", "method": "POST", "seconds": 2.0, "times": 1}]})
            with pytest.raises(UnknownOutcome, match="ReadTimeout"):
                await client.plans.create(PlanWrite("Once", kind.id))
            assert [one.name for one in await client.plans.read_all()].count("Once") == 1


async def test_a_work_item_whose_answer_never_comes_was_created_and_is_said_to_be_perhaps() -> None:
    world = AzureDevOpsWorld(organization())
    async with serving(azure_devops_app(world)) as base:
        allowed, project = AllowedHosts((base,)), world.organization.projects[0].name
        http = RemoteHttp(f"{base}/contoso", PatAuth("demo-pat"), read_azure_devops, allowed, timeout=SHORT)
        async with AzureDevOps(http, http) as client:
            world.faults.apply({"rules": [{"kind": "answer-lost", "method": "POST", "seconds": 2.0, "times": 1}]})
            with pytest.raises(UnknownOutcome, match="ReadTimeout"):
                await client.work_items.create(project, "Epic", Patch().set("System.Title", "Once"))
            assert len((await anext(client.work_items.find())).ids) == 1


async def test_a_connection_that_is_cut_is_no_answer() -> None:
    async def cut(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        writer.close()

    server = await asyncio.start_server(cut, "127.0.0.1", 0)
    base = "http://{}:{}".format(*server.sockets[0].getsockname())
    async with server, OnePlan.connect(base, "a", "b", AllowedHosts((base,))) as client:
        with pytest.raises(Unreachable, match="did not answer"):
            await client.plans.read_all()
        with pytest.raises(UnknownOutcome, match="may have been done"):
            await client.plans.create(PlanWrite("A", "type"))


async def test_the_same_server_is_refused_where_the_operator_did_not_name_it() -> None:
    async with serving(oneplan_app(OnePlanWorld())) as base:
        with pytest.raises(HostNotAllowed):
            OnePlan.connect(base, "demo", "demo-key", AllowedHosts())
        with pytest.raises(HostNotAllowed):
            OnePlan.connect(base.replace("127.0.0.1", "localhost"), "demo", "demo-key", AllowedHosts((base,)))
