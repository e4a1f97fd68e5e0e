"""Processes, their behaviors, types, states and lists (specification area processes, and core's list)."""

from typing import Any

from local.azure_devops.model import BacklogLevel, FieldDefinition, Organization, Process, State, WorkItemType
from local.azure_devops.seed.guids import guid

NO_PARENT = "00000000-0000-0000-0000-000000000000"
ORDERED = "System.OrderedBehavior"
PORTFOLIO = "System.PortfolioBacklogBehavior"
REQUIREMENT = "System.RequirementBacklogBehavior"
TASK = "System.TaskBacklogBehavior"
DEFAULT_PROCESS = "Agile"
_DESCRIPTIONS = {
    "portfolio": "Portfolio level backlog and board",
    "requirement": "Requirement level backlog and board",
    "task": "Task level backlog and board",
}


def core_process(base: str, process: Process) -> dict[str, Any]:
    """A Process of `_apis/process/processes`."""
    return {
        "id": process.id,
        "description": f"The {process.name} process",
        "isDefault": process.name == DEFAULT_PROCESS,
        "type": "inherited" if process.parent_id else "system",
        "url": f"{base}/_apis/process/processes/{process.id}",
        "name": process.name,
    }


def process_info(base: str, organization: Organization, process: Process, expand: str) -> dict[str, Any]:
    """A ProcessInfo of `_apis/work/processes`; `projects` only with $expand=projects."""
    info: dict[str, Any] = {
        "typeId": process.id,
        "referenceName": f"Inherited.{process.id.replace('-', '')}" if process.parent_id else None,
        "name": process.name,
        "description": f"The {process.name} process",
        "parentProcessTypeId": process.parent_id or NO_PARENT,
        "isEnabled": True,
        "isDefault": process.name == DEFAULT_PROCESS,
        "customizationType": "inherited" if process.parent_id else "system",
    }
    if expand.casefold() == "projects":
        info["projects"] = [
            {"id": p.id, "name": p.name, "description": p.description, "url": f"{base}/_apis/projects/{p.id}"}
            for p in organization.projects
            if p.process_id == process.id
        ]
    return info


def behavior_id(process: Process, level: BacklogLevel) -> str:
    """The reference name of a level's behavior: the abstract ones are System, portfolio ones the process's."""
    if level.kind == "task":
        return TASK
    if level.kind == "requirement":
        return REQUIREMENT
    if level.id.startswith("Custom."):
        return level.id
    root = "Agile" if process.parent_id else process.name
    return f"Microsoft.VSTS.{root}.{level.default_type}BacklogBehavior"


def behaviors(base: str, organization: Organization, process: Process, expand: str) -> list[dict[str, Any]]:
    """All behaviors; ranks count in tens and differ from those of backlogconfiguration (section 8)."""
    abstract = [
        _behavior(base, process, ORDERED, "Ordered", None, 0, _ORDERED_TEXT, None),
        _behavior(base, process, PORTFOLIO, "Portfolio", None, 0, _DESCRIPTIONS["portfolio"], ORDERED),
    ]
    concrete = [_level_behavior(base, process, level) for level in process.levels]
    made = [*reversed(concrete), *abstract]
    if expand.casefold() in {"fields", "combinedfields"}:
        for one in made:
            combined = expand.casefold() == "combinedfields"
            one["fields"] = _behavior_fields(base, organization, process, one["referenceName"], combined)
    return made


_ORDERED_TEXT = "Enables work items to be ordered relative to other work items"


def _level_behavior(base: str, process: Process, level: BacklogLevel) -> dict[str, Any]:
    inherits = PORTFOLIO if level.kind == "portfolio" else ORDERED
    name, text = behavior_id(process, level), _DESCRIPTIONS[level.kind]
    return _behavior(base, process, name, level.name, level.color, level.rank * 10, text, inherits)


