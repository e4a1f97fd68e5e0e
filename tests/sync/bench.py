"""The engine over real Azurite, a real vault and both stand-ins on sockets, in one event loop."""

import asyncio
import os
from base64 import b64decode
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import chain
from typing import Any
from unittest.mock import patch
from uuid import uuid4

from azure.core.exceptions import ResourceNotFoundError
from azure.storage.queue.aio import QueueServiceClient
from starlette.types import ASGIApp, Receive, Scope, Send

from local.azure_devops.app import create_app as azure_devops_app
from local.azure_devops.seed import organization, populate
from local.azure_devops.seed.oddities import PLAN_LEVEL_TYPES, TASK_TYPES
from local.azure_devops.world import World as AzureDevOpsWorld
from local.oneplan.app import create_app as oneplan_app
from local.oneplan.world import World as OnePlanWorld
from local.standin.server import bind, server_of
from local.standins import KEY, KEY_NAME, ORGANIZATION, PAT
from local.vault import RunningVault
from shared import connections
from shared.bootstrap import Parts
from shared.configuration import parse_connection
from shared.engine.check import check
from shared.engine.requests import request_full_sync
from shared.engine.setup import keep_checked
from shared.engine.work import work
from shared.messages import QUEUES, QueueName, decode
from shared.ports import Run
from shared.settings import Settings
from tests.judge import Seen, judged
from tests.sync.independent import Report, Systems, compare

BATCH = 16
# Where most of a run's work is.
BUSY: tuple[QueueName, ...] = ("sync-interactive", "sync-bulk")
READS = ("GET ", "POST /api/workplan/find", "POST /api/audit")


@asynccontextmanager
async def serving(app: ASGIApp) -> AsyncIterator[str]:
    """The app on a free port of this machine; its base address."""
    listener = bind(0)
    server = server_of(app)
    running = asyncio.create_task(server.serve(sockets=[listener]))
    while not server.started:  # noqa: ASYNC110 - uvicorn says it in an attribute only
        await asyncio.sleep(0.005)
    try:
        yield f"http://127.0.0.1:{listener.getsockname()[1]}"
    finally:
        server.should_exit = True
        await running
        listener.close()


@dataclass
class Moment:
    """Lets something happen right before a request of that kind arrives, once; `path` is a part of it."""

    path: str = ""
    method: str = ""
    first: Callable[[], Awaitable[object]] | None = None

    def around(self, app: ASGIApp) -> ASGIApp:
        async def passed(scope: Scope, receive: Receive, send: Send) -> None:
            meant = self.path in scope.get("path", "") and self.method in ("", scope.get("method"))
            if self.first is not None and meant:
                first, self.first = self.first, None
                await first()
            await app(scope, receive, send)

        return passed


def queues_of(storage: str) -> QueueServiceClient:
    """No look for a proxy before each request (shared/adapters/storage.py)."""
    return QueueServiceClient.from_connection_string(storage, use_env_settings=False)


async def taken_of(service: QueueServiceClient, *queues: QueueName) -> list[tuple[Any, QueueName, Any]]:
    """(client, queue, message): one batch of what is visible in each queue; nothing where there is no queue yet."""
    return list(chain(*await asyncio.gather(*(_batch_of(service, queue) for queue in queues))))


async def _batch_of(service: QueueServiceClient, queue: QueueName) -> list[tuple[Any, QueueName, Any]]:
    client = service.get_queue_client(queue)
    pages = client.receive_messages(messages_per_page=BATCH, visibility_timeout=300).by_page()
    with suppress(ResourceNotFoundError):
        async for page in pages:
            return [(client, queue, message) async for message in page]
    return []


