"""Routes of projects, properties, teams and members (specification area core)."""

from typing import Any

from starlette.responses import JSONResponse, Response

from local.azure_devops.metadata import failures
from local.azure_devops.metadata.call import Call, listed
from local.azure_devops.metadata.projects import (
    project_details,
    project_properties,
    project_reference,
    team_member,
    web_api_team,
)

CONTINUATION = "x-ms-continuationtoken"
_PAGE = 100
_STATES = {"all", "wellformed", ""}


def list_projects(call: Call) -> Response:
    """Projects by name; `$top`, and `$skip` or the continuation token of the page before."""
    wanted = call.query("stateFilter").casefold()
    known = sorted(call.organization.projects, key=lambda one: one.name.casefold())
    known = [one for one in known if wanted in _STATES or one.state.casefold() == wanted]
    start = call.number("continuationToken", call.number("$skip", 0))
    end = start + call.number("$top", _PAGE)
    page = [project_reference(call.base, one) for one in known[start:end]]
    headers = {CONTINUATION: str(end)} if end < len(known) else {}
    return JSONResponse(listed(page), headers=headers)


def read_project(call: Call) -> dict[str, Any]:
    project = call.project()
    return project_details(call.base, call.organization, project, capabilities=call.flag("includeCapabilities"))


def list_properties(call: Call) -> dict[str, Any]:
    """By project id only: a name is answered as unknown (the specification types it as uuid)."""
    project = call.project()
    if call.path("project").casefold() != project.id:
        raise failures.project_not_found(call.path("project"))
    return listed(project_properties(call.organization, project, call.names("keys")))


def list_teams(call: Call) -> dict[str, Any]:
    project = call.project()
    return listed(_page(call, [web_api_team(call.base, project, team) for team in project.teams]))


def list_all_teams(call: Call) -> dict[str, Any]:
    teams = [web_api_team(call.base, project, team) for project in call.organization.projects for team in project.teams]
    return listed(_page(call, teams))


def read_team(call: Call) -> dict[str, Any]:
    project = call.project()
    return web_api_team(call.base, project, call.team(project))


def list_members(call: Call) -> dict[str, Any]:
    """Every active identity is in every team."""
    call.team(call.project())
    members = [
        team_member(call.world.identity_ref(who, call.request), who)
        for who in call.organization.identities
        if not who.inactive
    ]
    return listed(_page(call, members))


def _page(call: Call, values: list[dict[str, Any]]) -> list[dict[str, Any]]:
    start = call.number("$skip", 0)
    return values[start : start + call.number("$top", _PAGE)]
