"""One request to a route: who asks, for which group, with which body. What is refused is raised (section 3)."""

import base64
import json
import uuid
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from local.oneplan.columns import Refused
from local.oneplan.model import ZERO, Actor, Group, Record
from local.oneplan.world import World

RETRY_AFTER_SECONDS = 1  # what a 429 asks for where the switch says that it asks (section 3 UNKNOWN)
BAD_INPUT = (TypeError, ValueError, KeyError, AttributeError)


class Failure(Exception):
    """An answer that is no success. `kind` is the .NET exception that a 500 quotes."""

    def __init__(self, status: int, message: str, kind: str = "System.Exception") -> None:
        super().__init__(message)
        self.status, self.message, self.kind = status, message, kind


def null_reference(where: str) -> Failure:
    message = f"Object reference not set to an instance of an object. at {where}"
    return Failure(500, message, "System.NullReferenceException")


def number_or_name(text: str) -> int | str:
    """An enumeration of a path or query: digits are a number."""
    return int(text) if text.isdecimal() else text


class NoRoute(Failure):
    """The path is not there, or the verb is not one of its own."""

    def __init__(self, status: int = 404) -> None:
        super().__init__(status, "No HTTP resource was found that matches the request URI.")


def unrouted(world: World, failure: Failure) -> Response:
    """404 for an unknown path; by switch 200 and nothing done (sections 2 and 3 [OBSERVED])."""
    if failure.status == 404 and world.position("wrong_path") == "200-nothing":
        return Response(status_code=200)
    return error_body(world, failure)


def error_body(world: World, failure: Failure) -> Response:
    """An error in the shape, and with the wait, that the switches give it."""
    answer = _shaped(str(world.position("error_body")), failure)
    if failure.status == 429 and world.on("retry_after"):
        answer.headers["Retry-After"] = str(RETRY_AFTER_SECONDS)
    return answer


def _shaped(shape: str, failure: Failure) -> Response:
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
        """An id of the path; 400 where it is no GUID, as ASP.NET binds it (an assumption; section 3)."""
        return _guid(name, str(self.request.path_params[name]))

    def need(self, name: str) -> str:
        """A required query parameter; 400 where it is missing (section 3 [OBSERVED])."""
        if name.lower() not in self.query:
            raise Failure(400, f"The request is invalid. {name} is required.")
        return self.query[name.lower()]

    def need_id(self, name: str) -> str:
        """A required query parameter that is an id; 400 where it is missing or no GUID."""
        return _guid(name, self.need(name))

    def flag(self, name: str) -> bool:
        """An optional truth of the query, false where it is absent; 400 where it is neither true nor false."""
        text = self.query.get(name.lower(), "").lower()
        if text not in ("", "true", "false"):
            raise Failure(400, f"The request is invalid. {name} is neither true nor false.")
        return text == "true"

    def plan(self, name: str = "plan") -> Record:
        """The plan of the path; 404 where there is none, and by switch for reads of one that is archived."""
        found = self.group.plans.get(self.path(name))
        hidden = self.request.method == "GET" and not self.world.on("archived_plan_read")
        if found is None or (hidden and found["Archived"]):
            raise Failure(404, "The requested plan was not found.")
        return found

    def task(self, name: str = "task") -> Record:
        found = self.group.tasks.get(self.path(name))
        if found is None:
            raise Failure(404, "The requested task was not found.")
        return found

    def task_of_plan(self) -> Record:
        """The task of the path; 404 where it is not one of the plan of the path."""
        plan, task = self.plan(), self.task()
        if task["WorkPlanId"] != plan["id"]:
            raise Failure(404, "The requested task was not found.")
        return task

    def plan_type(self, value: Any) -> Record:
        """The plan type with this id; a null reference where there is none."""
        wanted = identifier(value)
        found = next((one for one in self.group.plan_types if one["id"] == wanted), None)
        return _there(found, "OnePlan.PlanTypes")

    def work_type(self, value: Any) -> Record:
        """The work type with this id; a null reference where there is none."""
        wanted = identifier(value)
        found = next((one for one in self.group.work_types if one["Id"] == wanted), None)
        return _there(found, "OnePlan.WorkTypes")

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
            return names.index(value)
        return default if value is None else int(value)


def _guid(name: str, text: str) -> str:
    try:
        return str(uuid.UUID(text))
    except ValueError:
        raise Failure(400, f"The request is invalid. {name} is no GUID.") from None


def _there(found: Record | None, where: str) -> Record:
    if found is None:
        raise null_reference(where)
    return found


def identifier(value: Any) -> str:
    """An id as it is stored: lower case, the zero GUID for none."""
    return str(value or ZERO).strip("{}").lower()


type Handler = Callable[[Call], Awaitable[Any]]


def route(world: World, method: str, path: str, handler: Handler) -> Route:
    """A route below /api that authenticates, counts against the group's limits, and answers JSON."""

    async def endpoint(request: Request) -> Response:
        try:
            answer = await handler(await _call(world, request))
        except NoRoute as failure:
            return unrouted(world, failure)
        except Failure as failure:
            return error_body(world, failure)
        except Refused as refusal:
            return error_body(world, Failure(500, str(refusal)))
        except BAD_INPUT as error:
            # "Bad input often gives 500, not 400" (section 3 [OBSERVED]); the text says what was wrong with it.
            return error_body(world, Failure(500, f"{type(error).__name__}: {error}", "System.InvalidCastException"))
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
