"""One request to the engine: its project, caller and item, and what its query and body ask for."""

import inspect
import json
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from local.azure_devops import errors
from local.azure_devops.letter_case import in_any_case
from local.azure_devops.metadata import failures
from local.azure_devops.metadata.failures import Failure
from local.azure_devops.model import Identity, Project, Token, WorkItem, WorkItemType
from local.azure_devops.values import Shape
from local.azure_devops.world import World

READ, WRITE, FULL, ANY = "vso.work", "vso.work_write", "vso.work_full", ""
ORGANIZATION, PROJECT, TEAM = "", "{project}/", "{project}/{team}/"
JSON_PATCH = "application/json-patch+json"


@dataclass(frozen=True)
class Call:
    """An authenticated request with its body; `body` is what the JSON says, None where there is none."""

    world: World
    request: Request
    body: Any = None

    @property
    def by(self) -> Identity:
        token: Token = self.request.state.token
        return token.identity

    @property
    def shape(self) -> Shape:
        return Shape(self.world, self.base)

    @property
    def base(self) -> str:
        return self.world.base_url(self.request)

    @property
    def members(self) -> dict[str, Any]:
        """The body as an object; 400 for anything else."""
        if not isinstance(self.body, dict):
            raise errors.argument_invalid("The body of the request must be an object.")
        return self.body

    def query(self, name: str, default: str = "") -> str:
        """A query parameter in any letter case."""
        params = self.request.query_params.items()
        return next((value for key, value in params if key.casefold() == name.casefold()), default)

    def flag(self, name: str) -> bool:
        return self.query(name).casefold() == "true"

    def number(self, name: str, default: int) -> int:
        text = self.query(name)
        if text and not text.isdecimal():
            raise failures.bad_parameter(name, text)
        return int(text) if text else default

    def names(self, name: str) -> list[str]:
        """A comma-separated query parameter; empty where it is absent."""
        return [part.strip() for part in self.query(name).split(",") if part.strip()]

    def moment(self, name: str) -> datetime | None:
        text = self.query(name)
        return moment(name, text) if text else None

    def project(self) -> Project | None:
        """The project that the path names; None on organization level."""
        name = self.request.path_params.get("project")
        if name is None:
            return None
        found = self.world.organization.project(str(name))
        if found is None:
            raise failures.project_not_found(str(name))
        return found

    def need_project(self) -> Project:
        found = self.project()
        if found is None:
            raise errors.argument_invalid("The project is missing in the path.")
        return found

    def item(self, name: str = "id") -> WorkItem:
        """The item that the path names, in the project that it names; TF401232 where it cannot be read."""
        return self.readable(number(name, self.request.path_params[name]))

    def readable(self, id_: int) -> WorkItem:
        found, project = self.world.readable(id_), self.project()
        if found is None or (project is not None and found.project_id != project.id):
            raise failures.work_item_not_found(id_)
        return found

    def kind(self, project: Project, name: str) -> WorkItemType:
        for one in self.world.organization.process_of(project).types:
            if name.casefold() in (one.name.casefold(), one.reference_name.casefold()) and not one.disabled:
                return one
        raise failures.type_not_found(name, project)


def number(name: str, value: Any) -> int:
    if isinstance(value, bool) or not str(value).isdecimal():
        raise failures.bad_parameter(name, str(value))
    return int(value)


def moment(name: str, text: str) -> datetime:
    """A time in a query or body; UTC where it names no zone."""
    try:
        parsed = datetime.fromisoformat(text)
    except ValueError:
        raise failures.bad_parameter(name, text) from None
    return parsed if parsed.tzinfo else parsed.replace(tzinfo=UTC)


def listed(values: list[Any]) -> dict[str, Any]:
    """The list envelope of Azure DevOps."""
    return {"count": len(values), "value": values}


type Handler = Callable[[Call], Any]
type Row = tuple[str, str, str, Handler, tuple[str, ...]]


def routes_of(world: World, rows: Iterable[Row]) -> list[Route]:
    """The routes of a table: method, path below `_apis/`, scope, handler, and what may stand before `_apis`."""
    return [
        _route(world, method, f"/{{organization}}/{root}_apis/{path}".rstrip("/"), scope, handler)
        for method, path, scope, handler, roots in rows
        for root in roots
    ]


def _route(world: World, method: str, path: str, scope: str, handler: Handler) -> Route:
    """Its name is the scope that it needs."""

    async def endpoint(request: Request) -> Response:
        try:
            made = handler(Call(world, request, await _body(request)))
            made = await made if inspect.isawaitable(made) else made
        except Failure as failure:
            return errors.answer_of(failure)
        return made if isinstance(made, Response) else JSONResponse(made)

    return in_any_case(Route(path, endpoint, methods=[method], name=scope))


async def _body(request: Request) -> Any:
    if "json" not in request.headers.get("content-type", ""):
        return None
    text = await request.body()
    if not text.strip():
        return None
    try:
        return json.loads(text)
    except ValueError:
        raise errors.argument_invalid("The body of the request is not valid JSON.") from None


def check_media_type(call: Call) -> None:
    """A patch as application/json is 415 (section 6 [K])."""
    sent = call.request.headers.get("content-type", "").partition(";")[0].strip()
    if sent != JSON_PATCH and (call.world.on("media_type_refused") or "json" not in sent):
        raise errors.unsupported_media(sent)
