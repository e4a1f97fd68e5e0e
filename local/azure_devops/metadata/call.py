"""One request to a metadata route: who asks, for which project, team, process or type."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from local.azure_devops.metadata import failures
from local.azure_devops.metadata.describes import World
from local.azure_devops.model import Identity, Organization, Process, Project, Team, Token, WorkItemType

_TRUE = {"true", "1"}


@dataclass(frozen=True)
class Call:
    """A request with what its path names. What is not there is raised as Azure DevOps answers it."""

    world: World
    request: Request

    @property
    def organization(self) -> Organization:
        return self.world.organization

    @property
    def base(self) -> str:
        return self.world.base_url(self.request)

    @property
    def caller(self) -> Identity:
        """Whose token the request carries, as authentication left it on the request."""
        token: Token = self.request.state.token
        return token.identity

    def path(self, name: str) -> str:
        return str(self.request.path_params[name])

    def query(self, name: str, default: str = "") -> str:
        """A query parameter; names are matched in any letter case, as Azure DevOps does."""
        wanted = name.casefold()
        return next((value for key, value in self.request.query_params.items() if key.casefold() == wanted), default)

    def flag(self, name: str) -> bool:
        return self.query(name).casefold() in _TRUE

    def number(self, name: str, default: int) -> int:
        text = self.query(name)
        if not text:
            return default
        if not text.isdecimal():
            raise failures.bad_parameter(name, text)
        return int(text)

    def names(self, name: str) -> list[str]:
        """A comma-separated query parameter; empty where it is absent."""
        return [part.strip() for part in self.query(name).split(",") if part.strip()]

    def project(self, parameter: str = "project") -> Project:
        name = self.path(parameter)
        found = self.organization.project(name)
        if found is None:
            raise failures.project_not_found(name)
        return found

    def team(self, project: Project, parameter: str = "team") -> Team:
        """The team that the path names; the default team where it names none."""
        if parameter not in self.request.path_params:
            return project.teams[0]
        name = self.path(parameter)
        for team in project.teams:
            if name.casefold() in (team.id, team.name.casefold()):
                return team
        raise failures.team_not_found(name)

    def process(self) -> Process:
        found = self.organization.processes.get(self.path("process").casefold())
        if found is None:
            raise failures.process_not_found(self.path("process"))
        return found

    def type_of_project(self) -> tuple[Project, WorkItemType]:
        project, name = self.project(), self.path("type")
        for one in self.organization.process_of(project).types:
            if name.casefold() in (one.name.casefold(), one.reference_name.casefold()):
                return project, one
        raise failures.type_not_found(name, project)

    def type_of_process(self) -> tuple[Process, WorkItemType]:
        process, name = self.process(), self.path("type")
        for one in process.types:
            if one.reference_name.casefold() == name.casefold():
                return process, one
        raise failures.process_type_not_found(name)


type Endpoint = Callable[[Request], Awaitable[Response]]
type Answer = Callable[[Call], Any]


def answering(world: World, answer: Answer) -> Endpoint:
    """An endpoint that answers 200 with the value, or with the Response where `answer` makes one itself."""

    async def endpoint(request: Request) -> Response:
        made = answer(Call(world, request))
        return made if isinstance(made, Response) else JSONResponse(made)

    return endpoint


def listed(values: list[Any]) -> dict[str, Any]:
    """The list envelope of Azure DevOps."""
    return {"count": len(values), "value": values}


async def object_body(request: Request) -> dict[str, Any]:
    """The JSON object that the request carries; 400 for anything else."""
    try:
        body = await request.json()
    except ValueError as error:
        raise failures.bad_parameter("body", "") from error
    if not isinstance(body, dict):
        raise failures.bad_parameter("body", type(body).__name__)
    return body


def guarded(endpoint: Endpoint) -> Endpoint:
    """The endpoint with every failure turned into the error body that Azure DevOps answers."""

    async def answer(request: Request) -> Response:
        try:
            return await endpoint(request)
        except failures.Failure as failure:
            return JSONResponse(failures.body(failure), failure.status)

    return answer
