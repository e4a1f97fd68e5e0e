"""The stand-in as an ASGI app."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import asdict
from typing import Any

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import ASGIApp

from local.oneplan.acts import act
from local.oneplan.call import Failure, NoRoute, error_body, unrouted
from local.oneplan.routes import routes
from local.oneplan.world import World
from local.standin.control import Control
from local.standin.wire import Wire


def create_app(world: World | None = None) -> ASGIApp:
    """An app over the world; a new one where none is given."""
    served = world or World()
    app = Starlette(
        routes=[*_control(served).routes(), *routes(served)],
        exception_handlers={HTTPException: _no_route(served)},
        lifespan=_lifespan(served),
    )
    app.router.redirect_slashes = False  # a path is right or it is not there
    return Wire(app, served.faults, served.calls, lambda status: error_body(served, Failure(status, f"Fault {status}")))


def _control(world: World) -> Control:
    async def run(body: Any) -> Any:
        return await act(world, body)

    async def reset() -> None:
        await world.outbox.clear()
        world.fill()

    return Control(world.faults, world.calls, lambda: state(world), run, reset)


def state(world: World) -> dict[str, Any]:
    """The whole model; keys are not part of it."""
    groups = []
    for group in world.groups:
        members = asdict(group)
        del members["keys"]
        members["tasks_of"] = {plan: list(ids) for plan, ids in group.tasks_of.items()}
        members["requestsLastMinute"] = world.limits[group.id].peak()
        groups.append(members)
    return {"groups": groups, "deliveries": world.outbox.sent}


def _no_route(world: World) -> Any:
    async def answer(_request: Request, error: Exception) -> Response:
        return unrouted(world, NoRoute(error.status_code if isinstance(error, HTTPException) else 500))

    return answer


def _lifespan(world: World) -> Any:
    @asynccontextmanager
    async def lifespan(_app: Starlette) -> AsyncIterator[None]:
        yield
        await world.outbox.close()

    return lifespan
