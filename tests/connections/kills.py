"""A process that dies at any of its requests: to a remote system, to storage or to the vault."""

from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from typing import Any
from unittest.mock import patch

import httpx
from azure.core.pipeline import AsyncPipeline


class Killed(BaseException):
    """Nothing of ours catches it."""


class Watch:
    """The requests so far, as `METHOD url`; at number `at` the process dies, before it is sent or after its answer."""

    def __init__(self, at: int | None = None, *, answered: bool = False) -> None:
        self.requests: list[str] = []
        self._at, self._answered = at, answered

    async def pass_on(self, what: str, send: Callable[[], Awaitable[Any]]) -> Any:
        number = len(self.requests)
        self.requests.append(what)
        if number == self._at and not self._answered:
            raise Killed
        answer = await send()
        if number == self._at:
            raise Killed
        return answer


@contextmanager
def watching(watch: Watch) -> Iterator[Watch]:
    """Every request of this process passes the watch."""
    to_remote, to_azure = httpx.AsyncClient.send, AsyncPipeline.run

    async def remote(client: Any, request: Any, **options: Any) -> Any:
        return await watch.pass_on(f"{request.method} {request.url}", lambda: to_remote(client, request, **options))

    async def azure(pipeline: Any, request: Any, **options: Any) -> Any:
        return await watch.pass_on(f"{request.method} {request.url}", lambda: to_azure(pipeline, request, **options))

    with patch.object(httpx.AsyncClient, "send", remote), patch.object(AsyncPipeline, "run", azure):
        yield watch
