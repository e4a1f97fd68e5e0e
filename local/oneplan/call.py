"""One request to a route: who asks, for which group, with which body. What is refused is raised (section 3)."""

import base64
import json
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from local.oneplan.columns import Refused
from local.oneplan.model import ZERO, Actor, Group, Record
from local.oneplan.world import World


class Failure(Exception):
    """An answer that is no success. `kind` is the .NET exception that a 500 quotes."""

    def __init__(self, status: int, message: str, kind: str = "System.Exception") -> None:
        super().__init__(message)
        self.status, self.message, self.kind = status, message, kind


def null_reference(where: str) -> Failure:
    message = f"Object reference not set to an instance of an object. at {where}"
    return Failure(500, message, "System.NullReferenceException")


def error_body(world: World, failure: Failure) -> Response:
    """An error in the shape that the switch gives it."""
    shape = world.position("error_body")
    if shape == "empty":
        return Response(status_code=failure.status)
    if shape == "text":
        return Response(failure.message, failure.status, media_type="text/plain")
    if failure.status != 500:
        return JSONResponse({"Message": failure.message}, failure.status)
    return JSONResponse(
        {
            "Message": "An error has occurred.",
            "ExceptionMessage": failure.message,
            "ExceptionType": failure.kind,
            "StackTrace": "   at OnePlan.Api.Controllers",
        },
        500,
    )


@dataclass
class Call:
    """An authenticated request."""

    world: World
    group: Group
    actor: Actor
    request: Request
    body: Any = None
    query: dict[str, str] = field(default_factory=dict)

    def path(self, name: str) -> str:
        return str(self.request.path_params[name]).lower()

    def need(self, name: str) -> str:
        """A required query parameter; 400 where it is missing (section 3 [OBSERVED])."""
        if name.lower() not in self.query:
            raise Failure(400, f"The request is invalid. {name} is required.")
        return self.query[name.lower()]

    def flag(self, name: str) -> bool:
        return self.query.get(name.lower(), "").lower() == "true"

    def plan(self, name: str = "plan") -> Record:
        found = self.group.plans.get(self.path(name))
        if found is None:
            raise Failure(404, "The requested plan was not found.")
        return found

    def task(self, name: str = "task") -> Record:
        found = self.group.tasks.get(self.path(name))
        if found is None:
            raise Failure(404, "The requested task was not found.")
        return found

    def object(self, where: str) -> Record:
        """The body as one object; a body of another shape is a null reference (section 3 [OBSERVED])."""
        if not isinstance(self.body, dict):
            raise null_reference(where)
        return self.body

    def enum(self, value: Any, names: tuple[str, ...], default: int = 0) -> int:
        """An enumeration of the body as its number."""
        if isinstance(value, bool) or (isinstance(value, str) and not self.world.on("enum_names_accepted")):
            raise Failure(400, f"The request is invalid. {value!r} is no number.")
        if isinstance(value, str):
            return names.index(value) if value in names else default
        return default if value is None else int(value)


def identifier(value: Any) -> str:
    """An id as it is stored: lower case, the zero GUID for none."""
    return str(value or ZERO).strip("{}").lower()


type Handler = Callable[[Call], Awaitable[Any]]


def route(world: World, method: str, path: str, handler: Handler) -> Route:
    """A route below /api that authenticates, counts against the group's limits, and answers JSON."""

    async def endpoint(request: Request) -> Response:
        try:
            answer = await handler(await _call(world, request))
        except Failure as failure:
            return error_body(world, failure)
        except Refused as refusal:
            return error_body(world, Failure(500, str(refusal)))
        return answer if isinstance(answer, Response) else JSONResponse(answer)

    return Route(f"/api/{path}", endpoint, methods=[method])


async def _call(world: World, request: Request) -> Call:
    group, key = _authenticated(world, request)
    if not world.limits[group.id].take():
        raise Failure(429, "API calls quota exceeded")
    user = group.key_user if world.position("editor_of_key") == "owner" else ZERO
    body = await _body(request)
    query = {name.lower(): value for name, value in request.query_params.items()}
    return Call(world, group, Actor(user, key), request, body, query)


async def _body(request: Request) -> Any:
    text = await request.body()
    if not text.strip():
        return None
    if "json" not in request.headers.get("content-type", ""):
        raise Failure(415, "The request entity's media type is not supported for this resource.")
    try:
        return json.loads(text)
    except ValueError:
        return None  # a body that cannot be parsed binds to nothing, as ASP.NET Web API does


def _authenticated(world: World, request: Request) -> tuple[Group, str]:
    scheme, _, encoded = request.headers.get("authorization", "").partition(" ")
    try:
        name, _, key = base64.b64decode(encoded, validate=True).decode().partition(":")
    except ValueError:
        name = key = ""
    for group in world.groups:
        if scheme.lower() == "basic" and name and group.keys.get(name) == key:
            return group, name
    raise Failure(401, "Authorization has been denied for this request.")
