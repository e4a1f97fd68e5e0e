"""A receiver of OnePlan's events on a real port."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from local.http_server import HttpServer
from local.standin.server import bind


class Receiver:
    """What arrived, in order. The first of `statuses` is answered first, then 204 for ever."""

    def __init__(self, url: str) -> None:
        self.url = url
        self.bodies: list[dict[str, Any]] = []
        self.statuses: list[int] = []

    async def take(self, request: Request) -> Response:
        self.bodies.append(await request.json())
        return Response(status_code=self.statuses.pop(0) if self.statuses else 204)

    @property
    def names(self) -> list[str]:
        return [one["Name"] for one in self.bodies]


@asynccontextmanager
async def listening() -> AsyncIterator[Receiver]:
    """A receiver that serves until the block ends."""
    listener = bind(0)
    receiver = Receiver(f"http://127.0.0.1:{listener.getsockname()[1]}/hook?key=secret")
    server = HttpServer(Starlette(routes=[Route("/hook", receiver.take, methods=["POST"])]), listener)
    running = asyncio.create_task(server.serve())
    await server.started()
    yield receiver
    server.stop()
    await running
