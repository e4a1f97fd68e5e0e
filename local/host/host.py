"""One running app: the runtime, its HTTP server, its queue listeners and its timers."""

import asyncio
import logging
import os
import time
from collections.abc import Awaitable, Callable, Coroutine, Mapping
from contextlib import AsyncExitStack
from pathlib import Path
from types import TracebackType
from typing import Protocol, Self

from local.host import protos
from local.host.admin import AdminRoutes
from local.host.delivery import Run
from local.host.functions import HTTP, QUEUE, TIMER, Function
from local.host.http import HttpTriggers
from local.host.queues import INVISIBILITY_SECONDS, QueueListener
from local.host.settings import HostSettings, read_settings, resolve, setting
from local.host.timers import TIMER_DATA, Timer
from local.host.worker import Outcome, Worker
from local.http_server import HttpServer
from local.processes import LOOPBACK, listening_socket

logger = logging.getLogger(__name__)
DEFAULT_CONNECTION = "AzureWebJobsStorage"


class _Part(Protocol):
    def stop(self) -> None:
        """Takes nothing new; the part's task ends when what was running has ended."""


class FunctionsHost:
    """Serves the app of one folder on loopback.

    `port` 0 picks a free one. Timers and queue listeners can be left out; either kind of function can still
    be run by name. `invisibility`: the seconds a taken message stays hidden when this process is killed.
    """

    def __init__(
        self,
        app: Path,
        port: int = 0,
        *,
        specialize: bool = False,
        timers: bool = True,
        queues: bool = True,
        invisibility: float = INVISIBILITY_SECONDS,
    ) -> None:
        self._app = app.resolve()
        self._port = port
        self._specialize = specialize
        self._timers = timers
        self._queues = queues
        self._invisibility = invisibility
        self._worker = Worker()
        self._stack = AsyncExitStack()
        self._parts: dict[asyncio.Task[None], _Part] = {}
        self.functions: tuple[Function, ...] = ()
        self.url = ""

    async def start(self) -> None:
        """The app answers at `url`.

        Raises HostFailed (IndexingFailed, UnservedBinding, SettingMissing), and StartFailed for a taken port.
        """
        settings = read_settings(self._app)
        self.functions = await self._indexed()
        try:
            await self._start_listeners(settings)
            self._start_timers()
            await self._start_server(settings)
        except BaseException:
            await self.stop()
            raise

    async def stop(self) -> None:
        """Nothing new was taken, what was running has ended, and another app may start."""
        for part in self._parts.values():
            part.stop()
        await asyncio.gather(*self._parts, return_exceptions=True)
        self._parts.clear()
        await self._stack.aclose()
        self._worker.stop()

    async def failed(self) -> None:
        """Returns never; raises what ended a part of the host."""
        done, _ = await asyncio.wait(self._parts, return_when=asyncio.FIRST_COMPLETED)
        for task in done:
            task.result()

    async def run(self, name: str, text: str = "") -> Outcome:
        """The timer or queue function of that name ran once; a queue function had `text` as its message."""
        return await self._run_by_hand({each.name: each for each in self.functions}[name], text)

    async def __aenter__(self) -> Self:
        await self.start()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.stop()

    async def _indexed(self) -> tuple[Function, ...]:
        if self._specialize:
            return await self._worker.specialize(self._app, os.environ)
        return await self._worker.start(self._app)

    async def _start_server(self, settings: HostSettings) -> None:
        admin = AdminRoutes(self.functions, self._run_by_hand)
        triggers = HttpTriggers(self._worker, self._of_kind(HTTP), settings.route_prefix, admin)
        server = HttpServer(triggers, listening_socket("functions", self._port))
        self._begin(server, server.serve())
        await server.started()
        self.url = f"http://{LOOPBACK}:{server.port}"

    async def _start_listeners(self, settings: HostSettings) -> None:
        for function in self._of_kind(QUEUE) if self._queues else ():
            connection = setting(function.trigger.get("connection") or DEFAULT_CONNECTION)
            queue = resolve(function.trigger["queueName"])
            listener = QueueListener(connection, queue, settings.queues, self._queue_run(function), self._invisibility)
            await self._stack.enter_async_context(listener)
            self._begin(listener, listener.listen())

    def _start_timers(self) -> None:
        for function in self._of_kind(TIMER) if self._timers else ():
            timer = Timer(resolve(function.trigger["schedule"]), self._timer_run(function))
            self._begin(timer, timer.keep_time())

    def _begin(self, part: _Part, work: Coroutine[None, None, None]) -> None:
        self._parts[asyncio.create_task(work)] = part

    def _of_kind(self, kind: str) -> tuple[Function, ...]:
        return tuple(function for function in self.functions if function.kind == kind)

    def _queue_run(self, function: Function) -> Run:
        async def run(text: str, metadata: Mapping[str, protos.TypedData]) -> bool:
            return (await self._invoke(function, protos.TypedData(string=text), metadata)).succeeded

        return run

    def _timer_run(self, function: Function) -> Callable[[], Awaitable[None]]:
        async def run() -> None:
            await self._invoke(function, TIMER_DATA, {})

        return run

    async def _run_by_hand(self, function: Function, text: str) -> Outcome:
        data = TIMER_DATA if function.kind == TIMER else protos.TypedData(string=text)
        return await self._invoke(function, data, {})

    async def _invoke(
        self, function: Function, data: protos.TypedData, metadata: Mapping[str, protos.TypedData]
    ) -> Outcome:
        began = time.monotonic()
        outcome = await self._worker.invoke(function, data, metadata)
        ended = "Succeeded" if outcome.succeeded else "Failed"
        logger.info("Executed %s (%s, Duration=%dms)", function.name, ended, 1000 * (time.monotonic() - began))
        if not outcome.succeeded:
            logger.error("%s failed: %s\n%s", function.name, outcome.message, outcome.stack_trace)
        return outcome
