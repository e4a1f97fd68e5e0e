"""Routes of backlog levels and team settings (specification area work)."""

from datetime import UTC, datetime
from typing import Any

from local.azure_devops.metadata import failures, levels, teams
from local.azure_devops.metadata.call import Call, listed
from local.azure_devops.model import Node, Project


def read_backlog_configuration(call: Call) -> dict[str, Any]:
    project = call.project()
    return levels.backlog_configuration(call.base, call.organization, project, call.team(project))


def read_process_configuration(call: Call) -> dict[str, Any]:
    return levels.process_configuration(call.base, call.organization, call.project())


def list_backlogs(call: Call) -> dict[str, Any]:
    """Every level as the team sees it, highest first (specification's example)."""
    return listed(_backlogs(call))


def read_backlog(call: Call) -> dict[str, Any]:
    wanted = call.path("backlog").casefold()
    for one in _backlogs(call):
        if wanted in (one["id"].casefold(), one["name"].casefold()):
            return one
    raise failures.part_not_found(call.path("backlog"))


def _backlogs(call: Call) -> list[dict[str, Any]]:
    project = call.project()
    team = call.team(project)
    ranked = sorted(call.organization.process_of(project).levels, key=lambda one: -one.rank)
    return [levels.level(call.base, call.organization, project, one, team.bugs_behavior) for one in ranked]


def list_backlog_items(call: Call) -> dict[str, Any]:
    """The items of a level below the team's area, in backlog order; no item has a source here."""
    project = call.project()
    level = read_backlog(call)
    types = {one["name"] for one in level["workItemTypes"]}
    area, order = call.team(project).default_area, call.organization.process_of(project).order_field
    found = [
        item
        for item in call.organization.items.values()
        if item.type in types
        and item.project_id == project.id
        and not item.deleted
        and item.id not in call.organization.unreadable
        and f"{item.now.fields['System.AreaPath']}\\".startswith(f"{area}\\")
    ]
    found.sort(key=lambda item: (item.now.fields.get(order, float("inf")), item.id))
    return {"workItems": [{"rel": None, "source": None, "target": {"id": item.id}} for item in found]}


def read_team_settings(call: Call) -> dict[str, Any]:
    project = call.project()
    return teams.team_settings(call.base, call.organization, project, call.team(project))


def list_iterations(call: Call) -> dict[str, Any]:
    """The team's iterations; `$timeframe` may only be `current`, as Azure DevOps supports it."""
    project = call.project()
    frame = call.query("$timeframe").casefold()
    if frame not in {"", "current"}:
        raise failures.bad_parameter("$timeframe", frame)
    today = datetime.now(UTC).date()
    made = [
        teams.team_iteration(call.base, project, call.team(project), node, today)
        for node in teams.team_iterations(project)
    ]
    return listed([one for one in made if not frame or one["attributes"]["timeFrame"] == frame])


def read_iteration(call: Call) -> dict[str, Any]:
    project = call.project()
    team, node = call.team(project), _iteration(call, project)
    answer = teams.team_iteration(call.base, project, team, node, datetime.now(UTC).date())
    return teams.with_links(call.base, project, team, node, answer)


def _iteration(call: Call, project: Project) -> Node:
    wanted = call.path("iteration").casefold()
    for node in project.iterations.walk():
        if node.identifier == wanted:
            return node
    raise failures.part_not_found(call.path("iteration"))


def read_team_field_values(call: Call) -> dict[str, Any]:
    project = call.project()
    return teams.team_field_values(call.base, project, call.team(project))