def _behavior(
    base: str,
    process: Process,
    reference_name: str,
    name: str,
    color: str | None,
    rank: int,
    description: str,
    inherits: str | None,
) -> dict[str, Any]:
    root = f"{base}/_apis/work/processes/{process.id}/behaviors"
    parent = {"behaviorRefName": inherits, "url": f"{root}/{inherits}"} if inherits else None
    return {
        "name": name,
        "referenceName": reference_name,
        "color": color,
        "rank": rank,
        "description": None if reference_name.startswith("Custom.") else description,
        "customization": "custom" if reference_name.startswith("Custom.") else "system",
        "inherits": parent,
        "url": f"{root}/{reference_name}",
    }


def _behavior_fields(
    base: str, organization: Organization, process: Process, behavior: str, combined: bool
) -> list[dict[str, str]]:
    own = {
        ORDERED: [process.order_field],
        REQUIREMENT: [process.effort_field],
        TASK: ["Microsoft.VSTS.Scheduling.RemainingWork", "Microsoft.VSTS.Common.Activity"],
    }
    inherited = [process.order_field] if combined and behavior != ORDERED else []
    return [
        {
            "name": organization.fields[ref].name,
            "referenceName": ref,
            "url": f"{base}/_apis/wit/fields/{ref}",
        }
        for ref in (*inherited, *own.get(behavior, []))
    ]


def process_type(base: str, process: Process, one: WorkItemType, expand: str) -> dict[str, Any]:
    """A ProcessWorkItemType; states and behaviors only where expanded."""
    custom = one.reference_name.startswith("Custom.")
    derived = bool(process.parent_id) and not one.reference_name.startswith("Microsoft.")
    answer: dict[str, Any] = {
        "referenceName": one.reference_name,
        "name": one.name,
        "description": f"{one.name} of {process.name}",
        "url": f"{base}/_apis/work/processes/{process.id}/workItemTypes/{one.reference_name}",
        "customization": "custom" if custom else "inherited" if derived else "system",
        "color": one.color,
        "icon": "icon_clipboard",
        "isDisabled": one.disabled,
        "inherits": f"Microsoft.VSTS.WorkItemTypes.{one.name.replace(' ', '')}" if derived and not custom else None,
    }
    wanted = expand.casefold()
    if "states" in wanted:
        answer["states"] = [process_state(base, process, one, state) for state in one.states]
    if "behaviors" in wanted:
        answer["behaviors"] = type_behaviors(base, process, one)
    return answer


def process_state(base: str, process: Process, one: WorkItemType, state: State) -> dict[str, Any]:
    """A WorkItemStateResultModel; `order` counts from 1."""
    id_ = guid("state", f"{process.id}/{one.reference_name}/{state.name}")
    root = f"{base}/_apis/work/processes/{process.id}/workItemTypes/{one.reference_name}"
    return {
        "id": id_,
        "name": state.name,
        "color": state.color,
        "stateCategory": state.category,
        "order": one.states.index(state) + 1,
        "url": f"{root}/states/{id_}",
        "customizationType": "custom" if one.reference_name.startswith("Custom.") else "system",
    }


def type_behaviors(base: str, process: Process, one: WorkItemType) -> list[dict[str, Any]]:
    """The behaviors of a type (workitemtypesbehaviors): its level, or none."""
    root = f"{base}/_apis/work/processes/{process.id}/behaviors"
    ids = [(behavior_id(process, level), level) for level in process.levels if one.name in level.types]
    return [
        {
            "behavior": {"id": id_, "url": f"{root}/{id_}"},
            "isDefault": level.default_type == one.name,
            "url": f"{root}/{id_}",
        }
        for id_, level in ids
    ]


def list_id(definition: FieldDefinition) -> str:
    """The id of the list behind a picklist field."""
    return guid("list", definition.reference_name)


def pick_list(base: str, definition: FieldDefinition, *, items: bool) -> dict[str, Any]:
    """A PickList, or without its items a PickListMetadata."""
    id_ = list_id(definition)
    answer: dict[str, Any] = {
        "id": id_,
        "name": f"picklist_{id_}",
        "type": definition.type.title(),
        "isSuggested": definition.suggested,
        "url": f"{base}/_apis/work/processes/lists/{id_}",
    }
    return ({"items": list(definition.picklist)} if items else {}) | answer
