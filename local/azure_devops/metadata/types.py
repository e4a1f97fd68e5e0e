"""Work item types, their states and categories (specification area wit)."""

from typing import Any
from urllib.parse import quote

from local.azure_devops.metadata.fields import type_field
from local.azure_devops.metadata.levels import BUG_CATEGORY, type_reference
from local.azure_devops.model import Organization, Process, Project, State, WorkItemType

_TEST_CASE_CATEGORY = "Microsoft.TestCaseCategory"


def work_item_type(base: str, organization: Organization, project: Project, one: WorkItemType) -> dict[str, Any]:
    """A WorkItemType with its fields, states and transitions."""
    fields = [type_field(base, organization, used, "", instance=True) for used in one.fields]
    return {
        "name": one.name,
        "referenceName": one.reference_name,
        "description": f"{one.name} of {organization.process_of(project).name}",
        "color": one.color,
        "icon": {
            "id": "icon_clipboard",
            "url": f"{base}/_apis/wit/workItemIcons/icon_clipboard?color={one.color}&v=2",
        },
        "isDisabled": one.disabled,
        "xmlForm": "",
        "fields": fields,
        "fieldInstances": fields,
        "transitions": _transitions(one),
        "states": [state_color(state) for state in one.states],
        "url": f"{base}/{project.id}/_apis/wit/workItemTypes/{quote(one.name)}",
    }


def state_color(state: State) -> dict[str, str]:
    """A WorkItemStateColor."""
    return {"name": state.name, "color": state.color, "category": state.category}


def _transitions(one: WorkItemType) -> dict[str, Any]:
    """From each state to itself and where it may go, "" to the first (specification's example)."""
    return {
        start: [{"to": to, "actions": None} for to in ((start, *ends) if start else ends)]
        for start, ends in one.transitions.items()
    }


def categories(base: str, project: Project, process: Process) -> list[dict[str, Any]]:
    """The WorkItemTypeCategories: one per backlog level, then bugs and test cases."""
    made = [_category(base, project, level.id, level.types, level.default_type) for level in process.levels]
    if process.bug_type:
        made.append(_category(base, project, BUG_CATEGORY, (process.bug_type,), process.bug_type))
    if any(one.name == "Test Case" for one in process.types):
        made.append(_category(base, project, _TEST_CASE_CATEGORY, ("Test Case",), "Test Case"))
    return made


def _category(base: str, project: Project, id_: str, types: tuple[str, ...], default: str) -> dict[str, Any]:
    return {
        "name": f"{default} Category" if id_.startswith("Custom.") else _category_name(id_),
        "referenceName": id_,
        "defaultWorkItemType": type_reference(base, project, default),
        "workItemTypes": [type_reference(base, project, name) for name in types],
        "url": f"{base}/{project.id}/_apis/wit/workItemTypeCategories/{id_}",
    }


def _category_name(id_: str) -> str:
    """Microsoft.TestCaseCategory is called `Test Case Category`."""
    stem = id_.removeprefix("Microsoft.").removesuffix("Category")
    return "".join(f" {letter}" if letter.isupper() else letter for letter in stem).strip() + " Category"
