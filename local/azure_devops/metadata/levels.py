"""Backlog levels as the three places of the REST API show them (ado-api.md section 8)."""

from typing import Any
from urllib.parse import quote

from local.azure_devops.model import BacklogLevel, Organization, Process, Project, Team

COUNT_LIMIT = 1000
BUG_CATEGORY = "Microsoft.BugCategory"
_COLUMNS = {
    "task": ("System.Title", "System.State", "System.AssignedTo", "Microsoft.VSTS.Scheduling.RemainingWork"),
    "requirement": (
        "System.WorkItemType",
        "System.Title",
        "System.State",
        "{effort}",
        "Microsoft.VSTS.Common.ValueArea",
        "System.IterationPath",
        "System.Tags",
    ),
    "portfolio": (
        "System.WorkItemType",
        "System.Title",
        "System.State",
        "{effort}",
        "Microsoft.VSTS.Common.BusinessValue",
        "Microsoft.VSTS.Common.ValueArea",
        "System.Tags",
    ),
}
_WIDTHS = {"System.Title": 400, "System.Tags": 200, "System.IterationPath": 200, "{effort}": 50}


def field_reference(base: str, organization: Organization, reference_name: str) -> dict[str, str]:
    """A field as a reference: referenceName, name, url."""
    return {
        "referenceName": reference_name,
        "name": organization.fields[reference_name].name,
        "url": f"{base}/_apis/wit/fields/{reference_name}",
    }


def type_reference(base: str, project: Project, name: str) -> dict[str, str]:
    """A work item type as a reference: name, url."""
    return {"name": name, "url": f"{base}/{project.id}/_apis/wit/workItemTypes/{quote(name)}"}


def level_types(process: Process, level: BacklogLevel, bugs: str) -> tuple[str, ...]:
    """The types of a level as a team sees them: bugs stand on the level that the team chose for them."""
    bug_level = {"asRequirements": "requirement", "asTasks": "task"}.get(bugs)
    if process.bug_type and level.kind == bug_level:
        return (*level.types, process.bug_type)
    return level.types


def level(base: str, organization: Organization, project: Project, one: BacklogLevel, bugs: str) -> dict[str, Any]:
    """A BacklogLevelConfiguration as in the specification's example of backlogs."""
    process = organization.process_of(project)
    return {
        "id": one.id,
        "name": one.name,
        "rank": one.rank,
        "workItemCountLimit": COUNT_LIMIT,
        "addPanelFields": [field_reference(base, organization, "System.Title")],
        "columnFields": [
            {
                "columnFieldReference": field_reference(base, organization, name.format(effort=process.effort_field)),
                "width": _WIDTHS.get(name, 100),
            }
            for name in _COLUMNS[one.kind]
        ],
        "workItemTypes": [type_reference(base, project, name) for name in level_types(process, one, bugs)],
        "defaultWorkItemType": type_reference(base, project, one.default_type),
        "color": one.color,
        "isHidden": False,
        "type": one.kind,
    }


def backlog_configuration(base: str, organization: Organization, project: Project, team: Team) -> dict[str, Any]:
    """A BacklogConfiguration. The levels come in no useful order: sort them by rank."""
    process = organization.process_of(project)
    shown = {one.id: level(base, organization, project, one, team.bugs_behavior) for one in process.levels}
    return {
        "taskBacklog": next(shown[one.id] for one in process.levels if one.kind == "task"),
        "requirementBacklog": next(shown[one.id] for one in process.levels if one.kind == "requirement"),
        "portfolioBacklogs": [shown[one.id] for one in _portfolio(process)],
        "workItemTypeMappedStates": _mapped_states(process),
        "backlogFields": {"typeFields": _type_fields(process)},
        "bugsBehavior": team.bugs_behavior,
        "hiddenBacklogs": [],
        "isBugsBehaviorConfigured": True,
        "url": f"{base}/{project.id}/{team.id}/_apis/work/backlogconfiguration",
    }


def process_configuration(base: str, organization: Organization, project: Project) -> dict[str, Any]:
    """A ProcessConfiguration: the same levels by category, without a team's view."""
    process = organization.process_of(project)
    named = {name: field_reference(base, organization, ref) for name, ref in _type_fields(process).items()}
    answer: dict[str, Any] = {
        "typeFields": named | {"Team": field_reference(base, organization, "System.AreaPath")},
        "taskBacklog": _category(base, project, next(one for one in process.levels if one.kind == "task")),
        "requirementBacklog": _category(
            base, project, next(one for one in process.levels if one.kind == "requirement")
        ),
        "portfolioBacklogs": [_category(base, project, one) for one in _portfolio(process)],
        "url": f"{base}/{project.id}/_apis/work/processconfiguration",
    }
    if process.bug_type:
        bugs = [type_reference(base, project, process.bug_type)]
        answer["bugWorkItems"] = {"name": "Bugs", "referenceName": BUG_CATEGORY, "workItemTypes": bugs}
    return answer


def _portfolio(process: Process) -> list[BacklogLevel]:
    """As in the specification's example: Epics first although Features rank lower, custom levels last."""
    levels = [one for one in process.levels if one.kind == "portfolio"]
    return sorted(levels, key=lambda one: (one.id.startswith("Custom."), -one.rank))


def _category(base: str, project: Project, one: BacklogLevel) -> dict[str, Any]:
    types = [type_reference(base, project, name) for name in one.types]
    return {"name": one.name, "referenceName": one.id, "workItemTypes": types}


def _type_fields(process: Process) -> dict[str, str]:
    return {
        "Order": process.order_field,
        "Effort": process.effort_field,
        "RemainingWork": "Microsoft.VSTS.Scheduling.RemainingWork",
        "Activity": "Microsoft.VSTS.Common.Activity",
    }


def _mapped_states(process: Process) -> list[dict[str, Any]]:
    """State to category, for the types on backlogs; Removed is not shown there (specification's example)."""
    on_backlogs = {name for one in process.levels for name in one.types} | {process.bug_type}
    return [
        {
            "workItemTypeName": type_.name,
            "states": {state.name: state.category for state in type_.states if state.category != "Removed"},
        }
        for type_ in process.types
        if type_.name in on_backlogs
    ]