@dataclass
class Bench:
    """One connection at work. `pump` does the work that is queued."""

    parts: Parts
    storage: str
    devops: AzureDevOpsWorld
    oneplan: OnePlanWorld
    devops_url: str
    oneplan_url: str
    judges: tuple[Seen, Seen]
    connection: str = ""

    @property
    def systems(self) -> Systems:
        return Systems(f"{self.devops_url}/{ORGANIZATION}", self.oneplan_url)

    def body(self, **members: Any) -> dict[str, Any]:
        return {
            "name": "Contoso",
            "oneplan": {"group": f"{uuid4()}", "url": self.oneplan_url, "keyName": KEY_NAME, "key": KEY},
            "azureDevOps": {
                "url": f"{self.devops_url}/{ORGANIZATION}",
                "patName": "sync",
                "pat": PAT,
                "patExpires": "2027-10-01",
            },
            "planLevelTypes": list(PLAN_LEVEL_TYPES),
            "taskTypes": list(TASK_TYPES),
            "defaultOwner": "pmo@contoso.com",
            **members,
        }

    async def connect(self, **members: Any) -> str:
        """The connection is stored as the API stores it."""
        configuration = parse_connection(self.body(**members))
        setup = await check(self.parts.remotes, configuration, datetime.now(UTC).date())
        stored = await connections.create(self.parts.connections, self.parts.secrets, configuration)
        await keep_checked(self.parts.engine, stored, setup)
        self.connection = stored.id
        return stored.id

    async def full_sync(self) -> Run:
        """A full sync from its request to its end."""
        run = await request_full_sync(self.parts.engine, self.connection, "person")
        await self.pump(run.id)
        ended = await self.parts.engine.runs.get(self.connection, run.id)
        assert ended is not None
        return ended

    async def pump(self, run: str | None = None, seconds: float = 150.0) -> None:
        """Works on the queues until the run is over and nothing visible is left."""
        deadline = asyncio.get_running_loop().time() + seconds
        async with queues_of(self.storage) as service:
            while asyncio.get_running_loop().time() < deadline:
                if not await self.drained(service) and (run is None or await self._is_over(run)):
                    return
                await asyncio.sleep(0.02)
        raise AssertionError(f"the run did not end in {seconds} s: {await self._shown(run)}")

    async def _shown(self, run: str | None) -> Any:
        engine = self.parts.engine
        if run is None:
            return None
        return await engine.runs.get(self.connection, run), await engine.pages.list(self.connection, run)

    async def _is_over(self, run: str) -> bool:
        found = await self.parts.engine.runs.get(self.connection, run)
        return found is not None and found.over

    async def drained(self, service: QueueServiceClient, *queues: QueueName) -> int:
        """How many messages were taken from these queues and worked on, all at once as the host does. Without queues,
        those of hooks and timers are looked at once the others are empty: each look is a request."""
        taken = await taken_of(service, *(queues or BUSY))
        if not taken and not queues:
            taken = await taken_of(service, *(queue for queue in QUEUES if queue not in BUSY))
        async with asyncio.TaskGroup() as group:
            for client, queue, message in taken:
                group.create_task(self._worked(client, queue, message))
        return len(taken)

    async def _worked(self, client: Any, queue: Any, message: Any) -> None:
        """Messages of other connections are what other tests left behind."""
        decoded = decode(b64decode(message.content).decode())
        if decoded.connection == self.connection:
            await work(self.parts.engine, queue, decoded)
        await client.delete_message(message)

    async def compare(self, but: frozenset[int] = frozenset()) -> Report:
        """The independent check, with every fault and switch off that would change how the systems are read."""
        return await compare(self.systems, but)

    def reset_calls(self) -> None:
        self.devops.calls.reset()
        self.oneplan.calls.reset()

    @property
    def oneplan_calls(self) -> dict[str, int]:
        return dict(self.oneplan.calls.describe()["byRoute"])

    @property
    def devops_calls(self) -> dict[str, int]:
        return dict(self.devops.calls.describe()["byRoute"])


@asynccontextmanager
async def bench(
    storage: str, vault: RunningVault, *, size: int = 60, seed: str = "default", rate_scale: float = 50.0, **more: Any
) -> AsyncIterator[Bench]:
    """Both systems serve, and the engine may call them. `devops` and `oneplan` are switch positions, `settings` of the
    app, `hosts` further addresses that it may call."""
    scale = more.get("standin_scale", rate_scale)
    with patch.dict(os.environ, {"RATE_SCALE": str(scale)}):
        devops, oneplan = AzureDevOpsWorld(organization()), OnePlanWorld(rate_scale=scale)
        around = more.get("around", lambda app: app)
        apps = (
            judged(around(azure_devops_app(devops)), "azure_devops"),
            judged(around(oneplan_app(oneplan)), "oneplan"),
        )
    populate(devops, size, seed)
    devops.faults.apply({"switches": more.get("devops", {})})
    oneplan.faults.apply({"switches": more.get("oneplan", {})})
    async with AsyncExitStack() as stack:
        urls = [await stack.enter_async_context(serving(app)) for app, _ in apps]
        environment = {
            "AzureWebJobsStorage": storage,
            "ALLOWED_HOSTS": ",".join([*urls, *more.get("hosts", ())]),
            "RATE_SCALE": str(rate_scale),
            "LEASE_SECONDS": str(more.get("lease_seconds", 60)),
            **vault.settings,
            **more.get("settings", {}),
        }
        parts = Parts(Settings.read(environment))
        stack.push_async_callback(parts.close)
        yield Bench(parts, storage, devops, oneplan, urls[0], urls[1], (apps[0][1], apps[1][1]))
