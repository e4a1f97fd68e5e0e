"""The stand-in as an ASGI app."""

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Any

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import ASGIApp

from local.azure_devops import errors, metadata
from local.azure_devops.acts import act
from local.azure_devops.gate import Gate
from local.azure_devops.metadata.failures import Failure
from local.azure_devops.routes import routes
from local.azure_devops.state import state
from local.azure_devops.world import World
from local.standin.control import Control
from local.standin.wire import Wire


def create_app(world: World, fill: Callable[[World], None] | None = None) -> ASGIApp:
    """An app over the world. `fill` puts the world back as it was at the start, for the control route reset."""
    app = Starlette(
        routes=[*_control(world, fill).routes(), *routes(world), *metadata.routes(world)],
        middleware=[Middleware(Gate, world=world)],
        exception_handlers={HTTPException: _no_route},
        lifespan=_lifespan(world),
    )
    return Wire(app, world.faults, world.calls, errors.status_body)


def _control(world: World, fill: Callable[[World], None] | None) -> Control:
    async def run(body: Any) -> Any:
        return await act(world, body)

    async def reset() -> None:
        await world.deliveries.close()
        world.forget_subscriptions()
        if fill is not None:
            fill(world)

    return Control(world.faults, world.calls, lambda: state(world), run, reset)


async def _no_route(request: Request, error: Exception) -> Response:
    """404 in plain text for an unknown path, 405 in JSON for a verb that it lacks (section 3 [R])."""
    if isinstance(error, HTTPException) and error.status_code == 405:
        message = f"The requested resource does not support http method '{request.method}'."
        return errors.answer_of(Failure(405, "VssRequestContentTypeNotSupportedException", message))
    return errors.no_controller(request.url.path)


def _lifespan(world: World) -> Any:
    @asynccontextmanager
    async def lifespan(_app: Starlette) -> AsyncIterator[None]:
        yield
        await world.deliveries.close()

    return lifespan
