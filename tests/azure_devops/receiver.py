"""Who takes the notifications in these tests: a web server that answers as it is told."""

import asyncio
import json
from collections.abc import Callable
from typing import Any

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from local.standin.server import bind, server_of


class Receiver:
    """`answers` are the statuses to come; 202 when they are used up. `posts` are (headers, body) as they came."""

    def __init__(self) -> None:
        self.answers: list[int] = []
        self.posts: list[tuple[dict[str, str], dict[str, Any]]] = []
        self._listener = bind(0)
        self._server = server_of(Starlette(routes=[Route("/hook", self._take, methods=["POST"])]))

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._listener.getsockname()[1]}/hook"

    @property
    def bodies(self) -> list[dict[str, Any]]:
        return [body for _, body in self.posts]

    async def _take(self, request: Request) -> Response:
        self.posts.append((dict(request.headers), json.loads(await request.body())))
        return Response(status_code=self.answers.pop(0) if self.answers else 202)

    async def start(self) -> None:
        self._running = asyncio.create_task(self._server.serve(sockets=[self._listener]))
        await until(lambda: self._server.started)

    async def stop(self) -> None:
        self._server.should_exit = True
        await self._running


async def until(holds: Callable[[], bool], seconds: float = 5.0) -> None:
    """Returns as soon as it holds; AssertionError where it does not in time."""
    deadline = asyncio.get_running_loop().time() + seconds
    while not holds():
        assert asyncio.get_running_loop().time() < deadline, "it did not happen in time"
        await asyncio.sleep(0.005)
