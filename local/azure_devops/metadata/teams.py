"""Settings of a team: iterations, areas, bugs (specification area work)."""

from datetime import date
from typing import Any
from urllib.parse import quote

from local.azure_devops.metadata.nodes import node_url
from local.azure_devops.model import Node, Organization, Project, Team

_WORKING_DAYS = ["monday", "tuesday", "wednesday", "thursday", "friday"]
AREA_PATH = "System.AreaPath"


def team_url(base: str, project: Project, team: Team) -> str:
    """Where the team's settings are."""
    return f"{base}/{project.id}/{team.id}/_apis/work/teamsettings"


def team_settings(base: str, organization: Organization, project: Project, team: Team) -> dict[str, Any]:
    """A TeamSetting; the backlog iteration is the root, whose path is "" here (specification's example)."""
    root, url = project.iterations, team_url(base, project, team)
    process = organization.process_of(project)
    links = _links(base, project, team) | {
        "self": {"href": url},
        "teamFieldValues": {"href": f"{url}/teamfieldvalues"},
        "classificationNode": [{"href": node_url(base, project, root)}],
    }
    del links["teamSettings"]
    return {
        "backlogIteration": _setting_iteration(base, project, root),
        "bugsBehavior": team.bugs_behavior,
        "workingDays": _WORKING_DAYS,
        "backlogVisibilities": {level.id: True for level in process.levels if level.kind != "task"},
        "defaultIteration": _setting_iteration(base, project, root),
        "defaultIterationMacro": "@currentIteration",
        "url": url,
        "_links": links,
    }


def team_iteration(base: str, project: Project, team: Team, node: Node, today: date) -> dict[str, Any]:
    """A TeamSettingsIteration; unset dates are null here, though they are absent on nodes."""
    return {
        "id": node.identifier,
        "name": node.name,
        "path": node.path,
        "attributes": {
            "startDate": f"{node.start.isoformat()}T00:00:00Z" if node.start else None,
            "finishDate": f"{node.finish.isoformat()}T00:00:00Z" if node.finish else None,
            "timeFrame": time_frame(node, today),
        },
        "url": f"{team_url(base, project, team)}/iterations/{node.identifier}",
    }


def with_links(base: str, project: Project, team: Team, node: Node, answer: dict[str, Any]) -> dict[str, Any]:
    """A single iteration has links that the list has not."""
    links = _links(base, project, team) | {
        "self": {"href": answer["url"]},
        "capacity": {"href": f"{answer['url']}/capacities"},
        "classificationNode": {"href": node_url(base, project, node)},
        "teamDaysOff": {"href": f"{answer['url']}/teamdaysoff"},
    }
    return answer | {"_links": links}


def team_iterations(project: Project) -> list[Node]:
    """The iterations that every team of the stand-in has selected: the ones with dates and no children."""
    return [node for node in project.iterations.walk() if node.start and not node.children]


def time_frame(node: Node, today: date) -> str:
    """past, current or future; an iteration without dates is in the future."""
    if node.start is None or node.finish is None or today < node.start:
        return "future"
    return "past" if node.finish < today else "current"


def team_field_values(base: str, project: Project, team: Team) -> dict[str, Any]:
    """A TeamFieldValues: the team's area, with its children unless it is the project's root."""
    url = f"{team_url(base, project, team)}/teamfieldvalues"
    return {
        "field": {"referenceName": AREA_PATH, "url": f"{base}/_apis/wit/fields/{AREA_PATH}"},
        "defaultValue": team.default_area,
        "values": [{"value": team.default_area, "includeChildren": team.default_area != project.name}],
        "url": url,
        "_links": _links(base, project, team)
        | {
            "self": {"href": url},
            "areaPathClassificationNodes": {"href": node_url(base, project, project.areas)},
        },
    }


def _setting_iteration(base: str, project: Project, node: Node) -> dict[str, Any]:
    path = "".join(f"\\{name}" for name in node.path.split("\\")[1:])
    return {"id": node.identifier, "name": node.name, "path": path, "url": node_url(base, project, node)}


def _links(base: str, project: Project, team: Team) -> dict[str, Any]:
    root = f"{base}/_apis/projects/{quote(project.id)}"
    url = team_url(base, project, team)
    return {
        "project": {"href": root},
        "team": {"href": f"{root}/teams/{team.id}"},
        "teamSettings": {"href": url},
        "teamIterations": {"href": f"{url}/iterations"},
    }
